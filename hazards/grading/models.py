"""What grading goes by: rows with a source and a first day, kept by the office."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hazards.choices import Grade
from responsibility.calendars.models import DeadlinePolicy
from safegrid.grid.choices import RiskGrade
from safegrid.kernel.names import choose

STEPS = 5  # of likelihood and of consequence, 1 the least
STEP = [MinValueValidator(1), MaxValueValidator(STEPS)]


class MajorItem(models.Model):
    """One sentence of a sector's list of what makes a hazard major (重大事故隐患判定标准)."""

    sector = models.CharField(_("sector"), max_length=60)
    code = models.CharField(_("article"), max_length=40)
    sentence = models.CharField(_("what makes it major"), max_length=400)
    sentence_en = models.CharField(_("what makes it major (English)"), max_length=400, blank=True)
    source = models.CharField(_("source"), max_length=200)
    since = models.DateField(_("in force from"))
    until = models.DateField(_("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("item of what makes a hazard major")
        verbose_name_plural = _("items of what makes a hazard major")
        ordering = ["sector", "code"]
        constraints = [
            models.UniqueConstraint(fields=["sector", "code", "since"], name="major_item_once"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                name="major_item_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sector} {self.code} {choose(self.sentence, self.sentence_en)}"

    @property
    def basis(self) -> str:
        """How an order names it: the list, the article, the sentence."""
        return f"{self.source} {self.code}：{self.sentence}"


def items_in_force(on: dt.date) -> models.QuerySet[MajorItem]:
    """Return what makes a hazard major on the local day `on`."""
    return MajorItem.objects.filter(Q(until=None) | Q(until__gte=on), since__lte=on)


class RiskCell(models.Model):
    """Which colour a likelihood and a consequence make together."""

    likelihood = models.PositiveSmallIntegerField(_("likelihood"), validators=STEP)
    consequence = models.PositiveSmallIntegerField(_("consequence"), validators=STEP)
    risk = models.CharField(_("colour"), max_length=6, choices=RiskGrade)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("cell of the risk matrix")
        verbose_name_plural = _("risk matrix")
        ordering = ["-likelihood", "-consequence"]
        constraints = [
            models.UniqueConstraint(fields=["likelihood", "consequence"], name="risk_cell_once"),
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, STEPS), consequence__range=(1, STEPS)),
                name="risk_cell_within_the_matrix",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.likelihood} × {self.consequence}: {self.get_risk_display()}"


class DefaultDeadline(models.Model):
    """Which of the deadlines laid down for an order is chosen at first, by grade and colour."""

    grade = models.CharField(_("grade"), max_length=8, choices=Grade)
    risk = models.CharField(
        _("colour"), max_length=6, choices=RiskGrade, blank=True, help_text=_("Empty: for any other.")
    )
    code = models.SlugField(_("code of the deadline"), max_length=40)  # of a DeadlinePolicy
    source = models.CharField(_("source"), max_length=200)
    since = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("deadline chosen at first")
        verbose_name_plural = _("deadlines chosen at first")
        ordering = ["grade", "risk", "since"]
        constraints = [
            models.UniqueConstraint(fields=["grade", "risk", "since"], name="default_deadline_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_grade_display()} {self.get_risk_display()}: {self.code}"

    def clean(self) -> None:
        """Refuse the code of what is laid down for no order of this grade."""
        if not DeadlinePolicy.objects.filter(code=self.code, code__startswith=f"order_{self.grade}").exists():
            raise ValidationError({"code": _("There is no such deadline for orders of this grade.")})


def default_deadline(grade: str, risk: str, on: dt.date) -> str:
    """Return the code of the deadline that an order about such a hazard begins with, "" for none. One query.

    The row of the colour goes before the one for any colour, a later first day before an earlier one.
    """
    rows = DefaultDeadline.objects.filter(grade=grade, risk__in={risk, ""}, since__lte=on)
    row = rows.order_by("risk", "since").last()
    return row.code if row else ""


class CorrectionWindow(models.Model):
    """For how many minutes whoever made a slip sets it right without showing both."""

    minutes = models.PositiveSmallIntegerField(_("minutes"))
    source = models.CharField(_("source"), max_length=200)
    since = models.DateField(_("in force from"), unique=True)

    class Meta:
        verbose_name = _("time to correct a slip")
        verbose_name_plural = _("times to correct a slip")
        ordering = ["since"]

    def __str__(self) -> str:
        return str(self.minutes)


class RecurrenceWindow(models.Model):
    """Within how many days after it was closed the same item at the same site recurs (重复隐患)."""

    days = models.PositiveSmallIntegerField(_("days"))
    source = models.CharField(_("source"), max_length=200)
    since = models.DateField(_("in force from"), unique=True)

    class Meta:
        verbose_name = _("time within which a hazard recurs")
        verbose_name_plural = _("times within which a hazard recurs")
        ordering = ["since"]

    def __str__(self) -> str:
        return str(self.days)


def recurrence_window(on: dt.date) -> dt.timedelta | None:
    """Return within which time after its closing a hazard recurs; None when nothing is laid down."""
    row = RecurrenceWindow.objects.filter(since__lte=on).order_by("since").last()
    return dt.timedelta(days=row.days) if row else None


def correction_window(on: dt.date) -> dt.timedelta:
    """Return how long after the entry a slip is just set right; none when nothing is laid down."""
    row = CorrectionWindow.objects.filter(since__lte=on).order_by("since").last()
    return dt.timedelta(minutes=row.minutes if row else 0)
