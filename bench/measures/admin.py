"""What Django's own list costs: the reason for having one of our own."""

from bench.asking import Ask, compare
from bench.goals import Bench, Result, measures
from bench.pages import after, page
from bench.readers import ADMIN, session
from hazards.models import Hazard
from safegrid.kernel.listing.declaration import PAGE_SIZE

DEEP = 10_000  # the page at scale 1
QUERY = "tab=all&sort=-found"
PATH = "/bench/admin/hazards/hazard/"


@measures("admin_first")
def first(bench: Bench) -> list[Result]:
    """Its first page beside ours, in the same order."""
    theirs = Ask(PATH, session(ADMIN), "field-number", PAGE_SIZE)
    return compare(bench.line, [("first page", theirs, page(ADMIN, "hazards", QUERY))], bench.rounds)


@measures("admin_deep")
def deep(bench: Bench) -> list[Result]:
    """Its page in the middle of the list beside ours at the same place."""
    number = max(2, round(DEEP * bench.scale))
    before = (number - 1) * PAGE_SIZE
    row = Hazard.objects.order_by("-found_at", "-id").values("id", "found_at")[before - 1]
    theirs = Ask(f"{PATH}?p={number}", session(ADMIN), "field-number", PAGE_SIZE)
    return compare(
        bench.line, [(f"page {number}", theirs, after(ADMIN, "hazards", QUERY, row))], bench.rounds
    )
