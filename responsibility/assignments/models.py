"""Assignments: a post answers for a (line, tier, matter) over a district subtree or one site."""

from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.choices import Line, Tier
from safegrid.accounts.models import Post
from safegrid.grid.models import District, Matter, Site
from safegrid.kernel.dbfuncs import Int8Point
from safegrid.kernel.scope import Reach, ScopedQuerySet


def _text_point(column: str) -> Func:
    hashed = Func(column, function="hashtext")
    return Func(hashed, hashed, Value("[]"), function="int4range")


def _id_point(column: str) -> Func:
    value = Coalesce(column, Value(0, output_field=models.BigIntegerField()))
    return Func(value, value, Value("[]"), function="int8range")


class AssignmentQuerySet(ScopedQuerySet["Assignment"]):
    """Who answers for what is public among officials; an enterprise sees it on the cards of its sites."""

    def reached_by(self, reach: Reach) -> Self:
        return self.all() if reach.is_official else self.none()

    def branches_for(self, user: Any) -> list[Self]:
        """Return one way: nothing is narrowed."""
        return [self.visible_to(user)]

    def as_of(self, day: Any) -> Self:
        """Return the assignments in force on the local `day`."""
        return self.filter(span__contains=day)


class Assignment(models.Model):
    """One duty of supervision given to a post for a half-open span of local dates."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="assignments")
    line = models.CharField(_("line"), max_length=14, choices=Line)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="assignments", verbose_name=_("matter"))
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("district"),
    )
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("site")
    )
    span = DateRangeField(_("in force"))
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    document = models.CharField(_("document"), max_length=120, blank=True)
    assigned_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        constraints = [
            models.CheckConstraint(
                condition=Q(district__isnull=False, site__isnull=True)
                | Q(district__isnull=True, site__isnull=False),
                name="assignment_over_a_place_or_a_site",
            ),
            # Two leads of equal specificity at once are an overlap (重复监管): never written.
            ExclusionConstraint(
                name="assignment_one_lead_at_a_time",
                expressions=[
                    (_text_point("line"), RangeOperators.OVERLAPS),
                    (Int8Point("matter"), RangeOperators.OVERLAPS),
                    (_id_point("district"), RangeOperators.OVERLAPS),
                    (_id_point("site"), RangeOperators.OVERLAPS),
                    ("span", RangeOperators.OVERLAPS),
                ],
                condition=Q(tier="lead"),
            ),
            # The same duty of one post twice: ending one would leave the other in force.
            ExclusionConstraint(
                name="assignment_once_at_a_time",
                expressions=[
                    (Int8Point("post"), RangeOperators.OVERLAPS),
                    (_text_point("line"), RangeOperators.OVERLAPS),
                    (_text_point("tier"), RangeOperators.OVERLAPS),
                    (Int8Point("matter"), RangeOperators.OVERLAPS),
                    (_id_point("district"), RangeOperators.OVERLAPS),
                    (_id_point("site"), RangeOperators.OVERLAPS),
                    ("span", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["matter", "district"], name="assignment_by_matter")]


class CoveragePolicy(models.Model):
    """Which line and tier must be answered for on a matter; without a matter, on every one.

    Of the enterprise line only that there is a principal, whatever the matter: nothing else is audited.
    """

    line = models.CharField(_("line"), max_length=14, choices=Line)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("matter")
    )
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("coverage policy")
        verbose_name_plural = _("coverage policies")
        constraints = [
            models.UniqueConstraint(
                fields=["line", "tier", "matter"], nulls_distinct=False, name="coverage_policy_once"
            ),
            models.CheckConstraint(
                condition=~Q(line=Line.ENTERPRISE) | Q(tier=Tier.LEAD, matter=None),
                name="coverage_policy_is_audited",
            ),
        ]

    def clean(self) -> None:
        """Refuse, at its field, what the audit does not look for."""
        if self.line != Line.ENTERPRISE:
            return
        problems = {}
        if self.tier != Tier.LEAD:
            problems["tier"] = _("Of an enterprise only its principal is audited: choose the lead.")
        if self.matter_id is not None:
            problems["matter"] = _("A principal answers for every matter of the enterprise: leave it empty.")
        if problems:
            raise ValidationError(problems)
