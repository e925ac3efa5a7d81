"""What a worker tells, and what the enterprise answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hazards import deadlines
from hazards.fields import category_field, item_field
from hazards.models import TITLE_LENGTH
from hazards.reports.models import WHAT_LENGTH, WHERE_LENGTH
from hazards.reports.reporter import NAME_LENGTH
from hazards.reports.workers.models import WorkerReport
from hazards.reports.workers.services import Plan
from responsibility.assignments.resolution import matters_of
from safegrid.files.forms import Intake, PhotosField
from safegrid.kernel import clock


class WorkerForm(forms.Form):
    """What a worker tells their enterprise."""

    what = forms.CharField(
        label=gettext_lazy("What is dangerous?"),
        max_length=WHAT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Say in a few words what is dangerous.")},
    )
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)
    where = forms.CharField(
        label=gettext_lazy("Where exactly?"),
        max_length=WHERE_LENGTH,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name (if you like)"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("Without it nobody in the enterprise knows who reported."),
    )

    def __init__(self, *given: Any, intake: Intake, **more: Any) -> None:
        super().__init__(*given, **more)
        intake.serve(self)


class AnswerForm(forms.Form):
    """The answer to a worker; with a plan it becomes a hazard of the enterprise's own."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    feedback = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=WHAT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Who reported reads this, word for word, on their page."),
    )

    def __init__(
        self, *given: Any, report: WorkerReport, with_plan: bool, now: dt.datetime, **more: Any
    ) -> None:
        more["initial"] = {"version": report.version, "title": report.title, "spot": report.where[:120]}
        super().__init__(*given, **more)
        self.with_plan = with_plan
        if not with_plan:
            return
        today, limit = clock.local_date(now), deadlines.own_limit(now=now)
        self.matters = {matter.pk: matter for matter in matters_of(report.site, on=today)}
        days = {"type": "date", "min": today.isoformat(), "max": limit.isoformat()}
        planned: dict[str, forms.Field] = {
            "title": forms.CharField(label=_("What"), max_length=TITLE_LENGTH),
            "spot": forms.CharField(label=_("Where exactly"), max_length=120, required=False),
            "matter": forms.TypedChoiceField(
                label=_("Matter"), coerce=int, choices=[(pk, row.label) for pk, row in self.matters.items()]
            ),
            "category": category_field(today),
            "item": item_field(report.site, own=True),
            "plan_due_on": forms.DateField(
                label=_("To be done by"), widget=forms.DateInput(days, format="%Y-%m-%d")
            ),
        }
        self.fields |= planned
        self.order_fields(["version", *planned, "feedback"])

    def plan(self) -> Plan | None:
        """Return the plan that was given, for the service."""
        given = self.cleaned_data
        if not self.with_plan:
            return None
        return Plan(
            title=given["title"],
            matter=self.matters[given["matter"]],
            category=given["category"],
            item=given["item"],
            due_on=given["plan_due_on"],
            spot=given["spot"],
        )
