"""A site closes, rests, works by season, begins again: what is open there follows rules shown before."""

import datetime as dt

import pytest
from django.urls import reverse

from inspections.choices import SelfInspectionState
from inspections.models import SelfInspection
from inspections.services.periods import open_period
from responsibility.alerts.sweep import open_periods
from responsibility.models import Duty, Obligation, StatusRule
from responsibility.standing.choices import Effect
from safegrid.audit.models import Entry
from safegrid.grid.imports import running, services
from safegrid.grid.imports.enterprises import enterprises
from safegrid.grid.models import Enterprise, Site, StatusChange
from safegrid.grid.status import carry_out, change_status, preview
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale
from tests import factories as make
from tests.grid.sheets import csv_bytes

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


@pytest.fixture
def busy(cast, policies, now):
    """The hotel owes a rectification and this month's self-inspection, which a rhythm opens."""
    hotel = cast.city.hotel
    make.ObligationFactory(site=hotel, subject=make.HazardFactory(site=hotel))
    make.ChecklistFactory(code="hotel")
    duty = make.DutyFactory(site=hotel, params={"checklist": "hotel"}, next_opens_at=NOW)
    open_period(duty=duty, now=NOW)
    return cast


def change(cast, status, *, site="hotel", who="inspector", at=NOW, **over):
    return change_status(
        enterprise=cast.city.enterprise,
        site=getattr(cast.city, site) if site else None,
        status=status,
        **({"since": TODAY, "reason": "申请停业"} | over),
        actor=getattr(cast, who),
        acting_post=cast.posts[who],
        now=at,
    )


def still_open():
    return set(Obligation.objects.open().values_list("kind", flat=True))


def test_what_will_happen_is_told_by_kind_and_nothing_has_happened_yet(busy):
    told = preview(enterprise=busy.city.enterprise, site=busy.city.hotel, status="closed", since=TODAY)
    assert [(str(each.what), str(each.effect), each.count) for each in told] == [
        ("Rectification", str(Effect.STAYS.label), 1),
        ("Self-inspection", str(Effect.ENDS.label), 1),
    ]
    assert still_open() == {"hazard_rectify", "self_inspection"}


def bring(cast, status, *, at=NOW):
    """Import a sheet that says of the hotel's site what its status is."""
    hotel, owner = cast.city.hotel, cast.city.enterprise
    head = ["企业名称", "统一社会信用代码", "经营地址", "场所名称", "经营状态"]
    row = [owner.name, owner.uscc, hotel.address, hotel.name, status]
    data = csv_bytes([head, row])
    job = services.receive(data=data, name="年报.csv", kind=enterprises, actor=None, acting_post=None, now=at)
    running.run_at_once(
        job, mapping=job.mapping, datum="wgs84", clock=lambda: at, tell=lambda done, total: None
    )
    job.refresh_from_db()
    assert job.changed + job.unchanged == 1


def test_a_status_that_an_import_brings_is_followed_too(busy):
    change(busy, "seasonal", months=[11, 12], reason="冬季")  # it is at work now
    bring(busy, "停业", at=NOW + DAY)
    assert Site.objects.get(pk=busy.city.hotel.pk).status == "suspended"
    assert still_open() == {"hazard_rectify"}
    assert Duty.objects.get().next_opens_at is None
    told = StatusChange.objects.get(since=TODAY + DAY)
    assert (told.site, told.status, told.reason) == (busy.city.hotel, "suspended", "年报.csv")
    carry_out(now=NOW + 9 * DAY)  # the season no longer speaks for it
    assert Duty.objects.get().next_opens_at is None
    bring(busy, "停业", at=NOW + DAY)
    assert StatusChange.objects.count() == 2
    bring(busy, "营业", at=NOW + 2 * DAY)
    assert Duty.objects.get().next_opens_at == NOW + 2 * DAY


@pytest.mark.parametrize("status", ["closed", "suspended"])
def test_the_rhythm_rests_and_the_hazard_stays(busy, status):
    change(busy, status)
    assert still_open() == {"hazard_rectify"}
    assert Duty.objects.get().next_opens_at is None
    assert SelfInspection.objects.get().state == SelfInspectionState.LAPSED
    assert Site.objects.get(pk=busy.city.hotel.pk).status == status
    assert Site.objects.get(pk=busy.city.warehouse.pk).status == "operating"
    assert open_periods(now=NOW + 40 * DAY) == 0


def test_begun_again_the_rhythm_wakes_and_this_month_s_is_due_again(busy):
    change(busy, "suspended")
    later = NOW + DAY
    change(busy, "operating", since=TODAY + DAY, reason="复工", at=later)
    assert open_periods(now=later) == 1
    assert still_open() == {"hazard_rectify", "self_inspection"}
    assert SelfInspection.objects.get().state == SelfInspectionState.DUE


def test_a_rule_is_a_row_that_an_office_changes(busy):
    StatusRule.objects.filter(status="suspended", kind="self_inspection").update(effect=Effect.STAYS)
    StatusRule.objects.filter(status="suspended", kind="").update(effect=Effect.ENDS)
    change(busy, "suspended")
    assert still_open() == {"hazard_rectify", "self_inspection"}  # a hazard ends by its own lifecycle only


def test_planned_for_a_day_it_is_carried_out_then_and_once(busy):
    row = change(busy, "closed", since=TODAY + 2 * DAY)
    assert (row.done_at, Site.objects.get(pk=busy.city.hotel.pk).status) == (None, "operating")
    assert carry_out(now=NOW + DAY) == 0
    assert (carry_out(now=NOW + 2 * DAY), carry_out(now=NOW + 2 * DAY)) == (1, 0)
    assert still_open() == {"hazard_rectify"}


