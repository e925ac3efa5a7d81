"""The forms by which a letter is sent and its paper corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.forms import INPUT
from responsibility.letters.choices import LADDER, Rung
from responsibility.letters.queries import Late
from responsibility.letters.services import PLACE_LENGTH, REASON_LENGTH
from responsibility.obligations.models import Obligation
from responsibility.replies.forms import day_from
from responsibility.replies.models import NOTE_LENGTH
from safegrid.kernel.deadlines import days_over_text
from safegrid.kernel.moments import MomentField

CHECK = {"class": "form-check-input"}


class LetterForm(forms.Form):
    """Which letter, about what, by when a reply is asked for."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    rung = forms.ChoiceField(
        label=_("Which letter"),
        widget=forms.RadioSelect(CHECK),
        help_text=_(
            "A circular also goes to the member units and the governments below, as a notice whose receipt "
            "they owe."
        ),
    )
    skip_reason = forms.CharField(
        label=_("Why rungs are skipped"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.TextInput(INPUT),
        help_text=_("Only for a letter above the next rung."),
    )
    owed = forms.TypedMultipleChoiceField(
        label=_("What the unit is late with"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple(CHECK),
        error_messages={"required": _("Choose what the unit is late with.")},
    )
    text = forms.CharField(
        label=_("What is asked for"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 6, **INPUT}),
        help_text=_("It stands in the letter below the table of what is late."),
    )
    talk_at = MomentField(label=_("When the talk is"), required=False, help_text=_("Only for a talk."))
    talk_place = forms.CharField(
        label=_("Where the talk is"),
        required=False,
        max_length=PLACE_LENGTH,
        widget=forms.TextInput(INPUT),
        help_text=_("Only for a talk."),
    )
    due_on = forms.DateField(label=_("Reply by"))

    def __init__(
        self, *given: Any, late: Sequence[Late], expected: Rung, today: dt.date, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["due_on"].widget = day_from(today)
        self.fields["owed"].choices = [  # type: ignore[attr-defined]
            (each.pk, f"{each.title} · {days_over_text(each.over)}") for each in late
        ]
        above = LADDER.index(expected)
        self.fields["rung"].choices = [  # type: ignore[attr-defined]
            (rung.value, _rung_words(rung, place - above)) for place, rung in enumerate(LADDER)
        ]

    def given(self) -> dict[str, Any]:
        """Return what was given, for the service."""
        data = dict(self.cleaned_data)
        return {**data, "owed": list(Obligation.objects.filter(pk__in=data["owed"]))}


def _rung_words(rung: Rung, above: int) -> str:
    """Return a rung with what choosing it means."""
    if above == 0:
        return str(_("%(rung)s (next rung)") % {"rung": rung.label})
    if above > 0:
        return str(_("%(rung)s (skips a rung: say why)") % {"rung": rung.label})
    return str(rung.label)


class CorrectForm(forms.Form):
    """The text as it should have been."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What is asked for"), max_length=NOTE_LENGTH, widget=forms.Textarea({"rows": 8, **INPUT})
    )
    talk_at = MomentField(label=_("When the talk is"))
    talk_place = forms.CharField(
        label=_("Where the talk is"), max_length=PLACE_LENGTH, widget=forms.TextInput(INPUT)
    )

    def __init__(self, *given: Any, rung: str, **more: Any) -> None:
        super().__init__(*given, **more)
        if rung != Rung.TALK:
            del self.fields["talk_at"], self.fields["talk_place"]
