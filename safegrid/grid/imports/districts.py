"""Importing places: new divisions and cells, and better names of those that are there.

A node never moves and is never renamed by an import: another name under a known code is a reorganisation,
which closes the place and opens a successor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import Level, Outcome
from safegrid.grid.imports.kinds import Field, Importer, Kind, Plan, Row, Terms, kinds
from safegrid.grid.imports.problems import Rejected
from safegrid.grid.imports.values import LIST
from safegrid.grid.models import District, ImportJob
from safegrid.grid.places.codes import LENGTH, WITH_CELL, canonical
from safegrid.grid.places.trees import grow
from safegrid.kernel.bigrams import normal

FIELDS = (
    Field(
        "code",
        _("Code"),
        ("代码", "区划代码", "行政区划代码", "统计用区划代码", "编码", "编号", "Division code"),
        required=True,
        example="630102001001",
    ),
    Field(
        "name", _("Name"), ("名称", "区划名称", "单位名称", "地名"), required=True, example="北关社区居委会"
    ),
    Field("short_name", _("Short name"), ("简称", "Short name")),
    Field("name_en", _("English name"), ("英文名称", "英文名", "English name")),
    Field("kind", _("Kind"), ("类型", "类别", "建制")),
    Field("aliases", _("Other names"), ("别名", "曾用名", "又名", "Aliases")),
)

LIMITS = {"name": 120, "short_name": 60, "name_en": 160, "kind": 10}

PROBLEMS: Mapping[str, Any] = {
    "no_code": _("Code: “%(text)s” is no division code (12 digits, a grid cell's 15)."),
    "no_parent": _("The place above, %(other)s, is not known. Put it before this row."),
    "renamed": _("This code is %(name)s here. A new name is a reorganisation, not an import."),
    "same_name": _("%(other)s in the same place has this name already."),
    "second_city": _("There is one city, %(name)s."),
}

SHOWN = (
    ("code", _("Code")),
    ("name", _("Name")),
    ("level", _("Level")),
    ("above", _("Lies in")),
)

#: How many digits of a code, from the left, are those of the place above it.
ABOVE = {Level.DISTRICT: 4, Level.TOWNSHIP: 6, Level.COMMUNITY: 9, Level.CELL: 12}


def level_of(code: str) -> Level:
    """Return the level that a division code is of, by its significant digits."""
    if len(code) == WITH_CELL:
        return Level.CELL
    if code[9:] != "000":
        return Level.COMMUNITY
    if code[6:9] != "000":
        return Level.TOWNSHIP
    return Level.DISTRICT if code[4:6] != "00" else Level.CITY


def code_above(code: str) -> str:
    """Return the code of the place that a place lies in; nothing for a city."""
    digits = ABOVE.get(level_of(code), 0)
    return code[:digits].ljust(LENGTH, "0") if digits else ""


@dataclass
class Writing:
    """A node to be created or changed, and what it hangs under."""

    node: District
    parent: District | None


class DistrictImporter(Importer):
    """Understands and stores places."""

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self._seen: dict[str, int] = {}
        self._planned: dict[str, District] = {}  # of earlier batches and rows, written or only checked

    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """Return what would become of each row."""
        standing = {d.code: d for d in District.objects.filter(closed_on=None).defer("boundary")}
        known = {**self._planned, **standing}
        names = {(code_above(d.code), normal(d.name)): d.code for d in standing.values()}
        plans = [Plan(row) for row in rows]
        for plan in plans:
            try:
                self._weigh(plan, known, names)
            except Rejected as problem:
                plan.reject(problem)
        self._planned = known
        return plans

    def _weigh(self, plan: Plan, known: dict[str, District], names: dict[tuple[str, str], str]) -> None:
        code, values = self._understand(plan.row)
        first = self._seen.setdefault(code, plan.row.number)
        if first != plan.row.number:
            raise Rejected("duplicate", row=first)
        self.terms.must_reach(_columns(code, known))
        node = known.get(code)
        if node is not None and not node._state.adding:
            if normal(node.name) != normal(values.pop("name")):
                raise Rejected("renamed", name=node.name)
            changed = {k: v for k, v in values.items() if v and getattr(node, k) != v}
            for name, value in changed.items():
                setattr(node, name, value)
            plan.outcome = Outcome.CHANGED if changed else Outcome.UNCHANGED
            plan.work = Writing(node, None)
            return
        parent = self._parent(code, known)
        twin = names.setdefault((code_above(code), normal(values["name"])), code)
        if twin != code:
            raise Rejected("same_name", other=twin)
        known[code] = District(code=code, level=level_of(code), **values)
        plan.outcome = Outcome.CREATED
        plan.work = Writing(known[code], parent)

    def _understand(self, row: Row) -> tuple[str, dict[str, Any]]:
        cells = row.values
        for required in ("code", "name"):
            if not cells.get(required):
                raise Rejected("missing", field=required)
        for column, limit in LIMITS.items():
            if len(cells.get(column, "")) > limit:
                raise Rejected("too_long", field=column, limit=limit)
        code = canonical(cells["code"])
        if code is None or len(code) not in (LENGTH, WITH_CELL):
            raise Rejected("no_code", text=cells["code"])
        values: dict[str, Any] = {column: cells.get(column, "") for column in LIMITS}
        if cells.get("aliases"):
            values["aliases"] = sorted(
                {part.strip() for part in LIST.split(cells["aliases"]) if part.strip()}
            )
        return code, values

    def _parent(self, code: str, known: Mapping[str, District]) -> District | None:
        above = code_above(code)
        if above:
            if above not in known:
                raise Rejected("no_parent", other=above)
            return known[above]
        for node in known.values():
            if node.level == Level.CITY:
                raise Rejected("second_city", name=node.name)
        return None

    def describe(self, plan: Plan) -> Mapping[str, Any]:
        """Return how a row was understood."""
        if plan.work is None:
            return {key: plan.row.values.get(key, "") for key in ("code", "name")}
        node, parent = plan.work.node, plan.work.parent
        return {
            "code": node.code,
            "name": node.name,
            "level": Level(node.level).label,
            "above": parent.label if parent else "",
        }

    def apply(self, plans: Sequence[Plan]) -> None:
        """Write new and changed places."""
        new = [p.work for p in plans if p.outcome == Outcome.CREATED]
        changed = [p.work.node for p in plans if p.outcome == Outcome.CHANGED]
        grow([(work.node, work.parent) for work in new])
        District.objects.bulk_update(changed, [*LIMITS, "aliases"], batch_size=500)
        for plan in plans:
            if plan.work is not None:
                plan.object_id = plan.work.node.pk


def _columns(code: str, known: Mapping[str, District]) -> dict[str, int | None]:
    """The place columns of what stands in the place with `code`, whether it is there yet or not."""
    found: dict[str, int | None] = {f"{level}_id": None for level in Level.values}
    while code:
        node = known.get(code)
        found[f"{level_of(code)}_id"] = node.pk if node else None
        code = code_above(code)
    return found


def _written(job: ImportJob) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for outcome in (Outcome.CREATED, Outcome.CHANGED):
        rows = job.rows.filter(outcome=outcome).values("object_id")
        places = District.objects.filter(pk__in=rows).order_by("path").defer("boundary")
        found[outcome] = [
            (f"{place.label} {place.code}", reverse("grid:district", args=[place.code])) for place in places
        ]
    return found


districts = kinds.plug(
    "districts",
    Kind(
        code="districts",
        label=_("Places: districts, townships, communities, grid cells"),
        fields=FIELDS,
        importer=DistrictImporter,
        problems=PROBLEMS,
        shown=SHOWN,
        result_url=lambda job, became: f"#{became}" if became in (Outcome.CREATED, Outcome.CHANGED) else "",
        written=_written,
    ),
    order=20,
)
