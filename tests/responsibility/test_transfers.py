"""A body gives something to another one: open until accepted, and no refusal is a dead end."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import call_off, let_end
from responsibility.coverage.audit import audit
from responsibility.coverage.models import Finding
from responsibility.coverage.rules import rules
from responsibility.models import Obligation
from responsibility.transfers.choices import TransferState
from responsibility.transfers.models import Leg, Transfer
from responsibility.transfers.services import (
    accept,
    close_what_is_over,
    decide,
    pass_on,
    propose,
    withdraw,
)
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import User
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.grid.models import Site
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests import factories as make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


@pytest.fixture
def cast(cast, policies, now):
    """The market bureau of the city stands beside the cast: it sees nothing of the hotel."""
    make.PostFactory(
        title="市场监管局局长",
        title_en="Head of the market bureau",
        kind=PostKind.HEAD,
        unit=make.UnitFactory(name="市场监管局", name_en="Market Bureau", code="market"),
        holder=make.UserFactory(username="market", name="市场", name_en="Market"),
    )
    return cast


def person(username):
    return User.objects.get(username=username)


def post_of(username):
    return person(username).standing.posts[0]


def by(username, now=NOW):
    return {"actor": person(username), "acting_post": post_of(username), "now": now}


def unit_of(username):
    return post_of(username).unit


def send(cast, to="fire", *, who="inspector", **over):
    """The emergency bureau gives the hotel's fire safety to the brigade."""
    said = {"matter": cast.city.crowded, "line": Line.INDUSTRY, "tier": Tier.LEAD}
    return propose(
        **({"kind": "site", "subject": cast.city.hotel, "reason": "属于消防职责"} | said | over),
        unit=unit_of(to),
        **by(who),
    )


def owed(transfer):
    """Who owes an answer to it, and what became of what was owed."""
    rows = Obligation.objects.filter(kind="transfer", subject_id=transfer.pk).order_by("pk")
    return [(row.debtor_post.holdings.get().user.username, row.outcome) for row in rows]


def test_the_receiver_owes_an_answer_within_the_policy_and_sees_what_it_is_about(cast):
    assert not Site.objects.visible_to(person("market")).exists()
    row = send(cast, "market")
    due = Obligation.objects.get(kind="transfer")
    assert (due.debtor_post, due.creditor_post) == (post_of("market"), cast.posts["inspector"])
    assert due.due_on == row.due_on == dt.date(2026, 11, 30)  # five working days
    assert set(Site.objects.visible_to(person("market"))) == {cast.city.hotel}
    assert set(Transfer.objects.visible_to(person("market"))) == {row}


def test_accepted_the_duty_changes_hands_on_the_same_day(cast):
    old = Assignment.objects.create(
        post=cast.posts["inspector"],
        line=Line.INDUSTRY,
        tier=Tier.LEAD,
        matter=cast.city.crowded,
        site=cast.city.hotel,
        span=(dt.date(2020, 1, 1), None),
        basis="原有分工",
    )
    row = accept(transfer=send(cast), **by("fire"))
    old.refresh_from_db()
    new = Assignment.objects.exclude(pk=old.pk).get()
    assert (old.span.upper, new.span.lower, new.span.upper) == (TODAY, TODAY, None)
    assert (new.post, new.site, new.matter) == (cast.posts["fire"], cast.city.hotel, cast.city.crowded)
    assert (new.line, new.tier, new.assigned_by) == (Line.INDUSTRY, Tier.LEAD, cast.posts["inspector"])
    assert (row.state, owed(row)) == (TransferState.ACCEPTED, [("fire", "met")])


def test_what_was_given_only_today_changes_hands_tomorrow(cast):
    Assignment.objects.create(
        post=cast.posts["inspector"],
        line=Line.INDUSTRY,
        tier=Tier.LEAD,
        matter=cast.city.crowded,
        site=cast.city.hotel,
        span=(TODAY, None),
    )
    accept(transfer=send(cast), **by("fire"))
    spans = Assignment.objects.order_by("span").values_list("span", flat=True)
    assert [(s.lower, s.upper) for s in spans] == [(TODAY, TODAY + DAY), (TODAY + DAY, None)]


