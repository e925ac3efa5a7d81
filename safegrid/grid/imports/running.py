"""Checking and importing a file, batch by batch, so that others can work and nothing is lost or done twice.

Each batch is one short transaction: its rows, what became of them and how far the file is. Whoever runs
an import holds its claim; a worker that is killed loses the lease, and the next one goes on after the last
batch.
"""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q

from safegrid.audit.services import record
from safegrid.grid.choices import ImportState, Outcome
from safegrid.grid.imports.kinds import Importer, Kind, Plan, Row, Terms, kinds
from safegrid.grid.imports.problems import Unreadable
from safegrid.grid.imports.reading import Table, read
from safegrid.grid.models import ImportJob, ImportRow
from safegrid.kernel.copying import Json, copy_rows

log = logging.getLogger("safegrid.imports")

AT_WORK = (ImportState.CHECKING, ImportState.RUNNING)
BATCH = 1000  # rows
LEASE = dt.timedelta(seconds=90)
TRIES = 3  # of a batch that collides with somebody's work
#: Taken by each batch that writes, so that two imports never create the same row.
WRITE_LOCK = 0x1497

ROW_COLUMNS = ("job_id", "number", "outcome", "object_id", "reason", "details", "cells")

Clock = Callable[[], dt.datetime]
Tell = Callable[[int, int], None]


class Lost(Exception):
    """Somebody else runs this import now, or it is no longer there."""


def due(now: dt.datetime) -> list[int]:
    """Return the imports at work that nobody holds."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return list(ImportJob.objects.filter(free, state__in=AT_WORK).order_by("pk").values_list("pk", flat=True))


def run(pk: int, *, clock: Clock) -> bool:
    """Check or import what a job is about, from where it stands to its end.

    Returns False when there is nothing to do or somebody else does it. What fails unexpectedly is kept on
    the job and raised on.
    """
    now, claim = clock(), secrets.token_hex(16)
    free = ImportJob.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=pk, state__in=AT_WORK)
    if not free.update(claim=claim, lease_until=now + LEASE):
        return False
    return run_claimed(pk, clock=clock)


def run_at_once(
    job: ImportJob,
    *,
    mapping: Mapping[str, str],
    datum: str,
    clock: Clock,
    tell: Tell,
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> bool:
    """Import a file that was just received, here and now; no worker can take it in between."""
    fresh = ImportJob.objects.filter(pk=job.pk, state=ImportState.UPLOADED)
    fresh.update(
        state=ImportState.RUNNING,
        started=True,
        mapping=mapping,
        words=words or {},
        datum=datum,
        claim=secrets.token_hex(16),
        lease_until=clock() + LEASE,
    )
    return run_claimed(job.pk, clock=clock, tell=tell)


def run_claimed(pk: int, *, clock: Clock, tell: Tell | None = None) -> bool:
    """Do the same for a job that is claimed already. `tell(done, total)` hears of each batch."""
    job = ImportJob.objects.select_related("created_by", "acting_post").get(pk=pk)
    try:
        _Run(job, clock, tell).to_the_end()
    except Lost:
        return False
    except Unreadable as problem:
        _fail(job, problem.code, clock())
    except Exception:
        log.exception("import %s stopped", pk)
        _fail(job, "unexpected", clock())
        raise
    return True


def load(job: ImportJob) -> Table:
    """Return the table of a job's file. Raises Unreadable when it is no longer what was uploaded."""
    try:
        with job.file.open("rb") as stream:
            data = stream.read()
    except OSError as error:
        raise Unreadable("changed") from error
    if hashlib.sha256(data).hexdigest() != job.sha256:
        raise Unreadable("changed")
    return read(data, kinds[job.kind].recognise, sheet=job.sheet)


def terms(job: ImportJob, now: dt.datetime) -> Terms:
    """Return the terms of a job: its columns, its datum, and where its post may act."""
    reach, post, unbound = None, job.acting_post, kinds[job.kind].unbound
    if job.created_by is not None and post is not None and post.kind not in unbound:
        reach = job.created_by.reach.of(acting=True, post_id=post.pk)
    return Terms(job.mapping, now, job.datum, reach, job.acting_post_id, job.pk, job.words, job.original_name)


