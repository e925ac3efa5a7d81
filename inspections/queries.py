"""Questions about visits that form, service and page ask alike."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from inspections.choices import VisitKind
from inspections.models import ChecklistItem
from inspections.reference import INSPECTION
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, PostScope
from safegrid.grid.models import Matter, Site

#: What kinds of visit a post makes. A coordinating office inspects nothing itself; a grid officer has no
#: power to inspect.
KINDS: dict[str, tuple[VisitKind, ...]] = {
    PostKind.OFFICER: (VisitKind.INSPECTION, VisitKind.PATROL),
    PostKind.SUPERVISOR: (VisitKind.INSPECTION, VisitKind.PATROL),
    PostKind.GRID_OFFICER: (VisitKind.PATROL,),
}


def kinds_of(post: Post | None) -> tuple[VisitKind, ...]:
    """Return the kinds of visit that `post` makes, the usual one first; none for most posts."""
    return () if post is None else KINDS.get(post.kind, ())


def visitable(user: Any, post: Post) -> QuerySet[Site]:
    """Return the sites at which `user` may record a visit as `post`."""
    return Site.objects.editable_by(user, post).select_related("enterprise")


def items_at(site: Site, matters: QuerySet[Matter]) -> QuerySet[ChecklistItem]:
    """Return the items of inspection that apply to `site` in `matters`, matter by matter."""
    return (
        ChecklistItem.objects.filter(
            checklist__code=INSPECTION, matter__in=matters, features__contained_by=site.features
        )
        .select_related("matter")
        .order_by("matter__path", "order")
    )


def companions(site: Site, post: Post) -> QuerySet[Post]:
    """Return the posts that may go along: of the same unit, or officers who act where the site is."""
    places = [pk for pk in site.place_ids.values() if pk is not None]
    nearby = PostScope.objects.filter(district__in=places, acting=True)
    return (
        Post.objects.filter(Q(unit=post.unit_id) | Q(pk__in=nearby.values("post")), kind__in=KINDS)
        .exclude(pk=post.pk)
        .select_related("unit")
        .order_by("unit", "pk")
    )
