"""What is registered already of the enterprises that some rows name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from safegrid.grid.imports.enterprises.drafts import Draft
from safegrid.grid.keys import import_key
from safegrid.grid.models import Enterprise, Site
from safegrid.kernel.bigrams import normal


@dataclass
class Standing:
    """An enterprise with its sites, registered or about to be."""

    enterprise: Enterprise
    sites: list[Site] = field(default_factory=list)

    def site(self, draft: Draft, *, several: bool) -> Site | None:
        """Return the site that a row means, or None for a new one.

        `several`: the file names sites, so that a name or address not known means another site. Otherwise a
        row is the enterprise's main site, and a new address means that it was wrong or has moved.
        """
        address = normal(draft.clue.address)
        if several:
            name = normal(draft.site.get("name", draft.name))
            named = [site for site in self.sites if normal(site.name) == name]
            exact = [site for site in named if not address or normal(site.address) == address]
            if exact or "name" not in draft.site:
                return exact[0] if exact else None
            return named[0] if len(named) == 1 else None
        at_address = [site for site in self.sites if address and normal(site.address) == address]
        of_name = [site for site in self.sites if site.name == self.enterprise.name]
        return next(iter([*at_address, *of_name, *self.sites]), None)


class Register:
    """Finds what stands for each of some drafts: two queries, a third where some of it was merged."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._by_key: dict[str, Standing] = {}
        self._by_name: dict[str, list[Standing]] = defaultdict(list)
        codes = {draft.code for draft in drafts if draft.code}
        keys = {self._key_without_code(draft) for draft in drafts}
        names = {draft.name for draft in drafts if not draft.code}
        wanted = Q(uscc__in=codes) | Q(import_key__in=keys)
        if names:
            wanted |= Q(name__in=names, uscc__isnull=False)
        found = {e.pk: e for e in Enterprise.objects.filter(wanted)}
        # What was a second record stands for the one that stays.
        seconds = {e.pk: found.pop(e.pk) for e in list(found.values()) if e.merged_into_id}
        found |= Enterprise.objects.in_bulk({e.merged_into_id for e in seconds.values()} - found.keys())
        standing = {pk: Standing(e) for pk, e in found.items()}
        for site in Site.objects.filter(enterprise__in=standing).order_by("pk"):
            owner = standing[site.enterprise_id]
            site.enterprise = owner.enterprise
            owner.sites.append(site)
        for each in standing.values():
            self.add(each)
        for second in seconds.values():
            if second.import_key and second.merged_into_id:
                self._by_key[second.import_key] = standing[second.merged_into_id]

    def find(self, draft: Draft) -> Standing | None:
        """Return the enterprise that a draft means.

        By its code; else by name and address, where one side has no code yet; two that say nothing of
        their address have the same.
        """
        if draft.code:
            found = self._by_key.get(draft.code)
            if found is None:
                found = self._by_key.get(self._key_without_code(draft))
                return found if found is not None and found.enterprise.uscc is None else None
            return found
        if draft.key in self._by_key:
            return self._by_key[draft.key]
        address = normal(draft.clue.address)
        return next(
            (
                each
                for each in self._by_name[draft.name]
                if any(normal(site.address) == address for site in each.sites)
            ),
            None,
        )

    def add(self, standing: Standing) -> None:
        """Let later rows of the same batch find it too."""
        enterprise = standing.enterprise
        if enterprise.uscc:
            self._by_key[enterprise.uscc] = standing
            self._by_name[enterprise.name].append(standing)
        if enterprise.import_key:
            self._by_key[enterprise.import_key] = standing

    @staticmethod
    def _key_without_code(draft: Draft) -> str:
        return import_key(code=None, name=draft.name, address=draft.clue.address)
