"""What the coverage audit says of statements: one that nobody has signed by its day is a gap."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.coverage.choices import Kind, Severity
from responsibility.coverage.rules import Rule, add
from responsibility.coverage.rules.register import NO_LINE
from responsibility.obligations.models import Obligation
from responsibility.statements.models import Statement
from responsibility.statements.signing import PROMISE, RECEIVE
from safegrid.kernel import clock

SHOWN = 50  # of a finding, on its page


def unsigned(key: str, user: Any) -> list[tuple[str, str]]:
    """Return the statements of the finding `key` that `user` sees and somebody is late to sign."""
    level, whose = key.rsplit(":", 1)
    today = clock.local_date(clock.now())
    owed = Obligation.objects.open().filter(kind__in=(PROMISE, RECEIVE), due_on__lt=today)
    if whose.startswith("post"):
        owed = owed.filter(debtor_post=int(whose.removeprefix("post")))
    else:
        owed = owed.filter(debtor_post=None)
    rows = Statement.objects.visible_to(user).filter(pk__in=owed.values("subject_id"), level=level)
    if whose.startswith("place"):
        place = int(whose.removeprefix("place"))
        rows = rows.filter(Q(township=place) | Q(township=None, district=place))
    return [
        (f"{row.body} · {row.title}", reverse("responsibility:statement", args=[row.pk]))
        for row in rows.order_by("body", "pk")[:SHOWN]
    ]


add(
    Rule(
        "statement",
        Kind.GAP,
        Severity.MEDIUM,
        _("A statement unsigned"),
        _("A responsibility statement has not been signed by its day. Sign it, or withdraw it for a reason."),
        f"""
        SELECT concat_ws(':', statement.level, coalesce('post' || owed.debtor_post_id,
                'place' || coalesce(statement.township_id, statement.district_id, 0))),
            {NO_LINE}, NULL::bigint, owed.debtor_post_id, statement.district_id, statement.township_id,
            NULL::bigint, NULL::bigint, statement.site_id
        FROM responsibility_obligation AS owed
        JOIN responsibility_statement AS statement ON statement.id = owed.subject_id
        WHERE owed.kind IN ('{PROMISE}', '{RECEIVE}') AND owed.closed_at IS NULL
        AND owed.due_on < %(day)s::date
        """,  # noqa: S608 (words of our own)
        local=False,
        rows=unsigned,
    ),
    order=90,
)
