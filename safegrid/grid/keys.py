"""What an enterprise and a site are recognised and found by."""

import hashlib
import re
import unicodedata

from stdnum.cn import uscc

from safegrid.grid.models import Enterprise, Site
from safegrid.kernel.bigrams import bigrams, normal

SEPARATORS = re.compile(r"[\s\-—]+")
LENGTH = 18
#: Registering authority (A, N and Y are authorities too), kind, division code, body, check character.
FORM = re.compile(r"[0-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def clean_uscc(text: str) -> str:
    """Return a USCC as it is stored: without blanks and hyphens, half-width, in capitals."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def uscc_problem(code: str) -> str:
    """Return what is wrong with a cleaned USCC (GB 32100-2015): "length", "form", "check", or nothing."""
    if len(code) != LENGTH:
        return "length"
    if not FORM.fullmatch(code):
        return "form"
    return "" if uscc.calc_check_digit(code[:-1]) == code[-1] else "check"


def import_key(*, code: str | None, name: str, address: str) -> str:
    """Return what a repeated import recognises an enterprise by: its USCC, else name and address."""
    return code or hashlib.sha256(f"{normal(name)}\n{normal(address)}".encode()).hexdigest()


def enterprise_search(enterprise: Enterprise) -> list[str]:
    """Return the pairs of characters by which an enterprise is found."""
    return bigrams(enterprise.name, enterprise.name_en, enterprise.uscc)


def site_search(site: Site, enterprise: Enterprise) -> list[str]:
    """Return the pairs of characters by which a site is found: its own words and its enterprise's."""
    return bigrams(site.name, site.address, enterprise.name, enterprise.name_en, enterprise.uscc)
