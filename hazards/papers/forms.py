"""The form of a paper about hazards: what stands beside each of them, and which others stand in it too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from hazards.papers.choices import PaperKind
from hazards.papers.models import ITEM_LENGTH, TEXT_LENGTH
from hazards.papers.services import field_of

LABELS = {
    PaperKind.ORDER: _("What must be done"),
    PaperKind.MEASURES: _("Measure on the spot"),
    PaperKind.OPINION: _("What the re-inspection found"),
    PaperKind.LISTING: _("Article that makes it major"),
}


class PaperForm(forms.Form):
    """What is said of each hazard, and below the table."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kind: PaperKind,
        hazards: Sequence[Hazard],
        proposed: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hazards = hazards
        for hazard in hazards:
            self.fields[field_of(hazard)] = forms.CharField(
                label=f"{hazard.number} {hazard.title}",
                help_text=LABELS[kind],
                max_length=ITEM_LENGTH,
                initial=proposed.get(hazard.pk, ""),
                widget=forms.Textarea({"rows": 3}),
            )
        self.fields["text"] = forms.CharField(
            label=_("What else is to be said"),
            required=False,
            max_length=TEXT_LENGTH,
            widget=forms.Textarea({"rows": 3}),
            help_text=_("It stands below the table. Papers are in Chinese."),
        )

    def given(self) -> dict[str, Any]:
        """Return what was given, for the service."""
        data = self.cleaned_data
        return {
            "token": data["token"],
            "texts": {hazard.pk: data[field_of(hazard)] for hazard in self.hazards},
            "text": data["text"],
        }
