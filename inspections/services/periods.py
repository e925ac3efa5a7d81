"""The rhythm of self-inspections: a period opens one, and what was left of the last lapses visibly."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.choices import SelfInspectionState
from inspections.models import Checklist, SelfInspection
from responsibility.obligations.choices import Outcome
from responsibility.obligations.models import Duty
from responsibility.obligations.periods import period_of
from responsibility.obligations.services import close_obligations, open_obligation
from safegrid.audit.services import record
from safegrid.kernel import clock
from safegrid.kernel.refusals import Refused

KIND = "self_inspection"
OPEN = (SelfInspectionState.DUE, SelfInspectionState.DRAFT)


def open_period(*, duty: Duty, now: dt.datetime) -> SelfInspection:
    """Open the self-inspection of the period that `now` lies in, and lapse what was left of the last.

    Called by the sweep for a duty whose time has come; repeating it changes nothing.
    """
    site = duty.site
    if site is None:
        raise Refused(_("A self-inspection needs a site."))
    name, _first, following = period_of(clock.local_date(now), duty.rhythm)
    with transaction.atomic():
        checklist = Checklist.objects.get(code=duty.params["checklist"])
        left_over = SelfInspection.objects.filter(site=site, checklist=checklist, state__in=OPEN)
        for left in left_over.exclude(period=name).select_for_update():
            _lapse(left, now=now)
        row, created = SelfInspection.objects.get_or_create(
            site=site,
            checklist=checklist,
            period=name,
            defaults={
                "enterprise_id": site.enterprise_id,
                "opened_at": now,
                "due_at": clock.day_start(following),
                **site.place_ids,
            },
        )
        if not created and row.state == SelfInspectionState.LAPSED:  # the site rested, and works again
            row.state, row.due_at = SelfInspectionState.DUE, clock.day_start(following)
            row.save(update_fields=["state", "due_at"])
            created = True
        if created:
            open_obligation(
                kind=KIND,
                subject=row,
                site=site,
                debtor_enterprise=site.enterprise,
                due_at=row.due_at,
                duty=duty,
                params={"pk": row.pk, "period": name, "site": site.name},
                now=now,
            )
        duty.next_opens_at = clock.day_start(following)
        duty.save(update_fields=["next_opens_at"])
    return row


def _lapse(row: SelfInspection, *, now: dt.datetime) -> None:
    row.state = SelfInspectionState.LAPSED
    row.save(update_fields=["state"])
    close_obligations(subject=row, kinds=[KIND], outcome=Outcome.LAPSED, now=now)
    record(row, "self_inspection.lapse", actor=None, acting_post=None, now=now)


def lapse_many(ids: Sequence[int], *, now: dt.datetime) -> None:
    """Lapse the self-inspections with these ids that are open, where a rule ends what is owed."""
    for row in SelfInspection.objects.filter(pk__in=ids, state__in=OPEN).select_for_update().order_by("pk"):
        row.state = SelfInspectionState.LAPSED
        row.save(update_fields=["state"])
        record(row, "self_inspection.lapse", actor=None, acting_post=None, now=now)
