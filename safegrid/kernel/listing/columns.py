"""Columns: how the rows of a list become cells on a page, cells of a sheet, and fields of the API.

A column names the fields it reads; the query selects exactly those of the columns that are shown. It
answers for a whole batch of rows at once, so that words are translated and names chosen once for all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat, starmap
from typing import Any, ClassVar, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from safegrid.kernel import clock
from safegrid.kernel.deadlines import days_over_text, late_text, until
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.names import choose_each

#: The API's type of a value: one of str, int, date, datetime, list[str]; every value may be null.
ApiType = type
Values = Sequence[Any]


class Cells(NamedTuple):
    """What the table template shows of a column: a value for each row in each of these, or none at all."""

    texts: Values
    tones: Sequence[str] = ()  # of a badge or a deadline: neutral, info, good, warn, bad, strong
    notes: Values = ()  # a second, quieter line
    urls: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of plain text."""

    key: str  # its name in the address and the API
    label: Any
    field: str
    sort: str = ""  # key of the sort that its heading switches
    main: bool = False  # what the row is called: the heading of the card on a phone
    second: Column | None = None  # shown quietly below; a column of its own in sheets and the API
    urls: Callable[[Batch], Sequence[str]] | None = None
    url_fields: tuple[str, ...] = ()
    look: str = ""  # "state" and "dot" mark the value by its tone, "due" its note

    kind: ClassVar[str] = "text"
    api_type: ClassVar[ApiType] = str

    @property
    def own_fields(self) -> tuple[str, ...]:
        """The fields that the value itself is read from."""
        return (self.field,)

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that the column reads."""
        return (*self.own_fields, *self.url_fields)

    @property
    def flat(self) -> tuple[Column, ...]:
        """The column, and the one below it."""
        return (self, self.second) if self.second else (self,)

    def texts(self, rows: Batch) -> Values:
        """Return the values as people read them."""
        return ["" if value is None else value for value in rows[self.field]]

    def toned(self, rows: Batch) -> Sequence[str]:
        """Return the values' tones, "" for none; nothing when none has one."""
        return ()

    def cells(self, rows: Batch, now: dt.datetime) -> Cells:
        """Return what a page shows."""
        texts = self.texts(rows)
        notes: Values = ()
        if self.second:
            below = self.second.texts(rows)
            notes = ["" if note == text else note for note, text in zip(below, texts, strict=True)]
        return Cells(texts, self.toned(rows), notes, self.urls(rows) if self.urls else ())

    def heads(self) -> tuple[Any, ...]:
        """Return the headings of the column's cells in a sheet."""
        return (self.label,)

    def sheet(self, rows: Batch, now: dt.datetime) -> tuple[Values, ...]:
        """Return for each heading the values in a sheet: text, numbers, dates."""
        return (self.texts(rows),)

    def api_types(self) -> dict[str, ApiType]:
        """Return the names and types of the column's fields in the API."""
        return {self.key: self.api_type}

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        """Return the values of the column's fields in the API: codes and instants, never words."""
        return {self.key: rows[self.field]}


@dataclass(frozen=True, kw_only=True)
class NumberColumn(Column):
    """A count."""

    kind: ClassVar[str] = "number"
    api_type: ClassVar[ApiType] = int


@dataclass(frozen=True, kw_only=True)
class NameColumn(Column):
    """A name in two languages, in `field` and `field`_en; the reader sees theirs, the API gives both."""

    @property
    def own_fields(self) -> tuple[str, ...]:
        return (self.field, f"{self.field}_en")

    def texts(self, rows: Batch) -> Values:
        return choose_each(rows[self.field], rows[f"{self.field}_en"])

    def api_types(self) -> dict[str, ApiType]:
        return {self.key: str, f"{self.key}_en": str}

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        return {self.key: rows[self.field], f"{self.key}_en": rows[f"{self.field}_en"]}


@dataclass(frozen=True, kw_only=True)
class PairColumn(NameColumn):
    """A name in two languages that one field holds as a pair; None where there is nothing to name."""

    @property
    def own_fields(self) -> tuple[str, ...]:
        return (self.field,)

    def texts(self, rows: Batch) -> Values:
        return choose_each(*self._names(rows))

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        return dict(zip(self.api_types(), self._names(rows), strict=True))

    def _names(self, rows: Batch) -> tuple[list[str], list[str]]:
        pairs = [pair or ("", "") for pair in rows[self.field]]
        return [name or "" for name, _en in pairs], [name_en or "" for _zh, name_en in pairs]


@cache
def _words(choices: Any, language: str | None) -> dict[str | None, str]:
    """Return the values of a closed list in words; an empty one has none unless the list names it."""
    return {None: "", "": ""} | {value: str(label) for value, label in choices.choices}


@dataclass(frozen=True, kw_only=True)
class ChoiceColumn(Column):
    """A value of a closed list, in words and with a tone; the API gives its code."""

    choices: Any  # a TextChoices class
    tones: Mapping[Any, str] | None = None  # by the values of `choices`
    look: str = "state"  # "state" is a badge, "dot" a coloured dot before the words; "" is plain text

    kind: ClassVar[str] = "choice"

    def texts(self, rows: Batch) -> Values:
        words = _words(self.choices, get_language())
        return [words[value] for value in rows[self.field]]

    def toned(self, rows: Batch) -> Sequence[str]:
        tones = self.tones or {}
        return [tones.get(value, "neutral") for value in rows[self.field]] if self.look else ()


