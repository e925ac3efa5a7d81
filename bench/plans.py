"""What a page asks of the database: how many queries, and how many rows they touch to show what they show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.readers import user

#: Queries that ask who is there and what they reach: every page has the same ones, whatever it shows.
WHO = ('"accounts_', '"django_')


@dataclass(frozen=True)
class Asked:
    """What a page asked, beside who is there."""

    queries: list[str]

    def rows_examined(self) -> int:
        """Return how many rows its queries touch.

        They are run again with plans that use indexes where there are any: a small table is rightly read
        from end to end, and would hide what happens when it has grown.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("DISCARD PLANS")  # those of prepared statements, made before
            total = 0
            for sql in self.queries:
                if sql.lstrip("( ").upper().startswith(("SELECT", "WITH", "EXECUTE")):
                    cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
                    found = cursor.fetchone()[0]
                    plan = json.loads(found) if isinstance(found, str) else found
                    total += sum(touched(node) for node in nodes(plan[0]["Plan"]))
        return total


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a plan's nodes."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def touched(node: dict[str, Any]) -> int:
    """Return how many rows a node reads from a table or an index, those included that it then throws away."""
    if "Scan" not in node["Node Type"] or node["Node Type"] in ("Subquery Scan", "CTE Scan", "Function Scan"):
        return 0
    if node["Node Type"] == "Bitmap Heap Scan":  # its rows are counted where the index is read
        return 0
    thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return round((node["Actual Rows"] + thrown) * node["Actual Loops"])


def asked(username: str, address: str) -> Asked:
    """Return what a page asks of the database for somebody; it must be there."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user(username))
    client.get("/bench/hello", secure=True)  # content types and the like are read once in a process
    with CaptureQueriesContext(connection) as context:
        response = client.get(address, secure=True)
        response.getvalue() if response.streaming else response.content
    if response.status_code != 200:
        raise LookupError(f"{address}: {response.status_code}")
    sqls = [query["sql"] for query in context.captured_queries]
    return Asked([sql for sql in sqls if not _is_who(sql)])


def _is_who(sql: str) -> bool:
    return sql.startswith("EXECUTE person") or sql.partition(" FROM ")[2].startswith(WHO)
