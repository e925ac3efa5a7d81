"""Which enterprise and which site a row means, among those that whoever imports may act on."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Q

from hazards.ledger.drafts import Draft
from safegrid.grid.imports.kinds import Terms
from safegrid.grid.imports.problems import Rejected
from safegrid.grid.models import Enterprise, Site
from safegrid.grid.places.atlas import Atlas
from safegrid.kernel.bigrams import normal
from safegrid.kernel.punctuation import comma

NAMED = 5  # of several that are meant, so many are named
WIDE = str.maketrans("()", "（）")


class Finder:
    """Finds sites by their enterprise's USCC, else by its exact name within the place. One query a batch."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.atlas = Atlas.load()

    def read(self, drafts: Sequence[Draft]) -> None:
        """Read what the drafts may mean."""
        codes = {draft.code for draft in drafts if draft.code}
        names = {name for draft in drafts if not draft.code for name in _spellings(draft.name)}
        reach = self.terms.reach
        sites = Site.objects.all() if reach is None else Site.objects.all().reached_by(reach)
        wanted = Q(enterprise__uscc__in=codes) | Q(enterprise__name__in=names)
        self._by_code: dict[str, list[Site]] = defaultdict(list)
        self._by_name: dict[str, list[Site]] = defaultdict(list)
        for site in sites.filter(wanted).select_related("enterprise").order_by("pk"):
            self._by_code[site.enterprise.uscc or ""].append(site)
            self._by_name[normal(site.enterprise.name)].append(site)

    def find(self, draft: Draft) -> Site:
        """Return the site that a draft means. Raises Rejected with what would help."""
        if draft.code:
            sites = self._by_code.get(draft.code, [])
            if not sites:
                raise Rejected("unknown_uscc", text=draft.code)
        else:
            sites = self._by_name.get(normal(draft.name), [])
            if not sites:
                raise Rejected("unknown_enterprise", text=draft.name)
        name = sites[0].enterprise.name
        sites = self._within(draft, sites, name)
        enterprises = {site.enterprise_id: site.enterprise for site in sites}
        if len(enterprises) > 1:
            raise Rejected(
                "ambiguous",
                text=name,
                count=len(enterprises),
                codes=_named(map(_known_by, enterprises.values())),
            )
        return _one(draft, sites, name)

    def _within(self, draft: Draft, sites: list[Site], name: str) -> list[Site]:
        """Those that stand in the place which the row names, as deep as its words are known."""
        for level, words in (
            ("district", draft.cells.get("district")),
            ("township", draft.cells.get("township")),
        ):
            if not words or words in ("/", "无"):
                continue
            inside = [site for site in sites if self._is(getattr(site, f"{level}_id"), words)]
            is_city = self.atlas.city is not None and self._is(self.atlas.city.pk, words)
            if not inside and not is_city:
                raise Rejected("elsewhere", text=name, place=words)
            sites = inside or sites
        return sites

    def _is(self, pk: int | None, words: str) -> bool:
        place = self.atlas.places.get(pk or 0)
        if place is None:
            return False
        flat = normal(words)
        names = (place.name, place.name_en, place.short_name, place.code, *place.aliases)
        return any(flat == normal(name) for name in names if name) or normal(self.atlas.label(place)) == flat


def _one(draft: Draft, sites: list[Site], name: str) -> Site:
    """The site that the row names; without a name the only one, or the enterprise's main one."""
    said = draft.cells.get("site", "")
    wanted = normal(said)
    if wanted:
        of_name = [site for site in sites if wanted in (normal(site.name), normal(site.address))]
        if not of_name:
            raise Rejected("unknown_site", text=name, site=said, names=_named(s.name for s in sites))
        return of_name[0]
    main = sites if len(sites) == 1 else [site for site in sites if site.name == site.enterprise.name]
    if len(main) != 1:
        raise Rejected("which_site", text=name, count=len(sites), names=_named(s.name for s in sites))
    return main[0]


def _spellings(name: str) -> set[str]:
    """A name as it may be stored: with brackets and letters of either width."""
    narrow = unicodedata.normalize("NFKC", name)
    return {name, narrow, narrow.translate(WIDE), "".join(narrow.split()).translate(WIDE)}


def _known_by(enterprise: Enterprise) -> str:
    return enterprise.uscc or f"– ({enterprise.pk})"


def _named(names: Iterator[str] | map[str]) -> str:
    every = list(names)
    return comma().join(every[:NAMED]) + ("…" if len(every) > NAMED else "")
