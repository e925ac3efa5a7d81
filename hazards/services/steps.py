"""The timeline of a hazard."""

from hazards.models import NO_DEADLINE, Step
from hazards.services.deeds import Deed


def write_step(deed: Deed, action: str, before: str) -> None:
    """Write what was just done to the hazard; `before` is the state that it came from."""
    hazard = deed.hazard
    Step.objects.create(
        hazard=hazard,
        action=action,
        from_state=before,
        to_state=hazard.state,
        at=deed.now,
        actor=deed.actor,
        acting_post=deed.post,
        note=deed.given.note,
        due_on=None if hazard.due_on == NO_DEADLINE else hazard.due_on,
        round=hazard.round,
    )
