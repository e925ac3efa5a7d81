"""What responsibility adds to the shell: its entries in the menu, and the bell."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from safegrid.kernel.addresses import address
from safegrid.kernel.prepared import Prepared
from safegrid.kernel.scope import reach_of
from safegrid.kernel.shell import MenuItem, menu, officials, values

MANY = 100  # beyond which nobody counts


#: `Alert.objects.visible_to(user).unread()`, counted; in words of its own because every page asks it.
UNREAD = Prepared(
    "unread_alerts",
    """
    SELECT count(*) FROM (
        SELECT FROM responsibility_alert AS alert
        JOIN responsibility_obligation AS owed ON owed.id = alert.obligation_id
        WHERE alert.post_id = ANY($1) AND alert.read_at IS NULL AND owed.closed_at IS NULL LIMIT $2
    ) AS unread
    """,
    "bigint[]",
    "bigint",
)


def unread(request: HttpRequest) -> int:
    """Return how many alerts the person has not read, MANY at most."""
    posts = reach_of(request.user).post_ids
    return int(UNREAD.rows(list(posts), MANY)[0][0]) if posts else 0


def _alerts_url(request: HttpRequest) -> str:
    return address("alerts:list")


def _bell_url(request: HttpRequest) -> str:
    return address("alerts:bell")


values.plug("unread", unread)
values.plug("alerts_url", _alerts_url)
values.plug("bell_url", _bell_url)

RESPONSIBILITY = _("Responsibility")

menu.plug(
    "coverage",
    MenuItem(
        _("Coverage"),
        "responsibility:coverage",
        "shield-check",
        key="c",
        group=RESPONSIBILITY,
        visible=officials,
    ),
    order=50,
)
menu.plug(
    "assignments",
    MenuItem(
        _("Assignments"), "responsibility:assignments", "user-check", group=RESPONSIBILITY, visible=officials
    ),
    order=51,
)
