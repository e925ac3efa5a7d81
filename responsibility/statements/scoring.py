"""Scores of a quarter: figures worked out for all statements at once, what reviewers give, and the lock.

Working a quarter out again changes nothing but what has changed. What is locked stays; a correction is
another revision beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from responsibility.statements import reviewing
from responsibility.statements.bodies import holds, may_judge
from responsibility.statements.choices import SCORED, Scoring
from responsibility.statements.indicators import Figure, Span, indicators
from responsibility.statements.models import (
    NOTE_LENGTH,
    ScoreLine,
    Statement,
    StatementItem,
    StatementScore,
    quarter_days,
)
from responsibility.statements.points import Edge, band, edges_on, points_for, total
from responsibility.statements.reviewing import lock_day
from safegrid.accounts.models import Post
from safegrid.audit.services import Deed, record, record_many
from safegrid.files.choices import Role
from safegrid.files.models import StoredFile
from safegrid.files.services import attach
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

LOCK = 0x5C03  # whoever works scores out
BATCH = 2000
FIGURES = ("value", "counted", "bad", "url", "points")
SUMS = ("points", "possible", "rate", "band")
STAMPED = (*SUMS, "scored_at")


def quarter_of(day: dt.date) -> tuple[int, int]:
    """Return the year and the quarter of a local day."""
    return day.year, (day.month + 2) // 3


def quarter_before(year: int, quarter: int) -> tuple[int, int]:
    """Return the quarter before another one."""
    return (year, quarter - 1) if quarter > 1 else (year - 1, 4)


def score_quarter(
    year: int, quarter: int, *, now: dt.datetime, rows: Any = None, actor: Any = None, acting_post: Any = None
) -> int:
    """Work out the scores of a quarter that are not locked; return how many were new or have changed.

    Of all statements in force, or of `rows`. What reviewers gave stays. Queries do not grow with statements,
    but for a batch of a few thousand.
    """
    first, last = quarter_days(year, quarter)
    if first > clock.local_date(now):
        raise Refused(_("This quarter has not begun yet."))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        every = Statement.objects.all() if rows is None else rows
        statements = list(every.filter(year=year, state__in=SCORED).order_by("pk").defer("text"))
        edges = edges_on(min(last, clock.local_date(now)))
        changed = 0
        for start in range(0, len(statements), BATCH):
            changed += _score(
                statements[start : start + BATCH],
                quarter,
                Span(first, last, now),
                edges,
                actor=actor,
                acting_post=acting_post,
            )
    return changed


def _score(
    statements: Sequence[Statement],
    quarter: int,
    span: Span,
    edges: Sequence[Edge],
    *,
    actor: Any,
    acting_post: Any,
) -> int:
    scores = _open_scores(statements, quarter, now=span.now)
    statements = [row for row in statements if row.pk in scores]
    items = items_of(statements)
    lines = _lines(statements, scores, items)
    figures = figures_of(statements, items, span)
    moved: list[ScoreLine] = []
    for statement in statements:
        for item in items[statement.template_id]:
            if item.scoring == Scoring.INDICATOR:
                line = lines[scores[statement.pk].pk, item.pk]
                if _fill(line, item, figures[item.indicator].get(statement.pk)):
                    moved.append(line)
    _write(ScoreLine, moved, FIGURES)
    return _sum_up(
        [scores[row.pk] for row in statements], lines, edges, span.now, actor=actor, acting_post=acting_post
    )


def _open_scores(
    statements: Sequence[Statement], quarter: int, *, now: dt.datetime
) -> dict[int, StatementScore]:
    """Return by statement the score that is not locked, made where there is none. Two queries."""
    known: dict[int, StatementScore] = {}
    locked = set()
    for row in StatementScore.objects.filter(statement__in=statements, quarter=quarter).order_by("revision"):
        if row.locked_at is None:
            known[row.statement_id] = row
        else:
            locked.add(row.statement_id)
    fresh = [
        StatementScore(statement=row, quarter=quarter, scored_at=now)
        for row in statements
        if row.pk not in known and row.pk not in locked
    ]
    StatementScore.objects.bulk_create(fresh)
    return known | {row.statement_id: row for row in fresh}


def items_of(statements: Iterable[Statement]) -> dict[int, list[StatementItem]]:
    """Return the items of the statements' templates, by template. One query."""
    found: dict[int, list[StatementItem]] = {}
    templates = {row.template_id for row in statements}
    for item in StatementItem.objects.filter(template__in=templates).order_by("template", "order"):
        found.setdefault(item.template_id, []).append(item)
    return found


