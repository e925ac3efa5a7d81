"""What is owed at sites follows their status: it stays, rests or ends, and wakes when work begins again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from responsibility.obligations import words
from responsibility.obligations.choices import Outcome
from responsibility.obligations.kinds import kinds
from responsibility.obligations.models import Duty, Obligation
from responsibility.standing.choices import Effect
from responsibility.standing.models import StatusRule
from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models import Enterprise, Site
from safegrid.grid.sockets import Consequence, StatusFollower, status_followers
from safegrid.kernel import clock

#: Of a site at work everything stays, and what rested wakes.
WAKES = _("wakes: the next one opens at once")


class Rules:
    """The rules of one status, read once."""

    def __init__(self, status: str) -> None:
        self.rows = {row.kind: row for row in StatusRule.objects.filter(status=status)}

    def of(self, kind: str) -> tuple[str, str]:
        """Return what becomes of a kind, and where that is laid down. What no subject follows stays."""
        row = self.rows.get(kind) or self.rows.get("")
        if row is None or (kind in kinds and kinds[kind].lapse is None and row.effect != Effect.STAYS):
            return Effect.STAYS, row.source if row and row.effect == Effect.STAYS else ""
        return row.effect, row.source


def _whole(sites: Sequence[int], status: str) -> list[int]:
    """Return the enterprises that have `status` as a whole, once these sites of theirs have it. One query."""
    owners = Enterprise.objects.filter(sites__in=sites)
    other = Site.objects.filter(enterprise=OuterRef("pk")).exclude(pk__in=sites).exclude(status=status)
    return list(owners.filter(Q(status=status) | ~Exists(other)).distinct().values_list("pk", flat=True))


def _touched(sites: Sequence[int], status: str) -> tuple[Q, Q]:
    """Return what a status of these sites reaches of what is owed there, and what goes by the enterprise.

    The second one stays, for the enterprise works on elsewhere.
    """
    whole = _whole(sites, status)
    of_whole = Q(kind__in=[code for code, kind in kinds.items() if kind.is_whole])
    here = Q(site__in=sites)
    reached = (here & ~of_whole) | (of_whole & Q(debtor_enterprise__in=whole))
    return reached, here & of_whole & ~Q(debtor_enterprise__in=whole)


def preview(sites: Sequence[int], status: str) -> list[Consequence]:
    """Return what becomes of what is open at these sites, kind by kind. A bounded number of queries."""
    rules = Rules(status)
    reached, elsewhere = _touched(sites, status)
    rows = Obligation.objects.open().filter(reached | elsewhere).order_by("kind")
    counted = rows.values_list("kind").annotate(n=Count("pk"), reached=Count("pk", filter=reached))
    found = []
    for kind, n, affected in counted:
        effect, source = rules.of(kind) if affected else (Effect.STAYS, "")
        found.append(
            Consequence(words.name(kind) if kind in kinds else kind, Effect(effect).label, n, source)
        )
    resting = Duty.objects.filter(site__in=sites, next_opens_at=None)
    if status == EnterpriseStatus.OPERATING:
        by_kind = resting.order_by("kind").values_list("kind").annotate(n=Count("pk"))
        found += [Consequence(words.name(kind) if kind in kinds else kind, WAKES, n) for kind, n in by_kind]
    return found


def follow(sites: Sequence[int], status: str, *, now: dt.datetime) -> None:
    """Bring what is owed at these sites into line with a status. Doing it twice changes nothing."""
    duties = Duty.objects.filter(site__in=sites)
    if status == EnterpriseStatus.OPERATING:
        duties.filter(next_opens_at=None).update(next_opens_at=now, failures=0)
        return
    rules = Rules(status)
    resting = [
        kind
        for kind in duties.order_by().values_list("kind", flat=True).distinct()
        if rules.of(kind)[0] != Effect.STAYS
    ]
    duties.filter(kind__in=resting).update(next_opens_at=None)
    ended: dict[str, list[tuple[int, int]]] = defaultdict(list)
    reached, _elsewhere = _touched(sites, status)
    rows = Obligation.objects.open().filter(reached).select_for_update(of=("self",)).order_by("pk")
    for pk, kind, subject in rows.values_list("pk", "kind", "subject_id"):
        if rules.of(kind)[0] != Effect.STAYS:
            ended[kind].append((pk, subject))
    for kind, pairs in ended.items():
        days = Func(
            Value(clock.local_date(now)),
            F("due_on"),
            template="%(expressions)s",
            arg_joiner=" - ",
            output_field=IntegerField(),
        )
        Obligation.objects.filter(pk__in=[pk for pk, _subject in pairs]).update(
            closed_at=now, outcome=Outcome.CANCELLED, next_look_at=None, days_late=days
        )
        lapse = kinds[kind].lapse
        if lapse is not None:
            lapse([subject for _pk, subject in pairs], now=now)


status_followers.plug("what is owed", StatusFollower(preview, follow))
