"""Tables as offices hand them up: headings on two lines, merged, and no cell that runs as a formula."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from itertools import chain

import pytest
from python_calamine import CalamineWorkbook

from safegrid.kernel import office_tables
from safegrid.kernel.office_tables import Head, OfficeTable

HEADS = (Head("No."), Head("General", above="Found"), Head("Major", above="Found"), Head("Date"))
DAY = dt.date(2026, 11, 23)


def written(heads, rows):
    file = io.BytesIO()
    OfficeTable(name="Hazards", title="Monthly table", note="November", heads=heads, rows=rows).write(file)
    file.seek(0)
    return file


def lines(file):
    file.seek(0)
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python(skip_empty_area=False)


def merged(file):
    file.seek(0)
    sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
    return {(*first, *last) for first, last in sheet.merged_cell_ranges}


def test_a_heading_stands_over_both_lines_or_over_its_neighbours():
    file = written(HEADS, [])
    assert lines(file)[2:4] == [["No.", "Found", "", "Date"], ["", "General", "Major", ""]]
    assert merged(file) == {(0, 0, 0, 3), (1, 0, 1, 3), (2, 1, 2, 2), (2, 0, 3, 0), (2, 3, 3, 3)}


def test_without_shared_headings_one_line_is_enough():
    file = written((Head("No."), Head("Name")), [(1, "甲")])
    assert lines(file)[2:4] == [["No.", "Name"], [1, "甲"]]


def test_cells_keep_numbers_days_and_texts_and_run_nothing():
    values = (7, "=1+1", Decimal("2.5"), DAY)
    assert lines(written(HEADS, [values]))[4] == [7, "=1+1", 2.5, DAY]
    archive = zipfile.ZipFile(written(HEADS, [values]))
    assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_it_is_laid_out_for_a3_with_places_to_sign():
    file = written(HEADS, [(1, 2, 3, None)])
    assert lines(file)[-1] == ["Prepared by: ", "Checked by: ", "Date: ", ""]
    page = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert 'paperSize="8"' in page
    assert 'orientation="landscape"' in page


def test_lines_are_written_as_they_come():
    asked = []

    def rows():
        for number in range(3):
            asked.append(number)
            yield (number, 0, 0, None)

    table = OfficeTable(name="Hazards", title="Ledger", note="", heads=HEADS, rows=rows())
    assert asked == []
    response = table.response("ledger.xlsx")
    assert asked == [0, 1, 2]
    assert len(lines(io.BytesIO(b"".join(response)))) == 2 + 2 + 3 + 1 + 1


@pytest.mark.parametrize("rows", [[], [(1, 2, 3, DAY)]])
def test_the_places_to_sign_stand_a_line_below(rows):
    assert lines(written(HEADS, rows))[4 + len(rows)] == ["", "", "", ""]


@pytest.mark.parametrize(
    ("rows", "sheets"), [(0, [0]), (3, [3]), (4, [4]), (5, [4, 1]), (8, [4, 4]), (9, [4, 4, 1])]
)
def test_what_one_sheet_does_not_hold_goes_on_in_the_next_under_the_same_headings(monkeypatch, rows, sheets):
    monkeypatch.setattr(office_tables, "SHEET_LINES", 4 + 4 + 2)  # headings, rows, places to sign
    file = written(HEADS, [(number, 0, 0, DAY) for number in range(rows)])
    book = CalamineWorkbook.from_filelike(file)
    assert book.sheet_names == ["Hazards", "Hazards 2", "Hazards 3"][: len(sheets)]
    found = []
    for name in book.sheet_names:
        lines = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        assert lines[0][0] == "Monthly table"
        assert lines[2:4] == [["No.", "Found", "", "Date"], ["", "General", "Major", ""]]
        assert len(lines) <= 10
        ends = ["Prepared by: ", "Checked by: ", "Date: ", ""] in lines
        assert ends == (name == book.sheet_names[-1])
        found.append([line[0] for line in lines[4:] if isinstance(line[0], float)])
    assert [len(each) for each in found] == sheets
    assert list(chain.from_iterable(found)) == list(range(rows))
    for name in book.sheet_names:
        assert book.get_sheet_by_name(name).merged_cell_ranges == [
            *(((line, 0), (line, 3)) for line in (0, 1)),
            *(((2, 0), (3, 0)), ((2, 1), (2, 2)), ((2, 3), (3, 3))),
        ]


def test_the_names_of_sheets_are_as_short_as_spreadsheets_take(monkeypatch):
    monkeypatch.setattr(office_tables, "SHEET_LINES", 3 + 1 + 2)
    file = io.BytesIO()
    table = OfficeTable(name="甲" * 40, title="", note="", heads=(Head("No."),), rows=[(1,), (2,)])
    table.write(file)
    file.seek(0)
    assert CalamineWorkbook.from_filelike(file).sheet_names == ["甲" * 31, "甲" * 29 + " 2"]
