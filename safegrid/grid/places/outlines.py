"""Outlines of places drawn anew: read from GeoJSON (RFC 7946), shown, then done."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from safegrid.audit.services import Deed, record_many
from safegrid.grid.choices import Datum
from safegrid.grid.models import District
from safegrid.grid.places.positions import is_on_earth, to_wgs84
from safegrid.grid.queries import ids_in_line
from safegrid.kernel.refusals import Invalid, NotAllowed
from safegrid.kernel.scope import reach_of

#: The kinds of posts that may; posts are known above the grid.
DRAWING = ("head", "office")
MOST = 500  # places in one file
LENGTH = 2_000_000  # characters of a file
METRES = 111_320  # of a degree of latitude
AREAS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Outline:
    """A place and the area that it is to have, WGS-84."""

    place: District
    area: BaseGeometry

    @property
    def hectares(self) -> float:
        """How large it will be."""
        return hectares(self.area)

    @property
    def before(self) -> float | None:
        """How large it is, in hectares; None where nothing is drawn yet."""
        return hectares(shape(self.place.boundary)) if self.place.boundary else None


def hectares(area: BaseGeometry) -> float:
    """Return the size of an area in degrees, in hectares; good to a hundredth for places of a city."""
    if area.is_empty:
        return 0.0
    return float(area.area * METRES**2 * math.cos(math.radians(area.centroid.y)) / 10_000)


def may_redraw(user: Any, post: Any, place: District) -> bool:
    """Whether somebody acting as `post` may draw `place`: a head or office that acts for all of it."""
    if not post or post.kind not in DRAWING:  # it may be a lazy one of nobody
        return False
    above = ids_in_line(place)
    branches = reach_of(user).of(acting=True, post_id=post.pk).branches
    return any(b.matter_id is None and (b.city or b.place_id in above) for b in branches)


def understand(text: str, *, within: District, datum: str = Datum.WGS84) -> list[Outline]:
    """Return the outlines of `text`, a GeoJSON FeatureCollection whose features have a `code`. One query.

    Each is of `within` itself or of a place below it that exists. `datum` is that of the coordinates. Raise
    Invalid at `outlines`, naming the first feature that is not understood.
    """
    if len(text) > LENGTH:
        raise _invalid(_("The file is too large."))
    try:
        features = json.loads(text)["features"]
        assert isinstance(features, list)  # noqa: S101 (answered below)
    except (ValueError, TypeError, KeyError, AssertionError, RecursionError) as error:
        raise _invalid(_("This is no GeoJSON FeatureCollection.")) from error
    if not 0 < len(features) <= MOST:
        raise _invalid(_("A file has one place at least and %(n)s at most.") % {"n": MOST})
    below = District.objects.filter(path__startswith=within.path, closed_on=None)
    places = {place.code: place for place in below}
    found: dict[str, Outline] = {}
    for number, feature in enumerate(features, start=1):
        code, area = _one(feature, number, datum)
        if code not in places:
            text = _("No. %(n)s: no place with the code %(code)s lies in %(place)s.")
            raise _invalid(text % {"n": number, "code": code or "–", "place": within.label})
        if code in found:
            raise _invalid(_("No. %(n)s: %(code)s stands there twice.") % {"n": number, "code": code})
        found[code] = Outline(places[code], area)
    return list(found.values())


def _one(feature: Any, number: int, datum: str) -> tuple[str, BaseGeometry]:
    try:
        code = str(feature["properties"].get("code") or "").strip()
        kind = feature["geometry"]["type"]
        area = shape(feature["geometry"]) if kind in AREAS else None
    except (KeyError, TypeError, AttributeError, ValueError, shapely.errors.ShapelyError):
        code, area = "", None
    if area is None or area.is_empty:
        raise _invalid(_("No. %(n)s has no area (Polygon or MultiPolygon) and code.") % {"n": number})
    # Numbers that are no position at all are found before anything is worked out from them.
    points = shapely.get_coordinates(area)
    if not all(is_on_earth(x, y) for x, y in points):
        raise _invalid(_("No. %(n)s lies nowhere on earth: degrees, longitude first.") % {"n": number})
    if datum != Datum.WGS84:
        area = shapely.transform(area, lambda xy: np.array([to_wgs84((x, y), datum) for x, y in xy]))
    if not area.is_valid:
        why = shapely.is_valid_reason(area)
        raise _invalid(_("No. %(n)s, %(code)s: its border crosses itself (%(why)s).") % {
            "n": number, "code": code, "why": why,
        })  # fmt: skip
    return code, area


def _invalid(text: str) -> Invalid:
    return Invalid({"outlines": text})


def redraw(outlines: Sequence[Outline], *, basis: str, actor: Any, acting_post: Any, now: dt.datetime) -> int:
    """Let places have these outlines; return how many have another one than before. Safe to repeat.

    Where sites stand stays: an outline only suggests it. Raise NotAllowed outside of what the post acts in,
    Invalid without a basis.
    """
    if not basis.strip():
        raise Invalid({"basis": _("Name the decision that it rests on.")})
    with transaction.atomic():
        rows = District.objects.select_for_update().filter(pk__in=[each.place.pk for each in outlines])
        places = {place.pk: place for place in rows.order_by("pk")}
        if not all(may_redraw(actor, acting_post, each.place) for each in outlines):
            raise NotAllowed
        changed = []
        for each in outlines:
            place = places[each.place.pk]
            drawn = json.loads(json.dumps(mapping(each.area)))
            if place.closed_on is None and place.boundary != drawn:
                place.boundary = drawn
                changed.append(place)
        District.objects.bulk_update(changed, ["boundary"])
        said = [Deed(place, "place.redrawn", {"basis": basis.strip()[:200]}) for place in changed]
        record_many(said, actor=actor, acting_post=acting_post, now=now)
    return len(changed)
