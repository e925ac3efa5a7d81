"""Places are merged, split, renamed on a day: what stands there goes along, the past reads as it was."""

import datetime as dt
import html

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.resolution import who_answers
from responsibility.models import Touch
from safegrid.accounts.models import PostScope, User
from safegrid.audit.models import Entry
from safegrid.grid import counts
from safegrid.grid.choices import SuccessionKind
from safegrid.grid.models import District, Reorganisation, Site, Succession
from safegrid.grid.places.atlas import Atlas
from safegrid.grid.services import place_site
from safegrid.grid.succession.plan import NewPlace
from safegrid.grid.succession.services import FRAME, carry_out, reorganise
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale
from tests import factories as make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
LONG_AGO = dt.date(2020, 1, 1)


@pytest.fixture
def east(cast, policies, now):
    """Codes as the divisions have them, and a second street beside the first one."""
    c = cast.city
    for place, code in (
        (c.township, "630102001000"),
        (c.community, "630102001001"),
        (c.cell, "630102001001001"),
        (c.next_cell, "630102001001002"),
        (c.west_township, "630104001000"),
    ):
        District.objects.filter(pk=place.pk).update(code=code)
        place.refresh_from_db()
    c.chengdong.refresh_from_db()
    street = make.DistrictFactory(
        parent=c.chengdong, name="清真巷街道", name_en="Street", code="630102002000"
    )
    beside = make.DistrictFactory(parent=street, name="南街社区", name_en="Nanjie", code="630102002001")
    far = make.DistrictFactory(parent=beside, name="南街第001网格", code="630102002001001")
    make.SiteFactory(name="南街小店", at=far, matters=[c.general])
    return cast


def by(cast, who="bureau"):
    return {"actor": getattr(cast, who), "acting_post": cast.posts[who], "now": NOW}


def rename(
    cast, *, on=TODAY, name="东关新街道", code="630102001000", kind=SuccessionKind.RENAMED, who="bureau"
):
    return reorganise(
        kind=kind,
        predecessors=[District.objects.get(pk=cast.city.township.pk)],
        successors=[NewPlace(code, name, "New Street")],
        on=on,
        basis="民政部批复",
        **by(cast, who),
    )


def place(code):
    return District.objects.get(code=code, closed_on=None)


def standing(site):
    row = Site.objects.get(pk=site.pk)
    return [each.name if each else None for each in (row.district, row.township, row.community, row.cell)]


def test_renamed_everything_that_stands_there_is_in_the_new_place_and_the_old_one_is_kept(east):
    hazard = make.HazardFactory(site=east.city.hotel, matter=east.city.fire)
    owed = make.ObligationFactory(site=east.city.hotel, subject=hazard)
    rename(east)
    assert standing(east.city.hotel) == ["城东区", "东关新街道", "慈幼社区", "慈幼社区第001网格"]
    hazard.refresh_from_db()
    owed.refresh_from_db()
    new = place("630102001000")
    assert (hazard.township, owed.township, hazard.then_township) == (new, new, east.city.township)
    old = District.objects.get(pk=east.city.township.pk)
    assert (old.name, old.closed_on, new.opened_on) == ("东关大街街道", TODAY, TODAY)
    assert new.path != old.path
    assert place("630102001001001").path.startswith(new.path)
    links = Succession.objects.filter(kind="renamed").values_list("predecessor__name", "successor__name")
    assert set(links) == {
        ("东关大街街道", "东关新街道"),
        ("慈幼社区", "慈幼社区"),
        ("慈幼社区第001网格", "慈幼社区第001网格"),
        ("慈幼社区第002网格", "慈幼社区第002网格"),
    }


