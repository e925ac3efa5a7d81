"""Comparing the rows of a ledger with what is registered, and taking over what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from hazards.choices import Grade, Road, State
from hazards.ledger.drafts import Draft, Drafter
from hazards.ledger.finding import Finder
from hazards.ledger.models import LedgerRow
from hazards.ledger.ordering import Orderers
from hazards.ledger.owing import Deadlines
from hazards.ledger.writing import Writer
from hazards.models import Hazard
from safegrid.accounts.models import Post
from safegrid.grid.choices import Outcome
from safegrid.grid.imports.headings import plain
from safegrid.grid.imports.kinds import Importer, Plan, Row, Terms
from safegrid.grid.imports.lines import pass_over
from safegrid.grid.imports.problems import Rejected, Skipped
from safegrid.grid.models import Matter, Site
from safegrid.kernel.bigrams import normal

GENERAL = "general"  # the code of the matter that every site has


#: A hazard that is registered: its id, its number, the digest of its content.
Known = tuple[int, str, str]


@dataclass(frozen=True)
class Taking:
    """A row that is to become a hazard."""

    draft: Draft
    site: Site
    matter: Matter
    key: str
    content: str
    orderer: Post | None
    decides: Post | None = None  # whether to step in: of what an enterprise found itself and is major


class LedgerImporter(Importer):
    """Understands the rows of a ledger and writes the hazards that they are."""

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self.drafter = Drafter(terms)
        self.finder = Finder(terms)
        self.orderers = Orderers(terms)
        self.deadlines = Deadlines(terms.now)
        self._headings = {plain(column) for column in terms.mapping.values()}
        self._by_key: dict[str, tuple[int, str]] = {}  # key → row, content
        self._by_content: dict[str, int] = {}

    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """Return what would become of each row."""
        plans = [Plan(row) for row in rows]
        drafts: list[tuple[Plan, Draft]] = []
        for plan in plans:
            try:
                pass_over(plan.row, self._headings)
                drafts.append((plan, self.drafter.understand(plan.row)))
            except Skipped as line:
                self.drafter.forget()
                plan.skip(line)
            except Rejected as problem:
                plan.reject(problem)
        self.finder.read([draft for _plan, draft in drafts])
        takings = []
        for plan, draft in drafts:
            try:
                plan.work = self._weigh(draft)
                takings.append((plan, plan.work))
            except Skipped as line:
                plan.skip(line)
            except Rejected as problem:
                plan.reject(problem)
        self._compare(takings)
        return plans

    def _weigh(self, draft: Draft) -> Taking:
        site = self.finder.find(draft)
        matter = self._matter(draft)
        self.terms.must_reach(site.place_ids, matter.pk)
        content, key = _keys(draft, site)
        self._only_once(draft, key, content)
        orderer = decides = None
        if draft.road == Road.ORDERED:
            orderer = self.orderers.find(site, matter.pk, draft.told.get("unit", ""))
            if draft.is_open and orderer is None:
                raise Rejected("nobody_orders")
        elif draft.is_open and draft.grade == Grade.MAJOR:
            decides = self.orderers.find(site, matter.pk, "")
        return Taking(draft, site, matter, key, content, orderer, decides)

    def _only_once(self, draft: Draft, key: str, content: str) -> None:
        """Pass over what an earlier row of the file says; refuse its number for something else."""
        number = draft.row.number
        first, said = self._by_key.setdefault(key, (number, content))
        if first != number:
            if said != content:
                raise Rejected("same_number", row=first)
            raise Skipped("duplicate", row=first)
        before = self._by_content.setdefault(content, number)
        if before != number and key == content:
            raise Skipped("duplicate", row=before)

    def _compare(self, takings: Sequence[tuple[Plan, Taking]]) -> None:
        """Tell what is registered already from what is new. Two queries."""
        numbers = {own for _plan, t in takings if (own := t.draft.cells.get("legacy_number", ""))}
        # A table of the portal's own, brought back.
        ours = {
            (number, enterprise): pk
            for number, enterprise, pk in Hazard.objects.filter(number__in=numbers).values_list(
                "number", "enterprise_id", "pk"
            )
        }
        rows = LedgerRow.objects.filter(content__in={t.content for _plan, t in takings}) | (
            LedgerRow.objects.filter(key__in={t.key for _plan, t in takings})
        )
        by_key: dict[str, Known] = {}
        by_content: dict[tuple[str, bool], Known] = {}
        for key, content, pk, number, own in rows.values_list(
            "key", "content", "hazard_id", "hazard__number", "legacy_number"
        ):
            by_key[key] = (pk, number, content)
            # The same with another number of the office's own is another hazard.
            by_content.setdefault((content, bool(own)), (pk, number, content))
        for plan, taking in takings:
            number = taking.draft.cells.get("legacy_number", "")
            if mine := ours.get((number, taking.site.enterprise_id)):
                plan.outcome, plan.object_id = Outcome.UNCHANGED, mine
                plan.reason, plan.details = "registered", {"number": number}
                continue
            numbered = taking.key != taking.content
            found = by_key.get(taking.key) or by_content.get((taking.content, False))
            if found is None and not numbered:
                found = by_content.get((taking.content, True))
            if found is None:
                plan.outcome = Outcome.CREATED
            elif found[2] != taking.content:
                plan.reject(Rejected("number_taken", number=found[1]))
            else:
                plan.outcome, plan.object_id = Outcome.UNCHANGED, found[0]
                plan.reason, plan.details = "registered", {"number": found[1]}

    @cached_property
    def _matters(self) -> Mapping[str, Matter]:
        return {normal(w): m for m in Matter.objects.all() for w in (m.code, m.name, m.name_en) if w}

    @cached_property
    def _usual_matter(self) -> Matter | None:
        """What a row is about that does not say: the one matter of the post, else general safety."""
        branches = self.terms.reach.branches if self.terms.reach is not None else ()
        own = {b.matter_id for b in branches if b.acting}
        if len(own) == 1 and None not in own:
            return next((m for m in self._matters.values() if m.pk in own), None)
        return self._matters.get(GENERAL)

    def _matter(self, draft: Draft) -> Matter:
        text = draft.cells.get("matter", "")
        found = self._matters.get(normal(text)) if text else self._usual_matter
        if found is None:
            raise Rejected("unknown_matter", text=text)
        return found

    def describe(self, plan: Plan) -> Mapping[str, Any]:
        """Return how a row was understood, by the keys of `SHOWN`; of a rejected one, its cells."""
        taking: Taking | None = plan.work
        if taking is None:
            cells = self.drafter.cells_of(plan.row)
            return {"enterprise": cells.get("name", ""), "title": cells.get("title", "")}
        draft, site = taking.draft, taking.site
        name = site.enterprise.name
        due = draft.due_on or (self.deadlines.day(draft.grade) if draft.is_open else None)
        by_rule = due is not None and draft.due_on is None
        return {
            "enterprise": name if site.name == name else f"{name} · {site.name}",
            "title": draft.title,
            "grade": Grade(draft.grade).label,
            "found": draft.found_on.isoformat(),
            "due": _("%(day)s, by rule") % {"day": due.isoformat()} if by_rule and due else due or "",
            "state": State(draft.state).label,
            "closed": draft.closed_on.isoformat() if draft.closed_on else "",
        }

    def apply(self, plans: Sequence[Plan]) -> None:
        """Write the new hazards with their timelines and what is owed, in a bounded number of statements."""
        new = [plan for plan in plans if plan.outcome == Outcome.CREATED]
        hazards = Writer(self.terms, self.deadlines).write([plan.work for plan in new])
        for plan, hazard in zip(new, hazards, strict=True):
            plan.object_id = hazard.pk


def _keys(draft: Draft, site: Site) -> tuple[str, str]:
    """Return the digest of what was found, and what the row is recognised by."""
    said = (draft.title, draft.description, draft.cells.get("spot", ""))
    parts = [str(site.enterprise_id), draft.found_on.isoformat(), *map(normal, said)]
    content = _digest("content", *parts)
    own = normal(draft.cells.get("legacy_number", ""))
    return content, _digest("number", str(site.enterprise_id), own) if own else content


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
