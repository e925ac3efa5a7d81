"""Saying that two hazards are one: this one is cancelled and leads to the other, which stays open."""

from django.utils.translation import gettext as _

from hazards.choices import Owed
from hazards.models import Hazard
from hazards.repeats import likely_same
from hazards.reports.models import Report
from hazards.reports.workers.models import WorkerReport
from hazards.services import on_site, owing
from hazards.services.deeds import Deed, Given
from hazards.services.steps import write_step
from responsibility.obligations.choices import Outcome
from safegrid.audit.services import record
from safegrid.kernel.refusals import Invalid, Stale


def merge(deed: Deed, target: str) -> None:
    """Merge the hazard into the one that was chosen among those offered.

    What was reported about it is followed with the other one from now on. Raise Invalid for one that is not
    offered, Stale when somebody is at work on it this very moment.
    """
    chosen, hazard = deed.given.same_as, deed.hazard
    if chosen is None or chosen not in likely_same(hazard, deed.actor):
        raise Invalid({"same_as": _("It is open no longer, or not at this site: choose again.")})
    # Not waited for: two that merge into each other would wait for ever.
    other = Hazard.objects.select_for_update(skip_locked=True).filter(pk=chosen.pk).first()
    if other is None or not other.is_open:
        raise Stale(_("%(number)s is being changed right now; try again.") % {"number": chosen.number})
    hazard.merged_into = other
    on_site.lift_all(deed)
    owing.close(deed, *Owed.values, outcome=Outcome.SUPERSEDED)
    for model in (Report, WorkerReport):
        model.objects.filter(hazard=hazard).update(hazard=other)  # type: ignore[attr-defined]
    deed.data["into"] = other.number
    told = Given(note=f"{hazard.number} {hazard.title}")
    write_step(Deed(other, told, deed.actor, deed.post, deed.now), "absorb", other.state)
    record(
        other,
        "hazard.absorb",
        actor=deed.actor,
        acting_post=deed.post,
        now=deed.now,
        data={"merged": hazard.number, "version": other.version},
    )