@dataclass(frozen=True, kw_only=True)
class DateColumn(Column):
    """The local day of an instant, or a day; the API gives the instant."""

    instant: bool = True

    kind: ClassVar[str] = "date"

    def _days(self, rows: Batch) -> Sequence[dt.date | None]:
        return clock.local_dates(rows[self.field]) if self.instant else rows[self.field]

    def texts(self, rows: Batch) -> Values:
        return in_iso(self._days(rows))

    def sheet(self, rows: Batch, now: dt.datetime) -> tuple[Values, ...]:
        return (self._days(rows),)

    def api_types(self) -> dict[str, ApiType]:
        return {self.key: dt.datetime if self.instant else dt.date}


def in_iso(days: Sequence[dt.date | None]) -> list[str]:
    """Return days as text, "" for none."""
    return ["" if day is None else day.isoformat() for day in days]


SOON = 3  # days before a deadline from which it is marked


def _closeness(over: int) -> str:
    """Return how near a deadline is: "over", "today", "soon", or "" while there is time."""
    if over < -SOON:
        return ""
    return "over" if over > 0 else "today" if over == 0 else "soon"


@lru_cache(maxsize=2000)
def _remark(over: int | None, late: bool, language: str | None) -> tuple[str, str]:
    """Return how far off a deadline is in words, and its tone; every page has the same few."""
    if over is None:
        return "", ""
    return (late_text(over), "over") if late else (days_over_text(over), _closeness(over))


@dataclass(frozen=True, kw_only=True)
class DueColumn(Column):
    """A deadline: its day, and while it runs how far off it is, in words and not by colour alone.

    `overs` gives the local days since it was due, negative before, None when nothing runs; it is the
    model's own definition, not one of the list's.
    """

    overs: Callable[[Batch, dt.datetime], Sequence[int | None]]
    over_fields: tuple[str, ...] = ()
    #: Whether the very moment has passed; one within a day is late on that day.
    lates: Callable[[Batch, dt.datetime], Sequence[bool]] = lambda rows, now: (False,) * len(rows)
    look: str = "due"

    kind: ClassVar[str] = "due"

    @property
    def own_fields(self) -> tuple[str, ...]:
        return (self.field, *self.over_fields)

    def cells(self, rows: Batch, now: dt.datetime) -> Cells:
        deadlines = zip(self.overs(rows, now), self.lates(rows, now), repeat(get_language()))
        notes, tones = zip(*starmap(_remark, deadlines), strict=True)
        return Cells(in_iso(self._days(rows)), tones, notes)

    def heads(self) -> tuple[Any, ...]:
        return (self.label, _("Days over"))

    def sheet(self, rows: Batch, now: dt.datetime) -> tuple[Values, ...]:
        return (self._days(rows), self.overs(rows, now))

    def api_types(self) -> dict[str, ApiType]:
        return {self.key: dt.date, "days_over": int}

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        return {self.key: self._days(rows), "days_over": self.overs(rows, now)}

    def _days(self, rows: Batch) -> list[dt.date | None]:
        """Return the local days of the deadlines, instants or days; None for the sentinel of none."""
        days = [
            clock.last_day(value) if isinstance(value, dt.datetime) else value for value in rows[self.field]
        ]
        return [day if until(day) else None for day in days]


UNPLACED = _("to be placed")


@dataclass(frozen=True, kw_only=True)
class PlaceColumn(Column):
    """Where a row stands: township, and its cell or district beside it; three columns in a sheet."""

    field: str = ""
    levels: tuple[str, ...] = ("district", "township", "cell")
    nowhere: Any = UNPLACED  # what is shown of a row without a district

    kind: ClassVar[str] = "place"

    @property
    def own_fields(self) -> tuple[str, ...]:
        return tuple(f"{level}__{name}" for level in self.levels for name in ("name", "name_en"))

    def cells(self, rows: Batch, now: dt.datetime) -> Cells:
        names = list(zip(*self.sheet(rows, now), strict=True))
        unplaced = str(self.nowhere)
        return Cells(
            [(township or district) if district else unplaced for district, township, _cell in names],
            ["" if district else "warn" for district, _township, _cell in names],
            [cell or (district if township else "") for district, township, cell in names],
        )

    def heads(self) -> tuple[Any, ...]:
        return (_("District"), _("Township or street"), _("Grid cell"))

    def sheet(self, rows: Batch, now: dt.datetime) -> tuple[Values, ...]:
        return tuple(choose_each(rows[f"{level}__name"], rows[f"{level}__name_en"]) for level in self.levels)

    def api_types(self) -> dict[str, ApiType]:
        return {name: str for level in self.levels for name in (level, f"{level}_en")}

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        return {
            f"{level}{suffix}": rows[f"{level}__name{suffix}"]
            for level in self.levels
            for suffix in ("", "_en")
        }
