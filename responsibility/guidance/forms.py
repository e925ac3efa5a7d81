"""The forms of guidance."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.forms import INPUT, day_input
from responsibility.guidance.services import REASON_LENGTH, REMARK_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from safegrid.grid.choices import UnitKind
from safegrid.grid.models import Unit


class NoticeForm(forms.Form):
    """A notice: all member units by one tick, or some."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH, widget=forms.TextInput(INPUT))
    number = forms.CharField(
        label=_("Document number (if it has one)"),
        required=False,
        max_length=60,
        widget=forms.TextInput(INPUT),
    )
    text = forms.CharField(
        label=_("Text of the notice"), max_length=TEXT_LENGTH, widget=forms.Textarea({"rows": 8, **INPUT})
    )
    by = forms.DateField(label=_("To be confirmed by"), widget=day_input())
    everybody = forms.BooleanField(
        label=_("All member units"),
        help_text=_("Of the safety committee of one's own city or district."),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
    units = forms.TypedMultipleChoiceField(
        label=_("Units"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )

    def __init__(self, *given: Any, offered: list[Unit], place: int | None, **more: Any) -> None:
        super().__init__(*given, **more)
        self.offered, self.place = offered, place
        self.fields["units"].choices = [(unit.pk, unit.label) for unit in offered]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Unit]:
        """The units that are ticked, with all member units of the sender's own place where that is."""
        ids = set(self.cleaned_data["units"])
        everybody = self.cleaned_data["everybody"]
        return [unit for unit in self.offered if unit.pk in ids or (everybody and self._is_member(unit))]

    def _is_member(self, unit: Unit) -> bool:
        return unit.kind == UnitKind.MEMBER and unit.district_id == self.place


class ConfirmForm(forms.Form):
    """A receipt, with a remark if there is one."""

    remark = forms.CharField(
        label=_("Remark (if any)"),
        required=False,
        max_length=REMARK_LENGTH,
        widget=forms.Textarea({"rows": 2, **INPUT}),
    )


class CloseForm(forms.Form):
    """Why a notice is closed before all have confirmed it."""

    reason = forms.CharField(
        label=_("Why it is closed before all have confirmed it"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 2, **INPUT}),
        error_messages={"required": _("Say why it is closed.")},
    )
