"""What responsibility adds to the shell: its entries in the menu, and the bell."""

import datetime as dt
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from responsibility.alerts.pulse import Pulse, pulse
from safegrid.accounts.queries import beside
from safegrid.kernel import clock
from safegrid.kernel.addresses import address
from safegrid.kernel.shell import MenuItem, enterprises, menu, officials, values

MANY = 100  # beyond which nobody counts


class Bell(NamedTuple):
    """What a person is told on every page."""

    unread: int = 0  # alerts that they have not read, MANY at most
    swept: dt.datetime | None = None  # when obligations were last looked through to the end

    @property
    def pulse(self) -> Pulse:
        """Whether alerts are still raised."""
        return pulse(self.swept, now=clock.now())


#: `Alert.objects.visible_to(user).unread()`, counted, and the last sweep.
beside.plug(
    "unread",
    f"""
    SELECT count(*) FROM (
        SELECT FROM responsibility_alert AS alert
        JOIN responsibility_obligation AS owed ON owed.id = alert.obligation_id
        WHERE alert.post_id IN (SELECT post_id FROM held) AND alert.read_at IS NULL
        AND owed.closed_at IS NULL LIMIT {MANY}
    ) AS unread
    """,  # noqa: S608 (a number of our own)
)
beside.plug("swept", "SELECT at FROM responsibility_tick WHERE name = 'sweep'")


def bell(request: HttpRequest) -> Bell:
    """Return what the person is told; it was read together with who they are."""
    said = request.user.standing.beside  # type: ignore[union-attr]
    return Bell(said["unread"], said["swept"]) if said else Bell()


def _alerts_url(request: HttpRequest) -> str:
    return address("alerts:list")


def _bell_url(request: HttpRequest) -> str:
    return address("alerts:bell")


values.plug("bell", bell)
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
menu.plug(
    "instructions",
    MenuItem(
        _("Instructions"),
        "responsibility:instructions",
        "clipboard-list",
        key="i",
        group=RESPONSIBILITY,
        visible=officials,
    ),
    order=52,
)
menu.plug(
    "statements",
    MenuItem(_("Statements"), "responsibility:statements", "file-text", group=RESPONSIBILITY),
    order=53,
)
menu.plug(
    "own",
    MenuItem(
        _("Our own line"),
        "responsibility:own",
        "id-badge-2",
        key="o",
        group=RESPONSIBILITY,
        visible=enterprises,
    ),
    order=54,
)
menu.plug(
    "certificates",
    MenuItem(
        _("Certificates and training"),
        "responsibility:own_credentials",
        "id-badge-2",
        group=RESPONSIBILITY,
        visible=officials,
    ),
    order=55,
)
menu.plug(
    "leaders",
    MenuItem(
        _("Leaders' duties"), "responsibility:leaders", "users-group", group=RESPONSIBILITY, visible=officials
    ),
    order=56,
)
menu.plug(
    "guidance",
    MenuItem(
        _("Guidance of units"),
        "responsibility:guidance",
        "speakerphone",
        group=RESPONSIBILITY,
        visible=officials,
    ),
    order=57,
)
menu.plug(
    "transfers",
    MenuItem(
        _("Transfers"), "responsibility:transfers", "arrow-right", group=RESPONSIBILITY, visible=officials
    ),
    order=58,
)
