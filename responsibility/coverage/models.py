"""What the audit found, at which sites, what it has still to look at, and how covered each day was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.choices import Line, Tier
from responsibility.coverage.choices import FindingState, Kind, Severity
from safegrid.accounts.models import Post
from safegrid.grid.models import District, Industry, Matter, RegisterEntry, Site, SiteMatter
from safegrid.kernel.scope import Placed, Reach, ScopedQuerySet, ScopeSpec

#: Of a site without any matter no line can be missing; by this rule it is known that nobody answers for it.
NO_REGULATOR = "no_regulator"


class FindingQuerySet(ScopedQuerySet["Finding"]):
    """Findings by what became of them, where they are and what they touch.

    One over several places or matters is of each: whoever reaches a site that it touches reads it too.
    """

    def _predicates(self, reach: Reach) -> list[Q]:
        found = super()._predicates(reach)
        for branch in reach.branches:
            if (branch.level is None and not branch.city) or branch.is_everything:
                continue
            several, touched = Q(), FindingSite.objects.still().filter(finding=OuterRef("pk"))
            if branch.level is not None:
                several |= Q(**{branch.level: None})
                touched = touched.filter(**{f"site__{branch.level}": branch.place_id})
            if branch.matter_id is not None:
                several |= Q(matter=None)
                touched = touched.filter(matter__in=branch.matter_ids)
            found.append(several & Q(Exists(touched)))
        return found

    def standing_in(self, level: str, place: int) -> FindingQuerySet:
        """Return those in a place of `level`, and those of several of which a site stands there."""
        touched = FindingSite.objects.still().filter(finding=OuterRef("pk"), **{f"site__{level}": place})
        return self.filter(Q(**{level: place}) | Q(**{level: None}) & Exists(touched))

    def open(self) -> FindingQuerySet:
        """Return those that somebody has still to resolve."""
        return self.filter(state=FindingState.OPEN)

    def about(self, matters: Collection[int]) -> FindingQuerySet:
        """Return those that touch one of these matters, some of several or the only one."""
        touched = FindingSite.objects.still().filter(finding=OuterRef("pk"), matter__in=matters)
        return self.filter(Q(matter__in=matters) | Exists(touched))


class Finding(Placed):
    """One gap or overlap with all its sites: one thing to resolve, however many sites it touches.

    `key` tells the audit which finding it is. It has one row from the night it is found until it is
    mended; the same trouble later on is another finding. Columns that do not apply are empty.
    """

    rule = models.CharField(_("what"), max_length=40)  # code of a rule
    key = models.CharField(max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    state = models.CharField(_("state"), max_length=10, choices=FindingState, default=FindingState.OPEN)
    line = models.CharField(_("line"), max_length=14, choices=Line, blank=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, blank=True)
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+", verbose_name=_("matter"))
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")  # whose gap it is
    whose = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")  # who must resolve it
    sites = models.PositiveIntegerField(_("sites"), default=0)
    found_at = models.DateTimeField(_("found"))
    mended_at = models.DateTimeField(_("mended"), null=True)
    dismissed_at = models.DateTimeField(_("dismissed"), null=True)
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # of dismissing it

    scope = ScopeSpec(place="", matter="matter_id", posts=("whose_id",), involvement=True)
    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "key"], condition=~Q(state="mended"), name="finding_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="mended", mended_at__isnull=False)
                | (~Q(state="mended") & Q(mended_at__isnull=True)),
                name="finding_mended_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | (Q(dismissed_at__isnull=False) & ~Q(reason="")),
                name="finding_dismissed_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["found_at", "id"], name="finding_by_day"),
            models.Index(fields=["sites", "id"], name="finding_by_size"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Any:
        """What it is, in the reader's words."""
        from responsibility.coverage.rules import rules

        return rules[self.rule].title


