"""Spreadsheets for the tests of imports."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter
from stdnum.cn import uscc


def code(number: int) -> str:
    """Return a valid USCC."""
    body = f"91630102MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def csv_bytes(rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def xlsx_bytes(rows: Sequence[Sequence[object]], merges: Sequence[tuple] = (), sheets: int = 1) -> bytes:
    """A workbook with `rows` on its last sheet; `merges` are (first row, column, last row, column, text)."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = [book.add_worksheet() for _ in range(sheets)][-1]
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value not in ("", None):
                    sheet.write(number, column, value)
        for merge in merges:
            sheet.merge_range(*merge)
    return stream.getvalue()
