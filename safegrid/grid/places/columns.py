"""The place columns of a row, read off the path of its node."""

from safegrid.grid.models.districts import District
from safegrid.kernel.scope import LEVELS


def columns(node: District | None) -> dict[str, int | None]:
    """Return `district_id`, `township_id`, `community_id` and `cell_id` for what stands in `node`.

    One query; levels below the node are None, and all of them for a site that is not placed.
    """
    found: dict[str, int | None] = dict.fromkeys((f"{level}_id" for level in LEVELS), None)
    if node is not None:
        paths = [node.path[: i * District.steplen] for i in range(1, node.depth + 1)]
        for pk, level in District.objects.filter(path__in=paths).values_list("pk", "level"):
            if level in LEVELS:
                found[f"{level}_id"] = pk
    return found
