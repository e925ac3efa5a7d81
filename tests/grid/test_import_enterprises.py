"""Rows of enterprises: what lands, what is rejected and why, and that doing it twice changes nothing."""

import datetime as dt
import hashlib

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from safegrid.audit.models import Entry
from safegrid.grid.choices import ImportState, Outcome
from safegrid.grid.imports import rejects, running, services
from safegrid.grid.imports.enterprises import enterprises
from safegrid.grid.imports.kinds import Row, Terms
from safegrid.grid.models import District, Enterprise, ImportJob, ImportRow, Matter, Site, SiteMatter
from safegrid.grid.services import place_site
from safegrid.kernel.findable import found_by
from tests import factories as make
from tests.grid.sheets import code, csv_bytes, xlsx_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NOW = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
HEAD = ["企业名称", "统一社会信用代码", "经营地址", "所属行业"]
CHENGDONG = "西宁市城东区乐家湾镇1号"


def clock():
    return NOW


def bring(rows, *, head=HEAD, datum="wgs84", data=None):
    """Import rows to the end and return the job."""
    data = data or csv_bytes([head, *rows])
    job = services.receive(
        data=data, name="企业.csv", kind=enterprises, actor=None, acting_post=None, now=NOW
    )
    running.run_at_once(job, mapping=job.mapping, datum=datum, clock=clock, tell=lambda done, total: None)
    job.refresh_from_db()
    assert job.state == ImportState.DONE
    return job


def counts(job):
    return {outcome: getattr(job, outcome) for outcome in Outcome.values if getattr(job, outcome)}


def reasons(job):
    rows = job.rows.filter(outcome=Outcome.REJECTED).order_by("number")
    return {row.number: row.reason for row in rows}


def matters(site):
    return set(SiteMatter.objects.filter(site=site).values_list("matter_id", flat=True))


def state():
    """Everything that an import may write, to compare."""
    return [list(model.objects.order_by("pk").values()) for model in (Enterprise, Site, SiteMatter)]


# What lands


def test_good_rows_land_with_place_matters_and_search():
    job = bring([["甲公司", code(1), CHENGDONG, "餐饮业"], ["乙公司", "", "大通县桥头镇2号", "H61"]])
    assert counts(job) == {"created": 2}
    first, second = Enterprise.objects.order_by("pk")
    site = first.sites.get()
    assert (first.uscc, first.no_uscc_reason, first.import_key) == (code(1), "", code(1))
    assert (second.uscc, second.no_uscc_reason) == (None, "unknown")
    assert District.objects.get(pk=site.township_id).name == "乐家湾镇"
    assert site.industry.code == "62"
    now_has = set(SiteMatter.objects.filter(site=site).values_list("matter__code", flat=True))
    assert now_has == {"general", "fire", "fire-crowded", "commerce", "commerce-catering"}
    assert set(SiteMatter.objects.filter(site=site).values_list("matter_id", flat=True)) <= set(
        site.matter_ids
    )
    assert list(Site.objects.filter(found_by("乐家湾"))) == [site]
    assert list(job.rows.order_by("number").values_list("number", "object_id")) == [
        (2, site.pk),
        (3, second.sites.get().pk),
    ]


def test_the_district_comes_from_the_address_and_never_from_the_code():
    elsewhere = "91110000" + "600037341L"  # registered in Beijing
    bring([["甲公司", elsewhere, "湟中县鲁沙尔镇1号", ""]])
    assert District.objects.get(pk=Site.objects.get().district_id).name == "湟中区"


def test_columns_of_district_and_township_place_a_row_whose_address_does_not():
    head = ["企业名称", "统一社会信用代码", "地址", "所属区县", "所属街道"]
    job = bring(
        [
            ["甲公司", code(1), "人民路1号", "湟中县", "鲁沙尔"],
            ["乙公司", code(2), "人民路1号", "630122", ""],
            ["丙公司", code(3), "人民路1号", "西宁市", "多巴镇"],
            ["丁公司", code(4), "人民路1号", "火星区", ""],
            ["戊公司", code(5), "人民路1号", "城东区", "鲁沙尔镇"],
        ],
        head=head,
    )
    assert reasons(job) == {5: "unknown_district", 6: "unknown_township"}
    places = Site.objects.order_by("pk").values_list("district__name", "township__name")
    assert list(places) == [("湟中区", "鲁沙尔镇"), ("湟中区", None), ("湟中区", "多巴镇")]


def test_what_nothing_places_lands_to_be_placed():
    job = bring([["甲公司", code(1), "人民路1号", ""]])
    assert (job.created, job.unplaced) == (1, 1)
    assert Site.objects.filter(district=None).count() == 1


