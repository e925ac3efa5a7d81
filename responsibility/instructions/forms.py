"""The form by which an instruction is given."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.forms import INPUT, SELECT
from responsibility.instructions.choices import Source
from responsibility.instructions.models import TITLE_LENGTH
from responsibility.instructions.services import Asked
from responsibility.replies.forms import day_from
from responsibility.replies.models import NOTE_LENGTH
from responsibility.units.queries import governments_below, member_units
from safegrid.grid.models import District, Matter, Unit

ASSISTING = 6  # units that can be named beside the lead

Choices = list[tuple[str, Any]]


def unit_choices(units: Sequence[Unit]) -> Choices:
    """Return bodies by the place in which they stand."""
    groups = groupby(units, key=lambda unit: unit.district)
    return [(place.label, [(str(unit.pk), unit.label) for unit in group]) for place, group in groups]


class InstructionForm(forms.Form):
    """What is asked for, of whom, by when."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    source = forms.ChoiceField(
        label=_("Where it comes from"),
        choices=Source.choices,
        widget=forms.RadioSelect({"class": "form-check-input"}),
    )
    source_title = forms.CharField(
        label=_("Title of the document"),
        required=False,
        max_length=200,
        widget=forms.TextInput(INPUT),
        help_text=_("For a superior's document only."),
    )
    source_number = forms.CharField(
        label=_("Number of the document"), required=False, max_length=80, widget=forms.TextInput(INPUT)
    )
    title = forms.CharField(
        label=_("What it is about"), max_length=TITLE_LENGTH, widget=forms.TextInput(INPUT)
    )
    text = forms.CharField(
        label=_("What is asked for"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 5, **INPUT}),
    )
    matter: forms.ModelChoiceField[Matter] = forms.ModelChoiceField(
        label=_("Matter"),
        queryset=Matter.objects.order_by("path"),
        to_field_name="code",
        required=False,
        empty_label=_("no single matter"),
        widget=forms.Select(SELECT),
    )
    place: forms.ModelChoiceField[District] = forms.ModelChoiceField(
        label=_("Place"),
        queryset=District.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("no single place"),
        widget=forms.Select(SELECT),
    )
    lead = forms.TypedChoiceField(
        label=_("Leading unit"),
        coerce=int,
        widget=forms.Select(SELECT),
        error_messages={"required": _("Choose who leads.")},
    )
    lead_due_on = forms.DateField(label=_("Reply by"))
    all_members = forms.BooleanField(
        label=_("All member units"),
        help_text=_("Of the safety committee of one's own city or district."),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
    all_governments = forms.BooleanField(
        label=_("All governments one level below"),
        help_text=_("Of a city those of its districts, of a district its townships and streets."),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )

    def __init__(
        self,
        *given: Any,
        units: Sequence[Unit],
        own: Unit,
        places: Any,
        is_about_row: bool,
        today: dt.date,
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.units = {unit.pk: unit for unit in units}
        self.own = own
        choices: Choices = [("", _("Choose a unit")), *unit_choices(units)]
        self.fields["lead"].choices = choices  # type: ignore[attr-defined]
        self.fields["lead_due_on"].widget = day_from(today)
        if is_about_row:
            del self.fields["place"]
        else:
            self.fields["place"].queryset = places  # type: ignore[attr-defined]
        for n in range(1, ASSISTING + 1):
            self.fields[f"assist_{n}"] = forms.TypedChoiceField(
                label=_("Assisting unit"),
                coerce=int,
                empty_value=None,
                required=False,
                choices=choices,
                widget=forms.Select(SELECT),
            )
            self.fields[f"assist_{n}_due_on"] = forms.DateField(
                label=_("Reply by"), required=False, widget=day_from(today)
            )

    def assist_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Yield the fields of each assisting unit: who, and by when."""
        for n in range(1, ASSISTING + 1):
            yield self[f"assist_{n}"], self[f"assist_{n}_due_on"]

    @property
    def named(self) -> int:
        """How many rows of assisting units are open at first: those filled in, and one more."""
        filled = [n for n in range(1, ASSISTING + 1) if self[f"assist_{n}"].value()]
        return max(filled, default=1) + 1

    def given(self) -> dict[str, Any]:
        """Return what was given, for the service. Rows that are left out close up, see `fields_of`."""
        data = self.cleaned_data
        self.order = [n for n in range(1, ASSISTING + 1) if data.get(f"assist_{n}")]
        return {
            "token": data["token"],
            "source": data["source"],
            "source_title": data["source_title"],
            "source_number": data["source_number"],
            "title": data["title"],
            "text": data["text"],
            "matter": data["matter"],
            "place": data.get("place"),
            "lead": Asked(self.units[data["lead"]], data["lead_due_on"]),
            "assisting": [
                Asked(self.units[data[f"assist_{n}"]], data[f"assist_{n}_due_on"] or data["lead_due_on"])
                for n in self.order
            ],
            "everybody": self.everybody(),
        }

    def everybody(self) -> list[Unit]:
        """Return the units that are meant by a tick, but the giver's own. Up to two queries."""
        wanted: set[int] = set()
        if self.cleaned_data["all_members"]:
            wanted |= set(member_units(self.own.district).values_list("pk", flat=True))
        if self.cleaned_data["all_governments"]:
            wanted |= set(governments_below(self.own.district).values_list("pk", flat=True))
        return [unit for pk, unit in self.units.items() if pk in wanted and pk != self.own.pk]

    def field_of(self, name: str) -> str:
        """Return the field of this form that the service means by `name`: it counts only rows with a unit."""
        head, _mark, rest = name.partition("_")
        number, _mark, tail = rest.partition("_")
        if head != "assist" or not number.isdigit():
            return name
        return "_".join(filter(None, ("assist", str(self.order[int(number) - 1]), tail)))


def new_token() -> uuid.UUID:
    """Return the mark of one form: sent twice, it does one thing."""
    return uuid.uuid4()
