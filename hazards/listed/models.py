"""By what rules a major hazard is listed, its listing, and the reports on its progress."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.listed.choices import DELISTED, OPEN, TONES, WATCHED, ListingLevel, ListingState
from responsibility.obligations.models import days_over
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.grid.choices import Level
from safegrid.grid.models import Unit
from safegrid.kernel import clock

TEXT_LENGTH = 2000  # characters of a note, a finding, a report


class ListingRule(models.Model):
    """Who lists at a level, and by which days. All days are calendar days (Work Safety Law, Art. 41)."""

    level = models.CharField(pgettext_lazy("listing", "level"), max_length=8, choices=ListingLevel)
    unit_level = models.CharField(_("bodies of which places list"), max_length=10, choices=Level)
    post_kinds = ArrayField(
        models.CharField(max_length=20, choices=PostKind), verbose_name=_("posts that list")
    )
    days = models.PositiveSmallIntegerField(_("days until delisting is asked for"))
    report_days = models.PositiveSmallIntegerField(_("days between progress reports"))
    answer_days = models.PositiveSmallIntegerField(_("days for each answer to a request"))
    spot_days = models.PositiveSmallIntegerField(_("days for the spot check"))
    source = models.CharField(_("source"), max_length=200)
    since = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("rule of listed supervision")
        verbose_name_plural = _("rules of listed supervision")
        ordering = ["level", "since"]
        constraints = [
            models.UniqueConstraint(fields=["level", "since"], name="listing_rule_once"),
            models.CheckConstraint(
                condition=Q(days__gt=0, report_days__gt=0, answer_days__gt=0, spot_days__gt=0),
                name="listing_rule_days_are_some",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.since}"


class ListedQuerySet(models.QuerySet["ListedSupervision"]):
    """Listings by their state; whoever sees a hazard sees that it is listed."""

    def open(self) -> ListedQuerySet:
        """Return those of hazards that stand on a list."""
        return self.filter(state__in=OPEN)

    def visible_to(self, user: Any) -> ListedQuerySet:
        """Return the listings of hazards that `user` may read: there is no other way to them."""
        hazards: Any = ListedSupervision._meta.get_field("hazard").related_model
        return self.filter(hazard__in=hazards.objects.visible_to(user).order_by().values("pk"))


class ListedSupervision(models.Model):
    """A major hazard on a body's list, from its listing to the spot check after its delisting (挂牌督办).

    `version` grows with every step: a stale act changes nothing. Each listing keeps the rule it was made by;
    what was listed again is another row.
    """

    hazard = models.ForeignKey("hazards.Hazard", models.CASCADE, related_name="listings")
    rule = models.ForeignKey(ListingRule, models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(pgettext_lazy("listing", "level"), max_length=8, choices=ListingLevel)
    state = models.CharField(_("state"), max_length=10, choices=ListingState, default=ListingState.LISTED)
    version = models.PositiveIntegerField(default=1)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("post"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("listing body"))
    listed_at = models.DateTimeField(pgettext_lazy("listing", "listed"))
    listed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    note = models.TextField(_("why"), blank=True)
    due_on = models.DateField(_("delisting to be asked for by"))
    original_due_on = models.DateField(_("originally due"))
    report_days = models.PositiveSmallIntegerField(_("days between progress reports"))
    checked_at = models.DateTimeField(pgettext_lazy("listing", "checked"), null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    checked_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    finding = models.TextField(_("what the check found"), blank=True)
    accepted_at = models.DateTimeField(pgettext_lazy("listing", "accepted"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    delisted_at = models.DateTimeField(_("delisted"), null=True)
    spot_checked_at = models.DateTimeField(_("spot-checked"), null=True)
    spot_finding = models.TextField(_("what the spot check found"), blank=True)

    objects = ListedQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed supervision")
        verbose_name_plural = _("listed supervision")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["hazard"], condition=Q(state__in=OPEN), name="listed_open_once"),
            models.CheckConstraint(
                condition=Q(state__in=DELISTED, delisted_at__isnull=False)
                | (~Q(state__in=DELISTED) & Q(delisted_at=None)),
                name="listed_delisted_has_a_day",
            ),
            # Whoever checked does not accept.
            models.CheckConstraint(
                condition=Q(accepted_by=None)
                | (Q(checked_by__isnull=False) & ~Q(accepted_by=F("checked_by"))),
                name="listed_accepted_by_another",
            ),
            models.CheckConstraint(condition=Q(report_days__gt=0), name="listed_reports_have_a_rhythm"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """Whether the hazard stands on the list."""
        return self.state in OPEN

    @property
    def is_watched(self) -> bool:
        """Whether somebody still owes something of it."""
        return self.state in WATCHED

    @property
    def tone(self) -> str:
        """How its state looks."""
        return TONES[ListingState(self.state)]

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether delisting should have been asked for by now."""
        return self.state == ListingState.LISTED and clock.day_end(self.due_on) <= now

    def days_over(self, now: dt.datetime) -> int | None:
        """Local days over, negative while there is time; None when no request is awaited."""
        return days_over(self.due_on, now) if self.state == ListingState.LISTED else None


class ProgressReportQuerySet(models.QuerySet["ProgressReport"]):
    """The way to reports, and to their photos."""

    def visible_to(self, user: Any) -> ProgressReportQuerySet:
        """Return the reports on listings that `user` may read."""
        return self.filter(listing__in=ListedSupervision.objects.visible_to(user).order_by().values("pk"))


class ProgressReport(models.Model):
    """What the enterprise said of how far it is."""

    listing = models.ForeignKey(ListedSupervision, models.CASCADE, related_name="reports")
    text = models.TextField(_("text"))
    due_on = models.DateField(_("due"), null=True)  # the day of the rhythm that it meets, if one
    at = models.DateTimeField(pgettext_lazy("progress", "reported"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="progress_report_says_something")]