def test_out_of_season_it_rests_and_in_season_it_works_year_after_year(busy):
    change(busy, "seasonal", months=[5, 6, 7])
    assert Duty.objects.get().next_opens_at is None
    may = dt.datetime(2027, 5, 3, 2, 0, tzinfo=dt.UTC)
    assert (carry_out(now=may - 30 * DAY), carry_out(now=may), carry_out(now=may)) == (0, 1, 0)
    assert Duty.objects.get().next_opens_at == may
    august = dt.datetime(2027, 8, 2, 2, 0, tzinfo=dt.UTC)
    assert carry_out(now=august) == 1
    assert Duty.objects.get().next_opens_at is None
    assert Site.objects.get(pk=busy.city.hotel.pk).status == "seasonal"


def test_a_later_change_ends_the_season(busy):
    change(busy, "seasonal", months=[11])
    change(busy, "closed", since=TODAY + DAY, at=NOW + DAY)
    for month in (1, 11):
        assert carry_out(now=dt.datetime(2027, month, 3, tzinfo=dt.UTC)) == 0
    assert Duty.objects.get().next_opens_at is None
    assert Site.objects.get(pk=busy.city.hotel.pk).status == "closed"


def test_the_whole_enterprise_with_all_of_its_sites(busy):
    change(busy, "closed", site=None)
    assert set(busy.city.enterprise.sites.values_list("status", flat=True)) == {"closed"}
    assert Enterprise.objects.get(pk=busy.city.enterprise.pk).status == "closed"
    assert Site.objects.get(pk=busy.city.shop.pk).status == "operating"


def test_sent_twice_it_is_there_once(busy):
    assert change(busy, "closed") == change(busy, "closed")
    assert Entry.objects.filter(action="status.changed").count() == 1


@pytest.mark.parametrize(
    ("status", "over", "field"),
    [
        ("closed", {"since": TODAY - DAY}, "since"),
        ("closed", {"reason": " "}, "reason"),
        ("gone", {}, "status"),
        ("seasonal", {}, "months"),
        ("seasonal", {"months": [13]}, "months"),
        ("seasonal", {"months": list(range(1, 13))}, "months"),
        ("closed", {"months": [5]}, "months"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(busy, status, over, field):
    with pytest.raises(Invalid) as refusal:
        change(busy, status, **over)
    assert list(refusal.value.message_dict) == [field]
    assert not StatusChange.objects.exists()


@pytest.mark.parametrize("who", ["chengxi", "auditor", "gas", "principal", "enterprise", "rival"])
def test_only_officials_in_scope_change_it(busy, who):
    with pytest.raises(NotAllowed):
        change(busy, "closed", who=who)


def test_whoever_reaches_one_site_only_does_not_close_the_enterprise(busy):
    with pytest.raises(NotAllowed):
        change(busy, "closed", site=None, who="gridofficer")


def test_another_status_than_the_one_that_was_seen_is_said(busy):
    change(busy, "suspended")
    with pytest.raises(Stale):
        change(busy, "closed", since=TODAY + DAY, seen="operating")


def test_the_page_shows_first_and_does_then(client, busy):
    client.force_login(busy.inspector)
    url = reverse("grid:status", args=[busy.city.enterprise.pk])
    page = client.get(reverse("grid:enterprise", args=[busy.city.enterprise.pk])).content.decode()
    assert url in page
    given = {"about": busy.city.hotel.pk, "status": "closed", "since": TODAY.isoformat(), "reason": "歇业"}
    shown = client.post(url, given).content.decode()
    assert "Self-inspection" in shown
    assert not StatusChange.objects.exists()
    assert client.post(url, given | {"sure": "1", "seen": "operating"}).status_code == 302
    assert still_open() == {"hazard_rectify"}
    assert client.post(url, {}).status_code == 422
    client.force_login(busy.principal)
    assert client.get(url).status_code == 403
    client.force_login(busy.chengxi)
    assert client.get(url).status_code == 404


def test_moved_what_is_open_there_follows_which_is_shown_before(client, busy):
    client.force_login(busy.inspector)
    hotel, url = busy.city.hotel, reverse("grid:move", args=[busy.city.enterprise.pk])
    given = {"about": hotel.pk, "address": "城东区东关大街街道88号"}
    shown = client.post(url, given).context["shown"]
    assert shown["to"] == "Chengdong District / Dongguan Subdistrict"
    assert ("obligations", 2) in shown["rows"]
    assert Site.objects.get(pk=hotel.pk).cell == busy.city.cell
    assert client.post(url, given | {"sure": "1"}).status_code == 302
    row = Site.objects.get(pk=hotel.pk)
    assert (row.address, row.township, row.cell) == (given["address"], busy.city.township, None)
    assert set(Obligation.objects.filter(site=hotel).values_list("township", "cell")) == {
        (busy.city.township.pk, None)
    }
    assert client.post(url, given | {"address": ""}).status_code == 422


def test_nobody_moves_a_site_out_of_their_own_reach(client, busy):
    client.force_login(busy.inspector)
    url = reverse("grid:move", args=[busy.city.enterprise.pk])
    given = {"about": busy.city.hotel.pk, "address": "城西区西关大街街道1号", "sure": "1"}
    assert client.post(url, given).status_code == 403
    assert Site.objects.get(pk=busy.city.hotel.pk).district == busy.city.chengdong
    for who, status in (("principal", 403), ("chengxi", 404)):
        client.force_login(getattr(busy, who))
        assert client.get(url).status_code == status