def test_what_the_receiver_has_for_some_of_the_days_already_is_lengthened(cast):
    row = send(cast, tier=Tier.DIRECT)
    Assignment.objects.create(
        post=cast.posts["fire"],
        line=Line.INDUSTRY,
        tier=Tier.DIRECT,
        matter=cast.city.crowded,
        site=cast.city.hotel,
        span=(TODAY, TODAY + DAY),
    )
    accept(transfer=row, **by("fire"))
    held = Assignment.objects.get()
    assert (held.post, held.span.lower, held.span.upper) == (cast.posts["fire"], TODAY, None)


def test_where_nobody_answered_for_the_site_itself_the_receiver_does_from_now_on(cast):
    accept(transfer=send(cast, "market"), **by("market"))
    assert Assignment.objects.get().post == post_of("market")


def test_a_duty_over_a_place_is_transferred_as_it_is(cast):
    old = Assignment.objects.create(
        post=cast.posts["inspector"],
        line=Line.COMPREHENSIVE,
        tier=Tier.SUPERVISOR,
        matter=cast.city.fire,
        district=cast.city.township,
        span=(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
        basis="三定方案",
    )
    row = propose(
        kind="assignment", subject=old, unit=unit_of("market"), reason="机构调整", **by("inspector")
    )
    accept(transfer=row, **by("market"))
    new = Assignment.objects.exclude(pk=old.pk).get()
    assert (new.post, new.district, new.line, new.tier) == (
        post_of("market"),
        cast.city.township,
        Line.COMPREHENSIVE,
        Tier.SUPERVISOR,
    )
    assert (new.span.lower, new.span.upper, new.basis) == (TODAY, dt.date(2030, 1, 1), "三定方案")


def test_a_refusal_names_another_receiver_and_stays_open_until_that_one_accepts(cast):
    row = send(cast)
    pass_on(transfer=row, unit=unit_of("market"), reason="不属消防", **by("fire"))
    row.refresh_from_db()
    assert (row.state, row.receiver_unit) == (TransferState.PROPOSED, unit_of("market"))
    assert owed(row) == [("fire", "met"), ("market", "")]
    accept(transfer=row, **by("market"))
    legs = row.legs.values_list("from_unit__name", "unit__name", "answer", "reason")
    assert list(legs) == [
        (cast.city.emergency.name, cast.city.brigade.name, "passed_on", "不属消防"),
        (cast.city.brigade.name, "市场监管局", "accepted", ""),
    ]
    assert [e.action for e in Entry.objects.filter(subject=f"responsibility.transfer:{row.pk}")] == [
        "transfer.propose",
        "transfer.pass_on",
        "transfer.accept",
    ]


def test_whoever_passes_it_on_no_longer_sees_the_site_but_still_the_transfer(cast):
    row = send(cast, "market")
    pass_on(transfer=row, unit=unit_of("fire"), reason="属消防", **by("market"))
    assert not Site.objects.visible_to(person("market")).exists()
    assert set(Transfer.objects.visible_to(person("market"))) == {row}


def test_asked_again_another_time_the_receiver_sees_the_site_again(cast):
    withdraw(transfer=send(cast, "market"), reason="弄错了", **by("inspector"))
    assert not Site.objects.visible_to(person("market")).exists()
    send(cast, "market")
    assert set(Site.objects.visible_to(person("market"))) == {cast.city.hotel}


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("fire", "another body than your own"),
        ("inspector", "They sent it"),
        ("market", "name Xining Safety Office, which decides"),
    ],
)
def test_who_cannot_be_named_is_said_and_who_decides_then(cast, to, words):
    row = send(cast, "market")
    pass_on(transfer=row, unit=unit_of("fire"), reason="属消防", **by("market"))
    with pytest.raises(Invalid) as refusal:
        pass_on(transfer=row, unit=unit_of(to), reason="不是", **by("fire"))
    assert words in str(refusal.value.message_dict["unit"])
    assert Leg.objects.count() == 2


