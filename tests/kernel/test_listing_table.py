"""The table of a list: columns at once give what rows one by one would, and text is never markup."""

import datetime as dt
import re
from html import unescape

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from hazards.choices import State
from hazards.listing import are_late, days_over
from hazards.listing import hazards as listing
from hazards.models import NO_DEADLINE, Hazard
from safegrid.kernel import clock
from safegrid.kernel.deadlines import days_over_text, late_text
from safegrid.kernel.jinja import part
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.columns import Cells, Column
from safegrid.kernel.listing.exports import FORMULA, disarmed
from safegrid.kernel.listing.table import _escaped, _parts
from safegrid.kernel.names import choose, choose_each
from tests.factories import HazardFactory

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
#: What PostgreSQL can store in a text.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
NAMES = st.lists(st.tuples(TEXT | st.none(), TEXT | st.none()))


@given(st.lists(TEXT | st.integers(), min_size=1))
def test_a_column_is_escaped_as_each_of_its_values_is(values):
    assert _escaped(values) == [escape(value) for value in values]


CELL = st.tuples(TEXT, st.sampled_from(["", "good", "over"]), TEXT, st.sampled_from(["", "/a/?b=1&c=%s"]))


@given(
    st.lists(CELL, min_size=1),
    st.sets(st.sampled_from(range(1, 4))),
    st.sampled_from(["", "due", "state", "dot"]),
    st.booleans(),
)
def test_the_cells_of_a_column_are_what_each_cell_would_be_by_itself(rows, left_out, look, main):
    values = [() if at in left_out else column for at, column in enumerate(zip(*rows, strict=True))]
    column = Column(key="x", label="100 % {0}", field="x", look=look, main=main)
    each = [["" if at in left_out else value for at, value in enumerate(row)] for row in rows]
    expected = [
        part(
            "listing/cell.html",
            {
                **about(column),
                "text": escape(text),
                "tone": tone,
                "note": escape(note),
                "url": escape(url) if text else "",
            },
        )
        for text, tone, note, url in each
    ]
    found = _parts(column, column.label, Cells(*values), len(rows))
    assert ["".join(parts) for parts in zip(*found, strict=True)] == expected


def about(column):
    return {"kind": column.kind, "main": column.main, "look": column.look, "label": escape(column.label)}


@given(NAMES, st.sampled_from(["en", "zh-hans"]))
def test_names_of_a_column_are_chosen_as_each_is(pairs, language):
    with override(language):
        assert choose_each([a for a, _ in pairs], [b for _, b in pairs]) == [choose(a, b) for a, b in pairs]


@given(st.lists(TEXT | st.integers() | st.dates() | st.none()))
def test_no_value_of_a_column_of_a_sheet_begins_a_formula(values):
    found = disarmed(values)
    assert all(not isinstance(v, str) or not v or v[0] not in FORMULA for v in found)
    assert [v.removeprefix("'") if isinstance(v, str) else v for v in found] == [
        v.removeprefix("'") if isinstance(v, str) else v for v in values
    ]


INSTANTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001


@given(st.lists(st.tuples(st.sampled_from(State), INSTANTS | st.none())))
def test_a_list_tells_what_is_late_as_the_model_does(rows):
    rows = [(state, due_at) for state, due_at in rows if state != State.RECTIFYING or due_at is not None]
    found = [
        Hazard(state=state, due_at=due_at, due_on=clock.last_day(due_at) if due_at else NO_DEADLINE)
        for state, due_at in rows
    ]
    batch = Batch(("state", "due_at", "due_on"), [(row.state, row.due_at, row.due_on) for row in found])
    assert are_late(batch, NOW) == [row.is_overdue(NOW) for row in found]
    assert days_over(batch, NOW) == [
        row.days_over(NOW) if row.state == State.RECTIFYING else None for row in found
    ]


def test_a_batch_refuses_a_column_of_another_length():
    batch = Batch(("id",), [(1,), (2,)])
    with pytest.raises(ValueError, match="3 values for 2 rows"):
        batch.add("name", [1, 2, 3])


def test_a_page_shows_text_as_text_in_every_column(cast, client, now):
    evil = "<b>&\"'</b>"
    row = HazardFactory(
        site=cast.city.hotel, title=evil, state=State.RECTIFYING, due_at=now - dt.timedelta(days=3)
    )
    type(cast.city.hotel).objects.filter(pk=cast.city.hotel.pk).update(name=evil)
    client.force_login(cast.bureau)
    page = client.get("/hazards/?tab=all").text
    assert evil not in page
    cells = re.findall(r'<td class="col-[^"]*" data-label="([^"]*)">(.*?)</td>', page, re.DOTALL)
    shown = {unescape(label): unescape(re.sub(r"<[^>]+>", " ", cell)).split() for label, cell in cells}
    assert shown["What"][0] == evil
    assert evil in shown["Enterprise"]
    assert shown["Due"] == [row.due_on.isoformat(), *days_over_text(3).split()]
    assert late_text(3) == days_over_text(3)
    assert len(cells) == len(listing.columns)
