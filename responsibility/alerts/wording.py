"""What an alert says, in the language of whoever reads it. Nothing of this is stored."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from responsibility.alerts.contacts import whom_to_call
from responsibility.alerts.models import Alert
from responsibility.alerts.sweep import AT_ONCE
from responsibility.obligations import words
from safegrid.kernel.deadlines import days_over_text, late_text


def title(alert: Alert) -> str:
    """Return what is owed, in words, such as "Rectify: blocked fire exit"."""
    return words.title(alert.obligation.label, alert.obligation.params)


def url(alert: Alert) -> str:
    """Return for who owes it where its button leads, for everybody else the page of its subject."""
    owed, post = alert.obligation, alert.post
    is_debtor = post.pk == owed.debtor_post_id or (
        post.enterprise_id is not None and post.enterprise_id == owed.debtor_enterprise_id
    )
    return words.url(owed.label, owed.params, button=is_debtor)


def was_late(alert: Alert) -> bool:
    """Return whether it was late when the alert was raised: by days, or since some hour of that day."""
    has_passed = alert.rung != AT_ONCE and alert.raised_at >= alert.obligation.due_at
    return alert.days_over > 0 or has_passed


def when(alert: Alert) -> str:
    """Return how late it was when the alert was raised, such as "3 days over" or "due in 3 days"."""
    return late_text(alert.days_over) if was_late(alert) else days_over_text(alert.days_over)


def subject(alert: Alert) -> str:
    """Return the subject line of the mail."""
    return _("%(what)s (%(when)s)") % {"what": title(alert), "when": when(alert)}


def body(alert: Alert) -> str:
    """Return the text of the mail: what, where, since when, whom to call, and the address of the button."""
    context = {
        "alert": alert,
        "obligation": alert.obligation,
        "title": title(alert),
        "when": when(alert),
        "contacts": whom_to_call(alert),
        "link": settings.SITE_URL.rstrip("/") + url(alert),
    }
    return render_to_string("alerts/mail.txt", context).strip() + "\n"
