"""Policy rows that a portal starts with: the ladder, deadlines, what must be answered for.

They are defaults that vary by place (DOMAIN): an office edits them in the admin, and loading again
never overwrites what is there.
"""

import csv
import datetime as dt
from pathlib import Path

from django.db import transaction

from responsibility.alerts.models import LadderRung, Recipient
from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import CoveragePolicy
from responsibility.calendars.models import DeadlinePolicy, DeadlineUnit, WorkingDay
from responsibility.calendars.services import load
from responsibility.leaders.policies import load_defaults as load_leader_duties
from safegrid.grid.reference import DATA

IN_FORCE = dt.date(2021, 9, 1)  # the Work Safety Law of 2021
YEARS_AHEAD = 2  # how far the calendar is assumed beyond this year

_DEBTOR = [Recipient.DEBTOR]
_CREDITOR = [*_DEBTOR, Recipient.CREDITOR]
_HEAD = [*_CREDITOR, Recipient.UNIT_HEAD]
_OFFICE = [*_HEAD, Recipient.OFFICE]

RUNGS = [
    (1, -3, "到期前三天提醒", "Due in three days", _DEBTOR),
    (2, 0, "到期当天提醒", "Due today", _DEBTOR),
    (3, 1, "逾期一天", "One day over", _CREDITOR),
    (4, 3, "逾期三天", "Three days over", _HEAD),
    (5, 7, "逾期七天", "Seven days over", _OFFICE),
]

_CAL, _WORK = DeadlineUnit.CALENDAR, DeadlineUnit.WORKING
DEADLINES = [
    ("decide", 2, _WORK, "检查发现隐患的定级与责令", "Grade and order after an inspection", "默认规则"),
    ("confirm", 3, _CAL, "自查隐患整改确认", "Confirm what was fixed", "默认规则"),
    ("self_plan_limit", 30, _CAL, "自查隐患自定期限上限", "Longest date of an enterprise's own", "默认规则"),
    ("reinspect", 10, _CAL, "整改复查", "Re-inspection", "默认规则（原部令已修订，以当地规定为准）"),
    ("extension_answer", 5, _WORK, "延期申请答复", "Answer to an extension request", "默认规则"),
    ("coverage", 10, _WORK, "监管空白与重复监管的解决", "Resolve a gap or an overlap", "默认规则"),
    ("major_plan", 5, _WORK, "重大隐患治理方案", "Plan for a major hazard", "安全生产法第四十一条"),
    ("order_general_3", 3, _CAL, "一般隐患：三日", "General hazard: 3 days", "默认规则"),
    ("order_general_7", 7, _CAL, "一般隐患：七日", "General hazard: 7 days", "默认规则"),
    ("order_general_15", 15, _WORK, "一般隐患：十五个工作日", "General hazard: 15 working days", "默认规则"),
    ("order_general_30", 30, _CAL, "一般隐患：三十日", "General hazard: 30 days", "默认规则"),
    ("order_major_30", 30, _CAL, "重大隐患：三十日", "Major hazard: 30 days", "默认规则"),
    ("order_major_60", 60, _CAL, "重大隐患：六十日", "Major hazard: 60 days", "默认规则"),
]

COVERAGE = [
    (Line.TERRITORIAL, Tier.LEAD, "安全生产法第九条"),
    (Line.INDUSTRY, Tier.LEAD, "安全生产法第三条、第十条"),
    (Line.COMPREHENSIVE, Tier.LEAD, "安全生产法第十条"),
    (Line.ENTERPRISE, Tier.LEAD, "安全生产法第五条、第二十一条"),
]


def load_policies(*, today: dt.date) -> None:
    """Write the rows that are missing, and the working calendar up to two years ahead of `today`."""
    with transaction.atomic():
        for number, days, name, name_en, told in RUNGS:
            LadderRung.objects.get_or_create(
                number=number,
                defaults={
                    "days": days,
                    "name": name,
                    "name_en": name_en,
                    "recipients": told,
                    "source": "默认规则",
                },
            )
        for code, days, unit, name, name_en, source in DEADLINES:
            if not DeadlinePolicy.objects.filter(code=code).exists():
                DeadlinePolicy.objects.create(
                    code=code,
                    days=days,
                    unit=unit,
                    name=name,
                    name_en=name_en,
                    source=source,
                    span=(IN_FORCE, None),
                )
        for line, tier, source in COVERAGE:
            CoveragePolicy.objects.get_or_create(
                line=line, tier=tier, matter=None, defaults={"source": source}
            )
        load_leader_duties(since=IN_FORCE)
        if not WorkingDay.objects.filter(day__year=today.year + YEARS_AHEAD).exists():
            _calendar(DATA / "calendar.csv", today=today)


def _calendar(path: Path, *, today: dt.date) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [
            (dt.date.fromisoformat(r["date"]), r["kind"] == "makeup_workday", r["name"])
            for r in csv.DictReader(stream)
        ]
    first, last = min(rows)[0], max(rows)[0]
    load(
        first=dt.date(first.year, 1, 1),
        last=dt.date(today.year + YEARS_AHEAD, 12, 31),
        published=rows,
        until=dt.date(last.year, 12, 31),
    )
