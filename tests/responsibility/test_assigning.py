"""Giving a post a duty of supervision and ending it: inside one's own scope, one lead, the past stays."""

import datetime as dt
import threading
import time
from importlib import import_module

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import ONCE, assign, end
from responsibility.transfers.services import propose
from safegrid.accounts.models import User
from safegrid.audit.models import Entry
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale
from tests import factories as make
from tests.city import build_cast, build_city

TODAY = dt.date(2026, 11, 23)
TOMORROW = TODAY + dt.timedelta(days=1)


def give(cast, by, **over):
    return done(cast, by, **over).row


def done(cast, by, **over):
    """What became of a duty that somebody gave."""
    given = {
        "post": cast.posts["inspector"],
        "line": Line.TERRITORIAL,
        "tier": Tier.LEAD,
        "matter": cast.city.fire,
        "district": cast.city.township,
        "since": TODAY,
        "basis": "安全生产法第九条",
    }
    return assign(
        **(given | over),
        actor=getattr(cast, by),
        acting_post=cast.posts[by],
        now=dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC),
    )


def test_whoever_acts_in_a_place_gives_duties_there_and_the_ledger_knows(cast, now):
    row = give(cast, "chengdong")
    assert (row.post, row.span.lower, row.span.upper) == (cast.posts["inspector"], TODAY, None)
    assert row.assigned_by == cast.posts["chengdong"]
    assert [e.action for e in Entry.objects.filter(subject=f"responsibility.assignment:{row.pk}")] == [
        "assignment.give"
    ]


def test_given_twice_it_is_there_once(cast, now):
    once, twice = done(cast, "chengdong"), done(cast, "chengdong")
    assert (once.row, once.outcome, twice.outcome) == (twice.row, "new", "there")
    assert Assignment.objects.count() == 1


def there(cast, since, until, **over):
    """What the inspector has already, given long ago; days as their number from today on."""
    plain = {"post": cast.posts["inspector"], "line": Line.TERRITORIAL, "tier": Tier.LEAD}
    plain |= {"matter": cast.city.fire, "district": cast.city.township, "basis": "原有分工"}
    return Assignment.objects.create(span=(day(since), day(until)), **(plain | over))


def day(number):
    return None if number is None else TODAY + dt.timedelta(days=number)


def spans():
    """The spans that are there, as numbers of days from today on."""
    rows = Assignment.objects.order_by("span", "pk").values_list("span", flat=True)
    return [tuple(None if end is None else (end - TODAY).days for end in (s.lower, s.upper)) for s in rows]


@pytest.mark.parametrize(
    ("has", "wanted", "outcome", "then"),
    [
        ((-30, None), (0, None), "there", (-30, None)),
        ((-30, 60), (0, 60), "there", (-30, 60)),
        ((-30, 60), (10, 20), "there", (-30, 60)),
        ((-30, 1), (0, None), "lengthened", (-30, None)),  # it ends tomorrow
        ((-30, 1), (0, 9), "lengthened", (-30, 9)),
        ((27, None), (0, None), "lengthened", (0, None)),  # it was to begin at the end of the year
        ((27, 40), (0, 60), "lengthened", (0, 60)),
        ((27, 40), (0, 30), "lengthened", (0, 40)),
    ],
)
def test_what_is_there_already_is_lengthened_by_the_days_that_it_lacks(cast, now, has, wanted, outcome, then):
    row = there(cast, *has)
    for expected in (outcome, "there"):
        given = done(cast, "chengdong", since=day(wanted[0]), until=day(wanted[1]), basis="新的依据")
        assert (given.row, given.outcome) == (row, expected)
    assert spans() == [then]
    row.refresh_from_db()
    assert row.basis == "原有分工"
    entries = Entry.objects.filter(subject=f"responsibility.assignment:{row.pk}")
    assert [e.action for e in entries] == ["assignment.lengthen"] * (outcome == "lengthened")
    assert all("新的依据" in e.body for e in entries)


def test_what_ends_on_the_very_day_is_followed_by_a_new_one_with_its_own_basis(cast, now):
    there(cast, -30, 0)
    assert done(cast, "chengdong").outcome == "new"
    assert spans() == [(-30, 0), (0, None)]


