"""The one table: heads and rows made ready for the Jinja2 template that shows every list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

from django.utils.html import escape as html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markupsafe import escape

from safegrid.kernel.jinja import part
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.columns import Cells, Column
from safegrid.kernel.listing.selection import Selection

BETWEEN = "\0"  # which PostgreSQL keeps in no text


class Head(NamedTuple):
    """A heading; when it switches the order, its address and how the rows stand now."""

    kind: str
    label: str
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


def _head(column: Column, label: str, selection: Selection) -> Head:
    head = Head(column.kind, label)
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
    return {
        "caption": words.title,
        "heads": [_head(each, label, selection) for each, label in zip(columns, words.heads, strict=True)],
        "body": _body(selection, rows),
        "sort_by": _("Sort by"),
    }


def _body(selection: Selection, rows: Batch) -> SafeString:
    """Return the rows. They are made column by column: cell by cell they would take half the page's time."""
    columns = [
        _cells(column, label, column.cells(rows, selection.now))
        for column, label in zip(selection.listing.columns, selection.listing.words.heads, strict=True)
    ]
    lines = "</tr>\n<tr>".join(map("".join, zip(*columns, strict=True)))
    return mark_safe(f"\n<tr>{lines}</tr>\n")  # noqa: S308 (every value in it is escaped)


def _cells(column: Column, label: str, cells: Cells) -> list[str]:
    """Return the cells of a column."""
    of = (column.kind, column.main, column.look, label)
    return [
        _shape(*of, text != "", tone, note != "", url != "").format(text, note, url)
        for text, tone, note, url in zip(*map(_escaped, cells), strict=False)
    ]


@lru_cache(maxsize=5000)
def _shape(kind: str, main: bool, look: str, label: str, text: bool, tone: str, note: bool, url: bool) -> str:
    """Return a cell with a place for what is there of text {0}, note {1} and address {2}."""
    return part(
        "listing/cell.html",
        {
            "kind": kind,
            "main": main,
            "look": look,
            "label": html(label).replace("{", "{{").replace("}", "}}"),
            "tone": tone,
            "text": "{0}" if text else "",
            "note": "{1}" if note else "",
            "url": "{2}" if url else "",
        },
    )


def _escaped(values: Sequence[Any]) -> Iterable[str]:
    """Return values as HTML, all of them at once; none can hold the character between them."""
    return str(escape(BETWEEN.join(map(str, values)))).split(BETWEEN) if values else repeat("")
