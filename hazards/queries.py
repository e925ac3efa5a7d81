"""Questions about hazards that more than one place asks."""

from django.db.models import Q

from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, PostScope
from safegrid.grid.models import Matter, Site
from safegrid.kernel.scope import LEVELS


def deciding_post(site: Site, matter: Matter) -> Post | None:
    """Return the officer's post that decides on a hazard nobody with powers has found.

    The one whose acting scope is narrowest around the site and reaches the matter; None when no
    officer acts there.
    """
    places = [getattr(site, f"{level}_id") for level in LEVELS]
    ancestors = [matter.path[:i] for i in range(matter.steplen, len(matter.path) + 1, matter.steplen)]
    scope = (
        PostScope.objects.filter(
            Q(district__in=[p for p in places if p]) | Q(district__depth=1),
            Q(matter=None) | Q(matter__path__in=ancestors),
            acting=True,
            post__kind=PostKind.OFFICER,
        )
        .select_related("post")
        .order_by("-district__depth", "post_id")
        .first()
    )
    return scope.post if scope is not None else None