def test_whoever_reached_the_old_place_reaches_the_new_one_and_duties_begin_there_on_the_day(east):
    given = Assignment.objects.create(
        post=east.posts["inspector"],
        line=Line.TERRITORIAL,
        tier=Tier.LEAD,
        matter=east.city.general,
        district=east.city.community,
        span=(LONG_AGO, None),
        basis="三定方案",
    )
    rename(east)
    officer = User.objects.get(pk=east.gridofficer.pk)
    assert set(Site.objects.visible_to(officer)) == {east.city.hotel, east.city.shop}
    assert PostScope.objects.get(post=east.posts["gridofficer"]).district == place("630102001001001")
    given.refresh_from_db()
    new = Assignment.objects.exclude(pk=given.pk).get()
    assert (given.span.upper, new.span.lower, new.district, new.post) == (
        TODAY,
        TODAY,
        place("630102001001"),
        given.post,
    )
    [today] = [
        a for a in who_answers(Site.objects.get(pk=east.city.hotel.pk), on=TODAY) if a.line == "territorial"
    ]
    assert (today.post, new.basis) == (given.post, "三定方案")
    [before] = [
        a
        for a in who_answers(Site.objects.get(pk=east.city.hotel.pk), on=TODAY - DAY)
        if a.line == "territorial"
    ]
    assert (before.assignments, before.post) == ((given,), given.post)


def test_a_day_that_is_over_reads_as_it_was_where_a_site_stood_then(east, client):
    """First it moves to another cell, then its street is renamed: each day is asked where it stood."""
    led = [
        Assignment.objects.create(
            post=east.posts[name],
            line=Line.TERRITORIAL,
            tier=Tier.LEAD,
            matter=east.city.general,
            district=cell,
            span=(LONG_AGO, None),
            basis="三定方案",
        )
        for name, cell in [("inspector", east.city.cell), ("inspector2", east.city.next_cell)]
    ]
    site, then = Site.objects.get(pk=east.city.hotel.pk), NOW - 10 * DAY
    place_site(site=site, node=east.city.next_cell, actor=None, acting_post=None, now=then)
    rename(east)
    site = Site.objects.get(pk=site.pk)

    def leads(on):
        return [a.post for a in who_answers(site, on=on) if (a.line, a.tier) == ("territorial", "lead")]

    first, second = (row.post for row in led)
    days = {-11: first, -10: second, -1: second, 0: second, 30: second}
    assert {n: leads(TODAY + n * DAY) for n in days} == {n: [post] for n, post in days.items()}
    client.force_login(east.bureau)
    page = client.get(f"/responsibility/sites/{site.pk}/?on={TODAY - 11 * DAY}")
    assert first.label in html.unescape(page.text)
    old = client.get(f"/responsibility/?place={east.city.cell.code}&on={TODAY - DAY}")
    assert old.context["place"] == east.city.cell
    assert [row for row, _holder in old.context["rows"]] == [led[0]]
    assert not old.context["may_assign"]
    assert client.get(f"/responsibility/?place={east.city.cell.code}").context["place"].closed_on is None


def test_a_new_code_is_that_of_everything_below_and_the_old_one_still_leads_there(east):
    rename(east, code="630102009000", kind=SuccessionKind.RECODED)
    assert place("630102009001001").name == "慈幼社区第001网格"
    codes = Atlas.load().codes
    for old, new in (
        ("630102001000", "630102009000"),
        ("630102001001", "630102009001"),
        ("630102001001002", "630102009001002"),
    ):
        assert codes.find(old).code == new


def test_merged_both_stand_in_the_new_place_and_no_number_is_given_twice(east):
    for district, who in ((east.city.township, "inspector"), (place("630102002000"), "gas")):
        Assignment.objects.create(
            post=east.posts[who],
            line=Line.INDUSTRY,
            tier=Tier.LEAD,
            matter=east.city.general,
            district=district,
            span=(LONG_AGO, None),
        )
    reorganise(
        kind=SuccessionKind.MERGED,
        predecessors=[east.city.township, place("630102002000")],
        successors=[NewPlace("630102001000", "东关清真街道")],
        on=TODAY,
        basis="省政府批复",
        **by(east),
    )
    new = place("630102001000")
    below = District.objects.filter(path__startswith=new.path, closed_on=None).order_by("path")
    assert [(each.code, each.name) for each in below][1:] == [
        ("630102001001", "慈幼社区"),
        ("630102001001001", "慈幼社区第001网格"),
        ("630102001001002", "慈幼社区第002网格"),
        ("630102001002", "南街社区"),
        ("630102001002001", "南街第001网格"),
    ]
    assert set(Site.objects.filter(township=new).values_list("name", flat=True)) == {
        "恒盛宾馆",
        "恒盛仓库",
        east.city.shop.name,
        "南街小店",
    }
    # Two that led in different places lead in what was their own.
    now_leading = Assignment.objects.as_of(TODAY).values_list("post__kind", "district__name")
    assert set(now_leading) == {("officer", "慈幼社区"), ("supervisor", "南街社区")}


