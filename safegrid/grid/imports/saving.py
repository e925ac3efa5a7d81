"""How columns and words are read, kept by name for the next sheet with the same headings."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from safegrid.grid.imports.headings import plain
from safegrid.grid.imports.reading import Table
from safegrid.grid.models import ImportJob, SavedMapping

MOST_WORDS = 300  # different ones: a column with more is no list of choices
KEPT_WORDS = 60  # the most frequent of them


def digest(columns: Sequence[str]) -> str:
    """Return what sheets with the same headings share, whatever their order and ornament."""
    return hashlib.sha256("\n".join(sorted(map(plain, columns))).encode()).hexdigest()


def spellings(table: Table) -> dict[str, list[tuple[str, int]]]:
    """Return the words of each column that may be a list of choices, the most frequent first."""
    found = {}
    for place, column in enumerate(table.columns):
        words = Counter(cells[place] for _number, cells in table if cells[place])
        if 0 < len(words) <= MOST_WORDS:
            found[column] = words.most_common(KEPT_WORDS)
    return found


def find(kind: str, columns: Sequence[str], post: Any) -> SavedMapping | None:
    """Return what the post's unit saved last for a sheet with these headings."""
    rows = SavedMapping.objects.filter(kind=kind, headings=digest(columns), unit=_unit(post))
    return rows.order_by("-saved_at", "-pk").first()


def save(job: ImportJob, *, name: str, actor: Any, post: Any, now: dt.datetime) -> SavedMapping:
    """Keep how a job is read under a name; another one of that name gives way to it."""
    row, _created = SavedMapping.objects.update_or_create(
        kind=job.kind,
        unit=_unit(post),
        name=name,
        defaults={
            "headings": digest(job.columns),
            "mapping": job.mapping,
            "words": job.words,
            "saved_by": actor,
            "saved_at": now,
        },
    )
    return row


def fitting(saved: SavedMapping, columns: Sequence[str]) -> Mapping[str, str]:
    """Return field → column as it was saved, with the headings as this sheet writes them."""
    by_plain = {plain(column): column for column in columns}
    return {
        field: column if column in columns else by_plain[plain(column)]
        for field, column in saved.mapping.items()
        if column in columns or plain(column) in by_plain
    }


def _unit(post: Any) -> Any:
    return post.unit if post else None