def test_another_leads_on_some_of_the_days_that_lack_and_nothing_is_lengthened(cast, now):
    there(cast, -30, 1)
    there(cast, 5, None, post=cast.posts["gridofficer"])
    with pytest.raises(Invalid) as refusal:
        done(cast, "chengdong")
    assert cast.posts["gridofficer"].label in refusal.value.message_dict["post"][0]
    assert spans() == [(-30, 1), (5, None)]


NUMBERS = st.integers(0, 12)
SPANS = st.tuples(NUMBERS, st.one_of(st.none(), st.integers(1, 6))).map(
    lambda span: (span[0], None if span[1] is None else span[0] + span[1])
)


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(has=st.lists(SPANS, max_size=4), wanted=SPANS, tier=st.sampled_from([Tier.LEAD, Tier.DIRECT]))
def test_afterwards_the_post_answers_on_every_day_that_was_wanted_and_on_no_other_new_one(
    cast, now, has, wanted, tier
):
    def held(rows):
        return {n for n in range(30) for first, end in rows if first <= n and (end is None or n < end)}

    with transaction.atomic():
        for n, span in enumerate(has):
            if not held([span]) & held(has[:n]):
                there(cast, *span, tier=tier)
        before = spans()
        done(cast, "chengdong", since=day(wanted[0]), until=day(wanted[1]), tier=tier)
        after = spans()
        # Between two that are there the days come to be held, so that no day is held twice.
        assert held(after) == held(before) | held([wanted])
        assert len(after) == max(len(before), 1) or not any(held([s]) & held([wanted]) for s in before)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("by", "over"),
    [
        ("chengxi", {}),  # another district
        ("gridofficer", {}),  # a cell of the township
        ("auditor", {}),  # reads all, acts nowhere
        ("gas", {}),  # another matter
        ("enterprise", {}),
        ("chengdong", {"district": "city"}),
        ("fire", {"matter": "general"}),
    ],
)
def test_nobody_assigns_outside_their_own_scope(cast, now, by, over):
    named = {key: getattr(cast.city, name) for key, name in over.items()}
    with pytest.raises(NotAllowed):
        give(cast, by, **named)
    assert not Assignment.objects.exists()


