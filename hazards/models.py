"""A hazard, the steps it went through, its plan and its extensions."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hazards.choices import OPEN, ExtensionState, Grade, MeasureKind, Road, Source, State
from hazards.grading.categories import HazardCategory
from hazards.grading.models import MajorItem
from hazards.ledger.models import LedgerRow  # noqa: F401 (of the app: Django asks for them here)
from safegrid.accounts.models import Post
from safegrid.grid.choices import RiskGrade
from safegrid.grid.models import District, Enterprise, Industry, Matter, Site, Unit
from safegrid.kernel import clock
from safegrid.kernel.findable import Findable
from safegrid.kernel.scope import Placed, ScopedQuerySet, ScopeSpec, place_key

#: Stands for "no deadline yet", so that a sort by deadline has no empty value.
NO_DEADLINE = dt.date(9999, 12, 31)

IS_OPEN = Q(state__in=OPEN)
IS_AWAITED = Q(state=State.RECTIFYING)  # alone it can be late

IS_SHARED = Q(is_shared=True)

TITLE_LENGTH = 160  # characters


def late(now: dt.datetime) -> Q:
    """Return the predicate of the hazards whose rectification is late at `now`: the only one there is."""
    # The day is a redundant bound, by which an index finds them.
    return Q(state=State.RECTIFYING, due_at__lte=now, due_on__lte=clock.local_date(now))


class HazardQuerySet(ScopedQuerySet["Hazard"]):
    """Hazards by their state in time."""

    def open(self) -> HazardQuerySet:
        """Return those neither closed nor cancelled."""
        return self.filter(state__in=OPEN)

    def overdue(self, now: dt.datetime) -> HazardQuerySet:
        """Return those whose rectification is late."""
        return self.filter(late(now))


class Hazard(Findable, Placed):
    """An unsafe state, act or management defect at a site (事故隐患), about one matter.

    Its place columns are where it stands now; `then_*` is where it stood when it was found,
    for statistics and print. `version` grows with every step: a stale act changes nothing.
    """

    # Each index costs every write, and every plan of a query a look: where a longer one begins with the
    # column, or nobody asks by it, there is none.
    district = place_key(indexed=False)
    township = place_key(indexed=False)
    cell = place_key(indexed=False)

    number = models.CharField(_("number"), max_length=20)  # XN-2026-000123
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="hazards", db_index=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="hazards", db_index=False)
    matter = models.ForeignKey(
        Matter, models.PROTECT, related_name="+", verbose_name=_("matter"), db_index=False
    )
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, related_name="+", db_index=False)
    then_district = models.ForeignKey(District, models.PROTECT, null=True, related_name="+", db_index=False)
    then_township = models.ForeignKey(District, models.PROTECT, null=True, related_name="+", db_index=False)

    road = models.CharField(_("road"), max_length=8, choices=Road)
    source = models.CharField(_("source"), max_length=20, choices=Source)
    title = models.CharField(_("what"), max_length=TITLE_LENGTH)
    description = models.TextField(_("description"), blank=True)
    spot = models.CharField(_("where exactly"), max_length=120, blank=True)
    item_code = models.CharField(max_length=40, blank=True)  # the checklist item: recurrence is told by it
    recurs = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="recurrences", db_index=False
    )  # the one closed before, of the same item; see hazards.repeats
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", db_index=False
    )  # it was the same as that one
    category = models.ForeignKey(
        HazardCategory,
        models.PROTECT,
        to_field="code",
        related_name="+",
        verbose_name=_("category"),
        db_index=False,
    )
    grade = models.CharField(_("grade"), max_length=8, choices=Grade, default=Grade.GENERAL)
    major_item = models.ForeignKey(MajorItem, models.PROTECT, null=True, related_name="+", db_index=False)
    major_basis = models.CharField(_("what makes it major"), max_length=640, blank=True)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), null=True)
    consequence = models.PositiveSmallIntegerField(_("consequence"), null=True)
    risk = models.CharField(_("risk"), max_length=6, choices=RiskGrade, blank=True)
    measures = models.TextField(_("measures required"), blank=True)
    fixed_on_the_spot = models.BooleanField(default=False)  # 立行立改

    # Whether officials see it by their places. What an enterprise finds itself is its own until it is major,
    # late or drawn for a check; then it is shared, and stays so. See hazards.sharing.
    is_shared = models.BooleanField(default=False)

    state = models.CharField(_("state"), max_length=12, choices=State)
    version = models.PositiveIntegerField(default=1)
    found_at = models.DateTimeField(_("found"))
    late_reason = models.CharField(_("why it is entered late"), max_length=200, blank=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    found_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    ordered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="ordered_hazards")
    ordering_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="hazards")
    ordered_at = models.DateTimeField(_("ordered"), null=True)
    paper_number = models.CharField(_("number of the paper order"), max_length=60, blank=True)
    paper_on = models.DateField(_("day of the paper order"), null=True)
    fixed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    due_at = models.DateTimeField(_("due"), null=True)
    due_on = models.DateField(_("due"), default=NO_DEADLINE)
    original_due_on = models.DateField(_("originally due"), null=True)
    round = models.PositiveSmallIntegerField(default=1)  # attempts at rectification
    closed_at = models.DateTimeField(_("closed"), null=True)
    days_late = models.IntegerField(_("days late"), null=True)  # of the rectification, frozen at closing

    scope = ScopeSpec(
        place="",
        matter="matter_id",
        enterprise="enterprise_id",
        unit="ordering_unit_id",
        involvement=True,
        shared=IS_SHARED,
    )
    objects = HazardQuerySet.as_manager()

    class Meta:
        verbose_name = _("hazard")
        verbose_name_plural = _("hazards")
        constraints = [
            models.UniqueConstraint(fields=["number"], name="hazard_number_once"),
            # Nobody accepts their own rectification, and nothing is closed without a day.
            models.CheckConstraint(
                condition=(Q(state="closed") & Q(closed_at__isnull=False))
                | (~Q(state="closed") & Q(closed_at=None)),
                name="hazard_closed_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="rectifying") | Q(due_at__isnull=False),
                name="hazard_rectifying_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(grade="major") | ~Q(major_basis=""), name="hazard_major_has_a_basis"
            ),
            models.CheckConstraint(
                condition=IS_SHARED | (Q(road="self") & ~Q(grade="major")),
                name="hazard_ordered_or_major_is_shared",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, due_on=NO_DEADLINE) | Q(due_at__isnull=False),
                name="hazard_due_on_follows_due_at",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(state="cancelled") & ~Q(merged_into=F("id")),
                name="hazard_merged_is_over",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="hazard_search"),
            models.Index(fields=["-found_at", "-id"], name="hazard_by_found"),
            models.Index(fields=["due_on", "id"], name="hazard_by_due"),
            models.Index(fields=["enterprise", "-found_at", "-id"], name="hazard_enterprise_found"),
            # Officials read by place and matter, and only what is shared.
            models.Index(
                fields=["district", "-found_at", "-id"], condition=IS_SHARED, name="hazard_district_found"
            ),
            models.Index(
                fields=["township", "-found_at", "-id"], condition=IS_SHARED, name="hazard_township_found"
            ),
            models.Index(fields=["cell", "-found_at", "-id"], condition=IS_SHARED, name="hazard_cell_found"),
            models.Index(
                fields=["matter", "-found_at", "-id"], condition=IS_SHARED, name="hazard_matter_found"
            ),
            # What is open, by deadline; what is late, which is a small part of what stands at its beginning.
            models.Index(fields=["due_on", "id"], condition=IS_OPEN, name="hazard_open_due"),
            models.Index(
                fields=["district", "due_on", "id"],
                condition=IS_OPEN & IS_SHARED,
                name="hazard_district_due",
            ),
            models.Index(
                fields=["township", "due_on", "id"],
                condition=IS_OPEN & IS_SHARED,
                name="hazard_township_due",
            ),
            models.Index(fields=["due_on", "id"], condition=IS_AWAITED, name="hazard_late"),
            models.Index(
                fields=["district", "due_on", "id"],
                condition=IS_AWAITED & IS_SHARED,
                name="hazard_district_late",
            ),
            models.Index(
                fields=["township", "due_on", "id"],
                condition=IS_AWAITED & IS_SHARED,
                name="hazard_township_late",
            ),
            # What the next sweep may have to share.
            models.Index(fields=["due_on"], condition=IS_AWAITED & ~IS_SHARED, name="hazard_to_share"),
            # Where a place is small, no other order leads to its rows.
            models.Index(fields=["township", "number"], name="hazard_township_number"),
            models.Index(fields=["cell", "number"], name="hazard_cell_number"),
            models.Index(fields=["cell", "due_on", "id"], name="hazard_cell_due"),
            models.Index(
                fields=["township", "closed_at"],
                condition=Q(closed_at__isnull=False),
                name="hazard_township_closed",
            ),
            models.Index(fields=["site", "item_code"], name="hazard_recurring"),
            models.Index(fields=["recurs"], condition=Q(recurs__isnull=False), name="hazard_recurs"),
            models.Index(
                fields=["-found_at", "-id"], condition=Q(recurs__isnull=False), name="hazard_recurs_found"
            ),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="hazard_merged"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether it is neither closed nor cancelled."""
        return self.state in OPEN

    @property
    def is_major(self) -> bool:
        """Whether it is a major hazard."""
        return self.grade == Grade.MAJOR

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether its rectification is late; agrees with `overdue()`."""
        return self.state == State.RECTIFYING and self.due_at is not None and self.due_at <= now

    def days_over(self, now: dt.datetime) -> int | None:
        """Local days since it was due; negative before, None without a deadline."""
        return None if self.due_at is None else (clock.local_date(now) - self.due_on).days


class Step(models.Model):
    """One step of a hazard, as the timeline shows it."""

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="steps")
    action = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12, choices=State, blank=True)
    to_state = models.CharField(max_length=12, choices=State)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(
                    action__in=["cancel", "reopen", "send_back", "deny_extension", "suspend", "refuse_resume"]
                )
                | ~Q(note=""),
                name="hazard_step_says_why",
            )
        ]


class RectificationPlan(models.Model):
    """The enterprise's plan for a major hazard: the five fulfilments (五落实)."""

    hazard = models.OneToOneField(Hazard, models.CASCADE, related_name="plan")
    responsible = models.CharField(_("responsible person"), max_length=60)
    measures = models.TextField(_("measures"))
    funds = models.DecimalField(_("funds, yuan"), max_digits=14, decimal_places=2)
    due_on = models.DateField(_("to be done by"))
    contingency = models.TextField(_("contingency plan"))
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(funds__gte=0), name="hazard_plan_funds_not_negative")
        ]


