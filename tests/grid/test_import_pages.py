"""The import in the browser: each step has its address, and nothing is lost in between."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from safegrid.grid import tasks
from safegrid.grid.choices import ImportState
from safegrid.grid.imports import running
from safegrid.grid.models import Enterprise, ImportJob, Site
from safegrid.kernel import clock
from tests.grid.sheets import code, csv_bytes

pytestmark = pytest.mark.django_db
HEAD = ["企业名称", "统一社会信用代码", "经营地址", "备注"]
ROWS = [
    ["甲公司", code(1), "西宁市城东区1号", "x"],
    ["乙公司", code(2), "人民路1号", ""],
    ["丙公司", "9163", "西宁市城东区3号", ""],
]
LIST = "/grid/imports/"


@pytest.fixture
def worker(monkeypatch):
    """A worker that does what it is asked as soon as it is told to."""
    asked = []
    monkeypatch.setattr(tasks.run_import, "delay", asked.append)

    def work():
        while asked:
            running.run(asked.pop(0), clock=clock.now)

    return work


@pytest.fixture
def bureau(client, cast):
    client.force_login(cast.bureau)
    return client


def upload(client, data=None, name="企业.csv", kind="enterprises"):
    file = SimpleUploadedFile(name, csv_bytes([HEAD, *ROWS]) if data is None else data)
    return client.post(LIST, {"kind": kind, "file": file})


def columns(page, **changed):
    """The form of the page as a browser would send it."""
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changed


@pytest.mark.django_db(transaction=True)
def test_the_whole_way_from_upload_to_the_list_of_these_rows(bureau, worker):
    before = Enterprise.objects.count()
    answer = upload(bureau)
    address = answer["Location"]
    page = bureau.get(address)
    text = page.content.decode()
    assert page.context["state"] == ImportState.UPLOADED
    assert "Chengdong District" in text  # the first rows, as understood
    assert "USCC: “9163” does not have 18 characters." in text
    assert "New, to be placed" in text

    assert bureau.post(address, columns(page))["Location"] == address
    waiting = bureau.get(address)
    assert waiting.context["at_work"]
    assert b"every 1s" in bureau.get(f"{address}progress/").content
    worker()
    assert bureau.get(f"{address}progress/")["HX-Refresh"] == "true"
    checked = bureau.get(address)
    assert checked.context["state"] == ImportState.CHECKED
    assert Enterprise.objects.count() == before
    assert "Import 2 rows" in checked.content.decode()

    bureau.post(f"{address}start/")
    worker()
    result = bureau.get(address)
    assert result.context["state"] == ImportState.DONE
    assert Enterprise.objects.count() == before + 2
    job = ImportJob.objects.get()
    links = result.context["links"]
    listed = bureau.get(links["created"]).content.decode()
    assert "甲公司" in listed
    assert "乙公司" in listed
    assert Site.objects.count() > 2
    assert listed.count("/grid/enterprises/") < Site.objects.count() * 3
    assert set(bureau.get(f"{links['created']}&format=csv").getvalue().decode().split(",")) > {"甲公司"}
    unplaced = bureau.get(links["unplaced"]).content.decode()
    assert ("乙公司" in unplaced, "甲公司" in unplaced) == (True, False)
    rejected = b"".join(bureau.get(f"{address}rejects.csv")).decode()
    assert "丙公司,9163,西宁市城东区3号,,4,USCC" in rejected
    assert str(job) in bureau.get(LIST).content.decode()


def test_the_preview_follows_the_columns_chosen(bureau):
    address = upload(bureau)["Location"]
    page = bureau.get(address)
    data = columns(page, **{"column-0": "", "column-3": "name"})
    preview = bureau.post(f"{address}preview/", data).content.decode()
    assert "Enterprise is missing." in preview
    assert "甲公司" not in preview
    assert ImportJob.objects.get().mapping["name"] == HEAD[0]


def test_two_columns_for_one_field_are_refused_beside_the_second_and_nothing_typed_is_lost(bureau):
    address = upload(bureau)["Location"]
    answer = bureau.post(address, columns(bureau.get(address), **{"column-3": "name"}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["column-3"]
    assert answer.context["form"]["column-3"].value() == "name"


def test_without_the_name_the_check_does_not_start(bureau):
    address = upload(bureau)["Location"]
    answer = bureau.post(address, columns(bureau.get(address), **{"column-0": ""}))
    assert answer.status_code == 422
    assert "Say which column holds this: Enterprise." in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This is no spreadsheet."),
        (b"PK\x03\x04 broken", "The file is incomplete"),
        (b"foo,bar\r\n1,2\r\n", "No heading in this file is known."),
        (csv_bytes([HEAD]), "headings but no rows"),
        (b"x" * 200_001, "larger than"),
    ],
)
def test_a_bad_file_is_told_at_its_field(bureau, settings, data, words):
    settings.UPLOAD_MAX_BYTES = 200_000
    answer = upload(bureau, data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]
    assert words in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_no_file_and_no_such_kind(bureau):
    assert list(bureau.post(LIST, {}).context["form"].errors) == ["kind", "file"]
    assert list(upload(bureau, kind="nonsense").context["form"].errors) == ["kind"]


def test_the_same_button_twice_says_that_it_has_moved_on(bureau, worker):
    address = upload(bureau)["Location"]
    bureau.post(address, columns(bureau.get(address)))
    again = bureau.post(f"{address}start/", follow=True)
    assert "This import has moved on meanwhile." in again.content.decode()


def test_a_file_can_be_dropped(bureau):
    address = upload(bureau)["Location"]
    gone = bureau.post(f"{address}drop/", follow=True)
    assert gone.redirect_chain[-1][0] == LIST
    assert "Nothing of it was imported." in gone.content.decode()
    assert bureau.get(address).status_code == 404


def test_unknown_verbs_and_kinds_are_not_found(bureau):
    address = upload(bureau)["Location"]
    assert bureau.post(f"{address}explode/").status_code == 404
    assert bureau.get("/grid/imports/templates/nonsense.csv").status_code == 404


def test_the_template_is_read_back_as_it_is_meant(bureau):
    for kind in ("enterprises", "districts"):
        sheet = bureau.get(reverse("grid:import_template", args=[kind])).content
        assert upload(bureau, sheet, kind=kind).status_code == 302
        job = ImportJob.objects.first()
        assert len(job.mapping) == len(job.columns)


@pytest.mark.parametrize("who", ["rival", "enterprise", "inspector", "gridofficer", "nobody"])
def test_others_find_no_import_at_any_address(bureau, client, cast, who):
    address = upload(bureau)["Location"]
    pk = ImportJob.objects.get().pk
    client.force_login(getattr(cast, who))
    for part in ("", "progress/", "rejects.csv"):
        assert client.get(f"{address}{part}").status_code == 404
    for part in ("", "preview/", "start/", "drop/"):
        assert client.post(f"{address}{part}").status_code == 404
    assert upload(client).status_code == 403
    assert client.get(LIST).status_code == 403
    listed = client.get(f"/grid/enterprises/?imported={pk}")
    assert "企业.csv" not in listed.content.decode()


def test_a_head_brings_assignments_and_neither_enterprises_nor_what_others_brought(bureau, client, cast):
    address = upload(bureau)["Location"]
    client.force_login(cast.chengdong)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}start/").status_code == 404
    assert upload(client).status_code == 422
    assert ImportJob.objects.count() == 1


def test_an_auditor_reads_and_changes_nothing(bureau, client, cast):
    address = upload(bureau)["Location"]
    client.force_login(cast.auditor)
    page = client.get(address)
    assert page.status_code == 200
    assert "Check all rows" not in page.content.decode()
    assert client.post(address, columns(page)).status_code == 403
    assert client.post(f"{address}drop/").status_code == 403
    assert client.get(LIST).context["form"] is None
    assert ImportJob.objects.get().state == ImportState.UPLOADED


def test_a_page_costs_the_same_with_one_import_and_with_many(bureau, cast, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            bureau.get(LIST)
        return len(queries)

    upload(bureau)
    bureau.get(LIST)
    one = cost()
    job = ImportJob.objects.get()
    for _ in range(40):
        job.pk = None
        job.save()
    assert cost() == one
    assert bureau.get(LIST).context["older"]
