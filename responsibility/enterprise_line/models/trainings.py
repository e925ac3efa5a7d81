"""Training: what was taught to whom, and the year in which hours are owed."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responsibility.enterprise_line.choices import Result, TrainingKind
from responsibility.enterprise_line.models.reach import OF_ENTERPRISE, OfEnterpriseQuerySet
from responsibility.enterprise_line.models.staff import Staff
from safegrid.accounts.models import Post
from safegrid.grid.models import Enterprise

LONGEST = 24  # hours of a day


class Training(models.Model):
    """One training on one day: what it was about, who gave it, how long it took."""

    token = models.UUIDField(default=uuid.uuid4, unique=True)  # of the form: sent twice, entered once
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="trainings")
    held_on = models.DateField(_("on"))
    kind = models.CharField(_("kind"), max_length=10, choices=TrainingKind)
    topic = models.CharField(_("topic"), max_length=120)
    trainer = models.CharField(_("trainer"), max_length=60, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=3, decimal_places=1)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    scope = OF_ENTERPRISE
    objects = OfEnterpriseQuerySet["Training"].as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=Decimal(0), hours__lte=LONGEST), name="training_fits_a_day"
            )
        ]
        indexes = [models.Index(fields=["enterprise", "-held_on", "-id"], name="training_of_enterprise")]

    def __str__(self) -> str:
        return self.topic


class Participation(models.Model):
    """Somebody was to take part in a training, and how it went."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="participations")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="participations")
    result = models.CharField(_("result"), max_length=6, choices=Result)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [models.UniqueConstraint(fields=["training", "staff"], name="participation_once")]


class TrainingYear(models.Model):
    """The hours that an enterprise's people owe in a calendar year: what the obligation is about."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="training_years")
    year = models.PositiveSmallIntegerField(_("year"))

    scope = OF_ENTERPRISE
    objects = OfEnterpriseQuerySet["TrainingYear"].as_manager()

    class Meta:
        verbose_name = _("year of training")
        verbose_name_plural = _("years of training")
        constraints = [models.UniqueConstraint(fields=["enterprise", "year"], name="training_year_once")]

    def __str__(self) -> str:
        return str(self.year)
