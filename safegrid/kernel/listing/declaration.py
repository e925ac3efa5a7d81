"""What a list is: its declaration, and the socket in which every list of the portal is registered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import get_language

from safegrid.kernel.listing.columns import Column
from safegrid.kernel.listing.select import Select
from safegrid.kernel.sockets import Socket

if TYPE_CHECKING:
    from safegrid.kernel.listing.filters import ListingFilterSet

PAGE_SIZE = 50
EVERYTHING = "all"  # the saved view that leaves nothing out


@dataclass(frozen=True)
class Sort:
    """An order of rows: by a column of the model's own that is never null, then by id.

    The pair is unique and stands in an index, so that any page costs the same.
    """

    key: str
    field: str
    up: Any  # what ascending is called, e.g. "Oldest first"
    down: Any
    descending: bool = False  # the direction that is offered first


@dataclass(frozen=True)
class Tab:
    """A saved view: rows narrowed by who looks and when."""

    key: str
    label: Any
    narrow: Callable[[Any, Any, dt.datetime], Any] = lambda rows, user, now: rows


@dataclass(frozen=True)
class Action:
    """What may be done from a list's page, as a button above it."""

    label: Any  # a verb
    url: str
    icon: str = "plus"
    main: bool = True  # coming first, it is what the page is for; else it is one of several


@dataclass(frozen=True)
class MapSpec:
    """How rows stand on a map: the fields of their position (degrees, WGS-84), and what else goes along."""

    longitude: str
    latitude: str
    properties: tuple[str, ...]  # keys of columns; their API values become properties


class Words(NamedTuple):
    """What a list says in one language, worked out once."""

    title: str
    heads: tuple[str, ...]  # of the columns of a page
    tabs: tuple[str, ...]
    sorts: Mapping[tuple[str, bool], str]  # by key and whether it is descending


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list of the portal."""

    name: str  # in the API's address and in file names
    model: type[Model]
    title: Any
    view: str  # name of the page's address
    filterset: type[ListingFilterSet]
    columns: tuple[Column, ...]
    sorts: tuple[Sort, ...]  # the first is where a list begins
    tabs: tuple[Tab, ...] = (Tab(EVERYTHING, ""),)  # the first is where a list begins
    map: MapSpec | None = None
    #: What no join gives: fields that columns read, by their expressions; the same for everybody and any day.
    expressions: Mapping[str, Any] = field(default_factory=dict)
    #: Gives exact numbers of views from sums that are kept, for a person, the filters that are set, and
    #: now; a view that it leaves out is counted, up to a cap.
    summed: Callable[[Any, Mapping[str, Any], dt.datetime], Mapping[str, int]] | None = None
    #: What whoever asks may do from here.
    actions: Callable[[HttpRequest], Sequence[Action]] = lambda request: ()
    search: Any = ""  # what the search box looks through
    empty: Any = ""  # what to do when there is nothing

    def __post_init__(self) -> None:
        for sort in self.sorts:
            if self.model._meta.get_field(sort.field).null:
                raise ImproperlyConfigured(f"{self.name}: {sort.field} may be null, no list sorts by it")
        keys = [column.key for column in self.flat]
        for column in self.flat:
            if column.sort and column.sort not in {sort.key for sort in self.sorts}:
                raise ImproperlyConfigured(f"{self.name}: {column.key} names no sort")
        if EVERYTHING not in {tab.key for tab in self.tabs}:
            raise ImproperlyConfigured(f"{self.name}: no view shows everything")
        if len(set(keys)) < len(keys):
            raise ImproperlyConfigured(f"{self.name}: a column is there twice")

    @cached_property
    def flat(self) -> tuple[Column, ...]:
        """The columns of sheets and the API: those below others stand beside them."""
        return tuple(each for column in self.columns for each in column.flat)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """What one query selects, once: the id, and every field that a column reads or a sort goes by."""
        read = (name for column in self.flat for name in column.fields)
        return tuple(dict.fromkeys(["id", *read, *(sort.field for sort in self.sorts)]))

    @cached_property
    def selected(self) -> Select:
        """The part of a page's query that is the same for everybody."""
        return Select(self.name, self.model, self.fields, self.expressions)

    @property
    def place(self) -> tuple[str, ...]:
        """The fields of a row's position, on lists that stand on a map, where no column shows them."""
        wanted = (self.map.longitude, self.map.latitude) if self.map else ()
        return tuple(name for name in wanted if name not in self.fields)

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        """The columns by their keys."""
        return {column.key: column for column in self.flat}

    @property
    def words(self) -> Words:
        """What the list says in the reader's language."""
        return self._words(get_language())

    @cached_property
    def _words(self) -> Callable[[str | None], Words]:
        @cache
        def words(language: str | None) -> Words:
            return Words(
                str(self.title),
                tuple(str(column.label) for column in self.columns),
                tuple(str(tab.label) for tab in self.tabs),
                {
                    (sort.key, descending): str(sort.down if descending else sort.up)
                    for sort in self.sorts
                    for descending in (False, True)
                },
            )

        return words

    @property
    def first_sort(self) -> Sort:
        """The order in which the list begins."""
        return self.sorts[0]


#: Every list of the portal. The API, the export tests and the leak tests run over all of them.
listings: Socket[Listing] = Socket("listings")
