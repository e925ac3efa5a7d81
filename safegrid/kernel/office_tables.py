"""Tables as offices hand them up: a title, merged headings, A3, and places for who prepared and checked it.

Lines are written as they come, however many: nothing of the table is kept in memory.
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

#: What a cell holds. None leaves it empty, and a text is never taken for a formula.
Value = str | int | float | Decimal | dt.date | None


@dataclass(frozen=True)
class Head:
    """A column: its heading, its width in characters, and the heading that it shares with its neighbours."""

    label: Any
    width: int = 12
    above: Any = ""


@dataclass(frozen=True)
class OfficeTable:
    """A table to be written: `name` of its sheet, `title`, a `note` below it, its columns and its lines."""

    name: Any
    title: Any
    note: str
    heads: Sequence[Head]
    rows: Iterable[Sequence[Value]]

    def write(self, file: IO[bytes]) -> None:
        """Write the workbook to `file`."""
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
        sheet = book.add_worksheet(str(self.name)[:31])  # a longer name no spreadsheet takes
        first = self._lay_out(book, sheet)
        text, number, share, date = (
            book.add_format(FRAME | more)
            for more in (
                {},
                {"num_format": "#,##0"},
                {"num_format": "#,##0.0"},
                {"num_format": "yyyy-mm-dd", "align": "center"},
            )
        )
        at = first - 1
        for at, row in enumerate(self.rows, start=first):
            for column, value in enumerate(row):
                if value is None or value == "":
                    sheet.write_blank(at, column, None, text)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(at, column, dt.datetime.combine(value, dt.time()), date)
                elif isinstance(value, int):
                    sheet.write_number(at, column, value, number)
                elif isinstance(value, float | Decimal):
                    sheet.write_number(at, column, value, share)
                else:
                    sheet.write_string(at, column, str(value), text)
        last = len(self.heads) - 1
        for column, words in (
            (0, _("Prepared by")),
            (last // 3, _("Checked by")),
            (2 * last // 3, _("Date")),
        ):
            sheet.write_string(at + 2, column, words + colon())
        book.close()

    def response(self, filename: str) -> FileResponse:
        """Return the workbook as a download called `filename`."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        self.write(file)
        file.seek(0)
        return FileResponse(file, content_type=XLSX, as_attachment=True, filename=filename)

    def _lay_out(self, book: Any, sheet: Any) -> int:
        """Write the title and the headings; return the line at which the rows begin."""
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
        big = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        look = book.add_format(FRAME | {"bold": True, "align": "center"})
        sheet.write_string(0, 0, str(self.title), big)
        sheet.write_string(1, 0, self.note)
        before = ""
        for column, head in enumerate(self.heads):
            above = str(head.above)
            sheet.write_string(
                ABOVE, column, "" if above and above == before else above or str(head.label), look
            )
            before = above
        if is_double:
            for column, head in enumerate(self.heads):
                sheet.write_string(ABOVE + 1, column, str(head.label) if head.above else "", look)
        # `merge_range` writes its cells anew, which a line that is out of memory does not take.
        sheet.merge += self._merged(is_double)
        return first

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
