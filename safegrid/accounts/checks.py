"""Start-up check: no demo account survives into production."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.utils import Error as DatabaseError


@register(Tags.database)
def no_demo_passwords(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse, outside DEBUG, a database in which somebody signs in with the demo password."""
    if settings.DEBUG or not databases:
        return []
    from safegrid.accounts.demo import ACCOUNTS
    from safegrid.accounts.models import User

    try:
        if User._meta.db_table not in connections["default"].introspection.table_names():
            return []
        people = list(User.objects.filter(username__in=ACCOUNTS, is_active=True))
    except DatabaseError:
        return []
    named = [person.username for person in people if person.check_password(settings.DEMO_PASSWORD)]
    if not named:
        return []
    return [
        Error(
            f"Demo accounts with the public password: {', '.join(named)}.",
            hint="Start production with an empty database, or disable these accounts.",
            id="safegrid.E003",
        )
    ]
