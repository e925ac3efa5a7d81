"""Whom to call about an alert: the other side of what is owed."""

from dataclasses import dataclass

from responsibility.alerts.models import Alert
from safegrid.accounts.choices import ENTERPRISE_POSTS
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders
from safegrid.kernel import clock


@dataclass(frozen=True)
class Contact:
    """A person to call, and as what."""

    name: str
    post: str
    phone: str


def whom_to_call(alert: Alert) -> list[Contact]:
    """Return for who owes it whoever ordered it, for everybody else who owes it.

    An enterprise that has nobody here is called by the telephone that it is registered with.
    """
    owed = alert.obligation
    debtors = (
        Post.objects.filter(pk=owed.debtor_post_id)
        if owed.debtor_post_id
        else Post.objects.filter(enterprise=owed.debtor_enterprise_id, kind__in=ENTERPRISE_POSTS)
    )
    if debtors.filter(pk=alert.post_id).exists():
        found = _manned([owed.creditor_post] if owed.creditor_post else [])
        return [contact for contact in found if contact.phone]
    found = _manned(list(debtors.order_by("pk")))
    if not found and owed.debtor_enterprise is not None:
        firm = owed.debtor_enterprise
        found = [Contact(firm.principal or firm.name, firm.name, firm.phone)]
    return [contact for contact in found if contact.phone]


def _manned(posts: list[Post]) -> list[Contact]:
    """Return who holds these posts today, whenever the alert was raised: they are called now."""
    people = holders([post.pk for post in posts], on=clock.local_date(clock.now()))
    return [
        Contact(people[post.pk].label, post.label, people[post.pk].phone)
        for post in posts
        if post.pk in people
    ]
