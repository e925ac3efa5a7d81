"""Passwords."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class NotTheDemoPasswordValidator:
    """Nobody may choose the password that the README names."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for the demo password."""
        if password == settings.DEMO_PASSWORD:
            raise ValidationError(_("This password is public. Please choose another one."), code="demo")

    def get_help_text(self) -> str:
        """Say what is refused."""
        return _("Not the password of the demo accounts.")
