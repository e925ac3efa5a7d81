"""The one table: heads and rows made ready for the Jinja2 template that shows every list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from safegrid.kernel.listing.columns import Column
from safegrid.kernel.listing.selection import Selection


@dataclass(frozen=True)
class Head:
    """A heading; when it switches the order, its address and how the rows stand now."""

    column: Column
    label: str
    url: str = ""
    direction: str = ""  # aria-sort: ascending, descending or none


@dataclass(frozen=True)
class SortChoice:
    """An order as it is offered in the menu."""

    label: Any
    url: str
    current: bool


def sort_choices(selection: Selection) -> list[SortChoice]:
    """Return every order of the list in both directions."""
    return [
        SortChoice(
            sort.down if descending else sort.up,
            selection.address(sort=f"-{sort.key}" if descending else sort.key),
            sort is selection.order.sort and descending is selection.order.descending,
        )
        for sort in selection.listing.sorts
        for descending in (sort.descending, not sort.descending)
    ]


def _head(column: Column, selection: Selection) -> Head:
    sort = next((s for s in selection.listing.sorts if s.key == column.sort), None)
    if sort is None:
        return Head(column, str(column.label))
    current = selection.order if selection.order.sort is sort else None
    descending = sort.descending if current is None else not current.descending
    direction = "none" if current is None else "descending" if current.descending else "ascending"
    url = selection.address(sort=f"-{sort.key}" if descending else sort.key)
    return Head(column, str(column.label), url, direction)


def table(selection: Selection, rows: list[dict[str, Any]]) -> SafeString:
    """Return the rows as a table; on a phone the same rows are cards."""
    columns = selection.listing.columns
    cells = [[column.cell(row, selection.now) for column in columns] for row in rows]
    heads = [_head(column, selection) for column in columns]
    context = {
        "caption": str(selection.listing.title),
        "heads": heads,
        "rows": cells,
        "sort_by": _("Sort by"),
    }
    return mark_safe(get_template("table.html", using="jinja2").render(context))  # noqa: S308 (it escapes)
