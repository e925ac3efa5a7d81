"""What an enterprise and a site are recognised and found by."""

import hashlib
import re
import unicodedata

from stdnum.cn import uscc

from safegrid.grid.models import Enterprise, Site
from safegrid.kernel.bigrams import normal

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


def let_be_found(row: Enterprise | Site) -> None:
    """Set what an enterprise is found by, or a site: its own words and its enterprise's. It is not saved."""
    enterprise = row if isinstance(row, Enterprise) else row.enterprise
    own = (row.name, row.address) if isinstance(row, Site) else ()
    row.be_found_by(*own, enterprise.name, enterprise.name_en, enterprise.uscc)
