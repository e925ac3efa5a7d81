"""What inspections know for the hazard ledger: by which article an item is one, and who was on the visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hazards.tables.sockets import Fact, ledger_facts
from inspections.models import Answer, VisitItem, VisitOfficer
from safegrid.kernel.names import choose
from safegrid.kernel.office_tables import Value


def basis(ids: Sequence[int], user: Any) -> Mapping[int, Value]:
    """Return the law or standard of the item by which each was found, on a visit or not. Two queries."""
    found: dict[int, Value] = {}
    for model in (Answer, VisitItem):
        rows = model.objects.filter(hazard__in=ids).order_by("pk")
        for pk, own, english in rows.values_list("hazard", "item__basis", "item__basis_en"):
            if words := choose(own, english):
                found[pk] = words
    return found


def inspectors(ids: Sequence[int], user: Any) -> Mapping[int, Value]:
    """Return the names of the officers on the visit that found each. One query."""
    names: dict[int, list[str]] = {}
    rows = VisitOfficer.objects.filter(visit__items__hazard__in=ids).order_by("pk")
    for pk, name in rows.values_list("visit__items__hazard", "user__name"):
        names.setdefault(pk, []).append(name)
    return {pk: "、".join(each) for pk, each in names.items()}


ledger_facts.plug("basis", Fact(basis))
ledger_facts.plug("inspectors", Fact(inspectors))
