"""What the map draws: areas of a level, and sites as points or, when they are many, as counts by place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Avg, Count, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from safegrid.grid.choices import Level, RiskGrade
from safegrid.grid.models import District, Site
from safegrid.kernel.names import choose
from safegrid.kernel.scope import Branch, reach_of

DRAWN = (Level.DISTRICT, Level.TOWNSHIP, Level.CELL)  # levels that have outlines
MAX_POINTS = 2_000


def areas(level: str) -> dict[str, Any]:
    """Return the outlines of the places of `level` as GeoJSON, named in the reader's language. One query."""
    rows = District.objects.filter(level=level, closed_on=None).exclude(boundary=None).order_by("path")
    return _collection(
        _feature(pk, boundary or {}, {"code": code, "name": choose(name, name_en)})
        for pk, code, name, name_en, boundary in rows.values_list("pk", "code", "name", "name_en", "boundary")
    )


def points(sites: QuerySet[Site]) -> dict[str, Any]:
    """Return sites that have a position as GeoJSON points; more than `MAX_POINTS` as counts by township.

    One query, or three.
    """
    placed = sites.exclude(longitude=None)
    names = ("pk", "longitude", "latitude", "name", "risk", "enterprise_id", "enterprise__name")
    rows = list(placed.order_by("pk").values_list(*names)[: MAX_POINTS + 1])
    if len(rows) > MAX_POINTS:
        return _clusters(placed)
    return _collection(
        _feature(
            pk,
            _point(longitude, latitude),
            {
                "name": name,
                "enterprise": owner if owner != name else "",
                "risk": risk,
                "risk_label": str(RiskGrade(risk).label),
                "url": f"{reverse('grid:enterprise', args=[enterprise])}?site={pk}",
            },
        )
        for pk, longitude, latitude, name, risk, enterprise, owner in rows
    )


def _clusters(sites: QuerySet[Site]) -> dict[str, Any]:
    found = list(
        sites.order_by()
        .values(place=Coalesce("township_id", "district_id"))
        .annotate(n=Count("pk"), x=Avg("longitude"), y=Avg("latitude"))
        .values_list("place", "n", "x", "y")
    )
    rows = District.objects.filter(pk__in=[place for place, *_ in found]).values_list("pk", "name", "name_en")
    labels = {pk: choose(name, name_en) for pk, name, name_en in rows}
    return _collection(
        _feature(place or 0, _point(x, y), {"count": n, "name": labels.get(place, "")})
        for place, n, x, y in found
    )


def home(user: Any) -> District | None:
    """Return where the map begins for somebody: the narrowest place with all that their posts reach."""
    branches = reach_of(user).branches
    if any(branch.city for branch in branches):
        return _city()
    ids = [branch.place_id for branch in branches if branch.place_id is not None]
    paths = list(District.objects.filter(pk__in=ids).values_list("path", flat=True))
    paths += _unit_paths(branches)
    shared = paths[0] if paths else ""
    while not all(path.startswith(shared) for path in paths):
        shared = shared[: -District.steplen]
    return District.objects.filter(path=shared).defer("boundary").first() or _city()


def _unit_paths(branches: Iterable[Branch]) -> list[str]:
    units = [branch.unit_id for branch in branches if branch.unit_id is not None]
    return list(District.objects.filter(units__in=units).values_list("path", flat=True)) if units else []


def _city() -> District | None:
    return District.objects.filter(level=Level.CITY, closed_on=None).defer("boundary").first()


def _point(longitude: float, latitude: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(longitude, 6), round(latitude, 6)]}


def _feature(pk: int, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": pk, "geometry": geometry, "properties": properties}


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