def test_positions_are_converted_from_their_datum():
    head = ["企业名称", "经度", "纬度"]
    bring([["甲公司", "101.85", "36.6"]], head=head, datum="gcj02")
    site = Site.objects.get()
    assert (site.datum, site.longitude != 101.85) == ("gcj02", True)
    assert site.district_id is not None


def test_one_column_may_hold_both_coordinates_in_whichever_width():
    bring([["甲公司", "101.85，36.6"]], head=["企业名称", "经纬度"])
    assert (Site.objects.get().longitude, Site.objects.get().latitude) == (101.85, 36.6)


def test_words_of_choices_and_features_are_understood():
    head = ["企业名称", "地址", "规模", "风险等级", "经营状态", "设备"]
    bring([["甲公司", "x", "小微企业", "红色", "在营", "有电梯；使用燃气"]], head=head)
    site = Site.objects.get()
    assert (site.enterprise.size, site.risk, site.status) == ("micro", "red", "operating")
    assert site.features == ["has_lift", "uses_gas"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("62", "62"),
        ("H62", "62"),
        ("6210", "62"),
        ("H", "H"),
        ("餐饮业", "62"),
        ("Catering", "62"),
        ("62 餐饮业", "62"),
        ("H-住宿和餐饮业", "H"),
        ("1", "01"),
        ("6299 餐饮配送", "62"),
    ],
)
def test_industries_are_found_by_code_and_name(text, found):
    assert reasons(bring([["甲公司", code(1), CHENGDONG, text]])) == {}
    assert Site.objects.get().industry.code == found


@pytest.mark.parametrize("text", ["A62", "99", "餐饮", "62 采矿业", "62100", "HX", "剧本杀"])
def test_an_industry_that_is_unknown_or_contradicts_itself_is_rejected(text):
    assert reasons(bring([["甲公司", code(1), CHENGDONG, text]])) == {2: "unknown_industry"}


