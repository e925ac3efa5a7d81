"""Which matters a site has: from its industry, from its features, or set by hand; dated.

`Site.matter_ids` is kept here: what the site has today and all that is above it in the tree.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from safegrid.grid.choices import MatterOrigin
from safegrid.grid.models import Feature, Industry, Matter, Site, SiteMatter
from safegrid.kernel import clock
from safegrid.kernel.copying import copy_rows


class MatterMap:
    """What industries and features bring, read once for an operation on many sites."""

    def __init__(self) -> None:
        """Read matters, industries and features: four queries."""
        paths = dict(Matter.objects.values_list("path", "pk"))
        step = Matter.steplen
        self._line = {
            pk: [paths[path[:end]] for end in range(step, len(path) + 1, step)] for path, pk in paths.items()
        }
        own: dict[int, list[int]] = defaultdict(list)
        links = Industry.matters.through.objects.order_by("pk").values_list("industry_id", "matter_id")
        for industry, matter in links:
            own[industry].append(matter)
        self._of_industry = {
            pk: [*own[parent], *own[pk]] if parent else own[pk]
            for pk, parent in Industry.objects.order_by().values_list("pk", "parent_id")
        }
        self._of_feature = dict(Feature.objects.exclude(matter=None).values_list("code", "matter_id"))
        self._derived: dict[tuple[int | None, tuple[str, ...]], dict[int, str]] = {}

    def derive(self, industry_id: int | None, features: Iterable[str]) -> dict[int, str]:
        """Return the matters that an industry and features bring, with where each comes from."""
        given = (industry_id, tuple(features))
        if given not in self._derived:
            self._derived[given] = self._derive(*given)
        return dict(self._derived[given])

    def _derive(self, industry_id: int | None, features: Iterable[str]) -> dict[int, str]:
        found = {self._of_feature[f]: MatterOrigin.FEATURE for f in features if f in self._of_feature}
        found |= dict.fromkeys(self._of_industry.get(industry_id or 0, []), MatterOrigin.INDUSTRY)
        return {matter: str(origin) for matter, origin in found.items()}

    def with_ancestors(self, matters: Iterable[int]) -> list[int]:
        """Return the matters and all that is above them, in order."""
        return sorted({above for matter in matters for above in self._line[matter]})


def set_matters(
    site: Site, *, now: dt.datetime, by_hand: Collection[Matter] | None = None, known: MatterMap | None = None
) -> None:
    """Bring the site's matters up to date with its industry and features, from today on.

    `by_hand` replaces the matters that people have set; None leaves them as they are.
    """
    hand = None if by_hand is None else {site.pk: {matter.pk for matter in by_hand}}
    set_matters_many([site], now=now, by_hand=hand, known=known)


@transaction.atomic
def set_matters_many(
    sites: Sequence[Site],
    *,
    now: dt.datetime,
    by_hand: Mapping[int, set[int]] | None = None,
    known: MatterMap | None = None,
) -> list[Site]:
    """Do the same for many sites, in a few queries, and return those whose matters have changed.

    `by_hand`: for the id of a site, the ids of the matters that people set there.
    """
    known = known or MatterMap()
    today = clock.local_date(now)
    current: dict[int, dict[int, SiteMatter]] = defaultdict(dict)
    for row in SiteMatter.objects.filter(site__in=[s.pk for s in sites], span__contains=today):
        current[row.site_id][row.matter_id] = row
    opened, moved, ended, undone, changed = [], [], [], [], []
    for site in sites:
        rows = current[site.pk]
        wanted = known.derive(site.industry_id, site.features)
        hand = {m for m, row in rows.items() if row.origin == MatterOrigin.HAND}
        if by_hand is not None and site.pk in by_hand:
            hand = by_hand[site.pk]
        wanted |= dict.fromkeys(hand, MatterOrigin.HAND)
        for matter, origin in wanted.items():
            if matter not in rows:
                opened.append((site.pk, matter, DateRange(today, None), origin))
            elif rows[matter].origin != origin:
                rows[matter].origin = origin
                moved.append(rows[matter])
        for matter in rows.keys() - wanted.keys():
            row = rows[matter]
            if row.span.lower == today:  # it never was, seen by the day
                undone.append(row.pk)
            else:
                row.span = DateRange(row.span.lower, today)
                ended.append(row)
        matter_ids = known.with_ancestors(wanted)
        if matter_ids != site.matter_ids:
            site.matter_ids = matter_ids
            changed.append(site)
    SiteMatter.objects.filter(pk__in=undone).delete()
    SiteMatter.objects.bulk_update(ended, ["span"], batch_size=1000)
    SiteMatter.objects.bulk_update(moved, ["origin"], batch_size=1000)
    copy_rows(SiteMatter, ("site_id", "matter_id", "span", "origin"), opened)
    Site.objects.bulk_update(changed, ["matter_ids"], batch_size=1000)
    return changed
