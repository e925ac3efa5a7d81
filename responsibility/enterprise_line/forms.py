"""The forms of the enterprise's own line. They offer what is known already: nothing is typed twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.forms import INPUT, SELECT, day_input
from responsibility.enterprise_line.choices import (
    CONSEQUENCES,
    EXPOSURES,
    LIKELIHOODS,
    MEASURES,
    CredentialKind,
    OperationField,
    PointKind,
    Result,
    StaffRole,
    StandardizationLevel,
    TrainingKind,
)
from responsibility.enterprise_line.models import Credential, RiskPoint, Staff, Training
from responsibility.enterprise_line.models.risks import CHECKED
from safegrid.accounts.models import Post, User
from safegrid.files.forms import Intake, PhotosField

CHOOSE = ("", _("Choose"))
NOT_THERE = ("", _("did not take part"))


def text(label: Any, length: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Return a field of one line."""
    return forms.CharField(
        label=label, max_length=length, required=required, help_text=help_text, widget=forms.TextInput(INPUT)
    )


def choice(label: Any, choices: Any, *, required: bool = True, help_text: Any = "") -> forms.ChoiceField:
    """Return a field with a closed list."""
    return forms.ChoiceField(
        label=label,
        choices=[CHOOSE, *choices],
        required=required,
        help_text=help_text,
        widget=forms.Select(SELECT),
    )


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(label=label, required=required, help_text=help_text, widget=day_input())


def person(label: Any, people: Sequence[Staff]) -> forms.TypedChoiceField:
    """Return a field that chooses one of `people`; its value is the row."""
    by_id = {str(each.pk): each for each in people}
    return forms.TypedChoiceField(
        label=label,
        coerce=lambda value: by_id[str(value)],
        empty_value=None,
        choices=[CHOOSE, *((pk, f"{each.name} · {each.get_role_display()}") for pk, each in by_id.items())],
        widget=forms.Select(SELECT),
    )


