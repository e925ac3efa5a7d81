"""The import of a ledger in the browser: from the list of hazards and back to exactly these rows."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hazards.models import Hazard
from safegrid.grid import tasks
from safegrid.grid.imports import running
from safegrid.grid.models import ImportJob
from safegrid.kernel import clock
from tests import factories as make
from tests.grid.sheets import csv_bytes
from tests.hazards.ledgers import HEAD, HOTEL, brought, row, workbook

pytestmark = pytest.mark.django_db
DESK = "/hazards/import/"


@pytest.fixture
def world(cast, policies):
    """The cast with the policies; the hotel's enterprise has a main site of its name."""
    make.SiteFactory(enterprise=cast.city.enterprise, name=HOTEL, at=cast.city.cell)
    return cast


@pytest.fixture
def worker(monkeypatch, django_capture_on_commit_callbacks):
    """Lets a press of a button be followed by a worker that does what it asks for."""
    asked = []
    monkeypatch.setattr(tasks.run_import, "delay", asked.append)

    def press(client, url, data=None):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(url, data or {})
        while asked:
            running.run(asked.pop(0), clock=clock.now)
        return answer

    return press


def upload(client, rows, name="台账.csv"):
    file = SimpleUploadedFile(name, csv_bytes(rows))
    return client.post(DESK, {"kind": "hazards", "file": file})["Location"]


def columns(page, **changed):
    """The form of the page as a browser would send it."""
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changed


def test_the_whole_way_from_the_list_to_exactly_these_rows(world, client, worker, now):
    client.force_login(world.inspector)
    assert f'href="{DESK}"' in client.get("/hazards/").content.decode()
    address = upload(client, [HEAD, row(1), row(2, name="没有"), row(3, due=""), ["合计", *[""] * 8]])
    assert address.startswith(DESK)
    page = client.get(address)
    text = page.content.decode()
    for words in (
        "第1处疏散通道堵塞",
        "2026-12-01",
        "2026-12-14, by rule",
        "Skipped: A line of totals.",
        "没有",
    ):
        assert words in text
    worker(client, address, columns(page))
    checked = client.get(address).content.decode()
    assert "Import 2 rows" in checked
    assert not Hazard.objects.exists()
    worker(client, f"{address}start/")
    result = client.get(address)
    job = result.context["job"]
    assert (job.created, job.rejected, job.skipped) == (2, 1, 1)
    assert "Row 5 · A line of totals." in result.content.decode()
    listed = client.get(result.context["links"]["created"]).content.decode()
    assert {n for n in ("XN-2026-000001", "XN-2026-000002") if n in listed} == {
        "XN-2026-000001",
        "XN-2026-000002",
    }
    rejects = b"".join(client.get(f"{address}rejects.csv")).decode("utf-8-sig").splitlines()
    assert rejects[0].split(",")[:9] == HEAD
    assert rejects[1].startswith("2,没有,")


def test_each_kind_of_file_has_its_own_desk(world, client, now):
    job = brought(world, [HEAD, row(1)], now=now)
    client.force_login(world.bureau)
    assert client.get(f"/grid/imports/{job.pk}/").status_code == 404
    assert client.get(f"{DESK}{job.pk}/").status_code == 200
    assert job.original_name not in client.get("/grid/imports/").content.decode()
    assert 'value="hazards"' not in client.get("/grid/imports/").content.decode()
    assert client.get(f"{DESK}templates/hazards.csv").status_code == 200
    assert client.get(f"{DESK}templates/enterprises.csv").status_code == 404


@pytest.mark.parametrize("who", ["enterprise", "principal", "rival", "gridofficer", "chengdong", "nobody"])
def test_others_find_neither_the_button_nor_the_page(world, client, who):
    client.force_login(getattr(world, who))
    assert f'href="{DESK}"' not in client.get("/hazards/").content.decode()
    assert client.get(DESK).status_code == 403
    answer = client.post(
        DESK, {"kind": "hazards", "file": SimpleUploadedFile("a.csv", csv_bytes([HEAD, row(1)]))}
    )
    assert answer.status_code == 403
    assert not ImportJob.objects.exists()


def test_a_colleague_sees_no_import_of_somebody_elses(world, client, now):
    job = brought(world, [HEAD, row(1)], by="inspector", now=now)
    client.force_login(world.inspector2)
    assert client.get(f"{DESK}{job.pk}/").status_code == 404
    assert client.get(f"{DESK}{job.pk}/rejects.csv").status_code == 404
    client.force_login(world.auditor)  # reads everything, changes nothing
    assert client.get(f"{DESK}{job.pk}/").status_code == 200
    assert client.post(f"{DESK}{job.pk}/start/").status_code in (302, 403)
    assert Hazard.objects.count() == 1


