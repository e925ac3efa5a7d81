"""Sign-in."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest


class Backend(AuthenticationBackend):
    """allauth's sign-in, which refuses the demo accounts' public password outside the local mode."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        """Return the person, or None."""
        if not settings.DEBUG and credentials.get("password") == settings.DEMO_PASSWORD:
            return None
        return super().authenticate(request, **credentials)
