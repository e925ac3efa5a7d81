"""What the list of what is owed can be narrowed by."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from safegrid.accounts.models import Post
from safegrid.grid.filters import EnterpriseFilter, PlacedFilters
from safegrid.grid.models import Unit
from safegrid.kernel.listing.filters import HIDDEN, DayFilter, ReachedFilter
from safegrid.kernel.scope import reach_of


def _posts(user: Any) -> QuerySet[Post]:
    """Return the posts of units: officials know them all."""
    posts = Post.objects.filter(unit__isnull=False).order_by("pk")
    return posts if reach_of(user).is_official else posts.none()


def _units(user: Any) -> QuerySet[Unit]:
    """Return the units that have posts."""
    return Unit.objects.filter(pk__in=_posts(user).order_by().values("unit")).order_by("district__path", "pk")


class ObligationFilters(PlacedFilters):
    """The filters of what is owed."""

    unit = ReachedFilter("debtor_post__unit", label=_("Unit"), every=_units)
    enterprise = EnterpriseFilter()
    post = ReachedFilter("debtor_post", label=_("Post"), every=_posts, widget=HIDDEN)
    due_from = DayFilter("due_at", label=_("Due from"), holds="deadline")
    due_to = DayFilter("due_at", label=_("Due until"), until=True, holds="deadline")
