"""The same form, and two officers, at the same moment: one report, one move."""

import uuid

import pytest

from hazards.reports.choices import ReportState, Via
from hazards.reports.handling import Given, act
from hazards.reports.models import Report
from hazards.reports.services import Told, receive
from hazards.reports.workers import services as workers
from hazards.reports.workers.models import WorkerReport
from responsibility.models import Obligation
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from tests.hazards.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_form_posted_twice_at_once_is_one_report(desk):
    city, key = desk.cast.city, uuid.uuid4()
    told = Told(what="消防通道被锁", matter=city.general, site=city.hotel, name="王小明")
    assert at_once(*[lambda: receive(key=key, told=told, via=Via.GATE, now=desk.now)] * 3) == ["done"] * 3
    assert Report.objects.get().number == "JB-2026-000001"
    assert Obligation.objects.count() == Entry.objects.filter(action="report.receive").count() == 1
    assert verify() == []


def test_a_workers_form_posted_twice_at_once_is_one_report(desk):
    fields = {"key": uuid.uuid4(), "site": desk.cast.city.hotel, "what": "地面湿滑", "where": "", "name": ""}
    tell = lambda: workers.receive(photos=(), now=desk.now, **fields)  # noqa: E731
    assert at_once(tell, tell) == ["done", "done"]
    assert WorkerReport.objects.count() == Obligation.objects.count() == 1


def test_two_officers_take_one_report_up_and_one_is_told(desk):
    report = desk.received()

    def take(name):
        return lambda: act(
            report=report,
            action="accept",
            given=Given(),
            version=1,
            actor=getattr(desk.cast, name),
            acting_post=desk.cast.posts[name],
            now=desk.now,
        )

    assert at_once(take("inspector"), take("inspector2")) == ["done", "stale"]
    assert Report.objects.get().state == ReportState.ACCEPTED
    assert Obligation.objects.open().count() == 1
    assert verify() == []
