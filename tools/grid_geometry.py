"""Schematic areas: districts cut into townships, some townships cut into grid cells.

No township or cell boundary is published, so the cuts here are *schematic*: each township is the part of its
district nearest to a rough seat point, each cell an even share of its township. What is exact is coverage:
all lines are noded together on one grid of a millionth of a degree (about 0.1 m), so that cells make up their
township, and townships their district, with no hole and no overlap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely import MultiPoint, Point, Polygon
from shapely.affinity import scale
from shapely.geometry.base import BaseGeometry

GRID_DEGREES = 1e-6
# A degree of longitude is shorter than one of latitude: at 36.6° N by cos(36.6°). Cuts are made in a plane
# where both are alike, so that "nearest" means nearest on the ground.
LONGITUDE_FACTOR = 0.803
RELAXATIONS = 40

Areas = dict[str, BaseGeometry]


@dataclass(frozen=True)
class Schematic:
    """The three levels of areas, by code; every township and cell lies in exactly one parent."""

    districts: Areas
    townships: Areas
    cells: Areas


def flat(geometry: BaseGeometry) -> BaseGeometry:
    """Return `geometry` (degrees) in the plane where a degree is equally long both ways."""
    return scale(geometry, xfact=LONGITUDE_FACTOR, yfact=1, origin=(0, 0))


def unflat(geometry: BaseGeometry) -> BaseGeometry:
    """Undo `flat`."""
    return scale(geometry, xfact=1 / LONGITUDE_FACTOR, yfact=1, origin=(0, 0))


def nearest_parts(area: BaseGeometry, seeds: Sequence[Point]) -> list[BaseGeometry]:
    """Cut `area` into the parts nearest to each of `seeds` (Voronoi), in the order of the seeds.

    A bay of the border may leave a scrap of a part beyond its neighbour; the neighbour gets it, so that every
    part is in one piece.
    """
    if len(seeds) == 1:
        return [area]
    sheets = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=area, ordered=True)
    pieces = [list(shapely.get_parts(area.intersection(sheet))) for sheet in sheets.geoms]
    parts = [min(own, key=seed.distance) for own, seed in zip(pieces, seeds, strict=True)]
    scraps = [piece for own, part in zip(pieces, parts, strict=True) for piece in own if piece is not part]
    for scrap in scraps:
        seam = [scrap.buffer(GRID_DEGREES).intersection(part).area for part in parts]
        neighbour = seam.index(max(seam))
        parts[neighbour] = parts[neighbour].union(scrap)
    return parts


def middle(area: BaseGeometry) -> Point:
    """Return the centroid of `area`, or a point inside it where the centroid is not."""
    return area.centroid if area.contains(area.centroid) else area.representative_point()


def even_seeds(area: BaseGeometry, count: int) -> list[Point]:
    """Return `count` points that cut `area` into even parts (Lloyd's relaxation), the same ones each time."""
    minx, miny, maxx, maxy = area.bounds
    steps = 24
    lattice = [
        Point(minx + (maxx - minx) * (i + 0.5) / steps, miny + (maxy - miny) * (j + 0.5) / steps)
        for j in range(steps)
        for i in range(steps)
    ]
    inside = [point for point in lattice if area.contains(point)]
    seeds = [inside[len(inside) * (2 * k + 1) // (2 * count)] for k in range(count)]
    for _ in range(RELAXATIONS):
        seeds = [middle(part) for part in nearest_parts(area, seeds)]
    return sorted(seeds, key=lambda seed: (-round(seed.y, 3), seed.x))


def cut(area: BaseGeometry, seeds: Mapping[str, Point]) -> Areas:
    """Cut `area` (degrees) by named seeds (degrees)."""
    parts = nearest_parts(flat(area), [flat(seed) for seed in seeds.values()])
    return {code: unflat(part) for code, part in zip(seeds, parts, strict=True)}


def cut_evenly(area: BaseGeometry, codes: Sequence[str]) -> Areas:
    """Cut `area` (degrees) into even parts, one for each of `codes`, numbered from north to south."""
    plane = flat(area)
    parts = nearest_parts(plane, even_seeds(plane, len(codes)))
    return {code: unflat(part) for code, part in zip(codes, parts, strict=True)}


def noded(levels: Sequence[Areas]) -> list[Areas]:
    """Return the same levels with one common set of vertices on the grid: they cover each other exactly.

    All boundaries are noded and snapped together; the faces between them are given to the areas that hold
    them and joined again. Areas of one level must not overlap.
    """
    lines = [area.boundary for level in levels for area in level.values()]
    network = shapely.union_all(shapely.set_precision(lines, GRID_DEGREES), grid_size=GRID_DEGREES)
    faces = [face for face in shapely.polygonize([network]).geoms if face.area > 0]
    return [_joined(level, faces) for level in levels]


def _joined(level: Areas, faces: Sequence[Polygon]) -> Areas:
    """Give each face to the area of `level` that holds its inner point, and join what each received."""
    codes = list(level)
    tree = shapely.STRtree(list(level.values()))
    received: dict[str, list[Polygon]] = {code: [] for code in codes}
    for face in faces:
        for index in tree.query(face.representative_point(), predicate="within"):
            received[codes[index]].append(face)
    return {code: shapely.coverage_union_all(parts) for code, parts in received.items()}


def build(
    districts: Areas,
    seats: Mapping[str, Mapping[str, Point]],
    cells: Mapping[str, Mapping[str, Sequence[str]]],
) -> Schematic:
    """Make all schematic areas.

    Takes the districts by code, for each district the seat of each township, and for each township with cells
    its communities with the codes of their cells. Returns the three levels, noded together.
    """
    townships: Areas = {}
    for district, points in seats.items():
        townships |= cut(districts[district], points)
    grid: Areas = {}
    for township, communities in cells.items():
        areas = cut_evenly(townships[township], list(communities))
        for community, codes in communities.items():
            grid |= cut_evenly(areas[community], codes)
    return Schematic(*noded([districts, townships, grid]))
