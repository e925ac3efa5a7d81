"""The floor itself."""

from bench.asking import compare
from bench.goals import Bench, Result, measures
from bench.pages import hello
from bench.readers import PLACES


@measures("hello")
def floor(bench: Bench) -> list[Result]:
    """Measure the empty page against itself: its spread is that of the machine."""
    return compare(bench.line, [(name, hello(name), hello(name)) for name in PLACES], bench.rounds)
