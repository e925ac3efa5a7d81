"""Tables as offices hand them up: a title, merged headings, A3, and places for who prepared and checked it.

Lines are written as they come, however many: nothing of the table is kept in memory, and what one sheet does
not hold goes on in the next.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from django.utils.translation import gettext as _

from safegrid.kernel.listing.exports import XLSX
from safegrid.kernel.punctuation import colon

A3 = 8  # what a sheet calls this size of paper
FRAME = {"border": 1, "valign": "vcenter", "text_wrap": True}
#: Lines above the headings: the title, and what it is about.
ABOVE = 2
#: Lines below the rows: an empty one, and the places to sign.
BELOW = 2
SHEET_LINES = 1_048_576  # of one sheet, headings and all
NAME_LENGTH = 31  # characters; a longer name of a sheet no spreadsheet takes

#: What a cell holds. None leaves it empty, and a text is never taken for a formula.
Value = str | int | float | Decimal | dt.date | None


@dataclass(frozen=True)
class Head:
    """A column: its heading, its width in characters, and the heading that it shares with its neighbours."""

    label: Any
    width: int = 12
    above: Any = ""


@dataclass(frozen=True)
class Looks:
    """How the cells of a workbook look."""

    title: Any
    head: Any
    text: Any
    number: Any
    share: Any
    date: Any

    @classmethod
    def of(cls, book: Any) -> Looks:
        """Return those of `book`, which each of its sheets uses."""
        return cls(
            book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
            book.add_format(FRAME | {"bold": True, "align": "center"}),
            book.add_format(FRAME),
            book.add_format(FRAME | {"num_format": "#,##0"}),
            book.add_format(FRAME | {"num_format": "#,##0.0"}),
            book.add_format(FRAME | {"num_format": "yyyy-mm-dd", "align": "center"}),
        )


def _write_line(sheet: Any, at: int, row: Sequence[Value], looks: Looks) -> None:
    """Write the cells of a row, each as what it is."""
    for column, value in enumerate(row):
        if value is None or value == "":
            sheet.write_blank(at, column, None, looks.text)
        elif isinstance(value, dt.date):
            sheet.write_datetime(at, column, dt.datetime.combine(value, dt.time()), looks.date)
        elif isinstance(value, int):
            sheet.write_number(at, column, value, looks.number)
        elif isinstance(value, float | Decimal):
            sheet.write_number(at, column, value, looks.share)
        else:
            sheet.write_string(at, column, str(value), looks.text)


@dataclass(frozen=True)
class OfficeTable:
    """A table to be written: `name` of its sheet, `title`, a `note` below it, its columns and its lines."""

    name: Any
    title: Any
    note: str
    heads: Sequence[Head]
    rows: Iterable[Sequence[Value]]

    def write(self, file: IO[bytes]) -> None:
        """Write the workbook to `file`; who signs it does so under the last line of the last sheet."""
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
        looks = Looks.of(book)
        sheet, at = self._new_sheet(book, looks)
        for row in self.rows:
            if at == SHEET_LINES - BELOW:
                sheet, at = self._new_sheet(book, looks)
            _write_line(sheet, at, row, looks)
            at += 1
        last = len(self.heads) - 1
        for column, words in (
            (0, _("Prepared by")),
            (last // 3, _("Checked by")),
            (2 * last // 3, _("Date")),
        ):
            sheet.write_string(at + BELOW - 1, column, words + colon())
        book.close()

    def response(self, filename: str) -> FileResponse:
        """Return the workbook as a download called `filename`."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        self.write(file)
        file.seek(0)
        return FileResponse(file, content_type=XLSX, as_attachment=True, filename=filename)

    def _new_sheet(self, book: Any, looks: Looks) -> tuple[Any, int]:
        """Begin a sheet with title and headings; return it and the line at which its rows begin."""
        number = len(book.worksheets()) + 1
        behind = f" {number}" if number > 1 else ""
        sheet = book.add_worksheet(str(self.name)[: NAME_LENGTH - len(behind)] + behind)
        is_double = any(head.above for head in self.heads)
        first = ABOVE + 1 + is_double
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(ABOVE, first - 1)
        sheet.freeze_panes(first, 0)
        for column, head in enumerate(self.heads):
            sheet.set_column(column, column, head.width)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, str(self.title), looks.title)
        sheet.write_string(1, 0, self.note)
        before = ""
        for column, head in enumerate(self.heads):
            above = str(head.above)
            sheet.write_string(
                ABOVE, column, "" if above and above == before else above or str(head.label), looks.head
            )
            before = above
        if is_double:
            for column, head in enumerate(self.heads):
                sheet.write_string(ABOVE + 1, column, str(head.label) if head.above else "", looks.head)
        # `merge_range` writes its cells anew, which a line that is out of memory does not take.
        sheet.merge += self._merged(is_double)
        return sheet, first

    def _merged(self, is_double: bool) -> list[list[int]]:
        """Return which cells are one: first line, first column, last line, last column of each."""
        last = len(self.heads) - 1
        found = [[line, 0, line, last] for line in range(ABOVE) if last]
        if not is_double:
            return found
        for above, group in groupby(range(last + 1), key=lambda column: str(self.heads[column].above)):
            columns = list(group)
            if not above:
                found += [[ABOVE, column, ABOVE + 1, column] for column in columns]
            elif len(columns) > 1:
                found.append([ABOVE, columns[0], ABOVE, columns[-1]])
        return found
