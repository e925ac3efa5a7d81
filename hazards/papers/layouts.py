"""What papers about hazards are made of: their texts in Chinese, as Word and as PDF from the same values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hazards.papers.choices import PaperKind
from responsibility.documents.blocks import BLANK, CENTRE, RIGHT, Block, Grid, Heading, Text
from responsibility.documents.layouts import Layout, layouts

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Form:
    """The wording of one kind: what stands before the table and after it, and the table's columns.

    A column is the name of its value, its heading, and its width in millimetres.
    """

    opening: str
    closing: str
    columns: Sequence[tuple[str, str, int]]
    receipt: str = f"被检查单位签收：{BLANK}{BLANK}，日期：{BLANK}"


FORMS = {
    PaperKind.ORDER: Form(
        "经检查，你单位存在下列事故隐患：",
        "现责令你单位按照上表所列要求和期限完成整改。整改期间应当采取措施保证安全，完成后提出复查申请；"
        "逾期不整改或者整改不合格的，依法处理。",
        (("what", "隐患部位及情况", 60), ("measures", "整改要求", 48), ("due", "整改期限", 36)),
    ),
    PaperKind.MEASURES: Form(
        "经检查，你单位存在下列事故隐患：",
        "依据《中华人民共和国安全生产法》第六十五条第一款第三项，决定采取上表所列现场处理措施。"
        "隐患排除后，经审查同意，方可恢复生产经营和使用。",
        (("what", "隐患部位及情况", 76), ("measures", "现场处理措施", 68)),
    ),
    PaperKind.OPINION: Form(
        "经对你单位下列事故隐患的整改情况进行复查，提出意见如下：",
        "",
        (("what", "隐患部位及情况", 58), ("done", "整改情况", 46), ("conclusion", "复查意见", 40)),
    ),
    PaperKind.LISTING: Form(
        "决定对你单位下列重大事故隐患实行挂牌督办：",
        "你单位主要负责人应当组织制定并落实治理方案，做到责任、措施、资金、时限和预案“五落实”，"
        "按期完成治理，经验收合格后申请摘牌。",
        (("what", "重大事故隐患", 60), ("basis", "判定依据", 48), ("due", "治理时限", 36)),
        receipt=f"签收：{BLANK}{BLANK}，日期：{BLANK}",
    ),
}

ITEM = {
    "what": "二楼：疏散通道被堵塞",
    "measures": "清理疏散通道",
    "due": "2026年12月8日",
    "done": "已清理",
    "conclusion": "整改合格",
    "basis": "判定标准第三条",
}


def _sample(form: Form) -> dict[str, Any]:
    return {
        "addressee": "青海恒盛商贸有限公司",
        "uscc": "91630100MA75ABCD1X",
        "address": "城东区八一路1号",
        "opening": form.opening,
        "closing": form.closing,
        "paragraphs": ["请抓紧办理。"],
        "items": [{name: ITEM[name] for name, _heading, _width in form.columns}],
        "officers": "马明（证号 63010001）",
        "remedy": "如不服本决定，可以依法申请行政复议或者提起行政诉讼。",
    }


def paper_of(form: Form) -> Any:
    """Return what makes the parts of a paper from its values."""

    def paper(values: Mapping[str, Any]) -> list[Block]:
        rows = [
            (str(place), *(item[name] for name, _heading, _width in form.columns))
            for place, item in enumerate(values["items"], start=1)
        ]
        about = [Text(f"统一社会信用代码：{values['uscc']}")] if values["uscc"] else []
        about += [Text(f"地址：{values['address']}")] if values["address"] else []
        corrects = values["corrects"]
        return [
            Heading(values["issuer"], is_body=True),
            Heading(values["kind"]),
            Text(values["number"], CENTRE),
            *([Text(f"（本件更正{corrects}，原件以本件为准。）", CENTRE)] if corrects else []),
            Text(f"{values['addressee']}：", space=1),
            *about,
            Text(values["opening"], indent=True),
            Grid(
                ("序号", *(heading for _name, heading, _width in form.columns)),
                (12, *(width for _name, _heading, width in form.columns)),
                rows,
            ),
            *(Text(text, indent=True) for text in values["paragraphs"]),
            *([Text(values["closing"], indent=True, stays=True)] if values["closing"] else []),
            *([Text(values["remedy"], indent=True, stays=True)] if values["remedy"] else []),
            *([Text(f"执法人员：{values['officers']}", space=1, stays=True)] if values["officers"] else []),
            Text(form.receipt, stays=True),
            Text(values["issuer"], RIGHT, space=1, stays=True),
            Text(values["date"], RIGHT),
        ]

    return paper


for kind, form in FORMS.items():
    layouts.plug(
        kind.value, Layout(kind.value, TEMPLATES / f"{kind.value}.docx", _sample(form), paper_of(form))
    )
