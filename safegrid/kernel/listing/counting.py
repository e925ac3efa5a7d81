"""Capped counts: a list says "1,000+" rather than reading a million rows to say how many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.formats import number_format

CAP = 1000


def capped_counts(unions: Sequence[Sequence[QuerySet[Any]]]) -> list[int]:
    """Return for each union of branches how many rows it has, at most CAP + 1. One query for all."""
    parts: list[str] = []
    params: list[Any] = []
    for number, branches in enumerate(unions):
        live = [branch for branch in branches if not branch.query.is_empty()]
        limited = [branch.order_by().values("id")[: CAP + 1] for branch in live]
        if not limited:
            continue
        every = limited[0].union(*limited[1:])[: CAP + 1] if limited[1:] else limited[0]
        try:
            sql, values = every.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT {number}, count(*) FROM ({sql}) counted")  # noqa: S608 (the ORM's SQL)
        params += values
    counts = [0] * len(unions)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            for number, count in cursor.fetchall():
                counts[number] = count
    return counts


def in_words(count: int) -> str:
    """Return a capped count as it is shown: "731", or "1,000+"."""
    return number_format(CAP, force_grouping=True) + "+" if count > CAP else number_format(count)
