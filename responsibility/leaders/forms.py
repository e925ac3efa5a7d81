"""The forms of leaders' duties: what was done, what is owed, whose wing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.forms import INPUT, SELECT, day_input
from responsibility.leaders.choices import DeedKind
from responsibility.leaders.services import MOST, REASON_LENGTH, Done
from responsibility.obligations.choices import Rhythm

YEARS = range(2010, 2100)


def _number(label: Any, most: int = 999) -> forms.IntegerField:
    widget = forms.NumberInput({"inputmode": "numeric", **INPUT})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most, widget=widget)


class DoneForm(forms.Form):
    """What was done."""

    day = forms.DateField(label=_("Day"), widget=day_input())
    what = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2, **INPUT}),
    )
    where = forms.CharField(
        label=_("Where (if anywhere in particular)"),
        required=False,
        max_length=120,
        widget=forms.TextInput(INPUT),
    )
    enterprise = forms.TypedChoiceField(
        label=_("Enterprise under the wing (for a visit to one)"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select(SELECT),
    )
    found = _number(_("Hazards found"))
    fixed = _number(_("Of them fixed"))
    evidence = forms.CharField(
        label=_("Evidence (minutes, document, report)"),
        required=False,
        max_length=300,
        widget=forms.TextInput(INPUT),
    )

    def __init__(self, *given: Any, wing: Sequence[tuple[int, str]] | None, **more: Any) -> None:
        """Take as `wing` the enterprises that a visit can name; None where no visit is meant."""
        super().__init__(*given, **more)
        if wing is None:
            del self.fields["enterprise"]
        else:
            self.fields["enterprise"].choices = [("", "—"), *wing]  # type: ignore[attr-defined]

    @property
    def done(self) -> Done:
        """What was filled in."""
        given = self.cleaned_data
        return Done(
            day=given["day"],
            what=given["what"],
            where=given["where"],
            found=given["found"] or 0,
            fixed=given["fixed"] or 0,
            evidence=given["evidence"],
            enterprise_id=given.get("enterprise"),
        )


class RecordForm(DoneForm):
    """A new deed: sent twice, kept once."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(label=_("Kind"), choices=DeedKind.choices, widget=forms.Select(SELECT))
    visit = forms.CharField(
        label=_("Number of the visit (if it is recorded as one: nothing else is to be typed)"),
        required=False,
        max_length=40,
        widget=forms.TextInput(INPUT),
    )
    field_order = (
        *("token", "kind", "day", "enterprise", "what", "where", "visit", "found", "fixed", "evidence"),
    )

    def __init__(self, *given: Any, wing: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*given, wing=wing or None, **more)
        if not wing:
            kinds = [each for each in DeedKind.choices if each[0] != DeedKind.CONTACT]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class CorrectForm(DoneForm):
    """What should stand there instead, and why."""

    reason = forms.CharField(
        label=_("Why it is corrected"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 2, **INPUT}),
        help_text=_("Needed once half an hour has passed, or when somebody else recorded it."),
    )


class CancelForm(forms.Form):
    """Why something does not count."""

    reason = forms.CharField(
        label=_("Why it does not count"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 2, **INPUT}),
        error_messages={"required": _("Say why it does not count.")},
    )


class DutyForm(forms.Form):
    """What a leading post owes, by a decision of its own."""

    kind = forms.ChoiceField(label=_("Kind"), choices=DeedKind.choices, widget=forms.Select(SELECT))
    number = forms.IntegerField(
        label=_("How many (0: none)"),
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput({"inputmode": "numeric", **INPUT}),
    )
    rhythm = forms.ChoiceField(label=_("In each period"), choices=Rhythm.choices, widget=forms.Select(SELECT))
    since = forms.DateField(label=_("From"), widget=day_input())
    until = forms.DateField(label=_("Until (the first day it is over)"), required=False, widget=day_input())
    basis = forms.CharField(label=_("Document or decision"), max_length=200, widget=forms.TextInput(INPUT))


class WingForm(forms.Form):
    """Enterprises that were found, to be taken under the wing."""

    since = forms.DateField(label=_("From"), widget=day_input())
    enterprises = forms.TypedMultipleChoiceField(
        label=_("Enterprises"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
        error_messages={"required": _("Choose at least one enterprise.")},
    )

    def __init__(self, *given: Any, choices: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["enterprises"].choices = choices  # type: ignore[attr-defined]


class TableForm(forms.Form):
    """The year and quarter of the table."""

    year = forms.IntegerField(
        label=_("Year"),
        min_value=YEARS.start,
        max_value=YEARS.stop - 1,
        widget=forms.NumberInput({"inputmode": "numeric", **INPUT}),
    )
    quarter = forms.TypedChoiceField(
        label=_("Quarter"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Whole year")), (1, "1"), (2, "2"), (3, "3"), (4, "4")],
        widget=forms.Select(SELECT),
    )
