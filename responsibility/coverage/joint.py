"""Two bodies that answer with equal right agree: one of them does, the other supports it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from responsibility.assignments.choices import Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.resolution import who_answers
from responsibility.assignments.services import assign, end
from responsibility.coverage.choices import FindingState
from responsibility.coverage.models import Finding
from responsibility.coverage.services import may_decide
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale

RULE = "overlap"


def rivals(finding: Finding, *, on: dt.date) -> list[Assignment]:
    """Return the assignments that answer with equal right at the finding's sites on the local day `on`."""
    touched = finding.touched.still().select_related("site").order_by("pk").first()
    if finding.rule != RULE or touched is None:
        return []
    for answer in who_answers(touched.site, on=on):
        same = (answer.line, answer.tier, answer.matter.pk) == (finding.line, finding.tier, finding.matter_id)
        if same and answer.is_overlap:
            return list(answer.assignments)
    return []


def make_joint(
    *,
    finding: Finding,
    keeps: Assignment,
    support: str,
    basis: str,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> list[Assignment]:
    """Let the body of `keeps` answer alone; the others support it on the tier `support`, or ("") end.

    What they had ends today, or tomorrow what began today; what follows it rests on `basis`, on which both
    agreed. Return what supports it. Raise Invalid, NotAllowed outside the acting post's scope, Stale.
    """
    basis = basis.strip()
    if not basis:
        raise Invalid({"basis": _("Name what both bodies have agreed on.")})
    if support and (support not in Tier.values or support == finding.tier):
        raise Invalid({"support": _("Choose another tier.")})
    today = clock.local_date(now)
    who = {"actor": actor, "acting_post": acting_post, "now": now}
    with transaction.atomic():
        row = Finding.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=finding.pk).first()
        if row is None or not may_decide(row, acting_post):
            raise NotAllowed
        found = rivals(row, on=today)
        if row.state != FindingState.OPEN or keeps not in found:
            raise Stale(_("Meanwhile this finding has changed; look at it again."))
        made = []
        for each in found:
            if each.post.unit_id == keeps.post.unit_id:
                continue
            day = max(today, each.span.lower + dt.timedelta(days=1))
            end(assignment=each, on=day, **who)  # type: ignore[arg-type]
            if support:
                made.append(
                    assign(
                        post=each.post,
                        line=each.line,
                        tier=support,
                        matter=each.matter,
                        district=each.district,
                        site=each.site,
                        since=day,
                        until=each.span.upper,
                        basis=basis,
                        **who,  # type: ignore[arg-type]
                    ).row
                )
        record(
            row,
            "finding.make_joint",
            **who,  # type: ignore[arg-type]
            data={"keeps": keeps.pk, "support": support, "basis": basis, "made": [m.pk for m in made]},
        )
    return made
