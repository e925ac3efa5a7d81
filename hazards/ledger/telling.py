"""What an office's ledger said of imported hazards, as somebody may read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hazards.ledger.models import LedgerRow
from hazards.ledger.words import OUTSIDE
from hazards.models import Hazard
from hazards.sources import is_for_enterprise
from safegrid.kernel.bigrams import normal

Told = Mapping[str, str]  # field → what the sheet said

#: What may name who reported it.
OF_FINDING = ("source", "unit", "inspector")


def told_for(reader: Any, enterprise_id: int, told: Told) -> Told:
    """Return of what was told what `reader` may know: an enterprise never learns who reported it."""
    is_reported = OUTSIDE.search(normal(told.get("source", ""))) is not None
    if not is_reported or not is_for_enterprise(enterprise_id, reader):
        return told
    return {field: text for field, text in told.items() if field not in OF_FINDING}


def told_of(hazards: Sequence[Hazard], reader: Any) -> dict[int, Told]:
    """Return what ledgers said of these hazards by their ids, as `reader` may know it. One query."""
    whose = {hazard.pk: hazard.enterprise_id for hazard in hazards}
    rows = LedgerRow.objects.filter(hazard__in=hazards).values_list("hazard", "told")
    return {pk: told_for(reader, whose[pk], told) for pk, told in rows}
