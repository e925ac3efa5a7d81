"""What the monthly table is asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hazards.tables.sockets import INDUSTRY
from safegrid.grid.choices import Level
from safegrid.grid.counts import Narrowing
from safegrid.grid.models import District, Industry, Matter
from safegrid.grid.queries import industries_reached, matters_reached, places_reached

GROUPS = [
    (Level.DISTRICT.value, _("District")),
    (Level.TOWNSHIP.value, _("Township")),
    (INDUSTRY, _("Industry")),
]


class MonthlyForm(forms.Form):
    """A month, by what its lines are, and what it is narrowed to."""

    month = forms.DateField(
        label=_("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput({"type": "month"}, format="%Y-%m"),
        error_messages={"invalid": _("Write the month as 2026-11.")},
    )
    by = forms.ChoiceField(label=_("Lines by"), choices=GROUPS)
    district: forms.ModelChoiceField[District] = forms.ModelChoiceField(
        District.objects.none(), required=False, to_field_name="code", label=_("District")
    )
    matter: forms.ModelChoiceField[Matter] = forms.ModelChoiceField(
        Matter.objects.none(), required=False, to_field_name="code", label=_("Matter")
    )
    industry: forms.ModelChoiceField[Industry] = forms.ModelChoiceField(
        Industry.objects.none(), required=False, to_field_name="code", label=_("Industry")
    )

    def __init__(self, *args: Any, user: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choices = {
            "district": places_reached(user, Level.DISTRICT),
            "matter": matters_reached(user).filter(depth=1),
            "industry": industries_reached(user).filter(parent=None),
        }
        for name, rows in choices.items():
            field = self.fields[name]
            field.queryset = rows  # type: ignore[attr-defined]
            field.empty_label = _("All")  # type: ignore[attr-defined]

    def clean_month(self) -> dt.date:
        """A month that has begun."""
        month: dt.date = self.cleaned_data["month"]
        if month > self.today:
            raise forms.ValidationError(gettext("This month has not begun yet."))
        return month

    def narrowing(self) -> Narrowing:
        """Return what is counted."""
        given = self.cleaned_data
        return Narrowing(given["district"], given["matter"], given["industry"])
