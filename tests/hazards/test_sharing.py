"""What an enterprise found itself is its own affair: officials see it once it is major, late or drawn."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from hazards.choices import Grade, Owed, Road
from hazards.counts import hazards, rectifications
from hazards.models import Hazard
from hazards.sharing import share_late, to_share
from inspections.choices import Result
from responsibility.alerts import sweep as sweeping
from responsibility.alerts.sweep import sweep
from responsibility.models import Alert, Obligation
from responsibility.obligations.services import about
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.files.models import StoredFile
from safegrid.grid.counts import ALWAYS, Narrowing, differences, fold, read
from tests import factories as make
from tests.hazards.conftest import DAY, photo

OFFICIALS = ("bureau", "chengdong", "inspector", "inspector2", "gridofficer", "fire")
OWNERS = ("enterprise", "principal", "auditor")
STRANGERS = ("rival", "chengxi", "gas", "admin")


@pytest.fixture
def own(play):
    """A general hazard of the hotel's own about fire, in time, with a photo, and found by a rare word."""
    return play.own(
        matter=play.cast.city.crowded,
        title="鲲鹏厅出口堵塞",
        photos=[photo(play.cast.enterprise, play.now)],
    )


def shown_to(play, client, hazard, name):
    """Where the person finds the hazard."""
    user = play.person(name)
    client.force_login(user)
    number, site = hazard.number, hazard.site
    texts = {
        "list": f"/hazards/?tab=all&q={number}",
        "open": "/hazards/?tab=open&sort=due",
        "export": "/hazards/?tab=all&format=csv",
        "map": "/hazards/?tab=all&format=geojson",
        "api": "/api/v1/hazards/",
        "search": f"/search/?q={hazard.title[:3]}",
        "site": f"/grid/enterprises/{site.enterprise_id}/?site={site.pk}",
    }
    found = set()
    for where, url in texts.items():
        answer = client.get(url)
        text = answer.getvalue().decode() if answer.status_code == 200 else ""
        marks = (str(hazard.pk),) if where == "map" else (f"/hazards/{number}/", hazard.title)
        if any(mark in text.replace(f"q={number}", "") for mark in marks) and '"features": []' not in text:
            found.add(where)
    pages = {
        "page": reverse("hazards:detail", args=[number]),
        "photos": reverse("hazards:photos", args=[number]),
        "row": f"/api/v1/hazards/{hazard.pk}/",
    }
    found |= {where for where, url in pages.items() if client.get(url).status_code == 200}
    if StoredFile.objects.visible_to(user).exclude(uploaded_by=user).exists():
        found.add("file")
    if Obligation.objects.visible_to(user).filter(subject_id=hazard.pk).exists():
        found.add("owed")
    if read(user, hazards, {"every": ALWAYS}).of("every"):
        found.add("count")
    if read(user, hazards, {"open": ALWAYS}, by="district").by_group("open"):
        found.add("layer")
    return found


EVERYWHERE = {
    "list",
    "open",
    "export",
    "map",
    "api",
    "search",
    "site",
    "page",
    "photos",
    "row",
    "file",
    "owed",
    "count",
    "layer",
}


def test_no_official_sees_it_anywhere_and_the_enterprise_and_the_auditor_everywhere(play, client, own):
    own_photo = {"enterprise": {"file"}}  # theirs, whatever it shows
    for folded in (False, True):
        for name in OFFICIALS + STRANGERS:
            assert shown_to(play, client, own, name) == set(), (name, folded)
        for name in OWNERS:
            assert shown_to(play, client, own, name) == EVERYWHERE - own_photo.get(name, set()), name
        fold()
    assert differences() == []


def test_what_is_to_be_shared_is_found_without_reading_the_whole_register(own):
    with connection.cursor() as cursor:
        # A small table is rightly read from end to end, or sorted.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    plan = to_share(own.due_at)[:1].explain()
    assert "Index Scan using hazard_" in plan
    assert "hazards_hazard_pkey" not in plan


def test_once_it_is_late_and_the_sweep_has_been_it_is_seen_by_whoever_answers_for_the_place(
    play, client, own
):
    late = own.due_at
    assert share_late(late - DAY) == 0
    sweep(now=late)
    for name in ("bureau", "chengdong", "inspector", "gridofficer", "fire"):
        assert shown_to(play, client, own, name) == EVERYWHERE, name
    for name in STRANGERS:
        assert shown_to(play, client, own, name) == set(), name
    assert share_late(late) == 0  # done once
    assert list(Entry.objects.filter(action="hazard.share").values_list("subject", flat=True)) == [
        f"hazards.hazard:{own.pk}"
    ]
    assert verify() == []