def batches(rows: Sequence[Row], size: int = BATCH) -> Iterator[Sequence[Row]]:
    """Yield the rows in batches."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def plan_batch(kind: Kind, importer: Importer, rows: Sequence[Row], table: Table) -> list[Plan]:
    """Return what would become of the rows; a last one that ends in its middle is rejected."""
    whole = [row for row in rows if row.number != table.cut_off]
    plans = importer.plan(whole)
    if len(whole) < len(rows):
        plans.append(Plan(rows[-1], reason="cut_off"))
    return plans


class _Run:
    """One run of one job."""

    def __init__(self, job: ImportJob, clock: Clock, tell: Tell | None) -> None:
        self.job, self.clock, self.tell = job, clock, tell
        self.kind = kinds[job.kind]
        self.writes = job.started
        self.held = ImportJob.objects.filter(pk=job.pk, claim=job.claim, state=job.state)

    def to_the_end(self) -> None:
        now = self.clock()
        self.table = load(self.job)
        self.importer = self.kind.importer(terms(self.job, now))
        rows = self.kind.rows(self.table, self.job.mapping)
        with _collecting_seldom():
            self._batches(rows)
        self._finish()

    def _batches(self, rows: Sequence[Row]) -> None:
        done = 0
        for batch in batches(rows, *([self.kind.batch] if self.kind.batch else [])):
            done += len(batch)
            if done <= self.job.done:  # done before; read again, for what the file repeats
                plan_batch(self.kind, self.importer, batch, self.table)
            else:
                self._batch(batch)
                if self.tell is not None:
                    self.tell(done, len(rows))
            gc.collect(1)  # what a batch has left is young; what outlives it stays to the end

    def _batch(self, batch: Sequence[Row]) -> None:
        for tries_left in reversed(range(TRIES)):
            try:
                with transaction.atomic():
                    self._in_transaction(batch)
                return
            except IntegrityError:  # somebody registered one of these meanwhile: look again
                if not tries_left:
                    raise

    def _in_transaction(self, batch: Sequence[Row]) -> None:
        if self.writes:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITE_LOCK])
        plans = plan_batch(self.kind, self.importer, batch, self.table)
        if self.writes:
            self.importer.apply(plans)
        copy_rows(ImportRow, ROW_COLUMNS, (_row(self.job, plan) for plan in plans))
        counts = Counter(str(plan.outcome) for plan in plans)
        unplaced = sum(plan.unplaced for plan in plans)
        moved = self.held.update(
            done=F("done") + len(batch),
            unplaced=F("unplaced") + unplaced,
            lease_until=self.clock() + LEASE,
            **{outcome: F(outcome) + counts[outcome] for outcome in Outcome.values},
        )
        if not moved:
            raise Lost

    @transaction.atomic
    def _finish(self) -> None:
        now = self.clock()
        state = ImportState.DONE if self.writes else ImportState.CHECKED
        if not self.held.update(state=state, finished_at=now, claim="", lease_until=None):
            raise Lost
        if not self.writes:
            return
        self.job.refresh_from_db()
        record(
            self.job,
            "imported",
            actor=self.job.created_by,
            acting_post=self.job.acting_post,
            now=now,
            data={
                "kind": self.job.kind,
                "file": self.job.original_name,
                "sha256": self.job.sha256,
                "mapping": self.job.mapping,
                "words": self.job.words,
                "datum": self.job.datum,
                **{outcome: getattr(self.job, outcome) for outcome in Outcome.values},
            },
        )


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Leave garbage lying within a batch: looking among what stays takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


def _row(job: ImportJob, plan: Plan) -> tuple[Any, ...]:
    rejected = plan.outcome == Outcome.REJECTED
    return (
        job.pk,
        plan.row.number,
        plan.outcome,
        plan.object_id,
        plan.reason,
        Json(dict(plan.details)),
        Json(plan.row.cells if rejected else []),
    )


def _fail(job: ImportJob, code: str, now: dt.datetime) -> None:
    ImportJob.objects.filter(pk=job.pk, claim=job.claim).update(
        state=ImportState.FAILED, error=code, finished_at=now, claim="", lease_until=None
    )
