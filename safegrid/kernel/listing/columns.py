"""Columns: how one row of `values()` becomes a cell on a page, cells of a sheet, and fields of the API.

A column names the fields it reads; the query selects exactly those of the columns that are shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from safegrid.kernel import clock
from safegrid.kernel.names import choose
from safegrid.kernel.templatetags.safegrid import days_over_text, late_text, until

Row = Mapping[str, Any]

#: The API's type of a value: one of str, int, date, datetime, list[str]; every value may be null.
ApiType = type


@dataclass(frozen=True)
class Cell:
    """What the table template shows of one value."""

    text: Any = ""
    tone: str = ""  # of a badge or a deadline: neutral, info, good, warn, bad, strong
    note: str = ""  # a second, quieter line
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of plain text."""

    key: str  # its name in the address and the API
    label: Any
    field: str
    sort: str = ""  # key of the sort that its heading switches
    main: bool = False  # what the row is called: the heading of the card on a phone
    second: Column | None = None  # shown quietly below; a column of its own in sheets and the API
    url: Callable[[Row], str] | None = None
    url_fields: tuple[str, ...] = ()

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

    def text(self, row: Row) -> Any:
        """Return the value as people read it."""
        value = row[self.field]
        return "" if value is None else value

    def tone(self, row: Row) -> str:
        """Return the value's tone; "" for none."""
        return ""

    def cell(self, row: Row, now: dt.datetime) -> Cell:
        """Return what a page shows."""
        text = self.text(row)
        note = self.second.text(row) if self.second else ""
        return Cell(
            text=text,
            tone=self.tone(row),
            note="" if note == text else note,
            url=self.url(row) if self.url else "",
        )

    def heads(self) -> tuple[Any, ...]:
        """Return the headings of the column's cells in a sheet."""
        return (self.label,)

    def plain(self, row: Row, now: dt.datetime) -> tuple[Any, ...]:
        """Return the values of the column's cells in a sheet: text, numbers, dates."""
        return (self.text(row),)

    def api_types(self) -> dict[str, ApiType]:
        """Return the names and types of the column's fields in the API."""
        return {self.key: self.api_type}

    def api(self, row: Row, now: dt.datetime) -> dict[str, Any]:
        """Return the column's fields in the API: codes and instants, independent of language."""
        return {self.key: row[self.field]}


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

    def text(self, row: Row) -> str:
        return choose(row[self.field], row[f"{self.field}_en"])

    def api_types(self) -> dict[str, ApiType]:
        return {self.key: str, f"{self.key}_en": str}

    def api(self, row: Row, now: dt.datetime) -> dict[str, Any]:
        return {self.key: row[self.field], f"{self.key}_en": row[f"{self.field}_en"]}


@dataclass(frozen=True, kw_only=True)
class ChoiceColumn(Column):
    """A value of a closed list, in words and with a tone; the API gives its code."""

    choices: Any  # a TextChoices class
    tones: Mapping[Any, str] | None = None  # by the values of `choices`
    style: str = "state"  # "state" is a badge, "dot" a coloured dot before the words

    kind: ClassVar[str] = "choice"

    def text(self, row: Row) -> str:
        value = row[self.field]
        return str(self.choices(value).label) if value else ""

    def tone(self, row: Row) -> str:
        return (self.tones or {}).get(row[self.field], "neutral")


@dataclass(frozen=True, kw_only=True)
class DateColumn(Column):
    """The local day of an instant, or a day; the API gives the instant."""

    instant: bool = True

    kind: ClassVar[str] = "date"

    def _day(self, row: Row) -> dt.date | None:
        value = row[self.field]
        return clock.local_date(value) if self.instant and value is not None else value

    def text(self, row: Row) -> str:
        day = self._day(row)
        return "" if day is None else day.isoformat()

    def plain(self, row: Row, now: dt.datetime) -> tuple[Any, ...]:
        return (self._day(row),)

    def api_types(self) -> dict[str, ApiType]:
        return {self.key: dt.datetime if self.instant else dt.date}


SOON = 3  # days before a deadline from which it is marked


def _closeness(over: int | None) -> str:
    """Return how near a deadline is: "over", "today", "soon", or "" while there is time."""
    if over is None or over < -SOON:
        return ""
    return "over" if over > 0 else "today" if over == 0 else "soon"


@dataclass(frozen=True, kw_only=True)
class DueColumn(Column):
    """A deadline: its day, and while it runs how far off it is, in words and not by colour alone.

    `over` gives the local days since it was due, negative before, None when nothing runs; it is the
    model's own definition, not one of the list's.
    """

    over: Callable[[Row, dt.datetime], int | None]
    over_fields: tuple[str, ...] = ()
    #: Whether the very moment has passed; one within a day is late on that day.
    late: Callable[[Row, dt.datetime], bool] = lambda row, now: False

    kind: ClassVar[str] = "due"

    @property
    def own_fields(self) -> tuple[str, ...]:
        return (self.field, *self.over_fields)

    def cell(self, row: Row, now: dt.datetime) -> Cell:
        over = self.over(row, now)
        day = self._day(row)
        text = "" if day is None else day.isoformat()
        if over is None:
            return Cell(text=text)
        if self.late(row, now):
            return Cell(text=text, note=late_text(over), tone="over")
        return Cell(text=text, note=days_over_text(over), tone=_closeness(over))

    def heads(self) -> tuple[Any, ...]:
        return (self.label, _("Days over"))

    def plain(self, row: Row, now: dt.datetime) -> tuple[Any, ...]:
        return (self._day(row), self.over(row, now))

    def api_types(self) -> dict[str, ApiType]:
        return {self.key: dt.date, "days_over": int}

    def api(self, row: Row, now: dt.datetime) -> dict[str, Any]:
        return {self.key: self._day(row), "days_over": self.over(row, now)}

    def _day(self, row: Row) -> dt.date | None:
        """Return the local day of the deadline, an instant or a day; None for the sentinel of none."""
        value = row[self.field]
        day = clock.last_day(value) if isinstance(value, dt.datetime) else value
        return day if until(day) else None


@dataclass(frozen=True, kw_only=True)
class PlaceColumn(Column):
    """Where a row stands: township, and its cell or district beside it; three columns in a sheet."""

    field: str = ""
    levels: tuple[str, ...] = ("district", "township", "cell")

    kind: ClassVar[str] = "place"

    @property
    def own_fields(self) -> tuple[str, ...]:
        return tuple(f"{level}__{name}" for level in self.levels for name in ("name", "name_en"))

    def cell(self, row: Row, now: dt.datetime) -> Cell:
        district, township, cell = self.plain(row, now)
        if not district:
            return Cell(text=gettext("to be placed"), tone="warn")
        return Cell(text=township or district, note=cell or (district if township else ""))

    def heads(self) -> tuple[Any, ...]:
        return (_("District"), _("Township or street"), _("Grid cell"))

    def plain(self, row: Row, now: dt.datetime) -> tuple[Any, ...]:
        return tuple(choose(row[f"{level}__name"], row[f"{level}__name_en"]) for level in self.levels)

    def api_types(self) -> dict[str, ApiType]:
        return {name: str for level in self.levels for name in (level, f"{level}_en")}

    def api(self, row: Row, now: dt.datetime) -> dict[str, Any]:
        return {
            f"{level}{suffix}": row[f"{level}__name{suffix}"]
            for level in self.levels
            for suffix in ("", "_en")
        }
