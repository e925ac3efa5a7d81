"""Where a rule lets one kind of what is owed rest or end: of enterprises as a whole, and at one site."""

from __future__ import annotations

from django.db.models import OuterRef, Q, Subquery

from responsibility.standing.choices import Effect
from responsibility.standing.models import StatusRule
from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models import Enterprise, Site, StatusChange


def at_rest(kind: str) -> Q:
    """Return the predicate of rows whose `enterprise` owes nothing of `kind`, by its status. One query now.

    What works by season is at rest out of it.
    """
    rules = {(row.status, row.kind): row.effect for row in StatusRule.objects.filter(kind__in=(kind, ""))}
    resting = {
        status
        for status in EnterpriseStatus
        if rules.get((status, kind), rules.get((status, ""), Effect.STAYS)) != Effect.STAYS
    }
    wanted = Q(enterprise__status__in=resting - {EnterpriseStatus.OPERATING, EnterpriseStatus.SEASONAL})
    if EnterpriseStatus.SEASONAL in resting:
        changes = StatusChange.objects.filter(enterprise=OuterRef("pk"), done_at__isnull=False)
        works = Subquery(changes.order_by("-since", "-pk").values("at_work")[:1])
        seasonal = Enterprise.objects.filter(status=EnterpriseStatus.SEASONAL).alias(works=works)
        wanted |= Q(enterprise__in=seasonal.filter(works=False).values("pk"))
    return wanted


def is_at_rest(site: Site, kind: str) -> bool:
    """Whether nothing of `kind` is owed at a site, by its status. At most two queries.

    What works by season is at work in the season of its last change, and never where nobody said the months.
    """
    if site.status == EnterpriseStatus.OPERATING:
        return False
    rules = {
        row.kind: row.effect for row in StatusRule.objects.filter(status=site.status, kind__in=(kind, ""))
    }
    if rules.get(kind, rules.get("", Effect.STAYS)) == Effect.STAYS:
        return False
    if site.status != EnterpriseStatus.SEASONAL:
        return True
    changes = StatusChange.objects.filter(
        Q(site=site) | Q(site=None), enterprise=site.enterprise_id, done_at__isnull=False
    )
    last = changes.order_by("-since", "-made_at", "-pk").first()
    return last is None or last.status != EnterpriseStatus.SEASONAL or not last.at_work
