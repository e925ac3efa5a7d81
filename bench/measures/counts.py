"""Queries and rows of a page: figures that no machine changes, so they count at any scale."""

from django.urls import reverse

from bench.goals import Bench, Result, measures
from bench.pages import selection
from bench.plans import asked
from bench.readers import CELL, CITY, DISTRICT, ENTERPRISE, EVERYBODY, MATTER, OFFICER, TOWNSHIP
from safegrid.kernel.listing import Listing, listings
from safegrid.kernel.listing.declaration import PAGE_SIZE


def queries(username: str, listing: Listing, query: str) -> int:
    """Return the number of queries of a page of a list."""
    return len(asked(username, f"{reverse(listing.view)}?{query}").queries)


@measures("counts_queries")
def how_many(bench: Bench) -> list[Result]:
    """Every list, for everybody."""
    return [
        Result(f"{who}: {name}", [queries(who, listing, "tab=all")], [], "queries")
        for name, listing in listings.items()
        for who in EVERYBODY
    ]


@measures("counts_queries_alike")
def alike(bench: Bench) -> list[Result]:
    """A full page of a list beside a page with one row."""
    found = []
    for name, query in (("hazards", "sort=number"), ("sites", "sort=name")):
        for who in EVERYBODY:
            row = selection(who, listings[name], f"tab=all&{query}").page(size=1).rows
            one = f"tab=all&q={row['number'][0]}" if name == "hazards" else f"q={row['address'][0]}"
            full = queries(who, listings[name], f"tab=all&{query}")
            found.append(Result(f"{who}: {name}", [full], [queries(who, listings[name], one)], "queries"))
    return found


@measures("counts_rows")
def rows(bench: Bench) -> list[Result]:
    """Rows touched for each row shown, for whoever heads a place."""
    return touched_by(TOWNSHIP, DISTRICT, CITY, ENTERPRISE)


@measures("counts_rows_narrow")
def rows_narrow(bench: Bench) -> list[Result]:
    """The same for whoever reaches a cell or a matter, and what they found or ordered beside it."""
    return touched_by(CELL, OFFICER, MATTER)


def touched_by(*usernames: str) -> list[Result]:
    """Return the rows touched on the first page of each order of hazards and enterprises, for each shown."""
    found = []
    for name in ("hazards", "sites"):
        listing = listings[name]
        for who in usernames:
            for sort in listing.sorts:
                query = f"tab=all&sort={'-' if sort.descending else ''}{sort.key}"
                shown = len(selection(who, listing, query).page().rows)
                touched = asked(who, f"{reverse(listing.view)}?{query}").rows_examined()
                each = touched / max(shown, PAGE_SIZE / 5)
                found.append(Result(f"{who}: {name}, {query}", [each], [], "rows", {"touched": touched}))
    return found
