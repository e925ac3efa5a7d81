"""Verbs on imports: bring a file, match its columns, check it, import it, go on, drop it.

A job's state moves by compare-and-swap: the same button pressed twice does nothing twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from safegrid.grid import tasks
from safegrid.grid.choices import Datum, ImportState
from safegrid.grid.imports import saving
from safegrid.grid.imports.headings import guess
from safegrid.grid.imports.kinds import MAY_IMPORT, Kind, kinds
from safegrid.grid.imports.problems import Unreadable
from safegrid.grid.imports.reading import Table, read
from safegrid.grid.models import ImportJob
from safegrid.kernel.bigrams import normal
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale

SAMPLE = 8  # rows kept to show how the file is understood


def may_import(post: Any, kind: Kind | None = None) -> bool:
    """Return whether somebody acting as `post` may import files of `kind`, or such as anybody may."""
    if not post:  # a request's post may be a lazy nothing
        return False
    if kind is None:
        return post.kind in MAY_IMPORT
    return post.kind in kind.importers and kind.may_bring(post)


def inspect(data: bytes, kind: Kind, sheet: str = "") -> Table:
    """Return the table in an uploaded file, on `sheet` when one is named. Raises Unreadable."""
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise Unreadable("too_big", limit=filesizeformat(settings.UPLOAD_MAX_BYTES))
    return read(data, kind.recognise, kind.examples, sheet)


def receive(
    *,
    data: bytes,
    name: str,
    kind: Kind,
    actor: Any,
    acting_post: Any,
    now: dt.datetime,
    sheet: str = "",
) -> ImportJob:
    """Keep an uploaded file with its columns guessed, and return its job. Raises Unreadable, NotAllowed."""
    if actor is not None and not may_import(acting_post, kind):
        raise NotAllowed
    table = inspect(data, kind, sheet)
    job = ImportJob(
        kind=kind.code,
        original_name=name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        created_by=actor,
        acting_post=acting_post,
        created_at=now,
    )
    _describe(job, table, kind, acting_post)
    job.file.save(f"{job.sha256[:16]}.bin", ContentFile(data), save=False)
    job.save()
    return job


def _describe(job: ImportJob, table: Table, kind: Kind, post: Any) -> None:
    """Say on the job what its table holds, and how it is likely to be read: as last time, else guessed."""
    job.columns, job.total = table.columns, len(table.rows)
    job.sheet, job.sheets = table.sheet[:100], list(table.sheets)
    job.sample = [[number, cells] for number, cells in table.rows[:SAMPLE]]
    job.spellings = saving.spellings(table) if kind.vocabularies else {}
    job.mapping, job.words = guess(table.columns, kind.recognise), {}
    job.saved = saving.find(kind.code, table.columns, post)
    if job.saved is not None:
        job.mapping, job.words = dict(saving.fitting(job.saved, table.columns)), job.saved.words


def choose_sheet(*, job: ImportJob, sheet: str, post: Any) -> ImportJob:
    """Read another sheet of the workbook. Raises Invalid, Unreadable, Stale, NotAllowed."""
    _allow(post, job)
    kind = kinds[job.kind]
    if sheet not in job.sheets:
        raise Invalid({"sheet": _("Choose one of these.")})
    with job.file.open("rb") as stream:
        _describe(job, inspect(stream.read(), kind, sheet), kind, post)
    fields = ("columns", "total", "sheet", "sheets", "sample", "spellings", "mapping", "words", "saved")
    told = {field: getattr(job, field) for field in fields}
    _require(ImportJob.objects.filter(pk=job.pk, state=ImportState.UPLOADED).update(**told))
    return job


def check_mapping(kind: Kind, columns: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Raise Invalid by field unless `mapping` (field → column) can be read from a file with `columns`."""
    problems: dict[str, Any] = {}
    for code, column in mapping.items():
        if code not in kind.by_code:
            problems[code] = _("There is no such field.")
        elif column not in columns:
            problems[code] = _("The file has no column “%(column)s”.") % {"column": column}
    for field in kind.fields:
        if field.required and field.code not in mapping:
            problems[field.code] = _("Say which column holds this: %(field)s.") % {"field": field.label}
    if problems:
        raise Invalid(problems)