class TokenForm(forms.Form):
    """A form with a mark of its own: sent twice, it is done once."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, **more: Any) -> None:
        more["initial"] = {"token": uuid.uuid4(), **(more.get("initial") or {})}
        super().__init__(*given, **more)


class StaffForm(TokenForm):
    """A person: name, role, since when, and their account if they have one."""

    name = text(_("Name"), 60)
    role = choice(_("Role"), StaffRole.choices)
    joined_on = day(_("With the enterprise since"))
    user = forms.TypedChoiceField(
        label=_("Account"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Only for whoever holds a post of the enterprise here."),
        widget=forms.Select(SELECT),
    )

    def __init__(self, *given: Any, accounts: Sequence[tuple[Post, User]], **more: Any) -> None:
        super().__init__(*given, **more)
        if accounts:
            self.fields["user"].choices = [  # type: ignore[attr-defined]
                ("", _("none")),
                *{str(user.pk): f"{user} · {post.label}" for post, user in accounts}.items(),
            ]
        else:
            del self.fields["user"]


class OnDayForm(forms.Form):
    """One day."""

    on = day(_("On"))


class LeaveForm(forms.Form):
    """The first day without a person."""

    on = day(_("First day on which the person is gone"))


class ReasonForm(forms.Form):
    """Why."""

    reason = text(_("Why"), 200)


class RemoveForm(ReasonForm):
    """From which day something is gone, and why."""

    on = day(_("Gone since"))
    field_order = ("on", "reason")


class CredentialForm(forms.Form):
    """A certificate as it is printed. Days that are left out follow from the rules."""

    kind = choice(_("Kind"), CredentialKind.choices)
    field = choice(
        _("Field of work"),
        OperationField.choices,
        required=False,
        help_text=_("For a special-operations certificate."),
    )
    level = forms.TypedChoiceField(
        label=_("Level"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[CHOOSE, *StandardizationLevel.choices],
        help_text=_("For standardization."),
        widget=forms.Select(SELECT),
    )
    number = text(_("Number"), 40)
    valid_from = day(_("Valid from"))
    valid_until = day(
        _("Valid until (the last day)"),
        required=False,
        help_text=_("Left out, it follows from the rule for this kind."),
    )
    reexamine_by = day(
        _("Re-examination by"),
        required=False,
        help_text=_("Left out, it follows from the rule for this kind."),
    )
    field_order = ("kind", "holder", "field", "level", "number", "valid_from", "valid_until", "reexamine_by")

    def __init__(
        self, *given: Any, people: Sequence[Staff], renews: Credential | None = None, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.renews = renews
        self.fields["holder"] = person(_("Person"), people)
        self.fields["holder"].required = False
        if renews is not None:  # what stays the same is not asked
            for name in ("kind", "field", "holder"):
                del self.fields[name]
            if renews.is_person:
                del self.fields["level"]
        self.order_fields(self.field_order)

    def given(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = dict(self.cleaned_data)
        if self.renews is not None:
            old = self.renews
            data |= {"kind": old.kind, "field": old.field, "holder": old.holder, "renews": old}
        return data


def renewal(old: Credential) -> dict[str, Any]:
    """Return what a renewal is filled in with: it begins when the old one ends, its number often stays."""
    return {"number": old.number, "level": old.level, "valid_from": old.valid_until + dt.timedelta(days=1)}


class TrainingForm(TokenForm):
    """A training, with the result of each person; those who took part last time are filled in."""

    held_on = day(_("On"))
    kind = choice(_("Kind"), TrainingKind.choices)
    topic = text(_("Topic"), 120)
    trainer = text(_("Trainer"), 60, required=False)
    hours = forms.DecimalField(
        label=_("Hours"),
        max_digits=3,
        decimal_places=1,
        widget=forms.NumberInput({"step": "0.5", "min": "0.5", "max": "24", "inputmode": "decimal", **INPUT}),
    )
    photos = PhotosField(label=_("Sign-in sheet or photos"), required=False)

    def __init__(self, *given: Any, people: Sequence[Staff], intake: Intake, **more: Any) -> None:
        super().__init__(*given, **more)
        self.people = {f"person_{each.pk}": each for each in people}
        for name, each in self.people.items():
            self.fields[name] = forms.ChoiceField(
                label=each.name,
                required=False,
                choices=[NOT_THERE, *Result.choices],
                widget=forms.Select(SELECT | {"class": "form-select form-select-sm"}),
            )
        intake.serve(self)

    @property
    def facts(self) -> list[forms.BoundField]:
        """The fields before the list of people."""
        return [self[name] for name in ("token", "held_on", "kind", "topic", "trainer", "hours", "photos")]

    @property
    def rows(self) -> list[tuple[Staff, forms.BoundField]]:
        """Each person with their field."""
        return [(each, self[name]) for name, each in self.people.items()]

    def given(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = {
            name: self.cleaned_data[name]
            for name in ("held_on", "kind", "topic", "trainer", "hours", "photos")
        }
        results = {
            each: self.cleaned_data[name] for name, each in self.people.items() if self.cleaned_data[name]
        }
        return data | {"results": results}


def of_training(row: Training, *, again: bool = False) -> dict[str, Any]:
    """Return a training as its form is filled in; `again` only what the next one has in common with it."""
    results = {f"person_{each.staff_id}": each.result for each in row.participations.all()}
    if again:
        return {"kind": row.kind, "trainer": row.trainer, **dict.fromkeys(results, Result.PASSED.value)}
    names = ("held_on", "kind", "topic", "trainer", "hours")
    return {name: getattr(row, name) for name in names} | results


LIKELY = (
    _("0.1: practically impossible"),
    _("0.2: very unlikely"),
    _("0.5: conceivable, but very unlikely"),
    _("1: unlikely, but possible"),
    _("3: possible, but not usual"),
    _("6: quite possible"),
    _("10: to be expected"),
)
EXPOSED = (
    _("0.5: very rarely"),
    _("1: a few times a year"),
    _("2: once a month"),
    _("3: once a week"),
    _("6: daily, in working hours"),
    _("10: all the time"),
)
HARM = (
    _("1: noticeable, first aid"),
    _("3: injury"),
    _("7: serious injury"),
    _("15: one death"),
    _("40: several deaths"),
    _("100: many deaths"),
)


def _values(
    label: Any, values: Sequence[Any], words: Sequence[Any], kind: Callable[[Any], Any]
) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=kind,
        choices=[
            CHOOSE,
            *(
                (f"{value:f}" if kind is Decimal else str(value), word)
                for value, word in zip(values, words, strict=True)
            ),
        ],
        widget=forms.Select(SELECT),
    )


class PointForm(TokenForm):
    """A risk point: what it is, how dangerous, what is done, whose it is, how often it is checked."""

    name = text(_("Risk point"), 80)
    kind = choice(_("Kind"), PointKind.choices)
    spot = text(_("Where"), 80, required=False)
    dangers = text(_("What can happen"), 200, required=False)
    likelihood = _values(_("How likely (L)"), LIKELIHOODS, LIKELY, Decimal)
    exposure = _values(_("How often are people exposed (E)"), EXPOSURES, EXPOSED, Decimal)
    consequence = _values(_("How bad would it be (C)"), CONSEQUENCES, HARM, int)
    engineering = text(_("Engineering measures"), 300, required=False)
    management = text(_("Management measures"), 300, required=False)
    training = text(_("Training"), 300, required=False)
    protection = text(_("Personal protection"), 300, required=False)
    emergency = text(_("Emergency measures"), 300, required=False)
    rhythm = choice(_("How often checked"), CHECKED)
    field_order = (
        *("name", "kind", "spot", "dangers", "likelihood", "exposure", "consequence"),
        *(*MEASURES, "owner", "rhythm"),
    )

    def __init__(self, *given: Any, people: Sequence[Staff], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["owner"] = person(_("Responsible person"), people)
        self.order_fields(self.field_order)

    def facts(self) -> Mapping[str, Any]:
        """Return what the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "token"}


def of_point(row: RiskPoint) -> dict[str, Any]:
    """Return a risk point as its form is filled in."""
    found = {name: getattr(row, name) for name in PointForm.field_order if name != "owner"}
    for name, values in (("likelihood", LIKELIHOODS), ("exposure", EXPOSURES)):
        found[name] = next(f"{value:f}" for value in values if value == found[name])
    return found | {"owner": row.owner_id}


class FoundForm(forms.Form):
    """What is wrong at a risk point, and until when it will be fixed."""

    note = text(_("What is wrong"), 200)
    fix_by = day(
        _("Fixed by"),
        required=False,
        help_text=_(
            "It becomes a hazard that the enterprise found itself: "
            "its own correction, no order and no penalty."
        ),
    )
