"""What the steps of hazards say about their end: when it was done, who looked at it, and what they found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hazards.ledger.telling import Told
from hazards.models import Hazard, Step
from hazards.wording import DONE
from safegrid.grid.imports.days import day as day_of
from safegrid.kernel import clock
from safegrid.kernel.names import choose
from safegrid.kernel.punctuation import colon

#: Steps that may say when it was done.
DONE_BY = ("report", "submit", "told_closed")
#: Steps by which somebody other than the fixer says what they found.
LOOKED = ("accept", "confirm", "send_back", "fixed_at_once")


@dataclass(frozen=True)
class Look:
    """The local day on which it was done; who looked at it last, on which day, and the conclusion."""

    done_on: dt.date | None = None
    by: str | None = None
    on: dt.date | None = None
    conclusion: str | None = None


NOT_LOOKED = Look()


def looks_at(hazards: Sequence[Hazard], told: Mapping[int, Told]) -> dict[int, Look]:
    """Return what was done and found of each hazard, the last of it. One query.

    `told` is what ledgers said by the ids of hazards: it holds until something is done about them here.
    """
    on_the_spot = {hazard.pk for hazard in hazards if hazard.fixed_on_the_spot}
    steps = Step.objects.filter(hazard__in=hazards, action__in=(*DONE_BY, *LOOKED)).order_by("pk")
    found = {pk: _as_told(said) for pk, said in told.items()}
    for pk, action, at, name, name_en, note in steps.values_list(
        "hazard", "action", "at", "actor__name", "actor__name_en", "note"
    ):
        day, before = clock.local_date(at), found.get(pk, NOT_LOOKED)
        if action == "submit" or (action == "report" and pk in on_the_spot):
            found[pk] = replace(before, done_on=day)
        elif action == "told_closed":
            done_on = before.done_on or (day if pk in on_the_spot else None)
            words = before.conclusion or str(DONE[action])
            found[pk] = replace(before, done_on=done_on, on=day, conclusion=words)
        elif action in LOOKED:
            words = str(DONE[action])
            conclusion = f"{words}{colon()}{note}" if note else words
            done_on = day if action == "fixed_at_once" else before.done_on
            found[pk] = Look(done_on, choose(name, name_en), day, conclusion)
    return found


def _as_told(said: Told) -> Look:
    """Return what a ledger said of the end; the day of the look is that of closing, if it was closed."""
    return Look(day_of(said.get("done_on", "")), said.get("acceptor"), None, said.get("conclusion"))
