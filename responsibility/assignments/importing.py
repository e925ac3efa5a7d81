"""Assignments from a spreadsheet: all cells of a township given to their officers at once, previewed.

Only here a duty may begin on a day that is over: an office takes over what was decided before the portal was
there, with the days on which it was decided.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import covers, lengthening, may_assign, told
from responsibility.assignments.spans import missing, overlap
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.audit.services import Deed, record_many
from safegrid.grid.choices import Outcome
from safegrid.grid.imports.kinds import Field, Importer, Kind, Plan, Row, Terms, kinds
from safegrid.grid.imports.problems import Rejected
from safegrid.grid.models import District, ImportJob, Matter
from safegrid.grid.places.codes import canonical
from safegrid.kernel.bigrams import normal

FIELDS = (
    Field(
        "place", _("Place"), ("区划代码", "网格代码", "地区代码", "代码", "Place"), True, "630102001001001"
    ),
    Field("matter", _("Matter"), ("监管事项", "事项", "Matter"), True, "消防安全"),
    Field("line", _("Line"), ("责任线", "Line"), True, "属地管理"),
    Field("tier", _("Tier"), ("层级", "责任层级", "Tier"), True, "直接责任"),
    Field("post", _("Post"), ("岗位", "责任岗位", "Post"), True, "北关社区第001网格网格员"),
    Field("unit", _("Unit"), ("单位", "责任单位", "Unit")),
    Field("since", _("From"), ("起始日期", "生效日期", "From"), True, "2026-12-01"),
    Field("until", _("Until (the first day it is over)"), ("终止日期", "Until")),
    Field("basis", _("Legal basis"), ("法律依据", "依据", "Basis"), True, "安全生产法第九条"),
    Field("document", _("Document"), ("文件", "文号", "Document")),
)
LIMITS = {"basis": 200, "document": 120}

PROBLEMS: Mapping[str, Any] = {
    "no_place": _("No place has the code “%(text)s”."),
    "no_matter": _("“%(text)s” is no matter that is supervised here."),
    "no_post": _("No body has a post “%(text)s”."),
    "several_posts": _("Several bodies have a post “%(text)s”: name the unit too."),
    "no_day": _("%(field)s: “%(text)s” is no day; write 2026-12-01."),
    "ends_early": _("It would end before it begins."),
    "lead_taken": _("%(post)s leads here already, since %(day)s; end that first."),
    "changed_meanwhile": _(
        "Somebody has changed this duty meanwhile: it stays as it is. Bring the row again."
    ),
    "given_above": _("Row %(row)s gives this post the same duty on some of these days: make them one row."),
}
SHOWN = (
    ("place", _("Place")),
    ("matter", _("Matter")),
    ("line", _("Line")),
    ("tier", _("Tier")),
    ("post", _("Post")),
    ("since", _("From")),
)

#: How spreadsheets write lines and tiers, beside their codes and the words of both languages.
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "line": {
        Line.TERRITORIAL: ("属地管理", "属地", "属地监管", "territorial line"),
        Line.INDUSTRY: ("行业监管", "行业", "行业管理", "industry line"),
        Line.COMPREHENSIVE: ("综合监管", "综合", "comprehensive line"),
    },
    "tier": {
        Tier.LEAD: ("领导责任", "牵头", "牵头责任", "主要责任"),
        Tier.SUPERVISOR: ("监管责任", "监督责任", "督导"),
        Tier.DIRECT: ("直接责任", "直接", "具体责任", "directly responsible"),
    },
}
BY_WORD = {
    name: {normal(word): str(code) for code, words in choices.items() for word in (code, *words)}
    for name, choices in WORDS.items()
}

#: What two leads may not share on the same days, and one post needs once only.
Spot = tuple[str, str, int, int]


@dataclass(frozen=True)
class Work:
    """What a row becomes: an assignment, new or there already; what is lengthened, from when to when."""

    row: Assignment
    lengthened: Sequence[tuple[Assignment, DateRange, DateRange]] = ()


@dataclass(frozen=True)
class Known:
    """What rows name, read once for a run: places and matters by their codes and names, posts by theirs."""

    places: Mapping[str, District]
    matters: Mapping[str, Matter]
    posts: Mapping[str, list[Post]]

    @classmethod
    def read(cls) -> Known:
        """Read it. Three queries."""
        posts = defaultdict(list)
        for post in Post.objects.filter(unit__isnull=False).select_related("unit").order_by("pk"):
            for name in {normal(post.title), normal(post.title_en)} - {""}:
                posts[name].append(post)
        matters = {normal(w): m for m in Matter.objects.all() for w in (m.code, m.name, m.name_en) if w}
        places = {d.code: d for d in District.objects.filter(closed_on=None).defer("boundary")}
        return cls(places, matters, posts)


class AssignmentImporter(Importer):
    """Understands and stores assignments over places."""

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self.known = Known.read()
        self._seen: dict[tuple[Any, ...], int] = {}
        self._drafts: dict[Spot, dict[int, Assignment]] = defaultdict(dict)  # of this file, by row

    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """Return what would become of each row."""
        plans = [Plan(row) for row in rows]
        drafts: list[tuple[Plan, Assignment]] = []
        for plan in plans:
            try:
                drafts.append((plan, self._understand(plan.row)))
            except Rejected as problem:
                plan.reject(problem)
        standing = defaultdict(list)
        for row in Assignment.objects.filter(
            district__in={d.district_id for _plan, d in drafts}
        ).select_related("post"):
            standing[_spot(row)].append(row)
        for plan, draft in drafts:
            try:
                self._weigh(plan, draft, standing[_spot(draft)])
            except Rejected as problem:
                plan.reject(problem)
        return plans

    def _understand(self, row: Row) -> Assignment:
        cells = row.values
        for field in FIELDS:
            if field.required and not cells.get(field.code):
                raise Rejected("missing", field=field.code)
        for name, limit in LIMITS.items():
            if len(cells.get(name, "")) > limit:
                raise Rejected("too_long", field=name, limit=limit)
        place = self.known.places.get(canonical(cells["place"]) or "")
        if place is None:
            raise Rejected("no_place", text=cells["place"])
        matter = self.known.matters.get(normal(cells["matter"]))
        if matter is None:
            raise Rejected("no_matter", text=cells["matter"])
        since = _day("since", cells["since"])
        until = _day("until", cells["until"]) if cells.get("until") else None
        if until is not None and until <= since:
            raise Rejected("ends_early")
        if self.terms.reach is not None and not covers(self.terms.reach, matter, place, None):
            raise Rejected("out_of_reach")
        return Assignment(
            post=self._post(cells),
            line=_word("line", cells["line"]),
            tier=_word("tier", cells["tier"]),
            matter=matter,
            district=place,
            span=DateRange(since, until),
            basis=cells["basis"],
            document=cells.get("document", ""),
            assigned_by_id=self.terms.post_id,
        )

    def _post(self, cells: Mapping[str, str]) -> Post:
        found = self.known.posts.get(normal(cells["post"]), [])
        if wanted := normal(cells.get("unit", "")):
            found = [p for p in found if p.unit and wanted in (normal(p.unit.name), normal(p.unit.name_en))]
        if len(found) != 1:
            raise Rejected("several_posts" if found else "no_post", text=cells["post"])
        return found[0]

    def _weigh(self, plan: Plan, draft: Assignment, standing: Sequence[Assignment]) -> None:
        key = (*_spot(draft), draft.post_id, draft.span.lower)
        first = self._seen.setdefault(key, plan.row.number)
        if first != plan.row.number:
            raise Rejected("duplicate", row=first)
        before = self._drafts[_spot(draft)].items()
        above = {n: row for n, row in before if n != plan.row.number and overlap(row.span, draft.span)}
        if same := [n for n, row in above.items() if row.post_id == draft.post_id]:
            raise Rejected("given_above", row=same[0])
        there = [row for row in standing if overlap(row.span, draft.span)]
        rivals = [row for row in (*there, *above.values()) if row.post_id != draft.post_id]
        if draft.tier == Tier.LEAD and rivals:
            day = date_format(rivals[0].span.lower)
            raise Rejected("lead_taken", post=rivals[0].post.label, day=day)
        self._drafts[_spot(draft)][plan.row.number] = draft
        own = [row for row in there if row.post_id == draft.post_id]
        if not own:
            plan.work, plan.outcome = Work(draft), Outcome.CREATED
            return
        changes = [(row, row.span, span) for row, span in missing(own, draft.span.lower, draft.span.upper)]
        for row, _was, span in changes:  # the rows below find it lengthened
            row.span = span
        plan.work = Work(changes[0][0] if changes else own[0], changes)
        plan.outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED

    def describe(self, plan: Plan) -> Mapping[str, Any]:
        """Return how a row was understood."""
        if plan.work is None:
            return {key: plan.row.values.get(key, "") for key, _label in SHOWN}
        row = plan.work.row
        return {
            "place": row.district.label,
            "matter": row.matter.label,
            "line": row.get_line_display(),
            "tier": row.get_tier_display(),
            "post": row.post.label,
            "since": row.span.lower.isoformat(),
        }

    def apply(self, plans: Sequence[Plan]) -> None:
        """Write the new ones and lengthen those that lack days, each with its entry, as if done by hand.

        What somebody else has changed since it was read stays as it is; its rows are rejected.
        """
        assert self.terms.job_id is not None  # noqa: S101 (it writes)
        job = ImportJob.objects.get(pk=self.terms.job_id)
        lengthened = _lengthen(plans)
        given = Assignment.objects.bulk_create([p.work.row for p in plans if p.outcome == Outcome.CREATED])
        deeds = [Deed(row, "assignment.give", told(row) | {"import": job.pk}) for row in given] + [
            Deed(row, "assignment.lengthen", lengthening(was, span) | {"import": job.pk})
            for row, was, span in lengthened
        ]
        record_many(deeds, actor=job.created_by, acting_post=job.acting_post, now=self.terms.now)
        for plan in plans:
            if plan.work is not None:
                plan.object_id = plan.work.row.pk


def _lengthen(plans: Sequence[Plan]) -> list[tuple[Assignment, DateRange, DateRange]]:
    """Lengthen what the plans found lacking days, where it still stands as it was read; reject the others.

    Return what was lengthened, from when to when. The plans are weighed in their order: of two that lengthen
    one row, the second rests on the first.
    """
    wanted = [plan for plan in plans if plan.work is not None and plan.work.lengthened]
    rows = {row.pk: row for plan in wanted for row, _was, _span in plan.work.lengthened}
    locked = Assignment.objects.select_for_update().filter(pk__in=rows).order_by("pk")
    stands = dict(locked.values_list("pk", "span"))
    done = []
    for plan in wanted:
        if any(stands.get(row.pk) != was for row, was, _span in plan.work.lengthened):
            plan.reject(Rejected("changed_meanwhile"))
            continue
        stands |= {row.pk: span for row, _was, span in plan.work.lengthened}
        done += plan.work.lengthened
    changed = {row.pk for row, _was, _span in done}
    for pk in changed:
        rows[pk].span = stands[pk]
    Assignment.objects.bulk_update([rows[pk] for pk in sorted(changed)], ["span"])
    return done


def _spot(row: Assignment) -> Spot:
    return row.line, row.tier, row.matter_id, row.district_id or 0


def _word(field: str, text: str) -> str:
    found = BY_WORD[field].get(normal(text))
    if found is None:
        raise Rejected("unknown_word", field=field, text=text)
    return found


def _day(field: str, text: str) -> dt.date:
    """Return a day as offices write it: 2026-12-01, 2026/12/1, 2026.12.1, 2026年12月1日. Raises Rejected."""
    parts = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    try:
        year, month, day = (int(part) for part in parts.split()[0].split("-"))
        return dt.date(year, month, day)
    except (ValueError, IndexError) as error:
        raise Rejected("no_day", field=field, text=text) from error


#: What the page of an import names, row by row.
NAMED = (Outcome.CREATED, Outcome.CHANGED)


def _written(job: ImportJob) -> dict[str, list[tuple[str, str]]]:
    rows = job.rows.filter(outcome__in=NAMED, object_id__isnull=False)
    became: dict[Any, str] = dict(rows.values_list("object_id", "outcome"))
    given = Assignment.objects.filter(pk__in=became)
    found: dict[str, list[tuple[str, str]]] = {outcome: [] for outcome in NAMED}
    for row in given.select_related("post", "district", "matter").order_by("district__path", "pk"):
        found[became[row.pk]].append(
            (
                f"{row.district.label} · {row.matter.label} · {row.post.label}",  # type: ignore[union-attr]
                f"{reverse('responsibility:assignments')}?place={row.district.code}",  # type: ignore[union-attr]
            )
        )
    return {outcome: rows for outcome, rows in found.items() if rows}


assignments = kinds.plug(
    "assignments",
    Kind(
        code="assignments",
        label=_("Assignments: who answers for what"),
        fields=FIELDS,
        importer=AssignmentImporter,
        problems=PROBLEMS,
        shown=SHOWN,
        result_url=lambda job, became: f"#{became}" if became in NAMED else "",
        written=_written,
        importers=(PostKind.OFFICE, PostKind.HEAD),
        may_bring=may_assign,
        unbound=(),
    ),
    order=30,
)
