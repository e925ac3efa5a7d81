"""Training is recorded with its results; the hours of a year are owed until they are done."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from responsibility.enterprise_line import owing
from responsibility.enterprise_line.models import Participation, Training
from responsibility.enterprise_line.services.staff import let_go
from responsibility.enterprise_line.services.trainings import correct_training, record_training
from responsibility.models import DeadlinePolicy, Obligation
from safegrid.audit.models import Entry
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests import factories as make
from tests.responsibility.enterprise_line.conftest import TODAY, who

DAY = dt.timedelta(days=1)
TOKEN = "8f14e45f-ceea-4672-a9f3-0d1d6f4c8d12"


def train(books, **changes):
    fields = {
        "enterprise": books.enterprise,
        "held_on": TODAY,
        "kind": "annual",
        "topic": "用电安全",
        "trainer": "王海燕",
        "hours": Decimal(12),
        "results": {books.manager: "passed"},
        **books.me,
    } | changes
    return record_training(**fields)


def owed():
    """(enterprise, year, due) of the hours that are owed."""
    rows = Obligation.objects.open().filter(kind=owing.TRAINING).order_by("pk")
    return [(row.debtor_enterprise, row.params["year"], row.due_on) for row in rows]


def test_missing_hours_are_one_thing_owed_until_the_end_of_the_year(books):
    make.StaffFactory.create_batch(3, enterprise=books.enterprise)
    assert owing.settle_training(now=books.now) == 1
    assert owing.settle_training(now=books.now) == 0
    assert owed() == [(books.enterprise, "2026", dt.date(2026, 12, 31))]


def test_it_is_asked_for_when_the_policy_says(books):
    early = clock.day_start(dt.date(2026, 10, 1))
    assert owing.settle_training(now=early) == 0
    assert owing.settle_training(now=early + DAY) == 1  # 90 days before
    Obligation.objects.all().delete()
    DeadlinePolicy.objects.filter(code=owing.TRAINING_LEAD).delete()
    assert owing.settle_training(now=books.now) == 0


def test_hours_done_close_it_as_met(books):
    second = make.StaffFactory(enterprise=books.enterprise)
    owing.look(now=books.now)
    train(books)
    assert len(owed()) == 1  # the second one still lacks them
    train(books, results={second: "failed"})
    assert len(owed()) == 1
    train(books, results={second: "passed"})
    assert owed() == []
    assert Obligation.objects.get().outcome == "met"


def test_who_leaves_owes_no_hours(books):
    owing.look(now=books.now)
    let_go(staff=books.manager, on=TODAY, **books.me)
    assert owed() == []


def test_a_correction_can_open_it_again(books):
    owing.look(now=books.now)
    row = train(books)
    assert owed() == []
    again = {"held_on": TODAY, "kind": "annual", "topic": "用电安全", "hours": Decimal(8)}
    correct_training(training=row, results={books.manager: "passed"}, **again, **books.me)
    assert len(owed()) == 1
    entry = Entry.objects.get(action="training.correct")
    assert '"12' in entry.body
    assert '"8' in entry.body


def test_a_year_that_is_over_stays_late_until_the_next_one_is_asked_for(books):
    owing.look(now=books.now)
    owing.look(now=clock.day_start(dt.date(2027, 3, 1)))
    assert [year for _e, year, _d in owed()] == ["2026"]
    owing.look(now=clock.day_start(dt.date(2027, 10, 5)))
    assert [year for _e, year, _d in owed()] == ["2027"]
    assert Obligation.objects.get(params__year="2026").outcome == "lapsed"


def test_the_same_form_sent_twice_is_recorded_once(books):
    assert train(books, token=TOKEN) == train(books, token=TOKEN)
    assert Participation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hours": Decimal(0)}, "hours"),
        ({"hours": Decimal("24.5")}, "hours"),
        ({"hours": Decimal(-1)}, "hours"),
        ({"held_on": TODAY + DAY}, "held_on"),
        ({"topic": " "}, "topic"),
        ({"kind": "party"}, "kind"),
        ({"results": {}}, "participants"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(books, changes, field):
    with pytest.raises(Invalid) as refusal:
        train(books, **changes)
    assert list(refusal.value.message_dict) == [field]
    assert not Training.objects.exists()


def test_nobody_learns_more_hours_than_a_day_has(books):
    train(books, hours=Decimal(16))
    with pytest.raises(Invalid, match="more than 24 hours"):
        train(books, hours=Decimal("8.5"))
    train(books, hours=Decimal(8))
    train(books, hours=Decimal(20), held_on=TODAY - DAY)
    absent = make.StaffFactory(enterprise=books.enterprise)
    train(books, hours=Decimal(20), results={absent: "absent"})
    train(books, hours=Decimal(20), results={absent: "passed"})


def test_who_takes_part_belongs_to_the_enterprise_and_was_there_that_day(books):
    stranger = make.StaffFactory(enterprise=books.city.other)
    new = make.StaffFactory(enterprise=books.enterprise, joined_on=TODAY)
    gone = make.StaffFactory(enterprise=books.enterprise, left_on=TODAY)
    with pytest.raises(Invalid, match="people of the enterprise"):
        train(books, results={stranger: "passed"})
    for person, day in ((new, TODAY - DAY), (gone, TODAY)):
        with pytest.raises(Invalid, match="was not there"):
            train(books, results={person: "passed"}, held_on=day)
    train(books, results={gone: "passed"}, held_on=TODAY - DAY)


@pytest.mark.parametrize("username", ["rival", "inspector", "bureau", "auditor"])
def test_only_the_enterprises_own_posts_record(books, username):
    row = train(books)
    stranger = who(books.cast, username, books.now)
    with pytest.raises(NotAllowed):
        train(books, **stranger)
    again = {"held_on": TODAY, "kind": "annual", "topic": "用电安全", "hours": Decimal(8)}
    with pytest.raises(NotAllowed):
        correct_training(training=row, results={books.manager: "passed"}, **again, **stranger)


def test_no_name_is_in_the_ledger(books):
    train(books, trainer="拉毛措")
    text = "\n".join(Entry.objects.values_list("body", flat=True))
    assert '"training.record"' in text
    assert "拉毛措" not in text
    assert books.manager.name not in text


def test_the_night_costs_the_same_for_one_enterprise_and_for_many(books):
    def cost():
        Obligation.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            owing.settle_training(now=books.now)
        return len(queries)

    cost()
    few = cost()
    for _ in range(25):
        site = make.SiteFactory(at=books.city.cell)
        make.StaffFactory(enterprise=site.enterprise)
    assert cost() == few
    assert len(owed()) == 26
