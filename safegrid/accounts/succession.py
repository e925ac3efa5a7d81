"""Scopes follow their places when these are reorganised, and posts their enterprise when it is merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from safegrid.accounts.models import Post, PostScope
from safegrid.audit.services import Deed, record_many
from safegrid.grid.sockets import Merged, SuccessionFollower, merged_rows, succession_followers


def count(places: Sequence[int]) -> list[tuple[str, int]]:
    """Return how many scopes lie over these places. One query."""
    return [(_("scopes of posts"), PostScope.objects.filter(district__in=places).count())]


def follow(
    went: Mapping[int, Sequence[int]], *, on: dt.date, actor: Any, acting_post: Any, now: dt.datetime
) -> None:
    """Let each scope over an old place be one over each new one; the ledger keeps what it was."""
    old = list(PostScope.objects.filter(district__in=list(went)).select_related("post").order_by("pk"))
    wanted: dict[tuple[int, int, int | None], bool] = {}
    deeds = []
    for scope in old:
        for place in went[scope.district_id]:  # type: ignore[index]
            key = (scope.post_id, place, scope.matter_id)
            wanted[key] = wanted.get(key, False) or scope.acting
        data = {"from": scope.district_id, "to": list(went[scope.district_id]), "on": on}  # type: ignore[index]
        deeds.append(Deed(scope.post, "scope.succeeded", data))
    PostScope.objects.filter(pk__in=[scope.pk for scope in old]).delete()
    PostScope.objects.bulk_create(
        PostScope(post_id=post, district_id=place, matter_id=matter, acting=acting)
        for (post, place, matter), acting in wanted.items()
    )
    record_many(deeds, actor=actor, acting_post=acting_post, now=now)


succession_followers.plug("scopes", SuccessionFollower(count, follow), order=10)
merged_rows.plug("posts", Merged(Post, ("enterprise",)), order=10)
merged_rows.plug("scopes", Merged(PostScope, ("enterprise",), is_told=False), order=10)