def test_the_office_decides_and_whom_it_names_can_only_accept(cast):
    row = send(cast)
    pass_on(transfer=row, unit=unit_of("bureau"), reason="职责不清", **by("fire"))
    with pytest.raises(NotAllowed):
        pass_on(transfer=row, unit=unit_of("market"), reason="也不是", **by("bureau"))
    decide(transfer=row, unit=unit_of("fire"), reason="按三定方案", **by("bureau"))
    with pytest.raises(NotAllowed):
        pass_on(transfer=row, unit=unit_of("market"), reason="仍不同意", **by("fire"))
    assert set(Site.objects.visible_to(person("fire"))) >= {cast.city.hotel}
    accept(transfer=row, **by("fire"))
    assert owed(row) == [("fire", "met"), ("bureau", "met"), ("fire", "met")]


def test_withdrawn_nothing_changes_hands(cast):
    row = withdraw(transfer=send(cast), reason="重复", **by("inspector"))
    assert (row.state, owed(row)) == (TransferState.WITHDRAWN, [("fire", "cancelled")])
    assert not Assignment.objects.exists()


def test_sent_twice_there_is_one_and_a_second_receiver_at_once_is_refused(cast):
    assert send(cast) == send(cast)
    with pytest.raises(Invalid) as refusal:
        send(cast, "market")
    assert "Xining Fire and Rescue" in str(refusal.value.message_dict["unit"])
    assert Transfer.objects.count() == 1


def test_answered_twice_nothing_happens_the_second_time(cast):
    row = send(cast)
    accept(transfer=row, **by("fire"))
    for again in (
        lambda: accept(transfer=row, **by("fire")),
        lambda: withdraw(transfer=row, reason="晚了", **by("inspector")),
        lambda: pass_on(transfer=row, unit=unit_of("market"), reason="晚了", **by("fire")),
    ):
        with pytest.raises(Stale):
            again()
    assert (Assignment.objects.count(), Leg.objects.count()) == (1, 1)


@pytest.mark.parametrize("who", ["gridofficer", "auditor", "enterprise", "chengxi", "gas"])
def test_nobody_gives_away_what_is_not_in_their_scope_or_does_not_speak_for_a_body(cast, who):
    with pytest.raises(NotAllowed):
        send(cast, "market", who=who)


@pytest.mark.parametrize("who", ["inspector", "chengdong", "bureau", "gridofficer", "chengxi", "rival"])
def test_only_the_receiving_body_accepts(cast, who):
    row = send(cast)
    with pytest.raises(NotAllowed):
        accept(transfer=row, **by(who))
    assert not Assignment.objects.exists()


def test_another_body_s_duty_over_the_site_is_not_given_away(cast):
    Assignment.objects.create(
        post=cast.posts["fire"],
        line=Line.INDUSTRY,
        tier=Tier.LEAD,
        matter=cast.city.crowded,
        site=cast.city.hotel,
        span=(dt.date(2020, 1, 1), None),
    )
    with pytest.raises(Invalid):
        send(cast, "market")


@pytest.mark.parametrize(("reason", "to"), [("  ", "fire"), ("有理由", "inspector2")])
def test_a_reason_is_needed_and_nobody_sends_to_themselves(cast, reason, to):
    with pytest.raises(Invalid):
        send(cast, to, reason=reason)


def test_where_the_sender_may_no_longer_give_it_the_acceptance_says_so(cast):
    row = send(cast)
    cast.posts["inspector"].scopes.all().delete()
    with pytest.raises(Refused):
        accept(transfer=row, **by("fire"))
    row.refresh_from_db()
    assert row.state == TransferState.PROPOSED


