"""Rules of the audit, by their codes. Upper floors plug in theirs; nothing here changes for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from responsibility.coverage.choices import Kind, Severity, Whose
from responsibility.obligations import kinds as obligations
from safegrid.kernel.addresses import addresses
from safegrid.kernel.sockets import Socket

#: What a rule's statement selects, in this order, one row for each site that is touched; without a site
#: (and with a null) where it is about no site. `key` says which finding the row belongs to.
COLUMNS = (
    "key",
    "line",
    "tier",
    "matter_id",
    "industry_id",
    "post_id",
    "district_id",
    "township_id",
    "community_id",
    "cell_id",
    "site_id",
)


@dataclass(frozen=True)
class Rule:
    """One thing that may be wrong with who answers for what.

    `sql` selects `COLUMNS`; it may read `audit_site` (each site × matter that the audit looks at),
    `audit_answer` (who answers there), `audit_required` (what must be answered for) and `audit_vacant`
    (vacant posts that answer somewhere), and knows the parameter `day`. A `local` rule can look at one street
    alone: it reads the first three, or ends the condition on its `site` with `{region}`. All others run as a
    whole: when everything is looked at, and when something has changed that they read (`RuleTouch`).
    """

    code: str
    kind: Kind
    severity: Severity
    title: Any  # what is wrong, in a few words
    sentence: Any  # what it means and what resolves it
    sql: str
    local: bool = True
    #: What must be worked out before the statement runs; takes `now` by name. Of rules that are not local.
    prepare: Callable[..., None] | None = None
    #: What rows of an upper floor a finding is about, as who reads may see them: takes its key and the user,
    #: gives words and addresses.
    rows: Callable[[str, Any], list[tuple[str, str]]] | None = None
    #: Where one of its sites is put in order: a verb, and the name of an address that takes the enterprise's
    #: id and `?site=`.
    mend: tuple[Any, str] | None = None

    whose: Whose = Whose.PLACE
    #: Whether each of its rows counts as a site: of what is to become one. Of rules that are not local.
    counts_rows: bool = False

    @property
    def label(self) -> str:
        """The code by which a to-do list words what is owed for a finding."""
        return f"coverage_{self.code}"


rules: Socket[Rule] = Socket("coverage rules")


def compared(column: str, without: str = "") -> str:
    """Return the SQL of a text as it is compared with another: wide brackets, blanks and capitals make none.

    The characters of `without` fall away too. One pass over the text: a regular expression takes many times
    as long, and whole registers are compared.
    """
    return rf"lower(translate({column}, E'（）－{without} \u3000\u00a0\t\n', '()-'))"


def add(rule: Rule, *, order: int) -> None:
    """Register `rule`, and let to-do lists word its findings."""
    rules.plug(rule.code, rule, order=order)
    obligations.kinds.plug(
        rule.label,
        obligations.Kind(
            rule.label,
            title=format_lazy(_("{what}: {where}"), what=rule.title, where="%(where)s"),
            button=_("Resolve"),
            url=lambda params: addresses("responsibility:finding", [params["pk"]])[0],
            name=_("Coverage finding"),
        ),
    )
