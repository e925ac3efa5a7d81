"""A changed policy or calendar moves open deadlines only when somebody says so, and the ledger keeps it."""

import datetime as dt

import pytest
from django.core.management import call_command

from hazards.choices import Owed
from responsibility.calendars.models import DeadlinePolicy, WorkingDay
from responsibility.calendars.services import mark_day, working_day
from responsibility.obligations.models import Obligation
from responsibility.obligations.recompute import recompute
from responsibility.obligations.services import open_obligation
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.kernel import clock
from tests.factories import HazardFactory


def owe(cast, kind, code, now, **debtor):
    hazard = HazardFactory(site=cast.city.hotel)
    rule = DeadlinePolicy.objects.get(code=code)
    from responsibility.calendars.services import due_on

    day = due_on(rule, start=clock.local_date(now))
    return open_obligation(
        kind=kind,
        subject=hazard,
        site=hazard.site,
        due_at=clock.day_end(day),
        policy=rule,
        params={"number": hazard.number, "title": hazard.title},
        now=now,
        **debtor,
    )


@pytest.fixture
def owed(cast, policies, now):
    """A re-inspection within ten days, and an order to rectify within seven."""
    accept = owe(cast, Owed.ACCEPT, "reinspect", now, debtor_post=cast.posts["inspector"])
    order = owe(cast, Owed.RECTIFY, "order_general_7", now, debtor_enterprise=cast.city.enterprise)
    return accept, order


def test_nothing_moves_by_itself_and_an_order_keeps_its_day(owed, now):
    accept, order = owed
    DeadlinePolicy.objects.filter(code__in=["reinspect", "order_general_7"]).update(days=5)
    accept.refresh_from_db()
    assert accept.due_on == dt.date(2026, 12, 3)
    assert recompute(actor=None, acting_post=None, now=now, write=False) == 1
    accept.refresh_from_db()
    assert accept.due_on == dt.date(2026, 12, 3)
    call_command("recompute_deadlines")
    accept.refresh_from_db()
    order.refresh_from_db()
    assert (accept.due_on, accept.original_due_on) == (dt.date(2026, 11, 28), dt.date(2026, 12, 3))
    assert order.due_on == dt.date(2026, 11, 30)
    body = Entry.objects.get(action="deadline.recompute").body
    assert '"from":"2026-12-03","to":"2026-11-28"' in body
    assert recompute(actor=None, acting_post=None, now=now) == 0
    assert verify() == []


def test_a_new_holiday_moves_what_is_counted_in_working_days(cast, policies, now):
    answer = owe(cast, Owed.EXTENSION, "extension_answer", now, debtor_post=cast.posts["inspector"])
    assert answer.due_on == dt.date(2026, 11, 30)
    mark_day(dt.date(2026, 11, 26), works=False, name="示例假日")
    assert recompute(actor=None, acting_post=None, now=now) == 1
    assert Obligation.objects.get(pk=answer.pk).due_on == dt.date(2026, 12, 1)


def test_marking_a_day_numbers_the_days_after_it_anew(policies):
    before = WorkingDay.objects.get(day=dt.date(2026, 12, 31)).ordinal
    mark_day(dt.date(2026, 11, 26), works=False, name="")
    mark_day(dt.date(2026, 11, 28), works=True, name="")  # a Saturday
    rows = list(WorkingDay.objects.filter(works=True).order_by("day").values_list("ordinal", flat=True))
    assert rows == list(range(rows[0], rows[0] + len(rows)))
    assert WorkingDay.objects.get(day=dt.date(2026, 12, 31)).ordinal == before
    assert working_day(dt.date(2026, 11, 25), 1) == dt.date(2026, 11, 27)
    assert working_day(dt.date(2026, 11, 27), 1) == dt.date(2026, 11, 28)


def test_the_admin_changes_policies_and_the_ledger_keeps_who_did(policies, admin_client, now):
    rule = DeadlinePolicy.objects.get(code="reinspect")
    address = f"/admin/responsibility/deadlinepolicy/{rule.pk}/change/"
    page = admin_client.get(address)
    given = {k: v for k, v in page.context["adminform"].form.initial.items() if k != "span"}
    response = admin_client.post(address, {**given, "days": 12, "span_0": "2021-09-01", "span_1": ""})
    assert response.status_code == 302
    assert DeadlinePolicy.objects.get(pk=rule.pk).days == 12
    assert '"data":{"days":"12"}' in Entry.objects.get(action="policy.change").body
