"""Risk points of a site (双重预防): how dangerous, what is done about it, who looks at it how often."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from responsibility.enterprise_line.choices import (
    CONSEQUENCES,
    EXPOSURES,
    LIKELIHOODS,
    CheckResult,
    PointKind,
)
from responsibility.enterprise_line.models.staff import Staff
from responsibility.obligations.choices import Rhythm
from safegrid.grid.choices import RiskGrade
from safegrid.grid.models import Enterprise, Site
from safegrid.kernel import clock
from safegrid.kernel.scope import ScopedQuerySet, ScopeSpec

AT_SITE = ScopeSpec(place="site__", matter_array="site__matter_ids", enterprise="enterprise_id")
CHECKED = [(r.value, r.label) for r in Rhythm if r != Rhythm.YEARLY]


class RiskPointQuerySet(ScopedQuerySet["RiskPoint"]):
    """Risk points by whether they are still there."""

    def present(self) -> RiskPointQuerySet:
        """Return those that are still there."""
        return self.filter(removed_on=None)


class RiskPoint(models.Model):
    """A device, process or place that can do harm: its score L×E×C, colour, measures, owner and rhythm."""

    token = models.UUIDField(default=uuid.uuid4, unique=True)  # of the form: sent twice, entered once
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, related_name="risk_points", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=PointKind)
    spot = models.CharField(_("where"), max_length=80, blank=True)
    dangers = models.CharField(_("what can happen"), max_length=200, blank=True)
    likelihood = models.DecimalField(_("likelihood (L)"), max_digits=4, decimal_places=1)
    exposure = models.DecimalField(_("exposure (E)"), max_digits=4, decimal_places=1)
    consequence = models.PositiveSmallIntegerField(_("consequence (C)"))
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2)
    grade = models.CharField(_("colour"), max_length=6, choices=RiskGrade)
    engineering = models.CharField(_("engineering"), max_length=300, blank=True)
    management = models.CharField(_("management"), max_length=300, blank=True)
    training = models.CharField(_("training"), max_length=300, blank=True)
    protection = models.CharField(_("personal protection"), max_length=300, blank=True)
    emergency = models.CharField(_("emergency"), max_length=300, blank=True)
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("responsible person"))
    rhythm = models.CharField(_("how often checked"), max_length=10, choices=CHECKED)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)

    scope = AT_SITE
    objects = RiskPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk point")
        verbose_name_plural = _("risk points")
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__in=LIKELIHOODS, exposure__in=EXPOSURES, consequence__in=CONSEQUENCES),
                name="risk_point_values_of_the_method",
            ),
            models.CheckConstraint(
                condition=Q(score=F("likelihood") * F("exposure") * F("consequence")),
                name="risk_point_score_is_the_product",
            ),
            models.UniqueConstraint(
                fields=["site", "name", "spot"], condition=Q(removed_on=None), name="risk_point_once"
            ),
        ]
        indexes = [models.Index(fields=["site", "-score", "id"], name="risk_point_at_site")]

    def __str__(self) -> str:
        return self.name


class RiskRound(models.Model):
    """The checks of all risk points of a site that have one rhythm, in one period: one thing owed.

    Twenty points that are looked at daily are one line of a to-do list with twenty taps, not twenty lines.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, related_name="risk_rounds")
    rhythm = models.CharField(max_length=10, choices=CHECKED)
    first_day = models.DateField()
    last_day = models.DateField()
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)

    scope = AT_SITE
    objects = ScopedQuerySet["RiskRound"].as_manager()

    class Meta:
        verbose_name = _("round of checks")
        verbose_name_plural = _("rounds of checks")
        constraints = [
            models.UniqueConstraint(fields=["site", "rhythm", "first_day"], name="risk_round_once"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(lapsed_at=None), name="risk_round_ends_one_way"
            ),
        ]
        indexes = [models.Index(fields=["site", "-first_day", "-id"], name="risk_round_at_site")]

    @property
    def is_open(self) -> bool:
        """Whether it can still be done."""
        return self.done_at is None and self.lapsed_at is None

    @property
    def due_at(self):  # type: ignore[no-untyped-def]
        """The instant at which it is over."""
        return clock.day_end(self.last_day)


class RiskCheck(models.Model):
    """Somebody looked at a risk point in a round."""

    round = models.ForeignKey(RiskRound, models.CASCADE, related_name="checks")
    point = models.ForeignKey(RiskPoint, models.PROTECT, related_name="checks")
    result = models.CharField(_("result"), max_length=8, choices=CheckResult)
    note = models.CharField(_("what is wrong"), max_length=200, blank=True)
    reference = models.CharField(
        max_length=40, blank=True
    )  # of what was registered for it: a hazard's number
    checked_at = models.DateTimeField(_("checked"))
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        constraints = [
            models.UniqueConstraint(fields=["round", "point"], name="risk_check_once"),
            models.CheckConstraint(
                condition=Q(result=CheckResult.IN_ORDER) | ~Q(note=""), name="risk_check_says_what_is_wrong"
            ),
        ]
