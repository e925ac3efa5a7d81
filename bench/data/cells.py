"""Cells all over the city, as it has them once all are drawn: with outlines, officers and sites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry import box, mapping, shape
from shapely.geometry.base import BaseGeometry

from bench.data import bulk
from bench.data.people import Roster
from bench.data.size import Size
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import PostScope
from safegrid.grid.choices import Level
from safegrid.grid.models import District, Unit

CELLS = 5_000  # at scale 1

#: Every site stands in a cell of its community; as if it always had, so nothing follows from it.
PLACE = """
    UPDATE grid_site AS site SET cell_id = cells.ids[1 + site.id %% cardinality(cells.ids)]
    FROM (
        SELECT community.id, array_agg(cell.id ORDER BY cell.id) AS ids
        FROM grid_district AS community
        JOIN grid_district AS cell ON cell.path LIKE community.path || '____' AND cell.level = %(cell)s
        WHERE community.level = %(community)s GROUP BY community.id
    ) AS cells
    WHERE site.community_id = cells.id AND site.cell_id IS NULL
"""


def draw(size: Size) -> None:
    """Draw cells where there are none until the city has as many as it should, and appoint their officers.

    A township in which none were drawn is cut into strips, so that its cells leave no hole and do not
    overlap; where others are drawn already, the new ones have no outline.
    """
    places = list(District.objects.filter(closed_on=None).order_by("path"))
    below: dict[str, list[District]] = defaultdict(list)
    for place in places:
        below[place.path[: -place.steplen]].append(place)
    towns = [place for place in places if place.level == Level.TOWNSHIP]
    bare = [each for town in towns for each in below[town.path] if not below[each.path]]
    drawn = sum(place.level == Level.CELL for place in places)
    each, more = divmod(max(len(bare), round(CELLS * size.scale) - drawn), len(bare))
    count = {community.pk: each + (number < more) for number, community in enumerate(bare)}
    cells: list[District] = []
    for town in towns:
        communities = [community for community in below[town.path] if community.pk in count]
        new = [cell for community in communities for cell in _cells(community, count[community.pk])]
        if communities == below[town.path] and town.boundary is not None:
            outlines = _strips(shape(town.boundary), len(new))
            for cell, outline in zip(new, outlines, strict=True):
                cell.boundary = mapping(outline)
        cells += new
    District.objects.bulk_create(cells, 1000)
    for community in bare:
        community.numchild = count[community.pk]
    District.objects.bulk_update(bare, ["numchild"], 1000)
    bulk.execute("ALTER TABLE grid_site DISABLE TRIGGER USER")
    bulk.execute(PLACE, {"cell": Level.CELL, "community": Level.COMMUNITY})
    bulk.execute("ALTER TABLE grid_site ENABLE TRIGGER USER")
    _appoint(cells, size)


def _cells(community: District, count: int) -> Iterator[District]:
    for number in range(1, count + 1):
        yield District(
            path=District._get_path(community.path, community.depth + 1, number),
            depth=community.depth + 1,
            code=f"{community.code}{number:03d}",
            level=Level.CELL,
            name=f"{community.name}第{number:03d}网格",
            opened_on=community.opened_on,
        )


def _strips(outline: BaseGeometry, count: int) -> Sequence[Any]:
    """Return an outline cut into `count` strips from west to east."""
    west, south, east, north = outline.bounds
    edges = [west + (east - west) * number / count for number in range(count + 1)]
    boxes = [box(left, south, right, north) for left, right in pairwise(edges)]
    return shapely.intersection(shapely.make_valid(outline), boxes)


def _appoint(cells: Sequence[District], size: Size) -> None:
    """Give each cell a grid officer of its township's government."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    roster = Roster(size)
    for cell in cells:
        unit, scope = units[f"{cell.code[:9]}000-government"], PostScope(district=cell, acting=True)
        roster.add(f"cell-{cell.code}", PostKind.GRID_OFFICER, f"{cell.name}网格员", unit, scope)
    roster.save()