# What is rejected


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["", code(1), CHENGDONG, ""], "missing"),
        (["甲公司", "", "", ""], "only_a_name"),
        (["甲" * 121, code(1), CHENGDONG, ""], "too_long"),
        (["甲公司", code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1"), CHENGDONG, ""], "uscc_check"),
        (["甲公司", "9163", CHENGDONG, ""], "uscc_length"),
        (["甲公司", "9163010IMA00000010", CHENGDONG, ""], "uscc_form"),
        (["甲公司", "9.16301E+17", CHENGDONG, ""], "uscc_rounded"),
        (["甲公司", code(1), "北京市朝阳区1号", ""], "elsewhere"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason_and_the_good_one_beside_it_lands(row, reason):
    job = bring([row, ["好公司", code(99), CHENGDONG, ""]])
    assert reasons(job) == {2: reason}
    assert counts(job) == {"created": 1, "rejected": 1}
    assert ImportRow.objects.get(job=job, number=2).cells == row


@pytest.mark.parametrize(
    ("longitude", "latitude", "reason"),
    [
        ("101.8", "", "half_position"),
        ("", "36.6", "half_position"),
        ("abc", "36.6", "position_number"),
        ("36.6", "101.8", "position_swapped"),
        ("400", "36.6", "off_the_earth"),
        ("nan", "36.6", "off_the_earth"),
        ("1e999", "36.6", "off_the_earth"),
    ],
)
def test_a_position_that_is_none_is_rejected(longitude, latitude, reason):
    job = bring([["甲公司", longitude, latitude]], head=["企业名称", "经度", "纬度"])
    assert reasons(job) == {2: reason}


def test_a_number_that_excel_has_rounded_says_so():
    job = bring([], data=xlsx_bytes([["企业名称", "信用代码"], ["甲公司", 916301020000000000]]))
    assert reasons(job) == {2: "uscc_rounded"}


def test_a_row_that_is_there_twice_is_rejected_the_second_time():
    job = bring(
        [
            ["甲公司", code(1), CHENGDONG, ""],
            ["甲公司", code(1), "别处", ""],
            ["乙公司", code(1), CHENGDONG, ""],
            ["丙公司", "", CHENGDONG, ""],
            ["丙 公司", "", CHENGDONG, ""],
            ["丙公司", "", "另一处", ""],
        ]
    )
    assert reasons(job) == {3: "duplicate", 4: "uscc_other_row", 6: "duplicate"}
    assert Enterprise.objects.count() == 3


def test_a_code_of_another_enterprise_is_rejected_and_names_it():
    bring([["甲公司", code(1), CHENGDONG, ""]])
    job = bring([["乙公司", code(1), CHENGDONG, ""]])
    assert reasons(job) == {2: "uscc_taken"}
    assert ImportRow.objects.get(job=job).details == {"name": "甲公司"}


def test_a_row_in_which_the_file_ends_is_rejected():
    data = csv_bytes([HEAD, ["甲公司", code(1), CHENGDONG, ""]]) + "乙公司,9163".encode()
    assert reasons(bring([], data=data)) == {3: "cut_off"}


def test_every_reason_has_its_wording_in_both_languages():
    for problem in {**enterprises.problems}:
        details = {"text": "t", "place": "p", "name": "n", "row": 1}
        for language in ("en", "zh-hans"):
            with translation.override(language):
                assert "%" not in enterprises.reason(problem, details)


def test_the_rejects_file_has_the_rows_own_columns_and_the_reason_and_can_be_imported_again():
    job = bring([["甲公司", "9163", CHENGDONG, ""], ["=1+1", code(2), CHENGDONG, "没有的行业"]])
    text = "".join(rejects.of_job(job))
    assert text.startswith("\ufeff企业名称,统一社会信用代码,经营地址,所属行业,Row,Reason\r\n")
    lines = text.splitlines()
    assert lines[1].startswith("甲公司,9163,")
    assert lines[1].endswith(",2,USCC: “9163” does not have 18 characters.")
    assert lines[2].startswith("'=1+1,")  # no spreadsheet takes it for a formula
    corrected = text.replace("9163,", f"{code(1)},").encode()
    assert counts(bring([], data=corrected)) == {"created": 1, "rejected": 1}


# Twice, and with changes


def test_importing_the_same_file_twice_changes_nothing():
    rows = [
        ["甲公司", code(1), CHENGDONG, "餐饮业"],
        ["乙公司", "", "大通县桥头镇2号", ""],
        ["丙公司", code(3), "人民路1号", ""],
    ]
    bring(rows)
    before = state()
    job = bring(rows)
    assert counts(job) == {"unchanged": 3}
    assert job.unplaced == 1
    assert state() == before
    assert Entry.objects.exclude(action="imported").exclude(action="reference_loaded").count() == 0


def test_what_differs_is_changed_and_an_empty_cell_erases_nothing():
    head = [*HEAD, "主要负责人"]
    bring([["甲公司", code(1), CHENGDONG, "餐饮业", "马明"]], head=head)
    job = bring([["甲公司", code(1), "西宁市城西区2号", "", "李华"]], head=head)
    assert counts(job) == {"changed": 1}
    site = Site.objects.get()
    assert (site.district.name, site.industry.code, site.enterprise.principal) == ("城西区", "62", "李华")
    assert list(Site.objects.filter(found_by("城西区"))) == [site]
    assert site.industry.code == "62"


def test_a_change_of_industry_dates_the_matters():
    bring([["甲公司", code(1), CHENGDONG, "餐饮业"]])
    bring([["甲公司", code(1), CHENGDONG, "住宿业"]])
    site = Site.objects.get()
    codes = set(SiteMatter.objects.filter(site=site).values_list("matter__code", flat=True))
    assert "culture_tourism" in codes
    assert "commerce-catering" not in codes  # began and ended on one day
    assert set(SiteMatter.objects.filter(site=site).values_list("matter_id", flat=True)) == set(
        site.matter_ids
    )


def test_a_place_that_a_person_chose_stays():
    bring([["甲公司", code(1), CHENGDONG, ""]])
    west = District.objects.get(name="城西区")
    place_site(site=Site.objects.get(), node=west, actor=None, acting_post=None, now=NOW)
    job = bring([["甲公司", code(1), "城东区乐家湾镇2号", ""]])
    assert counts(job) == {"changed": 1}
    assert Site.objects.get().district_id == west.pk


def test_what_was_found_at_a_site_moves_with_it():
    bring([["甲公司", code(1), CHENGDONG, ""]])
    hazard = make.HazardFactory(site=Site.objects.get())
    bring([["甲公司", code(1), "西宁市城西区2号", ""]])
    hazard.refresh_from_db()
    assert hazard.district.name == "城西区"


def test_a_duty_over_it_alone_ends_on_the_day_where_its_post_does_not_act_any_more():
    bring([["甲公司", code(1), CHENGDONG, ""]])
    site, since = Site.objects.get(), NOW.date() - dt.timedelta(days=9)
    rows = []
    for place in ("城东区", "西宁市"):
        post = make.PostFactory()
        make.PostScopeFactory(post=post, district=District.objects.get(name=place), acting=True)
        duty = {"line": Line.INDUSTRY, "tier": Tier.DIRECT, "matter": Matter.objects.get(code="fire")}
        rows.append(Assignment.objects.create(post=post, site=site, span=(since, None), **duty))
    bring([["甲公司", code(1), "城东区乐家湾镇9号", ""]])
    assert [row.span.upper for row in Assignment.objects.order_by("pk")] == [None, None]
    for _twice in range(2):
        bring([["甲公司", code(1), "西宁市城西区2号", ""]])
        assert [row.span.upper for row in Assignment.objects.order_by("pk")] == [NOW.date(), None]
    subjects = [f"responsibility.assignment:{row.pk}" for row in rows]
    assert set(Entry.objects.filter(subject__in=subjects).values_list("subject", "action")) == {
        (subjects[0], "assignment.end")
    }


def test_an_enterprise_without_a_code_gets_it_later_and_a_list_without_codes_finds_it():
    bring([["甲公司", "", CHENGDONG, ""]])
    assert counts(bring([["甲公司", code(1), CHENGDONG, ""]])) == {"changed": 1}
    made = Enterprise.objects.get()
    assert (made.uscc, made.no_uscc_reason, made.import_key) == (code(1), "", code(1))
    assert list(Enterprise.objects.filter(found_by(code(1)))) == [made]
    assert list(Site.objects.filter(found_by(code(1)))) == [made.sites.get()]
    assert counts(bring([["甲公司", "", CHENGDONG, ""]])) == {"unchanged": 1}


def test_a_file_that_names_sites_brings_several_for_one_enterprise():
    head = ["企业名称", "统一社会信用代码", "场所名称", "地址"]
    rows = [
        ["甲公司", code(1), "一店", "城东区1号"],
        ["甲公司", code(1), "二店", "城西区2号"],
        ["甲公司", code(1), "二店", "城西区2号"],
        ["乙公司", code(2), "", "城北区3号"],
    ]
    job = bring(rows, head=head)
    assert (counts(job), reasons(job)) == ({"created": 3, "rejected": 1}, {4: "duplicate"})
    assert list(Site.objects.order_by("pk").values_list("enterprise__name", "name")) == [
        ("甲公司", "一店"),
        ("甲公司", "二店"),
        ("乙公司", "乙公司"),
    ]
    before = state()
    assert counts(bring(rows, head=head)) == {"unchanged": 3, "rejected": 1}
    assert state() == before
    moved = [["甲公司", code(1), "二店", "城中区9号"]]
    assert counts(bring(moved, head=head)) == {"changed": 1}
    assert Site.objects.count() == 3


def test_the_ledger_has_one_entry_for_an_import_with_the_hash_of_the_file():
    data = csv_bytes([HEAD, ["甲公司", code(1), CHENGDONG, ""], ["", "", "x", ""]])
    job = bring([], data=data)
    entry = Entry.objects.get(subject=f"grid.importjob:{job.pk}")
    assert entry.action == "imported"
    assert hashlib.sha256(data).hexdigest() in entry.body
    assert '"created":1' in entry.body


def test_a_row_without_the_code_that_another_has_is_the_same_enterprise():
    twice = [["甲公司", "", CHENGDONG, ""], ["甲公司", code(1), CHENGDONG, ""]]
    for rows in (twice, twice[::-1]):
        assert list(reasons(bring(rows)).values()) == ["duplicate"]
    assert Enterprise.objects.count() == 1


# Any file at all

name = st.text("甲乙丙丁", min_size=1, max_size=2)
cell = st.sampled_from(["", code(1), code(2), code(1)[:-1], "x"])
address = st.sampled_from(["", CHENGDONG, "湟中县", "人民路1号", "北京市朝阳区"])
industry = st.sampled_from(["", "餐饮业", "61", "剧本杀"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(name, cell, address, industry).map(list), min_size=1, max_size=8))
def test_any_file_twice_is_as_good_as_once(rows):
    from django.db import transaction

    with transaction.atomic():
        first = bring(rows)
        before = state()
        second = bring(rows)
        assert state() == before
        assert first.created == second.unchanged
        assert reasons(first) == reasons(second)
        assert first.created + first.rejected == len(rows)
        transaction.set_rollback(True)


def test_planning_writes_nothing_and_foresees_what_happens():
    rows = [["甲公司", code(1), CHENGDONG, ""], ["", "", "x", ""], ["乙公司", code(1), CHENGDONG, ""]]
    importer = enterprises.importer(Terms(mapping={"name": "企业名称"}, now=NOW, reach=None))
    given_rows = [
        Row(n, cells, dict(zip(["name", "uscc", "address", "industry"], cells, strict=True)))
        for n, cells in enumerate(rows, start=2)
    ]
    foreseen = [(plan.outcome, plan.reason) for plan in importer.plan(given_rows)]
    assert not Enterprise.objects.exists()
    job = bring(rows)
    assert foreseen == list(job.rows.order_by("number").values_list("outcome", "reason"))
    assert ImportJob.objects.count() == 1
