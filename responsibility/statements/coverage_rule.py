"""What the coverage audit says of statements: one that nobody has signed by its day is a gap."""

from django.utils.translation import gettext_lazy as _

from responsibility.coverage.choices import Kind, Severity
from responsibility.coverage.rules import Rule, add
from responsibility.coverage.rules.register import NO_LINE
from responsibility.statements.signing import PROMISE, RECEIVE

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
    ),
    order=90,
)
