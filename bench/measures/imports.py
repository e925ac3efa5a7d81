"""Importing a city's enterprises from a file, every row checked, placed and given its matters."""

import csv
import io
from typing import Any

from django.db import connection, transaction
from stdnum.cn import uscc

from bench.copies import copied, vacuum
from bench.goals import Bench, Result, measures
from bench.rounds import alternate
from safegrid.grid.choices import ImportState
from safegrid.grid.imports import running, services
from safegrid.grid.imports.kinds import kinds
from safegrid.grid.models import Enterprise, ImportRow, Site, SiteMatter
from safegrid.kernel import clock

COLUMNS = {
    "企业名称": "enterprise__name",
    "统一社会信用代码": "enterprise__uscc",
    "地址": "address",
    "经度": "longitude",
    "纬度": "latitude",
    "行业": "industry__code",
    "主要负责人": "enterprise__principal",
    "场所名称": "name",
}
WRITTEN = (Enterprise, Site, SiteMatter, ImportRow)


class File:
    """The made city as somebody would bring it, and what the import makes of it."""

    def __init__(self) -> None:
        rows = Site.objects.order_by("pk").values_list(*COLUMNS.values())
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
        self.data = text.getvalue().encode()
        self.rows = len(rows)
        self.codes = [row[1] for row in rows if row[1]]
        self.tables: dict[str, bytes] = {}

    def empty(self) -> None:
        """Let there be no enterprise, nor whatever hangs on one."""
        with transaction.atomic(), connection.cursor() as cursor:
            # Without triggers: the ledger, which hangs on enterprises too, refuses to be emptied.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("TRUNCATE grid_enterprise, grid_importjob RESTART IDENTITY CASCADE")
        vacuum(*(model._meta.db_table for model in WRITTEN))

    def load(self) -> None:
        """Import the file as the command and the worker do."""
        kind = kinds["enterprises"]
        job = services.receive(
            data=self.data, name="city.csv", kind=kind, actor=None, acting_post=None, now=clock.now()
        )
        running.run_at_once(job, mapping=job.mapping, datum="wgs84", clock=clock.now, tell=lambda *_: None)
        job.refresh_from_db()
        if job.state != ImportState.DONE or job.created < 0.99 * self.rows:
            raise LookupError(f"{job.state}: {job.created} of {self.rows} rows, {job.rejected} rejected")
        job.file.delete(save=False)

    def keep(self) -> None:
        """Remember what every table holds after an import."""
        for model in WRITTEN:
            text = io.BytesIO()
            _copy(f"COPY {model._meta.db_table} TO STDOUT", text)
            self.tables[model._meta.db_table] = text.getvalue()
        job = io.BytesIO()
        _copy("COPY grid_importjob TO STDOUT", job)
        self.job = job.getvalue()

    def copy(self) -> None:
        """Write the same rows by bare COPY, and calculate the check digit of every code."""
        for code in self.codes:
            if uscc.calc_check_digit(code[:-1]) != code[-1]:
                raise LookupError(code)
        _copy("COPY grid_importjob FROM STDIN", io.BytesIO(self.job))
        for table, text in self.tables.items():
            _copy(f"COPY {table} FROM STDIN", io.BytesIO(text))


def _copy(statement: str, stream: Any) -> None:
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, stream, 1 << 16)


@measures("import")
def enterprises(bench: Bench) -> list[Result]:
    """All of them, into a portal that has none."""
    with copied():
        file = File()
        file.empty()
        file.load()
        file.keep()
        name = f"{file.rows:,} rows"
        return [alternate(name, file.load, file.copy, bench.rounds, before=file.empty)]
