"""Who enters a penalty for what, once; what is corrected stays to be read."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hazards.choices import Grade
from hazards.penalties.models import Penalty
from hazards.penalties.services import said
from safegrid.audit.models import Entry
from safegrid.grid.places.following import follow
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests import factories as make


def actions(penalty):
    subject = f"hazards.penalty:{penalty.pk}"
    return list(Entry.objects.filter(subject=subject).order_by("sequence").values_list("action", flat=True))


def test_an_officer_enters_a_fine_for_an_ordered_hazard_and_the_ledger_has_it(play, penalties):
    hazard = play.ordered()
    row = penalties.enter(hazard)
    assert (row.enterprise, row.site, row.matter, row.cell) == (
        hazard.enterprise,
        hazard.site,
        hazard.matter,
        hazard.cell,
    )
    assert (row.unit, row.entered_by, row.entered_post) == (
        play.cast.city.emergency,
        play.cast.inspector,
        play.posts["inspector"],
    )
    assert (row.amount, row.stands) == (Decimal("20000.00"), True)
    assert actions(row) == ["penalty.enter"]
    last = Entry.objects.filter(subject=f"hazards.hazard:{hazard.pk}").order_by("-sequence").first()
    assert last.action == "hazard.penalty.enter"


def test_the_form_sent_twice_enters_once(play, penalties):
    hazard, token = play.ordered(), uuid.uuid4()
    first = penalties.enter(hazard, token=token)
    assert penalties.enter(hazard, token=token) == first
    assert Penalty.objects.count() == 1


def test_one_decision_is_entered_once_and_each_kind_in_it(play, penalties):
    hazard = play.ordered()
    first = penalties.enter(hazard)
    with pytest.raises(Invalid) as refused:
        penalties.enter(hazard, document=first.document)
    assert set(refused.value.message_dict) == {"document"}
    penalties.enter(hazard, document=first.document, kind="warning", amount=None)
    assert Penalty.objects.standing().count() == 2


@pytest.mark.parametrize(
    "by", ["gridofficer", "bureau", "chengdong", "enterprise", "auditor", "rival", "gas"]
)
def test_whoever_may_not_inspect_there_penalises_nobody(play, penalties, by):
    # A grid officer, the coordinating office, a head, the enterprise itself, another matter's supervisor.
    with pytest.raises(NotAllowed):
        penalties.enter(play.ordered(), by=by)
    city = play.cast.city
    with pytest.raises(NotAllowed):
        penalties.enter(site=city.hotel, matter=city.general, by=by)


def test_what_the_enterprise_corrects_itself_is_no_ground_until_it_is_late_or_an_order(play, penalties):
    drawn, own = play.drawn(), play.own()
    with pytest.raises(NotAllowed):
        penalties.enter(own)  # nobody outside knows of it
    with pytest.raises(Refused, match="no ground"):
        penalties.enter(drawn)  # a check has seen it, and it is in time
    assert Penalty.objects.count() == 0
    assert penalties.enter(play.late()).stands
    major = play.act(play.own(), "call_major", "enterprise", major_basis="第三条")
    with pytest.raises(Refused, match="no ground"):
        penalties.enter(major)  # it has said so itself
    assert penalties.enter(
        play.act(major, "step_in", "inspector", grade=Grade.MAJOR, major_basis="三")
    ).stands


def test_a_cancelled_hazard_is_no_ground(play, penalties):
    hazard = play.act(play.ordered(), "cancel", "inspector")
    with pytest.raises(Refused):
        penalties.enter(hazard)


def test_at_a_site_without_a_hazard_the_matter_is_one_of_the_officers(play, penalties):
    city = play.cast.city
    row = penalties.enter(site=city.hotel, matter=city.crowded, by="fire")
    assert (row.hazard, row.unit) == (None, city.brigade)
    with pytest.raises(Invalid) as refused:
        penalties.enter(site=city.hotel, matter=city.general, by="fire")
    assert set(refused.value.message_dict) == {"matter"}
    with pytest.raises(Invalid):
        penalties.enter(site=city.hotel, matter=city.gas)  # the hotel has no gas


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(-5)}, "amount"),
        ({"kind": "warning"}, "amount"),
        ({"kind": "prison"}, "kind"),
        ({"article": "  "}, "article"),
        ({"law": ""}, "law"),
        ({"document": " "}, "document"),
        ({"decided_on": dt.date(2026, 11, 24)}, "decided_on"),
        ({"decided_on": dt.date(2016, 11, 24)}, "decided_on"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_entered(play, penalties, given, field):
    with pytest.raises(Invalid) as refused:
        penalties.enter(play.ordered(), **given)
    assert field in refused.value.message_dict
    assert Penalty.objects.count() == 0


@pytest.mark.parametrize(
    "broken",
    [{"kind": "warning", "amount": 5}, {"amount": None}, {"amount": 0}, {"document": ""}, {"is_void": True}],
)
def test_the_database_refuses_what_must_not_be(cast, now, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.PenaltyFactory(site=cast.city.hotel, **broken)


def test_a_correction_replaces_visibly_and_nothing_is_deleted(play, penalties):
    old = penalties.enter(play.ordered())
    new = penalties.correct(old, amount=Decimal("30000.00"))
    old.refresh_from_db()
    assert (old.stands, said(old).amount, new.stands, new.amount) == (False, 20000, True, 30000)
    assert (new.replaces, new.origin, new.reason, new.hazard) == (old, old, "金额录错", old.hazard)
    again = penalties.correct(new, amount=Decimal("30000.00"), article="第一百零一条")
    assert (again.replaces, again.origin) == (new, old)
    assert actions(again) == ["penalty.correct"]
    assert list(Penalty.objects.standing()) == [again]


def test_what_a_body_decided_is_corrected_by_the_one_that_took_its_place(play, penalties):
    old = penalties.enter(play.ordered())
    body = old.unit
    play.renames(body)
    new = penalties.correct(old, amount=Decimal("30000.00"))
    assert (new.amount, new.unit) == (30000, body)
    with pytest.raises(NotAllowed):
        penalties.correct(new, by="fire", amount=Decimal("1.00"))


def test_what_was_annulled_stands_no_longer_and_may_be_entered_anew(play, penalties):
    hazard = play.ordered()
    old = penalties.enter(hazard)
    void = penalties.correct(old, is_void=True, reason="行政复议撤销")
    assert (void.is_void, said(void)) == (True, said(old))
    assert not Penalty.objects.standing().exists()
    assert penalties.enter(hazard, document=old.document).stands


def test_only_the_body_that_decided_corrects_and_only_what_stands(play, penalties):
    old = penalties.enter(play.ordered())
    for by in ("fire", "gridofficer", "chengdong", "enterprise", "bureau"):
        with pytest.raises(NotAllowed):
            penalties.correct(old, by=by, amount=Decimal(1))
    with pytest.raises(Invalid) as refused:
        penalties.correct(old, reason=" ", amount=Decimal(1))
    assert set(refused.value.message_dict) == {"reason"}
    with pytest.raises(Invalid):
        penalties.correct(old)  # nothing is different
    token = uuid.uuid4()
    new = penalties.correct(old, by="inspector2", token=token, amount=Decimal(1))
    assert penalties.correct(old, by="inspector2", token=token, amount=Decimal(1)) == new
    with pytest.raises(Stale):
        penalties.correct(old, amount=Decimal(2))
    assert Penalty.objects.count() == 2


def test_a_penalty_follows_its_site(play, penalties):
    row = penalties.enter(play.ordered())
    site = row.site
    site.cell = play.cast.city.next_cell
    site.save(update_fields=["cell"])
    follow([site.pk])
    row.refresh_from_db()
    assert row.cell == play.cast.city.next_cell
