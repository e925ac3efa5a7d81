"""Guidance of units: a notice, a date, a receipt from each of them."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from responsibility.alerts.sweep import sweep
from responsibility.guidance.models import Notice, Receipt
from responsibility.guidance.services import close, confirm, receivers, send
from responsibility.models import Obligation
from responsibility.obligations.choices import Outcome
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests import factories as make
from tests.responsibility.conftest import told

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


@pytest.fixture
def heads(cast, policies, now):
    """The heads of the brigade and of the emergency bureau."""
    found = {}
    for name, unit in (("brigade", cast.city.brigade), ("emergency", cast.city.emergency)):
        user = make.UserFactory(username=f"{name}_head")
        found[name] = user, make.PostFactory(kind=PostKind.HEAD, unit=unit, holder=user)
    return found


def sent(cast, now, units, *, by="bureau", token=None, until=TODAY + 3 * DAY, **changes):
    given = {"title": "岁末年初安全防范", "text": "请各单位认真落实。"} | changes
    return send(
        token=token or uuid.uuid4(),
        units=units,
        by=until,
        actor=getattr(cast, by),
        acting_post=cast.posts[by],
        now=now,
        **given,
    )


def confirmed(notice, unit, who, now, remark=""):
    user, post = who
    receipt = notice.receipts.get(unit=unit)
    return confirm(receipt=receipt, remark=remark, actor=user, acting_post=post, now=now)


def owed():
    """(unit, debtor, outcome) of each receipt that is or was owed."""
    rows = Obligation.objects.filter(kind="guidance_receipt").order_by("pk")
    return {(Receipt.objects.get(pk=r.subject_id).unit, r.debtor_post, r.outcome) for r in rows}


def test_each_unit_owes_a_receipt_by_its_head_and_without_one_the_office_does(cast, heads, now):
    c = cast.city
    vacant = make.UnitFactory(district=c.chengdong)
    make.PostFactory(kind=PostKind.HEAD, unit=vacant)
    notice = sent(cast, now, [c.brigade, c.emergency, c.government, vacant])
    assert owed() == {
        (c.brigade, heads["brigade"][1], ""),
        (c.emergency, heads["emergency"][1], ""),
        (c.government, cast.posts["chengdong"], ""),
        (vacant, cast.posts["bureau"], ""),
    }
    row = Obligation.objects.get(debtor_post=heads["emergency"][1])
    assert (row.due_on, row.creditor_post, row.district) == (
        TODAY + 3 * DAY,
        cast.posts["bureau"],
        None,  # who sees the place does not read the notice
    )
    assert (notice.asked, notice.state) == (4, "running")


def test_sent_twice_it_is_there_once(cast, heads, now):
    token = uuid.uuid4()
    assert sent(cast, now, [cast.city.brigade], token=token) == sent(
        cast, now, [cast.city.brigade], token=token
    )
    assert Notice.objects.count() == Receipt.objects.count() == Obligation.objects.count() == 1


def test_a_head_guides_the_units_of_their_place_and_the_office_all_but_its_own(cast, heads, now):
    c = cast.city
    assert set(receivers(cast.posts["bureau"])) == {
        c.government,
        c.emergency,
        c.brigade,
        c.west_government,
    }
    assert set(receivers(cast.posts["chengdong"])) == {c.emergency}
    with pytest.raises(Invalid) as refusal:
        sent(cast, now, [c.emergency, c.west_government], by="chengdong")
    assert set(refusal.value.message_dict) == {"units"}
    assert sent(cast, now, [c.emergency], by="chengdong").unit == c.government


@pytest.mark.parametrize("by", ["inspector", "fire", "gridofficer", "auditor", "enterprise", "admin"])
def test_others_send_nothing(cast, heads, now, by):
    with pytest.raises(NotAllowed):
        sent(cast, now, [cast.city.brigade], by=by)


def test_whoever_acts_for_one_matter_guides_no_unit_and_elsewhere_for_all_only_those_there(
    cast, policies, fire_chief, now
):
    c, user = cast.city, fire_chief.holdings.get().user
    given = {"token": uuid.uuid4(), "title": "x", "text": "y", "by": TODAY, "now": now}
    given |= {"actor": user, "acting_post": fire_chief}
    with pytest.raises(NotAllowed):
        send(units=[c.emergency], **given)
    make.PostScopeFactory(post=fire_chief, district=c.chengxi, acting=True)
    assert set(receivers(fire_chief)) == {c.west_government}
    with pytest.raises(Invalid):
        send(units=[c.emergency], **given)
    assert not Notice.objects.exists()
    assert send(units=[c.west_government], **given).asked == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": " "}, "title"), ({"text": ""}, "text"), ({"until": TODAY - DAY}, "by"), ({}, "units")],
)
def test_what_cannot_be_is_said_at_its_field(cast, heads, now, changes, field):
    units = [] if field == "units" else [cast.city.brigade]
    with pytest.raises(Invalid) as refusal:
        sent(cast, now, units, **changes)
    assert set(refusal.value.message_dict) == {field}
    assert not Notice.objects.exists()


def test_a_receipt_is_met_once_and_the_last_one_makes_it_complete(cast, heads, now):
    c = cast.city
    notice = sent(cast, now, [c.brigade, c.emergency])
    first = confirmed(notice, c.brigade, heads["brigade"], now, "已传达到各大队")
    assert confirmed(notice, c.brigade, heads["brigade"], now + DAY, "又一次") == first
    notice.refresh_from_db()
    assert (notice.state, notice.confirmed) == ("running", 1)
    confirmed(notice, c.emergency, heads["emergency"], now)
    notice.refresh_from_db()
    assert (notice.state, notice.confirmed, notice.closed_at) == ("complete", 2, now)
    assert {outcome for _unit, _post, outcome in owed()} == {Outcome.MET}
    assert Receipt.objects.get(unit=c.brigade).remark == "已传达到各大队"


def test_only_the_unit_confirms_and_a_new_head_in_the_place_of_the_old(cast, heads, now):
    c = cast.city
    notice = sent(cast, now, [c.brigade])
    for who in (heads["emergency"], (cast.bureau, cast.posts["bureau"]), (cast.fire, cast.posts["fire"])):
        with pytest.raises(NotAllowed):
            confirmed(notice, c.brigade, who, now)
    new = make.UserFactory()
    post = make.PostFactory(kind=PostKind.HEAD, unit=c.brigade, holder=new)
    assert confirmed(notice, c.brigade, (new, post), now).confirmed_by == new


def test_a_head_appointed_after_sending_finds_the_notice_and_confirms_it_without_any_scope(
    cast, policies, now, client
):
    c = cast.city
    notice = sent(cast, now, [c.brigade, c.government])
    other = sent(cast, now, [c.emergency])
    assert Receipt.objects.get(unit=c.brigade).post == cast.posts["bureau"]  # nobody heads it
    new = make.UserFactory()
    make.PostFactory(kind=PostKind.HEAD, unit=c.brigade, holder=new)
    client.force_login(new)
    page, others = (reverse("responsibility:guidance_notice", args=[each.pk]) for each in (notice, other))
    listed = client.get("/responsibility/guidance/?tab=confirm").text
    assert (page in listed, others in listed) == (True, False)
    assert reverse("responsibility:guidance_confirm", args=[notice.pk, c.brigade.pk]) in client.get(page).text
    assert client.get(others).status_code == 404
    theirs = reverse("responsibility:guidance_confirm", args=[notice.pk, c.government.pk])
    assert client.post(theirs, {}).status_code == 403
    for _twice in range(2):
        mine = reverse("responsibility:guidance_confirm", args=[notice.pk, c.brigade.pk])
        assert client.post(mine, {"remark": "已阅"}).status_code == 302
    receipt = Receipt.objects.get(unit=c.brigade)
    assert (receipt.confirmed_by, receipt.remark) == (new, "已阅")
    notice.refresh_from_db()
    assert (notice.confirmed, notice.state) == (1, "running")
    assert (c.brigade, cast.posts["bureau"], Outcome.MET) in owed()


def test_a_notice_is_read_by_the_posts_of_the_units_it_is_to_and_ends_with_the_post(cast, heads, now):
    c = cast.city
    notice, other = sent(cast, now, [c.brigade]), sent(cast, now, [c.emergency])
    readers = {
        "fire": {notice},  # of the brigade; acts for one matter over the whole city
        "inspector": {other},
        "gas": {other},
        "chengdong": set(),
        "chengxi": set(),
        "gridofficer": set(),
        "enterprise": set(),
        "rival": set(),
        "nobody": set(),
        "admin": set(),
        "bureau": {notice, other},
    }
    for name, wanted in readers.items():
        user = getattr(cast, name)
        assert set(Notice.objects.visible_to(user)) == wanted, name
    for kind in (PostKind.ADMIN, PostKind.AUDITOR):
        user = make.UserFactory()
        make.PostFactory(kind=kind, unit=c.brigade, holder=user)
        assert not Notice.objects.visible_to(user).exists()
    left = make.UserFactory()
    post = make.PostFactory(unit=c.brigade)
    Holding.objects.create(post=post, user=left, span=(dt.date(2020, 1, 1), TODAY))
    assert not Notice.objects.visible_to(left).exists()


def test_whoever_is_late_is_told_and_then_the_office(cast, heads, now):
    sent(cast, now, [cast.city.brigade])
    sweep(now=clock.day_start(TODAY + 5 * DAY))
    assert {name for _rung, name in told()} == {"brigade_head", "bureau"}


def closed(cast, notice, now, reason="另行发文", by="bureau"):
    return close(notice=notice, reason=reason, actor=getattr(cast, by), acting_post=cast.posts[by], now=now)


def test_closing_needs_a_reason_and_nothing_more_is_owed(cast, heads, now):
    c = cast.city
    notice = sent(cast, now, [c.brigade, c.emergency])
    confirmed(notice, c.brigade, heads["brigade"], now)
    with pytest.raises(Invalid):
        closed(cast, notice, now, reason=" ")
    with pytest.raises(NotAllowed):
        closed(cast, notice, now, by="chengdong")
    assert closed(cast, notice, now).state == "closed"
    with pytest.raises(Stale):
        closed(cast, notice, now)
    with pytest.raises(Refused):
        confirmed(notice, c.emergency, heads["emergency"], now)
    assert {(unit, outcome) for unit, _post, outcome in owed()} == {
        (c.brigade, Outcome.MET),
        (c.emergency, Outcome.CANCELLED),
    }


def test_whoever_must_confirm_reads_it_and_its_neighbours_do_not(cast, heads, now, client):
    c = cast.city
    notice = sent(cast, now, [c.emergency])
    url = reverse("responsibility:guidance_notice", args=[notice.pk])
    for user, status in (
        (heads["emergency"][0], 200),
        (cast.bureau, 200),
        (cast.auditor, 200),
        (heads["brigade"][0], 404),
        (cast.chengxi, 404),
        (cast.enterprise, 404),
        (cast.nobody, 404),
    ):
        client.force_login(user)
        assert client.get(url).status_code == status, user
        assert (notice.title in client.get("/responsibility/guidance/?tab=all").text) is (status == 200)


def test_writing_sending_confirming_and_closing_by_the_pages(cast, heads, now, client):
    c = cast.city
    client.force_login(cast.bureau)
    new = reverse("responsibility:guidance_new")
    form = {
        "token": uuid.uuid4(),
        "title": "冬季防火",
        "text": "第一条\n第二条",
        "by": "2026-11-26",
        "everybody": "on",  # of the city's own, and one of a district beside them
        "units": [c.emergency.pk],
    }
    assert client.get(new).status_code == 200
    assert client.post(new, form | {"by": "2026-11-22"}).status_code == 422
    wrong = client.post(new, form | {"everybody": "", "units": []})
    assert wrong.status_code == 422
    assert "第一条" in wrong.text
    for _ in range(2):
        response = client.post(new, form)
        assert response.status_code == 302
    notice = Notice.objects.get()
    assert set(notice.receipts.values_list("unit", flat=True)) == {c.brigade.pk, c.emergency.pk}
    page = response.url
    assert "0 of 2 units have confirmed" in client.get(page).text
    client.force_login(heads["brigade"][0])
    assert "Confirm receipt: 冬季防火" in client.get("/my-work/").text
    assert "冬季防火" in client.get("/responsibility/guidance/").text  # what is to be confirmed comes first
    for unit, status in ((c.emergency, 403), (c.brigade, 302), (c.brigade, 302), (c.government, 404)):
        confirming = reverse("responsibility:guidance_confirm", args=[notice.pk, unit.pk])
        assert client.post(confirming, {"remark": "已阅"}).status_code == status
    assert client.post(confirming.replace(str(c.government.pk), "99999"), {}).status_code == 404
    assert "冬季防火" not in client.get("/responsibility/guidance/?tab=confirm").text
    ending = reverse("responsibility:guidance_close", args=[notice.pk])
    assert client.post(ending, {"reason": "x"}).status_code == 403
    client.force_login(cast.bureau)
    assert client.post(ending, {"reason": ""}).status_code == 422
    assert client.post(ending, {"reason": "另行发文"}).status_code == 302
    assert "另行发文" in client.get(page).text
    client.force_login(cast.enterprise)
    assert client.get(new).status_code == client.post(new, form).status_code == 403


def test_the_units_page_shows_its_notices_only_to_whoever_reads_them(cast, heads, now, client):
    c = cast.city
    notice = sent(cast, now, [c.emergency])
    url = reverse("responsibility:unit", args=[c.emergency.pk])
    for user, sees in ((cast.bureau, True), (cast.chengxi, False), (cast.chengdong, False)):
        client.force_login(user)
        assert (notice.title in client.get(url).text) is sees
    confirmed(notice, c.emergency, heads["emergency"], now, "已阅")
    client.force_login(cast.bureau)
    assert "已阅" in client.get(url).text
    assert notice.title not in client.get(reverse("responsibility:unit", args=[c.brigade.pk])).text


def test_the_pages_cost_the_same_for_many_units(cast, heads, now, client):
    client.force_login(cast.bureau)

    def cost(units):
        notice = sent(cast, now, units)
        pages = ("guidance_notice", notice.pk), ("unit", units[0].pk)
        found = []
        for name, pk in pages:
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(f"responsibility:{name}", args=[pk]))
            found.append(len(queries))
        return found

    cost([cast.city.brigade])
    few = cost([cast.city.brigade])
    many = [cast.city.brigade, *make.UnitFactory.create_batch(12, district=cast.city.chengdong)]
    assert cost(many) == few
