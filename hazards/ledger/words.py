"""How offices spell a state, a class, a source and a category in their ledgers.

What is not here is listed with its count, and somebody says what it means: nothing is guessed silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hazards.choices import Category, Grade, Road, Source, State
from hazards.grading import categories
from safegrid.kernel.bigrams import normal

#: A state as sheets tell it. `FIXED_AT_ONCE` is closed on the day it was found.
FIXED_AT_ONCE = "at_once"

_STATES: Mapping[str, str] = {
    State.CLOSED: (
        "已整改、整改完毕、整改完成、已完成整改、整改到位、已整改到位、已整改完毕、已整改完成、"
        "完成、已完成、完成整改、完毕、√、✓、✔、☑、是、已销号、销号、已闭环、闭环、已复查、"
        "复查合格、验收合格、验收通过、合格、已验收、已关闭、已办结、办结、已消除、已整改销号、"
        "已整改已销号、整改合格、已治理、y、yes、done、fixed、rectified"
    ),
    State.RECTIFYING: (
        "未整改、整改中、正在整改、未完成、未完成整改、限期整改、未销号、否、×、✗、✕、x、未闭环、"
        "待整改、部分整改、逾期未整改、未整改到位、正在进行、进行中、治理中、逾期、n、no、open、"
        "in progress"
    ),
    State.TO_ACCEPT: (
        "待复查、待验收、已整改待复查、已整改待验收、待销号、申请销号、未复查、已整改未复查、待确认"
    ),
    State.REPORTED: "待定级、未定级",
    State.GRADED: "待下达、待责令、未下达",
    State.CANCELLED: "作废、取消、误报、不属实、不予认定、撤销",
    FIXED_AT_ONCE: (
        "立行立改、当场整改、立即整改、现场整改、当场整改完毕、已当场整改、立即整改完毕、"
        "corrected during inspection"
    ),
}
_GRADES: Mapping[str, str] = {
    Grade.GENERAL: "一般、般、一般隐患、一般事故隐患、普通、轻微、小、general、minor",
    Grade.MAJOR: "重大、大、重大隐患、重大事故隐患、重、major",
}
_CATEGORIES: Mapping[str, str] = {
    Category.FACILITY: "设备、设施、设备设施、设施设备、机械、机械设备、特种设备、物的不安全状态",
    Category.FIRE: "消防、消防安全、消防设施、火灾、消防类",
    Category.ELECTRICAL: "用电、电气、用电安全、电气安全、电气设备、临时用电、电",
    Category.GAS: "燃气、燃气安全、用气、天然气、液化气",
    Category.CHEMICAL: "危化品、危险化学品、化学品、危化、危险物品",
    Category.BEHAVIOUR: "行为、人的不安全行为、违章、违章作业、三违、操作、作业行为、现场操作",
    Category.MANAGEMENT: "管理、管理缺陷、基础管理、安全管理、制度、资料、台账、教育培训、培训",
    Category.ENVIRONMENT: "环境、作业环境、场所、作业场所、现场环境、现场管理、场所环境",
}
#: Words inside of which tell the source: there are too many whole ones.
OWN = re.compile(r"自查|自检|自纠|自报|self")
ORDERED = re.compile(
    r"检查|督查|巡查|督导|执法|抽查|暗访|明查|举报|投诉|交办|移送|转办|排查|核查|复查|巡检|监察|考核|上级|网格|专家|inspection|patrol"
)
#: Words of a source behind which somebody may stand who reported it, and who is never exposed.
OUTSIDE = re.compile(
    r"举报|投诉|信访|群众|市民|热线|来信|来电|来访|反映|爆料|交办|移送|转办|public|complain|hotline|whistle"
)


def _by_word(spelled: Mapping[str, str], labels: Iterable[tuple[str, Any]]) -> dict[str, str]:
    found = {normal(word): str(code) for code, words in spelled.items() for word in words.split("、")}
    return found | {normal(code): str(code) for code, _label in labels}


BY_WORD: Mapping[str, Mapping[str, str]] = {
    "state": _by_word(_STATES, State.choices) | {State.TO_CONFIRM: State.TO_ACCEPT.value},
    "grade": _by_word(_GRADES, Grade.choices),
    "category": _by_word(_CATEGORIES, [(code, None) for code in Category]),
}
#: Fields whose choices have labels of their own; the names of categories are rows.
LABELLED = {"state": State, "grade": Grade, "source": Source}
BRACKETS = re.compile(r"\([^()]*\)")


def find(field: str, text: str) -> str | None:
    """Return what a spelling of `field` means, or None when nobody has said."""
    flat = normal(text)
    if field == "source":
        own, ordered = bool(OWN.search(flat)), bool(ORDERED.search(flat))
        if own or ordered:
            return Road.SELF if own and not re.search("举报|执法", flat) else Road.ORDERED
        # As the portal's own exports have it; of what came in from a ledger nobody can say more.
        return Road.ORDERED if _by_label(field, flat) else None
    words = BY_WORD[field]
    return words.get(flat) or words.get(BRACKETS.sub("", flat)) or _by_label(field, flat)


def category_names() -> dict[str, str]:
    """Return the code of each category by what it is called, alone and in the tree. One query."""
    rows = {node.code: node.row for node in categories.tree()}
    found: dict[str, str] = {}
    for code, row in reversed(rows.items()):
        for field in ("name", "name_en"):
            way = [getattr(rows[each], field) for each in categories.way(code)]
            found |= {
                normal(name): code for name in (categories.BETWEEN.join(way), getattr(row, field)) if name
            }
    return found


def find_category(text: str, names: Mapping[str, str]) -> str | None:
    """Return the code of the category that a spelling means, by the portal's own `names` first."""
    return names.get(normal(text)) or find("category", text)


def _by_label(field: str, flat: str) -> str | None:
    """A choice by its name in the reader's language, as the portal's own exports have it."""
    choices = LABELLED.get(field)
    if choices is None:
        return None
    return next((str(code) for code, label in choices.choices if normal(str(label)) == flat), None)
