"""What comes again is flagged and linked; what may be told twice is offered, and a person merges it."""

import datetime as dt
import json
import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hazards.choices import Grade, State
from hazards.grading.models import RecurrenceWindow
from hazards.models import Hazard
from hazards.repeats import likely_same
from responsibility.models import Obligation
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.kernel.refusals import Invalid, Stale
from tests import factories as make
from tests.hazards.conftest import DAY

ITEM = "fire-07"
#: Nothing in common with the title that hazards of these tests have otherwise.
OTHER = "配电箱未上锁"


def closed(play, *, own=False, **changes):
    """A hazard of the item that was put right and closed."""
    if own:
        return play.act(play.own(fixed=True, item_code=ITEM, **changes), "confirm", "principal")
    row = play.found(item_code=ITEM, **changes)
    play.act(row, "grade", "inspector")
    play.act(row, "order", "inspector", due_on=play.day(10))
    play.act(row, "submit", "enterprise")
    return play.act(row, "accept", "inspector2")


# Recurrence


def test_the_same_item_at_the_same_site_recurs_and_is_linked_to_the_last_one(play):
    closed(play)
    play.now += DAY
    last = closed(play)
    play.now += 300 * DAY
    again = play.found(item_code=ITEM)
    assert (again.recurs, last.recurs_id) == (last, Hazard.objects.order_by("pk").first().pk)


@pytest.mark.parametrize(("days", "recurs"), [(365, True), (366, False)])
def test_within_the_window_of_policy_counted_from_the_closing(play, days, recurs):
    last = closed(play)
    play.now += days * DAY
    assert (play.found(item_code=ITEM).recurs == last) is recurs


def test_the_window_is_a_row_with_a_first_day(play):
    closed(play)
    RecurrenceWindow.objects.create(days=30, source="市应急局", since=play.day(10))
    play.now += 9 * DAY
    assert play.found(item_code=ITEM).recurs is not None
    play.now += 25 * DAY
    assert play.found(item_code=ITEM).recurs is None
    RecurrenceWindow.objects.all().delete()
    assert play.found(item_code=ITEM).recurs is None


@pytest.mark.parametrize("other", ["item", "site", "open", "cancelled", "no item"])
def test_nothing_else_recurs(play, other):
    if other in ("open", "cancelled"):
        row = play.found(item_code=ITEM)
        if other == "cancelled":
            play.act(row, "cancel", "inspector")
    else:
        closed(play)
    changes = {
        "item": {"item_code": "fire-08"},
        "site": {"item_code": ITEM, "site": play.cast.city.warehouse},
        "no item": {},
    }.get(other, {"item_code": ITEM})
    assert play.found(**changes).recurs is None


def test_an_order_does_not_recur_to_what_an_enterprise_put_right_itself(play):
    own = closed(play, own=True)
    assert play.found(item_code=ITEM).recurs is None
    assert play.own(item_code=ITEM).recurs == own


def test_it_is_marked_on_its_page_and_in_the_list_which_can_be_narrowed_to_it(client, play):
    last = closed(play)
    again = play.found(item_code=ITEM)
    client.force_login(play.cast.inspector)
    page = client.get(reverse("hazards:detail", args=[again.number])).text
    assert ">Recurring<" in page
    assert reverse("hazards:detail", args=[last.number]) in page
    assert ">Recurring<" not in client.get(reverse("hazards:detail", args=[last.number])).text
    url = reverse("hazards:list")
    found = client.get(f"{url}?tab=all&recurring=yes&format=csv")
    lines = b"".join(found.streaming_content).decode("utf-8-sig").strip().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == [again.number]
    cells = re.findall(r">General hazard([^<]*)<", client.get(f"{url}?tab=all").text)
    assert cells == [" · Recurring", ""]


# Likely the same


def test_offered_are_open_ones_of_the_site_of_the_same_item_or_with_a_title_alike(play):
    one = play.found()
    alike = play.found(title="二楼疏散通道堵塞")
    of_item = play.found(title=OTHER, item_code=ITEM)
    play.found(title=OTHER + "，电线裸露", site=play.cast.city.warehouse)
    play.act(play.found(), "cancel", "inspector")
    assert likely_same(one, play.cast.inspector) == [alike]
    assert likely_same(of_item, play.cast.inspector) == []
    again = play.found(title="另一处问题", item_code=ITEM)
    assert likely_same(again, play.cast.inspector) == [of_item]


def test_an_order_is_no_part_of_the_enterprise_s_own_nor_a_major_one_of_a_general_one(play):
    own = play.own()
    order = play.found()
    assert likely_same(order, play.cast.enterprise) == []
    assert likely_same(own, play.cast.enterprise) == [order]
    major = play.act(play.found(), "grade", "inspector", grade=Grade.MAJOR, major_basis="第三条")
    assert likely_same(major, play.cast.inspector) == []