def test_a_scope_of_one_matter_reaches_what_lies_below_it(cast, now):
    assert give(cast, "fire", matter=cast.city.crowded, line=Line.INDUSTRY)
    assert give(cast, "bureau", district=None, site=cast.city.hotel)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"until": TODAY}, "until"),
        ({"since": TODAY - dt.timedelta(days=1)}, "since"),
        ({"since": dt.date(2020, 1, 1), "until": dt.date(2021, 1, 1)}, "since"),
        ({"until": TODAY - dt.timedelta(days=1)}, "until"),
        ({"basis": " "}, "basis"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(cast, now, over, field):
    with pytest.raises(Invalid) as refusal:
        give(cast, "chengdong", **over)
    assert set(refusal.value.message_dict) == {field}
    assert not Assignment.objects.exists()


def test_an_enterprises_post_supervises_nobody(cast, now):
    with pytest.raises(Invalid) as refusal:
        give(cast, "chengdong", post=cast.posts["principal"])
    assert set(refusal.value.message_dict) == {"post"}


def test_a_second_lead_is_refused_and_the_first_is_named(cast, now):
    first = give(cast, "chengdong")
    with pytest.raises(Invalid) as refusal:
        give(cast, "chengdong", post=cast.posts["gridofficer"])
    assert first.post.label in refusal.value.message_dict["post"][0]
    assert Assignment.objects.get() == first
    assert give(cast, "chengdong", post=cast.posts["gridofficer"], tier=Tier.SUPERVISOR)


def test_what_ends_was_in_force_until_then(cast, now):
    row = there(cast, -30, None)
    who = {"actor": cast.chengdong, "acting_post": cast.posts["chengdong"], "now": now}
    for days in (30, 29, 1):  # who answered on these stays as it was
        with pytest.raises(Invalid) as refusal:
            end(assignment=row, on=TODAY - dt.timedelta(days=days), **who)
        assert set(refusal.value.message_dict) == {"on"}
    with pytest.raises(NotAllowed):
        end(assignment=row, on=TODAY, actor=cast.chengxi, acting_post=cast.posts["chengxi"], now=now)
    end(assignment=row, on=TOMORROW, **who)
    assert list(Assignment.objects.as_of(TODAY)) == [row]
    assert list(Assignment.objects.as_of(TOMORROW)) == []
    with pytest.raises(Stale):
        end(assignment=row, on=TOMORROW, **who)
    assert give(cast, "chengdong", post=cast.posts["gridofficer"], since=TOMORROW)


def at_once(*acts):
    """Do each act in a connection of its own, all of them at one moment."""
    all_there = threading.Barrier(len(acts))

    def one(act):
        all_there.wait()
        try:
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_assign_the_same_at_once_one_wins_and_the_other_is_told(now):
    cast = build_cast(build_city())
    outcomes = []

    def act(name):
        try:
            give(cast, "chengdong", post=cast.posts[name])
            outcomes.append("given")
        except Invalid as refusal:
            outcomes.append(*refusal.message_dict)

    at_once(lambda: act("inspector"), lambda: act("gridofficer"))
    assert sorted(outcomes) == ["given", "post"]
    assert Assignment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tier", [Tier.DIRECT, Tier.SUPERVISOR, Tier.LEAD])
def test_of_two_who_give_one_post_the_same_at_once_both_are_told_of_one_row(now, monkeypatch, tier):
    """Neither sees a row of the other when it looks: the database alone keeps them apart."""
    cast = build_cast(build_city())
    found, both_looked = [], threading.Barrier(2)
    create = Assignment.objects.create

    def wait_then_create(**given):
        both_looked.wait(timeout=20)
        time.sleep(0 if threading.current_thread().name == "first" else 0.2)  # not into each other's check
        return create(**given)

    monkeypatch.setattr(Assignment.objects, "create", wait_then_create)

    def act(name):
        threading.current_thread().name = name
        found.append(done(cast, "chengdong", tier=tier))

    at_once(lambda: act("first"), lambda: act("second"))
    (row,) = Assignment.objects.all()
    assert sorted((each.row.pk, each.outcome) for each in found) == [(row.pk, "new"), (row.pk, "there")]
    assert Entry.objects.filter(action="assignment.give").count() == 1
    end(
        assignment=row,
        on=TOMORROW,
        actor=cast.chengdong,
        acting_post=cast.posts["chengdong"],
        now=now,
    )
    assert not Assignment.objects.as_of(TOMORROW).exists()


def test_duties_that_were_given_twice_before_become_one_each(cast, policies, now):
    """What the migration settles before the database refuses a second row."""
    migration = import_module("responsibility.migrations.0014_one_duty_once")
    (rule,) = [each for each in Assignment._meta.constraints if each.name == ONCE]
    with transaction.atomic():
        with connection.schema_editor() as editor:
            editor.remove_constraint(Assignment, rule)
        direct = {"tier": Tier.DIRECT}
        first = there(cast, -30, 10, **direct, basis="第一份")
        others = [there(cast, *days, **direct) for days in [(-20, 5), (9, 20), (15, None)]]
        apart = [
            there(cast, -60, -30, **direct),  # ends on the day on which the first begins
            there(cast, -30, 10, tier=Tier.SUPERVISOR),
            there(cast, -30, 10, **direct, post=cast.posts["gridofficer"]),
            there(cast, -30, 10, **direct, matter=cast.city.gas),
            there(cast, -30, 10, **direct, line=Line.INDUSTRY),
            there(cast, -30, 10, **direct, district=cast.city.cell),
        ]
        spans = {row.pk: (row.span[0], row.span[1]) for row in apart}
        transfer = propose(
            kind="assignment",
            subject=Assignment.objects.get(pk=others[0].pk),
            unit=cast.city.brigade,
            reason="属于消防职责",
            actor=cast.inspector,
            acting_post=cast.posts["inspector"],
            now=now,
        )
        with connection.cursor() as cursor:
            cursor.execute(migration.SETTLE)
        with connection.schema_editor() as editor:
            editor.add_constraint(Assignment, rule)
    assert set(Assignment.objects.values_list("pk", flat=True)) == {first.pk, *spans}
    first.refresh_from_db()
    assert (first.span.lower, first.span.upper, first.basis) == (day(-30), None, "第一份")
    transfer.refresh_from_db()
    assert transfer.subject == first
    for row in Assignment.objects.filter(pk__in=spans):
        assert (row.span.lower, row.span.upper) == spans[row.pk]
    assert not Assignment.objects.filter(pk__in=[row.pk for row in others]).exists()


URL = "/responsibility/assign/"


def form(cast, **over):
    return {
        "line": Line.TERRITORIAL.value,
        "tier": Tier.LEAD.value,
        "matter": "fire",
        "post": cast.posts["inspector"].pk,
        "since": "2026-11-23",
        "basis": "安全生产法第九条",
    } | over


def test_the_form_gives_a_duty_and_leads_back_to_the_place(cast, client, now):
    client.force_login(cast.chengdong)
    code = cast.city.township.code
    page = client.get(f"{URL}?place={code}&line=territorial&tier=lead&matter=fire")
    assert '<option value="fire" selected>' in page.text
    sent = client.post(f"{URL}?place={code}", form(cast))
    assert sent.url == f"/responsibility/?place={code}"
    shown = client.get(sent.url).text
    assert cast.inspector.label in shown
    assert escape(cast.posts["inspector"].label) in shown


@pytest.mark.parametrize(
    ("has", "says"),
    [
        ((-30, None), "This post has the duty on all of these days already"),
        ((-30, 1), "This post had the duty on some of these days already"),
        ((-30, 0), "Assigned. The coverage follows"),
    ],
)
def test_the_page_says_what_was_done(cast, client, now, has, says):
    there(cast, *has)
    client.force_login(cast.chengdong)
    sent = client.post(f"{URL}?place={cast.city.township.code}", form(cast), follow=True)
    assert [str(each).startswith(says) for each in sent.context["messages"]] == [True]
    assert Assignment.objects.as_of(TODAY + dt.timedelta(days=400)).get().post == cast.posts["inspector"]


def test_a_refused_form_keeps_what_was_typed_and_says_why_at_the_field(cast, client, now):
    client.force_login(cast.chengdong)
    give(cast, "chengdong")
    sent = client.post(
        f"{URL}?place={cast.city.township.code}",
        form(cast, post=cast.posts["gridofficer"].pk, document="安委办〔2026〕3号"),
    )
    assert sent.status_code == 422
    assert "leads here already" in sent.text
    assert "安委办〔2026〕3号" in sent.text
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("name", ["auditor", "enterprise", "nobody"])
def test_whoever_acts_nowhere_gets_no_form(cast, client, now, name):
    client.force_login(getattr(cast, name))
    assert client.get(URL).status_code == 403
    assert client.post(URL, form(cast)).status_code == 403


def test_the_form_sent_to_a_place_out_of_scope_is_refused(cast, client, now):
    client.force_login(cast.chengdong)
    assert client.post(f"{URL}?place={cast.city.chengxi.code}", form(cast)).status_code == 403
    assert client.get(f"{URL}?place=999").status_code == 404
    assert not Assignment.objects.exists()


def test_who_answered_on_a_past_day_is_still_shown(cast, client, now):
    row = there(cast, -30, 0)
    client.force_login(cast.fire)
    code = cast.city.township.code
    url = reverse("responsibility:assignments")
    assert row.basis not in client.get(f"{url}?place={code}").text
    then = client.get(f"{url}?place={code}&on=2026-11-22").text
    assert row.basis in then
    assert "2026-11-22" in then
    assert "This is no day" in client.get(f"{url}?place={code}&on=someday").text


def test_only_officials_see_who_is_assigned(cast, client, now):
    client.force_login(cast.enterprise)
    assert client.get(reverse("responsibility:assignments")).status_code == 403


def test_ending_asks_for_the_day_first(cast, client, now):
    row = there(cast, -30, None)
    client.force_login(cast.chengdong)
    url = reverse("responsibility:end", args=[row.pk])
    page = client.get(url).text
    assert escape(row.post.label) in page
    for typed in ("2020-01-01", "2026-11-22"):
        refused = client.post(url, {"on": typed})
        assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"on"})
        assert f'value="{typed}"' in refused.text
        assert spans() == [(-30, None)]
    assert client.post(url, {"on": "2026-11-23"}).status_code == 302
    row.refresh_from_db()
    assert row.span.upper == TODAY


def test_the_page_of_a_place_costs_the_same_with_many_assignments(
    cast, client, now, django_assert_num_queries
):
    client.force_login(User.objects.get(pk=cast.bureau.pk))
    url = f"{reverse('responsibility:assignments')}?place={cast.city.township.code}"
    give(cast, "chengdong")

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    queries()
    one = queries()
    for _ in range(20):
        post = make.PostFactory(holder=make.UserFactory(), unit=cast.city.emergency)
        give(cast, "chengdong", post=post, tier=Tier.DIRECT)
    assert queries() == one
