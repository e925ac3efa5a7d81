"""Leading posts, what they owe in each period, what they did, and the enterprises under their wing."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from responsibility.leaders.choices import DeedKind, LeaderRole, PeriodState
from responsibility.obligations.choices import Rhythm
from responsibility.obligations.models import Duty
from safegrid.accounts.models import Post
from safegrid.grid.models import Enterprise, Site, Unit
from safegrid.kernel import clock
from safegrid.kernel.dbfuncs import Int8Point
from safegrid.kernel.scope import Placed, ScopedQuerySet, ScopeSpec


def _text_point(column: str) -> Func:
    hashed = Func(column, function="hashtext")
    return Func(hashed, hashed, Value("[]"), function="int4range")


class LeaderDutyPolicy(models.Model):
    """What posts of a role owe in each period, for a span of dates, and where that is written."""

    role = models.CharField(_("role"), max_length=12, choices=LeaderRole)
    kind = models.CharField(_("kind"), max_length=10, choices=DeedKind)
    number = models.PositiveSmallIntegerField(_("how many"))
    rhythm = models.CharField(_("in each"), max_length=10, choices=Rhythm)
    source = models.CharField(_("source"), max_length=200)
    span = DateRangeField(_("in force"))

    class Meta:
        verbose_name = _("duty of leading posts")
        verbose_name_plural = _("duties of leading posts")
        ordering = ["role", "kind", "pk"]
        constraints = [
            ExclusionConstraint(
                name="leaderpolicy_one_in_force",
                expressions=[
                    (_text_point("role"), RangeOperators.OVERLAPS),
                    (_text_point("kind"), RangeOperators.OVERLAPS),
                    ("span", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.get_kind_display()}"


class Leader(Placed):
    """A leading post, party or government: its duties hang on it. It stands where its unit stands."""

    post = models.OneToOneField(Post, models.PROTECT, related_name="leader")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="leaders")
    role = models.CharField(_("role"), max_length=12, choices=LeaderRole)
    #: Place and unit: the one order in which leaders are listed. Persons are never ranked.
    sequence = models.CharField(max_length=120)

    scope = ScopeSpec(place="", unit="unit_id", posts=("post_id",))
    objects = ScopedQuerySet["Leader"].as_manager()

    class Meta:
        verbose_name = _("leading post")
        verbose_name_plural = _("leading posts")
        indexes = [models.Index(fields=["sequence", "id"], name="leader_in_order")]

    def __str__(self) -> str:
        return str(self.post)


class LeaderDuty(models.Model):
    """What one leading post owes of a kind, for a span of dates: by policy, or set by hand (then `policy`
    is empty). A number of 0 frees it.
    """

    leader = models.ForeignKey(Leader, models.CASCADE, related_name="duties")
    kind = models.CharField(_("kind"), max_length=10, choices=DeedKind)
    number = models.PositiveSmallIntegerField(_("how many"))
    rhythm = models.CharField(_("in each"), max_length=10, choices=Rhythm)
    span = DateRangeField(_("in force"))
    policy = models.ForeignKey(LeaderDutyPolicy, models.PROTECT, null=True, related_name="+")
    basis = models.CharField(_("basis"), max_length=200)
    set_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("duty of a leading post")
        verbose_name_plural = _("duties of a leading post")
        constraints = [
            ExclusionConstraint(
                name="leaderduty_one_at_a_time",
                expressions=[
                    (Int8Point("leader"), RangeOperators.OVERLAPS),
                    (_text_point("kind"), RangeOperators.OVERLAPS),
                    ("span", RangeOperators.OVERLAPS),
                ],
            )
        ]


class LeaderPeriod(models.Model):
    """What a leading post owed of a kind in one period, and how much of it was done. Never deleted."""

    leader = models.ForeignKey(Leader, models.CASCADE, related_name="periods")
    kind = models.CharField(_("kind"), max_length=10, choices=DeedKind)
    name = models.CharField(_("period"), max_length=10)  # 2026-Q4
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"))
    duty = models.ForeignKey(Duty, models.SET_NULL, null=True, related_name="+")  # the rhythm
    owed = models.PositiveSmallIntegerField(_("owed"))
    done = models.PositiveSmallIntegerField(_("done"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=PeriodState, default=PeriodState.RUNNING)
    is_current = models.BooleanField(default=True)
    after_lapse = models.BooleanField(default=False)  # the one before lapsed undone
    #: From when on less is done than the time that is gone asks for; None when enough is.
    behind_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("period of a duty")
        verbose_name_plural = _("periods of a duty")
        constraints = [
            models.UniqueConstraint(fields=["leader", "kind", "name"], name="leaderperiod_once"),
            models.UniqueConstraint(
                fields=["leader", "kind"], condition=Q(is_current=True), name="leaderperiod_one_current"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(is_current=True), name="leaderperiod_only_current_runs"
            ),
            models.CheckConstraint(condition=Q(owed__gte=1), name="leaderperiod_owes_something"),
            models.CheckConstraint(
                condition=~Q(state="met") | Q(done__gte=F("owed")), name="leaderperiod_met_when_done"
            ),
        ]
        indexes = [models.Index(fields=["last_on", "leader"], name="leaderperiod_by_end")]

    def behind_from(self) -> dt.datetime | None:
        """Return when the share of the period that is over asks for one more than is done."""
        if self.done >= self.owed:
            return None
        start = clock.day_start(self.first_on)
        return start + (self.due_at - start) * (self.done + 1) / self.owed


class LeaderDeed(models.Model):
    """Something that a leading post did: once, on a day. Corrected in sight, never overwritten in silence."""

    token = models.UUIDField(default=uuid.uuid4, unique=True)  # of the form: sent twice, kept once
    leader = models.ForeignKey(Leader, models.CASCADE, related_name="deeds")
    kind = models.CharField(_("kind"), max_length=10, choices=DeedKind)
    day = models.DateField(_("day"))
    what = models.CharField(_("in a few words"), max_length=300, blank=True)
    where = models.CharField(_("where"), max_length=120, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    #: Which enterprise under the wing was visited.
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, related_name="+", verbose_name=_("enterprise")
    )
    found = models.PositiveSmallIntegerField(_("hazards found"), default=0)
    fixed = models.PositiveSmallIntegerField(_("of them fixed"), default=0)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    #: What an upper floor knows it by ("visit:12"): its figures come from there and are never typed.
    source = models.CharField(max_length=40, blank=True)
    source_number = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    #: What it said before each correction: [{"at", "reason", and the fields as they were}].
    earlier = models.JSONField(default=list)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("what a leading post did")
        verbose_name_plural = _("what leading posts did")
        constraints = [
            models.UniqueConstraint(
                fields=["leader", "source"],
                condition=~Q(source="") & Q(cancelled_at=None),
                name="leaderdeed_source_once",
            ),
            models.CheckConstraint(condition=Q(fixed__lte=F("found")), name="leaderdeed_fixed_were_found"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="leaderdeed_cancelled_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["leader", "-day", "-id"], name="leaderdeed_of")]

    @property
    def state(self) -> str:
        """As the lifecycle knows it."""
        return "cancelled" if self.cancelled_at else "recorded"


class Wing(models.Model):
    """An enterprise is under a leading post's wing (联系企业、包保) for a span of dates."""

    leader = models.ForeignKey(Leader, models.CASCADE, related_name="wing")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="wings")
    span = DateRangeField(_("in force"))
    given_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("enterprise under a leader's wing")
        verbose_name_plural = _("enterprises under a leader's wing")
        constraints = [
            ExclusionConstraint(
                name="wing_once_at_a_time",
                expressions=[
                    (Int8Point("leader"), RangeOperators.OVERLAPS),
                    (Int8Point("enterprise"), RangeOperators.OVERLAPS),
                    ("span", RangeOperators.OVERLAPS),
                ],
            )
        ]
