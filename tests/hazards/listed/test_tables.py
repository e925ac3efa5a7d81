"""A listing in the list of hazards, in the tables that offices hand up, and in its notice."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from hazards.listed.models import ListedSupervision
from hazards.papers.choices import PaperKind
from responsibility.documents import services as documents
from safegrid.kernel.refusals import NotAllowed, Refused
from tests import factories as make
from tests.hazards.conftest import DAY
from tests.hazards.papers.conftest import folder, issue  # noqa: F401 (fixtures)


def sheet(client, user, url):
    client.force_login(user)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(url).getvalue()))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


@pytest.fixture
def numbers(client):
    def ask(user, tab="listed"):
        client.force_login(user)
        return {row["number"] for row in client.get(f"/api/v1/hazards/?tab={tab}").json()["results"]}

    return ask


# -- the saved view ---------------------------------------------------------------------------------


def test_the_view_holds_what_stands_on_a_list_struck_off_or_not(board, play, numbers):
    on_list = {board.listed().hazard.number, board.accepted().hazard.number}
    board.delisted()
    board.act(board.listed(), "withdraw", "bureau")
    board.major()
    assert numbers(play.cast.bureau) == numbers(play.cast.enterprise) == on_list
    assert numbers(play.cast.rival) == numbers(play.cast.chengxi) == set()


def test_its_number_is_counted_and_the_page_costs_the_same_with_many(board, play, client):
    city = play.cast.city
    client.force_login(play.cast.bureau)

    def cost(url):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url, headers={"HX-Request": "true"}).status_code == 200
        return len(queries)

    row = board.listed()
    urls = ["/hazards/?tab=listed", "/hazards/?tab=listed&part=counts"]
    few = [(cost(url), cost(url))[1] for url in urls]
    for n in range(12):
        number = f"XN-2026-8{n:05d}"
        hazard = make.HazardFactory(site=city.hotel, matter=city.general, grade="major", number=number)
        make.ListedSupervisionFactory(hazard=hazard, post=row.post, listed_by=row.listed_by)
    assert [cost(url) for url in urls] == few
    counts = client.get("/hazards/?part=counts").text
    assert 'id="count-listed" hx-swap-oob="true">13</span>' in counts


# -- tables -----------------------------------------------------------------------------------------


def cells(lines):
    """The cells of a monthly table by the name of the line and the heading, of this month."""
    heads = lines[3]
    half = (len(heads) - 1) // 2 + 1
    return {line[0]: dict(zip(heads[1:half], line[1:half], strict=True)) for line in lines[4:] if line[0]}


def test_the_monthly_table_counts_what_was_listed_in_the_month(board, play, client):
    board.listed()
    board.act(board.listed(), "withdraw", "bureau")
    old = board.listed()
    ListedSupervision.objects.filter(pk=old.pk).update(listed_at=play.now - 40 * DAY)
    again = board.delisted()
    board.act(again, "not_fixed", "inspector")  # two listings of one hazard
    url = "/hazards/tables/?month=2026-11&by=district"
    for user, listed in ((play.cast.bureau, 3), (play.cast.chengdong, 3)):
        assert cells(sheet(client, user, url))["Chengdong District"]["Major listed"] == listed


def test_the_list_of_major_hazards_names_level_and_deadline_of_the_listing(board, play, client):
    city = board.listed(due_on=dt.date(2027, 2, 21))
    district = board.listed("chengdong", level="district", due_on=play.day(9))
    withdrawn = board.act(board.listed(), "withdraw", "bureau")
    lines = sheet(client, play.cast.auditor, "/hazards/?tab=all&format=major")
    heads = next(line for line in lines if "Listed by" in line)
    at = heads.index("Listed by")
    told = {line[1]: line[at] for line in lines if str(line[1]).startswith("XN-")}
    assert told == {
        city.hazard.number: "City, until 2027-02-21",
        district.hazard.number: "District, until 2026-12-02",
        withdrawn.hazard.number: "",
    }


def test_progress_is_the_state_and_what_the_enterprise_reported_last(board, play, client):
    told, silent = board.listed(), board.listed()
    board.act(told, "report", "enterprise", note="已停用")
    play.now += 2 * DAY
    board.act(told, "report", "principal", note="设备已订购")

    def progress(user):
        lines = sheet(client, user, "/hazards/?tab=all&format=major")
        at = next(line for line in lines if "Progress" in line).index("Progress")
        return {line[1]: line[at] for line in lines if str(line[1]).startswith("XN-")}

    for user in (play.cast.auditor, play.cast.enterprise):
        assert progress(user) == {
            told.hazard.number: "Rectifying\n2026-11-25: 设备已订购",
            silent.hazard.number: "Rectifying",
        }
    assert progress(play.cast.rival) == {}


def test_the_list_of_major_hazards_costs_the_same_with_many_reports(board, play, client):
    client.force_login(play.cast.bureau)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get("/hazards/?tab=all&format=major").getvalue()
        return len(queries)

    board.act(board.listed(), "report", "enterprise")
    few = [cost(), cost()][1]
    for _ in range(4):
        row = board.act(board.listed(), "report", "enterprise")
        board.act(row, "report", "principal")
    assert cost() == few


# -- the notice -------------------------------------------------------------------------------------


def test_the_body_that_listed_it_issues_the_notice_with_the_listings_day(board, play, issue):  # noqa: F811
    row = board.listed(due_on=dt.date(2027, 3, 1), report_days=10)
    for by in ("chengdong", "inspector", "enterprise"):
        with pytest.raises(NotAllowed):
            issue(row.hazard, kind=PaperKind.LISTING, by=by)
    paper = issue(row.hazard, kind=PaperKind.LISTING, by="bureau")
    pages = PdfReader(io.BytesIO(documents.content_of(paper.document, pdf=True))).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    for words in ("挂牌督办通知书", "2027年3月1日前", "督办级别：市级。治理期间每10日报告一次治理进展情况。"):
        assert words in text


def test_nothing_is_noticed_that_is_not_listed(board, play, issue, client):  # noqa: F811
    hazard = board.major()
    with pytest.raises(Refused, match="first it is put on the list"):
        issue(hazard, kind=PaperKind.LISTING, by="bureau")
    client.force_login(play.cast.bureau)
    assert "first it is put on the list" in client.get(f"/hazards/{hazard.number}/").text
    row = board.act(board.listed(hazard=hazard), "withdraw", "bureau")
    with pytest.raises(Refused, match="first it is put on the list"):
        issue(row.hazard, kind=PaperKind.LISTING, by="bureau")
