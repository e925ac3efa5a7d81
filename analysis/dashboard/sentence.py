"""The sentence above the tiles: what changed, and where."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from analysis.dashboard.focus import Focus
from analysis.dashboard.queries import Tile, hazards_in
from hazards.models import late
from safegrid.kernel.names import choose


def sentence(user: Any, focus: Focus, tiles: list[Tile]) -> str:
    """Return one or two sentences about what is overdue and where most of it lies. Two queries."""
    overdue = next(tile for tile in tiles if tile.key == "overdue")
    if not overdue.value:
        return _("Nothing is overdue.")
    words = {"n": overdue.value, "change": abs(overdue.change or 0), "days": focus.days}
    if (overdue.change or 0) > 0:
        first = _("Overdue hazards rose by %(change)s to %(n)s in %(days)s days.") % words
    elif (overdue.change or 0) < 0:
        first = _("Overdue hazards fell by %(change)s to %(n)s in %(days)s days.") % words
    else:
        first = _("Overdue hazards: %(n)s, as many as %(days)s days ago.") % words
    rows = hazards_in(user, focus).filter(late(focus.now))
    matter = _most(rows, "matter__name", "matter__name_en")
    place = _most(rows, "township__name", "township__name_en")
    if matter and place:
        second = _("%(n)s of them: %(matter)s; %(m)s in %(place)s.") % {
            "n": matter[1],
            "matter": matter[0],
            "m": place[1],
            "place": place[0],
        }
        return _("%(first)s %(second)s") % {"first": first, "second": second}
    return first


def _most(rows: Any, name: str, name_en: str) -> tuple[str, int] | None:
    row = (
        rows.exclude(**{name: None})
        .values(name, name_en)
        .annotate(n=Count("pk"))
        .order_by("-n", name)
        .first()
    )
    return None if row is None else (choose(row[name], row[name_en]), row["n"])