def test_a_hazards_page_says_where_it_came_from(world, client, now):
    rows = [[*HEAD, "检查人员", "整改资金"], [*row(1), "马某", "2万元"]]
    brought(world, rows, now=now)
    client.force_login(world.inspector)
    text = client.get("/hazards/XN-2026-000001/").content.decode()
    for words in ("城东隐患〔2026〕1号", "隐患台账.csv, row 2, imported on", "马某", "2万元"):
        assert words in text


def test_the_page_of_an_import_asks_no_more_for_more_rows(world, client, now, django_assert_max_num_queries):
    client.force_login(world.bureau)
    costs = []
    for first, count in ((100, 2), (200, 40)):
        bad = [row(first + n, name=f"没有{n}") for n in range(count)]
        job = brought(world, [HEAD, *(row(first + n) for n in range(count)), *bad], now=now)
        client.get(f"{DESK}{job.pk}/")
        with django_assert_max_num_queries(40) as caught:
            client.get(f"{DESK}{job.pk}/")
        costs.append(len(caught))
    assert costs[0] == costs[1]


def named(page, word):
    """The field of the page's form in which somebody says what `word` means."""
    spelled = [each for words in page.context["form"].spelled.values() for each in words]
    return next(each.field for each in spelled if each.word == word)


def test_unknown_spellings_are_listed_with_their_counts_and_said_by_hand(world, client, worker, now):
    client.force_login(world.bureau)
    rows = [HEAD, row(1, state="基本完成"), row(2, state="基本完成"), row(3, grade="II级"), row(4)]
    address = upload(client, rows)
    page = client.get(address)
    told = {
        code: [(each.word, each.count, str(each.meaning)) for each in words]
        for code, words in page.context["form"].spelled.items()
    }
    assert told == {
        "state": [("基本完成", 2, ""), ("未整改", 2, "Rectifying")],
        "grade": [("一般", 3, "General hazard"), ("II级", 1, "")],
    }
    data = columns(page, **{named(page, "基本完成"): "rectifying"})
    preview = client.post(f"{address}preview/", data).content.decode()
    assert "State: “基本完成” is not known." not in preview
    assert "Grade: “II级” is not known." in preview
    worker(client, address, data)
    worker(client, f"{address}start/")
    job = ImportJob.objects.get()
    assert (job.created, job.rejected) == (3, 1)
    assert job.words == {"state": {"基本完成": "rectifying"}}


def test_what_was_kept_by_name_is_chosen_again_for_the_same_headings(world, client, worker, now):
    client.force_login(world.inspector)
    head = [*HEAD[:3], "事项", *HEAD[4:]]
    first = upload(client, [head, row(1, state="基本完成")])
    page = client.get(first)
    chosen = {"column-3": "title", named(page, "基本完成"): "rectifying", "save_as": "月度台账"}
    worker(client, first, columns(page, **chosen))
    # The same headings in another order, with ornament, next month.
    order = [2, 1, 0, *range(3, 9)]
    ornate = [f"*{head[n]}（必填）" for n in order]
    again = client.get(upload(client, [ornate, [row(2, state="基本完成")[n] for n in order]]))
    assert "Columns and words are read as kept under “月度台账”." in again.content.decode()
    assert again.context["form"].initial["column-3"] == "title"
    job = ImportJob.objects.latest("pk")
    assert job.words == {"state": {"基本完成": "rectifying"}}
    other = client.get(upload(client, [HEAD, row(3)]))
    assert "are read as kept" not in other.content.decode()
    client.force_login(world.bureau)  # another unit keeps its own
    assert "are read as kept" not in client.get(upload(client, [head, row(4)])).content.decode()


def test_of_several_sheets_one_is_chosen(world, client, now):
    client.force_login(world.bureau)
    data = workbook({"2025": [HEAD, row(1), row(2)], "2026": [HEAD, row(3)], "说明": [["只有文字"]]})
    file = SimpleUploadedFile("台账.xlsx", data)
    address = client.post(DESK, {"kind": "hazards", "file": file})["Location"]
    job = ImportJob.objects.get()
    assert (job.sheet, job.sheets, job.total) == ("2025", ["2025", "2026"], 2)
    client.post(f"{address}sheet/", {"sheet": "2026"})
    job.refresh_from_db()
    assert (job.sheet, job.total) == ("2026", 1)
    assert "第3处疏散通道堵塞" in client.get(address).content.decode()
    client.post(f"{address}sheet/", {"sheet": "说明"})
    job.refresh_from_db()
    assert job.sheet == "2026"
