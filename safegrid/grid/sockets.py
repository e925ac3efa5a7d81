"""What the grid's pages show of what upper floors know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q
from django.http import HttpRequest

from safegrid.grid.models import Site
from safegrid.kernel.sockets import Socket

#: A part of a site's page: given the request and a site that its reader reaches, the name of a template
#: and its context; None when there is nothing to show. It costs the same queries however much there is.
Panel = Callable[[HttpRequest, Site], tuple[str, dict[str, Any]] | None]

site_panels: Socket[Panel] = Socket("site panels")


@dataclass(frozen=True)
class PlaceAction:
    """What can be done with places that somebody has ticked in a list or chosen on the map."""

    label: Any  # a verb
    #: Where it is done, for a request; "" for whoever may not. The codes go along as `places`.
    url: Callable[[HttpRequest], str]


place_actions: Socket[PlaceAction] = Socket("what can be done with places")

#: The address of a unit's own page, for its id; the list of units leads there where somebody plugs it in.
unit_pages: Socket[Callable[[int], str]] = Socket("pages of units")


@dataclass(frozen=True)
class Consequence:
    """What a change of status does to some of what is open: told before it is done."""

    what: Any  # e.g. "Self-inspection"
    effect: Any  # e.g. "rests until work begins again"
    count: int
    source: str = ""  # where that is laid down


@dataclass(frozen=True)
class StatusFollower:
    """What follows the status of sites on an upper floor.

    Both take the ids of sites and the status that decides: that of the change, or for a seasonal one in its
    season `operating`.
    """

    preview: Callable[[Sequence[int], str], Sequence[Consequence]]
    #: In the transaction of the change; doing it twice changes nothing. Takes `now` by name.
    follow: Callable[..., None]


status_followers: Socket[StatusFollower] = Socket("what follows the status of a site")


@dataclass(frozen=True)
class MoveFollower:
    """What an upper floor does when sites stand in another place, beside rows that carry their place."""

    #: For a site and the columns of the place where it would stand; told before it is done.
    preview: Callable[[Site, Mapping[str, int | None]], Sequence[Consequence]]
    #: In the transaction of the move; takes the sites that have moved, each with the place columns of before,
    #: and by name who did it and when. Doing it twice changes nothing.
    follow: Callable[..., None]


move_followers: Socket[MoveFollower] = Socket("what follows the move of a site")


@dataclass(frozen=True)
class Merged:
    """Rows that go along when two records of one enterprise become one: those that are open or lasting."""

    model: type[Model]
    enterprise: tuple[str, ...] = ()  # its columns that name the enterprise
    site: str = ""  # its column that names the site
    only: Q = field(default_factory=Q)
    twins: bool = True  # also of a site that the other record has too; else it stays there
    is_told: bool = True  # before it is done


merged_rows: Socket[Merged] = Socket("rows that follow a merged enterprise")


@dataclass(frozen=True)
class SuccessionFollower:
    """What an upper floor keeps by place, and what it does when places are reorganised."""

    #: What is kept over these places (ids), in words, and how much: told before it is done.
    count: Callable[[Sequence[int]], Sequence[tuple[str, int]]]
    #: In the transaction; takes the ids of new places by old ones, and by name `on` and who does it.
    follow: Callable[..., None]


succession_followers: Socket[SuccessionFollower] = Socket("what follows a reorganisation of places")


@dataclass(frozen=True)
class OfUnit:
    """Rows of a body that go along when another one follows it: those that are open or lasting."""

    model: type[Model]
    unit: str = "unit"  # its column that names the body
    post: str = ""  # its column that names the post of the body: the row goes where the post goes
    only: Q = field(default_factory=Q)
    #: Where the row names no post: gives the body to which it goes, as an expression by `OuterRef("pk")`.
    body: Any = None


unit_rows: Socket[OfUnit] = Socket("rows that follow a body")

#: What is carried out on its day, beside changes of places and of status: takes `now` by name, returns how
#: much there was. Safe to repeat.
day_keepers: Socket[Callable[..., int]] = Socket("what is carried out on its day")


@dataclass(frozen=True)
class MapLayer:
    """A figure that the map can show for each place."""

    code: str
    label: Any
    #: For somebody and a level of the district tree: how many in each place, by its id; None for what
    #: stands in no place of that level. One query, within what they may read.
    counts: Callable[[Any, str], Mapping[int | None, int]]
    #: The address of the list that a number counts: for a level and a code, or all of it for "", "".
    url: Callable[[str, str], str]
    is_bad: bool = False  # many are bad news
    unplaced_url: Callable[[], str] | None = None  # the list of what stands in no district yet


map_layers: Socket[MapLayer] = Socket("map layers")

#: Addresses of GeoJSON that the map draws over its areas: what somebody has to mend there.
map_drawings: Socket[Callable[[], str]] = Socket("what the map draws over areas")

#: Models that carry the place of their `site` as columns, and follow it when it moves.
placed_rows: Socket[type[Model]] = Socket("rows that follow their site")
