"""What the pages of statements show: the scores of one, the ranking of units, the rows of table 7."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.utils.translation import gettext as _

from responsibility.statements.choices import SCORED, TONES, Band, Scoring, StatementLevel
from responsibility.statements.indicators import find
from responsibility.statements.models import ScoreLine, Signature, Statement, StatementItem, StatementScore
from responsibility.statements.texts import plain, rule
from safegrid.files.models import Evidence, StoredFile
from safegrid.kernel import clock

#: Who is ranked: units, never persons; an enterprise is compared with nobody.
RANKED = (StatementLevel.DISTRICT, StatementLevel.MEMBER, StatementLevel.TOWNSHIP)


@dataclass(frozen=True)
class Signed:
    """A signature, and whether it is of the text that stands there."""

    signature: Signature
    is_valid: bool


@dataclass(frozen=True)
class Line:
    """One item of a quarter, in the reader's words."""

    line: ScoreLine
    item: StatementItem
    rule: str
    value: str
    cause: str
    photos: list[StoredFile]

    @property
    def deduction(self) -> Decimal | None:
        """The points that it lost."""
        return None if self.line.points is None else self.item.points - self.line.points

    @property
    def is_veto(self) -> bool:
        """Whether it is a veto and has no points."""
        return self.item.scoring == Scoring.VETO

    @property
    def is_reviewed(self) -> bool:
        """Whether a person judges it."""
        return self.item.scoring != Scoring.INDICATOR


@dataclass(frozen=True)
class Score:
    """One revision of a quarter with its lines."""

    score: StatementScore
    lines: list[Line]
    is_latest: bool
    counts: bool  # the last that is locked, or the first while the quarter is open
    is_over: bool  # the quarter

    @property
    def tone(self) -> str:
        """The tone of the band."""
        return TONES.get(Band(self.score.band), "neutral") if self.score.band else "neutral"

    @property
    def missing(self) -> int:
        """How many items with points are not scored yet."""
        return sum(line.line.points is None and not line.is_veto for line in self.lines)

    @property
    def taken(self) -> Decimal:
        """The points that were taken off."""
        return self.score.possible - self.score.points


def signatures(statement: Statement) -> dict[str, Signed]:
    """Return the signatures of a statement by side. One query."""
    rows = statement.signatures.select_related("user", "post")
    return {row.side: Signed(row, statement.is_genuine and row.sha256 == statement.sha256) for row in rows}


def value_text(line: ScoreLine, item: StatementItem) -> str:
    """Return the figure with its unit; empty where there is none."""
    if line.value is None:
        return ""
    known = find(item.indicator)
    return f"{plain(line.value)}{known.unit if known else ''}"


def cause(line: ScoreLine, item: StatementItem) -> str:
    """Return what a line's points come from, in a sentence."""
    if item.scoring != Scoring.INDICATOR:
        if line.reviewed_at is None:
            return "" if item.scoring == Scoring.VETO else _("Not scored yet: nobody has reviewed it.")
        return line.note
    known = find(item.indicator)
    if known is None:
        return _("Not scored yet: nothing in this portal counts it so far.")
    if line.value is None:
        return _("Not scored yet: there is no figure for this quarter.")
    if not line.counted:
        return _("Nothing fell due.")
    if not line.bad:
        return _("All %(counted)s that were counted are in order.") % {"counted": line.counted}
    return str(known.cause) % {"bad": line.bad, "counted": line.counted}


def photos_of(lines: list[ScoreLine]) -> dict[int, list[StoredFile]]:
    """Return the evidence of lines, by line. Two queries."""
    kind = ContentType.objects.get_for_model(ScoreLine)
    found: dict[int, list[StoredFile]] = {}
    rows = Evidence.objects.filter(subject_type=kind, subject_id__in=[line.pk for line in lines])
    for row in rows.select_related("file").order_by("pk"):
        found.setdefault(row.subject_id, []).append(row.file)
    return found


