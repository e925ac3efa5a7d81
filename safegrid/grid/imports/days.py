"""Days as spreadsheets write them: with hyphens, points, strokes or 年月日, or as a serial number."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

#: A year first, as everywhere in China; a time of day behind it is not wanted.
WRITTEN = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{2}) ?[-./年·。] ?(?P<month>[0-9]{1,2}) ?[-./月·。] ?"
    r"(?P<day>[0-9]{1,2}) ?[日号]?"
    r"(?:[T ]+[0-9]{1,2}[:时][0-9:.时分秒]*(?:\+00:00|Z)?)?"
)
COMPACT = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
#: "by 30 June", in front of which or behind which the day stands.
AROUND = re.compile(r"^(?:截止|截至|限|于|至|在)+|(?:以前|之前|前|止|完成|整改|内)+$")
FIRST_SERIAL = dt.date(1899, 12, 30)  # of Excel: its leap day of 1900 never was
CENTURY = 2000
WEEKDAY = re.compile(r"\s*[(（]?(?:星期|周)[一二三四五六日天][)）]?")


def day(text: str) -> dt.date | None:
    """Return the day that a cell holds, or None when it is none.

    Understood are 2025-06-30, 2025.6.30, 2025/6/30, 2025年6月30日, 25/6/30, 20250630 and 45838, with a time
    of day or "前" behind it. What may be read in two ways, as 6/7/2025, is no day.
    """
    flat = WEEKDAY.sub("", unicodedata.normalize("NFKC", text).strip())
    flat = AROUND.sub("", flat).strip()
    if SERIAL.fullmatch(flat):
        return FIRST_SERIAL + dt.timedelta(days=int(float(flat)))
    found = COMPACT.fullmatch(flat) or WRITTEN.fullmatch(flat)
    if found is None:
        return None
    year = int(found["year"])
    try:
        return dt.date(year if year > 99 else CENTURY + year, int(found["month"]), int(found["day"]))
    except ValueError:
        return None
