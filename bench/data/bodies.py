"""Who finds, orders and answers: the posts behind hazards, read once for all chunks."""

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from bench.data.sites import pick, zipf
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding, Post, PostScope
from safegrid.grid.models import Matter


@dataclass(frozen=True)
class Officer:
    """A post that finds hazards, its holder, and its unit."""

    post: int
    user: int
    unit: int


class Bodies:
    """Officers by district, grid officers by cell, supervisors by the matters they govern."""

    def __init__(self) -> None:
        users = dict(Holding.objects.values_list("post_id", "user_id"))
        kinds = (PostKind.OFFICER, PostKind.GRID_OFFICER, PostKind.SUPERVISOR)
        posts = {
            pk: Officer(pk, users[pk], unit)
            for pk, unit in Post.objects.filter(kind__in=kinds).order_by("pk").values_list("pk", "unit_id")
        }
        self.of_place: dict[int, list[Officer]] = defaultdict(list)
        self.of_matter: dict[int, list[Officer]] = defaultdict(list)
        trees = list(Matter.objects.values_list("pk", "path"))
        scopes = PostScope.objects.filter(post__in=posts).order_by("pk").select_related("matter")
        for scope in scopes:
            if scope.matter is None:
                self.of_place[scope.district_id or 0].append(posts[scope.post_id])
                continue
            for pk, path in trees:
                if path.startswith(scope.matter.path):
                    self.of_matter[pk].append(posts[scope.post_id])
        members = Post.objects.filter(enterprise__isnull=False).order_by("pk")
        self.of_enterprise = {
            enterprise: Officer(pk, users[pk], 0)
            for pk, enterprise in members.values_list("pk", "enterprise_id")
        }
        self._weights = {n: zipf(n) for n in range(1, 200)}

    def who_orders(self, rng: Random, district: int, cell: int | None, matter: int) -> Officer:
        """Return who finds and orders: mostly an officer of the district, at times a member unit's."""
        chance = rng.random()
        if cell and chance < 0.25 and cell in self.of_place:
            return self.of_place[cell][0]
        found = self.of_matter.get(matter) if chance > 0.75 else None
        found = found or self.of_place[district]
        officer: Officer = pick(rng, found, self._weights[len(found)])
        return officer
