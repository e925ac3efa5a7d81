"""What a person does with a finding: dismiss it for a reason, or take it up again."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from responsibility.coverage import owing
from responsibility.coverage.choices import FindingState
from responsibility.coverage.models import Finding, PastDismissal
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale

REASON_LENGTH = 300

#: Rules of which no finding is dismissed as a whole: what comes to it later has no site by which it is seen.
ONE_BY_ONE = frozenset({"unknown_enterprise"})


def may_decide(finding: Finding, post: Post | None) -> bool:
    """Whether `post` may say that a finding is none: whoever must resolve it, or the committee's office."""
    return post is not None and (post.pk == finding.whose_id or post.kind == PostKind.OFFICE)


def dismiss(
    *, finding: Finding, reason: str, actor: Any, acting_post: Post | None, now: dt.datetime
) -> Finding:
    """Say that `finding` is no gap or overlap, and why; it stays so while it lasts. Return it.

    What is said holds for the sites it has: when another one comes, the audit opens it again.

    Raise Invalid without a reason, NotAllowed for whoever may not, Stale when it is no longer open.
    """
    if finding.rule in ONE_BY_ONE:
        raise NotAllowed
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": _("Say why this is no gap or overlap.")})
    return _change(
        finding,
        FindingState.OPEN,
        {
            "state": FindingState.DISMISSED,
            "reason": reason[:REASON_LENGTH],
            "dismissed_at": now,
            "dismissed_by": actor,
        },
        "finding.dismiss",
        {"reason": reason},
        actor=actor,
        acting_post=acting_post,
        now=now,
    )


def take_up(*, finding: Finding, actor: Any, acting_post: Post | None, now: dt.datetime) -> Finding:
    """Open a dismissed finding again and return it. Raise NotAllowed or Stale as `dismiss` does."""
    return _change(
        finding,
        FindingState.DISMISSED,
        {"state": FindingState.OPEN, "reason": "", "dismissed_at": None, "dismissed_by": None},
        "finding.take_up",
        {},
        actor=actor,
        acting_post=acting_post,
        now=now,
    )


def _change(
    finding: Finding,
    before: FindingState,
    values: dict[str, Any],
    action: str,
    data: dict[str, Any],
    *,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Finding:
    with transaction.atomic():
        row = Finding.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=finding.pk)
        if not may_decide(row, acting_post):
            raise NotAllowed
        if row.state != before:
            raise Stale(_("Meanwhile this finding has changed; look at it again."))
        if before == FindingState.DISMISSED:
            PastDismissal.objects.create(
                finding=row, at=row.dismissed_at or now, until=now, by=row.dismissed_by, reason=row.reason
            )
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        record(row, action, actor=actor, acting_post=acting_post, now=now, data=data)
        owing.settle(now=now)
    return row
