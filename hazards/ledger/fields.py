"""The columns that a hazard ledger may have, and what may be wrong in them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from hazards.ledger.models import NUMBER_LENGTH
from safegrid.grid.imports.kinds import Field


def _field(code: str, label: Any, headings: str, **more: Any) -> Field:
    return Field(code, label, tuple(headings.split("、")), **more)


FIELDS = (
    _field(
        "name",
        _("Enterprise"),
        "企业名称、单位名称、公司名称、受检单位、被检查单位、被检查单位名称、受检查单位、受检企业、被检企业、隐患单位、"
        "责任单位名称、企业、单位、名称、Enterprise name、Company、Establishment name",
        example="青海示例商贸有限公司",
    ),
    _field("uscc", _("USCC"), "统一社会信用代码、社会信用代码、信用代码、统一代码、Credit code"),
    _field("site", _("Site"), "场所、场所名称、门店名称、项目名称、工程名称、Site name"),
    _field("district", _("District"), "区县、县区、所属区县、所在区县、所属区域、行政区划"),
    _field(
        "township",
        _("Township or street"),
        "乡镇街道、乡镇/街道、街道、乡镇、镇街、所属乡镇、所属街道、所属镇街",
    ),
    _field(
        "legacy_number",
        _("The office's own number"),
        "隐患编号、隐患编码、台账编号、档案编号、自编号、编号、Own number、Hazard number",
    ),
    _field(
        "title",
        _("What is wrong"),
        "隐患内容、隐患名称、隐患描述、问题隐患、存在问题、存在的问题、存在隐患、事故隐患、隐患情况、隐患问题、问题描述、问题内容、"
        "检查发现的问题、发现问题、发现的问题、检查发现问题、存在的主要问题、主要问题、安全隐患、存在的隐患、存在的安全隐患、隐患、问题、"
        "What、Title、Infraction details",
        required=True,
        example="疏散通道堆放杂物",
    ),
    _field("description", _("Description"), "详细描述、隐患详情、情况说明、具体情况、Details"),
    _field("spot", _("Where exactly"), "隐患部位、部位、位置、隐患位置、具体位置、隐患地点、检查部位、Where"),
    _field("category", _("Category"), "隐患类别、类别、隐患类型、问题类别、隐患分类、专业类别"),
    _field(
        "grade",
        _("Grade"),
        "隐患等级、隐患级别、级别、等级、类级、隐患性质、隐患分级、一般/重大、Class、Severity",
    ),
    _field("basis", _("What makes it major"), "判定依据、重大隐患判定依据、判定标准、Basis"),
    _field("matter", _("Matter"), "监管事项、监管领域、领域、专业领域、Matter"),
    _field(
        "found_on",
        _("Found on"),
        "检查日期、检查时间、排查日期、排查时间、发现日期、发现时间、上报日期、登记日期、日期、时间、"
        "Found、Inspection date",
        required=True,
        example="2026.6.30",
    ),
    _field(
        "source", _("Source"), "隐患来源、来源、检查类型、检查方式、检查类别、Found by whom、Inspection type"
    ),
    _field("unit", _("Inspecting unit"), "检查单位、检查部门、监管单位、监管部门、督办单位、Inspecting unit"),
    _field("inspector", _("Inspector"), "检查人员、检查人、排查人、发现人、执法人员、Inspector"),
    _field("measures", _("Measures"), "整改措施、整改要求、处理意见、整改建议、措施、治理措施、Measures"),
    _field(
        "due_on",
        _("Deadline"),
        "整改期限、整改时限、限期整改日期、整改限期、应整改日期、要求整改日期、计划完成日期、计划完成时间、整改完成期限、"
        "完成时限、期限、要求完成时间、Due、Deadline",
    ),
    _field("person", _("Who rectifies"), "整改责任人、责任人、整改负责人、Responsible person"),
    _field("funds", _("Funds"), "整改资金、资金、治理资金、投入资金、整改资金万元、Funds"),
    _field(
        "state",
        _("State"),
        "整改情况、整改状态、是否整改、是否完成整改、完成情况、整改完成情况、状态、是否销号、销号情况、是否闭环、整改进度、整改结果、"
        "闭环情况、办理情况、State、Action",
    ),
    _field(
        "done_on",
        _("Rectified on"),
        "整改完成日期、整改完成时间、完成日期、完成时间、实际完成日期、实际完成时间、整改日期、整改时间、Rectified",
    ),
    _field("acceptor", _("Re-inspected by"), "复查人、验收人、复查人员、验收人员、Re-inspector"),
    _field(
        "closed_on",
        _("Closed on"),
        "销号日期、销号时间、复查日期、复查时间、验收日期、验收时间、闭环日期、闭环时间、关闭日期、Closed",
    ),
    _field("conclusion", _("Conclusion"), "复查结论、复查意见、验收意见、复查结果、验收结论、Conclusion"),
)

#: Characters that a field may have; longer ones are rejected, for nothing is cut off silently.
LIMITS = {"legacy_number": NUMBER_LENGTH, "spot": 120, "basis": 200}
#: What has no column of its own on a hazard, and is kept beside it as it was told.
TOLD = ("source", "unit", "inspector", "person", "funds", "done_on", "acceptor", "conclusion")

PROBLEMS: Mapping[str, Any] = {
    "uscc_wrong": _("USCC: “%(text)s” is no valid one. Correct it, or leave the cell empty."),
    "no_enterprise": _("Neither the name nor the USCC of an enterprise."),
    "unknown_uscc": _(
        "No enterprise with the USCC %(text)s is registered where you may act. Import the enterprise first."
    ),
    "unknown_enterprise": _(
        "No enterprise is called “%(text)s” where you may act. Import it first, correct the name, or give "
        "the USCC."
    ),
    "elsewhere": _("“%(text)s” has no site in %(place)s."),
    "ambiguous": _("%(count)s enterprises are called “%(text)s”. Give the USCC: %(codes)s."),
    "which_site": _("“%(text)s” has %(count)s sites. Name one of them: %(names)s."),
    "unknown_site": _("“%(text)s” has no site “%(site)s”. It has: %(names)s."),
    "unknown_matter": _("Matter: “%(text)s” is not known."),
    "in_the_future": _("%(field)s: %(day)s is still to come."),
    "before_found": _("%(field)s: %(day)s lies before the day on which it was found, %(found)s."),
    "no_day_closed": _("It is closed, but no column says on which day."),
    "closed_but_open": _("It was closed on %(day)s, but its state says that it is open."),
    "same_number": _("Row %(row)s has the same number for something else."),
    "number_taken": _("The number is that of %(number)s, which is about something else."),
    "nobody_orders": _(
        "It is open, and no officer acts in its place who could accept it. Appoint one, or import as one."
    ),
    "registered": _("Registered already as %(number)s."),
}

SHOWN = (
    ("enterprise", _("Enterprise")),
    ("title", _("What is wrong")),
    ("grade", _("Grade")),
    ("found", _("Found")),
    ("due", _("Deadline")),
    ("state", _("State")),
    ("closed", _("Closed")),
)
