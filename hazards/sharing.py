"""What officials see of what an enterprise finds itself: nothing until it is major, late or drawn.

Finding is not punished (自查自改): an enterprise's own hazard is its own affair while it is general and in
time. Once shared it stays so, closed as well, because what was decided about it must remain to be seen.
"""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from hazards.choices import Road
from hazards.models import Hazard, HazardQuerySet, late
from responsibility.obligations.models import Obligation
from safegrid.audit.services import Deed, record_many

BATCH = 2000  # hazards in one statement


def is_officials_affair(hazard: Hazard, now: dt.datetime) -> bool:
    """Return whether it is no longer the enterprise's own (自查自改): ordered, late, or put right late."""
    was_late = hazard.days_late is not None and hazard.days_late > 0
    return hazard.road == Road.ORDERED or hazard.is_overdue(now) or was_late


def must_be_shared(hazard: Hazard, now: dt.datetime) -> bool:
    """Return whether officials must see it: what is their affair, and whatever is major."""
    return hazard.is_major or is_officials_affair(hazard, now)


def share_owed(*hazards: Hazard) -> None:
    """Let officials read what is and was owed about these hazards, which are shared now. One query."""
    kind = ContentType.objects.get_for_model(Hazard)
    about = Obligation.objects.filter(subject_type=kind, subject_id__in=[hazard.pk for hazard in hazards])
    about.filter(is_shared=False).update(is_shared=True)


def to_share(now: dt.datetime) -> HazardQuerySet:
    """Return what enterprises found themselves and have not put right in time, what fell due first on top.

    In the order of their index: in that of their numbers the whole register would be read to find none.
    """
    return Hazard.objects.filter(late(now), is_shared=False).order_by("due_on", "pk")


def share_late(now: dt.datetime) -> int:
    """Share what enterprises found themselves and have not put right in time; return how many there were.

    Comes before the alerts, so that nobody is told of what they cannot open. What somebody acts on just now
    is left out: their act shares it. Safe to repeat; a few queries for each batch.
    """
    shared = 0
    while True:
        with transaction.atomic():
            found = list(to_share(now).select_for_update(skip_locked=True, of=("self",))[:BATCH])
            if not found:
                return shared
            Hazard.objects.filter(pk__in=[row.pk for row in found]).update(is_shared=True)
            share_owed(*found)
            deeds = [Deed(row, "hazard.share", {"why": "late", "due_on": row.due_on}) for row in found]
            record_many(deeds, actor=None, acting_post=None, now=now)
            shared += len(found)
