"""Items of checklists that a hazard entered by hand can be one of: so it is known again when it recurs."""

from collections.abc import Callable
from dataclasses import dataclass

from safegrid.grid.models import Site
from safegrid.kernel.sockets import Socket

Group = tuple[str, list[tuple[str, str]]]  # a matter in words; codes of items with their sentences


@dataclass(frozen=True)
class Items:
    """The items that apply to a site: those that an enterprise answers itself, or those of inspections."""

    read: Callable[[Site, bool], list[Group]]


#: An upper floor plugs in the checklists it keeps.
items: Socket[Items] = Socket("items of checklists")


def offered(site: Site, *, own: bool) -> list[Group]:
    """Return what a hazard at `site` can be an item of; `own`: for the enterprise itself."""
    return [group for plug in items for group in plug.read(site, own)]


def is_offered(code: str, site: Site, *, own: bool) -> bool:
    """Return whether `code` is of an item that applies to `site`."""
    return any(code == each for _matter, group in offered(site, own=own) for each, _words in group)
