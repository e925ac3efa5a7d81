"""What an alert says, in the language of whoever reads it. Nothing of this is stored."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from responsibility.alerts.models import Alert
from responsibility.obligations.kinds import kinds
from responsibility.obligations.models import Obligation
from safegrid.kernel.templatetags.safegrid import days_over_text


def title(obligation: Obligation) -> str:
    """Return what is owed, in words, such as "Rectify: blocked fire exit"."""
    return words(obligation.label, obligation.params)


def words(label: str, params: dict[str, Any]) -> str:
    """Return the wording of a kind with its parameters filled in."""
    return str(kinds[label].title) % params if label in kinds else label


def button(obligation: Obligation) -> str:
    """Return the verb on the button."""
    return str(kinds[obligation.label].button)


def url(obligation: Obligation) -> str:
    """Return where the button leads."""
    return kinds[obligation.label].url(obligation.params)


def when(alert: Alert) -> str:
    """Return how late it was when the alert was raised, such as "3 days over" or "due in 3 days"."""
    if alert.days_over <= 0 and alert.raised_at >= alert.obligation.due_at:
        return _("overdue since today")
    return days_over_text(alert.days_over)


def subject(alert: Alert) -> str:
    """Return the subject line of the mail."""
    return _("%(what)s: %(when)s") % {"what": title(alert.obligation), "when": when(alert)}


def body(alert: Alert) -> str:
    """Return the text of the mail: what, where, since when, and the address of the button."""
    obligation = alert.obligation
    return render_to_string(
        "alerts/mail.txt",
        {
            "alert": alert,
            "obligation": obligation,
            "title": title(obligation),
            "when": when(alert),
            "link": settings.SITE_URL.rstrip("/") + url(obligation),
        },
    )
