"""Obligations: who owes what to whom by when. And duties, the rhythm behind some of them."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from responsibility.calendars.models import DeadlinePolicy
from responsibility.obligations.choices import Outcome, Rhythm
from safegrid.accounts.models import Post
from safegrid.grid.models import Enterprise, Industry, Matter, Site
from safegrid.kernel import clock
from safegrid.kernel.scope import Placed, ScopedQuerySet, ScopeSpec, place_key


class ObligationQuerySet(ScopedQuerySet["Obligation"]):
    """Obligations by their state in time."""

    def open(self) -> ObligationQuerySet:
        """Return those not yet closed."""
        return self.filter(closed_at=None)

    def overdue(self, now: dt.datetime) -> ObligationQuerySet:
        """Return the open ones whose deadline has passed: the one definition of overdue, as SQL."""
        return self.filter(closed_at=None, due_at__lte=now)


class Duty(models.Model):
    """A rhythm: it opens the next obligation in the sweep; a new period lapses the old one visibly."""

    kind = models.CharField(_("kind"), max_length=40)
    site = models.ForeignKey(Site, models.CASCADE, null=True, related_name="duties")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, null=True, related_name="duties")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="duties")
    rhythm = models.CharField(_("rhythm"), max_length=10, choices=Rhythm)
    params = models.JSONField(default=dict)
    next_opens_at = models.DateTimeField(null=True)  # None: the duty is at rest
    failures = models.PositiveSmallIntegerField(default=0)  # of the sweep on this row

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "site", "enterprise", "post"], nulls_distinct=False, name="duty_once"
            ),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False, post__isnull=True)
                | Q(enterprise__isnull=True, post__isnull=False),
                name="duty_of_a_post_or_an_enterprise",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_opens_at"], condition=Q(next_opens_at__isnull=False), name="duty_to_open"
            )
        ]


class Obligation(Placed):
    """Somebody owes something by a moment. Everything with a deadline is one of these.

    What a to-do list shows is stored as codes and parameters, rendered in the reader's language.
    """

    # Nobody asks for these alone, and each index costs every write.
    district = place_key(indexed=False)
    township = place_key(indexed=False)
    community = place_key(indexed=False)
    cell = place_key(indexed=False)

    kind = models.CharField(_("kind"), max_length=40)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="obligations")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+", db_index=False)
    # Then, for statistics.
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, related_name="+", db_index=False)
    duty = models.ForeignKey(Duty, models.SET_NULL, null=True, related_name="obligations", db_index=False)

    debtor_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="owes")
    debtor_enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="owes")
    creditor_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="owed", db_index=False)
    # Who cannot meet it though the debtor owes it: nobody confirms what they fixed themselves.
    not_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"))
    due_on = models.DateField(_("due on"))  # the local day of due_at
    original_due_on = models.DateField(_("originally due on"))
    policy = models.ForeignKey(DeadlinePolicy, models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(_("closed"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    days_late = models.IntegerField(_("days late"), null=True)  # frozen at closing; negative: early
    next_look_at = models.DateTimeField(null=True)  # when the sweep must look; None: never again
    rung = models.PositiveSmallIntegerField(default=0)  # rungs of the ladder already climbed
    announce = ArrayField(models.CharField(max_length=10), default=list)  # told at the next look (Recipient)
    failures = models.PositiveSmallIntegerField(default=0)  # of the sweep on this row

    is_major = models.BooleanField(_("major"), default=False)
    # False: about an enterprise's own affair, which officials do not read by their places.
    is_shared = models.BooleanField(default=True)
    label = models.CharField(max_length=60)  # a code, see responsibility.obligations.kinds
    params = models.JSONField(default=dict)

    scope = ScopeSpec(
        place="",
        matter="matter_id",
        enterprise="enterprise_id",
        posts=("debtor_post_id", "creditor_post_id"),
        shared=Q(is_shared=True),
    )
    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id", "debtor_post", "debtor_enterprise"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="obligation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(debtor_post__isnull=False, debtor_enterprise__isnull=True)
                | Q(debtor_post__isnull=True, debtor_enterprise__isnull=False),
                name="obligation_one_debtor",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="", days_late=None)
                | (Q(closed_at__isnull=False, days_late__isnull=False) & ~Q(outcome="")),
                name="obligation_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(next_look_at=None), name="obligation_closed_is_not_looked_at"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("opened_at")), name="obligation_due_after_opened"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_look_at", "id"],
                condition=Q(next_look_at__isnull=False),
                name="obligation_to_look_at",
            ),
            models.Index(
                fields=["debtor_post", "due_at", "id"], condition=Q(closed_at=None), name="obligation_of_post"
            ),
            models.Index(
                fields=["debtor_enterprise", "due_at", "id"],
                condition=Q(closed_at=None),
                name="obligation_of_enterprise",
            ),
            models.Index(
                fields=["creditor_post", "due_at", "id"],
                include=["debtor_post", "debtor_enterprise"],
                condition=Q(closed_at=None),
                name="obligation_owed_to",
            ),
            models.Index(fields=["due_at", "id"], name="obligation_by_day"),
            models.Index(fields=["subject_type", "subject_id", "due_at", "id"], name="obligation_about"),
            models.Index(fields=["site"], condition=Q(closed_at=None), name="obligation_at_site"),
            models.Index(
                fields=["not_by"],
                condition=Q(closed_at=None, not_by__isnull=False),
                name="obligation_not_by",
            ),
            models.Index(fields=["duty"], condition=Q(duty__isnull=False), name="obligation_of_duty"),
        ]

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether the deadline has passed and it is still open; agrees with `overdue()`."""
        return self.closed_at is None and self.due_at <= now

    def days_over(self, now: dt.datetime) -> int:
        """Days over as a difference of local dates; 0 on the day it is due, negative before."""
        return days_over(self.due_on, now)


def days_over(due_on: dt.date, now: dt.datetime) -> int:
    """Return the local days from `due_on` to `now`; the one definition, used by pages and at closing."""
    return (clock.local_date(now) - due_on).days