def test_what_nobody_answers_in_time_the_office_decides_within_its_own_scope(cast, client):
    row = send(cast)
    cast.posts["inspector"].scopes.all().delete()
    for when in (NOW, NOW + 7 * DAY):  # on its last day it is still theirs
        with pytest.raises(NotAllowed):
            decide(transfer=row, unit=unit_of("market"), reason="逾期未答", **by("bureau", when))
    late = NOW + 10 * DAY
    with time_machine.travel(late, tick=False):
        for who in ("fire", "inspector", "auditor"):
            with pytest.raises(NotAllowed):
                decide(transfer=row, unit=unit_of("market"), reason="逾期未答", **by(who, late))
        client.force_login(person("bureau"))
        page = reverse("responsibility:transfer", args=[row.pk])
        assert reverse("responsibility:transfer_answer", args=[row.pk, "decide"]) in client.get(page).text
        decide(transfer=row, unit=unit_of("market"), reason="逾期未答", **by("bureau", late))
        accept(transfer=row, **by("market", late))
    assert owed(row) == [("fire", "met"), ("market", "met")]
    given = Assignment.objects.get()
    assert (given.post, given.site, given.assigned_by) == (
        post_of("market"),
        cast.city.hotel,
        cast.posts["bureau"],
    )


def test_what_was_accepted_is_not_called_off_but_transferred_on(cast):
    accept(transfer=send(cast), **by("fire"))
    given = Assignment.objects.get()
    with pytest.raises(Refused, match="transfer it on"):
        call_off(assignment=given, **by("fire"))
    assert Assignment.objects.get() == given


def test_where_the_duty_itself_is_no_more_its_transfer_closes_by_itself(cast):
    row = Assignment.objects.create(
        post=cast.posts["inspector"],
        line=Line.INDUSTRY,
        tier=Tier.LEAD,
        matter=cast.city.crowded,
        site=cast.city.hotel,
        span=(TODAY, None),
    )
    row.refresh_from_db()
    sent = send(cast, kind="assignment", subject=row)
    let_end([row], on=TODAY, why="moved")
    assert [close_what_is_over(now=NOW) for _twice in range(2)] == [1, 0]
    assert owed(sent) == [("fire", "cancelled")]


def test_of_what_is_over_nothing_is_left_to_accept_and_it_closes_by_itself(cast, client):
    audit(now=NOW)
    finding = Finding.objects.filter(rule="nobody", whose=cast.posts["bureau"]).first()
    row = propose(
        kind="finding", subject=finding, unit=unit_of("market"), reason="属市场监管", **by("bureau")
    )
    kept = send(cast)
    assert close_what_is_over(now=NOW) == 0
    Finding.objects.filter(pk=finding.pk).update(state="mended", mended_at=NOW)
    with pytest.raises(Refused):
        accept(transfer=row, **by("market"))
    assert [close_what_is_over(now=NOW) for _twice in range(2)] == [1, 0]
    row.refresh_from_db()
    kept.refresh_from_db()
    assert (row.state, kept.state) == (TransferState.LAPSED, TransferState.PROPOSED)
    assert (owed(row), owed(kept)) == ([("market", "cancelled")], [("fire", "")])
    assert not Finding.objects.visible_to(person("market")).exists()
    with pytest.raises(Stale):
        accept(transfer=row, **by("market"))
    client.force_login(person("market"))
    assert "Nothing left to hand over" in client.get(reverse("responsibility:transfer", args=[row.pk])).text
    assert verify() == []


def test_a_finding_that_is_accepted_is_owed_by_the_receiver(cast):
    audit(now=NOW)
    finding = Finding.objects.filter(rule="nobody", whose=cast.posts["bureau"]).first()
    row = propose(
        kind="finding", subject=finding, unit=unit_of("market"), reason="属市场监管", **by("bureau")
    )
    assert Finding.objects.visible_to(person("market")).get() == finding
    accept(transfer=row, **by("market"))
    open_now = Obligation.objects.open().filter(kind="coverage", subject_id=finding.pk)
    assert [(each.debtor_post, each.original_due_on) for each in open_now] == [
        (post_of("market"), dt.date(2026, 12, 7))
    ]
    audit(now=NOW)
    assert open_now.count() == 1


