"""The forms of listing a hazard, and of one move on a listing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hazards.fields import day_field
from hazards.listed.deeds import Given
from hazards.listed.listing import MOST_REPORT_DAYS
from hazards.listed.models import TEXT_LENGTH, ListedSupervision, ListingRule
from hazards.listed.wording import NOTE
from safegrid.files.forms import Intake, PhotosField
from safegrid.kernel import clock
from safegrid.kernel.machine import Move


def _note(action: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=NOTE[action],
        required=required,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": gettext_lazy("Say it in a few words.")},
    )


class ListForm(forms.Form):
    """At which level a hazard is listed, and by which days where not by those of the rule."""

    level = forms.ChoiceField(label=pgettext_lazy("listing", "Level"), widget=forms.RadioSelect)
    due_on = forms.DateField()
    report_days = forms.IntegerField(
        label=gettext_lazy("Days between progress reports"),
        required=False,
        min_value=1,
        max_value=MOST_REPORT_DAYS,
        help_text=gettext_lazy("Empty: as the rule of the level says."),
    )
    note = _note("list", required=False)

    def __init__(self, *given: Any, rules: Sequence[ListingRule], today: dt.date, **more: Any) -> None:
        super().__init__(*given, **more)
        level: Any = self.fields["level"]
        level.choices = [(rule.level, _worded(rule, today)) for rule in rules]
        level.initial = rules[0].level
        self.fields["due_on"] = day_field(gettext_lazy("Deadline of your own"), earliest=today)
        self.fields["due_on"].required = False
        self.fields["due_on"].help_text = gettext_lazy("Empty: as the rule of the level says.")


def _worded(rule: ListingRule, today: dt.date) -> str:
    words = {
        "level": rule.get_level_display(),
        "day": (today + dt.timedelta(days=rule.days)).isoformat(),
        "n": rule.report_days,
    }
    return _("%(level)s: until %(day)s, a report every %(n)s days") % words


class ActForm(forms.Form):
    """What a person gives with one move, and the listing and the version that they saw."""

    listing = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *given: Any, listing: ListedSupervision, move: Move, intake: Intake, **more: Any
    ) -> None:
        more["initial"] = {"listing": listing.pk, "version": listing.version}
        super().__init__(*given, **more)
        names = (*move.requires, *move.optional)
        if "note" in names:
            self.fields["note"] = _note(move.action, required="note" in move.requires)
        if "due_on" in names:
            today = clock.local_date(intake.now)
            self.fields["due_on"] = day_field(gettext_lazy("New deadline"), earliest=today)
        if "photos" in names:
            self.fields["photos"] = PhotosField(label=gettext_lazy("Photos"), required=False)
        intake.serve(self)

    def given(self) -> Given:
        """Return what was given, for the service."""
        data = self.cleaned_data
        return Given(note=data.get("note", ""), due_on=data.get("due_on"), photos=data.get("photos", ()))

    def renew(self, listing: ListedSupervision) -> None:
        """Let what was typed be sent again on the listing as it is now."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["listing"], data["version"] = listing.pk, listing.version
        self.data = data
