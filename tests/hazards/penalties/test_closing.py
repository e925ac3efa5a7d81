"""A major hazard and three penalties in 180 days, or four in a year: closure is put to a person."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hazards.choices import Grade, State
from hazards.penalties.closing.defaults import load
from hazards.penalties.closing.models import ClosureProposal, RepeatRule
from hazards.penalties.closing.services import decide, look
from hazards.tasks import look_for_repeat_offenders
from responsibility.obligations.models import Obligation
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding
from safegrid.audit.models import Entry
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale
from tests import factories as make

DAY = dt.timedelta(days=1)


@pytest.fixture
def chief(cast):
    """The head of the inspectors' bureau."""
    person = make.UserFactory(username="chief", name="局长", name_en="Chief")
    post = make.PostFactory(
        title="局长岗", title_en="Chief's post", kind=PostKind.HEAD, unit=cast.city.emergency, holder=person
    )
    make.PostScopeFactory(post=post, district=cast.city.chengdong, acting=True)
    return person


@pytest.fixture
def major(play):
    """A major hazard of the hotel that is being rectified."""
    return play.ordered(grade=Grade.MAJOR)


def penalise(penalties, hazard, *days, **more):
    """Enter penalties that were decided so many days ago."""
    return [penalties.enter(hazard, decided_on=penalties.play.day(-ago), **more) for ago in days]


def proposals():
    return list(ClosureProposal.objects.order_by("pk"))


def actions(row):
    rows = Entry.objects.filter(subject=f"hazards.closureproposal:{row.pk}").order_by("sequence")
    return list(rows.values_list("action", flat=True))


def settle(proposal, by, outcome="not", reason="已停业整改并验收", now=None):
    return decide(
        proposal=proposal,
        outcome=outcome,
        reason=reason,
        actor=by,
        acting_post=by.standing.posts[0],
        now=now or proposal.raised_at,
    )


def test_the_third_penalty_in_180_days_puts_it_to_the_head_of_the_body(play, penalties, chief, major):
    rows = penalise(penalties, major, 180, 90)
    assert proposals() == []
    rows += penalise(penalties, major, 0)
    [proposal] = proposals()
    assert (proposal.enterprise, proposal.unit, proposal.outcome) == (
        major.enterprise,
        play.cast.city.emergency,
        "",
    )
    assert set(proposal.penalties.all()) == set(rows)
    assert list(proposal.hazards.all()) == [major]
    owed = Obligation.objects.get(kind="closure_decide")
    assert (owed.debtor_post, owed.enterprise, owed.closed_at) == (chief.standing.posts[0], None, None)
    assert actions(proposal) == ["closure.raise"]
    entry = Entry.objects.get(subject=f"hazards.closureproposal:{proposal.pk}")
    assert entry.actor_id == play.cast.inspector.pk
    assert major.enterprise.status != "closed"


@pytest.mark.parametrize(
    ("ago", "met"),
    [
        ((180, 90, 0), True),
        ((181, 90, 0), False),
        ((10, 0), False),
        ((365, 270, 185, 0), True),
        ((366, 270, 185, 0), False),
        ((200, 190, 30), True),  # three within 180 days, the last of them a month ago
        ((365, 300, 181), False),  # three within 180 days, half a year ago and more
    ],
)
def test_the_days_are_counted_from_decision_to_decision(play, penalties, chief, major, ago, met):
    penalise(penalties, major, *ago)
    assert bool(proposals()) == met


def test_without_a_major_hazard_nobody_is_asked_until_there_is_one(play, penalties, chief):
    hazard = play.ordered()
    penalise(penalties, hazard, 20, 10, 0)
    assert (proposals(), look(now=play.now)) == ([], 0)
    play.ordered(grade=Grade.MAJOR)
    assert look(now=play.now) == 1
    [proposal] = proposals()
    assert Entry.objects.get(subject=f"hazards.closureproposal:{proposal.pk}").actor_id is None
    assert look(now=play.now) == 0


@pytest.mark.parametrize("state", [State.CLOSED, State.CANCELLED])
def test_a_major_hazard_that_is_gone_counts_no_longer(play, penalties, chief, major, state):
    type(major).objects.filter(pk=major.pk).update(
        state=state, closed_at=play.now if state == State.CLOSED else None
    )
    penalise(penalties, play.ordered(), 20, 10, 0)
    assert (look(now=play.now), proposals()) == (0, [])


def test_what_counts_is_the_decision_of_that_law_that_stands(play, penalties, chief, major):
    first, _second = penalise(penalties, major, 20, 10)
    penalties.enter(major, document=first.document, decided_on=first.decided_on, kind="warning", amount=None)
    assert proposals() == []  # one decision with two kinds of penalty is one
    penalise(penalties, major, 5, law="消防法", is_of_law=False)
    assert proposals() == []
    gone = penalties.enter(
        site=play.cast.city.hotel, matter=play.cast.city.general, decided_on=play.day(-400)
    )
    penalties.correct(gone, is_void=True, reason="撤销")
    assert (look(now=play.now), proposals()) == (0, [])
    other = make.PenaltyFactory(site=play.cast.city.shop, matter=play.cast.city.gas)  # another enterprise's
    assert (look(now=play.now), proposals()) == (0, [])
    penalties.enter(site=play.cast.city.warehouse, matter=play.cast.city.general)  # its other site
    assert [row.enterprise for row in proposals()] == [play.cast.city.enterprise]
    assert other not in proposals()[0].penalties.all()