def test_what_one_does_not_see_is_not_offered(play):
    first, own = play.own(), play.own()
    assert likely_same(own, play.cast.enterprise) == [first]
    assert likely_same(own, play.cast.inspector) == []


def test_merged_it_is_cancelled_leads_to_the_other_and_owes_nothing(play):
    other, row = play.found(), play.ordered()
    report = make.ReportFactory(site=play.cast.city.hotel, hazard=row, state="closed", finding="joined")
    done = play.act(row, "merge", "inspector", same_as=other)
    assert (done.state, done.merged_into) == (State.CANCELLED, other)
    owed = Obligation.objects.filter(subject_id=row.pk)
    assert set(owed.values_list("outcome", flat=True)) == {"met", "superseded"}
    assert not owed.filter(closed_at=None).exists()
    report.refresh_from_db()
    assert report.hazard == other
    step = other.steps.last()
    assert (step.action, step.note) == ("absorb", f"{row.number} {row.title}")
    other.refresh_from_db()
    assert other.state == State.REPORTED
    told = json.loads(Entry.objects.get(action="hazard.merge").body)["data"]
    assert told["into"] == other.number
    entry = Entry.objects.get(action="hazard.absorb")
    assert (entry.subject, entry.actor) == (f"hazards.hazard:{other.pk}", play.cast.inspector)
    assert json.loads(entry.body)["data"] == {"merged": row.number, "version": other.version}
    assert verify() == []


@pytest.mark.parametrize("wrong", ["another site", "closed", "itself", "none"])
def test_only_into_one_that_is_offered(play, wrong):
    play.found()  # which could be chosen
    row = play.found()
    chosen = {
        "another site": lambda: play.found(site=play.cast.city.warehouse),
        "closed": lambda: closed(play),
        "itself": lambda: row,
        "none": lambda: None,
    }[wrong]()
    before = list(Hazard.objects.order_by("pk").values())
    with pytest.raises(Invalid) as refused:
        play.act(row, "merge", "inspector", same_as=chosen)
    assert "same_as" in refused.value.message_dict
    assert list(Hazard.objects.order_by("pk").values()) == before


def test_sent_twice_nothing_is_done_twice(play):
    other, row = play.found(), play.found()
    play.act(row, "merge", "inspector", same_as=other, version=row.version)
    with pytest.raises(Stale):
        play.act(row, "merge", "inspector", same_as=other, version=row.version)
    assert other.steps.filter(action="absorb").count() == 1
    assert Entry.objects.filter(action="hazard.absorb").count() == 1


def test_the_database_refuses_one_that_is_merged_and_goes_on(play):
    other, row = play.found(), play.found()
    for values in ({"merged_into": other}, {"merged_into": row, "state": State.CANCELLED}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hazard.objects.filter(pk=row.pk).update(**values)


def test_the_page_offers_asks_which_and_shows_both_sides(client, play):
    other, row = play.found(), play.found()
    client.force_login(play.cast.inspector)
    page = client.get(reverse("hazards:detail", args=[row.number])).text
    assert "Perhaps the same hazard" in page
    url = reverse("hazards:act", args=[row.number, "merge"])
    assert url in page
    form = client.get(url).text
    assert f"{other.number} {other.title}" in form
    given = {"version": row.version, "note": "同一处", "same_as": other.pk}
    assert client.post(url, given | {"same_as": ""}).status_code == 422
    assert client.post(url, given).url == reverse("hazards:detail", args=[row.number])
    assert client.post(url, given).status_code == 302  # the back button
    assert "It was the same hazard as" in client.get(reverse("hazards:detail", args=[row.number])).text
    page = client.get(reverse("hazards:detail", args=[other.number])).text
    assert "Merged into this one" in page
    assert "Perhaps the same hazard" not in page


def test_the_page_costs_the_same_queries_for_few_and_for_many_alike(
    client, play, django_assert_max_num_queries
):
    row, _other = play.found(), play.found()
    client.force_login(play.cast.inspector)
    url = reverse("hazards:detail", args=[row.number])
    client.get(url)

    def cost():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    few = cost()
    for _n in range(4):
        play.found()
    assert cost() == few


def test_days_are_counted_to_the_second(play):
    last = closed(play)
    play.now = last.closed_at + dt.timedelta(days=365)
    assert play.found(item_code=ITEM).recurs == last
    play.now += dt.timedelta(seconds=1)
    assert play.found(item_code=ITEM).recurs is None