def _lines(
    statements: Sequence[Statement],
    scores: Mapping[int, StatementScore],
    items: Mapping[int, list[StatementItem]],
) -> dict[tuple[int, int], ScoreLine]:
    """Return the lines by score and item; those that are missing are made. Two queries."""
    found = {
        (line.score_id, line.item_id): line
        for line in ScoreLine.objects.filter(score__in=[scores[row.pk] for row in statements])
    }
    fresh = [
        ScoreLine(score=scores[row.pk], item=item)
        for row in statements
        for item in items[row.template_id]
        if (scores[row.pk].pk, item.pk) not in found
    ]
    ScoreLine.objects.bulk_create(fresh)
    every = found | {(line.score_id, line.item_id): line for line in fresh}
    known = {item.pk: item for rows in items.values() for item in rows}
    for line in every.values():
        line.item = known[line.item_id]
    return every


def figures_of(
    statements: Sequence[Statement], items: Mapping[int, list[StatementItem]], span: Span
) -> dict[str, Mapping[int, Figure]]:
    """Return for each indicator the figures of the statements that ask for it; none where it is missing."""
    asked: dict[str, list[Statement]] = {}
    for statement in statements:
        for code in {item.indicator for item in items[statement.template_id] if item.indicator}:
            asked.setdefault(code, []).append(statement)
    return {
        code: indicators[code].values(rows, span) if code in indicators else {}
        for code, rows in asked.items()
    }


def _fill(line: ScoreLine, item: StatementItem, figure: Figure | None) -> bool:
    """Write a figure and its points to a line; whether it changed."""
    before = [getattr(line, name) for name in FIGURES]
    if figure is None or figure.value is None:
        line.value = line.counted = line.bad = line.points = None
        line.url = ""
    else:
        line.value, line.counted, line.bad, line.url = figure.value, figure.counted, figure.bad, figure.url
        line.points = points_for(
            figure.value,
            points=item.points,
            target=item.target or Decimal(),
            step=item.step or Decimal(1),
            per_step=item.per_step or Decimal(),
            is_higher_better=indicators[item.indicator].is_higher_better,
        )
    return before != [getattr(line, name) for name in FIGURES]


def _sum_up(
    scores: Sequence[StatementScore],
    lines: Mapping[tuple[int, int], ScoreLine],
    edges: Sequence[Edge],
    now: dt.datetime,
    *,
    actor: Any,
    acting_post: Any,
) -> int:
    """Bring the sums of scores into line with their lines; return how many have changed."""
    of_score: dict[int, list[ScoreLine]] = {}
    for (pk, _item), line in lines.items():
        of_score.setdefault(pk, []).append(line)
    changed = []
    for score in scores:
        before = [getattr(score, name) for name in SUMS]
        _total(score, of_score.get(score.pk, []), edges)
        if before != [getattr(score, name) for name in SUMS]:
            score.scored_at = now
            changed.append(score)
    _write(StatementScore, changed, STAMPED)
    deeds = [
        Deed(
            Statement(pk=score.statement_id),
            "statement.score",
            {
                "quarter": score.quarter,
                "revision": score.revision,
                "points": score.points,
                "band": score.band,
            },
        )
        for score in changed
    ]
    record_many(deeds, actor=actor, acting_post=acting_post, now=now)
    return len(changed)


#: How PostgreSQL calls what a column holds.
TYPES = {
    "value": "numeric",
    "counted": "int",
    "bad": "int",
    "url": "text",
    "points": "numeric",
    "possible": "int",
    "rate": "numeric",
    "band": "text",
    "scored_at": "timestamptz",
}


def _write(model: type[Any], rows: Sequence[Any], names: Sequence[str]) -> None:
    """Write the columns `names` of many rows. One query, however many: a list of cases would take seconds."""
    if not rows:
        return
    arrays = ", ".join(f"%s::{TYPES[name]}[]" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} AS row SET {', '.join(f'{n} = new.{n}' for n in names)} "  # noqa: S608 (names of our own)
            f"FROM unnest(%s::bigint[], {arrays}) AS new (id, {', '.join(names)}) WHERE row.id = new.id",
            [[row.pk for row in rows], *([getattr(row, name) for row in rows] for name in names)],
        )


