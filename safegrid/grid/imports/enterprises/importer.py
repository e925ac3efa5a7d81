"""Comparing drafts with what is registered, and writing what is new or different."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import NoUscc, Outcome
from safegrid.grid.imports.enterprises.drafts import Draft, Drafter
from safegrid.grid.imports.enterprises.standing import Register, Standing
from safegrid.grid.imports.kinds import Importer, Plan, Row, Terms
from safegrid.grid.imports.problems import Rejected
from safegrid.grid.keys import let_be_found
from safegrid.grid.matters import MatterMap, set_matters_many
from safegrid.grid.models import Enterprise, ImportJob, Site
from safegrid.grid.places.following import follow, tell
from safegrid.grid.places.past import move_on
from safegrid.grid.places.placing import Surveyor
from safegrid.grid.status import follow_given
from safegrid.kernel import clock
from safegrid.kernel.bigrams import normal
from safegrid.kernel.copying import copy_create
from safegrid.kernel.scope import LEVELS

NOBODY = {"actor": None, "acting_post": None}  # the portal itself

ENTERPRISE_COLUMNS = (
    "name_en",
    "size",
    "status",
    "principal",
    "phone",
    "uscc",
    "no_uscc_reason",
    "import_key",
    "search",
    "search_text",
)
SITE_COLUMNS = (
    "name",
    "address",
    "longitude",
    "latitude",
    "datum",
    "industry",
    "features",
    "risk",
    "status",
    "district",
    "township",
    "community",
    "cell",
    "place_doubt",
    "search",
    "search_text",
)
BATCH = 500


@dataclass
class Writing:
    """What a row is to become. Several rows of a batch may share the enterprise."""

    draft: Draft
    standing: Standing
    site: Site
    was: str = ""  # the site's status before; "" for a new one
    changes_enterprise: bool = False


class EnterpriseImporter(Importer):
    """Understands and stores enterprises. What it has read of the grid serves the whole file."""

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        surveyor = Surveyor()
        self.surveyor, self.atlas = surveyor, surveyor.atlas
        self.drafter = Drafter(terms, surveyor)
        self.matters = MatterMap()

    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """Return what would become of each row."""
        plans = [Plan(row) for row in rows]
        drafts: list[tuple[Plan, Draft]] = []
        for plan in plans:
            try:
                drafts.append((plan, self.drafter.understand(plan.row)))
            except Rejected as problem:
                plan.reject(problem)
        placements = self.surveyor.settle_many([draft.clue for _plan, draft in drafts])
        register = Register([draft for _plan, draft in drafts])
        for (plan, draft), placement in zip(drafts, placements, strict=True):
            draft.placement = placement
            try:
                self._weigh(plan, draft, register)
            except Rejected as problem:
                plan.reject(problem)
        return plans

    def _weigh(self, plan: Plan, draft: Draft, register: Register) -> None:
        """Decide whether a row is new, changes something, or changes nothing."""
        if draft.placement.elsewhere:
            raise Rejected("elsewhere", text=draft.clue.address)
        standing = register.find(draft)
        site = standing.site(draft, several="site" in self.terms.mapping) if standing else None
        if standing and draft.code and normal(standing.enterprise.name) != normal(draft.name):
            raise Rejected("uscc_taken", name=standing.enterprise.name)
        place = self._place_columns(draft, site)
        if site is not None:
            self.terms.must_reach(site.place_ids)
        self.terms.must_reach(place or (site.place_ids if site else self.atlas.columns(None)))
        if standing is None:
            standing = Standing(self._new_enterprise(draft))
            register.add(standing)
        is_new_site = site is None
        if site is None:
            site = Site(enterprise=standing.enterprise, name=draft.name, created_at=self.terms.now)
            standing.sites.append(site)
        work = Writing(draft, standing, site, "" if is_new_site else site.status)
        work.changes_enterprise = _assign(standing.enterprise, self._of_enterprise(draft, standing))
        changes_site = _assign(site, draft.site | place)
        plan.work = work
        plan.unplaced = site.district_id is None
        if is_new_site:
            plan.outcome = Outcome.CREATED
        elif changes_site or work.changes_enterprise:
            plan.outcome = Outcome.CHANGED
        else:
            plan.outcome = Outcome.UNCHANGED

    def _new_enterprise(self, draft: Draft) -> Enterprise:
        return Enterprise(
            name=draft.name,
            uscc=draft.code,
            no_uscc_reason="" if draft.code else NoUscc.UNKNOWN,
            import_key=draft.key,
            created_at=self.terms.now,
        )

    def _of_enterprise(self, draft: Draft, standing: Standing) -> dict[str, Any]:
        given = dict(draft.enterprise)
        if standing.enterprise.uscc is not None:
            given.pop("no_uscc_reason", None)
        elif draft.code:  # it has its licence now
            given |= {"uscc": draft.code, "no_uscc_reason": "", "import_key": draft.code}
        return given

    def _place_columns(self, draft: Draft, site: Site | None) -> dict[str, Any]:
        """The place columns that the row leads to; none when a person has chosen, or it says nothing."""
        if site is not None and (site.place_fixed or draft.is_silent):
            return {}
        return {**self.atlas.columns(draft.placement.place), "place_doubt": draft.placement.doubt}

    def describe(self, plan: Plan) -> Mapping[str, Any]:
        """Return how a row was understood, by the keys of `SHOWN`; of a rejected one, its cells."""
        if plan.work is None:
            return {key: plan.row.values.get(key, "") for key in ("name", "uscc", "address", "industry")}
        draft: Draft = plan.work.draft
        site: Site = plan.work.site
        industry = self.drafter.industries.by_pk.get(site.industry_id or 0)
        position = draft.clue.position
        place = draft.placement.place
        return {
            "name": draft.name if site.name == draft.name else f"{draft.name} · {site.name}",
            "uscc": draft.code or "",
            "place": self.atlas.label(place) if place else _("to be placed"),
            "address": draft.clue.address,
            "position": f"{position[0]:.6f}, {position[1]:.6f}" if position else "",
            "industry": industry.label if industry else "",
        }

    def apply(self, plans: Sequence[Plan]) -> None:
        """Write new and changed enterprises and sites, with their matters, in a few statements."""
        works = [p.work for p in plans if p.outcome in (Outcome.CREATED, Outcome.CHANGED)]
        self._write_enterprises(works)
        self._write_sites(works)
        given = {work.site.pk: work.site for work in works if work.was not in ("", work.site.status)}
        follow_given(list(given.values()), reason=self.terms.source, now=self.terms.now)
        for plan in plans:
            if plan.work is not None:
                plan.object_id = plan.work.site.pk

    def _write_enterprises(self, works: Sequence[Writing]) -> None:
        every = {id(w.standing): w.standing.enterprise for w in works}
        changed = {id(w.standing): w.standing.enterprise for w in works if w.changes_enterprise}
        new = [e for e in every.values() if e._state.adding]
        old = [e for e in changed.values() if not e._state.adding]
        for enterprise in (*new, *old):
            let_be_found(enterprise)
        copy_create(Enterprise, new)
        Enterprise.objects.bulk_update(old, ENTERPRISE_COLUMNS, batch_size=BATCH)

    def _write_sites(self, works: Sequence[Writing]) -> None:
        sites = list({id(w.site): w.site for w in works}.values())
        # The other sites of an enterprise are found by its new words too.
        others = {id(s): s for w in works if w.changes_enterprise for s in w.standing.sites}
        touched = list({**others, **{id(s): s for s in sites}}.values())
        for site in touched:
            let_be_found(site)
        new = [site for site in touched if site._state.adding]
        old = [site for site in touched if not site._state.adding]
        for site in new:
            matters = self.matters.derive(site.industry_id, site.features)
            site.matter_ids = self.matters.with_ancestors(matters)
        copy_create(Site, new)
        move_on(clock.local_date(self.terms.now))
        standing = Site.objects.only(*LEVELS).in_bulk([site.pk for site in old])
        moved = {s: was for s in old if (was := standing[s.pk].place_ids) != s.place_ids}
        Site.objects.bulk_update(old, SITE_COLUMNS, batch_size=BATCH)
        follow([site.pk for site in old])
        if moved:
            jobs = ImportJob.objects.select_related("created_by", "acting_post")
            job = jobs.filter(pk=self.terms.job_id or 0).first()
            who = {"actor": job.created_by, "acting_post": job.acting_post} if job else NOBODY
            tell(moved, **who, now=self.terms.now)
        if sites:
            set_matters_many(sites, now=self.terms.now, known=self.matters)


def _assign(row: Any, values: Mapping[str, Any]) -> bool:
    """Set the attributes that differ; return whether any did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
