"""The commands: dry run, mapping, rejects, and plain words for what is wrong."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from safegrid.grid.models import Enterprise, ImportJob, Site
from tests.grid.sheets import code, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db
HEAD = ["企业名称", "统一社会信用代码", "地址"]
ROWS = [["甲公司", code(1), "西宁市城东区1号"], ["乙公司", "9163", ""]]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "企业.csv"
    path.write_bytes(csv_bytes([HEAD, *ROWS], "gb18030"))
    return path


def run(path, command="import_enterprises", **options):
    out = io.StringIO()
    call_command(command, str(path), stdout=out, **options)
    return out.getvalue()


def test_good_rows_land_and_bad_ones_go_to_a_file(city, file, tmp_path):
    before = Enterprise.objects.count()
    said = run(file, rejects=tmp_path / "r.csv")
    assert "New: 1, Changed: 0, Unchanged: 0, Rejected: 1, to be placed: 0" in said
    assert Enterprise.objects.count() == before + 1
    rejected = (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()
    assert rejected[0] == "企业名称,统一社会信用代码,地址,Row,Reason"
    assert rejected[1].startswith("乙公司,9163,,3,")
    job = ImportJob.objects.get()
    assert (job.created_by, job.acting_post, job.state) == (None, None, "done")


def test_rejects_stand_beside_the_file_when_nothing_is_said(city, file):
    run(file)
    assert file.with_name("企业.csv.rejects.csv").exists()


def test_a_dry_run_shows_the_first_rows_as_understood_and_writes_nothing(city, file, tmp_path):
    before = Enterprise.objects.count()
    said = run(file, dry_run=True, rejects=tmp_path / "r.csv")
    assert "2  New  Enterprise: 甲公司" in said
    assert "Place: Chengdong District" in said
    assert "3  Rejected" in said
    assert "New: 1, Changed: 0, Unchanged: 0, Rejected: 1" in said
    assert Enterprise.objects.count() == before
    assert not ImportJob.objects.exists()
    assert "9163" in (tmp_path / "r.csv").read_text("utf-8-sig")


def test_a_mapping_corrects_the_guess(city, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(xlsx_bytes([["企业名称", "字号", "门牌"], ["旧名", "新名公司", "西宁市城西区1号"]]))
    run(path, mapping=json.dumps({"name": "字号", "address": "门牌"}))
    assert Site.objects.get(name="新名公司").district_id == city.chengxi.pk
    wrong = tmp_path / "mapping.json"
    wrong.write_text('{"name": "没有的列"}', "utf-8")
    with pytest.raises(CommandError, match="没有的列"):
        run(path, mapping=str(wrong))
    with pytest.raises(CommandError, match="--mapping"):
        run(path, mapping="[1]")


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "empty"), (b"a,b\n1,2\n", "No heading"), (b"\x89PNG\x00\x00", "no spreadsheet")],
)
def test_a_bad_file_is_said_in_one_sentence(db, tmp_path, data, words):
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(CommandError, match=words):
        run(path)


def test_a_file_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "nothing.csv")


def test_reasons_come_in_chinese_too(city, file, tmp_path):
    run(file, rejects=tmp_path / "r.csv", language="zh-hans")
    assert "9163" in (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()[1]


def test_places_have_a_command_of_their_own(city, tmp_path):
    path = tmp_path / "d.csv"
    path.write_bytes(csv_bytes([["代码", "名称"], ["630103000000", "城中区"]]))
    assert "New: 1, Changed: 0, Unchanged: 0, Rejected: 0" in run(path, command="import_districts")
