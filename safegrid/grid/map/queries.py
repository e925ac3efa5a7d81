"""What the map draws: areas of a level, and sites as points or, when they are many, as counts by place."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Avg, Count, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from safegrid.grid.choices import Level
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


#: One text for the browser, made where the rows are: a thousand points are many small things to hand on.
POINTS = """
    SELECT count(*), json_build_object(
        'id', coalesce(array_to_json(array_agg(id)), '[]'),
        'longitude', coalesce(array_to_json(array_agg(longitude)), '[]'),
        'latitude', coalesce(array_to_json(array_agg(latitude)), '[]'),
        'risk', coalesce(array_to_json(array_agg(risk)), '[]')
    )::text
    FROM ({}) AS point(id, longitude, latitude, risk)
"""
NO_POINTS = json.dumps({"id": [], "longitude": [], "latitude": [], "risk": []})


def points(sites: QuerySet[Site]) -> str | None:
    """Return the sites that have a position as JSON, column by column. One query.

    `{"id": […], "longitude": […], "latitude": […], "risk": ["red", …]}`; None when there are more than
    `MAX_POINTS`.
    """
    found = sites.exclude(longitude=None).order_by().values_list("pk", "longitude", "latitude", "risk")
    try:
        inner, params = found[: MAX_POINTS + 1].query.sql_with_params()
    except EmptyResultSet:
        return NO_POINTS
    with connection.cursor() as cursor:
        cursor.execute(POINTS.format(inner), params)
        count, text = cursor.fetchone()
    return None if count > MAX_POINTS else text


def heaps(sites: QuerySet[Site]) -> list[tuple[int, float, float, int, str]]:
    """Return how many of the sites lie in each township, with its name and their middle. Two queries.

    Each is (place, longitude, latitude, count, name).
    """
    found = list(
        sites.exclude(longitude=None)
        .order_by()
        .values(place=Coalesce("township_id", "district_id"))
        .annotate(n=Count("pk"), x=Avg("longitude"), y=Avg("latitude"))
        .values_list("place", "n", "x", "y")
    )
    rows = District.objects.filter(pk__in=[place for place, *_ in found]).values_list("pk", "name", "name_en")
    labels = {pk: choose(name, name_en) for pk, name, name_en in rows}
    return [(place or 0, round(x, 5), round(y, 5), n, labels.get(place, "")) for place, n, x, y in found]


def site(sites: QuerySet[Site], pk: int) -> dict[str, str] | None:
    """Return what the map says of one of the sites; None when it is not among them."""
    row = sites.filter(pk=pk).select_related("enterprise").first()
    if row is None:
        return None
    owner = row.enterprise.name
    return {
        "name": row.name,
        "enterprise": owner if owner != row.name else "",
        "risk": row.get_risk_display(),
        "url": f"{reverse('grid:enterprise', args=[row.enterprise_id])}?site={pk}",
    }


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


def _feature(pk: int, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": pk, "geometry": geometry, "properties": properties}


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