def test_it_is_put_once_for_the_same_facts_and_again_for_new_ones(play, penalties, chief, major):
    rows = penalise(penalties, major, 20, 10, 0)
    [proposal] = proposals()
    settle(proposal, chief)
    assert (look(now=play.now), len(proposals())) == (0, 1)
    penalties.correct(rows[0], amount=Decimal(1), reason="录错")  # the same facts, corrected
    penalties.enter(
        major, document=rows[1].document, decided_on=rows[1].decided_on, kind="warning", amount=None
    )
    assert (look(now=play.now + DAY), len(proposals())) == (0, 1)
    penalties.enter(major)
    assert [row.decided_at is None for row in proposals()] == [False, True]


def test_new_facts_are_added_to_what_is_open(play, penalties, chief, major):
    penalise(penalties, major, 20, 10, 0)
    penalties.enter(major)
    another = play.ordered(grade=Grade.MAJOR)
    look(now=play.now)
    [proposal] = proposals()
    assert (proposal.penalties.count(), set(proposal.hazards.all())) == (4, {major, another})
    assert actions(proposal) == ["closure.raise", "closure.more_facts", "closure.more_facts"]
    assert Obligation.objects.filter(kind="closure_decide").count() == 1


def test_where_the_head_is_vacant_it_is_the_offices_and_returns_with_a_new_head(
    play, penalties, chief, major
):
    Holding.objects.filter(user=chief).delete()
    penalise(penalties, major, 20, 10, 0)
    owed = Obligation.objects.filter(kind="closure_decide", closed_at=None)
    assert owed.get().debtor_post == play.posts["bureau"]
    make.HoldingFactory(post=chief_post(play), user=make.UserFactory())
    look_for_repeat_offenders()
    assert owed.get().debtor_post == chief_post(play)
    assert Obligation.objects.filter(kind="closure_decide").count() == 2
    assert proposals()[0].whose == chief_post(play)


def chief_post(play):
    return play.cast.city.emergency.posts.get(kind=PostKind.HEAD)


def test_where_nobody_is_there_it_waits_for_somebody(play, penalties, major, cast):
    Holding.objects.filter(user=cast.bureau).delete()
    penalise(penalties, major, 20, 10, 0)
    [proposal] = proposals()
    assert (proposal.whose, Obligation.objects.filter(kind="closure_decide").count()) == (None, 0)
    head = make.PostFactory(kind=PostKind.HEAD, unit=cast.city.emergency, holder=make.UserFactory())
    look(now=play.now)
    assert Obligation.objects.get(kind="closure_decide").debtor_post == head


def test_only_whose_it_is_decides_once_and_for_a_reason(play, penalties, chief, major):
    penalise(penalties, major, 20, 10, 0)
    [proposal] = proposals()
    for other in (
        play.cast.inspector,
        play.cast.chengdong,
        play.cast.enterprise,
        play.cast.bureau,
        play.cast.auditor,
    ):
        with pytest.raises(NotAllowed):
            settle(proposal, other)
    with pytest.raises(Invalid) as refused:
        settle(proposal, chief, outcome="perhaps", reason=" ")
    assert set(refused.value.message_dict) == {"outcome", "reason"}
    settle(proposal, chief, outcome="proposed", reason="屡罚不改")
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.decided_by, proposal.reason) == ("proposed", chief, "屡罚不改")
    assert Obligation.objects.get(kind="closure_decide").outcome == "met"
    assert actions(proposal) == ["closure.raise", "closure.decide"]
    with pytest.raises(Stale):
        settle(proposal, chief)
    major.enterprise.refresh_from_db()
    assert major.enterprise.status == "operating"  # nothing is closed by it


def test_the_database_holds_one_open_and_no_decision_without_reason(cast, now):
    row = make.ClosureProposalFactory(site=cast.city.hotel)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.ClosureProposalFactory(site=cast.city.warehouse)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosureProposal.objects.filter(pk=row.pk).update(outcome="not", decided_at=now)


def test_the_numbers_are_rows_that_an_office_changes(play, penalties, chief, major):
    assert {(rule.penalties, rule.days) for rule in RepeatRule.objects.all()} == {(3, 180), (4, 365)}
    assert all(rule.source and rule.since for rule in RepeatRule.objects.all())
    assert RepeatRule in admin.site._registry
    RepeatRule.objects.filter(days=180).update(penalties=2)
    load()
    assert set(RepeatRule.objects.values_list("penalties", flat=True)) == {2, 4}
    penalise(penalties, major, 20, 0)
    assert len(proposals()) == 1


