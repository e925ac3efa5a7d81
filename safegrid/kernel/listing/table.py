"""The one table: heads and rows made ready for the Jinja2 template that shows every list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from markupsafe import escape

from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.columns import Column
from safegrid.kernel.listing.selection import Selection

BETWEEN = "\0"  # which PostgreSQL keeps in no text


class Head(NamedTuple):
    """A heading; when it switches the order, its address and how the rows stand now."""

    kind: str
    look: str  # of the column's values: "state", "dot", "due", or none
    label: str
    opening: SafeString  # of each cell below it; the label comes again for a phone
    url: str = ""
    direction: str = ""  # aria-sort: ascending, descending or none


class SortChoice(NamedTuple):
    """An order as it is offered in the menu."""

    label: Any
    url: str
    current: bool


def sort_choices(selection: Selection) -> list[SortChoice]:
    """Return every order of the list in both directions."""
    words = selection.listing.words.sorts
    return [
        SortChoice(
            words[sort.key, descending],
            selection.address(sort=f"-{sort.key}" if descending else sort.key),
            sort is selection.order.sort and descending is selection.order.descending,
        )
        for sort in selection.listing.sorts
        for descending in (sort.descending, not sort.descending)
    ]


@lru_cache(maxsize=1000)
def _plain_head(kind: str, look: str, main: bool, label: str) -> Head:
    opening = format_html('<td class="col-{}{}" data-label="{}">', kind, " cell-main" if main else "", label)
    return Head(kind, look, label, opening)


def _head(column: Column, label: str, selection: Selection) -> Head:
    head = _plain_head(column.kind, column.look, column.main, label)
    sort = next((s for s in selection.listing.sorts if s.key == column.sort), None)
    if sort is None:
        return head
    current = selection.order if selection.order.sort is sort else None
    descending = sort.descending if current is None else not current.descending
    direction = "none" if current is None else "descending" if current.descending else "ascending"
    return head._replace(
        url=selection.address(sort=f"-{sort.key}" if descending else sort.key), direction=direction
    )


def table(selection: Selection, rows: Batch) -> dict[str, Any]:
    """Return what `listing/table.html` takes; on a phone the same rows are cards."""
    columns = selection.listing.columns
    words = selection.listing.words
    heads = [_head(column, label, selection) for column, label in zip(columns, words.heads, strict=True)]
    return {
        "caption": words.title,
        "heads": heads,
        "rows": _rows(selection, heads, rows),
        "sort_by": _("Sort by"),
    }


def _rows(selection: Selection, heads: list[Head], rows: Batch) -> Iterator[tuple[Any, ...]]:
    """Return an iterator over rows of cells: opening, shape, text, tone, note and address, all escaped."""
    cells = []
    for head, column in zip(heads, selection.listing.columns, strict=True):
        shape = (repeat(head.opening), repeat(head.look))
        cells.append(zip(*shape, *map(_escaped, column.cells(rows, selection.now)), strict=False))
    return zip(*cells, strict=True)


def _escaped(values: Sequence[Any]) -> Iterable[str]:
    """Return values as HTML, all of them at once; none can hold the character between them."""
    return str(escape(BETWEEN.join(map(str, values)))).split(BETWEEN) if values else repeat("")
