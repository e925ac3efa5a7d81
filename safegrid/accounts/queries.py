"""Who holds which post, and what that reaches."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding, Involvement, PastUnit, Post, PostScope, Substitution, User
from safegrid.grid.choices import Level
from safegrid.grid.gazetteer import gazetteer
from safegrid.grid.models import Matter, Unit
from safegrid.kernel import clock
from safegrid.kernel.prepared import Prepared
from safegrid.kernel.scope import NOWHERE, Branch, Reach
from safegrid.kernel.sockets import Socket

#: What else every page says of a person, by name: an SQL expression of one value, in which the table `held`
#: has the ids of their posts. It comes in the query that every request begins with.
beside: Socket[str] = Socket("values beside a person")


@dataclass(frozen=True)
class Standing:
    """As what a person stands before the portal: their posts in order, and what these reach together."""

    posts: tuple[Post, ...] = ()
    reach: Reach = NOWHERE
    beside: Mapping[str, Any] = field(default_factory=dict)  # what is plugged into `beside`, by name


def holders(posts: Iterable[int], *, on: dt.date) -> dict[int, User]:
    """Return who answers for each post on the local day `on`: the substitute, else the holder.

    A post that nobody holds, or whose holder is disabled, is missing from the result. On a day that is over
    a disabled one answered all the same: since when they are disabled is not kept. Two queries.
    """
    ids = list(posts)
    found: dict[int, User] = {}
    is_over = on < clock.local_date(clock.now())
    able = models.Q() if is_over else models.Q(user__is_active=True)
    for model in (Holding, Substitution):  # the substitute comes second and wins
        rows = model.objects.filter(able, post__in=ids, span__contains=on)
        found.update({row.post_id: row.user for row in rows.select_related("user")})
    return found


def units_on(posts: Iterable[int], *, on: dt.date) -> dict[int, Unit]:
    """Return the bodies in which posts were on the local day `on`, of those that were in another one then.

    One query.
    """
    rows = PastUnit.objects.filter(post__in=list(posts), until__gt=on).select_related("unit")
    return {row.post_id: row.unit for row in rows.order_by("-until", "-pk")}


def involved(model: type[models.Model], posts: Iterable[int]) -> models.QuerySet[Any]:
    """Return the ids of the subjects of `model` in which one of `posts` is involved now.

    Those that may lie outside their scopes: the others are reached by these.
    """
    kind = ContentType.objects.get_for_model(model)
    now = Involvement.objects.filter(until=None, is_outside=True)
    return now.filter(post__in=list(posts), subject_type=kind).values("subject_id")


USER = tuple(field.attname for field in User._meta.concrete_fields)
POST = ("id", "title", "title_en", "kind", "unit_id", "enterprise_id", "created_at")


@cache
def _person() -> Prepared:
    """Return a person with their posts on a day, each with every one of its scopes; without one, one row.

    One statement in words of its own, because every request of the portal begins with it.
    """
    more = "".join(f", ({expression})" for expression in beside)
    return Prepared(
        "person",
        f"""
        WITH held AS MATERIALIZED (
            SELECT post_id FROM accounts_holding WHERE user_id = $1 AND span @> $2
            UNION
            SELECT post_id FROM accounts_substitution WHERE user_id = $1 AND span @> $2
        )
        SELECT {", ".join(f"person.{column}" for column in USER)},
            {", ".join(f"post.{column}" for column in POST)},
            EXISTS (
                SELECT FROM accounts_involvement WHERE post_id = post.id AND until IS NULL AND is_outside
            ),
            scope.id, scope.acting, scope.unit_id, scope.enterprise_id, scope.district_id, district.level,
            scope.matter_id, CASE WHEN scope.matter_id IS NOT NULL THEN ARRAY(
                SELECT below.id FROM grid_matter AS root JOIN grid_matter AS below
                ON starts_with(below.path, root.path) WHERE root.id = scope.matter_id
            ) END,
            {gazetteer.edition}{more}
        FROM accounts_user AS person
        LEFT JOIN held ON TRUE
        LEFT JOIN accounts_post AS post ON post.id = held.post_id
        LEFT JOIN accounts_postscope AS scope ON scope.post_id = post.id
        LEFT JOIN grid_district AS district ON district.id = scope.district_id
        WHERE person.id = $1
        ORDER BY post.id, scope.id
        """,  # noqa: S608 (names of our own)
        "bigint",
        "date",
    )


def person(pk: int, *, on: dt.date) -> User | None:
    """Return the user with `pk`, their standing on the local day `on` known already. One query."""
    rows = _person().rows(pk, on)
    if not rows:
        return None
    user = User.from_db("default", USER, rows[0][: len(USER)])
    user.standing = _standing(rows)
    return user


def standing(user: User, *, on: dt.date) -> Standing:
    """Return the posts that `user` holds or stands in for on the local day `on`, and what they reach.

    One query.
    """
    return _standing(_person().rows(user.pk, on))


def _standing(rows: Iterable[tuple[Any, ...]]) -> Standing:
    posts: dict[int, Post] = {}
    branches = []
    is_involved = False
    names = [name for name, _expression in beside.items()]
    said: dict[str, Any] = {}
    for row in rows:
        end = len(row) - len(names)
        own = row[len(USER) :][: len(POST)]
        takes_part, scope, *reached, edition = row[len(USER) + len(POST) : end]
        said = dict(zip(names, row[end:], strict=True))
        if own[0] is None:
            continue  # a person without a post
        is_involved = is_involved or takes_part
        if own[0] not in posts:
            posts[own[0]] = Post.from_db("default", POST, own)
        if scope is not None:
            branches.append(_branch(posts[own[0]], *reached))
    if not posts:
        return Standing()
    reach = Reach(frozenset(posts), tuple(branches), involved if is_involved else None, edition)
    return Standing(tuple(posts.values()), reach, said)


def scope_of(post: Post) -> Reach:
    """Return what `post` reaches by its scopes alone, without what it has become part of."""
    return scopes_of([post])[post.pk]


def scopes_of(posts: Iterable[Post]) -> dict[int, Reach]:
    """Return likewise by their ids what each of `posts` reaches by its scopes alone. At most two queries."""
    by_id = {post.pk: post for post in posts}
    rows = PostScope.objects.filter(post__in=by_id).select_related("district", "matter").order_by("pk")
    scopes = list(rows.defer("district__boundary"))
    is_narrowed = any(row.matter_id for row in scopes)
    matters = list(Matter.objects.values_list("pk", "path")) if is_narrowed else []
    branches: dict[int, list[Branch]] = {pk: [] for pk in by_id}
    for row in scopes:
        level = row.district.level if row.district else None
        place = (row.unit_id, row.enterprise_id, row.district_id, level)
        below = [pk for pk, path in matters if row.matter and path.startswith(row.matter.path)]
        branches[row.post_id].append(_branch(by_id[row.post_id], row.acting, *place, row.matter_id, below))
    return {pk: Reach(branches=tuple(found)) for pk, found in branches.items()}


def _branch(
    post: Post,
    acting: bool,
    unit: int | None,
    enterprise: int | None,
    district: int | None,
    level: str | None,
    matter: int | None,
    matters: list[int] | None,
) -> Branch:
    city = level == Level.CITY
    return Branch(
        post_id=post.pk,
        acting=acting,
        city=city,
        level=None if city else level,
        place_id=None if city else district,
        matter_id=matter,
        matter_ids=frozenset(matters or ()),
        unit_id=unit,
        enterprise_id=enterprise,
        whole=post.kind == PostKind.AUDITOR,
    )
