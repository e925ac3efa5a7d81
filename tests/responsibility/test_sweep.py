"""Each rung of the ladder fires once for each recipient, whatever happens around it."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from responsibility.alerts import sweep as sweeper
from responsibility.alerts.sweep import AT_ONCE, POISON_PAUSE, sweep
from responsibility.models import Alert, Delivery, Obligation, Tick
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import close_obligations, move_deadline
from safegrid.accounts.models import Holding
from safegrid.kernel import clock
from safegrid.kernel.refusals import Refused
from tests import factories as make
from tests.responsibility.conftest import told

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
OWN = {"enterprise", "principal"}


def walk(start: dt.datetime, end: dt.datetime, *, step: dt.timedelta = 6 * HOUR) -> None:
    """Sweep from `start` to `end`."""
    while start <= end:
        sweep(now=start)
        start += step


def days(username: str) -> list[tuple[int, int]]:
    """(rung, local days over) of each alert of a person, in order."""
    rows = Alert.objects.filter(holder__username=username).order_by("raised_at")
    return list(rows.values_list("rung", "days_over"))


def test_each_rung_fires_once_for_each_recipient(owe, now):
    row = owe(days=10)
    walk(now, row.due_at + 20 * DAY)
    ladder = [(1, -3), (2, 0), (3, 1), (4, 3), (5, 7)]
    assert days("enterprise") == days("principal") == ladder
    assert days("inspector") == ladder[2:]
    assert days("head") == ladder[3:]
    assert days("bureau") == ladder[4:]
    assert set(Alert.objects.values_list("holder__username", flat=True)) == OWN | {
        "inspector",
        "head",
        "bureau",
    }


def test_each_rung_fires_when_its_local_day_begins(owe, now):
    row = owe(days=10)
    for rung, at in [
        (1, clock.day_start(row.due_on - 3 * DAY)),
        (2, clock.day_start(row.due_on)),
        (3, row.due_at),
        (4, row.due_at + 2 * DAY),
        (5, row.due_at + 6 * DAY),
    ]:
        assert sweep(now=at - dt.timedelta(seconds=1)) == 0
        assert sweep(now=at) > 0
        assert set(Alert.objects.filter(raised_at=at).values_list("rung", flat=True)) == {rung}


def test_a_major_hazard_climbs_one_rung_sooner(owe, now):
    row = owe(days=10, is_major=True)
    walk(now, row.due_at + 20 * DAY)
    assert days("inspector")[0] == (2, 0)
    assert days("head")[0] == (3, 1)
    assert days("bureau")[0] == (4, 3)
    assert len(days("enterprise")) == 5


def test_a_rung_passed_before_it_opened_stays_silent(owe, now):
    row = owe(days=1)
    assert sweep(now=now) == 0
    sweep(now=clock.day_start(row.due_on))
    assert told() == {(2, name) for name in OWN}


def test_an_hour_of_the_day_counts_as_overdue_at_once(owe, now):
    row = owe(due_at=now + 2 * HOUR)
    sweep(now=now + HOUR)
    assert told() == set()
    sweep(now=row.due_at)
    assert told() == {(3, name) for name in OWN | {"inspector"}}
    assert Alert.objects.first().days_over == 0


def test_a_vacant_post_passes_it_up_to_the_head(owe, cast, now):
    row = owe()
    Holding.objects.filter(post=cast.posts["inspector"]).delete()
    sweep(now=row.due_at)
    assert told() == {(3, name) for name in OWN | {"head"}}


def test_a_vacant_head_passes_it_up_to_the_office(owe, cast, head, now):
    row = owe()
    Holding.objects.filter(post__in=[cast.posts["inspector"], head.holdings.get().post]).delete()
    sweep(now=row.due_at)
    assert told() == {(3, name) for name in OWN | {"bureau"}}


def test_a_disabled_person_counts_as_vacant(owe, cast, now):
    row = owe()
    cast.inspector.is_active = False
    cast.inspector.save()
    sweep(now=row.due_at)
    assert told() == {(3, name) for name in OWN | {"head"}}


def test_the_debtors_own_vacancy_passes_it_up(owe, cast, now):
    row = owe(debtor_post=cast.posts["inspector2"], creditor_post=None)
    Holding.objects.filter(post=cast.posts["inspector2"]).delete()
    sweep(now=clock.day_start(row.due_on))
    assert told() == {(2, "head")}


def test_where_an_enterprise_has_nobody_here_whoever_ordered_it_is_told(owe, cast, now):
    row = owe(site=cast.city.school)
    sweep(now=clock.day_start(row.due_on))
    assert told() == {(2, "inspector")}


def test_a_substitute_is_told_instead_of_the_holder(owe, cast, now):
    row = owe()
    today = clock.local_date(row.due_at)
    make.SubstitutionFactory(
        post=cast.posts["inspector"], user=cast.inspector2, span=(today, today + 5 * DAY)
    )
    sweep(now=row.due_at)
    assert told() == {(3, name) for name in OWN | {"inspector2"}}
    assert set(Alert.objects.visible_to(cast.inspector).values_list("post", flat=True)) == {
        cast.posts["inspector"].pk
    }


def test_one_person_in_two_posts_is_told_once(owe, cast, now):
    row = owe()
    Holding.objects.filter(post=cast.posts["principal"]).update(user=cast.enterprise)
    sweep(now=clock.day_start(row.due_on))
    assert told() == {(2, "enterprise")}


def test_after_a_long_outage_there_is_one_alert_for_each(owe, now):
    row = owe()
    sweep(now=row.due_at + 30 * DAY)
    assert told() == {(5, name) for name in OWN | {"inspector", "head", "bureau"}}
    assert sweep(now=row.due_at + 31 * DAY) == 0


def test_what_is_closed_raises_nothing(owe, now):
    row = owe()
    close_obligations(subject=row.subject, kinds=[row.kind], outcome=Outcome.MET, now=now)
    walk(now, row.due_at + 10 * DAY, step=DAY)
    assert Alert.objects.count() == 0


def test_an_extension_makes_a_new_ladder(owe, now):
    row = owe(days=3)
    sweep(now=clock.day_start(row.due_on))
    before = row.due_on
    move_deadline(obligation=row, due_at=row.due_at + 10 * DAY, now=row.due_at - HOUR)
    row.refresh_from_db()
    walk(row.due_at - 13 * DAY, row.due_at)
    assert told(due_on=before) == {(2, name) for name in OWN}
    assert told(due_on=row.due_on) == {(r, n) for r in (1, 2, 3) for n in OWN} | {(3, "inspector")}
    assert row.original_due_on == before


def test_who_is_to_know_at_once_is_told_beside_the_ladder(owe, now):
    row = owe(announce=["creditor"])
    sweep(now=now)
    assert told() == {(AT_ONCE, "inspector")}
    assert sweep(now=now + HOUR) == 0
    sweep(now=clock.day_start(row.due_on))
    assert told(rung=2) == {(2, name) for name in OWN}


def test_a_poisoned_row_stops_no_other(owe, now, monkeypatch, caplog):
    poisoned, good = owe(), owe()
    due_rung = sweeper.due_rung

    def fail(number, due_at, at):
        return 1 / 0 if due_at == poisoned.due_at else due_rung(number, due_at, at)

    Obligation.objects.filter(pk=poisoned.pk).update(due_at=poisoned.due_at - HOUR)
    poisoned.refresh_from_db()
    monkeypatch.setattr(sweeper, "due_rung", fail)
    at = clock.day_start(good.due_on)
    assert sweep(now=at) == 2
    assert set(Alert.objects.values_list("obligation", flat=True)) == {good.pk}
    poisoned.refresh_from_db()
    assert (poisoned.failures, poisoned.next_look_at) == (1, at + POISON_PAUSE)
    assert f"obligation {poisoned.pk} cannot be swept" in caplog.text
    assert sweep(now=at + POISON_PAUSE) == 0
    poisoned.refresh_from_db()
    assert poisoned.failures == 2
    monkeypatch.undo()
    assert sweep(now=at + 3 * POISON_PAUSE) == 2  # mended: nothing was lost


def test_a_row_that_the_database_refuses_stops_no_other(owe, now):
    poisoned, good = owe(), owe()
    far = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)  # more days over than the column holds
    Obligation.objects.filter(pk=poisoned.pk).update(due_at=far, due_on=far.date(), opened_at=far)
    assert sweep(now=clock.day_start(good.due_on)) == 2
    poisoned.refresh_from_db()
    assert poisoned.failures == 1


def test_a_sweep_asks_the_same_number_of_times_for_one_row_and_for_many(owe, django_assert_num_queries, now):
    one = owe()
    sweep(now=now)  # the ladder is in the cache, the tick has its row
    with CaptureQueriesContext(connection) as alone:
        sweep(now=clock.day_start(one.due_on))
    many = [owe() for _ in range(12)]
    with django_assert_num_queries(len(alone)):
        assert sweep(now=clock.day_start(many[0].due_on)) == 24


def test_replayed_history_is_not_mailed(owe, now):
    row = owe()
    assert sweep(now=row.due_at, mail=False) == 3
    assert Delivery.objects.count() == 0


def test_a_sweep_leaves_its_mark(owe, now):
    sweep(now=now)
    assert Tick.objects.get(name="sweep").at == now


def test_a_deadline_in_the_past_cannot_be_set(owe, now):
    with pytest.raises(Refused):
        owe(due_at=now - HOUR)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_each_person_once(owe, now):
    rows = [owe() for _ in range(20)]
    at = rows[0].due_at
    gate = threading.Barrier(4)
    raised = []

    def run() -> None:
        gate.wait()
        try:
            raised.append(sweep(now=at))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    raised.append(sweep(now=at))
    assert sum(raised) == Alert.objects.count() == Delivery.objects.count() == 60


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_is_closing_is_left_alone(owe, now):
    row = owe()
    swept = []

    def run() -> None:
        try:
            swept.append(sweep(now=row.due_at))
        finally:
            connection.close()

    with transaction.atomic():
        close_obligations(subject=row.subject, kinds=[row.kind], outcome=Outcome.MET, now=now)
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    assert swept == [0]
    assert sweep(now=row.due_at + DAY) == 0
    row.refresh_from_db()
    assert (row.outcome, row.next_look_at) == (Outcome.MET, None)
