"""What the words in a cell mean: numbers, positions, choices, industries, features."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from safegrid.grid.choices import EnterpriseStatus, NoUscc, RiskGrade, Size
from safegrid.grid.imports.problems import Rejected
from safegrid.grid.keys import clean_uscc, uscc_problem
from safegrid.grid.models import Feature, Industry
from safegrid.grid.places.positions import Position, is_on_earth
from safegrid.kernel.bigrams import normal

#: How spreadsheets write the choices.
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "size": {
        Size.LARGE: ("大型", "大型企业", "large"),
        Size.MEDIUM: ("中型", "中型企业", "medium"),
        Size.SMALL: ("小型", "小型企业", "small"),
        Size.MICRO: ("微型", "微型企业", "小微", "小微企业", "个体", "个体工商户", "micro"),
    },
    "risk": {
        RiskGrade.RED: ("红", "红色", "重大", "重大风险", "a", "a级", "red"),
        RiskGrade.ORANGE: ("橙", "橙色", "较大", "较大风险", "b", "b级", "orange"),
        RiskGrade.YELLOW: ("黄", "黄色", "一般", "一般风险", "c", "c级", "yellow"),
        RiskGrade.BLUE: ("蓝", "蓝色", "低", "低风险", "d", "d级", "blue"),
    },
    "status": {
        EnterpriseStatus.OPERATING: ("在营", "在业", "存续", "营业", "正常", "正常经营", "生产", "operating"),
        EnterpriseStatus.SUSPENDED: ("停业", "停产", "停产停业", "歇业", "suspended"),
        EnterpriseStatus.SEASONAL: ("季节性", "季节性生产", "季节性经营", "seasonal"),
        EnterpriseStatus.CLOSED: ("关闭", "注销", "吊销", "closed"),
    },
    "no_uscc_reason": {
        NoUscc.UNLICENSED: ("无证", "无照", "无证无照", "无证经营", "无照经营", "unlicensed"),
        NoUscc.APPLYING: ("办理中", "正在办理", "申请中", "applying"),
        NoUscc.EXEMPT: ("无需办理", "免办", "不需要", "exempt"),
        NoUscc.UNKNOWN: ("不详", "未知", "unknown"),
    },
}
BY_WORD = {
    field: {word: c for c, words in choices.items() for word in words} for field, choices in WORDS.items()
}
#: A long number that a spreadsheet has taken for a quantity: its last digits are lost.
ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{2}")
#: Section, division, group and class of GB/T 4754; a spreadsheet drops the zero of 01 to 09.
INDUSTRY_CODE = re.compile(r"([A-T])?(?:([0-9]{2})[0-9]{0,2}|([0-9]))?(?![A-Z0-9])(.*)", re.DOTALL)
LIST = re.compile(r"[;；,，、/|\n]+")
PAIR = re.compile(r"[,，;；\s]+")
FARTHEST_SOUTH = 90


def choice(field: str, text: str) -> str:
    """Return the choice that a word stands for. Raises Rejected."""
    found = BY_WORD[field].get(normal(text))
    if found is None:
        raise Rejected("unknown_word", field=field, text=text)
    return str(found)


def code(text: str) -> str:
    """Return a USCC as it is stored. Raises Rejected."""
    if ROUNDED.fullmatch(text):
        raise Rejected("uscc_rounded")
    found = clean_uscc(text)
    if problem := uscc_problem(found):
        raise Rejected(f"uscc_{problem}", text=found)
    return found


def position(longitude: str, latitude: str) -> Position | None:
    """Return a position in degrees, or None when both cells are blank. Raises Rejected."""
    if not longitude and not latitude:
        return None
    if not longitude or not latitude:
        raise Rejected("half_position")
    try:
        found = float(longitude.rstrip("°EeＥ")), float(latitude.rstrip("°NnＮ"))
    except ValueError as error:
        raise Rejected("position_number", text=f"{longitude}, {latitude}") from error
    if not is_on_earth(*found):
        swapped = is_on_earth(found[1], found[0]) and found[1] > FARTHEST_SOUTH
        raise Rejected("position_swapped" if swapped else "off_the_earth", text=f"{longitude}, {latitude}")
    return found


def pair(text: str) -> Position | None:
    """Return a position from one cell with both coordinates, longitude first. Raises Rejected."""
    if not text:
        return None
    parts = PAIR.split(text.strip("()（）[]"))
    if len(parts) != 2:
        raise Rejected("position_number", text=text)
    return position(*parts)


class Industries:
    """Finds industries by code (a class or group leads to its division) and by name. One query."""

    def __init__(self) -> None:
        rows = list(Industry.objects.all())
        self.by_pk = {row.pk: row for row in rows}
        self._sections = {row.code: self.by_pk[row.parent_id].code for row in rows if row.parent_id}
        self._by_code = {row.code: row for row in rows}
        self._by_name = {normal(name): row for row in rows for name in (row.name, row.name_en) if name}

    def find(self, text: str) -> Industry:
        """Return the industry that a cell names: "H62", "6210", "62 餐饮业", "餐饮业". Raises Rejected."""
        flat = normal(text)
        found = self._by_name.get(flat) or self._by_numbers(flat.upper())
        if found is None:
            raise Rejected("unknown_industry", text=text)
        return found

    def _by_numbers(self, text: str) -> Industry | None:
        match = INDUSTRY_CODE.fullmatch(text)
        if match is None:
            return None
        letter, division, single, rest = match.groups()
        digits = division or (f"0{single}" if single else None)
        found = self._by_code.get(digits or letter or "")
        if found is None or (digits and letter and self._sections.get(found.code) != letter):
            return None
        named = self._by_name.get(rest.lower().strip("-—:：.、()"))
        # A name beside the code must not be another industry's.
        return found if named in (None, found) else None


class Features:
    """Finds features by code and by name in either language. One query."""

    def __init__(self) -> None:
        rows = list(Feature.objects.all())
        self._by_word = {normal(w): row.code for row in rows for w in (row.code, row.name, row.name_en)}

    def find(self, text: str) -> list[str]:
        """Return the codes of all features that a cell names. Raises Rejected."""
        return sorted({self._one(part) for part in _parts(text)})

    def _one(self, word: str) -> str:
        found = self._by_word.get(normal(word))
        if found is None:
            raise Rejected("unknown_feature", text=word)
        return found


def _parts(text: str) -> Iterable[str]:
    return (part for part in (p.strip() for p in LIST.split(text)) if part)
