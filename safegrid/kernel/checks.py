"""Start-up checks: a portal with an insecure setting does not start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

SECRET_KEY_MIN_LENGTH = 32  # characters


@register(Tags.security)
def secrets_are_real(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse, outside DEBUG, a secret key that is empty, short or the one that builds use."""
    if settings.DEBUG:
        return []
    key = settings.SECRET_KEY
    if len(key) < SECRET_KEY_MIN_LENGTH or key.startswith(("insecure", "change", "django-insecure")):
        return [
            Error(
                "SECRET_KEY is empty, short or a default.",
                hint="Set SECRET_KEY to a long random string.",
                id="safegrid.E001",
            )
        ]
    return []


@register(Tags.security)
def hosts_are_named(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse, outside DEBUG, to answer for any host."""
    if settings.DEBUG or (settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            "ALLOWED_HOSTS is empty or answers for every host.",
            hint="Set ALLOWED_HOSTS to the portal's own host names.",
            id="safegrid.E002",
        )
    ]
