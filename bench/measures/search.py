"""Search: two characters of Chinese are a word, and a rare one must not cost a walk through everything."""

from urllib.parse import urlencode

from bench.asking import Ask, compare
from bench.data.hazards import RARE
from bench.goals import Bench, Result, measures
from bench.pages import hello, page
from bench.readers import CITY, DISTRICT, TOWNSHIP, session


@measures("search_rare")
def rare(bench: Bench) -> list[Result]:
    """A word that stands in a handful of hazards: in the list, and in the search over everything."""
    wanted = urlencode({"q": RARE})
    pairs = [(f"{CITY}: list", page(CITY, "hazards", f"tab=all&{wanted}"), hello(CITY))]
    for who in (DISTRICT, TOWNSHIP):
        found = Ask(f"/hazards/?tab=all&{wanted}", session(who), RARE)
        pairs.append((f"{who}: list", found, hello(who)))
    pairs.append((f"{CITY}: everywhere", Ask(f"/search/?{wanted}", session(CITY), RARE), hello(CITY)))
    return compare(bench.line, pairs, bench.rounds)
