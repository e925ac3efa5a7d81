"""Importing a business register: its rows stay beside the grid, and the audit tells what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import Outcome
from safegrid.grid.imports.kinds import Field, Importer, Kind, Plan, Row, Terms, kinds
from safegrid.grid.imports.problems import Rejected
from safegrid.grid.keys import clean_uscc, uscc_problem
from safegrid.grid.models import ImportJob, RegisterEntry
from safegrid.grid.places.placing import Clue, Surveyor
from safegrid.kernel import clock

FIELDS = (
    Field(
        "uscc",
        _("USCC"),
        ("统一社会信用代码", "社会信用代码", "USCC"),
        required=True,
        example="91630102MA7XXXXX0X",
    ),
    Field("name", _("Name"), ("企业名称", "名称", "市场主体名称", "单位名称", "Name"), required=True),
    Field("address", _("Address"), ("住所", "经营场所", "地址", "注册地址", "Address")),
    Field("principal", _("Principal"), ("法定代表人", "负责人", "经营者", "Principal")),
    Field("as_of", _("As of"), ("数据日期", "截止日期", "登记日期", "As of")),
)
LIMITS = {"name": 120, "address": 200, "principal": 60}
PROBLEMS: Mapping[str, Any] = {
    "no_uscc": _("“%(text)s” is no valid USCC."),
    "no_day": _("%(field)s: “%(text)s” is no day; write 2026-12-01."),
}
SHOWN = (("uscc", _("USCC")), ("name", _("Name")), ("place", _("Place")))


class RegisterImporter(Importer):
    """Understands and stores the rows of a register; a later file replaces what an earlier one said."""

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self._seen: dict[str, int] = {}
        self._surveyor = Surveyor()

    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """Return what would become of each row."""
        plans = [Plan(row) for row in rows]
        drafts: list[tuple[Plan, RegisterEntry]] = []
        for plan in plans:
            try:
                drafts.append((plan, self._understand(plan.row)))
            except Rejected as problem:
                plan.reject(problem)
        known = RegisterEntry.objects.in_bulk([d.uscc for _plan, d in drafts], field_name="uscc")
        places = self._surveyor.settle_many([Clue(draft.address) for _plan, draft in drafts])
        for (plan, draft), placement in zip(drafts, places, strict=True):
            columns = self._surveyor.atlas.columns(placement.place)
            try:
                self.terms.must_reach(columns)
            except Rejected as problem:
                plan.reject(problem)
                continue
            for name, pk in columns.items():
                setattr(draft, name, pk)
            before = known.get(draft.uscc)
            draft.pk = before.pk if before else None
            same = before is not None and all(
                getattr(before, name) == getattr(draft, name)
                for name in ("name", "address", "principal", "as_of", *columns)
            )
            plan.outcome = Outcome.UNCHANGED if same else Outcome.CHANGED if before else Outcome.CREATED
            plan.unplaced = placement.place is None
            plan.work = draft
        return plans

    def _understand(self, row: Row) -> RegisterEntry:
        cells = row.values
        for required in ("uscc", "name"):
            if not cells.get(required):
                raise Rejected("missing", field=required)
        for name, limit in LIMITS.items():
            if len(cells.get(name, "")) > limit:
                raise Rejected("too_long", field=name, limit=limit)
        code = clean_uscc(cells["uscc"])
        if uscc_problem(code):
            raise Rejected("no_uscc", text=cells["uscc"])
        first = self._seen.setdefault(code, row.number)
        if first != row.number:
            raise Rejected("duplicate", row=first)
        text = cells.get("as_of", "")
        try:
            as_of = dt.date.fromisoformat(text[:10]) if text else clock.local_date(self.terms.now)
        except ValueError as error:
            raise Rejected("no_day", field="as_of", text=text) from error
        return RegisterEntry(
            uscc=code,
            name=cells["name"],
            address=cells.get("address", ""),
            principal=cells.get("principal", ""),
            as_of=as_of,
        )

    def describe(self, plan: Plan) -> Mapping[str, Any]:
        """Return how a row was understood."""
        row = plan.work
        if row is None:
            return {key: plan.row.values.get(key, "") for key in ("uscc", "name")}
        lowest = row.cell_id or row.community_id or row.township_id or row.district_id
        place = self._surveyor.atlas.places.get(lowest or 0)
        return {
            "uscc": row.uscc,
            "name": row.name,
            "place": self._surveyor.atlas.label(place) if place else "–",
        }

    def apply(self, plans: Sequence[Plan]) -> None:
        """Write new and changed entries."""
        columns = ("name", "address", "principal", "as_of", *RegisterEntry().place_ids)
        new = [p.work for p in plans if p.outcome == Outcome.CREATED]
        changed = [p.work for p in plans if p.outcome == Outcome.CHANGED]
        RegisterEntry.objects.bulk_create(new, batch_size=1000)
        RegisterEntry.objects.bulk_update(changed, columns, batch_size=500)
        for plan in plans:
            if plan.work is not None:
                plan.object_id = plan.work.pk


def _written(job: ImportJob) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for outcome in (Outcome.CREATED, Outcome.CHANGED):
        ids = job.rows.filter(outcome=outcome).values("object_id")
        rows = RegisterEntry.objects.filter(pk__in=ids).order_by("name", "pk")[:500]
        found[outcome] = [(f"{row.name} {row.uscc}", reverse("grid:enterprises")) for row in rows]
    return found


register = kinds.plug(
    "register",
    Kind(
        code="register",
        label=_("Business register: what the audit compares the grid with"),
        fields=FIELDS,
        importer=RegisterImporter,
        problems=PROBLEMS,
        shown=SHOWN,
        result_url=lambda job, became: f"#{became}" if became in (Outcome.CREATED, Outcome.CHANGED) else "",
        written=_written,
    ),
    order=40,
)
