"""The rows that were not imported, as a file to correct and import again: own columns, and the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from safegrid.grid.choices import Outcome
from safegrid.grid.imports.kinds import Kind, Plan, kinds
from safegrid.grid.models import ImportJob
from safegrid.kernel.listing.exports import disarmed

MARK = "\ufeff"  # Excel takes a CSV without it for GB18030


def of_job(job: ImportJob) -> Iterator[str]:
    """Yield the lines of the rejects of an import, with the reasons in the reader's language.

    The language is taken now: a response streams after its request is over.
    """
    return _in_language(translation.get_language() or "en", job)


def _in_language(language: str, job: ImportJob) -> Iterator[str]:
    with translation.override(language):
        yield from _of_job(job)


def _of_job(job: ImportJob) -> Iterator[str]:
    rows = job.rows.filter(outcome=Outcome.REJECTED).order_by("number")
    found = rows.values_list("number", "cells", "reason", "details").iterator(chunk_size=1000)
    kind = kinds[job.kind]
    return lines(job.columns, ((n, cells, kind.reason(code, details)) for n, cells, code, details in found))


def of_plans(kind: Kind, columns: Sequence[str], plans: Iterable[Plan]) -> Iterator[str]:
    """Yield the lines of the rejects among plans that were not kept."""
    rejected = (p for p in plans if p.outcome == Outcome.REJECTED)
    return lines(columns, ((p.row.number, p.row.cells, kind.reason(p.reason, p.details)) for p in rejected))


def lines(columns: Sequence[str], rows: Iterable[tuple[int, Sequence[str], str]]) -> Iterator[str]:
    """Yield the lines of a CSV file in UTF-8 with a mark, as spreadsheets expect it."""
    yield MARK + _line([*columns, _("Row"), _("Reason")])
    for number, cells, reason in rows:
        yield _line([*disarmed(cells), str(number), reason])


def _line(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow(cells)
    return stream.getvalue()
