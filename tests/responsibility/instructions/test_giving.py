"""Giving an instruction: who may, to whom, about what, and what everybody then owes."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection

from responsibility.alerts.sweep import sweep
from responsibility.instructions.choices import Owed, Role, Source
from responsibility.instructions.models import Instruction, InstructionTask
from responsibility.instructions.services import Asked
from responsibility.models import Alert, Obligation
from responsibility.units.answering import answering_post
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding
from safegrid.audit.models import Entry
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests import factories as make

TODAY = dt.date(2026, 11, 23)


def owed(**filters):
    """What is open: (kind, who owes it, to whom, by when)."""
    rows = Obligation.objects.open().filter(**filters).select_related("debtor_post", "creditor_post")
    return {(r.kind, r.debtor_post.title_en, r.creditor_post.title_en, r.due_on) for r in rows}


def test_each_unit_owes_its_answer_by_its_own_day(play):
    row = play.give()
    assert owed() == {
        (Owed.REPLY, "Chengdong's post", "Bureau's post", play.day(7)),
        (Owed.REPLY, "Fire's post", "Bureau's post", play.day(5)),
    }
    assert (row.number, row.asked, row.answered, row.awaited_on) == (
        "西宁市安委办交办〔2026〕1号",
        2,
        0,
        play.day(5),
    )
    assert list(row.steps.values_list("action", flat=True)) == ["give"]
    assert Entry.objects.filter(subject=f"responsibility.instruction:{row.pk}").count() == 1


def test_whoever_is_late_is_told_like_anybody(play, now):
    play.give()
    sweep(now=now + dt.timedelta(days=9))
    late = set(Alert.objects.values_list("post__title_en", "obligation__kind"))
    assert ("Chengdong's post", Owed.REPLY) in late
    assert ("Bureau's post", Owed.REPLY) in late


def test_a_head_asks_bodies_of_their_own_district(play):
    city = play.cast.city
    row = play.give("chengdong", lead=play.asked(city.emergency), assisting=[])
    assert owed() == {(Owed.REPLY, "Gas's post", "Chengdong's post", play.day(7))}
    assert row.giver_post == play.cast.posts["chengdong"]
    for unit in (city.brigade, city.west_government):
        with pytest.raises(Invalid) as refusal:
            play.give("chengdong", lead=play.asked(unit), assisting=[])
        assert set(refusal.value.message_dict) == {"lead"}
    assert Instruction.objects.count() == 1


@pytest.mark.parametrize(
    "by", ["fire", "inspector", "gridofficer", "auditor", "admin", "enterprise", "principal", "rival", "gas"]
)
def test_nobody_else_gives_instructions(play, by):
    with pytest.raises(NotAllowed):
        play.give(by)
    assert not Instruction.objects.exists()
    assert not Obligation.objects.exists()


def test_nobody_gives_one_as_a_post_that_they_do_not_hold(play):
    with pytest.raises(NotAllowed):
        play.give("fire", acting_post=play.cast.posts["bureau"])


def test_a_head_who_only_reads_gives_none(play):
    post = make.PostFactory(kind=PostKind.HEAD, unit=play.cast.city.brigade, holder=play.cast.nobody)
    make.PostScopeFactory(post=post, district=play.cast.city.city)
    with pytest.raises(NotAllowed):
        play.give("nobody", acting_post=post)


def test_about_a_row_it_takes_its_place_and_matter_and_name(play):
    c = play.cast.city
    hazard = make.HazardFactory(site=c.hotel, matter=c.crowded, title="通道堵塞")
    row = play.give(about=hazard)
    assert (row.site, row.matter, row.cell, row.subject_id) == (c.hotel, c.crowded, c.cell, hazard.pk)
    assert row.about_name == f"{hazard.number} 通道堵塞 · {c.enterprise.name}"
    finding = make.FindingFactory(matter=c.fire, **c.hotel.place_ids)
    assert play.give(about=finding).matter == c.fire
    assert play.give(about=c.hotel).site == c.hotel


def test_about_a_row_of_another_district_a_head_gives_none(play):
    c = play.cast.city
    hazard = make.HazardFactory(site=c.school, matter=c.fire)
    with pytest.raises(NotAllowed):
        play.give("chengdong", lead=play.asked(c.emergency), assisting=[], about=hazard)


def test_a_place_outside_is_refused_at_its_field(play):
    c = play.cast.city
    with pytest.raises(Invalid) as refusal:
        play.give("chengdong", lead=play.asked(c.emergency), assisting=[], place=c.west_township)
    assert set(refusal.value.message_dict) == {"place"}
    assert play.give(place=c.west_township).township == c.west_township


def test_who_acts_in_one_matter_instructs_in_that_matter(play):
    c = play.cast.city
    post = make.PostFactory(kind=PostKind.HEAD, unit=c.brigade, holder=play.cast.nobody)
    make.PostScopeFactory(post=post, district=c.city, matter=c.fire, acting=True)
    given = {"acting_post": post, "lead": play.asked(c.emergency), "assisting": []}
    with pytest.raises(Invalid) as refusal:
        play.give("nobody", **given)
    assert set(refusal.value.message_dict) == {"matter"}
    assert play.give("nobody", **given, matter=c.crowded).matter == c.crowded


def wrong(play):
    c = play.cast.city
    return {
        "past": ({"lead": play.asked(c.government, -1)}, {"lead_due_on"}),
        "no day": ({"lead": Asked(c.government, None)}, {"lead_due_on"}),
        "assistant past": ({"assisting": [play.asked(c.brigade, -3)]}, {"assist_1_due_on"}),
        "lead assists": ({"assisting": [play.asked(c.brigade), play.asked(c.government)]}, {"assist_2"}),
        "twice": ({"assisting": [play.asked(c.brigade), play.asked(c.brigade)]}, {"assist_2"}),
        "oneself": ({"lead": play.asked(c.office)}, {"lead"}),
        "nobody there": ({"lead": play.asked(make.UnitFactory(district=c.chengxi))}, {"lead"}),
        "no words": ({"title": " ", "text": ""}, {"title", "text"}),
        "too many words": ({"title": "字" * 161}, {"title"}),
        "no source": ({"source": "rumour"}, {"source"}),
        "no document": ({"source": Source.DOCUMENT}, {"source_title"}),
    }


@pytest.mark.parametrize(
    "what",
    [
        "past",
        "no day",
        "assistant past",
        "lead assists",
        "twice",
        "oneself",
        "nobody there",
        "no words",
        "too many words",
        "no source",
        "no document",
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_changes_nothing(play, what):
    changes, fields = wrong(play)[what]
    with pytest.raises(Invalid) as refusal:
        play.give(**changes)
    assert set(refusal.value.message_dict) == fields
    assert not Instruction.objects.exists()
    assert not Obligation.objects.exists()
    assert play.give().number.endswith("〔2026〕1号")  # no number was lost


def test_today_is_a_day_to_reply_by(play):
    assert play.task(play.give(lead=play.asked(play.cast.city.government, 0))).due_on == TODAY


def test_a_superiors_document_is_named(play):
    row = play.give(source=Source.DOCUMENT, source_title="通知", source_number="青安委〔2026〕3号")
    assert (row.source_title, row.source_number) == ("通知", "青安委〔2026〕3号")
    assert play.give(source_title="通知").source_title == ""  # a leader's note has none


def test_nobody_asks_everybody_outside_of_their_scope(play):
    city = play.cast.city
    with pytest.raises(NotAllowed):
        play.give(
            "chengdong", lead=play.asked(city.emergency), assisting=[], everybody=[city.west_government]
        )
    assert not Instruction.objects.exists()


def test_sent_twice_it_is_given_once(play):
    token = uuid.uuid4()
    assert play.give(token=token) == play.give(token=token)
    assert (Instruction.objects.count(), InstructionTask.objects.count()) == (1, 2)


def test_a_vacant_head_passes_it_to_the_supervisor_and_then_to_the_office(play):
    c = play.cast.city
    head = make.PostFactory(kind=PostKind.HEAD, unit=c.brigade, holder=make.UserFactory())
    assert answering_post(c.brigade, on=TODAY) == head
    Holding.objects.filter(post=head).delete()
    assert answering_post(c.brigade, on=TODAY) == play.cast.posts["fire"]
    Holding.objects.filter(post=play.cast.posts["fire"]).delete()
    assert answering_post(c.brigade, on=TODAY) == play.cast.posts["bureau"]
    Holding.objects.filter(post=play.cast.posts["bureau"]).delete()
    assert answering_post(c.brigade, on=TODAY) is None


def test_what_a_post_owes_goes_with_it_to_its_next_holder(play):
    row = play.give()
    Holding.objects.filter(post=play.cast.posts["chengdong"]).update(user=play.cast.nobody)
    assert play.person("chengdong").reach.post_ids == frozenset()
    assert set(Instruction.objects.visible_to(play.person("nobody"))) == {row}
    assert not Instruction.objects.visible_to(play.person("chengdong")).exists()


def test_exactly_giver_units_and_who_reads_the_city_see_it(play):
    row = play.give("chengdong", lead=play.asked(play.cast.city.emergency), assisting=[])
    seen = {name for name in play.cast.posts if Instruction.objects.visible_to(play.person(name)).exists()}
    assert seen == {"chengdong", "bureau", "auditor", "inspector", "inspector2", "gas"}
    assert row in Instruction.objects.visible_to(play.person("gas"))


def test_whose_scope_is_a_unit_sees_what_that_unit_is_asked(play):
    c = play.cast.city
    row = play.give(lead=play.asked(c.brigade), assisting=[])
    play.give(lead=play.asked(c.government), assisting=[])
    post = make.PostFactory(unit=c.west_government, holder=play.cast.nobody)
    make.PostScopeFactory(post=post, unit=c.brigade)
    assert set(Instruction.objects.visible_to(play.person("nobody"))) == {row}


def test_an_obligation_of_one_shows_its_title_to_no_bystander(play):
    play.give(about=play.cast.city.hotel)
    seen = {name for name in play.cast.posts if Obligation.objects.visible_to(play.person(name)).exists()}
    assert seen == {"bureau", "auditor", "chengdong", "fire"}


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_once_gives_one(play):
    token, gate, found = uuid.uuid4(), threading.Barrier(4), []

    def run():
        try:
            gate.wait()
            found.append(play.give(token=token).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == Instruction.objects.count() == 1
    assert play.give().number.endswith("〔2026〕2号")


def test_roles_are_written_as_given(play):
    row = play.give()
    assert list(row.tasks.values_list("role", "unit")) == [
        (Role.LEAD, play.cast.city.government.pk),
        (Role.ASSIST, play.cast.city.brigade.pk),
    ]
