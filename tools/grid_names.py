"""English names of divisions: pinyin for the proper part, a plain word for the kind.

Used once, by grid_data.py, when the seed data is made; the portal itself reads the committed result.
Polyphonic characters that the pinyin dictionary gets wrong in place names are corrected in READINGS.
"""

import re
from collections.abc import Callable

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

# 堡 is "bu" where it means a walled village, 咀 is the common short form of 嘴.
SINGLE_READINGS = {"堡": "bǔ", "咀": "zuǐ", "尕": "gǎ", "硖": "xiá", "垭": "yā", "什": "shí", "卜": "bǔ"}
READINGS = {
    "重台": [["chóng"], ["tái"]],
    "石咀": [["shí"], ["zuǐ"]],
    "和衷": [["hé"], ["zhōng"]],
    "长岭": [["cháng"], ["lǐng"]],
    "长宁": [["cháng"], ["níng"]],
    "朝阳": [["cháo"], ["yáng"]],
    "夏都": [["xià"], ["dū"]],
    "纳卜藏": [["nà"], ["bǔ"], ["zàng"]],
    "贾尔藏": [["jiǎ"], ["ěr"], ["zàng"]],
    "麻什藏": [["má"], ["shí"], ["zàng"]],
    "昂藏": [["áng"], ["zàng"]],
}
load_single_dict({ord(character): reading for character, reading in SINGLE_READINGS.items()})
load_phrases_dict(READINGS)

# Names that have an English form of their own, or whose words are worth translating.
WHOLE = {
    "火车站": "Railway Station",
    "火车西站": "West Railway Station",
    "生物科技产业园": "Biotechnology Industrial Park",
    "香格里拉": "Shangri-La",
    "萨尔斯堡": "Salzburg",
    "大通回族土族自治县": "Datong Hui and Tu Autonomous County",
    "海湖广场": "Haihu Square",
    "美丽水街": "Meili Shuijie",
    "东大街": "East Street",
    "西大街": "West Street",
}
COMPASS = {"东": "East", "西": "West", "南": "South", "北": "North"}
WAYS = {"大街": "Street", "街": "Street", "路": "Road", "巷": "Lane"}
WAY = re.compile(r"^(?P<stem>.{2,}?)(?P<before>[东西南北]?)(?P<way>大街|街|路|巷)(?P<after>[东西南北]?)$")
PARK = "工业园"
PEOPLES = {"藏族乡": "Tibetan Ethnic Township", "回族乡": "Hui Ethnic Township"}


def romanise(text: str) -> str:
    """Return `text` in pinyin as one capitalised word, with the apostrophe that GB/T 28039 asks for.

    A syllable that opens with a, e or o after another syllable is set off: 塔尔 is Ta'er.
    """
    syllables = lazy_pinyin(text, style=Style.NORMAL, v_to_u=True)
    word = syllables[0] + "".join(f"'{s}" if s[0] in "aeo" else s for s in syllables[1:])
    return word[:1].upper() + word[1:]


def proper(stem: str) -> str:
    """Return the English of a name without its kind: 南川东路 is "Nanchuan East Road"."""
    if stem in WHOLE:
        return WHOLE[stem]
    if stem.endswith(PARK):
        return f"{romanise(stem.removesuffix(PARK))} Industrial Park"
    way = WAY.match(stem)
    if way is None:
        return romanise(stem)
    words = [romanise(way["stem"]), COMPASS.get(way["before"]), WAYS[way["way"]], COMPASS.get(way["after"])]
    return " ".join(word for word in words if word)


def district_english(name: str) -> str:
    """Return the English name of a district or county."""
    if name in WHOLE:
        return WHOLE[name]
    kind = {"区": "District", "县": "County"}[name[-1]]
    return f"{romanise(name[:-1])} {kind}"


def township_english(name: str) -> str:
    """Return the English name of a subdistrict, town, township or park."""
    for suffix, kind in PEOPLES.items():
        if name.endswith(suffix):
            return f"{romanise(name.removesuffix(suffix))} {kind}"
    for suffix, kind in {"街道": "Subdistrict", "镇": "Town", "乡": "Township"}.items():
        if name.endswith(suffix):
            return f"{proper(name.removesuffix(suffix))} {kind}"
    return proper(name)


def community_short(name: str) -> str:
    """Return what people call the area of a committee: 阿家堡村委会 governs 阿家堡村."""
    for suffix in ("村民委员会", "村委会"):
        if name.endswith(suffix):
            stem = name.removesuffix(suffix)
            return stem if len(stem) > 1 and stem.endswith("村") else f"{stem}村"
    for suffix in ("居民委员会", "居委会"):
        if name.endswith(suffix):
            stem = name.removesuffix(suffix)
            return stem if stem.endswith("社区") else f"{stem}社区"
    return name


def community_english(name: str) -> str:
    """Return the English name of a community or village."""
    if name.endswith("虚拟社区"):
        return f"{proper(name.removesuffix('虚拟社区'))} Nominal Community"
    if name.endswith("牧委会"):
        return f"{romanise(name.removesuffix('牧委会'))} Herders' Village"
    short = community_short(name)
    if short.endswith("社区"):
        return f"{proper(short.removesuffix('社区'))} Community"
    stem = short.removesuffix("村")
    # 新村 alone is a name of its own; "Xin Village" would be nobody's.
    return f"{romanise(short if len(stem) == 1 else stem)} Village"


ENGLISH: dict[str, Callable[[str], str]] = {
    "city": lambda name: romanise(name.removesuffix("市")),
    "district": district_english,
    "township": township_english,
    "community": community_english,
}
