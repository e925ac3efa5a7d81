"""From an uploaded file to rows of text: CSV in UTF-8 or GB18030, XLSX and XLS.

Whatever the file holds, the outcome is rows or `Unreadable` with a reason that a person can act on.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import python_calamine as calamine

from safegrid.grid.imports.headings import SEARCHED, Heading, Recognise, find_heading
from safegrid.grid.imports.problems import Unreadable

MAX_ROWS = 100_000
MAX_CELLS = 5_000_000
MAX_UNPACKED = 500 * 1024 * 1024  # bytes; a small archive may hold a bomb
MAX_FIELD = 10_000  # characters in one cell; more is a quotation mark that is never closed
DELIMITERS = (",", ";", "\t")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
WORD = re.compile(r"\w")
FILLED_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>/]*>')

Cells = list[str]


@dataclass(frozen=True)
class Table:
    """A file's columns, and its rows with their numbers as a spreadsheet shows them."""

    columns: list[str]
    rows: list[tuple[int, Cells]]
    cut_off: int | None = None  # the number of a last row that seems to end in its middle
    sheet: str = ""  # of a workbook with several tables: which one this is
    sheets: tuple[str, ...] = ()  # and all of them

    def __iter__(self) -> Iterator[tuple[int, Cells]]:
        return iter(self.rows)


@dataclass(frozen=True)
class _Source:
    """What may be the table: every sheet, or the text split by each delimiter."""

    grids: list[list[Cells]]
    names: list[str] = field(default_factory=list)  # of the sheets; a text has none
    open_quote: bool = False  # a quotation mark is never closed, split by one delimiter at least
    unfinished: bool = False  # the last line has no end


def read(data: bytes, recognise: Recognise, headings: str = "", sheet: str = "") -> Table:
    """Return the table in `data`. `recognise` tells a heading from other words.

    `headings` are the words that are named when none is recognised. Of several sheets with headings the one
    called `sheet` is read, else the one with most of them. Raises Unreadable.
    """
    if not data.strip():
        raise Unreadable("empty")
    source = _workbook(data) if data.startswith((ZIP, OLE)) else _text(data)
    names = source.names or [""] * len(source.grids)
    named = zip(names, source.grids, strict=True)
    found = [(name, grid, head) for name, grid in named if (head := find_heading(grid, recognise))]
    if not found and source.open_quote:
        raise Unreadable("cut_off")
    if not any(WORD.search(cell) for grid in source.grids for row in grid for cell in row):
        raise Unreadable("empty")
    if not found:
        raise Unreadable("no_column", headings=headings)
    sheets = tuple(name for name, _grid, _head in found if name)
    if sheet:
        found = [each for each in found if each[0] == sheet]
    if not found:
        raise Unreadable("no_sheet", sheet=sheet)
    name, grid, heading = max(found, key=lambda each: each[2].score)
    rows = _below(grid, heading)
    if not rows:
        raise Unreadable("no_rows")
    if len(rows) > MAX_ROWS:
        raise Unreadable("too_many_rows", limit=f"{MAX_ROWS:,}")
    last = rows[-1][0]
    is_short = source.unfinished and len(grid[last - 1]) < len(heading.columns)
    return Table(heading.columns, rows, last if is_short else None, name, sheets if len(sheets) > 1 else ())


def _below(grid: list[Cells], heading: Heading) -> list[tuple[int, Cells]]:
    """The rows under the heading that are not blank, each as wide as the heading."""
    width = len(heading.columns)
    rows = []
    for number, cells in enumerate(grid[heading.last + 1 :], start=heading.last + 2):
        if any(cells[:width]):
            rows.append((number, (cells + [""] * width)[:width]))
    return rows


# Text


def _text(data: bytes) -> _Source:
    """The same text read with each delimiter."""
    text = _decode(data)
    grids = [grid for delimiter in DELIMITERS if (grid := _split(text, delimiter)) is not None]
    return _Source(
        grids,
        open_quote=len(grids) < len(DELIMITERS),
        unfinished=not text.endswith(("\n", "\r")),
    )


def _decode(data: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if CONTROL.search(data) or data.lstrip().startswith((b"<", b"%PDF", b"{")):
        raise Unreadable("no_spreadsheet")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            raise Unreadable("cut_off") from error
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        code = "cut_off" if error.reason == "incomplete multibyte sequence" else "no_spreadsheet"
        raise Unreadable(code) from error


def _split(text: str, delimiter: str) -> list[Cells] | None:
    """The cells of each row, or None when a quotation mark is never closed."""
    for strict in (True, False):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
        try:
            rows = [[cell.strip() for cell in row] for row in reader]
        except csv.Error as error:
            if "unexpected end" in str(error) or "field limit" in str(error):
                return None
            continue  # a quotation mark in the middle of a cell: read it as it stands
        return None if any(len(cell) > MAX_FIELD for row in rows for cell in row) else rows
    return None


# Workbooks


def _workbook(data: bytes) -> _Source:
    """Every sheet of the workbook, with merged cells filled."""
    if data.startswith(ZIP):
        _check_archive(data)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = list(book.sheet_names)
        return _Source([_sheet(book.get_sheet_by_name(name)) for name in names], names)
    except calamine.PasswordError as error:
        raise Unreadable("locked") from error
    except calamine.CalamineError as error:
        raise Unreadable("no_spreadsheet") from error


def _check_archive(data: bytes) -> None:
    """Refuse an archive that is incomplete, no workbook, or would not fit into memory."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise Unreadable("cut_off") from error
    with archive:
        names = archive.namelist()
        if "xl/workbook.xml" not in names:
            raise Unreadable("no_spreadsheet")
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise Unreadable("too_many_rows", limit=f"{MAX_ROWS:,}")
        for name in names:
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                _check_extent(archive, name)


def _check_extent(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a sheet whose filled cells span too wide an area: one far-off cell makes all before it."""
    try:
        xml = archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Unreadable("cut_off") from error
    width = height = 0
    for letters, digits in FILLED_CELL.findall(xml):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        width, height = max(width, column), max(height, int(digits))
    if width * height > MAX_CELLS:
        raise Unreadable("too_many_rows", limit=f"{MAX_ROWS:,}")


def _sheet(sheet: Any) -> list[Cells]:
    """The cells as text. A merged area of the heading is filled, below it only downward."""
    grid = [[_as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(grid) or left >= len(grid[top]):
            continue
        value = grid[top][left]
        # A remark below the table, merged across it, must not become a row.
        last = right if bottom < SEARCHED else left
        for row in grid[top : bottom + 1]:
            for column in range(left, min(last, len(row) - 1) + 1):
                row[column] = value
    return grid


def _as_text(value: Any) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value).strip()
