"""The forms of a transfer: what, to whom and why; and each answer to it."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.forms import INPUT, SELECT
from responsibility.transfers.models import Transfer
from responsibility.transfers.queries import receivers, speakers
from responsibility.transfers.services import REASON_LENGTH
from safegrid.grid.models import Matter, Unit
from safegrid.kernel.machine import Move


def unit_field(label: Any, *, without: set[int]) -> forms.TypedChoiceField:
    """Return the field that chooses a body, by the place in which it works."""
    units = [unit for unit in receivers() if unit.pk not in without]
    choices: list[Any] = [("", _("Choose a body"))]
    for place, group in groupby(units, key=lambda unit: unit.district):
        choices.append((place.label, [(unit.pk, unit.label) for unit in group]))
    return forms.TypedChoiceField(
        label=label, coerce=int, choices=choices, widget=forms.Select(SELECT), error_messages={}
    )


def reason_field(label: Any) -> forms.CharField:
    """Return the field of a reason."""
    return forms.CharField(label=label, max_length=REASON_LENGTH, widget=forms.Textarea({"rows": 3, **INPUT}))


class ProposeForm(forms.Form):
    """What is transferred, to whom, and why."""

    line = forms.ChoiceField(
        label=gettext_lazy("Line"),
        choices=[(line.value, line.label) for line in Line if line != Line.ENTERPRISE],
        initial=Line.INDUSTRY,
        widget=forms.Select(SELECT),
    )
    tier = forms.ChoiceField(
        label=gettext_lazy("Tier"), choices=Tier.choices, initial=Tier.LEAD, widget=forms.Select(SELECT)
    )
    field_order = ("matter", "line", "tier", "unit", "reason")

    def __init__(
        self, *given: Any, asks: tuple[str, ...], matters: list[Matter], own: int, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["matter"] = forms.TypedChoiceField(
            label=gettext_lazy("Matter"),
            coerce=int,
            choices=[(matter.pk, matter.label) for matter in matters],
            widget=forms.Select(SELECT),
        )
        for name in ("matter", "line", "tier"):
            if name not in asks:
                del self.fields[name]
        self.fields["unit"] = unit_field(gettext_lazy("To which body"), without={own})
        self.fields["reason"] = reason_field(gettext_lazy("Why is it theirs?"))
        self.order_fields(self.field_order)

    def given(self) -> dict[str, Any]:
        """Return what was chosen, as `propose` takes it."""
        data = dict(self.cleaned_data)
        data["unit"] = Unit.objects.get(pk=data["unit"])
        if "matter" in data:
            data["matter"] = Matter.objects.get(pk=data["matter"])
        return data


class AnswerForm(forms.Form):
    """What one move of the lifecycle asks for."""

    def __init__(
        self, *given: Any, transfer: Transfer, move: Move, post: Any, on: dt.date, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        if "post" in move.requires:
            posts = speakers(transfer.receiver_unit, on=on)
            self.fields["post"] = forms.TypedChoiceField(
                label=gettext_lazy("Which post answers for it from now on"),
                coerce=int,
                choices=[(each.pk, f"{each.label} · {who or _('vacant')}") for each, who in posts],
                initial=post.pk if post else None,
                widget=forms.Select(SELECT),
            )
        if "unit" in move.requires:
            self.fields["unit"] = unit_field(
                gettext_lazy("Whose is it?"), without={transfer.receiver_unit_id, transfer.sender_unit_id}
            )
        if "reason" in move.requires:
            self.fields["reason"] = reason_field(gettext_lazy("Why?"))
