"""The demo city's reports: one in every state, so that no page of theirs is empty."""

from collections import Counter

from analysis.demo.reports import tell_reports
from hazards.choices import Source
from hazards.models import Hazard
from hazards.reports.choices import ReportState, Via
from hazards.reports.models import Report
from hazards.reports.workers.models import WorkerReport
from responsibility.models import Obligation
from safegrid.audit.services import verify


def test_there_is_one_in_every_state(cast, policies, now, monkeypatch):
    monkeypatch.setattr("analysis.demo.reports.DEMO_NAME", cast.city.enterprise.name)
    tell_reports(now=now)
    states = Counter(Report.objects.values_list("state", flat=True))
    assert states == {
        ReportState.RECEIVED: 3,
        ReportState.ACCEPTED: 1,
        ReportState.VERIFIED: 1,
        ReportState.ANSWERED: 1,
        ReportState.REJECTED: 1,
    }
    assert set(Report.objects.values_list("via", flat=True)) == set(Via)
    assert Hazard.objects.get().source == Source.PUBLIC
    mine = Report.objects.open().filter(post=cast.posts["inspector"])
    assert mine.count() == 2
    assert not Obligation.objects.overdue(now).filter(kind__startswith="report").exists()
    assert sorted(WorkerReport.objects.values_list("state", flat=True)) == ["answered", "received"]
    assert verify() == []
