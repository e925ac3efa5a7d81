"""Visits by their service: two certified officers, a time that has been, the post's own matters."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection

from hazards.choices import Road, Source, State
from hazards.models import Hazard
from inspections.choices import Result, VisitKind
from inspections.models import Visit, VisitItem
from inspections.queries import companions, items_at, kinds_of
from inspections.services.visits import Looked, record_visit
from responsibility.models import Obligation
from safegrid.accounts.models import Certificate
from safegrid.audit.models import Entry
from safegrid.files.services import store
from safegrid.grid.queries import matters_at
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests import factories as make
from tests.files.photos import upload

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def go(cast, looked_at, policies, now):
    """Record a visit of the inspector and a colleague at the hotel, an hour ago: all in order."""

    def record(by="inspector", **changes):
        fields = {
            "token": uuid.uuid4(),
            "kind": VisitKind.INSPECTION,
            "site": cast.city.hotel,
            "matter": cast.city.general,
            "visited_at": now - HOUR,
            "officers": [cast.posts["inspector2"]],
            "items": {looked_at[0]: Looked(Result.OK)},
            "actor": getattr(cast, by),
            "acting_post": cast.posts[by],
            "now": now,
        }
        return record_visit(**fields | changes)

    return record


def refused(go, *args, **changes) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refusal:
        go(*args, **changes)
    assert not Visit.objects.exists()
    assert not Hazard.objects.exists()
    return refusal.value.message_dict


def test_an_inspection_is_recorded_with_its_officers_and_their_certificates(go, cast, now):
    visit = go(note="无异议", refused_to_sign=True)
    assert visit.number == "JC-2026-000001"
    assert (visit.unit, visit.recorded_by, visit.refused_to_sign) == (
        cast.city.emergency,
        cast.inspector,
        True,
    )
    assert (visit.item_count, visit.found_count, visit.cell) == (1, 0, cast.city.cell)
    numbers = set(Certificate.objects.values_list("user", "number"))
    assert set(visit.officers.values_list("user", "certificate")) == numbers
    assert Entry.objects.filter(action="visit.record").count() == 1


def test_what_was_found_waits_for_the_finder_s_decision(go, cast, looked_at, now):
    photo = store(upload=upload(), actor=cast.inspector, now=now)
    found = Looked(Result.NOT_OK, "安全出口锁闭", [photo])
    visit = go(items={looked_at[0]: Looked(Result.OK), looked_at[1]: found})
    hazard = Hazard.objects.get()
    assert (hazard.road, hazard.source, hazard.state) == (Road.ORDERED, Source.INSPECTION, State.REPORTED)
    assert (hazard.title, hazard.matter, hazard.item_code) == ("安全出口锁闭", cast.city.fire, "visit-2")
    assert VisitItem.objects.get(result=Result.NOT_OK).hazard == hazard
    assert visit.found_count == 1
    owed = Obligation.objects.get()
    assert (owed.kind, owed.debtor_post) == ("hazard_decide", cast.posts["inspector"])


def test_what_a_patrol_finds_is_decided_by_the_officer_of_the_place(go, cast, looked_at):
    visit = go(
        "gridofficer",
        kind=VisitKind.PATROL,
        officers=[],
        items={looked_at[0]: Looked(Result.NOT_OK, "通道堆物")},
    )
    assert visit.kind == VisitKind.PATROL
    assert Hazard.objects.get().source == Source.PATROL
    assert Obligation.objects.get().debtor_post == cast.posts["inspector"]


# -- officers ----------------------------------------------------------------------------------------

TWO_NEEDED = {"officers": ["Two officers with a certificate in date are needed on the day of the visit."]}


def test_one_officer_does_not_inspect(go):
    assert refused(go, officers=[]) == TWO_NEEDED


def test_the_same_officer_twice_is_one(go, cast):
    other_post = make.PostFactory(unit=cast.city.emergency, holder=cast.inspector)
    assert refused(go, officers=[other_post, cast.posts["inspector"]]) == TWO_NEEDED


def test_an_officer_without_a_certificate_does_not_count(go, cast):
    assert refused(go, officers=[cast.posts["gridofficer"]]) == TWO_NEEDED


@pytest.mark.parametrize(("until", "counts"), [(dt.date(2026, 11, 24), True), (dt.date(2026, 11, 23), False)])
def test_a_certificate_counts_on_the_day_of_the_visit(go, cast, until, counts):
    """It is valid until its last day, on which a half-open span ends the day after."""
    Certificate.objects.filter(user=cast.inspector2).update(span=(dt.date(2020, 1, 1), until))
    if counts:
        assert go().officers.count() == 2
    else:
        assert refused(go) == TWO_NEEDED


def test_an_officer_from_elsewhere_comes_to_see_the_visit(go, cast):
    elsewhere = make.UserFactory(username="elsewhere")
    post = make.PostFactory(unit=cast.city.west_government, holder=elsewhere)
    make.CertificateFactory(user=elsewhere)
    assert not Visit.objects.visible_to(elsewhere).exists()
    visit = go(officers=[post])
    del elsewhere.standing
    assert Visit.objects.visible_to(elsewhere).get() == visit


@pytest.mark.parametrize(
    "who", ["bureau", "chengdong", "enterprise", "principal", "auditor", "admin"], ids=lambda w: f"not {w}"
)
def test_whose_post_makes_no_visits(go, cast, who):
    assert kinds_of(cast.posts[who]) == ()
    with pytest.raises(NotAllowed):
        go(who)


def test_a_grid_officer_patrols_and_does_not_inspect(go):
    told = refused(go, "gridofficer", officers=[])
    assert told == {"kind": ["Only certified officers inspect; a grid officer patrols."]}


def test_nobody_visits_outside_their_scope(go, cast):
    for who, site in [("inspector", cast.city.school), ("gridofficer", cast.city.warehouse)]:
        with pytest.raises(NotAllowed):
            go(who, site=site)
    with pytest.raises(NotAllowed):
        go("fire", site=cast.city.shop)  # no matter of fire there
    assert not Visit.objects.exists()


def test_a_supervisor_keeps_to_their_matters(go, cast, looked_at, now):
    make.CertificateFactory(user=cast.fire)
    told = refused(
        go, "fire", items={looked_at[0]: Looked(Result.OK)}
    )  # both matter and item are general safety
    mine = ["This is not one of your matters at this site."]
    assert told == {"matter": mine, f"item_{looked_at[0].pk}": mine}
    visit = go("fire", matter=cast.city.fire, items={looked_at[2]: Looked(Result.OK)})
    assert visit.matter == cast.city.fire


def test_a_matter_that_the_site_does_not_have_is_refused(go, cast):
    assert "matter" in refused(go, matter=cast.city.gas)


# -- what is given -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (-HOUR, "This time lies ahead."),
        (dt.timedelta(days=400), "This is more than a year ago. Look at the year."),
    ],
)
def test_a_time_that_cannot_be_is_refused(go, now, ago, told):
    assert refused(go, visited_at=now - ago) == {"visited_at": [told]}


def test_at_least_one_item_was_looked_at(go):
    assert refused(go, items={}) == {"items": ["Choose at least one item that was looked at."]}


def test_what_was_found_is_said_in_words(go, looked_at):
    told = refused(go, items={looked_at[1]: Looked(Result.NOT_OK, "  ")})
    assert told == {f"item_{looked_at[1].pk}": ["Say what was found."]}


# -- sent twice ----------------------------------------------------------------------------------------


def test_a_form_sent_twice_is_recorded_once(go, looked_at):
    token = uuid.uuid4()
    items = {looked_at[0]: Looked(Result.NOT_OK, "通道堆物")}
    assert go(token=token, items=items) == go(token=token, items=items)
    assert Visit.objects.count() == Hazard.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_is_recorded_once(go, looked_at):
    token, start, found = uuid.uuid4(), threading.Barrier(2), []

    def press():
        start.wait()
        try:
            found.append(go(token=token, items={looked_at[0]: Looked(Result.NOT_OK, "通道堆物")}).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["JC-2026-000001"] * 2
    assert Visit.objects.count() == Hazard.objects.count() == 1


# -- what is offered ---------------------------------------------------------------------------------


def test_only_one_s_own_matters_and_what_applies_is_offered(cast, looked_at):
    hotel, city = cast.city.hotel, cast.city

    def offered(who):
        matters = matters_at(hotel, getattr(cast, who), cast.posts[who])
        return set(matters), list(items_at(hotel, matters))

    assert offered("inspector") == ({city.general, city.fire, city.crowded}, looked_at[:3])
    assert offered("fire") == ({city.fire, city.crowded}, looked_at[1:3])


def test_companions_are_of_the_unit_or_the_place(cast):
    offered = set(companions(cast.city.hotel, cast.posts["inspector"]))
    assert offered == {cast.posts[who] for who in ("inspector2", "gridofficer", "gas")}


# -- penalties ---------------------------------------------------------------------------------------


def test_a_penalty_names_the_visit_that_found_the_hazard_and_leads_back_to_it(go, cast, looked_at, client):
    visit = go(items={looked_at[0]: Looked(Result.NOT_OK, "通道堆物")})
    hazard = Hazard.objects.get()
    client.force_login(cast.inspector)
    new = client.get(f"/hazards/penalties/for/{hazard.number}/")
    assert new.context["form"]["visit_number"].value() == visit.number
    penalty = make.PenaltyFactory(
        site=cast.city.hotel, matter=cast.city.general, hazard=hazard, visit_number=visit.number
    )
    page, way = f"/hazards/penalties/{penalty.pk}/", f'href="/inspections/{visit.number}/"'
    assert way in client.get(page).text
    Visit.objects.filter(pk=visit.pk).update(matter=cast.city.gas, enterprise=cast.city.west, unit=None)
    client.force_login(cast.enterprise)  # who does not see the visit reads its number alone
    text = client.get(page).text
    assert (visit.number in text, way in text) == (True, False)


def test_from_an_inspection_a_penalty_is_entered_with_its_number_and_from_a_patrol_none(go, cast, client):
    visit = go()
    patrol = go("gridofficer", kind=VisitKind.PATROL, officers=[])
    way = f"/hazards/penalties/at/{cast.city.hotel.pk}/?visit={visit.number}"
    for name, shown in [
        ("inspector", True),
        ("gridofficer", False),
        ("enterprise", False),
        ("chengdong", False),
    ]:
        client.force_login(getattr(cast, name))
        assert (f'href="{way}"' in client.get(f"/inspections/{visit.number}/").text) == shown, name
    client.force_login(cast.inspector)
    assert client.get(way).context["form"]["visit_number"].value() == visit.number
    assert "/hazards/penalties/at/" not in client.get(f"/inspections/{patrol.number}/").text
