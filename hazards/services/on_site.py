"""What officials do at once at a site, suspension of work, and how it resumes (Art. 65, 67)."""

from django.utils.translation import gettext as _

from hazards.choices import AT_ONCE, MeasureKind, Owed
from hazards.lifecycle_terms import measures_open, suspension
from hazards.models import SiteMeasure
from hazards.services import owing
from hazards.services.deeds import Deed
from safegrid.files.choices import Role
from safegrid.files.services import attach
from safegrid.kernel.refusals import Invalid


def take(deed: Deed, target: str) -> None:
    """Stop work, clear people or seal, at once."""
    kind = deed.given.measure
    if kind not in AT_ONCE:
        raise Invalid({"measure": _("Choose a measure.")})
    if measures_open(deed.hazard).filter(kind=kind).exists():
        raise Invalid({"measure": _("This measure is in force already.")})
    _begin(deed, kind)
    show(deed)


def lift(deed: Deed, target: str) -> None:
    """End one of the measures that are in force."""
    row = measures_open(deed.hazard).filter(kind=deed.given.measure).first()
    if row is None:
        raise Invalid({"measure": _("This measure is not in force.")})
    _end(deed, row)
    deed.data["measure"] = row.kind


def lift_all(deed: Deed) -> None:
    """End what is left of them: the hazard is gone."""
    for row in measures_open(deed.hazard):
        _end(deed, row)


def suspend(deed: Deed, target: str) -> None:
    """Suspend work; it resumes only by consent."""
    _begin(deed, MeasureKind.SUSPEND)


def ask_to_resume(deed: Deed, target: str) -> None:
    """Let the enterprise ask; whoever suspended work owes a decision."""
    row = _suspended(deed)
    row.asked_at = deed.now
    row.save(update_fields=["asked_at"])
    show(deed)
    owing.owe_resumption(deed, row.taken_post)


def consent(deed: Deed, target: str) -> None:
    """Let work resume after a review."""
    _end(deed, _suspended(deed))
    owing.close(deed, Owed.RESUME)


def refuse(deed: Deed, target: str) -> None:
    """Leave work suspended; the enterprise may ask again."""
    row = _suspended(deed)
    row.asked_at = None
    row.save(update_fields=["asked_at"])
    owing.close(deed, Owed.RESUME)


def show(deed: Deed) -> None:
    """Keep the photos that came along, as what they are: neither before nor after."""
    attach(
        files=deed.given.photos,
        subject=deed.hazard,
        role=Role.OTHER,
        round=deed.hazard.round,
        actor=deed.actor,
        now=deed.now,
    )


def _begin(deed: Deed, kind: str) -> None:
    SiteMeasure.objects.create(
        hazard=deed.hazard,
        kind=kind,
        extent=deed.given.extent.strip(),
        taken_at=deed.now,
        taken_by=deed.actor,
        taken_post=deed.post,
    )
    deed.data["measure"] = kind


def _end(deed: Deed, row: SiteMeasure) -> None:
    row.lifted_at, row.lifted_by, row.lifted_post = deed.now, deed.actor, deed.post
    row.save(update_fields=["lifted_at", "lifted_by", "lifted_post"])


def _suspended(deed: Deed) -> SiteMeasure:
    row = suspension(deed.hazard)
    assert row is not None  # noqa: S101 (the table asks for it)
    return row
