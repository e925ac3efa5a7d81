"""What a check of a risk point finds is a hazard of the enterprise's own (自查自改): no order, no penalty."""

import datetime as dt

from django.utils.translation import gettext as _

from hazards.choices import Category, Road, Source
from hazards.services import report
from responsibility.enterprise_line.choices import PointKind
from responsibility.enterprise_line.models import RiskPoint
from responsibility.enterprise_line.sockets import risk_check_found
from safegrid.accounts.models import Post, User
from safegrid.grid.models import Matter
from safegrid.kernel.refusals import Invalid

CATEGORY: dict[PointKind, str] = {
    PointKind.DEVICE: Category.FACILITY,
    PointKind.PROCESS: Category.BEHAVIOUR,
    PointKind.PLACE: Category.ENVIRONMENT,
}
GENERAL = "general"  # the code of the matter that every site has


def found(
    *, point: RiskPoint, what: str, fix_by: dt.date | None, actor: User, acting_post: Post, now: dt.datetime
) -> str:
    """Register what was found at `point`, to be fixed by the enterprise's own day; return its number."""
    try:
        hazard = report(
            site=point.site,
            matter=Matter.objects.get(code=GENERAL),
            title=what,
            road=Road.SELF,
            source=Source.SELF_INSPECTION,
            category=CATEGORY[PointKind(point.kind)],
            spot=" · ".join(part for part in (point.name, point.spot) if part)[:120],
            plan_due_on=fix_by,
            actor=actor,
            acting_post=acting_post,
            now=now,
        )
    except Invalid as refusal:
        raise Invalid({"fix_by": refusal.messages or [_("Say by when it is fixed.")]}) from refusal
    return hazard.number


risk_check_found.plug("hazard", found)
