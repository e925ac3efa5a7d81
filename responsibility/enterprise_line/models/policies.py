"""What is laid down for certificates, training and risk points: rows with a source and a first day."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from responsibility.enterprise_line.choices import CredentialKind, StaffRole
from safegrid.grid.choices import RiskGrade
from safegrid.grid.models import Matter
from safegrid.kernel.names import Named


class CredentialPolicy(Named):
    """How long a kind of certificate is valid, when it is re-examined, and when renewal is asked for.

    It suggests the dates of a new certificate; what is printed on one counts.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=CredentialKind)
    valid_years = models.PositiveSmallIntegerField(_("valid for years"), validators=[MinValueValidator(1)])
    reexamine_years = models.PositiveSmallIntegerField(
        _("re-examined every (years)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    lead_days = models.PositiveSmallIntegerField(_("asked for so many days before"))
    source = models.CharField(_("source"), max_length=200)
    since = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("rule for certificates")
        verbose_name_plural = _("rules for certificates")
        ordering = ["kind", "since"]
        constraints = [models.UniqueConstraint(fields=["kind", "since"], name="credential_policy_once")]


class TrainingPolicy(Named):
    """The hours of training that a role owes: in its first calendar year, and in each one after."""

    role = models.CharField(_("role"), max_length=20, choices=StaffRole)
    is_high_risk = models.BooleanField(_("in a high-risk industry"), default=False)
    first_hours = models.PositiveSmallIntegerField(_("hours at first"))
    yearly_hours = models.PositiveSmallIntegerField(_("hours a year"))
    source = models.CharField(_("source"), max_length=200)
    since = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("hours of training")
        verbose_name_plural = _("hours of training")
        ordering = ["role", "is_high_risk", "since"]
        constraints = [
            models.UniqueConstraint(fields=["role", "is_high_risk", "since"], name="training_policy_once")
        ]


class HighRiskMatter(models.Model):
    """A matter, with all below it, that makes an enterprise a high-risk one from a day on."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="+", verbose_name=_("matter"))
    source = models.CharField(_("source"), max_length=200)
    since = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("high-risk matter")
        verbose_name_plural = _("high-risk matters")

    def __str__(self) -> str:
        return str(self.matter)


class RiskBand(models.Model):
    """From which score on (L×E×C) a risk point has a colour. The lowest band begins at 0."""

    grade = models.CharField(_("colour"), max_length=6, choices=RiskGrade, unique=True)
    at_least = models.DecimalField(_("from a score of"), max_digits=7, decimal_places=2, unique=True)
    source = models.CharField(_("source"), max_length=200)
    since = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("band of risk points")
        verbose_name_plural = _("bands of risk points")
        ordering = ["-at_least"]

    def __str__(self) -> str:
        return self.get_grade_display()