class MajorReport(models.Model):
    """A major hazard is reported twice by the enterprise: to its regulator and to the workers (Art. 41)."""

    hazard = models.OneToOneField(Hazard, models.CASCADE, related_name="major_report")
    regulator_on = models.DateField(_("reported to the regulator on"))
    workers_on = models.DateField(_("reported to the workers' congress on"))
    recorded_at = models.DateTimeField()


class SiteMeasure(models.Model):
    """What officials did at once about a hazard, or that they suspended work, until it is lifted."""

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="site_measures")
    kind = models.CharField(_("measure"), max_length=8, choices=MeasureKind)
    extent = models.CharField(_("what it covers"), max_length=200)  # which part, which machines, whom
    paper = models.ForeignKey(
        "hazards.HazardPaper", models.PROTECT, null=True, related_name="measures", db_index=False
    )  # the decision that was issued about it
    taken_at = models.DateTimeField(_("from"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("resumption asked"), null=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard", "kind"], condition=Q(lifted_at=None), name="site_measure_one_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_post=None)
                | Q(lifted_at__gte=F("taken_at"), lifted_by__isnull=False, lifted_post__isnull=False),
                name="site_measure_lifted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None) | Q(kind="suspend"), name="site_measure_only_work_resumes"
            ),
        ]


