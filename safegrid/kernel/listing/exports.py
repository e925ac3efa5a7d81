"""Exports of exactly what is shown: same filters, same order, same columns, however many rows.

Text that a spreadsheet would run as a formula is disarmed in CSV by an apostrophe, and in XLSX by being
written as text.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import chain
from typing import IO, Any

import xlsxwriter
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.http import FileResponse, HttpResponseBase
from django.utils.safestring import SafeString

from safegrid.kernel import clock
from safegrid.kernel.listing.columns import Values
from safegrid.kernel.listing.selection import Selection

#: What begins a formula; the full-width forms count where Chinese input is usual.
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
TEXT = (str, SafeString)
BETWEEN = "\0"  # which PostgreSQL keeps in no text
BEGINNING = re.compile(f"{BETWEEN}[{re.escape(''.join(sorted(FORMULA)))}]")
#: The rows are all fetched: what comes first need not come soon.
TO_THE_END = "SET LOCAL cursor_tuple_fraction = 1"
SHEET_ROWS = 1_048_575  # rows of a sheet below its heading
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def disarmed(values: Sequence[Any]) -> Sequence[Any]:
    """Return `values` so that no spreadsheet takes one for a formula; numbers and dates stay as they are."""
    try:
        is_safe = BEGINNING.search(BETWEEN + BETWEEN.join(values)) is None
    except TypeError:  # not only texts
        is_safe = False
    if is_safe:
        return values
    return [
        f"'{value}" if type(value) in TEXT and value and value[0] in FORMULA else value for value in values
    ]


def heads(selection: Selection) -> list[str]:
    """Return the headings of the sheet."""
    return [str(head) for column in selection.listing.flat for head in column.heads()]


def sheets(selection: Selection) -> Iterator[list[Values]]:
    """Yield the columns of the sheet, some rows at a time."""
    for rows in selection.batches():
        yield [values for column in selection.listing.flat for values in column.sheet(rows, selection.now)]


def features(selection: Selection) -> Iterator[dict[str, Any]]:
    """Yield a GeoJSON feature for each row that has a position."""
    spec = selection.listing.map
    if spec is None:
        return
    columns = [selection.listing.by_key[key] for key in spec.properties]
    for rows in selection.batches():
        values: dict[str, Values] = {}
        for column in columns:
            values |= column.api(rows, selection.now)
            if column.urls:
                values["url"] = column.urls(rows)
        places = zip(rows["id"], rows[spec.longitude], rows[spec.latitude], strict=True)
        for (pk, longitude, latitude), properties in zip(
            places, zip(*values.values(), strict=True), strict=True
        ):
            if longitude is not None:
                yield {
                    "type": "Feature",
                    "id": pk,
                    "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
                    "properties": dict(zip(values, properties, strict=True)),
                }


def write_csv(selection: Selection, file: IO[bytes]) -> None:
    """Write a line for each row, with a mark by which Excel reads UTF-8."""
    file.write(("\ufeff" + _lines([heads(selection)])).encode())
    for columns in sheets(selection):
        file.write(_lines(zip(*map(disarmed, columns), strict=True)).encode())


def _lines(rows: Iterable[Sequence[Any]]) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def write_geojson(selection: Selection, file: IO[bytes]) -> None:
    """Write a collection with a feature for each row that has a position."""
    encoder = DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":"))
    file.write(b'{"type":"FeatureCollection","features":[')
    for number, feature in enumerate(features(selection)):
        file.write(("," if number else "").encode() + encoder.encode(feature).encode())
    file.write(b"]}")


def write_xlsx(selection: Selection, file: IO[bytes]) -> None:
    """Write the workbook to `file`, row by row, going on in a further sheet when one is full."""
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    titles = heads(selection)
    page: Any = None
    rows = chain.from_iterable(zip(*columns, strict=True) for columns in sheets(selection))
    for number, values in enumerate(rows):
        line = number % SHEET_ROWS
        if line == 0:
            page = _new_sheet(book, titles, bold)
        for at, value in enumerate(values):
            if isinstance(value, dt.date):
                page.write_datetime(line + 1, at, dt.datetime.combine(value, dt.time.min))
            elif isinstance(value, int | float):
                page.write_number(line + 1, at, value)
            elif value:
                page.write_string(line + 1, at, str(value))
    if page is None:
        _new_sheet(book, titles, bold)
    book.close()


def _new_sheet(book: Any, titles: list[str], style: Any) -> Any:
    page = book.add_worksheet()
    page.freeze_panes(1, 0)
    page.set_column(0, len(titles) - 1, 18)  # characters
    for at, title in enumerate(titles):
        page.write_string(0, at, title, style)
    return page


def export(selection: Selection, form: str) -> HttpResponseBase | None:
    """Return the list as "csv", "xlsx" or "geojson", or None for a form that it does not have.

    The rows are read in one transaction, in which the database hands them over as it finds them. They go into
    a file first: somebody who reads slowly holds no transaction, and no row is missed that moves meanwhile.
    """
    if form not in FORMS or (form == "geojson" and selection.listing.map is None):
        return None
    write, kind, is_attached = FORMS[form]
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(TO_THE_END)
        write(selection, file)
    file.seek(0)
    name = f"{selection.listing.name}-{clock.local_date(selection.now).isoformat()}.{form}"
    return FileResponse(
        file, content_type=kind, as_attachment=is_attached, filename=name if is_attached else ""
    )


#: How each form is written, its type, and whether it is saved or read by a script.
FORMS: Mapping[str, tuple[Callable[[Selection, IO[bytes]], None], str, bool]] = {
    "csv": (write_csv, "text/csv; charset=utf-8", True),
    "xlsx": (write_xlsx, XLSX, True),
    "geojson": (write_geojson, "application/geo+json", False),
}
