"""The text of a statement: what a template's placeholders become. It is in Chinese, as it is signed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from responsibility.statements.choices import Scoring
from responsibility.statements.indicators import find
from responsibility.statements.models import StatementItem, StatementTemplate

#: What a text may name, and must name of these the items.
PLACEHOLDERS = ("year", "promiser", "receiver", "place", "targets")
NEEDED = "targets"
MARK = re.compile(r"\{([^{}]*)\}")


def unknown_in(text: str) -> list[str]:
    """Return the placeholders of `text` that mean nothing."""
    return [name for name in MARK.findall(text) if name not in PLACEHOLDERS]


def plain(number: Decimal) -> str:
    """Return a number without zeros that say nothing."""
    return f"{number.normalize():f}"


def rule(item: StatementItem) -> str:
    """Return how an item is scored, in the reader's language."""
    if item.scoring == Scoring.VETO:
        return _("Veto: whoever does not keep it fails, whatever the points.")
    if item.scoring == Scoring.REVIEWED:
        return _("Points are given by a reviewer, with evidence.")
    known = find(item.indicator)
    if known is not None and not known.is_higher_better:
        text = _(
            "%(what)s, target %(target)s%(unit)s; for each whole %(step)s%(unit)s above it "
            "%(off)s points are taken off."
        )
    else:
        text = _(
            "%(what)s, target %(target)s%(unit)s; for each whole %(step)s%(unit)s below it "
            "%(off)s points are taken off."
        )
    return text % {
        "what": known.label if known is not None else item.label,
        "target": plain(item.target or Decimal()),
        "unit": known.unit if known is not None else "",
        "step": plain(item.step or Decimal()),
        "off": plain(item.per_step or Decimal()),
    }


def targets(items: Iterable[StatementItem]) -> str:
    """Return the items as numbered lines of the text."""
    lines = []
    with override("zh-hans"):
        for number, item in enumerate(items, start=1):
            points = f"（{item.points}分）" if item.scoring != Scoring.VETO else "（一票否决）"
            lines.append(f"{number}. {item.promise}{points}")
            if item.scoring == Scoring.INDICATOR:
                lines.append(f"   {rule(item)}")
    return "\n".join(lines)


def render(template: StatementTemplate, *, listed: str, promiser: str, receiver: str, place: str) -> str:
    """Return the text of one statement; `listed` is what `targets` gave for the template's items."""
    given = {
        "year": str(template.year),
        "promiser": promiser,
        "receiver": receiver,
        "place": place,
        "targets": listed,
    }
    body = MARK.sub(lambda found: given.get(found[1], found[0]), template.text).strip()
    return f"{template.title}\n\n{body}\n"
