"""Rows of places: new ones grow, known ones gain names, none is renamed or moved."""

import datetime as dt

import pytest

from safegrid.grid.choices import ImportState, Outcome
from safegrid.grid.imports import running, services
from safegrid.grid.imports.districts import code_above, districts, level_of
from safegrid.grid.models import District
from safegrid.grid.reference import DATA
from tests.grid.sheets import csv_bytes

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
HEAD = ["行政区划代码", "名称", "简称", "英文名称", "别名"]


def bring(rows=(), *, head=HEAD, data=None):
    data = data or csv_bytes([head, *rows])
    job = services.receive(data=data, name="x.csv", kind=districts, actor=None, acting_post=None, now=NOW)
    running.run_at_once(job, mapping=job.mapping, datum="wgs84", clock=lambda: NOW, tell=lambda d, t: None)
    job.refresh_from_db()
    assert job.state == ImportState.DONE
    return job


def reasons(job):
    return {row.number: row.reason for row in job.rows.filter(outcome=Outcome.REJECTED)}


@pytest.mark.parametrize(
    ("code", "level", "above"),
    [
        ("630100000000", "city", ""),
        ("630102000000", "district", "630100000000"),
        ("630102001000", "township", "630102000000"),
        ("630102001004", "community", "630102001000"),
        ("630102001004007", "cell", "630102001004"),
    ],
)
def test_a_code_says_its_level_and_what_it_lies_in(code, level, above):
    assert (level_of(code), code_above(code)) == (level, above)


def test_the_official_list_makes_the_whole_tree_and_again_nothing():
    data = (DATA / "divisions.csv").read_bytes()
    job = bring(data=data)
    assert (job.created, job.rejected) == (1188, 0)
    assert [problems for problems in District.objects.find_problems() if problems] == []
    before = list(District.objects.order_by("pk").values())
    again = bring(data=data)
    assert (again.unchanged, again.created, again.changed, again.rejected) == (1188, 0, 0, 0)
    assert list(District.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("reference")
class TestOnTheRealTree:
    def test_new_places_grow_under_others_of_the_same_file(self):
        job = bring(
            [
                ["630102099", "新设街道", "", "Xinshe Subdistrict", "新街道；新设"],
                ["630102099001", "新社区", "", "", ""],
                ["630102099001001", "第一网格", "", "", ""],
            ]
        )
        assert (job.created, job.rejected) == (3, 0)
        cell = District.objects.get(code="630102099001001")
        assert cell.depth == 5
        township = District.objects.get(code="630102099000")
        assert cell.path.startswith(township.path)
        assert set(township.aliases) == {"新设", "新街道"}
        assert [problems for problems in District.objects.find_problems() if problems] == []

    def test_names_are_added_and_none_is_taken_away(self):
        bring([["630102001000", "东关大街街道", "东关街道", "", "东大街"]])
        place = District.objects.get(code="630102001000")
        assert (place.short_name, place.aliases) == ("东关街道", ["东大街"])
        assert place.name_en == "Dongguan Street Subdistrict"

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            (["630102001000", "另一个名字", "", "", ""], "renamed"),
            (["63010A", "名", "", "", ""], "no_code"),
            (["", "名", "", "", ""], "missing"),
            (["630102001099", "", "", "", ""], "missing"),
            (["630199001000", "没有上级", "", "", ""], "no_parent"),
            (["630102098000", "东关大街街道", "", "", ""], "same_name"),
            (["640100000000", "另一城市", "", "", ""], "second_city"),
            (["630102097000", "名" * 121, "", "", ""], "too_long"),
        ],
    )
    def test_a_bad_row_is_rejected(self, row, reason):
        before = District.objects.count()
        assert reasons(bring([row])) == {2: reason}
        assert District.objects.count() == before
        stored = bring([row]).rows.get()
        assert "%" not in districts.reason(stored.reason, stored.details)

    def test_a_code_that_is_there_twice_counts_once(self):
        rows = [["630102099000", "新设街道", "", "", ""], ["630102099", "新设街道", "", "", ""]]
        assert reasons(bring(rows)) == {3: "duplicate"}
