"""The floor itself."""

from bench.asking import Ask, compare
from bench.goals import Bench, Result, measures
from bench.readers import PLACES, session

PATH, MARKER = "/bench/hello", "hello"


def hello(username: str) -> Ask:
    """Return the empty page as somebody asks for it."""
    return Ask(PATH, session(username), MARKER)


@measures("hello")
def floor(bench: Bench) -> list[Result]:
    """Measure the empty page against itself: its spread is that of the machine."""
    pairs = [(name, hello(name), hello(name)) for name in PLACES]
    found = compare(bench.line, pairs, bench.rounds)
    return [Result(result.variant, result.ours, result.baseline) for result in found]
