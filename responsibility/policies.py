"""Policy rows that a portal starts with: the ladder, deadlines, what must be answered for.

They are defaults that vary by place (DOMAIN): an office edits them in the admin, and loading again
never overwrites what is there.
"""

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from responsibility.alerts.models import LadderRung, Recipient
from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import CoveragePolicy
from responsibility.calendars.models import DeadlinePolicy, DeadlineUnit, WorkingDay
from responsibility.calendars.services import load
from responsibility.coverage.models import Tolerance
from responsibility.documents.models import DocumentKind
from responsibility.enterprise_line import policies as enterprise_line
from responsibility.enterprise_line import rounds
from responsibility.leaders.policies import load_defaults as load_leader_duties
from responsibility.standing.choices import Effect
from responsibility.standing.models import StatusRule
from responsibility.statements.defaults import load_bands, load_templates
from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.reference import DATA
from safegrid.kernel.sockets import Socket

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
    ("statement_sign", 15, _WORK, "目标责任书签订", "Sign a responsibility statement", "默认规则"),
    ("statement_lock", 30, _CAL, "季度考核结果锁定", "Lock the score of a quarter", "默认规则"),
    ("coverage", 10, _WORK, "监管空白与重复监管的解决", "Resolve a gap or an overlap", "默认规则"),
    ("transfer", 5, _WORK, "移送事项的接收答复", "Answer to a transfer", "安全生产法第六十九条"),
    ("regulator", 15, _WORK, "明确监管部门的答复", "Answer about a regulator", "安全生产法第十条"),
    ("report_triage", 2, _WORK, "隐患举报受理", "Take up a public report", "默认规则"),
    ("report_verify", 10, _WORK, "隐患举报核查", "Verify a public report", "默认规则"),
    ("report_feedback", 10, _CAL, "隐患举报核查后反馈", "Answer after the verification", "默认规则"),
    ("report_worker", 5, _WORK, "员工报告隐患的答复", "Answer a worker's report", "默认规则"),
    ("major_plan", 5, _WORK, "重大隐患治理方案", "Plan for a major hazard", "安全生产法第四十一条"),
    ("major_tell", 1, _WORK, "重大隐患双报告", "Two reports of a major hazard", "安全生产法第四十一条"),
    ("spot_check", 10, _WORK, "自查隐患抽查", "Check of what was drawn", "默认规则"),
    ("resume_review", 5, _WORK, "恢复生产审查", "Decision on resuming work", "安全生产法第六十五条"),
    (
        "extension_notice",
        3,
        _CAL,
        "延期申请提前天数",
        "Days before by which more time is asked for",
        "默认规则",
    ),
    (
        "instruction_reply",
        10,
        _CAL,
        "交办事项答复建议期限",
        "Proposed reply date of an instruction",
        "默认规则",
    ),
    ("instruction_accept", 5, _WORK, "交办答复审核", "Accept an answer to an instruction", "默认规则"),
    ("instruction_summary", 5, _WORK, "交办事项汇总反馈", "Summary of an instruction", "默认规则"),
    ("letter_reply", 7, _CAL, "函件回复建议期限", "Proposed reply date of a letter", "默认规则"),
    ("letter_accept", 5, _WORK, "函件答复审核", "Accept an answer to a letter", "默认规则"),
    (
        "training_year_lead",
        90,
        _CAL,
        "年度培训学时：年底前多少天提醒",
        "Hours of training: asked for before the year ends",
        "默认规则",
    ),
    ("order_general_3", 3, _CAL, "一般隐患：三日", "General hazard: 3 days", "默认规则"),
    ("order_general_7", 7, _CAL, "一般隐患：七日", "General hazard: 7 days", "默认规则"),
    ("order_general_15", 15, _WORK, "一般隐患：十五个工作日", "General hazard: 15 working days", "默认规则"),
    ("order_general_30", 30, _CAL, "一般隐患：三十日", "General hazard: 30 days", "默认规则"),
    ("order_major_30", 30, _CAL, "重大隐患：三十日", "Major hazard: 30 days", "默认规则"),
    ("order_major_60", 60, _CAL, "重大隐患：六十日", "Major hazard: 60 days", "默认规则"),
    (
        "ledger_general",
        15,
        _WORK,
        "台账未载期限：一般隐患",
        "General hazard without a day in its ledger",
        "默认规则",
    ),
    (
        "ledger_major",
        30,
        _CAL,
        "台账未载期限：重大隐患",
        "Major hazard without a day in its ledger",
        "默认规则",
    ),
]

