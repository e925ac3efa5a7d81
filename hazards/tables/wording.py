"""How a table words what a hazard's row holds as a code."""

from __future__ import annotations

from typing import Any

from hazards.choices import Source
from hazards.models import Hazard


def source_for(user: Any, hazard: Hazard) -> str:
    """Return where a hazard comes from, in the words that `user` may read."""
    return str(Source(hazard.source).label)
