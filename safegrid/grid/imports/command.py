"""What the import commands share: a file from the command line, checked or imported, rejects beside it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from safegrid.grid.choices import Datum, ImportState, Outcome
from safegrid.grid.imports import rejects, running, services
from safegrid.grid.imports.headings import guess
from safegrid.grid.imports.kinds import Kind, Plan, Terms, kinds
from safegrid.grid.imports.problems import FILE_PROBLEMS, Unreadable, wording
from safegrid.grid.imports.reading import Table
from safegrid.grid.models import ImportJob
from safegrid.kernel import clock
from safegrid.kernel.punctuation import comma
from safegrid.kernel.refusals import Invalid

SHOWN = 5  # rows of a dry run


class ImportCommand(BaseCommand):
    """Import a CSV or Excel file. Good rows land; bad ones go to a file with the reason for each."""

    kind: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a CSV or XLSX file")
        parser.add_argument("--dry-run", action="store_true", help="show what would happen, write nothing")
        parser.add_argument(
            "--mapping", default="", help="JSON, or a file with it: field → heading, for those not guessed"
        )
        parser.add_argument("--rejects", type=Path, help="where bad rows go (PATH.rejects.csv)")
        parser.add_argument("--sheet", default="", help="of a workbook with several, the one to read")
        parser.add_argument("--datum", choices=Datum.values, default=Datum.WGS84, help="of positions")
        parser.add_argument("--language", default="en", help="of the reasons: en or zh-hans")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                self._handle(kinds[self.kind], options)
            except Unreadable as problem:
                raise CommandError(problem.message) from problem
            except Invalid as problem:
                raise CommandError("; ".join(problem.messages)) from problem

    def _handle(self, kind: Kind, options: dict[str, Any]) -> None:
        path: Path = options["path"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        table = services.inspect(data, kind, options["sheet"])
        if table.sheets:
            self.stdout.write(f"{table.sheet} ({comma().join(table.sheets)})")
        given = self._given(options["mapping"])
        words = self._words(kind, given.pop("words", {}))
        mapping = guess(table.columns, kind.recognise) | given
        services.check_mapping(kind, table.columns, mapping)
        for code, column in mapping.items():
            self.stdout.write(f"{kind.by_code[code].label}: {column}")
        target = options["rejects"] or path.with_name(f"{path.name}.rejects.csv")
        if options["dry_run"]:
            self._dry(kind, table, mapping, words, options["datum"], target)
        else:
            self._real(kind, path.name, data, table.sheet, mapping, words, options["datum"], target)

    def _given(self, text: str) -> dict[str, Any]:
        """The mapping on the command line: JSON, or the path of a file with it."""
        if not text:
            return {}
        try:
            given = json.loads(text if text.lstrip().startswith("{") else Path(text).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"--mapping: {error}") from error
        columns = (
            [column for code, column in given.items() if code != "words"]
            if isinstance(given, dict)
            else [None]
        )
        if not all(isinstance(column, str) for column in columns):
            raise CommandError("--mapping: an object of field → heading is needed.")
        return given

    def _words(self, kind: Kind, given: Any) -> dict[str, dict[str, str]]:
        """What spellings mean, field by field, as they are compared."""
        if not isinstance(given, dict) or not all(isinstance(words, dict) for words in given.values()):
            raise CommandError("--mapping: words are an object of field → spelling → meaning.")
        return services.check_words(kind, given)

    def _dry(
        self,
        kind: Kind,
        table: Table,
        mapping: dict[str, str],
        words: dict[str, dict[str, str]],
        datum: str,
        target: Path,
    ) -> None:
        terms = Terms(mapping=mapping, now=clock.now(), datum=datum, reach=None, words=words)
        importer = kind.importer(terms)
        rows, plans = kind.rows(table, mapping), []
        for batch in running.batches(rows):
            plans += running.plan_batch(kind, importer, batch, table)
        for plan in plans[:SHOWN]:
            self._show(kind, plan, importer.describe(plan))
        counts = Counter(str(plan.outcome) for plan in plans)
        self._count(counts, sum(plan.unplaced for plan in plans), kind)
        if counts[Outcome.REJECTED]:
            self._write(target, rejects.of_plans(kind, table.columns, plans))

    def _show(self, kind: Kind, plan: Plan, told: Any) -> None:
        words = [f"{label}: {told[key]}" for key, label in kind.shown if told.get(key)]
        if plan.reason:
            words.append(kind.reason(plan.reason, plan.details))
        self.stdout.write(f"{plan.row.number}  {Outcome(plan.outcome).label}  {' | '.join(words)}")

    def _real(
        self,
        kind: Kind,
        name: str,
        data: bytes,
        sheet: str,
        mapping: dict[str, str],
        words: dict[str, dict[str, str]],
        datum: str,
        target: Path,
    ) -> None:
        now = clock.now()
        job = services.receive(
            data=data, name=name, kind=kind, actor=None, acting_post=None, now=now, sheet=sheet
        )
        running.run_at_once(job, mapping=mapping, words=words, datum=datum, clock=clock.now, tell=self._tell)
        job.refresh_from_db()
        if job.state != ImportState.DONE:
            raise CommandError(wording(FILE_PROBLEMS, job.error or "unexpected", {}))
        self._count({o: getattr(job, o) for o in Outcome.values}, job.unplaced, kind)
        if job.rejected:
            self._write(target, rejects.of_job(job))

    def _tell(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} / {total:,}", ending="\n" if done == total else "")

    def _count(self, counts: Any, unplaced: int, kind: Kind) -> None:
        told = [o for o in Outcome if o != Outcome.SKIPPED or counts[o]]
        words = [f"{outcome.label}: {counts[outcome]:,}" for outcome in told]
        if kind.placed:
            words.append(f"{ImportJob._meta.get_field('unplaced').verbose_name}: {unplaced:,}")  # type: ignore[union-attr]
        self.stdout.write(", ".join(words))

    def _write(self, target: Path, lines: Iterable[str]) -> None:
        with target.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(lines)
        self.stdout.write(f"{Outcome.REJECTED.label}: {target}")
