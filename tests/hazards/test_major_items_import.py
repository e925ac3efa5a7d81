"""A sector's list of what makes a hazard major is brought as a sheet, and again without a change."""

import datetime as dt

import pytest

from hazards.grading.models import MajorItem, items_in_force
from safegrid.grid.imports.kinds import Row, Terms, kinds
from safegrid.kernel import clock

pytestmark = pytest.mark.django_db
CELLS = {
    "sector": "工贸（粉尘）",
    "code": "第四条第一项",
    "sentence": "粉尘爆炸危险场所设置在非框架结构的多层建（构）筑物内",
    "source": "工贸企业重大事故隐患判定标准",
    "since": "2023.5.15",
}


def bring(*rows):
    kind = kinds["major_items"]
    importer = kind.importer(Terms({}, clock.now(), reach=None))
    plans = importer.plan([Row(n, [], cells) for n, cells in enumerate(rows, start=2)])
    importer.apply(plans)
    return [(plan.outcome, plan.reason) for plan in plans]


def test_articles_are_brought_and_changed_and_the_same_again_changes_nothing(now):
    assert bring(CELLS) == [("created", "")]
    item = MajorItem.objects.get()
    assert (item.since, item.until, item.basis) == (
        dt.date(2023, 5, 15),
        None,
        "工贸企业重大事故隐患判定标准 第四条第一项：粉尘爆炸危险场所设置在非框架结构的多层建（构）筑物内",
    )
    assert bring(CELLS) == [("unchanged", "")]
    assert bring(CELLS | {"until": "2025-12-31"}) == [("changed", "")]
    assert list(items_in_force(dt.date(2025, 12, 31))) == [item]
    assert list(items_in_force(dt.date(2026, 1, 1))) == []


def test_what_cannot_be_understood_is_rejected_with_its_reason(now):
    assert bring(
        CELLS | {"sentence": ""},
        CELLS | {"since": "6/7/2025"},
        CELLS | {"until": "2020-01-01"},
        CELLS | {"code": "条" * 41},
        CELLS,
        CELLS,
    ) == [
        ("rejected", "missing"),
        ("rejected", "no_day"),
        ("rejected", "backwards"),
        ("rejected", "too_long"),
        ("created", ""),
        ("rejected", "duplicate"),
    ]


def test_without_a_day_it_is_in_force_from_today(now):
    bring({k: v for k, v in CELLS.items() if k != "since"})
    assert MajorItem.objects.get().since == clock.local_date(now)


@pytest.mark.parametrize(("who", "may"), [("bureau", True), ("inspector", False), ("enterprise", False)])
def test_the_office_brings_it_from_the_page_of_imports(client, cast, who, may):
    client.force_login(getattr(cast, who))
    page = client.get("/grid/imports/")
    assert (page.status_code == 200 and "major_items" in page.text) is may
