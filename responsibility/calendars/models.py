"""The working calendar and the table of deadlines. Both are data, editable, dated."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_lazy as _

from safegrid.kernel.names import Named


class WorkingDay(models.Model):
    """One calendar day: whether it is worked, and its ordinal among working days.

    The ordinal of a day off is that of the last working day before it, so that a deadline in
    working days is one join: the first working day whose ordinal is ours plus the number of days.
    """

    day = models.DateField(_("day"), primary_key=True)
    works = models.BooleanField(_("working day"))
    ordinal = models.IntegerField(editable=False)
    published = models.BooleanField(_("published"), default=False)  # False: assumed from Monday to Friday
    name = models.CharField(_("name"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        constraints = [
            models.UniqueConstraint(fields=["ordinal"], condition=Q(works=True), name="calendar_ordinal_once")
        ]


class DeadlineUnit(models.TextChoices):
    """How the days of a deadline are counted."""

    CALENDAR = "calendar", _("calendar days")
    WORKING = "working", _("working days")


class DeadlinePolicy(Named):
    """How long something may take by default, for a span of dates, and where that is written."""

    code = models.SlugField(_("code"), max_length=40)
    days = models.PositiveSmallIntegerField(_("days"))
    unit = models.CharField(_("counted in"), max_length=8, choices=DeadlineUnit)
    source = models.CharField(_("source"), max_length=200)
    span = DateRangeField(_("in force"))

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["code"]
        constraints = [
            ExclusionConstraint(
                name="calendar_deadline_one_in_force",
                expressions=[
                    # Text has no range type: its hash stands for it, without any extension.
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
            )
        ]
