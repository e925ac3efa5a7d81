"""Duties follow their places when these are reorganised: the old ones end, what follows them begins."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from responsibility.assignments.choices import Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import let_end
from safegrid.audit.services import Deed, record_many
from safegrid.grid.models import District
from safegrid.grid.sockets import SuccessionFollower, succession_followers
from safegrid.kernel import clock


@dataclass(frozen=True)
class _Wanted:
    """A duty that is to be given."""

    old: Assignment
    place: int
    span: DateRange


def count(places: Sequence[int]) -> list[tuple[str, int]]:
    """Return how many duties lie over these places that are in force or to come. One query."""
    today = clock.local_date(clock.now())
    rows = Assignment.objects.filter(district__in=places)
    rows = rows.filter(Q(span__endswith=None) | Q(span__endswith__gt=today))
    return [(_("assignments"), rows.count())]


def follow(
    went: Mapping[int, Sequence[int]], *, on: dt.date, actor: Any, acting_post: Any, now: dt.datetime
) -> None:
    """End each duty over an old place on the day, and give the same over what took its place.

    Where two that led in different places would lead in one, each leads in the parts that were its own; where
    there are no parts, whoever led first does.
    """
    rows = list(
        Assignment.objects.filter(district__in=list(went))
        .filter(Q(span__endswith=None) | Q(span__endswith__gt=on))
        .select_related("matter", "district")
        .defer("district__boundary")
        .order_by("span", "pk")
    )
    wanted = [
        _Wanted(row, place, DateRange(max(row.span.lower, on), row.span.upper))
        for row in rows
        for place in went[row.district_id]  # type: ignore[index]
    ]
    deeds = let_end(rows, on=on, why="succession")
    made = Assignment.objects.bulk_create(
        Assignment(
            post_id=each.old.post_id,
            line=each.old.line,
            tier=each.old.tier,
            matter_id=each.old.matter_id,
            district_id=each.place,
            span=each.span,
            basis=each.old.basis,
            document=each.old.document,
            assigned_by_id=each.old.assigned_by_id,
        )
        for each in _settled(wanted, went)
    )
    deeds += [
        Deed(row, "assignment.give", {"post": row.post_id, "district": row.district_id, "why": "succession"})
        for row in made
    ]
    record_many(deeds, actor=actor, acting_post=acting_post, now=now)


def _settled(wanted: Sequence[_Wanted], went: Mapping[int, Sequence[int]]) -> list[_Wanted]:
    """Return what is to be given, each once, and never two leads over the same."""
    groups: dict[tuple[Any, ...], list[_Wanted]] = defaultdict(list)
    for each in wanted:
        groups[each.old.line, each.old.tier, each.old.matter_id, each.place].append(each)
    found: list[_Wanted] = []
    parts: list[_Wanted] = []
    for (_line, tier, _matter, _place), rivals in groups.items():
        once = list({each.old.post_id: each for each in reversed(rivals)}.values())[::-1]
        places = {each.old.district_id for each in once}
        if tier != Tier.LEAD or len(once) == 1 or len(places) == 1:
            found += rivals if len(places) == 1 else once
            continue
        children = {each.old.district_id: _parts(each, went) for each in once}
        if all(children.values()):
            parts += [
                _Wanted(each.old, part, each.span) for each in once for part in children[each.old.district_id]
            ]
        else:
            found.append(once[0])
    taken = {(e.old.line, e.old.tier, e.old.matter_id, e.place) for e in found}
    return found + [e for e in parts if (e.old.line, e.old.tier, e.old.matter_id, e.place) not in taken]


def _parts(each: _Wanted, went: Mapping[int, Sequence[int]]) -> list[int]:
    """Return what took the place of the children of the old place."""
    old = District.objects.get(pk=each.old.district_id)  # type: ignore[misc]
    children = District.objects.filter(path__startswith=old.path, depth=old.depth + 1, pk__in=list(went))
    return [place for pk in children.values_list("pk", flat=True) for place in went[pk]]


succession_followers.plug("assignments", SuccessionFollower(count, follow), order=20)