class PastDismissal(models.Model):
    """A dismissal that was taken back, by a person or since more sites came; a past day counts by it."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="past_dismissals")
    at = models.DateTimeField(_("dismissed"))
    until = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=models.F("at")), name="pastdismissal_forward")
        ]


class SetAside(models.Model):
    """An entry of a business register of which somebody has said why it needs no site here."""

    entry = models.OneToOneField(RegisterEntry, models.CASCADE, related_name="set_aside")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="setaside_for_a_reason")]


class FindingSiteQuerySet(models.QuerySet["FindingSite"]):
    """Sites of findings by whether they are still touched."""

    def still(self) -> FindingSiteQuerySet:
        """Return those that are touched, or were until their finding was mended."""
        return self.filter(gone_at=None)

    def unanswered(self, day: dt.date) -> FindingSiteQuerySet:
        """Return those of sites not answered for, or twice: on a line, or without a matter on `day`."""
        known = SiteMatter.objects.filter(site=OuterRef("site"), span__contains=day)
        return self.filter(~Q(line="") | Q(finding__rule=NO_REGULATOR) & ~Exists(known))


class FindingSite(models.Model):
    """A site that a finding touches, and for which matter, line and tier; what an audit compares.

    A site that is put in order while the finding goes on keeps its row, so that a past day reads as it was.
    """

    # An index on the matter would lead PostgreSQL astray: half of all rows have the same one.
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="touched", db_index=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+", db_index=False)
    line = models.CharField(max_length=14, choices=Line, blank=True)
    tier = models.CharField(max_length=10, choices=Tier, blank=True)
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    objects = FindingSiteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "site", "matter", "line", "tier"],
                condition=Q(gone_at=None),
                nulls_distinct=False,
                name="findingsite_once_at_a_time",
            )
        ]


class Touch(models.Model):
    """Something changed that decides who answers; the next audit looks at exactly this.

    A row stands for a place with what lies below it, or for a site; and for a matter with what lies below
    it, or for every one. It is written with the change itself, so that no lost message loses it.
    """

    at = models.DateTimeField()
    district = models.ForeignKey(District, models.CASCADE, null=True, related_name="+")
    site = models.ForeignKey(Site, models.CASCADE, null=True, related_name="+")
    matter = models.ForeignKey(Matter, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(district__isnull=False, site__isnull=True)
                | Q(district__isnull=True, site__isnull=False),
                name="touch_a_place_or_a_site",
            )
        ]


class RuleTouch(models.Model):
    """Something changed that a rule reads which looks at no single site; the next audit runs it as a whole.

    Triggers write it, as they write `Touch`.
    """

    at = models.DateTimeField()
    rule = models.CharField(max_length=40)


class CellFault(models.Model):
    """A hole that cells leave in `place`, or what two of them both cover; written by the nightly audit."""

    kind = models.CharField(max_length=10, choices=[("hole", _("Hole")), ("overlap", _("Overlap"))])
    place = models.ForeignKey(District, models.CASCADE, related_name="+")
    cell = models.ForeignKey(District, models.CASCADE, null=True, related_name="+")
    other = models.ForeignKey(District, models.CASCADE, null=True, related_name="+")
    geometry = models.JSONField()  # GeoJSON, WGS-84
    square_metres = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "place", "cell", "other"], nulls_distinct=False, name="cellfault_once"
            )
        ]


class Tolerance(models.Model):
    """How far outlines may miss each other before the audit says so."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    metres = models.DecimalField(_("metres"), max_digits=7, decimal_places=1)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("tolerance of outlines")
        verbose_name_plural = _("tolerances of outlines")


class CoverageDay(models.Model):
    """How covered a district was on a local day, for one matter or for all of them (null).

    Without a district it is about the sites that stand in none yet: nobody answers for them.
    """

    day = models.DateField()
    district = models.ForeignKey(District, models.CASCADE, null=True, related_name="+")
    matter = models.ForeignKey(Matter, models.CASCADE, null=True, related_name="+")
    sites = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()  # on all required lines
    repeated = models.PositiveIntegerField()  # of the sites, those with an overlap

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "district", "matter"], nulls_distinct=False, name="coverageday_once"
            )
        ]
