"""The one table: heads and rows made ready for the Jinja2 template that shows every list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
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
    parts: list[Iterable[str]] = []
    for column, label in zip(selection.listing.columns, selection.listing.words.heads, strict=True):
        parts += _parts(column, label, column.cells(rows, selection.now), len(rows))
    lines = "</tr>\n<tr>".join(map("".join, zip(*parts, strict=True)))
    return mark_safe(f"\n<tr>{lines}</tr>\n")  # noqa: S308 (every value in it is escaped)


def _parts(column: Column, label: str, cells: Cells, size: int) -> list[Iterable[str]]:
    """Return what the cells of a column are made of, in its order, each part for every row."""
    texts, tones, notes, urls = (_escaped(values) if values else [""] * size for values in cells)
    if cells.urls:  # nobody presses a link without words
        urls = [url if text else "" for url, text in zip(urls, texts, strict=True)]
    shapes = _shapes(column.kind, column.main, column.look, label)
    keys = zip(map(bool, texts), tones, map(bool, notes), map(bool, urls), strict=True)
    of_rows = [shapes[key] for key in keys]
    before, to_text, to_note, after = zip(*of_rows, strict=True)
    return [before, urls, to_text, texts, to_note, notes, after]


#: Stand in the shape of a cell where its address, its text and its note go; no label and no tone has them.
URL, TEXT, NOTE = "\1", "\2", "\3"

Shape = tuple[str, str, str, str]


class Shapes(dict[tuple[bool, str, bool, bool], Shape]):
    """What stands before the address of a cell, between it and the text, between text and note, and after it.

    By whether there is a text, its tone, whether there is a note, and an address; what is not there is empty.
    """

    def __init__(self, kind: str, main: bool, look: str, label: str) -> None:
        super().__init__()
        self.column = {"kind": kind, "main": main, "look": look, "label": html(label)}

    def __missing__(self, key: tuple[bool, str, bool, bool]) -> Shape:
        text, tone, note, url = key
        marks = {"text": TEXT if text else "", "note": NOTE if note else "", "url": URL if url else ""}
        cell = part("listing/cell.html", {**self.column, **marks, "tone": tone})
        before, to_text = cell.split(URL) if url else ("", cell)
        to_text, to_note = to_text.split(TEXT) if text else ("", to_text)
        to_note, after = to_note.split(NOTE) if note else ("", to_note)
        shape = self[key] = (before, to_text, to_note, after)
        return shape


@lru_cache(maxsize=1000)
def _shapes(kind: str, main: bool, look: str, label: str) -> Shapes:
    """Return the shapes of a column, of which there are few."""
    return Shapes(kind, main, look, label)


def _escaped(values: Sequence[Any]) -> list[str]:
    """Return values as HTML, all of them at once; none can hold the character between them."""
    return str(escape(BETWEEN.join(map(str, values)))).split(BETWEEN) if values else []
