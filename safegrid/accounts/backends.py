"""Sign-in."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from safegrid.accounts.models import User
from safegrid.accounts.queries import person
from safegrid.kernel import clock


class Backend(AuthenticationBackend):
    """allauth's sign-in; it refuses the demo accounts' public password outside the local mode."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        """Return the person, or None."""
        if not settings.DEBUG and credentials.get("password") == settings.DEMO_PASSWORD:
            return None
        return super().authenticate(request, **credentials)

    def get_user(self, user_id: int) -> User | None:
        """Return who is signed in, with what they stand for today, unless they are disabled."""
        user = person(user_id, on=clock.local_date(clock.now()))
        return user if user is not None and self.user_can_authenticate(user) else None