def _total(score: StatementScore, lines: Iterable[ScoreLine], edges: Sequence[Edge]) -> None:
    result = total((line.item.points, line.points, line.is_vetoed) for line in lines)
    score.points, score.possible, score.rate = result.points, result.possible, result.rate
    score.band = band(result, edges)


# -- what people do --------------------------------------------------------------------------------------


def _take(score: StatementScore, actor: Any, acting_post: Post | None) -> StatementScore:
    """Lock the row, within what the person reaches and may judge. Raise NotAllowed otherwise."""
    seen = Statement.objects.visible_to(actor).filter(pk=score.statement_id).first()
    if seen is None or not holds(actor, acting_post) or not may_judge(seen, acting_post):
        raise NotAllowed
    row = StatementScore.objects.select_for_update(of=("self",)).get(pk=score.pk)
    row.statement = seen
    return row


def _take_open(score: StatementScore, actor: Any, acting_post: Post | None) -> StatementScore:
    row = _take(score, actor, acting_post)
    if row.locked_at is not None:
        raise Stale(_("This quarter is locked. A correction is another revision."))
    return row


def review(
    *,
    line: ScoreLine,
    points: Decimal | None = None,
    is_vetoed: bool = False,
    note: str,
    document: str = "",
    photos: Sequence[StoredFile] = (),
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> ScoreLine:
    """Give the points of a reviewed item, or say whether a veto applies, with a reason and evidence.

    Raise NotAllowed for whoever does not judge this statement, Stale when the quarter is locked, Invalid for
    points outside the item's, without a reason, or without evidence of what takes points or vetoes.
    """
    with transaction.atomic():
        score = _take_open(line.score, actor, acting_post)
        row = ScoreLine.objects.select_related("item").select_for_update(of=("self",)).get(pk=line.pk)
        if row.item.scoring == Scoring.INDICATOR:
            raise Invalid({"points": _("This item is scored from live figures.")})
        note, document = note.strip(), document.strip()
        problems: dict[str, str] = {}
        if not note:
            problems["note"] = _("Say what it rests on.")
        if row.item.scoring == Scoring.VETO:
            points = None
        elif points is None or not 0 <= points <= row.item.points:
            problems["points"] = _("Give points from 0 to %(most)s.") % {"most": row.item.points}
        takes = is_vetoed or (points is not None and points < row.item.points)
        if takes and "points" not in problems and not document and not photos:
            problems["document"] = _("Name the document, or add a photo, that shows it.")
        if problems:
            raise Invalid(problems)
        given = {
            "points": points,
            "is_vetoed": is_vetoed and row.item.scoring == Scoring.VETO,
            "note": note[:NOTE_LENGTH],
            "document": document[:200],
        }
        attach(files=photos, subject=row, role=Role.OTHER, actor=actor, now=now)
        if all(getattr(row, name) == value for name, value in given.items()) and row.reviewed_at:
            return row  # sent twice
        for name, value in given.items():
            setattr(row, name, value)
        row.reviewed_at, row.reviewed_by, row.reviewed_post = now, actor, acting_post
        row.save(update_fields=[*given, "reviewed_at", "reviewed_by", "reviewed_post"])
        _first, last = quarter_days(score.statement.year, score.quarter)
        _total(score, score.lines.select_related("item"), edges_on(min(last, clock.local_date(now))))
        score.scored_at = now
        score.save(update_fields=[*SUMS, "scored_at"])
        record(
            score.statement,
            "statement.review",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"quarter": score.quarter, "revision": score.revision, "item": row.item_id, **given},
        )
        reviewing.end(now=now, statements=[score.statement])
    return row


def lock(*, score: StatementScore, actor: Any, acting_post: Post | None, now: dt.datetime) -> StatementScore:
    """Lock the score of a quarter that is over, and return it; locked already, it stays as it is.

    Raise NotAllowed for whoever does not judge this statement, Refused before the quarter is over.
    """
    with transaction.atomic():
        row = _take(score, actor, acting_post)
        if row.locked_at is not None:
            return row
        _refuse_early(row.statement.year, row.quarter, now)
        _lock([row], actor=actor, acting_post=acting_post, now=now)
        reviewing.end(now=now, statements=[row.statement])
    return row


