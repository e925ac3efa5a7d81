"""The responsibility card of a site (监管责任公示卡): who answers on each line, and where nobody does."""

import datetime as dt
from dataclasses import dataclass

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import CoveragePolicy
from responsibility.assignments.resolution import Answer, matters_of, who_answers
from safegrid.grid.models import Matter, Site


@dataclass(frozen=True)
class Gap:
    """A tier on which somebody must answer for a matter, and nobody is assigned."""

    tier: str
    matter: Matter | None

    def get_tier_display(self) -> str:
        """The tier in the reader's words."""
        return str(Tier(self.tier).label)


@dataclass
class Entry:
    """Who answers, and for which matters of the site: one, or all who do with equal right."""

    answer: Answer
    matters: list[Matter]
    covers_all: bool = False


@dataclass(frozen=True)
class LineOfCard:
    """One of the four lines: the same answer for several matters stands there once."""

    line: Line
    entries: list[Entry]
    gaps: list[Gap]


def card(site: Site, *, on: dt.date) -> list[LineOfCard]:
    """Return the four lines of `site` on the local day `on`; a bounded number of queries."""
    answers = who_answers(site, on=on)
    matters = matters_of(site, on=on)
    policies = list(CoveragePolicy.objects.select_related("matter").order_by("pk"))
    return [
        LineOfCard(
            line,
            _once([a for a in answers if a.line == line], matters),
            _gaps([p for p in policies if p.line == line], [a for a in answers if a.line == line], matters),
        )
        for line in Line
    ]


def _once(answers: list[Answer], matters: list[Matter]) -> list[Entry]:
    found: dict[object, Entry] = {}
    for answer in answers:
        same = (answer.tier, answer.answering, answer.is_overlap)
        found.setdefault(same, Entry(answer, [])).matters.append(answer.matter)
    for entry in found.values():
        entry.covers_all = len(entry.matters) == len(matters)
    order = list(Tier)
    return sorted(found.values(), key=lambda entry: order.index(Tier(entry.answer.tier)))


def _gaps(policies: list[CoveragePolicy], answers: list[Answer], matters: list[Matter]) -> list[Gap]:
    """Return what `policies` require of one line and none of its `answers` speaks to."""
    spoken = {(answer.tier, answer.matter.pk) for answer in answers}
    found = []
    for policy in policies:
        wanted = [m for m in matters if policy.matter is None or m.path.startswith(policy.matter.path)]
        if policy.line == Line.ENTERPRISE:  # an enterprise answers for all of its matters at once
            if wanted and policy.tier not in {answer.tier for answer in answers}:
                found.append(Gap(policy.tier, None))
        else:
            found += [Gap(policy.tier, m) for m in wanted if (policy.tier, m.pk) not in spoken]
    return found
