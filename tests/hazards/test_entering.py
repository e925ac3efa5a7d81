"""Where a hazard comes from and who may know; entered late, corrected, on paper, given to another body."""

import csv
import datetime as dt
import io
import json

import pytest

from hazards.choices import Category, Owed, Source
from hazards.models import Step
from hazards.sources import source_for, sources_of
from hazards.transfers import accepted  # noqa: F401 (plugged in)
from responsibility.models import Transfer
from responsibility.obligations.services import about
from responsibility.transfers import services as transfers
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.files.models import Evidence
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests.hazards.conftest import DAY, photo


def test_each_post_enters_its_own_sources(play):
    wanted = {
        "enterprise": {Source.SELF_INSPECTION, Source.WORKER},
        "principal": {Source.SELF_INSPECTION, Source.WORKER},
        "inspector": {
            Source.INSPECTION,
            Source.PATROL,
            Source.CAMPAIGN,
            Source.PUBLIC,
            Source.ACCIDENT,
        },
        "gridofficer": {Source.PATROL, Source.PUBLIC},
        "auditor": set(),
        "admin": set(),
    }
    assert {name: set(sources_of(play.posts[name])) for name in wanted} == wanted
    assert sources_of(None) == ()


def test_a_public_report_is_an_inspection_to_the_enterprise_wherever_it_reads(play, client):
    hazard = play.found("inspector2", source=Source.PUBLIC)
    for name, word, code in [
        ("inspector", "Public report", "public"),
        ("enterprise", "Inspection", "inspection"),
    ]:
        user = play.person(name)
        client.force_login(user)
        assert source_for(user, hazard) == word
        texts = [
            client.get(f"/hazards/{hazard.number}/").text,
            client.get("/hazards/?tab=all").text,
            client.get("/hazards/?tab=all&format=csv").getvalue().decode(),
            client.get("/api/v1/hazards/").content.decode(),
            client.get(f"/api/v1/hazards/{hazard.pk}/").content.decode(),
        ]
        if name == "enterprise":
            assert not any("public" in text.lower().replace("republic", "") for text in texts[2:])
            assert "Public report" not in "".join(texts)
            assert "Inspector2" not in texts[0].split("Whose move it is")[1].split("What was found")[1]
        else:
            assert "Public report" in texts[0]
            assert "Inspector2" in texts[0]
        (row,) = csv.DictReader(io.StringIO(texts[2].lstrip("\ufeff")))
        assert row["Source"] == word
        assert client.get("/api/v1/hazards/").json()["results"][0]["source"] == code


def test_what_is_entered_late_says_why_and_has_less_time(play):
    three_days_ago = play.now - 3 * DAY  # a Friday
    with pytest.raises(Invalid) as refusal:
        play.found(found_at=three_days_ago)
    assert set(refusal.value.message_dict) == {"late_reason"}
    with pytest.raises(Invalid) as refusal:
        play.found(found_at=play.now + DAY)
    assert set(refusal.value.message_dict) == {"found_at"}
    hazard = play.found(found_at=three_days_ago, late_reason="现场无网络")
    assert (hazard.found_at, hazard.late_reason) == (three_days_ago, "现场无网络")
    assert about(hazard).get().due_on == dt.date(2026, 11, 24)  # two working days from that Friday
    long_ago = play.found(found_at=play.now - 30 * DAY, late_reason="补录")
    assert about(long_ago).get().due_on == clock.local_date(play.now)


def test_a_slip_is_just_set_right_for_some_minutes_and_shown_after(play):
    hazard = play.found()
    soon = play.now + dt.timedelta(minutes=15)
    hazard = play.act(hazard, "correct", "inspector", title="安全出口被堵塞", note="", now=soon)
    assert (hazard.title, Step.objects.last().note) == ("安全出口被堵塞", "")
    late = soon + dt.timedelta(seconds=1)
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "correct", "inspector", title="通道被堵塞", note="", now=late)
    assert set(refusal.value.message_dict) == {"note"}
    hazard = play.act(
        hazard, "correct", "inspector", title="通道被堵塞", note="写错了", category=Category.GAS, now=late
    )
    assert Step.objects.last().note == "写错了\n“安全出口被堵塞” → “通道被堵塞”\n“Fire protection” → “Gas”"
    assert "通道被堵塞" in hazard.search_text


def test_the_ledger_keeps_what_stood_there_and_what_stands_there_now(play):
    hazard = play.found(spot="二楼")
    play.act(
        hazard, "correct", "inspector", title=" 安全出口 被堵塞", spot="", category=Category.GAS, note=""
    )
    told = json.loads(Entry.objects.get(action="hazard.correct").body)["data"]
    assert told["fields"] == {
        "title": ["疏散通道被堵塞", "安全出口 被堵塞"],
        "spot": ["二楼", ""],
        "category_id": [Category.FIRE, Category.GAS],
    }
    assert verify() == []


def test_a_correction_changes_something_and_is_the_authors_own(play):
    hazard = play.found(spot="二楼")
    with pytest.raises(Invalid):
        play.act(hazard, "correct", "inspector", title=hazard.title, spot="二楼")
    with pytest.raises(NotAllowed):
        play.act(hazard, "correct", "inspector2")


def test_a_paper_order_stays_with_its_number_day_and_photo(play):
    hazard = play.ordered()
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "attach_paper", "inspector", paper_on=play.day(1))
    assert set(refusal.value.message_dict) == {"paper_on"}
    hazard = play.act(
        hazard,
        "attach_paper",
        "inspector2",
        photos=[photo(play.cast.inspector2, play.now)],
        paper_number=" 12号 ",
    )
    assert (hazard.paper_number, hazard.paper_on) == ("12号", play.day(0))
    assert Evidence.objects.get().role == "other"


def test_more_time_is_asked_for_early_enough_by_the_policy(play):
    hazard = play.ordered(days=10)
    for days, may in [(7, True), (8, False)]:
        play.now += days * DAY - (play.now - hazard.found_at)
        if may:
            asked = play.act(hazard, "ask_extension", "enterprise", due_on=play.day(9))
            play.act(asked, "deny_extension", "inspector")
        else:
            with pytest.raises(Exception, match="too close"):
                play.act(hazard, "ask_extension", "enterprise", due_on=play.day(9))


def test_not_ours_stays_with_the_sender_until_the_receiver_accepts(play, client):
    hazard, brigade = play.found(), play.cast.city.brigade
    who = {"actor": play.cast.inspector, "acting_post": play.posts["inspector"], "now": play.now}
    row = transfers.propose(kind="hazard", subject=hazard, unit=brigade, reason="属消防", **who)
    assert about(hazard).open().get(kind=Owed.DECIDE).debtor_post == play.posts["inspector"]
    done = transfers.accept(transfer=row, actor=play.cast.fire, acting_post=play.posts["fire"], now=play.now)
    assert done.state == "accepted"
    assert about(hazard).open().get(kind=Owed.DECIDE).debtor_post == play.posts["fire"]
    assert Step.objects.last().action == "transfer"
    hazard = play.act(hazard, "grade", "fire")
    assert play.act(hazard, "order", "fire").ordering_unit == brigade


def test_what_is_ordered_is_not_given_away(play):
    hazard = play.ordered()
    with pytest.raises(NotAllowed):
        transfers.propose(
            kind="hazard",
            subject=hazard,
            unit=play.cast.city.brigade,
            reason="属消防",
            actor=play.cast.inspector,
            acting_post=play.posts["inspector"],
            now=play.now,
        )
    assert not Transfer.objects.exists()
