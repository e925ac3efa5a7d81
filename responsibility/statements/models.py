"""Statements: their templates, the two signatures, and the scores of each quarter.

What was signed never changes: the text is fixed when it is issued, a template when it is first used, a
score when it is locked. Triggers of the database hold all three (migration 0006).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from responsibility.statements.choices import Band, Scoring, Side, StatementLevel, StatementState
from responsibility.units.heirs import bodies_of_posts
from safegrid.accounts.models import Post
from safegrid.grid.models import Enterprise, Site, Unit
from safegrid.kernel.names import Named, choose
from safegrid.kernel.scope import Placed, Reach, ScopedQuerySet, ScopeSpec

YEARS = (2010, 2100)
WHOLE = 100  # points of a template
PROMISE_LENGTH = 300
NOTE_LENGTH = 500


def hash_of(text: str) -> str:
    """Return the SHA-256 of a statement's text in UTF-8, in hexadecimal: what both sides sign."""
    return hashlib.sha256(text.encode()).hexdigest()


class StatementTemplate(models.Model):
    """Wording and items of one level's statements of a year. Fixed once a statement was issued by it."""

    year = models.PositiveSmallIntegerField(_("year"))
    level = models.CharField(_("who promises"), max_length=12, choices=StatementLevel)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    title = models.CharField(_("Title"), max_length=120)
    text = models.TextField(_("text"))
    is_default = models.BooleanField(_("as delivered"), default=False)
    used_at = models.DateTimeField(_("in use since"), null=True)
    created_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("template of statements")
        verbose_name_plural = _("templates of statements")
        constraints = [
            models.UniqueConstraint(fields=["year", "level", "version"], name="statementtemplate_once"),
            models.CheckConstraint(condition=Q(year__range=YEARS), name="statementtemplate_of_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.version}"


class StatementItem(models.Model):
    """One thing that is promised, and how it is scored."""

    template = models.ForeignKey(StatementTemplate, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    promise = models.CharField(_("what is promised"), max_length=PROMISE_LENGTH)
    promise_en = models.CharField(_("what is promised, in English"), max_length=PROMISE_LENGTH, blank=True)
    scoring = models.CharField(_("scored"), max_length=10, choices=Scoring)
    points = models.PositiveSmallIntegerField(_("points"), default=0)
    indicator = models.CharField(_("indicator"), max_length=40, blank=True)
    target = models.DecimalField(_("target"), max_digits=9, decimal_places=2, null=True, blank=True)
    step = models.DecimalField(_("for each"), max_digits=9, decimal_places=2, null=True, blank=True)
    per_step = models.DecimalField(_("points off"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["template", "order"], name="statementitem_in_order"),
            models.CheckConstraint(
                condition=Q(scoring="veto", points=0) | (~Q(scoring="veto") & Q(points__range=(1, WHOLE))),
                name="statementitem_veto_has_no_points",
            ),
            models.CheckConstraint(
                condition=(
                    Q(scoring="indicator", target__isnull=False, step__gt=0, per_step__gt=0)
                    & ~Q(indicator="")
                )
                | (
                    ~Q(scoring="indicator")
                    & Q(indicator="", target__isnull=True, step__isnull=True, per_step__isnull=True)
                ),
                name="statementitem_figure_has_a_rule",
            ),
        ]

    @property
    def label(self) -> str:
        """What is promised, in the reader's language."""
        return choose(self.promise, self.promise_en)


class StatementQuerySet(ScopedQuerySet["Statement"]):
    """Statements are reached by place, by the enterprise that promises, and by the posts of both bodies."""

    def _predicates(self, reach: Reach) -> list[Q]:
        found = super()._predicates(reach)
        if reach.post_ids and not reach.is_citywide:
            bodies = bodies_of_posts(reach.post_ids)
            found += [Q(promiser__in=bodies), Q(receiver__in=bodies)]
        return found

    def of_year(self, year: int) -> Self:
        """Return those of a year."""
        return self.filter(year=year)


class Statement(Placed):
    """What one body promises another for a year. Its text is fixed from the moment it is issued."""

    template = models.ForeignKey(StatementTemplate, models.PROTECT, related_name="statements")
    year = models.PositiveSmallIntegerField(_("year"))
    level = models.CharField(_("who promises"), max_length=12, choices=StatementLevel)
    promiser = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="promises", verbose_name=_("unit that promises")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, related_name="statements", verbose_name=_("enterprise")
    )
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")  # by which it stands there
    receiver = models.ForeignKey(
        Unit, models.PROTECT, related_name="promised", verbose_name=_("who receives it")
    )
    body = models.CharField(_("who promises"), max_length=120)  # the name then
    body_en = models.CharField(max_length=160, blank=True)
    title = models.CharField(_("Title"), max_length=160)
    text = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64)  # of the text
    state = models.CharField(_("state"), max_length=10, choices=StatementState, default=StatementState.ISSUED)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    promised_at = models.DateTimeField(null=True)  # when the promising side signed
    received_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # of withdrawing it

    scope = ScopeSpec(place="", enterprise="enterprise_id")
    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("responsibility statement")
        verbose_name_plural = _("responsibility statements")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "level", "promiser", "enterprise", "receiver"],
                condition=~Q(state="withdrawn"),
                nulls_distinct=False,
                name="statement_once_a_year",
            ),
            models.CheckConstraint(
                condition=Q(promiser__isnull=False, enterprise__isnull=True)
                | Q(promiser__isnull=True, enterprise__isnull=False),
                name="statement_of_one_body",
            ),
            models.CheckConstraint(
                condition=~Q(promiser=models.F("receiver")), name="statement_to_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(state="issued", promised_at=None, received_at=None)
                | Q(state="half", promised_at=None, received_at__isnull=False)
                | Q(state="half", promised_at__isnull=False, received_at=None)
                | Q(state__in=["in_force", "closed"], promised_at__isnull=False, received_at__isnull=False)
                | (Q(state="withdrawn") & (Q(promised_at=None) | Q(received_at=None))),
                name="statement_in_force_when_both_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(reason=""), name="statement_withdrawn_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["issued_at", "id"], name="statement_by_day"),
            models.Index(fields=["body", "id"], name="statement_by_body"),
            models.Index(fields=["year", "level"], name="statement_by_year"),
            models.Index(fields=["promiser"], name="statement_of_unit"),
            models.Index(fields=["receiver"], name="statement_to_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.year}"

    @property
    def label(self) -> str:
        """Who promises, in the reader's language."""
        return choose(self.body, self.body_en)

    @property
    def is_genuine(self) -> bool:
        """Whether the text is still the one whose hash was fixed when it was issued."""
        return hash_of(self.text) == self.sha256


class OfStatementQuerySet(models.QuerySet[Any]):
    """Rows that are reached through their statement, at `path`."""

    path = ""

    def visible_to(self, user: Any) -> Self:
        """Return the rows whose statement `user` may read."""
        seen = Statement.objects.visible_to(user).filter(pk=OuterRef(self.path))
        return self.filter(Exists(seen))


class SignatureQuerySet(OfStatementQuerySet):
    """Signatures, by their statement."""

    path = "statement"


class Signature(models.Model):
    """One side has signed: who, as which post, when, and the hash of what they saw."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=8, choices=Side)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        constraints = [
            models.UniqueConstraint(fields=["statement", "side"], name="signature_once_a_side"),
            # Nobody promises to themselves.
            models.UniqueConstraint(fields=["statement", "user"], name="signature_by_two_people"),
        ]


class ScoreBand(Named):
    """From how many points on a score is called what, for a span of dates, and where that is written."""

    code = models.CharField(
        _("band"), max_length=10, choices=[(b.value, b.label) for b in Band if b != Band.VETOED]
    )
    at_least = models.DecimalField(_("from, points"), max_digits=5, decimal_places=2)
    source = models.CharField(_("source"), max_length=200)
    span = DateRangeField(_("in force"))

    class Meta:
        verbose_name = _("band of scores")
        verbose_name_plural = _("bands of scores")
        ordering = ["-at_least"]
        constraints = [
            ExclusionConstraint(
                name="scoreband_one_in_force",
                expressions=[
                    (
                        Func(
                            Func("code", function="hashtext"),
                            Func("code", function="hashtext"),
                            Value("[]"),
                            function="int4range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("span", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(at_least__range=(0, WHOLE)), name="scoreband_in_range"),
        ]


class StatementScoreQuerySet(OfStatementQuerySet):
    """Scores, by their statement."""

    path = "statement"

    def counting(self) -> Self:
        """Return of each statement and quarter the score that counts, and whether it `is_corrected` just now.

        It is the last one that is locked, or the first while the quarter is open: a correction counts once
        it is locked.
        """
        later = StatementScore.objects.filter(
            statement=OuterRef("statement"),
            quarter=OuterRef("quarter"),
            revision__gt=OuterRef("revision"),
        )
        return self.filter(
            Q(revision=0) | Q(locked_at__isnull=False), ~Exists(later.filter(locked_at__isnull=False))
        ).annotate(is_corrected=Exists(later.filter(locked_at=None)))


class StatementScore(models.Model):
    """The score of a quarter. Once locked it stays; a correction is another revision beside it."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="scores")
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=0)
    reason = models.CharField(_("reason"), max_length=NOTE_LENGTH, blank=True)  # of a revision
    points = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal())
    possible = models.PositiveSmallIntegerField(default=0)  # points of the items that are scored
    rate = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # points in a hundred possible
    band = models.CharField(max_length=10, choices=Band, blank=True)  # empty while nothing is scored
    scored_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    locked_at = models.DateTimeField(_("locked"), null=True)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = StatementScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score of a quarter")
        ordering = ["quarter", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "quarter", "revision"], name="statementscore_once"),
            models.UniqueConstraint(
                fields=["statement", "quarter"],
                condition=Q(locked_at=None),
                name="statementscore_one_to_be_locked",
            ),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="statementscore_of_a_quarter"),
            models.CheckConstraint(
                condition=Q(revision=0) | ~Q(reason=""), name="statementscore_revised_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=models.F("possible"), possible__lte=WHOLE),
                name="statementscore_in_range",
            ),
        ]

    @property
    def is_correction(self) -> bool:
        """Whether it is a revision that is still being made: the score before it counts."""
        return self.revision > 0 and self.locked_at is None

    @property
    def is_whole(self) -> bool:
        """Whether every item is scored."""
        return self.possible == WHOLE


