"""The form of one move on a report: exactly the fields that the lifecycle table asks for."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hazards.fields import category_field, item_field
from hazards.models import TITLE_LENGTH, Hazard
from hazards.reports.handling import Given
from hazards.reports.models import Report
from safegrid.kernel.machine import Move

LONG = 2000  # characters

NOTES = {
    "raise_hazard": gettext_lazy("What you saw there"),
    "join": gettext_lazy("Remark"),
    "unfounded": gettext_lazy("What you looked at, and what you saw"),
}


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONG, widget=forms.Textarea({"rows": 4}), help_text=help_text
    )


class ActForm(forms.Form):
    """What a person gives with one move, and the version that they saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, report: Report, move: Move, today: dt.date, **more: Any) -> None:
        more["initial"] = {"version": report.version, "title": report.title, "spot": report.where[:120]}
        super().__init__(*given, **more)
        self.report, self.move, self.today = report, move, today
        for name in (*move.requires, *move.optional):
            self.fields[name] = self._field(name)
            self.fields[name].required = name in move.requires

    def _field(self, name: str) -> forms.Field:
        if name == "title":
            return forms.CharField(
                label=gettext_lazy("What"),
                max_length=TITLE_LENGTH,
                help_text=gettext_lazy("The enterprise reads this: nothing in it may tell who reported."),
            )
        if name == "category":
            return category_field(self.today)
        if name == "item":
            return item_field(self.report.site, own=False)
        if name == "spot":
            length = Hazard._meta.get_field("spot").max_length
            return forms.CharField(label=gettext_lazy("Where exactly"), max_length=length)
        if name == "with_photos":
            return forms.BooleanField(
                label=gettext_lazy("Show the enterprise the photos of the report"),
                help_text=gettext_lazy("Only when they cannot tell who took them."),
            )
        if name == "note":
            public = self.move.action == "raise_hazard"  # it becomes the description of the hazard
            text = gettext_lazy("The enterprise reads this: nothing in it may tell who reported.")
            return _text(NOTES[self.move.action], text if public else gettext_lazy("For officials only."))
        if name == "hazard":
            return forms.CharField(label=gettext_lazy("Number of the hazard"), max_length=20)
        if name == "feedback":
            return _text(
                gettext_lazy("Answer"), gettext_lazy("Who reported reads this, word for word, on their page.")
            )
        raise KeyError(name)

    def given(self) -> Given:
        """Return what was given, for the service."""
        return Given(**{name: value for name, value in self.cleaned_data.items() if name != "version"})

    def renew(self, version: int) -> None:
        """Let what was typed be sent again on the report as it is now."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = version
        self.data = data


class EraseForm(forms.Form):
    """Why who reported is erased."""

    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=500, widget=forms.Textarea({"rows": 3}))
