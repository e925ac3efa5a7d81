"""The sentence above the tiles: what changed, and where."""

from collections import Counter

from django.utils.translation import gettext as _

from analysis.dashboard.figures import Figures
from analysis.dashboard.queries import Tile
from safegrid.grid.counts import MATTER
from safegrid.grid.models import District, Matter


def sentence(figures: Figures, tiles: list[Tile]) -> str:
    """Return one or two sentences about what is overdue and where most of it lies.

    Two queries beside the figures'.
    """
    overdue = next(tile for tile in tiles if tile.key == "overdue")
    if not overdue.value:
        return _("Nothing is overdue.")
    words = {"n": overdue.value, "change": abs(overdue.change or 0), "days": figures.focus.days}
    if (overdue.change or 0) > 0:
        first = _("Overdue hazards rose by %(change)s to %(n)s in %(days)s days.") % words
    elif (overdue.change or 0) < 0:
        first = _("Overdue hazards fell by %(change)s to %(n)s in %(days)s days.") % words
    else:
        first = _("Overdue hazards: %(n)s, as many as %(days)s days ago.") % words
    matter, of_matter = _most(figures.overdue_by(figures.due_by_matter, MATTER))
    place, in_place = _most(figures.overdue_by(figures.due_by_township, "township"))
    if not (of_matter and in_place):
        return first
    second = _("%(n)s of them: %(matter)s; %(m)s in %(place)s.") % {
        "n": of_matter,
        "matter": Matter.objects.get(pk=matter).label,
        "m": in_place,
        "place": District.objects.defer("boundary").get(pk=place).label,
    }
    return _("%(first)s %(second)s") % {"first": first, "second": second}


def _most(counts: Counter[int]) -> tuple[int, int]:
    return max(counts.items(), key=lambda item: (item[1], -item[0]), default=(0, 0))
