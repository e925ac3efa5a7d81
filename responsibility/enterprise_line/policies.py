"""Rules of the enterprise's own line: what a portal starts with, and what is in force on a day.

They are defaults that vary by place (DOMAIN): an office edits them in the admin, and loading again never
overwrites what is there.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from responsibility.enterprise_line.choices import CredentialKind, StaffRole
from responsibility.enterprise_line.models import CredentialPolicy, HighRiskMatter, RiskBand, TrainingPolicy
from safegrid.grid.choices import RiskGrade
from safegrid.grid.models import Matter

IN_FORCE = dt.date(2021, 9, 1)  # the Work Safety Law of 2021
TRAINING_RULE = "安全生产法第二十七条、第二十八条；生产经营单位安全培训规定（默认）"
SPECIAL_RULE = "特种作业人员安全技术培训考核管理规定（默认）"

STANDARD_RULE = "企业安全生产标准化建设定级办法（默认）"
_KIND = CredentialKind

#: Kind, valid for years, re-examined every so many years, asked for so many days before, name, source.
CREDENTIALS = [
    (_KIND.PRINCIPAL, 3, None, 90, "主要负责人合格证", "Principal's qualification", TRAINING_RULE),
    (
        _KIND.SAFETY_MANAGER,
        3,
        None,
        90,
        "安全管理人员合格证",
        "Safety manager's qualification",
        TRAINING_RULE,
    ),
    (_KIND.SPECIAL_OPERATION, 6, 3, 60, "特种作业操作证", "Special-operations certificate", SPECIAL_RULE),
    (_KIND.STANDARDIZATION, 3, None, 90, "标准化证书", "Standardization certificate", STANDARD_RULE),
]

#: Role, high risk, hours at first, hours a year.
HOURS = [
    (StaffRole.PRINCIPAL, False, 32, 12),
    (StaffRole.PRINCIPAL, True, 48, 16),
    (StaffRole.SAFETY_MANAGER, False, 32, 12),
    (StaffRole.SAFETY_MANAGER, True, 48, 16),
    (StaffRole.SPECIAL_OPERATIONS, False, 24, 0),
    (StaffRole.SPECIAL_OPERATIONS, True, 72, 20),
    (StaffRole.WORKER, False, 24, 0),
    (StaffRole.WORKER, True, 72, 20),
]
NAMES = {False: ("一般行业学时", "Hours in general"), True: ("高危行业学时", "Hours in high-risk industries")}

#: By the codes of matters: what is said to be a high-risk industry.
HIGH_RISK = (
    "hazchem",
    "mines",
    "construction",
    "fireworks",
    "explosives",
    "industry_trade-metallurgy",
    "road_transport-hazchem",
)

BANDS = [(RiskGrade.RED, 320), (RiskGrade.ORANGE, 160), (RiskGrade.YELLOW, 70), (RiskGrade.BLUE, 0)]


def load() -> None:
    """Write the rows that are missing. High-risk matters wait until the matters are there."""
    for kind, years, again, lead, name, name_en, source in CREDENTIALS:
        if not CredentialPolicy.objects.filter(kind=kind).exists():
            CredentialPolicy.objects.create(
                kind=kind,
                valid_years=years,
                reexamine_years=again,
                lead_days=lead,
                name=name,
                name_en=name_en,
                source=source,
                since=IN_FORCE,
            )
    for role, is_high, first, yearly in HOURS:
        if not TrainingPolicy.objects.filter(role=role, is_high_risk=is_high).exists():
            name, name_en = NAMES[is_high]
            TrainingPolicy.objects.create(
                role=role,
                is_high_risk=is_high,
                first_hours=first,
                yearly_hours=yearly,
                name=name,
                name_en=name_en,
                source=TRAINING_RULE,
                since=IN_FORCE,
            )
    if not HighRiskMatter.objects.exists():
        source = "安全生产法第二十四条、第三十四条（默认）"
        HighRiskMatter.objects.bulk_create(
            HighRiskMatter(matter=matter, source=source, since=IN_FORCE)
            for matter in Matter.objects.filter(code__in=HIGH_RISK)
        )
    for grade, at_least in BANDS:
        RiskBand.objects.get_or_create(
            grade=grade,
            defaults={"at_least": at_least, "source": "作业条件危险性分析法（默认）", "since": IN_FORCE},
        )


def credential_policies(*, on: dt.date) -> dict[str, CredentialPolicy]:
    """Return the rule of each kind of certificate in force on the local day `on`. One query."""
    return {row.kind: row for row in CredentialPolicy.objects.filter(since__lte=on).order_by("since")}


def bands() -> Sequence[tuple[Decimal, str]]:
    """Return the bands of risk points, (from which score on, colour), the worst first. One query."""
    return list(RiskBand.objects.order_by("-at_least").values_list("at_least", "grade"))


def grade_of(score: Decimal, known: Sequence[tuple[Decimal, str]]) -> str:
    """Return the colour of `score` by `known` bands; below the lowest it is that of the lowest."""
    return next(
        (grade for at_least, grade in known if score >= at_least), known[-1][1] if known else RiskGrade.BLUE
    )
