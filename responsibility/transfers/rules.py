"""A transfer that nobody accepted in time: what is in between two bodies is supervised by neither."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.coverage.choices import Kind, Severity
from responsibility.coverage.rules import Rule, add
from responsibility.transfers.models import Transfer


def about(key: str, user: Any) -> list[tuple[str, str]]:
    """Return the transfer of the finding `key`, if `user` sees it: its name and address."""
    rows = Transfer.objects.visible_to(user).filter(pk=int(key))
    return [(row.label, reverse("responsibility:transfer", args=[row.pk])) for row in rows]


add(
    Rule(
        "transfer_late",
        Kind.GAP,
        Severity.HIGH,
        _("A transfer not accepted in time"),
        _("Whoever received it has not answered (Art. 69). Accept it, or name the body whose it is."),
        """
        SELECT transfer.id::text, transfer.line, transfer.tier, transfer.matter_id, NULL::bigint,
            transfer.receiver_post_id,
            transfer.district_id, transfer.township_id, transfer.community_id, transfer.cell_id,
            transfer.site_id
        FROM responsibility_transfer AS transfer
        WHERE transfer.state = 'proposed' AND transfer.due_on < %(day)s::date
        """,
        local=False,
        rows=about,
    ),
    order=90,
)