def scores(statement: Statement, *, now: dt.datetime) -> list[Score]:
    """Return every score of a statement, the latest quarter and revision first. Four queries."""
    from responsibility.statements.models import quarter_days

    rows = list(statement.scores.select_related("made_by", "locked_by").order_by("-quarter", "-revision"))
    lines = list(
        ScoreLine.objects.filter(score__in=rows)
        .select_related("item", "reviewed_by", "reviewed_post")
        .order_by("item__order")
    )
    photos = photos_of(lines)
    today = clock.local_date(now)
    found: list[Score] = []
    seen: set[int] = set()
    counted: set[int] = set()
    for row in rows:
        worded = [
            Line(
                line,
                line.item,
                rule(line.item),
                value_text(line, line.item),
                cause(line, line.item),
                photos.get(line.pk, []),
            )
            for line in lines
            if line.score_id == row.pk
        ]
        over = quarter_days(statement.year, row.quarter)[1] < today
        counts = not row.is_correction and row.quarter not in counted
        found.append(Score(row, worded, row.quarter not in seen, counts, over))
        seen.add(row.quarter)
        if counts:
            counted.add(row.quarter)
    return found


# -- the ranking -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A unit in the ranking. `rank` is None for what is vetoed or has no points yet."""

    rank: int | None
    statement: Statement
    score: StatementScore | None
    tone: str


def ranks(rates: Mapping[int, Decimal]) -> dict[int, int]:
    """Return the rank of each: equal rates share one, and the next rank counts all before it."""
    ordered = sorted(rates.values(), reverse=True)
    first: dict[Decimal, int] = {}
    for number, rate in enumerate(ordered, start=1):
        first.setdefault(rate, number)
    return {key: first[rate] for key, rate in rates.items()}


def ranking(user: Any, *, year: int, quarter: int, level: str) -> tuple[list[Place], int]:
    """Return the units that `user` reads in their order, and how many there are in all. Two queries.

    A rank is among all units of the level in the city, whoever looks.
    """
    if level not in RANKED:
        return [], 0
    every = Statement.objects.filter(year=year, level=level, state__in=SCORED)
    counting = StatementScore.objects.counting().filter(
        statement__year=year, statement__level=level, statement__state__in=SCORED, quarter=quarter
    )
    by_statement = {row.statement_id: row for row in counting.select_related("locked_by")}
    rank = ranks(
        {pk: row.rate for pk, row in by_statement.items() if row.rate is not None and row.band != Band.VETOED}
    )
    seen = every.visible_to(user).select_related("receiver", "promiser").defer("text")
    found = []
    for statement in seen:
        score = by_statement.get(statement.pk)
        tone = TONES.get(Band(score.band), "neutral") if score and score.band else "neutral"
        found.append(Place(rank.get(statement.pk), statement, score, tone))
    found.sort(key=lambda each: (each.rank is None, each.rank or 0, each.score is None, each.statement.pk))
    return found, len(by_statement)


def years_of(user: Any) -> list[int]:
    """Return the years of which `user` reads statements, the latest first. One query."""
    rows = Statement.objects.visible_to(user).order_by("-year").values_list("year", flat=True).distinct()
    return list(rows)


def lines_of(user: Any, *, year: int, quarter: int, level: str) -> Any:
    """Return the lines of table 7 that `user` reads: of each statement the score that counts."""
    counting = StatementScore.objects.counting().visible_to(user)
    chosen = counting.filter(statement__year=year, quarter=quarter, statement__state__in=SCORED)
    if level:
        chosen = chosen.filter(statement__level=level)
    return (
        ScoreLine.objects.filter(score__in=chosen)
        .annotate(statement_key=F("score__statement_id"))
        .select_related("item", "score__statement")
        .defer("score__statement__text")
        .order_by("score__statement__level", "score__statement__body", "statement_key", "item__order")
    )
