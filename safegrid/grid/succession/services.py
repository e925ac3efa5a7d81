"""Carrying out a reorganisation: one transaction, set by set, safe to repeat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from django.db import connection
from django.utils.translation import gettext as _
from shapely import unary_union
from shapely.geometry import mapping as as_geojson
from shapely.geometry import shape

from safegrid.audit.services import Deed, record_many
from safegrid.grid.choices import Level
from safegrid.grid.models import District, Reorganisation, Succession, Unit
from safegrid.grid.places.past import move_on
from safegrid.grid.places.trees import grow
from safegrid.grid.services import By
from safegrid.grid.sockets import succession_followers
from safegrid.grid.succession.plan import DIGITS, NewPlace, Plan, check, placed_models
from safegrid.grid.succession.planned import Frame
from safegrid.kernel.refusals import Invalid
from safegrid.kernel.scope import LEVELS


def reorganise(
    *,
    kind: str,
    predecessors: Sequence[District],
    successors: Sequence[NewPlace],
    on: dt.date,
    basis: str,
    parts: Mapping[int, int] | None = None,
    rest: int = 0,
    **by: Unpack[By],
) -> Reorganisation:
    """Let `successors` take the place of `predecessors` from the local day `on`, and return it.

    A later day is planned. Of a split, `parts` says which child goes to which successor (by number, from 0),
    and `rest` where everything else goes. Sent twice, what is there comes back. Raise NotAllowed for anybody
    but the committee's office, Invalid by field: a closed place, a code that is taken, a circle.
    """
    row = Reorganisation(
        kind=kind,
        on=on,
        basis=basis,
        successors=[
            {"code": each.code, "name": each.name.strip(), "name_en": each.name_en.strip()}
            for each in successors
        ],
        parts={str(pk): index for pk, index in (parts or {}).items()},
        rest=rest,
    )
    return FRAME.decide(row, predecessors, by)


def carry_out(*, now: dt.datetime) -> int:
    """Carry out what is planned up to the local day of `now`; return how many were. Safe to repeat."""
    return FRAME.carry_out(now=now)


def _check(row: Reorganisation, predecessors: Sequence[District], today: dt.date) -> Plan:
    return check(
        kind=row.kind,
        on=row.on,
        basis=row.basis,
        predecessors=predecessors,
        successors=[NewPlace(**each) for each in row.successors],
        parts=row.parts,
        rest=row.rest,
        today=today,
        own=row.pk,
    )


def _apply(row: Reorganisation, plan: Plan, by: By) -> None:
    """Close the old subtrees, open the new ones, and let everything that stands there go along."""
    below = {
        place.pk: list(District.objects.filter(path__startswith=place.path, closed_on=None).order_by("path"))
        for place in plan.predecessors
    }
    every = [place for places in below.values() for place in places]
    District.objects.filter(pk__in=[place.pk for place in every]).update(closed_on=plan.on)
    parent = District.objects.get(path=plan.predecessors[0].path[: -District.steplen])
    tops = [_top(plan, new, below) for new in plan.successors]
    growing: list[tuple[District, District | None]] = [(top, parent) for top in tops]
    pairs: list[tuple[District, District]] = []  # old, new
    taken = {top.code for top in tops}
    for old in plan.predecessors:
        pairs += [(old, top) for top in tops]
        made = {old.path: tops[plan.rest]}
        for place in below[old.pk][1:]:
            above = made[place.path[: -District.steplen]]
            if place.depth == old.depth + 1 and place.pk in plan.parts:
                above = tops[plan.parts[place.pk]]
            twin = _twin(place, above, plan.on, taken)
            made[place.path] = twin
            growing.append((twin, above))
            pairs.append((place, twin))
    grow(growing)
    Succession.objects.bulk_create(
        Succession(predecessor=old, successor=new, on=plan.on, kind=plan.kind, basis=plan.basis[:200])
        for old, new in pairs
    )
    went: dict[int, list[int]] = {}
    for old, new in pairs:
        went.setdefault(old.pk, []).append(new.pk)
    # What stands in none of the children of what is split goes to one of the new places.
    first = {old.pk: new for old, new in reversed(pairs)} | {p.pk: tops[plan.rest] for p in plan.predecessors}
    move_on(plan.on)
    _move(first, plan)
    for unit in Unit.objects.existing().filter(district__in=went):
        Unit.objects.filter(pk=unit.pk).update(district=first[unit.district_id])
    for plug in succession_followers:
        plug.follow(went, on=plan.on, **by)
    record_many(
        [
            *(
                Deed(place, "closed", {"on": plan.on, "reorganisation": row.pk})
                for place in plan.predecessors
            ),
            *(Deed(top, "opened", {"on": plan.on, "code": top.code, "name": top.name}) for top in tops),
        ],
        **by,
    )


def _top(plan: Plan, new: NewPlace, below: Mapping[int, list[District]]) -> District:
    """Return a successor, not saved: of the level and the kind of what it follows, with its outline."""
    old = plan.predecessors[0]
    index = plan.successors.index(new)
    parts = list(plan.predecessors)
    if len(plan.successors) > 1:
        children = [p for p in below[old.pk] if p.depth == old.depth + 1]
        parts = [p for p in children if plan.parts.get(p.pk, plan.rest) == index]
    return District(
        code=new.code,
        name=new.name.strip(),
        name_en=new.name_en.strip(),
        level=old.level,
        kind=old.kind,
        opened_on=plan.on,
        boundary=_outline(parts),
    )


def _outline(places: Sequence[District]) -> Any:
    """Return the union of the outlines of `places`; none where one of them has none."""
    if not places or any(place.boundary is None for place in places):
        return None
    if len(places) == 1:
        return places[0].boundary
    return as_geojson(unary_union([shape(place.boundary).buffer(0) for place in places]))


def _twin(place: District, above: District, on: dt.date, taken: set[str]) -> District:
    """Return the successor of a place below: the same, under the digits of what it lies in now."""
    upper, own = DIGITS[Level.values[Level.values.index(place.level) - 1]], DIGITS[place.level]
    length = 15 if place.level == Level.CELL else 12
    number, width = place.code[upper:own], own - upper
    code = (above.code[:upper] + number).ljust(length, "0")
    if code in taken:
        free = ((above.code[:upper] + f"{n:0{width}d}").ljust(length, "0") for n in range(1, 10**width))
        found = next((each for each in free if each not in taken), None)
        if found is None:
            raise Invalid({"code": _("There is no number left below %(code)s.") % {"code": above.code}})
        code = found
    taken.add(code)
    return District(
        code=code,
        name=place.name,
        name_en=place.name_en,
        short_name=place.short_name,
        aliases=place.aliases,
        level=place.level,
        kind=place.kind,
        opened_on=on,
        boundary=place.boundary,
    )


def _move(went: Mapping[int, District], plan: Plan) -> None:
    """Give every row that stands in an old place the new one: one statement for each model."""
    name = connection.ops.quote_name
    nodes = list(went.values())
    lines = District.objects.filter(
        path__in={n.path[:end] for n in nodes for end in range(n.steplen, len(n.path) + 1, n.steplen)}
    ).values_list("path", "pk", "level")
    at = {path: (pk, level) for path, pk, level in lines}
    rows = []
    for old, node in went.items():
        found: dict[str, int | None] = dict.fromkeys(LEVELS)
        for end in range(node.steplen, len(node.path) + 1, node.steplen):
            pk, level = at[node.path[:end]]
            if level in LEVELS:
                found[level] = pk
        rows.append((old, *(found[level] for level in LEVELS)))
    columns = [f"{level}_id" for level in LEVELS]
    new = ", ".join(f"{name(column)} = place.{name(column)}" for column in columns)
    lowest = "coalesce(row.cell_id, row.community_id, row.township_id, row.district_id)"
    upper = name(f"{plan.predecessors[0].level}_id")
    values = ", ".join("%s::bigint[]" for _each in range(len(columns) + 1))
    with connection.cursor() as cursor:
        for model in placed_models():
            cursor.execute(
                f"UPDATE {name(model._meta.db_table)} AS row SET {new} "  # noqa: S608 (names of our own)
                f"FROM unnest({values}) AS place (old, {', '.join(columns)}) "
                f"WHERE {lowest} = place.old AND row.{upper} = ANY(%s)",
                [*(list(each) for each in zip(*rows, strict=True)), [p.pk for p in plan.predecessors]],
            )


FRAME = Frame(
    Reorganisation,
    "path",
    _check,
    _apply,
    planned="reorganisation.planned",
    decided="reorganisation.decided",
    called_off="reorganisation.called_off",
)
