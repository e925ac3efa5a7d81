"""What an audit looks at: the whole grid, or only what a change has touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from responsibility.coverage.models import Touch
from safegrid.grid.choices import Level
from safegrid.grid.models import Matter

MANY = 200  # touches beyond which everything is looked at: one pass is cheaper then


@dataclass(frozen=True)
class Region:
    """A condition on `site` and on a matter's id, with its parameters; an empty one leaves nothing out."""

    condition: str = ""
    params: tuple[tuple[str, Any], ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole grid."""
        return not self.condition

    def sql(self, matter: str) -> str:
        """Return the condition as SQL, with the column `matter`; " AND …", or nothing."""
        return f" AND ({self.condition.replace('MATTER', matter)})" if self.condition else ""


def region_of(touches: QuerySet[Touch] | Iterable[Touch]) -> Region:
    """Return the region of `touches`, which know their district and matter; the whole grid for many."""
    rows = list(touches)
    if len(rows) > MANY or any(touch.district and touch.district.level == Level.CITY for touch in rows):
        return Region()
    parts: dict[tuple[str, int | None], set[int]] = {}
    for touch in rows:
        column = f"site.{touch.district.level}_id" if touch.district else "site.id"
        parts.setdefault((column, touch.matter_id), set()).add(touch.district_id or touch.site_id or 0)
    conditions, params = [], {}
    inside = _inside({matter for _column, matter in parts if matter})
    for number, ((column, matter), ids) in enumerate(sorted(parts.items(), key=str)):
        params[f"touched_{number}"] = sorted(ids)
        condition = f"{column} = ANY(%(touched_{number})s)"
        if matter:
            params[f"matters_{number}"] = inside[matter]
            condition += f" AND MATTER = ANY(%(matters_{number})s)"
        conditions.append(condition)
    return Region(" OR ".join(f"({each})" for each in conditions) or "FALSE", tuple(params.items()))


def _inside(matters: set[int]) -> dict[int, list[int]]:
    """Return the ids of each matter's subtree."""
    if not matters:
        return {}
    every = list(Matter.objects.values_list("pk", "path"))
    paths = dict(every)
    return {pk: sorted(i for i, path in every if path.startswith(paths[pk])) for pk in matters}
