"""What grading begins with: what is major in every business, a matrix, and a time to correct slips.

Defaults that vary by place (DOMAIN): an office edits them in the admin and adds the lists of its sectors
there; loading again never overwrites what is there.
"""

import datetime as dt

from hazards.choices import Grade
from hazards.grading.categories import HazardCategory
from hazards.grading.models import (
    STEPS,
    CorrectionWindow,
    DefaultDeadline,
    MajorItem,
    RecurrenceWindow,
    RiskCell,
)
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

#: Grade, colour, code of the deadline that an order begins with.
DEADLINES = [
    (Grade.GENERAL, RiskGrade.RED, "order_general_3"),
    (Grade.GENERAL, RiskGrade.ORANGE, "order_general_7"),
    (Grade.GENERAL, RiskGrade.YELLOW, "order_general_15"),
    (Grade.GENERAL, RiskGrade.BLUE, "order_general_30"),
    (Grade.GENERAL, "", "order_general_7"),
    (Grade.MAJOR, "", "order_major_30"),
]

#: From which product on a colour begins, the worst first.
COLOURS = [(RiskGrade.RED, 20), (RiskGrade.ORANGE, 12), (RiskGrade.YELLOW, 6), (RiskGrade.BLUE, 0)]
DEFAULT = "默认规则"
FIRST_DAY = dt.date(2021, 9, 1)


#: Code, name, name in English; what lies below is written after it.
CATEGORIES = [
    ("facility", "设备设施", "Equipment and facilities"),
    ("facility.special", "特种设备", "Special equipment"),
    ("facility.guard", "安全防护装置", "Guards and protective devices"),
    ("facility.power", "辅助动力系统", "Auxiliary power systems"),
    ("facility.upkeep", "维护保养与检测检验", "Upkeep and inspection of equipment"),
    ("fire", "消防", "Fire protection"),
    ("fire.escape", "疏散通道与安全出口", "Escape routes and exits"),
    ("fire.equipment", "消防设施器材", "Fire-fighting equipment"),
    ("fire.source", "火源与可燃物", "Sources of ignition and combustibles"),
    ("fire.compartment", "防火分隔", "Fire compartments"),
    ("electrical", "用电", "Electricity"),
    ("electrical.wiring", "线路敷设", "Wiring"),
    ("electrical.board", "配电箱柜", "Distribution boards"),
    ("electrical.earthing", "接地与漏电保护", "Earthing and leakage protection"),
    ("electrical.temporary", "临时用电", "Temporary installations"),
    ("gas", "燃气", "Gas"),
    ("gas.appliance", "燃气用具与连接管", "Appliances and hoses"),
    ("gas.alarm", "泄漏报警与切断", "Leak alarms and shut-off"),
    ("gas.cylinder", "气瓶存放与使用", "Cylinders"),
    ("chemical", "化学品", "Chemicals"),
    ("chemical.storage", "危险化学品储存", "Storage of hazardous chemicals"),
    ("chemical.handling", "危险化学品使用与装卸", "Use and handling of hazardous chemicals"),
    ("chemical.installation", "重大危险源", "Major hazard installations"),
    ("behaviour", "不安全行为", "Unsafe acts"),
    ("behaviour.rules", "违章操作", "Work against the rules"),
    ("behaviour.special", "特殊作业", "Special work: hot work, heights, lifting"),
    ("behaviour.confined", "有限空间作业", "Work in confined spaces"),
    ("behaviour.protection", "个体防护", "Personal protection"),
    ("management", "安全管理", "Management"),
    ("management.licence", "资质证照", "Licences and certificates"),
    ("management.people", "安全机构与人员", "Safety organisation and people"),
    ("management.rules", "制度与操作规程", "Rules and operating procedures"),
    ("management.training", "安全教育培训", "Education and training"),
    ("management.funds", "安全投入", "Funds for safety"),
    ("management.contractor", "相关方管理", "Contractors and tenants"),
    ("management.emergency", "应急管理", "Emergency preparedness"),
    ("management.records", "隐患排查与台账", "Investigation of hazards and records"),
    ("environment", "作业环境", "Workplace"),
    ("environment.passage", "通道与堆放", "Passages and stacking"),
    ("environment.air", "通风与照明", "Ventilation and lighting"),
    ("environment.edge", "临边洞口防护", "Edges and openings"),
    ("environment.sign", "安全警示标志", "Safety signs"),
]


def load_categories() -> None:
    """Write the categories that are missing; what the office has made of them stays.

    Those that the portal itself names are always there, those below them are written at first only.
    """
    known = set(HazardCategory.objects.values_list("code", flat=True))
    is_first = not any("." in code for code in known)
    HazardCategory.objects.bulk_create(
        HazardCategory(
            code=code,
            parent_id=code.rpartition(".")[0] or None,
            name=name,
            name_en=name_en,
            order=order,
            source=DEFAULT,
            since=FIRST_DAY,
        )
        for order, (code, name, name_en) in enumerate(CATEGORIES, start=1)
        if code not in known and (is_first or "." not in code)
    )


def load() -> None:
    """Write what is missing."""
    load_categories()
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
    if not DefaultDeadline.objects.exists():
        DefaultDeadline.objects.bulk_create(
            DefaultDeadline(grade=grade, risk=risk, code=code, source=DEFAULT, since=FIRST_DAY)
            for grade, risk, code in DEADLINES
        )
    if not CorrectionWindow.objects.exists():
        CorrectionWindow.objects.create(minutes=15, source=DEFAULT, since=FIRST_DAY)
    if not RecurrenceWindow.objects.exists():
        RecurrenceWindow.objects.create(days=365, source=DEFAULT, since=FIRST_DAY)
