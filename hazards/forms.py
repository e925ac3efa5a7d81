"""The form of one action: exactly the fields that the lifecycle table asks for."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hazards import deadlines
from hazards.choices import Category, Grade, Road
from hazards.models import Hazard, RectificationPlan
from hazards.services import Given
from hazards.wording import NOTE
from responsibility.calendars.models import DeadlinePolicy, DeadlineUnit
from safegrid.files.forms import Intake, PhotosField
from safegrid.kernel import clock
from safegrid.kernel.machine import Move

OWN_DAY = "own"  # the choice of a day of one's own beside the policies

_ROWS = 4


def _text(label: Any, **attrs: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": _ROWS} | attrs), max_length=4000)


def _day(label: Any, *, earliest: dt.date, latest: dt.date | None = None) -> forms.DateField:
    limits = {"min": earliest.isoformat()} | ({"max": latest.isoformat()} if latest else {})
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"} | limits, format="%Y-%m-%d"))


class ActForm(forms.Form):
    """What a person gives with one action on one hazard, and the version that they saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, hazard: Hazard, move: Move, intake: Intake, now: dt.datetime, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            "version": hazard.version,
            "grade": hazard.grade,
            "category": hazard.category,
            "measures": hazard.measures,
            "major_basis": hazard.major_basis,
        }
        super().__init__(*args, **kwargs)
        self.hazard, self.move, self.now = hazard, move, now
        for name in (*move.requires, *move.optional):
            self._add(name)
            self.fields[name].required = name in move.requires
        if "policy" in self.fields:
            self.fields["due_on"].required = False
        intake.serve(self)

    def _add(self, name: str) -> None:
        """Add the field `name` of the table."""
        today = clock.local_date(self.now)
        if name == "due_on":
            self._add_deadline(today)
        elif name == "note":
            self.fields[name] = _text(NOTE[self.move.action])
        elif name == "photos":
            self.fields[name] = PhotosField(label=gettext_lazy("Photos after"))
        elif name == "grade":
            self.fields[name] = forms.ChoiceField(
                label=gettext_lazy("Grade"), choices=Grade.choices, widget=forms.RadioSelect
            )
        elif name == "category":
            self.fields[name] = forms.ChoiceField(label=gettext_lazy("Category"), choices=Category.choices)
        elif name == "major_basis":
            self.fields[name] = forms.CharField(
                label=gettext_lazy("What makes it major"),
                max_length=Hazard._meta.get_field("major_basis").max_length,
                help_text=gettext_lazy("For a major hazard: the list and its article."),
            )
        elif name == "measures":
            self.fields[name] = _text(gettext_lazy("What must be done"))
        elif name == "responsible":
            self.fields[name] = forms.CharField(
                label=gettext_lazy("Responsible person"),
                max_length=RectificationPlan._meta.get_field("responsible").max_length,
            )
        elif name == "plan_measures":
            self.fields[name] = _text(gettext_lazy("Measures"))
        elif name == "funds":
            self.fields[name] = forms.DecimalField(
                label=gettext_lazy("Funds, yuan"), min_value=0, max_digits=14, decimal_places=2
            )
        elif name == "plan_due_on":
            self.fields[name] = _day(gettext_lazy("To be done by"), earliest=today, latest=self.hazard.due_on)
        elif name == "contingency":
            self.fields[name] = _text(gettext_lazy("What if it goes wrong meanwhile"))
        else:
            raise KeyError(name)

    def _add_deadline(self, today: dt.date) -> None:
        if self.move.action == "ask_extension":
            after = max(today, self.hazard.due_on + dt.timedelta(days=1))
            self.fields["due_on"] = _day(gettext_lazy("New deadline"), earliest=after)
            return
        if self.hazard.road == Road.SELF and self.move.action != "reopen":
            limit = deadlines.own_limit(now=self.now)
            self.fields["due_on"] = _day(gettext_lazy("By when"), earliest=today, latest=limit)
            return
        proposed = deadlines.proposals(self.hazard, now=self.now)
        choices = [(rule.code, _worded(rule, day)) for rule, day in proposed]
        self.fields["policy"] = forms.ChoiceField(
            label=gettext_lazy("Deadline"),
            choices=[*choices, (OWN_DAY, _("A day of your own"))],
            widget=forms.RadioSelect,
            initial=choices[(len(choices) - 1) // 2][0] if choices else OWN_DAY,
        )
        self.fields["due_on"] = _day(gettext_lazy("A day of your own"), earliest=today)

    def clean(self) -> dict[str, Any]:
        """A day that was typed goes before the deadline that is chosen beside it."""
        given = super().clean() or self.cleaned_data
        if given.get("policy") == OWN_DAY and not given.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Choose a day."))
        return given

    def given(self) -> Given:
        """Return what was given, for the service."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        policy = fields.pop("policy", "")
        chosen = "" if policy == OWN_DAY or fields.get("due_on") else policy
        return Given(**fields, policy=chosen)

    def renew(self, version: int) -> None:
        """Let what was typed be sent again on the hazard as it is now."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = version
        self.data = data


def _worded(rule: DeadlinePolicy, day: dt.date) -> str:
    """Return a proposal such as "15 working days → 2026-12-14"."""
    if rule.unit == DeadlineUnit.WORKING:
        text = ngettext("%(n)s working day → %(day)s", "%(n)s working days → %(day)s", rule.days)
    else:
        text = ngettext("%(n)s day → %(day)s", "%(n)s days → %(day)s", rule.days)
    return text % {"n": rule.days, "day": day.isoformat()}