def test_the_page_has_the_facts_and_takes_the_decision(client, play, penalties, chief, major):
    rows = penalise(penalties, major, 20, 10, 0)
    [proposal] = proposals()
    url = reverse("hazards:closure", args=[proposal.pk])
    client.force_login(chief)
    work = client.get(reverse("my_work")).text
    assert ("Decide whether closure is proposed" in work, f'href="{url}"' in work) == (True, True)
    page = client.get(url).text
    assert all(row.document in page for row in rows)
    assert (major.number in page, "3 penalties within 180 days" in page) == (True, True)
    refused = client.post(url, {"outcome": "not", "reason": " "})
    assert refused.status_code == 422
    assert "This field is required." in refused.text
    assert client.post(url, {"outcome": "not", "reason": "已停业整顿"}).url == url
    shown = client.get(url).text
    assert ("已停业整顿" in shown, 'name="reason"' in shown) == (True, False)
    again = client.post(url, {"outcome": "proposed", "reason": "再想"})
    assert again.status_code == 422
    assert "decided already" in again.text
    chinese = client.get(url, headers={"Accept-Language": "zh-hans"}).text
    assert all(word in chinese for word in ("提请关闭", "不提请关闭", "安全生产法第一百一十三条第一项"))


def test_officials_of_the_place_read_it_and_the_enterprise_does_not(client, play, penalties, chief, major):
    penalise(penalties, major, 20, 10, 0)
    [proposal] = proposals()
    url = reverse("hazards:closure", args=[proposal.pk])
    site = f"/grid/enterprises/{major.enterprise_id}/?site={major.site_id}"
    for who, status in (
        ("inspector", 200),
        ("chengdong", 200),
        ("auditor", 200),
        ("enterprise", 404),
        ("principal", 404),
        ("rival", 404),
        ("fire", 404),
        ("chengxi", 404),
    ):
        client.force_login(play.person(who))
        page = client.get(url)
        assert page.status_code == status, who
        assert b'name="reason"' not in page.content
        if who not in ("rival", "chengxi"):
            assert (f'href="{url}"' in client.get(site).text) == (status == 200), who
    client.force_login(play.cast.inspector)
    assert client.post(url, {"outcome": "not", "reason": "不"}).status_code == 403


def test_the_nightly_look_costs_the_same_with_many_penalties_and_the_page_too(
    client, play, penalties, chief, major
):
    penalise(penalties, major, 20, 10, 0)
    [proposal] = proposals()
    client.force_login(chief)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            look(now=play.now)
            assert client.get(reverse("hazards:closure", args=[proposal.pk])).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for _n in range(10):
        make.PenaltyFactory(site=major.site, matter=major.matter, hazard=major)
        make.PenaltyFactory(site=play.cast.city.school, matter=play.cast.city.fire)
    look(now=play.now)
    assert cost() == few


def test_the_list_holds_what_each_reads_by_what_became_of_it(client, play, penalties, chief, major):
    url = reverse("hazards:closures")
    penalise(penalties, major, 30, 20, 10)
    (row,) = proposals()

    def shown(user, query=""):
        client.force_login(user)
        return len(client.get(f"/api/v1/closures/?tab=all&{query}").json()["results"])

    cast = play.cast
    wanted = {
        "chief": 1,
        "chengdong": 1,
        "bureau": 1,
        "auditor": 1,
        "enterprise": 0,
        "rival": 0,
        "chengxi": 0,
    }
    assert {name: shown(chief if name == "chief" else getattr(cast, name)) for name in wanted} == wanted
    client.force_login(chief)
    assert cast.city.enterprise.name_en in client.get(url).text
    assert f'href="{url}"' in client.get(reverse("hazards:penalties")).text
    settle(row, chief)
    assert cast.city.enterprise.name_en not in client.get(url).text
    page = client.get(f"{url}?tab=decided").text
    assert ("Closure not proposed" in page, "已停业整改并验收" in page) == (True, True)
    assert shown(chief, "outcome=not") == 1
    assert shown(chief, "outcome=proposed") == 0
    sheet = client.get(f"{url}?tab=all&format=csv").getvalue().decode()
    assert "已停业整改并验收" in sheet


def test_the_list_costs_the_same_with_many(client, play, penalties, chief, major):
    penalise(penalties, major, 30, 20, 10)
    client.force_login(chief)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{reverse('hazards:closures')}?tab=all").status_code == 200
        return len(queries)

    cost()
    few = cost()
    for _n in range(8):
        enterprise = make.EnterpriseFactory()
        site = make.SiteFactory(enterprise=enterprise, at=play.cast.city.cell)
        make.ClosureProposalFactory(enterprise=enterprise, site=site, unit=play.cast.city.emergency)
    assert len(client.get("/api/v1/closures/").json()["results"]) == 9
    assert cost() == few
