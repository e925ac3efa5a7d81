"""Questions about penalties that form, service and page ask alike."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from hazards.choices import State
from hazards.models import Hazard
from hazards.penalties.models import Penalty
from hazards.sharing import is_officials_affair
from responsibility.units.heirs import speaks_for
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.grid.choices import UnitKind
from safegrid.grid.models import Matter, Site
from safegrid.kernel.scope import reach_of

#: Who inspects, and so may penalise; a grid officer gives no order and no penalty.
PENALISES = (PostKind.OFFICER, PostKind.SUPERVISOR)


def penalises(post: Post | None) -> bool:
    """Return whether `post` is an officer's of a body that may inspect; a coordinating office may not."""
    return (
        post is not None
        and post.kind in PENALISES
        and post.unit is not None
        and post.unit.kind != UnitKind.OFFICE
    )


def is_ground(hazard: Hazard, now: dt.datetime) -> bool:
    """Return whether a penalty may rest on `hazard`.

    What an enterprise found itself is none while it is in time (自查自改), also when it has called it major.
    Nor is what was cancelled.
    """
    return hazard.state != State.CANCELLED and is_officials_affair(hazard, now)


def may_penalise(hazard: Hazard, user: Any, post: Post | None) -> bool:
    """Return whether `user` may enter a penalty for `hazard` as `post`."""
    return penalises(post) and Hazard.objects.editable_by(user, post).filter(pk=hazard.pk).exists()


def may_penalise_at(site: Site, user: Any, post: Post | None) -> bool:
    """Return whether `user` may enter a penalty at `site` as `post`."""
    return penalises(post) and Site.objects.editable_by(user, post).filter(pk=site.pk).exists()


def matters_at(site: Site, user: Any, post: Post) -> QuerySet[Matter]:
    """Return the site's matters in which `user` may act as `post`, in the order of the tree."""
    branches = reach_of(user).of(acting=True, post_id=post.pk).branches
    matters = Matter.objects.filter(pk__in=site.matter_ids).order_by("path")
    if any(branch.matter_id is None for branch in branches):
        return matters
    return matters.filter(pk__in={pk for branch in branches for pk in branch.matter_ids})


def may_correct(penalty: Penalty, user: Any, post: Post | None) -> bool:
    """Return whether `user` may correct it as `post`: an officer of the body that decided, or follows it."""
    if not penalises(post) or post is None or not speaks_for(post.unit_id, penalty.unit_id):
        return False
    return Penalty.objects.editable_by(user, post).filter(pk=penalty.pk).exists()


def penalties_of(user: Any, **of: Any) -> list[Penalty]:
    """Return the penalties that `user` sees of a hazard or a site, annulled ones too. One query."""
    rows = Penalty.objects.visible_to(user).filter(**of, replaced_at=None)
    return list(rows.select_related("unit").order_by("-decided_on", "-pk"))
