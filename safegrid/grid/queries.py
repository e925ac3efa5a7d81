"""Questions about the grid that more than one place asks."""

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
)

from safegrid.grid import gazetteer
from safegrid.grid.choices import Level
from safegrid.grid.models import District, Industry, Matter, Site, Unit
from safegrid.kernel.scope import reach_of


def open_districts() -> QuerySet[District]:
    """Return the places that exist today, in the order of the tree."""
    return District.objects.filter(closed_on=None).order_by("path").defer("boundary")


def districts_on(on: dt.date) -> QuerySet[District]:
    """Return the places that existed on the local day `on`, in the order of the tree."""
    begun = Q(opened_on=None) | Q(opened_on__lte=on)
    return (
        District.objects.filter(begun, Q(closed_on=None) | Q(closed_on__gt=on))
        .order_by("path")
        .defer("boundary")
    )


def around(nodes: QuerySet[District]) -> Exists:
    """Return the predicate of a district that lies on the way to one of `nodes`, or in or under it."""
    here = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    return Exists(
        nodes.order_by()
        .alias(here=here)
        .filter(Q(path__startswith=OuterRef("path")) | Q(here__startswith=F("path")))
    )


def places_reached(user: Any, level: str) -> QuerySet[District]:
    """Return the places of `level` that a list may offer `user` as a choice; no query is made yet."""
    reach = reach_of(user)
    places = open_districts().filter(level=level)
    if reach.is_everywhere:
        return places
    ids = {branch.place_id for branch in reach.branches if branch.place_id}
    units = {branch.unit_id for branch in reach.branches if branch.unit_id}
    of_units = Unit.objects.filter(pk__in=units).values("district")
    wanted = Q(around(District.objects.filter(Q(pk__in=ids) | Q(pk__in=of_units))))
    if reach.enterprise_ids and level != Level.CITY:
        own = Site.objects.filter(enterprise__in=reach.enterprise_ids)
        wanted |= Q(pk__in=own.exclude(**{level: None}).values(level))
    return places.filter(wanted)


def place_reached(user: Any, code: str, level: str) -> District | None:
    """Return the one of `places_reached` with `code`, or None."""
    reach = reach_of(user)
    place = gazetteer.place(code, edition=reach.edition)
    if place is None or place.level != level:
        return None
    paths = gazetteer.paths(edition=reach.edition)
    own = [path for branch in reach.branches if (path := paths.get(branch.place_id or 0))]
    if reach.is_everywhere or any(place.path.startswith(p) or p.startswith(place.path) for p in own):
        return place
    return places_reached(user, level).filter(pk=place.pk).first()  # by a unit or an enterprise


def matters_reached(user: Any) -> QuerySet[Matter]:
    """Return the matters that a list may offer `user` as a choice, each with the ids `inside` it.

    No query is made yet.
    """
    reach = reach_of(user)
    below = Matter.objects.filter(path__startswith=OuterRef("path"))
    matters = Matter.objects.annotate(inside=ArraySubquery(below.values("pk"))).order_by("path")
    if reach.has_every_matter:
        return matters
    ids = {pk for branch in reach.branches for pk in branch.matter_ids}
    own = Site.objects.filter(enterprise__in=reach.enterprise_ids).annotate(
        one=Func("matter_ids", function="unnest", output_field=BigIntegerField())
    )
    return matters.filter(Q(pk__in=ids) | Q(pk__in=own.values("one")))


def matter_reached(user: Any, code: str) -> Matter | None:
    """Return the one of `matters_reached` with `code`, or None."""
    reach = reach_of(user)
    if reach.has_every_matter:
        return gazetteer.matter(code, edition=reach.edition)
    return matters_reached(user).filter(code=code).first()


def matters_at(site: Site, user: Any, post: Any) -> QuerySet[Matter]:
    """Return the site's matters in which `user` may act as `post`, in the order of the tree."""
    branches = reach_of(user).of(acting=True, post_id=post.pk).branches
    matters = Matter.objects.filter(pk__in=site.matter_ids).order_by("path")
    if any(branch.matter_id is None for branch in branches):
        return matters
    return matters.filter(pk__in={pk for branch in branches for pk in branch.matter_ids})


def industries_reached(user: Any) -> QuerySet[Industry]:
    """Return the industries that a list may offer `user` as a choice, each with the ids `inside` it.

    An enterprise has its own only.
    """
    reach = reach_of(user)
    below = Industry.objects.filter(Q(pk=OuterRef("pk")) | Q(parent=OuterRef("pk")))
    industries = Industry.objects.annotate(inside=ArraySubquery(below.values("pk"))).order_by("code")
    if reach.is_official:
        return industries
    own = Site.objects.filter(enterprise__in=reach.enterprise_ids)
    mine = Q(pk__in=own.values("industry")) | Q(divisions__in=own.values("industry"))
    return industries.filter(mine).distinct()


def industry_reached(user: Any, code: str) -> Industry | None:
    """Return the one of `industries_reached` with `code`, or None."""
    reach = reach_of(user)
    if reach.is_official:
        return gazetteer.industry(code, edition=reach.edition)
    return industries_reached(user).filter(code=code).first()


def ancestors(place: District) -> QuerySet[District]:
    """Return the places above `place`, from the city down."""
    paths = [place.path[: i * place.steplen] for i in range(1, place.depth)]
    return District.objects.filter(path__in=paths).order_by("path").defer("boundary")


def matters_governed(unit: Unit) -> list[int]:
    """Return the ids of the matters that a unit governs, with all below them. Two queries."""
    below = Q(pk__in=[])
    for path in unit.governs.values_list("path", flat=True):
        below |= Q(path__startswith=path)
    return list(Matter.objects.filter(below).values_list("pk", flat=True))


def ids_in_line(place: District) -> set[int | None]:
    """Return the ids of a place and of all above it: a scope over one of them holds the place. One query."""
    paths = [place.path[: end * place.steplen] for end in range(1, place.depth + 1)]
    return set(District.objects.filter(path__in=paths).values_list("pk", flat=True))