#: The word stands in the number: 宁安办督办函〔2026〕12号.
DOCUMENTS = [
    ("instruction", "交办通知", "Instruction", "交办", "默认规则"),
    ("reminder", "提示函", "Reminder", "提示函", "默认规则"),
    ("urging", "督办函", "Urging letter", "督办函", "默认规则"),
    ("talk", "约谈通知书", "Talk", "约谈", "默认规则"),
    ("circular", "通报", "Circular", "通报", "默认规则"),
    ("rectification_order", "责令限期整改指令书", "Order to rectify", "责改", "默认规则"),
    ("site_measures", "现场处理措施决定书", "Decision on on-the-spot measures", "现决", "默认规则"),
    ("reinspection_opinion", "整改复查意见书", "Re-inspection opinion", "复查", "默认规则"),
    ("listed_supervision", "挂牌督办通知书", "Notice of listed supervision", "挂牌", "默认规则"),
]

#: How whoever a document is addressed to may object.
REMEDY = (
    "如不服本文书，可以自收到之日起六十日内依法申请行政复议，或者自收到之日起六个月内依法向人民法院提起诉讼；"
    "复议、诉讼期间本文书不停止执行，法律另有规定的除外。"
)
WITH_REMEDY = {"rectification_order", "site_measures"}

COVERAGE = [
    (Line.TERRITORIAL, Tier.LEAD, "安全生产法第九条"),
    (Line.INDUSTRY, Tier.LEAD, "安全生产法第三条、第十条"),
    (Line.COMPREHENSIVE, Tier.LEAD, "安全生产法第十条"),
    (Line.ENTERPRISE, Tier.LEAD, "安全生产法第五条、第二十一条"),
]

#: When a site closes, rests or is out of season: what becomes of what is open there. "" is all other kinds.
STATUS_RULES = [
    (EnterpriseStatus.CLOSED, "self_inspection", Effect.ENDS, "默认规则"),
    (EnterpriseStatus.CLOSED, "training_year", Effect.ENDS, "默认规则：停业后不再要求培训"),
    (EnterpriseStatus.CLOSED, "credential", Effect.ENDS, "默认规则：停业后不再要求换证"),
    *(
        (EnterpriseStatus.CLOSED, kind, Effect.ENDS, "默认规则：停业后不再巡查风险点")
        for kind in rounds.KINDS
    ),
    (EnterpriseStatus.CLOSED, "", Effect.STAYS, "默认规则：已产生的责任不因停业免除"),
    (EnterpriseStatus.SUSPENDED, "self_inspection", Effect.RESTS, "默认规则"),
    *((EnterpriseStatus.SUSPENDED, kind, Effect.RESTS, "默认规则") for kind in rounds.KINDS),
    (EnterpriseStatus.SUSPENDED, "", Effect.STAYS, "默认规则"),
    (EnterpriseStatus.SEASONAL, "self_inspection", Effect.RESTS, "默认规则"),
    *((EnterpriseStatus.SEASONAL, kind, Effect.RESTS, "默认规则") for kind in rounds.KINDS),
    (EnterpriseStatus.SEASONAL, "", Effect.STAYS, "默认规则"),
]


#: What upper floors begin with: each writes the rows of its own that are missing.
more_policies: Socket[Callable[[], None]] = Socket("policies of upper floors")


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
        for code, name, name_en, word, source in DOCUMENTS:
            DocumentKind.objects.get_or_create(
                code=code,
                defaults={
                    "name": name,
                    "name_en": name_en,
                    "word": word,
                    "source": source,
                    "remedy": REMEDY if code in WITH_REMEDY else "",
                },
            )
        for line, tier, source in COVERAGE:
            CoveragePolicy.objects.get_or_create(
                line=line, tier=tier, matter=None, defaults={"source": source}
            )
        load_bands(since=IN_FORCE)
        load_templates(year=today.year, today=today)
        enterprise_line.load()
        for status, kind, effect, source in STATUS_RULES:
            StatusRule.objects.get_or_create(
                status=status, kind=kind, defaults={"effect": effect, "source": source}
            )
        Tolerance.objects.get_or_create(code="cells", defaults={"metres": 30, "source": "默认规则"})
        load_leader_duties(since=IN_FORCE)
        for load_more in more_policies:
            load_more()
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
