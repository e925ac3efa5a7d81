"""What repeat offenders are told by at first. An office edits it in the admin; nothing is overwritten."""

import datetime as dt

from hazards.penalties.closing.models import RepeatRule
from responsibility.calendars.models import DeadlinePolicy, DeadlineUnit

IN_FORCE = dt.date(2021, 9, 1)  # the Work Safety Law of 2021
SOURCE = "安全生产法第一百一十三条第一项"
RULES = [(3, 180), (4, 365)]  # penalties, days
POLICY = "closure_decide"


def load() -> None:
    """Write what is missing."""
    if not RepeatRule.objects.exists():
        RepeatRule.objects.bulk_create(
            RepeatRule(penalties=penalties, days=days, source=SOURCE, since=IN_FORCE)
            for penalties, days in RULES
        )
    if not DeadlinePolicy.objects.filter(code=POLICY).exists():
        DeadlinePolicy.objects.create(
            code=POLICY,
            days=5,
            unit=DeadlineUnit.WORKING,
            name="提请关闭的研究决定",
            name_en="Decide on proposing closure",
            source="默认规则",
            span=(IN_FORCE, None),
        )
