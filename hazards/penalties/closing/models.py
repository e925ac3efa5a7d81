"""When an enterprise is a repeat offender, and the proposals that were put to somebody."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hazards.penalties.models import Penalty
from safegrid.accounts.models import Post
from safegrid.grid.models import Enterprise, Site, Unit
from safegrid.kernel.scope import Placed, ScopedQuerySet, ScopeSpec

AT_LEAST_ONE = [MinValueValidator(1)]
REASON_LENGTH = 500


class RepeatRule(models.Model):
    """So many decisions within so many days, and a major hazard: closing is proposed to a person."""

    penalties = models.PositiveSmallIntegerField(_("penalties"), validators=AT_LEAST_ONE)
    days = models.PositiveSmallIntegerField(_("within days"), validators=AT_LEAST_ONE)
    source = models.CharField(_("source"), max_length=200)
    since = models.DateField(_("in force from"))
    until = models.DateField(_("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("rule of repeat offenders")
        verbose_name_plural = _("rules of repeat offenders")
        ordering = ["days", "since"]
        constraints = [
            models.UniqueConstraint(fields=["penalties", "days", "since"], name="repeat_rule_once"),
            models.CheckConstraint(
                condition=Q(penalties__gte=1, days__gte=1), name="repeat_rule_counts_something"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="repeat_rule_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.penalties} / {self.days}"


def rules_in_force(on: dt.date) -> models.QuerySet[RepeatRule]:
    """Return the rules in force on the local day `on`, the shortest span first."""
    return RepeatRule.objects.filter(Q(until=None) | Q(until__gte=on), since__lte=on)


class ClosingOutcome(models.TextChoices):
    """What the person decided."""

    PROPOSED = "proposed", _("Closure proposed to the government")
    NOT = "not", _("Closure not proposed")


class ClosureProposalQuerySet(ScopedQuerySet["ClosureProposal"]):
    """Proposals by whether they are decided."""

    def open(self) -> ClosureProposalQuerySet:
        """Return those that somebody has still to decide."""
        return self.filter(decided_at=None)


class ClosureProposal(Placed):
    """An enterprise met a rule: whether closing is proposed to the government, one person decides.

    Its facts are the penalties, as they were first entered, and the major hazards. They grow while it is
    open; what was decided about is never put to anybody again. Its place is that of the last penalty.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="closure_proposals")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # that decided the last penalty
    whose = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    penalties = models.ManyToManyField(Penalty, related_name="closure_proposals")
    hazards = models.ManyToManyField("hazards.Hazard", related_name="closure_proposals")
    raised_at = models.DateTimeField()
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("decision"), max_length=10, choices=ClosingOutcome, blank=True)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)

    scope = ScopeSpec(place="", unit="unit_id", posts=("whose_id",), involvement=True)
    objects = ClosureProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure proposal")
        verbose_name_plural = _("closure proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(decided_at=None), name="closure_one_open_of_an_enterprise"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, decided_post=None, outcome="")
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False, decided_post__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(reason="")
                ),
                name="closure_decided_by_somebody_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.enterprise.name
