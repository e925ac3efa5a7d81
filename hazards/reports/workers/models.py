"""What a worker reported, and where the codes inside an enterprise lead."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.reports.models import NO_DEADLINE, TITLE_LENGTH, WHERE_LENGTH
from safegrid.grid.models import Enterprise, Site
from safegrid.kernel import clock
from safegrid.kernel.scope import ScopedQuerySet, ScopeSpec


class WorkerState(models.TextChoices):
    """How a worker's report stands."""

    RECEIVED = "received", pgettext_lazy("report", "Received")
    ANSWERED = "answered", pgettext_lazy("report", "Answered")


class WorkerReportQuerySet(ScopedQuerySet["WorkerReport"]):
    """Workers' reports by how they stand."""

    def open(self) -> WorkerReportQuerySet:
        """Return those that are not answered yet."""
        return self.filter(state=WorkerState.RECEIVED)


class WorkerReport(models.Model):
    """What a worker told their own enterprise (员工报告隐患), without an account and, if they like, a name.

    Only people of the enterprise reach it: it has no place by which an official could. What comes of it is
    the enterprise's own hazard, and seen by officials when any other of its hazards would be.
    """

    number = models.CharField(_("number"), max_length=20)  # YG-2026-000123
    tracking = models.CharField(max_length=12)
    key = models.UUIDField()
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("site"))
    title = models.CharField(_("what"), max_length=TITLE_LENGTH)
    what = models.TextField(_("what was reported"))
    where = models.CharField(_("where"), max_length=WHERE_LENGTH, blank=True)
    name = models.TextField(blank=True)  # sealed
    received_at = models.DateTimeField(_("received"))
    state = models.CharField(_("state"), max_length=8, choices=WorkerState, default=WorkerState.RECEIVED)
    version = models.PositiveIntegerField(default=1)
    due_on = models.DateField(_("due on"), default=NO_DEADLINE)
    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, null=True, related_name="+")
    feedback = models.TextField(_("answer"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    scope = ScopeSpec(enterprise="enterprise_id")
    objects = WorkerReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("worker's report")
        verbose_name_plural = _("workers' reports")
        constraints = [
            models.UniqueConstraint(fields=["number"], name="workerreport_number_once"),
            models.UniqueConstraint(fields=["tracking"], name="workerreport_tracking_once"),
            models.UniqueConstraint(fields=["key"], name="workerreport_form_once"),
            models.CheckConstraint(
                condition=Q(state="received", closed_at=None)
                | (Q(state="answered", closed_at__isnull=False) & ~Q(feedback="")),
                name="workerreport_closed_with_an_answer",
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "-received_at", "-id"], name="workerreport_by_day")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether it is not answered yet."""
        return self.state == WorkerState.RECEIVED

    @property
    def verified_at(self) -> dt.datetime | None:
        """The tracking page asks it of every report; here the answer says it."""
        return None

    def days_over(self, now: dt.datetime) -> int | None:
        """Local days since it was due; None for what is answered."""
        return (clock.local_date(now) - self.due_on).days if self.is_open else None
