"""A question to a government: which department governs this industry here? And its answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responsibility.coverage.models import Finding
from safegrid.accounts.models import Post
from safegrid.grid.models import District, Industry, Matter


class RegulatorQuestion(models.Model):
    """An industry that nobody governs was put to a government, which names a department by a day.

    Whoever reads the finding reads it.
    """

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="questions")
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    asked = models.ForeignKey(Post, models.PROTECT, related_name="+")  # the head of the government
    text = models.CharField(max_length=500)
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    regulator = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+")
    document = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("question to a government")
        verbose_name_plural = _("questions to a government")
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], condition=Q(answered_at=None), name="regulatorquestion_open_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, regulator=None, document="")
                | (Q(answered_at__isnull=False, regulator__isnull=False) & ~Q(document="")),
                name="regulatorquestion_answered_by_a_document",
            ),
        ]
