"""Scope is data, and the only way in: which rows a person reaches, and through which post.

A person's posts give *branches*: a district subtree × a matter subtree, a unit, or an enterprise,
for reading or for acting. Beside them stands *involvement*: single subjects that a post has become
part of. `Model.objects.visible_to(user)` is the union of both, and every page, fragment, map, export,
form choice, file, search and API call goes through it. No post, no rows: whatever a model does not
declare is not reachable.

A model declares which of its columns carry its place, matter, enterprise, unit and post; no join and
no tree walk is needed to decide. It may also say which of its rows are `shared` with officials at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from typing import Self

#: Levels of the district tree that a row carries as a column, from wide to narrow.
LEVELS = ("district", "township", "community", "cell")

NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING


@dataclass(frozen=True)
class Branch:
    """One way by which a post reaches rows."""

    post_id: int
    acting: bool = False
    level: str | None = None  # one of LEVELS; None with `city` is the whole city
    place_id: int | None = None
    city: bool = False
    matter_id: int | None = None  # the root of the matter subtree; None: every matter
    matter_ids: frozenset[int] = frozenset()  # the whole subtree
    unit_id: int | None = None
    enterprise_id: int | None = None
    whole: bool = False  # reads what is not shared with officials too

    @property
    def is_everything(self) -> bool:
        """Whether this branch alone reaches every row that has a place."""
        return self.city and self.matter_id is None


@dataclass(frozen=True)
class Reach:
    """All that a person reaches at a moment, by every post they hold or substitute for."""

    post_ids: frozenset[int] = frozenset()
    branches: tuple[Branch, ...] = ()
    #: Gives the ids of the subjects of a model in which one of the posts is involved.
    involved: Callable[[type[models.Model], Iterable[int]], models.QuerySet[Any]] | None = None
    #: The edition of the remembered tables when this was read; see `safegrid.kernel.remembered`.
    edition: int = 0

    def of(self, *, acting: bool = False, post_id: int | None = None) -> Reach:
        """Return the part of this reach that may act, and the part of a single post."""
        branches = tuple(
            b for b in self.branches if (b.acting or not acting) and post_id in (None, b.post_id)
        )
        posts = self.post_ids if post_id is None else self.post_ids & {post_id}
        return Reach(posts, branches, self.involved, self.edition)

    @cached_property
    def enterprise_ids(self) -> frozenset[int]:
        """The enterprises that the person belongs to."""
        return frozenset(b.enterprise_id for b in self.branches if b.enterprise_id)

    @cached_property
    def is_official(self) -> bool:
        """Whether the person reaches places and not only an enterprise."""
        return any(b.city or b.level or b.unit_id for b in self.branches)

    @cached_property
    def is_everywhere(self) -> bool:
        """Whether no place of the city lies outside, for one matter or for all."""
        return any(b.city for b in self.branches)

    @cached_property
    def has_every_matter(self) -> bool:
        """Whether some place or unit is reached for every matter."""
        return any(b.unit_id or ((b.city or b.level) and b.matter_id is None) for b in self.branches)

    @cached_property
    def is_citywide(self) -> bool:
        """Whether the person reads everything in the city."""
        return any(b.is_everything for b in self.branches)


NOWHERE = Reach()


def reach_of(user: Any) -> Reach:
    """Return what `user` reaches; nothing for somebody who is not signed in or is disabled."""
    if not getattr(user, "is_authenticated", False) or not getattr(user, "is_active", False):
        return NOWHERE
    return user.reach


@dataclass(frozen=True)
class ScopeSpec:
    """Which columns of a model a scope is compared with. What is None cannot be reached that way."""

    place: str | None = None  # prefix of district_id, township_id, …; "" for own columns
    matter: str | None = None  # a column with one matter
    matter_array: str | None = None  # a column with the matters and all their ancestors
    unit: str | None = None
    enterprise: str | None = None
    posts: tuple[str, ...] = ()  # columns that name a post: its own rows
    involvement: bool = False
    #: What alone is reached by place, matter or unit, unless the branch reads the whole; nothing: every row.
    shared: Q | None = None

    def q(self, branch: Branch) -> Q | None:
        """Return the predicate of `branch` on such a model, or None when it reaches nothing there."""
        if branch.enterprise_id is not None:
            return None if self.enterprise is None else Q(**{self.enterprise: branch.enterprise_id})
        wanted = Q() if self.shared is None or branch.whole else self.shared
        if branch.unit_id is not None:
            return None if self.unit is None else wanted & Q(**{self.unit: branch.unit_id})
        if self.place is None or not (branch.city or branch.level):
            return None
        if not branch.city:
            wanted &= Q(**{f"{self.place}{branch.level}_id": branch.place_id})
        if branch.matter_id is not None:
            if self.matter is not None:
                wanted &= Q(**{f"{self.matter}__in": sorted(branch.matter_ids)})
            elif self.matter_array is not None:
                wanted &= Q(**{f"{self.matter_array}__contains": [branch.matter_id]})
            else:
                return None
        return wanted or EVERYTHING


_M = TypeVar("_M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[_M]):
    """A queryset that people reach rows through. The model declares `scope: ScopeSpec`."""

    def visible_to(self, user: Any) -> Self:
        """Return the rows that `user` may read."""
        return self.reached_by(reach_of(user))

    def editable_by(self, user: Any, post: Any = None) -> Self:
        """Return the rows on which `user` may act, as `post` when one is given."""
        return self.reached_by(reach_of(user).of(acting=True, post_id=post.pk if post is not None else None))

    def branches_for(self, user: Any) -> list[Self]:
        """Return disjunct ways to the rows that `user` may read, for `page`: their union is visible_to.

        A single one when it reaches everything, so that a wide scope costs one plain predicate.
        """
        predicates = self._predicates(reach_of(user))
        if any(p is EVERYTHING for p in predicates):
            return [self.all()]
        return [self.filter(p) for p in predicates] or [self.none()]

    def reached_by(self, reach: Reach) -> Self:
        """Return the rows that `reach` reaches: of a person, or of part of their posts."""
        predicates = self._predicates(reach)
        if any(p is EVERYTHING for p in predicates):
            return self.all()
        if not predicates:
            return self.none()
        union = predicates[0]
        for predicate in predicates[1:]:
            union |= predicate
        return self.filter(union)

    def _predicates(self, reach: Reach) -> list[Q]:
        spec: ScopeSpec = self.model.scope  # type: ignore[attr-defined]
        found: list[Q] = []
        for branch in reach.branches:
            predicate = spec.q(branch)
            if predicate is not None and predicate not in found:
                found.append(predicate)
        if reach.post_ids:
            posts = sorted(reach.post_ids)
            found += [Q(**{f"{column}__in": posts}) for column in spec.posts]
            if spec.involvement and reach.involved is not None:
                found.append(Q(pk__in=reach.involved(self.model, posts)))
        return found


def place_key(*, indexed: bool = True) -> models.ForeignKey[Any, Any]:
    """Return a column for a place. A large table has longer indexes that begin with it and needs no other."""
    return models.ForeignKey("grid.District", models.PROTECT, null=True, related_name="+", db_index=indexed)


class Placed(models.Model):
    """A row that carries its place as plain columns, so that no list walks a tree."""

    district = place_key()
    township = place_key()
    community = place_key()
    cell = place_key()

    class Meta:
        abstract = True

    @property
    def place_ids(self) -> dict[str, int | None]:
        """The place columns, to be copied onto a row that belongs to this one."""
        return {f"{level}_id": getattr(self, f"{level}_id") for level in LEVELS}
