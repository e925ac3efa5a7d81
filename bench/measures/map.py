"""The map: a viewport of points, and the whole city as counts by township."""

from bench.asking import Ask, compare
from bench.goals import Bench, Result, measures
from bench.pages import hello
from bench.readers import CITY, DISTRICT, session, user
from safegrid.grid.map.queries import MAX_POINTS
from safegrid.grid.models import Site

PATH = "/grid/map/sites.json"


@measures("map_viewport")
def viewport(bench: Bench) -> list[Result]:
    """As many points as are drawn one by one, in the thick of the city."""
    pairs = []
    for who in (DISTRICT, CITY):
        box, count = densest_box(who)
        ask = Ask(f"{PATH}?box={box}", session(who), '"', 2 * count)
        pairs.append((f"{who}: {count} points", ask, hello(who)))
    return compare(bench.line, pairs, bench.rounds)


@measures("map_city")
def city(bench: Bench) -> list[Result]:
    """Everything at once, which is drawn as counts; in a small city it is still points."""
    marker = '"counts"' if Site.objects.exclude(longitude=None).count() > MAX_POINTS else '"sites"'
    return compare(bench.line, [(CITY, Ask(PATH, session(CITY), marker), hello(CITY))], bench.rounds)


def densest_box(username: str) -> tuple[str, int]:
    """Return the largest box around a site of somebody's scope that still shows points, and their number."""
    rows = Site.objects.visible_to(user(username)).exclude(longitude=None)
    first = rows.order_by("pk").values("longitude", "latitude")[0]
    x, y = round(first["longitude"] or 0, 4), round(first["latitude"] or 0, 4)
    narrow, wide = 0.0, 1.0  # degrees
    best = ("", 0)
    for _ in range(20):
        reach = round((narrow + wide) / 2, 4)
        west, south, east, north = (round(side, 4) for side in (x - reach, y - reach, x + reach, y + reach))
        inside = rows.filter(longitude__range=(west, east), latitude__range=(south, north))
        count = inside[: MAX_POINTS + 1].count()
        if count > MAX_POINTS:
            wide = reach
        else:
            narrow = reach
            best = (f"{west},{south},{east},{north}", count)
    return best
