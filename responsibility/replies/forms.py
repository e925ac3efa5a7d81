"""The form of one action on an answer: exactly the fields that the table asks for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.forms import INPUT
from responsibility.replies.models import NOTE_LENGTH
from responsibility.replies.wording import NOTE
from safegrid.kernel.machine import Move


def day_from(today: dt.date) -> forms.DateInput:
    """Return the widget of a day that is today or later."""
    return forms.DateInput({"type": "date", "min": today.isoformat(), **INPUT}, format="%Y-%m-%d")


class ActForm(forms.Form):
    """What a person gives with one action, and the version that they saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, move: Move, today: dt.date, **more: Any) -> None:
        super().__init__(*given, **more)
        names = (*move.requires, *move.optional)
        if "note" in names:
            self.fields["note"] = forms.CharField(
                label=NOTE[move.action],
                required="note" in move.requires,
                max_length=NOTE_LENGTH,
                widget=forms.Textarea({"rows": 6, **INPUT}),
                error_messages={"required": _("Say it in a few words.")},
            )
        if "due_on" in names:
            self.fields["due_on"] = forms.DateField(label=_("New reply date"), widget=day_from(today))

    def renew(self, version: int) -> None:
        """Let what was typed be sent again on the row as it is now."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = version
        self.data = data