def test_not_accepted_in_time_it_is_a_gap_until_somebody_answers(cast):
    row = send(cast)
    audit(now=NOW)
    assert not Finding.objects.filter(rule="transfer_late").exists()
    late = NOW + 10 * DAY
    audit(now=late)
    finding = Finding.objects.get(rule="transfer_late")
    about = rules["transfer_late"].rows
    assert about(finding.key, cast.bureau) == [(row.label, f"/responsibility/transfers/{row.pk}/")]
    assert about(finding.key, cast.rival) == []
    assert (finding.post, finding.matter, finding.cell) == (
        cast.posts["fire"],
        cast.city.crowded,
        cast.city.cell,
    )
    accept(transfer=row, **by("fire", late))
    audit(now=late)
    finding.refresh_from_db()
    assert finding.state == "mended"


UNITS = ("fire", "market", "gas", "chengdong", "bureau")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["accept", "pass_on", "decide", "withdraw"]),
            st.sampled_from(UNITS),
            st.sampled_from(UNITS),
        ),
        max_size=12,
    )
)
def test_whatever_is_tried_exactly_one_body_owes_an_answer_while_it_is_open(cast, steps):
    from django.db import transaction

    point = transaction.savepoint()
    row = send(cast)
    verbs = {"accept": accept, "pass_on": pass_on, "decide": decide, "withdraw": withdraw}
    for action, who, to in steps:
        given = {} if action == "accept" else {"reason": "因为"}
        if action in ("pass_on", "decide"):
            given["unit"] = unit_of(to)
        try:
            verbs[action](transfer=row, **given, **by(who))
        except (Refused, Invalid, NotAllowed):
            continue
    row.refresh_from_db()
    waiting = Obligation.objects.open().filter(kind="transfer", subject_id=row.pk)
    if row.state == TransferState.PROPOSED:
        assert [each.debtor_post.unit for each in waiting] == [row.receiver_unit]
        assert row.legs.filter(answer="").count() == 1
        assert not Assignment.objects.exists()
    else:
        assert not waiting.exists()
        assert Assignment.objects.count() == (row.state == TransferState.ACCEPTED)
    transaction.savepoint_rollback(point)


def test_pages_lead_from_the_site_to_the_receiver_and_back(client, cast):
    client.force_login(cast.inspector)
    page = client.get(reverse("responsibility:site", args=[cast.city.hotel.pk])).content.decode()
    new = reverse("responsibility:transfer_new", args=["site", cast.city.hotel.pk])
    assert new in page
    given = {"matter": cast.city.crowded.pk, "line": "industry", "tier": "lead", "unit": cast.city.brigade.pk}
    refused = client.post(new, given | {"reason": ""})
    assert (refused.status_code, Transfer.objects.count()) == (422, 0)
    sent = client.post(new, given | {"reason": "属消防"})
    row = Transfer.objects.get()
    assert sent.url == reverse("responsibility:transfer", args=[row.pk])
    client.force_login(cast.fire)
    assert row.name in client.get(f"{reverse('responsibility:transfers')}?tab=accept").content.decode()
    answer = reverse("responsibility:transfer_answer", args=[row.pk, "accept"])
    assert answer in client.get(sent.url).content.decode()
    assert client.post(answer, {"post": cast.posts["fire"].pk}).url == sent.url
    assert client.post(answer, {"post": cast.posts["fire"].pk}).url == sent.url  # sent twice
    assert Assignment.objects.get().post == cast.posts["fire"]


def test_a_stranger_finds_no_page_of_it(client, cast):
    row = send(cast)
    for who in ("chengxi", "rival", "enterprise", "nobody"):
        client.force_login(person(who))
        assert client.get(reverse("responsibility:transfer", args=[row.pk])).status_code == 404, who
    client.force_login(cast.gridofficer)
    assert client.get(reverse("responsibility:transfer", args=[row.pk])).status_code == 200
    assert (
        client.post(reverse("responsibility:transfer_answer", args=[row.pk, "accept"]), {}).status_code == 403
    )


def test_a_page_costs_the_same_however_many_were_asked(client, cast):
    row = send(cast, "market")
    client.force_login(cast.bureau)
    url = reverse("responsibility:transfer", args=[row.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    pass_on(transfer=row, unit=unit_of("fire"), reason="属消防", **by("market"))
    pass_on(transfer=row, unit=unit_of("chengdong"), reason="属政府", **by("fire"))
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(one)
