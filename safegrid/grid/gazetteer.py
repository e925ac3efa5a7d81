"""Places, matters and industries from memory: what every list names, and every address is narrowed by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safegrid.grid.models import District, Industry, Matter
from safegrid.kernel.remembered import Remembered, Table

gazetteer = Remembered(
    "(SELECT edition FROM grid_edition)",
    {
        District: "code name name_en level path depth closed_on",
        Matter: "code name name_en path",
        Industry: "code name name_en parent_id",
    },
)


def place(code: str, *, edition: int) -> District | None:
    """Return the place that has `code` and exists, or None."""
    table = gazetteer.tables(edition)[District]
    closed = table.fields.index("closed_on")
    return next(
        (table.instance(row) for row in table.found("code").get(code, ()) if row[closed] is None), None
    )


def paths(*, edition: int) -> Mapping[int, str]:
    """Return the paths of places by their ids."""
    return gazetteer.tables(edition)[District].column("path")


def matter(code: str, *, edition: int) -> Matter | None:
    """Return the matter with `code`, with the ids `inside` its subtree, or None."""
    table = gazetteer.tables(edition)[Matter]
    found = _only(table, code)
    if found is not None:
        found.inside = [pk for pk, path in table.column("path").items() if path.startswith(found.path)]
    return found


def industry(code: str, *, edition: int) -> Industry | None:
    """Return the industry with `code`, with the ids `inside` it, or None; a section has its divisions."""
    table = gazetteer.tables(edition)[Industry]
    found = _only(table, code)
    if found is not None:
        divisions = table.found("parent_id").get(found.pk, ())
        found.inside = [found.pk, *(row[0] for row in divisions)]
    return found


def _only(table: Table, code: str) -> Any:
    return next(map(table.instance, table.found("code").get(code, ())), None)
