"""What hazards know themselves for the office's tables: both reports of a major one, suspensions of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hazards.choices import MeasureKind
from hazards.models import Hazard, MajorReport, SiteMeasure
from hazards.tables.sockets import Asked, Fact, Figure, facts, figures
from safegrid.kernel import clock
from safegrid.kernel.office_tables import Value


def reported(ids: Sequence[int], user: Any) -> Mapping[int, Value]:
    """Return on which day each was reported to the regulator (Art. 41). One query."""
    return dict(MajorReport.objects.filter(hazard__in=ids).values_list("hazard", "regulator_on"))


def workers_told(ids: Sequence[int], user: Any) -> Mapping[int, Value]:
    """Return on which day each was reported to the workers' congress (Art. 41). One query."""
    return dict(MajorReport.objects.filter(hazard__in=ids).values_list("hazard", "workers_on"))


def resumed(ids: Sequence[int], user: Any) -> Mapping[int, Value]:
    """Return on which day work was resumed, or that it is not yet, where it was suspended. One query."""
    found: dict[int, Value] = {}
    rows = SiteMeasure.objects.filter(hazard__in=ids, kind=MeasureKind.SUSPEND).order_by("taken_at", "pk")
    for hazard, lifted_at in rows.values_list("hazard", "lifted_at"):
        found[hazard] = clock.local_date(lifted_at) if lifted_at else gettext("not yet")
    return found


def suspended(asked: Asked) -> Mapping[int | None, int]:
    """Return how many suspensions of work began in the days, by group. One query."""
    rows = Hazard.objects.visible_to(asked.user).filter(asked.narrowing.q())
    begun = rows.filter(asked.during("site_measures__taken_at"), site_measures__kind=MeasureKind.SUSPEND)
    groups = begun.order_by().annotate(group=asked.group()).values_list("group")
    return dict(groups.annotate(n=Count("site_measures")))


facts.plug("reported", Fact(reported))
facts.plug("workers_told", Fact(workers_told))
facts.plug("resumed", Fact(resumed))
figures.plug("suspended", Figure(_("Work suspended"), suspended), order=70)
