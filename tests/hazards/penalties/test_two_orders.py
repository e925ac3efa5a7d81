"""One hazard under two orders is an overlap that the audit finds, and that closes itself."""

import datetime as dt

import pytest
from django.urls import reverse

from hazards.choices import Road, State
from responsibility.coverage.audit import audit
from responsibility.coverage.models import Finding
from tests import factories as make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def ordered(cast, policies, now):
    """Make hazards of the hotel that the brigade, or another body, has ordered to be put right."""
    city = cast.city

    def order(unit=city.brigade, **given):
        what = {"site": city.hotel, "matter": city.crowded, "title": "疏散通道被堵塞"}
        return make.HazardFactory(**what | {"ordering_unit": unit, "ordered_at": NOW} | given)

    return order


def found():
    return set(Finding.objects.filter(rule="two_orders", state="open").values_list("key", flat=True))


def test_the_audit_finds_what_two_bodies_ordered_in_the_same_words(cast, ordered):
    one, other = ordered(), ordered(cast.city.emergency, title="疏散 通道被堵塞。")
    audit(now=NOW)
    assert found() == {f"{one.pk}:{other.pk}"}
    finding = Finding.objects.get(rule="two_orders")
    assert (finding.kind, finding.matter, finding.cell) == ("overlap", cast.city.crowded, cast.city.cell)
    assert list(finding.touched.values_list("site", flat=True)) == [cast.city.hotel.pk]
    assert finding.whose == cast.posts["chengdong"]  # where no officer's post is known


def test_whoever_ordered_last_must_resolve_it_and_can(cast, ordered):
    ordered(ordered_by=cast.posts["fire"])
    last = ordered(cast.city.emergency, ordered_by=cast.posts["inspector"])
    audit(now=NOW)
    assert Finding.objects.get(rule="two_orders").whose == cast.posts["inspector"]
    last.state = State.CANCELLED
    last.save()
    audit(now=NOW)
    assert found() == set()


def test_the_same_item_is_the_same_hazard_whatever_it_is_called(cast, ordered):
    one = ordered(item_code="fire-03")
    other = ordered(cast.city.emergency, item_code="fire-03", title="安全出口上锁")
    audit(now=NOW)
    assert found() == {f"{one.pk}:{other.pk}"}


@pytest.mark.parametrize(
    "other",
    [
        {"unit": "brigade"},  # one body that orders twice knows of both
        {"title": "灭火器过期"},
        {"title": "灭火器过期", "item_code": "fire-04"},
        {"matter": "general"},
        {"matter": "general", "item_code": "fire-03"},
        {"site": "warehouse"},
        {"state": State.CLOSED},
        {"state": State.CANCELLED},
        {"road": Road.SELF, "unit": None},  # the enterprise's own
        {"unit": None, "state": State.REPORTED},  # not ordered yet
    ],
)
def test_and_nothing_else(cast, ordered, other):
    ordered(item_code="fire-03")
    names = ("unit", "matter", "site")
    given = {
        key: getattr(cast.city, value) if key in names and value else value for key, value in other.items()
    }
    ordered(**{"unit": cast.city.emergency} | given)
    audit(now=NOW)
    assert found() == set()


def test_it_closes_itself_when_one_order_is_cancelled_or_done(cast, ordered):
    one, other = ordered(), ordered(cast.city.emergency)
    audit(now=NOW)
    assert found() == {f"{one.pk}:{other.pk}"}
    audit(now=NOW)
    assert Finding.objects.filter(rule="two_orders").count() == 1  # the same trouble is the same finding
    type(other).objects.filter(pk=other.pk).update(state=State.CANCELLED)
    audit(now=NOW)
    assert found() == set()
    assert Finding.objects.get(rule="two_orders").state == "mended"


def test_three_bodies_are_each_two_of_them(cast, ordered):
    rows = [ordered(), ordered(cast.city.emergency), ordered(cast.city.government)]
    audit(now=NOW)
    pairs = [(rows[0], rows[1]), (rows[0], rows[2]), (rows[1], rows[2])]
    assert found() == {f"{one.pk}:{other.pk}" for one, other in pairs}


def test_its_page_leads_to_both_hazards_and_only_to_what_the_reader_sees(client, cast, ordered):
    one = ordered(item_code="fire-03")
    other = ordered(cast.city.emergency, item_code="fire-03")
    audit(now=NOW)
    type(other).objects.filter(pk=other.pk).update(matter=cast.city.general)  # corrected meanwhile
    finding = Finding.objects.get(rule="two_orders")
    page = reverse("responsibility:finding", args=[finding.pk])
    links = {row: f'href="{reverse("hazards:detail", args=[row.number])}"' for row in (one, other)}
    client.force_login(cast.chengdong)
    seen = client.get(page).text
    assert [row for row in links if links[row] in seen] == [one, other]
    assert "Agree whose order stands" in seen
    assert "西宁市消防救援支队" in client.get(page, headers={"Accept-Language": "zh-hans"}).text
    client.force_login(cast.fire)  # reads fire alone
    seen = client.get(page).text
    assert [row for row in links if links[row] in seen] == [one]
    for stranger in (cast.enterprise, cast.rival, cast.chengxi):
        client.force_login(stranger)
        assert client.get(page).status_code == 404
