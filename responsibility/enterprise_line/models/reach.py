"""Who reaches rows of a whole enterprise: whoever belongs to it, and officials through one of its sites."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db.models import Exists, Model, OuterRef, Q

from safegrid.grid.models import Site
from safegrid.kernel.scope import Reach, ScopedQuerySet, ScopeSpec

_M = TypeVar("_M", bound=Model)

OF_ENTERPRISE = ScopeSpec(enterprise="enterprise_id")


class OfEnterpriseQuerySet(ScopedQuerySet[_M]):
    """Rows with an `enterprise`: read by whom that enterprise is."""

    def reached_by(self, reach: Reach) -> Self:
        if reach.is_citywide:
            return self.all()
        sites = Site.objects.all().reached_by(reach).filter(enterprise=OuterRef("enterprise"))
        return self.filter(Q(enterprise__in=reach.enterprise_ids) | Exists(sites))

    def branches_for(self, user: Any) -> list[Self]:
        """Return one way: the sites' scope already decides."""
        return [self.visible_to(user)]
