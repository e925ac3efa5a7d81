"""Two act on one listing at the same moment: it is done once, whoever was faster."""

import threading

import pytest
from django.db import connection

from hazards.listed.choices import ListingState, Owed
from hazards.listed.models import ListedSupervision, ProgressReport
from responsibility.models import Obligation
from safegrid.audit.services import verify
from safegrid.kernel.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Run all deeds at the same moment, each in a connection of its own; return what came of them."""
    gate, outcomes = threading.Barrier(len(deeds)), []

    def run(deed):
        gate.wait()
        try:
            deed()
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_whoever_lists_it_at_once_it_stands_on_one_list(board):
    """That of the highest level: whoever came before it was taken over, whoever came after is told."""
    hazard = board.major()
    outcomes = at_once(
        lambda: board.listed("bureau", hazard, "province"),
        lambda: board.listed("chengdong", hazard, "district"),
        lambda: board.listed("bureau", hazard, "province"),
    )
    assert set(outcomes) == {"done", "stale"}
    rows = list(ListedSupervision.objects.order_by("pk"))
    assert outcomes.count("done") == len(rows)
    assert [row.level for row in rows if row.is_open] == ["province"]
    assert {row.state for row in rows[:-1]} <= {ListingState.RAISED}
    assert sorted(Obligation.objects.open().filter(kind__in=Owed).values_list("kind", flat=True)) == [
        Owed.DELIST,
        Owed.REPORT,
    ]
    assert verify() == []


def test_a_report_sent_three_times_at_once_is_kept_once(board):
    row = board.listed()
    assert at_once(*3 * [lambda: board.act(row, "report", "enterprise", version=1)]) == [
        "done",
        "stale",
        "stale",
    ]
    assert ProgressReport.objects.count() == 1


def test_of_two_spot_checks_that_disagree_one_counts(board):
    row = board.delisted()
    outcomes = at_once(
        lambda: board.act(row, "confirm", "inspector", version=row.version),
        lambda: board.act(row, "not_fixed", "inspector", version=row.version),
    )
    assert outcomes == ["done", "stale"]
    states = list(ListedSupervision.objects.order_by("pk").values_list("state", flat=True))
    assert states in ([ListingState.CONFIRMED], [ListingState.RELISTED, ListingState.LISTED])
    assert verify() == []
