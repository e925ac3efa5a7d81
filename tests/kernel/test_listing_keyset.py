"""Pages by key: every row once, in order, forwards and backwards, at the same cost anywhere."""

import datetime as dt
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from hazards.listing import hazards as listing
from hazards.models import Hazard
from safegrid.kernel.listing.keyset import Cursor, Order
from safegrid.kernel.listing.keyset import page as page_of
from safegrid.kernel.listing.ways import way
from tests import factories as make

ORDERS = [Order(sort, descending) for sort in listing.sorts for descending in (True, False)]
IDS = [order.param for order in ORDERS]


@pytest.fixture
def rows(city):
    """Twenty-three hazards at two sites, many of them found at the same instant or due on the same day."""
    start = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    return [
        make.HazardFactory(
            site=(city.hotel, city.school)[n % 2],
            matter=city.general,
            found_at=start + dt.timedelta(hours=n % 4),
            due_in=None if n % 5 == 0 else n % 3,
            state="graded",
        )
        for n in range(23)
    ]


NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)


def page(branches, order, select, *, size, cursor=None):
    """Return a page of the union of `branches`."""
    found = way(lambda now: branches, order, most=size + 1, cursor=cursor, now=NOW)
    return page_of(found, order, select, size=size, cursor=cursor, now=NOW)


def walk(branches, order, size, cursor=None, forward=True):
    """Go from page to page; return the ids seen and the last page."""
    seen = []
    while True:
        found = page(branches, order, listing.selected, size=size, cursor=cursor)
        ids = list(found.rows["id"])
        seen = seen + ids if forward else ids + seen
        cursor = found.next if forward else found.previous
        if cursor is None:
            return seen, found


def in_order(order):
    return list(Hazard.objects.order_by(*order.by()).values_list("pk", flat=True))


ONE = [Hazard.objects.all()]
#: Overlapping on purpose: a row that two branches reach comes once.
SEVERAL = [
    Hazard.objects.filter(site__enterprise__name__startswith="青海"),
    Hazard.objects.all(),
    Hazard.objects.none(),
]


@pytest.mark.parametrize("branches", [ONE, SEVERAL], ids=["one branch", "several"])
@pytest.mark.parametrize("order", ORDERS, ids=IDS)
def test_every_row_comes_once_and_in_order(rows, order, branches):
    wanted = in_order(order)
    forward, last = walk(branches, order, 5)
    assert forward == wanted
    assert len(wanted) == len(rows)
    ids = list(last.rows["id"])
    backward, _ = walk(branches, order, 5, last.previous, forward=False)
    assert backward + ids == wanted


@pytest.mark.parametrize("order", ORDERS, ids=IDS)
def test_a_page_that_just_fits_has_no_next(rows, order):
    found = page(ONE, order, listing.selected, size=len(rows))
    assert len(found.rows) == len(rows)
    assert found.next is None
    assert found.previous is None
    assert page(ONE, order, listing.selected, size=len(rows) - 1).next is not None


def test_a_row_that_arrives_in_between_moves_nothing(rows, city):
    order = Order(listing.sorts[0], True)  # found last first
    first = page(ONE, order, listing.selected, size=10)
    make.HazardFactory(site=city.hotel, matter=city.general)
    second = page(ONE, order, listing.selected, size=10, cursor=first.next)
    assert [*first.rows["id"], *second.rows["id"]] == in_order(order)[1:21]


def test_no_branch_at_all_is_an_empty_page(rows):
    found = page([Hazard.objects.none()], ORDERS[0], listing.selected, size=10)
    assert len(found.rows) == 0
    assert found.next is found.previous is None


@pytest.mark.parametrize("order", ORDERS, ids=IDS)
def test_a_cursor_survives_the_address(rows, order):
    cursor = page(ONE, order, listing.selected, size=5).next
    assert Cursor.decode(cursor.encode(order), order, Hazard) == cursor


@pytest.mark.parametrize("order", ORDERS, ids=IDS)
def test_a_cursor_of_another_order_or_a_forged_one_is_none(rows, order):
    text = page(ONE, order, listing.selected, size=5).next.encode(order)
    for other in ORDERS:
        if other is not order:
            assert Cursor.decode(text, other, Hazard) is None
    for forged in ("", "x", text[:-1], "A" + text, text.replace(":", "", 1), "eyJhIjoxfQ:abc"):
        assert Cursor.decode(forged, order, Hazard) is None


@given(text=st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_no_text_breaks_the_cursor(text):
    assert Cursor.decode(text, ORDERS[0], Hazard) is None


@pytest.mark.parametrize("order", ORDERS, ids=IDS)
def test_the_place_is_compared_as_a_row(rows, order):
    """With the field alone an index is read through all rows of an equal value."""
    cursor = page(ONE, order, listing.selected, size=5).next
    with CaptureQueriesContext(connection) as queries:
        page(ONE, order, listing.selected, size=5, cursor=cursor)
    sign = "<" if order.descending else ">"
    assert f'("hazards_hazard"."{order.sort.field}", "hazards_hazard"."id") {sign} (' in queries[0]["sql"]


def test_a_deep_page_enters_the_index(rows, city):
    """The plan of a page far down: an index scan that is bounded, and no sort of the table."""
    Hazard.objects.bulk_create(
        Hazard(
            number=f"N{n}",
            site=city.hotel,
            enterprise=city.enterprise,
            matter=city.general,
            road="ordered",
            is_shared=True,
            source="inspection",
            title="x",
            category_id="fire",
            state="graded",
            found_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=n),
        )
        for n in range(5000)
    )
    with connection.cursor() as db:
        db.execute("ANALYZE hazards_hazard")
    order = ORDERS[0]
    row = Hazard.objects.get(number="N2500")  # half of the table lies beyond it
    cursor = Cursor(row.found_at, row.pk)
    found = way(lambda now: ONE, order, most=51, cursor=cursor, now=NOW)
    with connection.cursor() as db:
        db.execute(f"EXPLAIN {found.sql}", found.filled(NOW, cursor))
        plan = "\n".join(line for (line,) in db.fetchall())
    assert "Index" in plan
    assert "Index Cond" in plan
    assert "Sort" not in plan


def test_orders_of_every_page_are_strict(rows):
    """Two neighbours are never equal in (field, id): otherwise a page could repeat or lose one."""
    for order in ORDERS:
        pairs = list(Hazard.objects.order_by(*order.by()).values_list(order.sort.field, "id"))
        for one, two in pairwise(pairs):
            assert (one > two) if order.descending else (one < two)
