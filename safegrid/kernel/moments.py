"""A field of forms for a local day and time."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

SENT = "%Y-%m-%dT%H:%M"  # what a datetime-local input sends


class MomentField(forms.DateTimeField):
    """A day and a time of it, in the portal's time zone, chosen with the browser's own picker."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local", "class": "form-control"}, format=SENT)
        errors = {"invalid": _("Choose a day and a time.")}
        super().__init__(input_formats=[SENT], widget=widget, error_messages=errors, **more)

    def end_at(self, now: dt.datetime) -> None:
        """Let the picker offer nothing that is still to come; the service has its own limits."""
        self.widget.attrs["max"] = localtime(now).strftime(SENT)
