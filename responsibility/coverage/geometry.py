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
DISTRICT_DEPTH = 2  # the city above it
TOLERANCE = 30.0  # metres, where no row says otherwise


def refresh(**_when: Any) -> None:
    """Write down the holes and overlaps of today's cells. Three queries and a write.

    A hole is looked for where a place has an outline and all of its communities have cells, all of them
    drawn: what is not drawn yet is no hole. Overlaps are those of any two drawn cells of a district.
    """
    row = Tolerance.objects.filter(code="cells").first()
    width = float(row.metres) if row is not None else TOLERANCE
    places = list(District.objects.filter(closed_on=None).order_by("path"))
    found = [hole for place, cells in _drawn(places) if (hole := _hole(place, cells, width)) is not None]
    found += _overlaps(places, width)
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


def _hole(place: District, cells: Sequence[District], width: float) -> CellFault | None:
    whole = _valid(place.boundary)
    outlines = [_valid(cell.boundary) for cell in cells]
    hole = _thick(shapely.difference(whole, shapely.union_all(outlines)), _scale(whole), width)
    return None if hole is None else _fault("hole", place, hole, _scale(whole))


def _overlaps(places: Sequence[District], width: float) -> Iterator[CellFault]:
    """Yield where two cells of a district lie on each other, in the lowest place that has both of them.

    They need not be of one community: a border between two is drawn twice, and each may claim a strip. Cells
    are compared with those that a tree of their outlines finds beside them, not each with every other.
    """
    by_path = {place.path: place for place in places}
    districts: dict[str, list[District]] = defaultdict(list)
    for place in places:
        if place.level == Level.CELL and place.boundary is not None:
            districts[place.path[: DISTRICT_DEPTH * place.steplen]].append(place)
    for cells in districts.values():
        outlines = np.array([_valid(cell.boundary) for cell in cells])
        if shapely.coverage_is_valid(outlines):
            continue
        beside = shapely.STRtree(outlines).query(outlines, predicate="intersects")
        ones, others = beside[:, beside[0] < beside[1]]  # each pair once
        common = shapely.intersection(outlines[ones], outlines[others])
        for one, other, area in zip(ones, others, common, strict=True):
            strip = _thick(area, _scale(area), width) if area.area else None
            shared = by_path.get(_path_above(cells[one], cells[other]))
            if strip is not None and shared is not None:
                yield _fault("overlap", shared, strip, _scale(area), cells[one], cells[other])


def _path_above(one: District, two: District) -> str:
    """Return the path of the lowest place in which both lie."""
    lengths = range(len(one.path), 0, -one.steplen)
    return next((one.path[:end] for end in lengths if two.path.startswith(one.path[:end])), "")


def _scale(area: BaseGeometry) -> float:
    """Return the metres of a degree of longitude where `area` lies."""
    return METRES * math.cos(math.radians(area.centroid.y))


def _valid(outline: Any) -> BaseGeometry:
    return shapely.make_valid(shape(outline))


def _thick(area: BaseGeometry, scale: float, width: float) -> BaseGeometry | None:
    """Return the parts of `area` that are wider than `width` metres; None for none."""
    flat = _flat(area, scale)
    # No circle of that width has room in less: most strips are ruled out by this, which takes no time.
    if flat.area < math.pi * (width / 2) ** 2 or flat.buffer(-width / 2).is_empty:
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
