"""Table 7 (考核表): unit, indicator, points, rule, deduction, cause and evidence, vetoes, total, band."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from responsibility.statements.choices import Scoring
from responsibility.statements.indicators import find
from responsibility.statements.models import ScoreLine
from responsibility.statements.queries import cause, lines_of, photos_of, value_text
from responsibility.statements.texts import rule
from safegrid.files.models import StoredFile
from safegrid.kernel.office_tables import Head, OfficeTable, Value
from safegrid.kernel.punctuation import colon, comma

BATCH = 2000  # lines whose evidence is looked up at once


def _evidence(line: ScoreLine, photos: int) -> str:
    parts = [cause(line, line.item)]
    if line.document:
        parts.append(line.document)
    if photos:
        parts.append(_("%(n)s photos in the portal") % {"n": photos})
    return "\n".join(part for part in parts if part)


def _batches(lines: Iterable[ScoreLine]) -> Iterator[list[list[ScoreLine]]]:
    """Yield the lines by score, as many scores at once as have about BATCH lines."""
    batch: list[list[ScoreLine]] = []
    count = 0
    for _key, group in groupby(lines, key=lambda line: line.score_id):
        batch.append(list(group))
        count += len(batch[-1])
        if count >= BATCH:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def rows(user: Any, *, year: int, quarter: int, level: str) -> Iterator[tuple[Value, ...]]:
    """Yield a row for each item of each statement, its sums in the first.

    Three queries for each few thousand rows: of enterprises there are many.
    """
    every = lines_of(user, year=year, quarter=quarter, level=level).iterator(chunk_size=BATCH)
    for batch in _batches(every):
        photos = photos_of([line for lines in batch for line in lines])
        yield from _rows(batch, photos)


def _rows(
    scores: Iterable[list[ScoreLine]], photos: Mapping[int, list[StoredFile]]
) -> Iterator[tuple[Value, ...]]:
    for lines in scores:
        score = lines[0].score
        vetoes = [line for line in lines if line.is_vetoed]
        for number, line in enumerate(line for line in lines if line.item.scoring != Scoring.VETO):
            item = line.item
            known = find(item.indicator) if item.indicator else None
            is_first = number == 0
            yield (
                score.statement.label,
                f"{item.label} ({known.label})" if known else item.label,
                item.points,
                rule(item),
                value_text(line, item),
                line.deduction,
                _evidence(line, len(photos.get(line.pk, []))),
                comma().join(f"{each.item.label}{colon()}{each.note}" for each in vetoes) if is_first else "",
                score.points if is_first else None,
                score.possible if is_first else None,
                score.get_band_display() if is_first else "",
            )


def office_table(user: Any, *, year: int, quarter: int, level: str) -> OfficeTable:
    """Return the sheet of what `user` reads, as it is handed up."""
    total = _("Total")
    return OfficeTable(
        name=_("Assessment sheet"),
        title=_("Assessment of responsibility statements"),
        note=_("Quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year},
        heads=(
            Head(_("Unit"), 24),
            Head(_("Indicator"), 34),
            Head(_("Points"), 8),
            Head(_("Rule"), 40),
            Head(_("Actual figure"), 10),
            Head(_("Deduction"), 10),
            Head(_("Cause and evidence"), 44),
            Head(_("Vetoes"), 24),
            Head(_("Points got"), 10, total),
            Head(_("of"), 8, total),
            Head(_("Band"), 10, total),
        ),
        rows=rows(user, year=year, quarter=quarter, level=level),
    )