def test_split_each_part_goes_where_it_was_said_and_the_rest_too(east):
    c = east.city
    loose = make.SiteFactory(name="无社区", at=c.township, matters=[c.general])
    second = make.DistrictFactory(parent=c.township, name="二社区", code="630102001002")
    shop = make.SiteFactory(name="二店", at=second, matters=[c.general])
    reorganise(
        kind=SuccessionKind.SPLIT,
        predecessors=[District.objects.get(pk=c.township.pk)],
        successors=[NewPlace("630102001000", "东关"), NewPlace("630102005000", "西关新")],
        on=TODAY,
        basis="批复",
        parts={c.community.pk: 0, second.pk: 1},
        rest=1,
        **by(east),
    )
    assert standing(c.hotel)[1] == "东关"
    assert standing(shop)[1:3] == ["西关新", "二社区"]
    assert standing(loose)[1] == "西关新"
    assert place("630102005002").name == "二社区"


def test_sums_and_the_audit_s_list_follow(east):
    counts.rebuild()
    make.HazardFactory(site=east.city.hotel, matter=east.city.fire)
    Touch.objects.all().delete()
    rename(east)
    assert counts.differences() == []
    counts.fold()
    assert counts.differences() == []
    assert set(Touch.objects.exclude(site=None).values_list("site", flat=True)) == {
        east.city.hotel.pk,
        east.city.warehouse.pk,
        east.city.shop.pk,
    }


def test_planned_it_is_carried_out_on_its_day_and_once(east):
    row = rename(east, on=TODAY + 3 * DAY)
    assert (row.done_at, standing(east.city.hotel)[1]) == (None, "东关大街街道")
    assert carry_out(now=NOW + 2 * DAY) == 0
    assert (carry_out(now=NOW + 4 * DAY), carry_out(now=NOW + 4 * DAY)) == (1, 0)
    assert standing(east.city.hotel)[1] == "东关新街道"
    assert District.objects.get(pk=east.city.township.pk).closed_on == TODAY + 3 * DAY


def test_what_is_planned_is_called_off_for_a_reason_and_may_be_decided_anew(east, client):
    row = rename(east, on=TODAY + 3 * DAY)
    code = east.city.township.code
    url = f"/grid/districts/{code}/reorganise/off/"
    for who in ("chengdong", "auditor", "inspector"):
        client.force_login(getattr(east, who))
        assert client.post(url, {"reason": "no"}).status_code == 403
    client.force_login(east.bureau)
    assert url in client.get(f"/grid/districts/{code}/reorganise/").text
    client.post(url, {"reason": " "})
    row.refresh_from_db()
    assert row.called_off_at is None
    for _twice in range(2):
        client.post(url, {"reason": "名称有误"})
    row.refresh_from_db()
    assert row.called_off_for == "名称有误"
    assert Entry.objects.filter(action="reorganisation.called_off").count() == 1
    assert carry_out(now=NOW + 4 * DAY) == 0
    assert standing(east.city.hotel)[1] == "东关大街街道"
    assert rename(east, on=TODAY + 3 * DAY) != row
    assert carry_out(now=NOW + 4 * DAY) == 1
    with pytest.raises(Stale):
        FRAME.call_off(type(row).objects.latest("pk"), reason="晚了", by=by(east))