class ScoreLineQuerySet(OfStatementQuerySet):
    """Lines of scores, by their statement."""

    path = "score__statement"


class ScoreLine(models.Model):
    """One item in a quarter: the figure or the reviewer's judgement, the points, and what they come from.

    `points` is null while the item is not scored: its indicator is not there, has no figures, or nobody
    has reviewed it yet.
    """

    score = models.ForeignKey(StatementScore, models.PROTECT, related_name="lines")
    item = models.ForeignKey(StatementItem, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    counted = models.PositiveIntegerField(null=True)
    bad = models.PositiveIntegerField(null=True)
    url = models.CharField(max_length=500, blank=True)  # the list that `bad` counts
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    is_vetoed = models.BooleanField(default=False)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    document = models.CharField(max_length=200, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    objects = ScoreLineQuerySet.as_manager()

    class Meta:
        ordering = ["item__order"]
        constraints = [
            models.UniqueConstraint(fields=["score", "item"], name="scoreline_once"),
            models.CheckConstraint(condition=Q(points=None) | Q(points__gte=0), name="scoreline_not_below_0"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None) | ~Q(note=""), name="scoreline_reviewed_says_why"
            ),
        ]

    @property
    def deduction(self) -> Decimal | None:
        """The points that it lost; None while it is not scored."""
        return None if self.points is None else self.item.points - self.points


def quarter_days(year: int, quarter: int) -> tuple[dt.date, dt.date]:
    """Return the first and the last local day of a quarter."""
    after = dt.date(year + quarter // 4, quarter * 3 % 12 + 1, 1)
    return dt.date(year, quarter * 3 - 2, 1), after - dt.timedelta(days=1)
