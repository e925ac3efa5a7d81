"""Cells that leave a hole in what they lie in, or lie on each other: found from the drawn outlines."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from django.db.models import QuerySet
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from responsibility.coverage.models import CellFault, Tolerance
from safegrid.grid.choices import Level
from safegrid.grid.models import District

METRES = 111_320  # of a degree of latitude
TOLERANCE = 30.0  # metres, where no row says otherwise


def refresh(**_when: Any) -> None:
    """Write down the holes and overlaps of today's cells. Three queries and a write.

    A place is looked at when it has an outline and all of its communities have cells, all of them drawn: what
    is not drawn yet is no hole.
    """
    row = Tolerance.objects.filter(code="cells").first()
    width = float(row.metres) if row is not None else TOLERANCE
    places = list(District.objects.filter(closed_on=None).order_by("path"))
    found = [fault for place, cells in _drawn(places) for fault in _faults(place, cells, width)]
    kept = {(f.kind, f.place_id, f.cell_id, f.other_id): f for f in CellFault.objects.all()}
    fresh = {(f.kind, f.place_id, f.cell_id, f.other_id): f for f in found}
    CellFault.objects.filter(pk__in=[f.pk for key, f in kept.items() if key not in fresh]).delete()
    for key, fault in fresh.items():
        if key in kept:
            fault.pk = kept[key].pk
    CellFault.objects.bulk_update([f for f in found if f.pk], ["geometry", "square_metres"])
    CellFault.objects.bulk_create([f for f in found if not f.pk])


def _drawn(places: Sequence[District]) -> Iterator[tuple[District, list[District]]]:
    """Yield the lowest places with an outline whose cells are all drawn, with these cells."""
    below: dict[str, list[District]] = defaultdict(list)
    for place in places:
        below[place.path[: -place.steplen]].append(place)
    for place in places:
        if place.boundary is None or place.level not in (Level.TOWNSHIP, Level.COMMUNITY):
            continue
        communities = [place] if place.level == Level.COMMUNITY else below[place.path]
        if place.level == Level.TOWNSHIP and any(each.boundary is not None for each in communities):
            continue  # these are looked at themselves
        cells = [below[each.path] for each in communities]
        every = [cell for group in cells for cell in group]
        if cells and all(cells) and all(cell.boundary is not None for cell in every):
            yield place, every


def _faults(place: District, cells: Sequence[District], width: float) -> Iterator[CellFault]:
    outlines = [_valid(cell.boundary) for cell in cells]
    whole = _valid(place.boundary)
    scale = METRES * math.cos(math.radians(whole.centroid.y))
    if not shapely.coverage_is_valid(np.array(outlines)):
        tree = shapely.STRtree(outlines)
        for one, other in sorted(zip(*tree.query(outlines, predicate="intersects"), strict=True)):
            if one < other:
                common = _thick(shapely.intersection(outlines[one], outlines[other]), scale, width)
                if common is not None:
                    yield _fault("overlap", place, common, scale, cells[one], cells[other])
    hole = _thick(shapely.difference(whole, shapely.union_all(outlines)), scale, width)
    if hole is not None:
        yield _fault("hole", place, hole, scale)


def _valid(outline: Any) -> BaseGeometry:
    return shapely.make_valid(shape(outline))


def _thick(area: BaseGeometry, scale: float, width: float) -> BaseGeometry | None:
    """Return the parts of `area` that are wider than `width` metres; None for none."""
    flat = _flat(area, scale).buffer(-width / 2)
    if flat.is_empty:
        return None
    parts = [part for part in shapely.get_parts(area) if _flat(part, scale).buffer(-width / 2).area > 0]
    polygons = [part for part in parts if part.geom_type == "Polygon"]
    return shapely.union_all(polygons) if polygons else None


def _flat(area: BaseGeometry, scale: float) -> BaseGeometry:
    """Return `area` in metres, near enough for a township."""
    return shapely.transform(area, lambda points: points * np.array([scale, METRES]))


def _fault(
    kind: str,
    place: District,
    area: BaseGeometry,
    scale: float,
    cell: District | None = None,
    other: District | None = None,
) -> CellFault:
    return CellFault(
        kind=kind,
        place=place,
        cell=cell,
        other=other,
        geometry=mapping(area),
        square_metres=round(_flat(area, scale).area),
    )


def visible(user: Any) -> QuerySet[CellFault]:
    """Return the faults whose finding `user` reads."""
    from responsibility.coverage.models import Finding

    keys = Finding.objects.visible_to(user).open().filter(rule__in=("cell_hole", "cell_overlap"))
    return CellFault.objects.filter(pk__in=[int(key) for key in keys.values_list("key", flat=True)])