def test_sent_twice_it_is_done_once(east):
    first = rename(east)
    again = reorganise(
        kind=SuccessionKind.RENAMED,
        predecessors=[District.objects.get(pk=east.city.township.pk)],
        successors=[NewPlace("630102001000", "东关新街道", "New Street")],
        on=TODAY,
        basis="民政部批复",
        **by(east),
    )
    assert (again, Reorganisation.objects.count()) == (first, 1)
    assert Entry.objects.filter(action="reorganisation.decided").count() == 1


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"on": TODAY - DAY}, "on"),
        ({"name": " "}, "name"),
        ({"code": "630102003000"}, "code"),  # renamed is not recoded
        ({"code": "630102002000", "kind": "recoded"}, "code"),  # taken
        ({"code": "630104009000", "kind": "recoded"}, "code"),  # another district's
        ({"code": "63010", "kind": "recoded"}, "code"),
        ({"code": "630102009001", "kind": "recoded"}, "code"),  # of another level
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_changes_nothing(east, over, field):
    with pytest.raises(Invalid) as refusal:
        rename(east, **over)
    assert field in refusal.value.message_dict
    assert not Reorganisation.objects.exists()
    assert not Succession.objects.exists()


def test_a_closed_place_is_not_reorganised_again(east):
    rename(east)
    with pytest.raises(Invalid) as refusal:
        rename(east, name="另一个")
    assert "no longer exists" in str(refusal.value)


def test_a_place_has_one_plan_at_a_time_and_so_has_what_lies_in_it(east):
    rename(east, on=TODAY + 3 * DAY)
    with pytest.raises(Invalid) as refusal:
        reorganise(
            kind=SuccessionKind.RENAMED,
            predecessors=[east.city.chengdong],
            successors=[NewPlace("630102000000", "东区")],
            on=TODAY + 5 * DAY,
            basis="批复",
            **by(east),
        )
    assert "on" in refusal.value.message_dict
    assert Reorganisation.objects.count() == 1


def test_the_database_refuses_a_circle_and_a_successor_older_than_what_it_follows(east):
    rename(east)
    old, new = District.objects.get(pk=east.city.township.pk), place("630102001000")
    with pytest.raises(IntegrityError, match="circle"), transaction.atomic():
        Succession.objects.create(predecessor=new, successor=old, on=TODAY, kind="renamed")
    third = make.DistrictFactory(
        parent=District.objects.get(pk=east.city.chengdong.pk), code="630102008000", opened_on=LONG_AGO
    )
    with pytest.raises(IntegrityError, match="older"), transaction.atomic():
        Succession.objects.create(predecessor=new, successor=third, on=TODAY, kind="merged")


@pytest.mark.parametrize("who", ["chengdong", "auditor", "inspector", "enterprise", "fire"])
def test_only_the_committee_s_office_reorganises(client, east, who):
    with pytest.raises(NotAllowed):
        rename(east, who=who)
    client.force_login(getattr(east, who))
    assert client.get(reverse("grid:reorganise", args=["630102001000"])).status_code == 403


def test_the_page_shows_how_much_it_moves_before_it_does(client, east):
    client.force_login(east.bureau)
    url = reverse("grid:reorganise", args=["630102001000"])
    assert url in client.get(reverse("grid:district", args=["630102001000"])).content.decode()
    given = {"name": "东关新街道", "name_en": "New", "on": TODAY.isoformat(), "basis": "批复"}
    shown = client.post(f"{url}?kind=renamed", given)
    assert (shown.status_code, Reorganisation.objects.count()) == (200, 0)
    assert (shown.context["preview"].places, shown.context["preview"].new_places) == (4, 4)
    assert ("sites", 3) in shown.context["preview"].rows
    done = client.post(f"{url}?kind=renamed", given | {"sure": "1"})
    assert done.status_code == 302
    assert standing(east.city.hotel)[1] == "东关新街道"
    wrong = client.post(f"{url.replace('001000', '002000')}?kind=recoded", given | {"code": "1"})
    assert wrong.status_code == 422