def check_words(kind: Kind, given: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return what somebody said that spellings mean, as they are compared. Raises Invalid by field."""
    found: dict[str, dict[str, str]] = {}
    for code, words in given.items():
        if code not in kind.vocabularies:
            raise Invalid({code: _("There is no such field.")})
        meanings = {str(meaning) for meaning, _label in kind.vocabularies[code].choices()}
        if strange := set(words.values()) - meanings:
            raise Invalid({code: f"{', '.join(sorted(map(str, strange)))} ∉ {', '.join(sorted(meanings))}"})
        found[code] = {normal(word): meaning for word, meaning in words.items()}
    return found


@transaction.atomic
def match_columns(
    *,
    job: ImportJob,
    kind: Kind,
    mapping: Mapping[str, str],
    datum: str,
    post: Any,
    words: Mapping[str, Mapping[str, str]] | None = None,
    save_as: str = "",
    actor: Any = None,
    now: dt.datetime | None = None,
) -> ImportJob:
    """Keep how the columns and words are to be read, and have the file checked.

    With `save_as` for the next sheet of these headings too. Raises Invalid, Stale, NotAllowed.
    """
    _allow(post, job)
    check_mapping(kind, job.columns, mapping)
    if datum not in Datum.values:
        raise Invalid({"datum": _("Choose one of these.")})
    moved = _move(
        job,
        (ImportState.UPLOADED, ImportState.CHECKED),
        ImportState.CHECKING,
        mapping=dict(mapping),
        words=check_words(kind, words or {}),
        datum=datum,
        acting_post=post,
    )
    if save_as.strip() and now is not None:
        moved.saved = saving.save(moved, name=save_as.strip(), actor=actor, post=post, now=now)
        moved.save(update_fields=["saved"])
    return moved


def match_again(*, job: ImportJob, post: Any) -> ImportJob:
    """Go back from a check to the columns. Raises Stale, NotAllowed."""
    _allow(post, job)
    return _move(job, (ImportState.CHECKED,), ImportState.UPLOADED)


def start(*, job: ImportJob, post: Any) -> ImportJob:
    """Import what was checked. Raises Stale, NotAllowed."""
    _allow(post, job)
    return _move(job, (ImportState.CHECKED,), ImportState.RUNNING, acting_post=post)


@transaction.atomic
def go_on(*, job: ImportJob, post: Any) -> ImportJob:
    """Take up an import that stopped, after its last batch. Raises Stale, NotAllowed."""
    _allow(post, job)
    moved = ImportJob.objects.filter(pk=job.pk, state=ImportState.FAILED).update(
        state=ImportState.RUNNING if job.started else ImportState.CHECKING, error="", finished_at=None
    )
    _require(moved)
    transaction.on_commit(lambda: tasks.enqueue(job.pk))
    job.refresh_from_db()
    return job


@transaction.atomic
def drop(*, job: ImportJob, post: Any) -> None:
    """Forget a file that was never imported. Raises Stale, NotAllowed."""
    _allow(post, job)
    file = job.file
    before = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
    deleted, _by_model = ImportJob.objects.filter(pk=job.pk, state__in=before, started=False).delete()
    _require(deleted)
    transaction.on_commit(lambda: file.delete(save=False))


@transaction.atomic
def _move(job: ImportJob, sources: Sequence[str], target: str, **values: Any) -> ImportJob:
    """Move a job on, with nothing counted yet."""
    moved = ImportJob.objects.filter(pk=job.pk, state__in=sources).update(
        state=target,
        started=target == ImportState.RUNNING,
        done=0,
        created=0,
        changed=0,
        unchanged=0,
        rejected=0,
        skipped=0,
        unplaced=0,
        finished_at=None,
        **values,
    )
    _require(moved)
    job.rows.all().delete()
    if target in (ImportState.CHECKING, ImportState.RUNNING):
        transaction.on_commit(lambda: tasks.enqueue(job.pk))
    job.refresh_from_db()
    return job


def _allow(post: Any, job: ImportJob) -> None:
    if not may_import(post, kinds[job.kind]):
        raise NotAllowed


def _require(moved: int) -> None:
    if not moved:
        raise Stale(str(_("This import has moved on meanwhile. Look at it again.")))
