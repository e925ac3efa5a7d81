"""Whatever file comes: rows, or a reason that a person can act on."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safegrid.grid.imports import reading
from safegrid.grid.imports.headings import find_heading, guess, plain, recogniser, unique
from safegrid.grid.imports.kinds import kinds
from safegrid.grid.imports.problems import FILE_PROBLEMS, Unreadable
from tests.grid.sheets import csv_bytes, xlsx_bytes

RECOGNISE = recogniser(
    {
        "name": ("name", "企业名称", "单位名称"),
        "uscc": ("uscc", "统一社会信用代码"),
        "address": ("address", "地址"),
        "longitude": ("longitude", "经度"),
        "latitude": ("latitude", "纬度"),
    }
)
ROWS = [
    ["企业名称", "统一社会信用代码", "地址"],
    ["甲公司", "91", "人民路1号"],
    ["乙公司", "92", "人民路2号"],
]


def read(data):
    return reading.read(data, RECOGNISE)


def problem(data):
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.code in FILE_PROBLEMS
    assert refused.value.message
    return refused.value.code


# Encodings and delimiters


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_every_usual_form(encoding, delimiter):
    table = read(csv_bytes(ROWS, encoding, delimiter))
    assert table.columns == ROWS[0]
    assert table.rows == [(2, ROWS[1]), (3, ROWS[2])]


def test_a_workbook_gives_the_same_rows():
    table = read(xlsx_bytes(ROWS))
    assert (table.columns, table.rows) == (ROWS[0], [(2, ROWS[1]), (3, ROWS[2])])


def test_numbers_of_a_workbook_become_what_people_see():
    table = read(xlsx_bytes([["企业名称", "经度", "纬度"], [630102, 101.5, 36]]))
    assert table.rows == [(2, ["630102", "101.5", "36"])]


def test_quoted_cells_may_hold_delimiters_and_lines():
    table = read('企业名称,地址\r\n"甲,公司","人民路\n1号"\r\n"5"" 管",x\r\n'.encode())
    assert table.rows == [(2, ["甲,公司", "人民路\n1号"]), (3, ['5" 管', "x"])]


def test_blank_rows_are_passed_over_and_numbers_stay_those_of_the_spreadsheet():
    table = read(csv_bytes([ROWS[0], ["", " ", ""], ROWS[1]]))
    assert table.rows == [(3, ROWS[1])]


def test_short_rows_are_filled_and_long_ones_cut():
    table = read(csv_bytes([ROWS[0], ["甲"], ["乙", "1", "2", "3"]]))
    assert [cells for _, cells in table.rows] == [["甲", "", ""], ["乙", "1", "2"]]


# Headings


def test_titles_above_the_headings_are_passed_over():
    rows = [["西宁市企业信息表", "", ""], ["填报单位：", "", "日期："], *ROWS]
    table = read(csv_bytes(rows))
    assert table.columns == ROWS[0]
    assert table.rows[0] == (4, ROWS[1])


def test_merged_titles_and_headings_on_two_rows_of_a_workbook_are_understood():
    rows = [
        ["", "", "", ""],
        ["", "", "", ""],
        ["", "", "经度", "纬度"],
        ["甲公司", "人民路1号", 101.8, 36.6],
    ]
    merges = [
        (0, 0, 0, 3, "西宁市企业信息表"),
        (1, 0, 2, 0, "企业名称"),
        (1, 1, 2, 1, "地址"),
        (1, 2, 1, 3, "位置"),
    ]
    table = read(xlsx_bytes(rows, merges))
    assert table.columns == ["企业名称", "地址", "经度", "纬度"]
    assert table.rows == [(4, ["甲公司", "人民路1号", "101.8", "36.6"])]


def test_headings_that_are_each_merged_over_several_rows_are_no_rows_of_data():
    rows = [["", "", ""]] * 3 + [["甲公司", "91", "x"]]
    merges = [(0, n, 2, n, heading) for n, heading in enumerate(["企业名称", "统一社会信用代码", "备注"])]
    table = read(xlsx_bytes(rows, merges))
    assert table.columns == ["企业名称", "统一社会信用代码", "备注"]
    assert table.rows == [(4, ["甲公司", "91", "x"])]


def test_headings_on_two_rows_of_a_text_are_understood():
    rows = [["企业名称", "地址", "位置", ""], ["", "", "经度", "纬度"], ["甲", "乙", "101", "36"]]
    table = read(csv_bytes(rows))
    assert table.columns == ["企业名称", "地址", "经度", "纬度"]
    assert table.rows == [(3, ["甲", "乙", "101", "36"])]


def test_cells_merged_downward_hold_for_every_row_and_a_remark_across_is_no_row_of_its_own():
    rows = [["企业名称", "地址", "统一社会信用代码"], ["甲", "", "1"], ["乙", "", "2"], *[["", "", ""]] * 30]
    merges = [(1, 1, 2, 1, "同一楼"), (25, 0, 25, 2, "注：以上数据由各单位提供")]
    table = read(xlsx_bytes(rows, merges))
    assert table.rows[:2] == [(2, ["甲", "同一楼", "1"]), (3, ["乙", "同一楼", "2"])]
    assert table.rows[2:] == [(26, ["注：以上数据由各单位提供", "", ""])]  # refused later: only a name


def test_the_sheet_with_the_headings_is_taken():
    assert read(xlsx_bytes(ROWS, sheets=3)).columns == ROWS[0]


@pytest.mark.parametrize(
    "heading",
    [
        "企业名称",
        " 企业名称 ",
        "*企业名称",
        "企业名称（必填）",
        "企业名称:",
        "【企业名称】",
        "企 业 名 称",
        "ＮＡＭＥ",
    ],
)
def test_headings_are_known_through_ornament(heading):
    assert RECOGNISE(heading) == "name"


def test_the_same_or_no_heading_twice_stays_apart():
    assert unique(["名", "名", "", ""]) == ["名", "名 (2)", "#3", "#4"]
    assert guess(["企业名称", "企业名称 (2)", "电话"], RECOGNISE) == {"name": "企业名称"}
    assert plain("（企业名称）") == "企业名称"


def test_no_heading_no_guess():
    assert find_heading([["a", "b"], ["1", "2"]], RECOGNISE) is None


def test_no_heading_of_a_kind_means_two_fields():
    for kind in kinds:
        seen = {}
        for field in kind.fields:
            for heading in (field.code, *field.headings):
                assert seen.setdefault(plain(heading), field.code) == field.code, heading


# Bad files


def test_an_empty_file():
    assert problem(b"") == "empty"
    assert problem(b"\xef\xbb\xbf\r\n  \r\n") == "empty"
    assert problem(csv_bytes([["", ""], ["", ""]])) == "empty"
    assert problem(xlsx_bytes([])) == "empty"


def test_headings_without_rows():
    assert problem(csv_bytes(ROWS[:1])) == "no_rows"


def test_no_heading_that_is_known():
    assert problem(csv_bytes([["foo", "bar"], ["1", "2"]])) == "no_column"


def test_a_truncated_workbook():
    whole = xlsx_bytes(ROWS * 200)
    for share in (0.2, 0.5, 0.9, 0.99):
        assert problem(whole[: int(len(whole) * share)]) == "cut_off"


def test_a_text_that_ends_in_the_middle_of_a_character():
    assert problem(csv_bytes(ROWS)[:-4].rstrip("号".encode()) + "号".encode()[:1]) == "cut_off"


def test_a_quotation_mark_that_is_never_closed():
    assert problem('企业名称,地址\n甲,"人民路1号\n乙,人民路2号\n'.encode()) == "cut_off"


def test_a_last_row_that_ends_in_its_middle_is_marked():
    data = csv_bytes(ROWS)
    cut = data[: data.rindex(b"92") + 2]
    assert read(cut).cut_off == 3
    assert read(data).cut_off is None
    assert read(data.rstrip()).cut_off is None  # whole, only without an end of line


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200),
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)),
        b"%PDF-1.7\nsome pdf",
        b"<html><table><tr><td>x</td></tr></table></html>",
        b"\xd0\xcf\x11\xe0" + b"x" * 600,
        b"\xff\xff\xff\xfe plain",
    ],
)
def test_what_is_no_spreadsheet(data):
    assert problem(data) == "no_spreadsheet"


def test_an_archive_that_is_no_workbook():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert problem(stream.getvalue()) == "no_spreadsheet"


def test_a_workbook_with_one_cell_far_off_does_not_eat_the_memory():
    stream = io.BytesIO()
    import xlsxwriter

    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ROWS[0])
        sheet.write(1_048_575, 16_383, "far")
    assert problem(stream.getvalue()) == "too_many_rows"


def test_more_rows_than_can_be_taken(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 1)
    assert problem(csv_bytes(ROWS)) == "too_many_rows"


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_no_bytes_whatever_break_the_reader(data):
    try:
        found = read(data).rows
    except Unreadable as refused:
        found = [refused.message]
    assert found


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    st.sampled_from([",", ";", "\t"]),
)
def test_every_cell_arrives(rows, encoding, delimiter):
    filled = [["甲", *row] for row in rows]
    table = read(csv_bytes([["企业名称", "地址", "统一社会信用代码", "经度"], *filled], encoding, delimiter))
    assert [cells for _, cells in table.rows] == [[cell.strip() for cell in row] for row in filled]
