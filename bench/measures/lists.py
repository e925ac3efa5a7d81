"""Lists: of hazards and of enterprises, in every scope, filtered and sorted, first page and last."""

import datetime as dt

from bench.asking import compare
from bench.goals import Bench, Result, measures
from bench.pages import hello, last_page, page
from bench.readers import CELL, CITY, DISTRICT, ENTERPRISE, MATTER, OFFICER, TOWNSHIP

HEADS = (TOWNSHIP, DISTRICT, CITY)


def hazard_queries(today: dt.date) -> dict[str, str]:
    """Return what heads look for in the list of hazards, by what it is called."""
    year_ago = today - dt.timedelta(days=365)
    return {
        "open, due first": "tab=open&sort=due",
        "overdue, due first": "tab=overdue&sort=due",
        "closed, found last": "tab=all&state=closed",
        "fire, by number": "tab=all&matter=fire&sort=number",
        "of a year, general": f"tab=all&grade=general&found_from={year_ago}&found_to={today}&sort=found",
        "of an industry": "tab=open&industry=H",
    }


SITE_QUERIES = {
    "by name": "sort=name",
    "newest": "sort=-new",
    "high risk": "tab=high&sort=name",
    "fire, of an industry": "matter=fire&industry=H&sort=-new",
}


@measures("hazard_list")
def hazard_list(bench: Bench) -> list[Result]:
    """Full pages of what a head looks for."""
    pairs = [
        (f"{who}: {name}", page(who, "hazards", query), hello(who))
        for who in HEADS
        for name, query in hazard_queries(bench.today).items()
    ]
    small = "tab=open&district=630123000000"
    pairs.append((f"{CITY}: open, of the smallest district", page(CITY, "hazards", small), hello(CITY)))
    return compare(bench.line, pairs, bench.rounds)


@measures("hazard_list_deep")
def hazard_list_deep(bench: Bench) -> list[Result]:
    """The last full page beside the first one."""
    pairs = [
        (f"{who}: {query}", last_page(who, "hazards", query), page(who, "hazards", query))
        for who in HEADS
        for query in ("tab=all&sort=-found", "tab=open&sort=due", "tab=all&sort=number")
    ]
    return compare(bench.line, pairs, bench.rounds)


@measures("enterprise_list")
def enterprise_list(bench: Bench) -> list[Result]:
    """Full pages of the list of enterprises."""
    pairs = [
        (f"{who}: {name}", page(who, "sites", query), hello(who))
        for who in HEADS
        for name, query in SITE_QUERIES.items()
    ]
    return compare(bench.line, pairs, bench.rounds)


@measures("narrowest_scope")
def narrowest_scope(bench: Bench) -> list[Result]:
    """The same full page for whoever reaches little, and for whoever reaches everything."""
    pairs = [
        (f"{who}: {query}", page(who, "hazards", query), page(CITY, "hazards", query))
        for who in (CELL, ENTERPRISE, OFFICER, MATTER)
        for query in ("tab=all&sort=-found", "tab=all&sort=due", "tab=all&sort=number")
    ]
    return compare(bench.line, pairs, bench.rounds)
