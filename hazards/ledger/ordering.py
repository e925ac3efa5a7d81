"""Who is taken to have ordered an imported hazard, and so accepts it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, PostScope
from safegrid.grid.imports.kinds import Terms
from safegrid.grid.models import District, Matter, Site
from safegrid.kernel.bigrams import normal
from safegrid.kernel.scope import LEVELS

#: Who accepts what was ordered (see the lifecycle's roles).
POWERS = (PostKind.OFFICER, PostKind.SUPERVISOR)


class Orderers:
    """Finds the officer's post behind a hazard: of the unit that the sheet names, else whoever imports, else
    the one whose acting scope is narrowest around the site. Two queries for a whole file.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._found: dict[tuple[object, ...], Post | None] = {}

    @cached_property
    def _scopes(self) -> list[tuple[Post, District, set[int] | None, int]]:
        """Acting scopes of those with powers, the narrowest first: post, place, matters, depth."""
        paths = dict(Matter.objects.values_list("pk", "path"))
        rows = PostScope.objects.filter(acting=True, post__kind__in=POWERS, district__isnull=False)
        found = []
        for row in rows.select_related("post__unit", "district", "matter").defer("district__boundary"):
            matters = None
            if row.matter is not None:
                matters = {pk for pk, path in paths.items() if path.startswith(row.matter.path)}
            place: Any = row.district
            found.append((row.post, place, matters, place.depth))
        # Officers before supervisors, then the deeper place.
        return sorted(found, key=lambda s: (s[0].kind != PostKind.OFFICER, -s[3], s[0].pk))

    @cached_property
    def _own(self) -> Post | None:
        """The post that imports, when it has the powers."""
        if self.terms.post_id is None:
            return None
        return Post.objects.filter(pk=self.terms.post_id, kind__in=POWERS).select_related("unit").first()

    def find(self, site: Site, matter_id: int, unit: str) -> Post | None:
        """Return the post that ordered it and will accept it; None when nobody with powers acts there."""
        places = tuple(getattr(site, f"{level}_id") for level in LEVELS)
        key = (places, matter_id, unit)
        if key not in self._found:
            self._found[key] = self._choose(places, matter_id, unit)
        return self._found[key]

    def _choose(self, places: tuple[int | None, ...], matter_id: int, unit: str) -> Post | None:
        near = [
            post
            for post, place, matters, depth in self._scopes
            if (depth == 1 or place.pk in places) and (matters is None or matter_id in matters)
        ]
        named = normal(unit)
        of_unit = [p for p in near if p.unit and named in (normal(p.unit.name), normal(p.unit.name_en))]
        if named and of_unit:
            return of_unit[0]
        if self._own is not None:
            return self._own
        officers = [post for post in near if post.kind == PostKind.OFFICER]
        return next(iter(officers or near), None)
