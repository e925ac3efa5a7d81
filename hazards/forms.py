"""The form of one action: exactly the fields that the lifecycle table asks for."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hazards import deadlines
from hazards.choices import Road
from hazards.fields import day_field, field_for, responsible_field, same_field
from hazards.models import Hazard
from hazards.services import Given
from responsibility.calendars.models import DeadlinePolicy, DeadlineUnit
from safegrid.files.forms import Intake
from safegrid.kernel import clock
from safegrid.kernel.machine import Move

OWN_DAY = "own"  # the choice of a day of one's own beside the policies


class ActForm(forms.Form):
    """What a person gives with one action on one hazard, and the version that they saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, hazard: Hazard, move: Move, intake: Intake, now: dt.datetime, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            "version": hazard.version,
            "grade": hazard.grade,
            "category": hazard.category_id,
            "measures": hazard.measures,
            "major_item": hazard.major_item_id,
            "major_basis": "" if hazard.major_item_id else hazard.major_basis,
            "likelihood": hazard.likelihood,
            "consequence": hazard.consequence,
            "title": hazard.title,
            "description": hazard.description,
            "spot": hazard.spot,
            "paper_number": hazard.paper_number,
            "paper_on": hazard.paper_on,
        } | _known(hazard, move)
        super().__init__(*args, **kwargs)
        self.hazard, self.move, self.user, self.now = hazard, move, intake.user, now
        for name in (*move.requires, *move.optional):
            self._add(name)
            self.fields[name].required = name in move.requires
        if "policy" in self.fields:
            self.fields["due_on"].required = False
        intake.serve(self)

    def _add(self, name: str) -> None:
        """Add the field `name` of the table."""
        if name == "due_on":
            self._add_deadline(clock.local_date(self.now))
        elif name == "same_as":
            self.fields[name] = same_field(self.hazard, self.user)
        elif name == "responsible":
            self.fields[name] = responsible_field(self.hazard, self.user)
        else:
            self.fields[name] = field_for(name, self.hazard, self.move, now=self.now)

    def _add_deadline(self, today: dt.date) -> None:
        if self.move.action == "ask_extension":
            after = max(today, self.hazard.due_on + dt.timedelta(days=1))
            self.fields["due_on"] = day_field(gettext_lazy("New deadline"), earliest=after)
            return
        if self.hazard.road == Road.SELF and self.move.action != "reopen":
            limit = deadlines.own_limit(now=self.now)
            self.fields["due_on"] = day_field(gettext_lazy("By when"), earliest=today, latest=limit)
            return
        proposed = deadlines.proposals(self.hazard, now=self.now)
        choices = [(rule.code, _worded(rule, day)) for rule, day in proposed]
        self.fields["policy"] = forms.ChoiceField(
            label=gettext_lazy("Deadline"),
            choices=[*choices, (OWN_DAY, _("A day of your own"))],
            widget=forms.RadioSelect,
            initial=deadlines.first_of([rule for rule, _day in proposed], self.hazard, today) or OWN_DAY,
        )
        # The deadline of an order that was written on paper may be over.
        earliest = None if "paper_on" in self.move.optional else today
        self.fields["due_on"] = day_field(gettext_lazy("A day of your own"), earliest=earliest)

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


def _known(hazard: Hazard, move: Move) -> dict[str, Any]:
    """Return what stands in the plan, or in the two reports, when it is to be changed."""
    plan, report = getattr(hazard, "plan", None), getattr(hazard, "major_report", None)
    if move.action == "revise_plan" and plan is not None:
        return {
            "responsible": plan.responsible,
            "plan_measures": plan.measures,
            "funds": plan.funds,
            "plan_due_on": plan.due_on,
            "contingency": plan.contingency,
        }
    if move.action == "correct_told" and report is not None:
        return {"told_regulator_on": report.regulator_on, "told_workers_on": report.workers_on}
    return {}


def _worded(rule: DeadlinePolicy, day: dt.date) -> str:
    """Return a proposal such as "15 working days → 2026-12-14"."""
    if rule.unit == DeadlineUnit.WORKING:
        text = ngettext("%(n)s working day → %(day)s", "%(n)s working days → %(day)s", rule.days)
    else:
        text = ngettext("%(n)s day → %(day)s", "%(n)s days → %(day)s", rule.days)
    return text % {"n": rule.days, "day": day.isoformat()}
