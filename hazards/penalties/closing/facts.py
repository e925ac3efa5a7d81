"""Whether an enterprise is a repeat offender today, and by which penalties and hazards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from hazards.choices import OPEN, Grade
from hazards.models import Hazard
from hazards.penalties.closing.models import RepeatRule, rules_in_force
from hazards.penalties.models import Penalty


@dataclass(frozen=True)
class Facts:
    """What meets a rule: penalties, the latest first; major hazards that are there."""

    rules: tuple[RepeatRule, ...]
    penalties: tuple[Penalty, ...]
    hazards: tuple[Hazard, ...]

    def marks(self) -> frozenset[tuple[str, int]]:
        """Return which facts they are: a decision is one, by whichever of its penalties was entered first."""
        decisions: dict[tuple[int, str], int] = {}
        for penalty in self.penalties:
            key = (penalty.unit_id, penalty.document)
            decisions[key] = min(penalty.first_id, decisions.get(key, penalty.first_id))
        own = {("penalty", pk) for pk in decisions.values()}
        return frozenset(own | {("hazard", hazard.pk) for hazard in self.hazards})


def facts_of(enterprise_id: int, *, on: dt.date) -> Facts | None:
    """Return what makes an enterprise a repeat offender on the local day `on`; None when it is none.

    A major hazard is there, and as many decisions by the Work Safety Law as a rule says lie within its days,
    the last of them no longer ago than that. A decision counts once. Three queries.
    """
    rules = list(rules_in_force(on))
    if not rules:
        return None
    major = Hazard.objects.filter(enterprise=enterprise_id, grade=Grade.MAJOR, state__in=OPEN)
    hazards = tuple(major.order_by("pk"))
    if not hazards:
        return None
    first = on - 2 * dt.timedelta(days=max(rule.days for rule in rules))
    rows = Penalty.objects.standing().filter(
        enterprise=enterprise_id, is_of_law=True, decided_on__range=(first, on)
    )
    penalties = list(rows.order_by("-decided_on", "-pk"))
    met: dict[RepeatRule, list[Penalty]] = {
        rule: found for rule in rules if (found := _within(penalties, rule, on))
    }
    if not met:
        return None
    counted = {penalty.pk for found in met.values() for penalty in found}
    return Facts(tuple(met), tuple(each for each in penalties if each.pk in counted), hazards)


def _within(penalties: Sequence[Penalty], rule: RepeatRule, on: dt.date) -> list[Penalty]:
    """Return the latest penalties, latest first, of which enough decisions lie within the rule's days."""
    span = dt.timedelta(days=rule.days)
    for last in dict.fromkeys(penalty.decided_on for penalty in penalties):
        if last < on - span:
            break
        found = [penalty for penalty in penalties if last - span <= penalty.decided_on <= last]
        if len({(penalty.unit_id, penalty.document) for penalty in found}) >= rule.penalties:
            return found
    return []


def candidates(*, on: dt.date) -> Iterable[int]:
    """Return the enterprises that may be repeat offenders on the local day `on`. Two queries."""
    rules = list(rules_in_force(on))
    if not rules:
        return []
    first = on - 2 * dt.timedelta(days=max(rule.days for rule in rules))
    least = min(rule.penalties for rule in rules)
    major = Hazard.objects.filter(grade=Grade.MAJOR, state__in=OPEN).values("enterprise")
    rows = Penalty.objects.standing().filter(
        is_of_law=True, decided_on__range=(first, on), enterprise__in=major
    )
    counted = rows.order_by().values("enterprise").annotate(n=Count("document", distinct=True))
    return list(counted.filter(n__gte=least).order_by("enterprise").values_list("enterprise", flat=True))
