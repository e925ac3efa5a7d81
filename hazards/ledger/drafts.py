"""From cells to what they say: a draft of a hazard, checked by itself. The enterprise is found later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from hazards.choices import OPEN, Grade, Road, State
from hazards.ledger import words
from hazards.ledger.fields import LIMITS, TOLD
from safegrid.grid.imports.days import day
from safegrid.grid.imports.kinds import Row, Terms
from safegrid.grid.imports.problems import Rejected
from safegrid.grid.keys import clean_uscc, uscc_problem
from safegrid.kernel import clock
from safegrid.kernel.bigrams import normal

#: Said of a deadline that is the day itself.
AT_ONCE = ("立即", "立行立改", "当场", "即时", "立即整改", "当场整改")
#: What a row without an enterprise takes over from the row above: a merged cell, or a name written once.
CARRIED = ("name", "uscc", "site", "district", "township")
#: And what, being empty, it shares with it as well.
SHARED = ("found_on", "source", "unit", "inspector")


@dataclass(frozen=True)
class Draft:
    """A row, understood: only what its cells say."""

    row: Row
    cells: Mapping[str, str]  # with what was taken over from the row above
    code: str  # a USCC, or nothing
    name: str
    title: str
    description: str
    found_on: dt.date
    road: str
    grade: str
    state: str
    due_on: dt.date | None
    done_on: dt.date | None
    closed_on: dt.date | None
    at_once: bool
    category: str  # empty: the sheet does not say
    told: Mapping[str, str]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in OPEN


class Drafter:
    """Understands row after row of one file; what it has seen above serves the rows below."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.today = clock.local_date(terms.now)
        self._carried: dict[int, Mapping[str, str]] = {}  # by row, so that a batch may be read again
        self._above: Mapping[str, str] = {}

    def forget(self) -> None:
        """Begin anew: a line of totals ends what the rows above share."""
        self._above = {}

    def understand(self, row: Row) -> Draft:
        """Return what a row says. Raises Rejected."""
        cells = self._with_above(row)
        for code, limit in LIMITS.items():
            if len(cells.get(code, "")) > limit:
                raise Rejected("too_long", field=code, limit=limit)
        title, description = cells.get("title", ""), cells.get("description", "")
        if not title:
            raise Rejected("missing", field="title")
        found_on = self._day(cells, "found_on")
        if found_on is None:
            raise Rejected("missing", field="found_on")
        told_state = self.word(cells, "state")
        draft = Draft(
            row=row,
            cells=cells,
            code=_uscc(cells.get("uscc", "")),
            name=" ".join(cells.get("name", "").split()),
            title=title,
            description=description,
            found_on=found_on,
            road=self.word(cells, "source") or Road.ORDERED,
            grade=self.word(cells, "grade") or Grade.GENERAL,
            state=told_state,
            due_on=self._due(cells, found_on),
            done_on=self._day(cells, "done_on"),
            closed_on=self._day(cells, "closed_on"),
            at_once=told_state == words.FIXED_AT_ONCE,
            category=self.word(cells, "category"),
            told={code: cells[code] for code in TOLD if cells.get(code)},
        )
        if not draft.code and not draft.name:
            raise Rejected("no_enterprise")
        return self._in_time(self._settled(draft))

    def cells_of(self, row: Row) -> Mapping[str, str]:
        """Return the cells of a row as it was understood, or as they stand."""
        return self._carried.get(row.number, row.values)

    def word(self, cells: Mapping[str, str], field: str) -> str:
        """Return what a cell means by the words that are known or were explained; "" when it is empty."""
        text = cells.get(field, "")
        if not text:
            return ""
        found = self.terms.words.get(field, {}).get(normal(text)) or self._known(field, text)
        if found is None:
            raise Rejected("unknown_word", field=field, text=text)
        return found

    def _known(self, field: str, text: str) -> str | None:
        if field == "category":
            return words.find_category(text, self._categories)
        return words.find(field, text)

    @cached_property
    def _categories(self) -> dict[str, str]:
        return words.category_names()

    def _with_above(self, row: Row) -> Mapping[str, str]:
        """The cells by field, the enterprise taken from the row above where none is named."""
        if row.number in self._carried:
            return self._carried[row.number]
        cells = {code: text.strip() for code, text in row.values.items()}
        if not cells.get("name") and not cells.get("uscc") and cells.get("title"):
            cells |= {code: self._above[code] for code in CARRIED if self._above.get(code)}
            cells |= {code: self._above[code] for code in SHARED if self._above.get(code) and not cells[code]}
        self._carried[row.number] = self._above = cells
        return cells

    def _day(self, cells: Mapping[str, str], field: str) -> dt.date | None:
        text = cells.get(field, "")
        if not text or not text.strip("-—–/／无 "):
            return None
        found = day(text)
        if found is None:
            raise Rejected("unknown_day", field=field, text=text)
        return found

    def _due(self, cells: Mapping[str, str], found_on: dt.date) -> dt.date | None:
        return found_on if normal(cells.get("due_on", "")) in AT_ONCE else self._day(cells, "due_on")

    def _settled(self, draft: Draft) -> Draft:
        """Bring state and days together: a row without a state has the one that its days tell."""
        state, closed_on = draft.state, draft.closed_on
        if draft.at_once:
            state, closed_on = State.CLOSED.value, closed_on or draft.done_on or draft.found_on
        elif not state:
            state = State.CLOSED.value if closed_on or draft.done_on else State.RECTIFYING.value
        if state in (State.TO_ACCEPT, State.TO_CONFIRM):
            state = State.TO_CONFIRM.value if draft.road == Road.SELF else State.TO_ACCEPT.value
        if draft.road == Road.SELF and state in (State.REPORTED, State.GRADED):
            state = State.RECTIFYING.value
        if state == State.CLOSED:
            closed_on = closed_on or draft.done_on
            if closed_on is None:
                raise Rejected("no_day_closed")
        elif state in OPEN and closed_on is not None:
            raise Rejected("closed_but_open", day=closed_on.isoformat())
        return replace(draft, state=state, closed_on=closed_on if state == State.CLOSED else None)

    def _in_time(self, draft: Draft) -> Draft:
        """Refuse days that contradict each other, or are still to come."""
        past = {"found_on": draft.found_on, "done_on": draft.done_on, "closed_on": draft.closed_on}
        for field, each in past.items():
            if each is not None and each > self.today:
                raise Rejected("in_the_future", field=field, day=each.isoformat())
        for field, each in {**past, "due_on": draft.due_on}.items():
            if each is not None and each < draft.found_on:
                raise Rejected(
                    "before_found", field=field, day=each.isoformat(), found=draft.found_on.isoformat()
                )
        return draft


def _uscc(text: str) -> str:
    """A USCC, or nothing for a cell that says there is none. Raises Rejected."""
    code = clean_uscc(text)
    if not code.strip("/无-"):
        return ""
    if uscc_problem(code):
        raise Rejected("uscc_wrong", text=text)
    return code