class SpotDraw(models.Model):
    """One drawing of enterprises' own hazards for a check: who drew, how many of how many, by which seed.

    The same seed over the same hazards gives the same ones: nobody was picked.
    """

    seed = models.BigIntegerField()
    key = models.UUIDField(null=True, unique=True)  # the form's: sent twice, it draws once
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drawn_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    among = models.PositiveIntegerField()  # hazards that could have been drawn


class SpotCheck(models.Model):
    """A hazard that was drawn, and that an officer has looked at it."""

    draw = models.ForeignKey(SpotDraw, models.PROTECT, related_name="checks")
    hazard = models.OneToOneField(Hazard, models.CASCADE, related_name="spot_check")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")  # whose check it is
    checked_at = models.DateTimeField(null=True)


class Extension(models.Model):
    """A request for more time. The original deadline stays beside the new one."""

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="extensions")
    state = models.CharField(max_length=8, choices=ExtensionState, default=ExtensionState.ASKED)
    asked_at = models.DateTimeField()
    from_due_on = models.DateField()
    to_due_on = models.DateField()
    reason = models.TextField()
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(state="asked"), name="hazard_one_extension_asked"
            ),
            models.CheckConstraint(
                condition=Q(to_due_on__gt=F("from_due_on")), name="hazard_extension_is_later"
            ),
        ]


class NumberSeries(models.Model):
    """The last number given in a series, such as hazards of 2026; one row, so no number comes twice."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)


# Papers and listings name hazards, so they come after them.
from hazards.entering.models import EnteredHazard  # noqa: E402, F401
from hazards.listed.models import ListedSupervision, ListingRule, ProgressReport  # noqa: E402, F401
from hazards.papers.models import HazardPaper, PaperHazard  # noqa: E402, F401
from hazards.penalties.closing.models import ClosureProposal, RepeatRule  # noqa: E402, F401
from hazards.penalties.models import Penalty  # noqa: E402, F401
from hazards.reports.models import GateCode, Report, Reporter  # noqa: E402, F401 (their tables are of this app)
from hazards.reports.workers.models import WorkerReport  # noqa: E402, F401 (likewise)