def lock_many(rows: Any, *, actor: Any, acting_post: Post | None, now: dt.datetime) -> int:
    """Lock those of the scores `rows` that are not yet and whose quarter is over; return how many.

    `rows` are such as the post may judge; see `bodies.judged_by`. A correction that somebody is making is
    not among them: whoever makes it locks it, and until then the score before it counts.
    """
    with transaction.atomic():
        found = rows.filter(locked_at=None, revision=0).select_related("statement").order_by("pk")
        over = [
            row
            for row in found.select_for_update(of=("self",))
            if quarter_days(row.statement.year, row.quarter)[1] < clock.local_date(now)
        ]
        _lock(over, actor=actor, acting_post=acting_post, now=now)
        reviewing.end(now=now, statements=[row.statement for row in over])
    return len(over)


def _refuse_early(year: int, quarter: int, now: dt.datetime) -> None:
    if quarter_days(year, quarter)[1] >= clock.local_date(now):
        raise Refused(_("The quarter is not over yet."))


def _lock(rows: Sequence[StatementScore], *, actor: Any, acting_post: Post | None, now: dt.datetime) -> None:
    for row in rows:
        row.locked_at, row.locked_by = now, actor
    StatementScore.objects.bulk_update(rows, ["locked_at", "locked_by"], batch_size=BATCH)
    record_many(
        [
            Deed(
                row.statement,
                "statement.lock",
                {"quarter": row.quarter, "revision": row.revision, "points": row.points, "band": row.band},
            )
            for row in rows
        ],
        actor=actor,
        acting_post=acting_post,
        now=now,
    )


def revise(
    *, score: StatementScore, reason: str, actor: Any, acting_post: Post | None, now: dt.datetime
) -> StatementScore:
    """Return a new revision of a locked score, to be corrected and locked again; both are shown.

    The one that is open already, if there is one. Raise NotAllowed, Invalid without a reason, Refused for a
    score that is not locked.
    """
    reason = reason.strip()
    with transaction.atomic():
        row = _take(score, actor, acting_post)
        every = StatementScore.objects.filter(statement=row.statement_id, quarter=row.quarter)
        last = every.select_for_update().order_by("-revision")[0]
        if last.locked_at is None:
            if last.revision:
                return last
            raise Refused(_("This quarter is not locked yet: it can be corrected as it is."))
        if not reason:
            raise Invalid({"reason": _("Say what is corrected, and why.")})
        fresh = StatementScore.objects.create(
            statement=row.statement,
            quarter=row.quarter,
            revision=last.revision + 1,
            reason=reason[:NOTE_LENGTH],
            scored_at=now,
            made_by=actor,
            **{name: getattr(last, name) for name in SUMS},
        )
        copies = []
        for line in last.lines.order_by("pk"):
            line.pk, line.score = None, fresh
            line._state.adding = True
            copies.append(line)
        ScoreLine.objects.bulk_create(copies)
        record(
            row.statement,
            "statement.revise",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"quarter": row.quarter, "revision": fresh.revision, "reason": fresh.reason},
        )
    return fresh


def nightly(*, now: dt.datetime) -> int:
    """Work out this quarter and those not locked yet, lock what is due; return how many were locked.

    Whoever reviews is asked for what still waits.
    """
    from responsibility.statements.signing import close_year

    today = clock.local_date(now)
    year, quarter = quarter_of(today)
    pending = StatementScore.objects.filter(locked_at=None).values_list("statement__year", "quarter")
    asked = {(year, quarter), quarter_before(year, quarter), *pending.distinct()}
    for each_year, each in sorted(asked):
        score_quarter(each_year, each, now=now)
    locked = 0
    for each_year, each in sorted(asked):
        if quarter_days(each_year, each)[1] < today and lock_day(each_year, each) < today:
            waiting = StatementScore.objects.filter(statement__year=each_year, quarter=each)
            locked += lock_many(waiting, actor=None, acting_post=None, now=now)
    reviewing.ask(now=now)
    close_year(now=now)
    return locked