def test_it_is_shared_before_anybody_is_told(play, own, monkeypatch):
    order = []
    monkeypatch.setattr(
        sweeping,
        "_raise_for",
        lambda rows, **more: order.append(Hazard.objects.get().is_shared) or real(rows, **more),
    )
    sweep(now=own.due_at + DAY)
    assert order
    assert set(order) == {True}


real = sweeping._raise_for


def test_a_prelude_that_fails_stops_no_alert(play, monkeypatch, caplog):
    hazard = play.ordered(days=2)
    monkeypatch.setitem(sweeping.preludes._plugs, "hazards that are late", (50, lambda now: 1 // 0))
    assert sweep(now=hazard.due_at) > 0
    assert "cannot be done before the sweep" in caplog.text


def test_what_is_put_right_late_stays_shared_to_the_end(play):
    hazard = play.own(days=2)
    hazard = play.act(hazard, "submit", "enterprise", now=hazard.due_at)  # before any sweep
    assert hazard.is_shared
    assert set(about(hazard).values_list("is_shared", flat=True)) == {True}
    hazard = play.act(hazard, "send_back", "principal", now=hazard.due_at)
    assert hazard.is_shared
    assert Hazard.objects.visible_to(play.cast.inspector).get() == hazard


def test_what_is_put_right_in_time_is_never_shared(play):
    hazard = play.play(play.own(days=2), [("submit", "enterprise"), ("confirm", "principal")])
    assert not hazard.is_shared
    sweep(now=play.now + 30 * DAY)
    assert not Hazard.objects.visible_to(play.cast.bureau).exists()
    assert not Alert.objects.exclude(post__enterprise=play.cast.city.enterprise).exists()


def test_an_order_and_a_major_hazard_are_always_shared(play):
    assert play.found().is_shared
    taken = play.act(play.drawn(), "step_in", "inspector", grade=Grade.MAJOR, major_basis="第三条")
    assert taken.is_shared
    for road, grade in [(Road.ORDERED, Grade.GENERAL), (Road.SELF, Grade.MAJOR)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            make.HazardFactory(site=play.cast.city.hotel, road=road, grade=grade, is_shared=False)


@pytest.mark.parametrize("name", [*OFFICIALS, *OWNERS, *STRANGERS])
def test_every_count_is_that_of_the_list(play, client, own, name):
    """A tile and the list that it opens say the same number, of whatever somebody reads."""
    play.found()
    play.late()
    play.own(fixed=True, site=play.cast.city.warehouse)
    user = play.person(name)
    client.force_login(user)
    for folded in (False, True):
        for narrowing in (
            Narrowing(),
            Narrowing(play.cast.city.township),
            Narrowing(None, play.cast.city.fire),
        ):
            rows = Hazard.objects.visible_to(user).filter(narrowing.q())
            counts = read(user, hazards, {"every": ALWAYS, "open": ALWAYS}, narrowing=narrowing, by="cell")
            assert counts.of("every") == rows.count(), (folded, narrowing)
            assert counts.of("open") == rows.open().count(), (folded, narrowing)
            assert sum(counts.by_group("open").values()) == rows.open().count()
        page = client.get("/hazards/?part=counts").text
        every = Hazard.objects.visible_to(user).count()
        assert f'id="count-all" hx-swap-oob="true">{every}</span>' in page
        late = Obligation.objects.visible_to(user).filter(kind=Owed.RECTIFY).count()
        assert read(user, rectifications, {"became_late": ALWAYS}).of("became_late") == late
        fold()


def test_what_was_found_in_a_self_inspection_is_told_only_in_number(play, client, own):
    filled_in = make.SelfInspectionFactory(
        site=own.site, state="filed", filed_at=play.now, receipt="SI-1", found_count=1
    )
    make.AnswerFactory(inspection=filled_in, result=Result.NOT_OK, note="出口前堆了桌椅", hazard=own)
    url = f"/inspections/self/{filled_in.pk}/"
    for name, sees in [("inspector", False), ("bureau", False), ("enterprise", True), ("auditor", True)]:
        client.force_login(play.person(name))
        text = client.get(url).text
        assert ("出口前堆了桌椅" in text, own.number in text) == (sees, sees), name
        assert ("puts it right itself" in text) == (not sees), name
    share_late(own.due_at)
    client.force_login(play.cast.inspector)
    assert "出口前堆了桌椅" in client.get(url).text


def test_sharing_asks_as_often_for_many_as_for_one(play, django_assert_num_queries):
    one = play.own(days=1)
    with django_assert_num_queries(13):
        assert share_late(one.due_at) == 1
    for _ in range(6):
        one = play.own(days=1)
    with django_assert_num_queries(13):
        assert share_late(one.due_at) == 6
