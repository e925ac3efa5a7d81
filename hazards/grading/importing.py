"""Bringing a sector's list of what makes a hazard major (重大事故隐患判定标准), article by article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.models import CharField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.grading.models import MajorItem
from safegrid.grid.choices import Outcome
from safegrid.grid.imports.days import day
from safegrid.grid.imports.kinds import Field, Importer, Kind, Plan, Row, Terms, kinds
from safegrid.grid.imports.problems import Rejected
from safegrid.grid.models import ImportJob
from safegrid.kernel import clock

FIELDS = (
    Field(
        "sector", _("Sector"), ("行业", "领域", "行业领域", "Sector"), required=True, example="工贸（粉尘）"
    ),
    Field("code", _("Article"), ("条款", "条文", "条", "Article"), required=True, example="第四条第一项"),
    Field(
        "sentence",
        _("What makes it major"),
        ("判定情形", "判定标准", "内容", "情形", "What makes it major"),
        required=True,
    ),
    Field("sentence_en", _("What makes it major (English)"), ("英文", "英文内容", "In English")),
    Field("source", _("Source"), ("文件", "依据", "来源", "文件名称", "Source"), required=True),
    Field("since", _("In force from"), ("施行日期", "生效日期", "起始日期", "In force from")),
    Field("until", _("In force until"), ("废止日期", "截止日期", "In force until")),
)
LIMITS = {
    name: cast("CharField[str, str]", MajorItem._meta.get_field(name)).max_length
    for name in ("sector", "code", "sentence", "sentence_en", "source")
}
PROBLEMS: Mapping[str, Any] = {
    "no_day": _("%(field)s: “%(text)s” is no day; write 2026-12-01."),
    "backwards": _("It would end before it begins."),
}
SHOWN = (("sector", _("Sector")), ("code", _("Article")), ("sentence", _("What makes it major")))
KEY = ("sector", "code", "since")
OTHERS = ("sentence", "sentence_en", "source", "until")


class MajorItemImporter(Importer):
    """Understands and stores articles. One is known again by sector, article and first day."""

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self._seen: dict[tuple[Any, ...], int] = {}

    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """Return what would become of each row."""
        plans = [Plan(row) for row in rows]
        drafts: list[tuple[Plan, MajorItem]] = []
        for plan in plans:
            try:
                drafts.append((plan, self._understand(plan.row)))
            except Rejected as problem:
                plan.reject(problem)
        sectors = {draft.sector for _plan, draft in drafts}
        known = {_key(item): item for item in MajorItem.objects.filter(sector__in=sectors)}
        for plan, draft in drafts:
            before = known.get(_key(draft))
            draft.pk = before.pk if before else None
            same = before is not None and all(getattr(before, n) == getattr(draft, n) for n in OTHERS)
            plan.outcome = Outcome.UNCHANGED if same else Outcome.CHANGED if before else Outcome.CREATED
            plan.work = draft
        return plans

    def _understand(self, row: Row) -> MajorItem:
        cells = {name: " ".join(text.split()) for name, text in row.values.items()}
        for each in FIELDS:
            if each.required and not cells.get(each.code):
                raise Rejected("missing", field=each.code)
        for name, limit in LIMITS.items():
            if limit is not None and len(cells.get(name, "")) > limit:
                raise Rejected("too_long", field=name, limit=limit)
        since = self._day(cells, "since") or clock.local_date(self.terms.now)
        until = self._day(cells, "until")
        if until is not None and until < since:
            raise Rejected("backwards")
        item = MajorItem(since=since, until=until, **{name: cells.get(name, "") for name in LIMITS})
        first = self._seen.setdefault(_key(item), row.number)
        if first != row.number:
            raise Rejected("duplicate", row=first)
        return item

    @staticmethod
    def _day(cells: Mapping[str, str], name: str) -> dt.date | None:
        text = cells.get(name, "")
        found = day(text) if text else None
        if text and found is None:
            raise Rejected("no_day", field=name, text=text)
        return found

    def describe(self, plan: Plan) -> Mapping[str, Any]:
        """Return how a row was understood."""
        item = plan.work
        return {key: getattr(item, key) if item else plan.row.values.get(key, "") for key, _label in SHOWN}

    def apply(self, plans: Sequence[Plan]) -> None:
        """Write new and changed articles. What was graded keeps the sentence it was graded by."""
        new = [plan.work for plan in plans if plan.outcome == Outcome.CREATED]
        changed = [plan.work for plan in plans if plan.outcome == Outcome.CHANGED]
        MajorItem.objects.bulk_create(new)
        MajorItem.objects.bulk_update(changed, OTHERS)
        for plan in plans:
            if plan.work is not None:
                plan.object_id = plan.work.pk


def _key(item: MajorItem) -> tuple[Any, ...]:
    return tuple(getattr(item, name) for name in KEY)


def _written(job: ImportJob) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for outcome in (Outcome.CREATED, Outcome.CHANGED):
        ids = job.rows.filter(outcome=outcome).values("object_id")
        found[outcome] = [
            (str(item), reverse("hazards:list")) for item in MajorItem.objects.filter(pk__in=ids)
        ]
    return found


major_items = kinds.plug(
    "major_items",
    Kind(
        code="major_items",
        label=_("What makes a hazard major: a sector's list"),
        fields=FIELDS,
        importer=MajorItemImporter,
        problems=PROBLEMS,
        shown=SHOWN,
        result_url=lambda job, became: f"#{became}" if became in (Outcome.CREATED, Outcome.CHANGED) else "",
        written=_written,
    ),
    order=60,
)
