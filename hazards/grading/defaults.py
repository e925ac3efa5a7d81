"""What grading begins with: what is major in every business, a matrix, and a time to correct slips.

Defaults that vary by place (DOMAIN): an office edits them in the admin and adds the lists of its sectors
there; loading again never overwrites what is there.
"""

import datetime as dt

from hazards.grading.models import STEPS, CorrectionWindow, MajorItem, RecurrenceWindow, RiskCell
from safegrid.grid.choices import RiskGrade

IN_FORCE = dt.date(2023, 5, 15)
INDUSTRY_AND_TRADE = "工贸企业重大事故隐患判定标准"
ITEMS = [
    (
        "工贸（管理类）",
        "第三条第一项",
        "未对承包单位、承租单位的安全生产工作统一协调、管理，或者未定期进行安全检查",
        "Contractors and tenants are not coordinated and managed, or not inspected regularly",
    ),
    (
        "工贸（管理类）",
        "第三条第二项",
        "特种作业人员未经专门的安全作业培训并取得相应资格而上岗作业",
        "Special operations are done by people without the training and the certificate",
    ),
    (
        "工贸（管理类）",
        "第三条第三项",
        "金属冶炼企业主要负责人、安全生产管理人员未按规定经考核合格",
        "Principal or safety managers of a metallurgical enterprise have not passed their examination",
    ),
]

#: From which product on a colour begins, the worst first.
COLOURS = [(RiskGrade.RED, 20), (RiskGrade.ORANGE, 12), (RiskGrade.YELLOW, 6), (RiskGrade.BLUE, 0)]
DEFAULT = "默认规则"


def load() -> None:
    """Write what is missing."""
    for sector, code, sentence, sentence_en in ITEMS:
        if not MajorItem.objects.filter(sector=sector, code=code).exists():
            MajorItem.objects.create(
                sector=sector,
                code=code,
                sentence=sentence,
                sentence_en=sentence_en,
                source=INDUSTRY_AND_TRADE,
                since=IN_FORCE,
            )
    if not RiskCell.objects.exists():
        steps = range(1, STEPS + 1)
        RiskCell.objects.bulk_create(
            RiskCell(
                likelihood=likelihood,
                consequence=consequence,
                risk=next(risk for risk, least in COLOURS if likelihood * consequence >= least),
                source=DEFAULT,
            )
            for likelihood in steps
            for consequence in steps
        )
    if not CorrectionWindow.objects.exists():
        CorrectionWindow.objects.create(minutes=15, source=DEFAULT, since=dt.date(2021, 9, 1))
    if not RecurrenceWindow.objects.exists():
        RecurrenceWindow.objects.create(days=365, source=DEFAULT, since=dt.date(2021, 9, 1))
