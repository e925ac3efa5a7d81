"""Ledgers as offices keep them, for the tests of their import."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from safegrid.grid.choices import ImportState
from safegrid.grid.imports import running, services
from safegrid.grid.imports.kinds import kinds
from safegrid.grid.models import ImportJob
from tests.city import Cast
from tests.grid.sheets import csv_bytes

HEAD = [
    *("序号", "企业名称", "隐患编号", "隐患内容", "隐患等级"),
    *("检查日期", "整改期限", "整改情况", "销号日期"),
]
HOTEL = "青海恒盛商贸有限公司"
SHOP = "西宁宏达燃气具经营部"
SCHOOL = "西宁晨曦培训学校"


def row(n: int, name: str = HOTEL, **changed: str) -> list[str]:
    """A row of the ledger: open, found in November, due in December."""
    cells = {
        "no": str(n),
        "name": name,
        "number": f"城东隐患〔2026〕{n}号",
        "title": f"第{n}处疏散通道堵塞",
        "grade": "一般",
        "found": "2026.11.2",
        "due": "2026年12月1日",
        "state": "未整改",
        "closed": "",
    }
    return list((cells | changed).values())


def brought(
    cast: Cast | None,
    rows: Sequence[Sequence[str]],
    *,
    by: str = "bureau",
    now: dt.datetime,
    data: bytes | None = None,
    words: Mapping[str, Mapping[str, str]] | None = None,
    mapping: Mapping[str, str] | None = None,
    name: str = "隐患台账.csv",
) -> ImportJob:
    """Import a ledger as somebody of the cast, or from the command line; return its finished job."""
    who: dict[str, Any] = {"actor": None, "acting_post": None}
    if cast is not None:
        who = {"actor": getattr(cast, by), "acting_post": cast.posts[by]}
    data = csv_bytes(rows) if data is None else data
    job = services.receive(data=data, name=name, kind=kinds["hazards"], now=now, **who)
    running.run_at_once(
        job,
        mapping={**job.mapping, **(mapping or {})},
        words=words or {},
        datum=job.datum,
        clock=lambda: now,
        tell=lambda done, total: None,
    )
    job.refresh_from_db()
    assert job.state == ImportState.DONE, job.error
    assert job.total == job.created + job.unchanged + job.changed + job.rejected + job.skipped
    return job


def reasons(job: ImportJob) -> dict[int, str]:
    """Return why rows of the sheet were rejected or passed over, in words."""
    kind = kinds[job.kind]
    rows = job.rows.exclude(reason="").order_by("number").values_list("number", "reason", "details")
    return {number: kind.reason(reason, details) for number, reason, details in rows}


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook with these sheets; a cell that is a day is one in Excel too."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        as_day = book.add_format({"num_format": "yyyy/m/d"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(at, column, dt.datetime.combine(value, dt.time()), as_day)
                    elif value != "":
                        sheet.write(at, column, value)
    return stream.getvalue()
