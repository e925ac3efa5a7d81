"""A public report, who gave it, and the codes that hang at gates."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.reports.choices import OPEN, CodeKind, Contact, Finding, ReportState, Via
from safegrid.accounts.models import Post
from safegrid.grid.models import Matter, Site, Unit
from safegrid.kernel import clock
from safegrid.kernel.findable import Findable
from safegrid.kernel.scope import Placed, ScopedQuerySet, ScopeSpec

#: Stands for "nothing is awaited", so that a sort by deadline has no empty value.
NO_DEADLINE = dt.date(9999, 12, 31)

TITLE_LENGTH = 60  # characters of what was reported that a list shows
WHAT_LENGTH = 2000
WHERE_LENGTH = 200


class ReportQuerySet(ScopedQuerySet["Report"]):
    """Public reports by their state."""

    def open(self) -> ReportQuerySet:
        """Return those that are neither answered nor rejected."""
        return self.filter(state__in=OPEN)

    def overdue(self, now: dt.datetime) -> ReportQuerySet:
        """Return those with which the next step is late."""
        return self.open().filter(due_on__lt=clock.local_date(now))


class Report(Findable, Placed):
    """What somebody told about a danger, without an account (隐患举报).

    It stands in a place and is about a matter: officials of both see it, enterprises never. Who told it
    stands apart, see `Reporter`. `key` is the form's: the same form sent twice is one report.
    """

    number = models.CharField(_("number"), max_length=20)  # JB-2026-000123, for officials
    tracking = models.CharField(max_length=12)  # for who reported; see hazards.reports.codes
    key = models.UUIDField()
    via = models.CharField(_("came in by"), max_length=8, choices=Via)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+", verbose_name=_("site"))
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+", verbose_name=_("matter"))
    title = models.CharField(_("what"), max_length=TITLE_LENGTH)
    what = models.TextField(_("what was reported"))
    where = models.CharField(_("where"), max_length=WHERE_LENGTH, blank=True)
    longitude = models.FloatField(null=True)  # degrees, WGS-84
    latitude = models.FloatField(null=True)
    contact = models.CharField(_("contact"), max_length=6, choices=Contact, default=Contact.NONE)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received"))

    state = models.CharField(_("state"), max_length=8, choices=ReportState, default=ReportState.RECEIVED)
    version = models.PositiveIntegerField(default=1)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("whose it is"))
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")  # who moves next
    due_on = models.DateField(_("due on"), default=NO_DEADLINE)
    finding = models.CharField(_("verification"), max_length=9, choices=Finding, blank=True)
    verified_at = models.DateTimeField(pgettext_lazy("report", "verified"), null=True)
    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, null=True, related_name="reports")
    note = models.TextField(_("note of the verification"), blank=True)  # for officials
    feedback = models.TextField(_("answer"), blank=True)  # who reported reads it
    closed_at = models.DateTimeField(_("closed"), null=True)

    scope = ScopeSpec(place="", matter="matter_id", involvement=True)
    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("public report")
        verbose_name_plural = _("public reports")
        constraints = [
            models.UniqueConstraint(fields=["number"], name="report_number_once"),
            models.UniqueConstraint(fields=["tracking"], name="report_tracking_once"),
            models.UniqueConstraint(fields=["key"], name="report_form_once"),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(
                    longitude__gte=-180,
                    longitude__lte=180,
                    latitude__gte=-90,
                    latitude__lte=90,
                ),
                name="report_position_is_one",
            ),
            # Nothing is closed without a word to who reported it.
            models.CheckConstraint(
                condition=(Q(state__in=["answered", "rejected"], closed_at__isnull=False) & ~Q(feedback=""))
                | (~Q(state__in=["answered", "rejected"]) & Q(closed_at=None)),
                name="report_closed_with_an_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["verified", "answered"])
                | (~Q(finding="") & Q(verified_at__isnull=False)),
                name="report_verified_with_a_finding",
            ),
            models.CheckConstraint(
                condition=Q(finding__in=["raised", "joined"], hazard__isnull=False)
                | (~Q(finding__in=["raised", "joined"]) & Q(hazard=None)),
                name="report_hazard_was_found",
            ),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="report_by_day"),
            models.Index(fields=["due_on", "id"], name="report_by_due_day"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether it is neither answered nor rejected."""
        return self.state in OPEN


class Reporter(models.Model):
    """Who gave a report, sealed; see hazards.reports.reporter. The row goes when it is erased."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="reporter")
    name = models.TextField(blank=True)  # sealed
    phone = models.TextField(blank=True)  # sealed
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="", phone=""), name="reporter_gave_something")
        ]


class GateCode(models.Model):
    """The code in the QR at a gate, or inside: it names the site to whoever stands before it, nothing more.

    It cannot be guessed, and is replaced when it is misused; the old ones stay known as ended.
    """

    code = models.CharField(max_length=16, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="gate_codes")
    kind = models.CharField(max_length=6, choices=CodeKind, default=CodeKind.GATE)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "kind"], condition=Q(ended_at=None), name="gatecode_one_in_use"
            )
        ]
