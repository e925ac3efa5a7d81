"""Checklists, self-inspections and visits."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hazards.grading.categories import HazardCategory
from hazards.models import Hazard
from inspections.choices import Result, SelfInspectionState, VisitKind, Way
from safegrid.accounts.models import Post
from safegrid.grid.models import Enterprise, Matter, Site, Unit
from safegrid.kernel import clock
from safegrid.kernel.names import Named, choose
from safegrid.kernel.scope import Placed, ScopedQuerySet, ScopeSpec


class Checklist(Named):
    """A published list of what is looked at."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("checklist")
        ordering = ["pk"]


class ChecklistItem(models.Model):
    """One thing to look at. It applies to a site that has its matter and every feature it names."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=160)
    text_en = models.CharField(max_length=200)
    why = models.CharField(max_length=300, blank=True)
    why_en = models.CharField(max_length=300, blank=True)
    basis = models.CharField(_("basis"), max_length=120)  # law or standard, and its article
    basis_en = models.CharField(max_length=120, blank=True)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    features = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    category = models.ForeignKey(
        HazardCategory, models.PROTECT, to_field="code", related_name="+", db_index=False
    )

    class Meta:
        ordering = ["checklist", "order"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "order"], name="inspections_item_order_once")
        ]

    @property
    def label(self) -> str:
        """The sentence in the reader's language."""
        return choose(self.text, self.text_en)

    @property
    def explanation(self) -> str:
        """Why it matters, in the reader's language."""
        return choose(self.why, self.why_en)

    @property
    def citation(self) -> str:
        """The law or standard and its article, in the reader's language."""
        return choose(self.basis, self.basis_en)


class SelfInspection(Placed):
    """An enterprise inspects its own site for a period; filing it is met, late or not."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="self_inspections")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="self_inspections")
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="+")
    period = models.CharField(_("period"), max_length=10)  # 2026-11
    state = models.CharField(
        _("state"), max_length=8, choices=SelfInspectionState, default=SelfInspectionState.DUE
    )
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"))
    saved_at = models.DateTimeField(_("saved"), null=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField(_("filed"), null=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    filed_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    receipt = models.CharField(_("receipt"), max_length=20, blank=True)
    answer_count = models.PositiveSmallIntegerField(_("answers"), default=0)
    photo_count = models.PositiveSmallIntegerField(_("photos"), default=0)
    found_count = models.PositiveSmallIntegerField(_("found"), default=0)

    scope = ScopeSpec(place="", enterprise="enterprise_id")
    objects = ScopedQuerySet["SelfInspection"].as_manager()

    class Meta:
        verbose_name = _("self-inspection")
        verbose_name_plural = _("self-inspections")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "checklist", "period"], name="inspections_self_once_a_period"
            ),
            models.UniqueConstraint(
                fields=["receipt"], condition=~Q(receipt=""), name="inspections_receipt_once"
            ),
            models.CheckConstraint(
                condition=Q(state="filed", filed_at__isnull=False) | (~Q(state="filed") & Q(filed_at=None)),
                name="inspections_filed_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "-due_at", "-id"], name="inspections_self_of"),
            models.Index(fields=["district", "-due_at", "-id"], name="inspections_self_in"),
            models.Index(fields=["-due_at", "-id"], name="inspections_self_by_due"),
        ]

    @property
    def due_day(self) -> dt.date:
        """The last local day on which filing is in time."""
        return clock.last_day(self.due_at)


class Answer(models.Model):
    """The answer to one item of a self-inspection."""

    inspection = models.ForeignKey(SelfInspection, models.CASCADE, related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+")
    result = models.CharField(max_length=6, choices=Result)
    note = models.CharField(_("what is wrong"), max_length=300, blank=True)
    way = models.CharField(max_length=4, choices=Way, blank=True)
    plan = models.CharField(_("what we will do"), max_length=300, blank=True)
    plan_due_on = models.DateField(_("by"), null=True, blank=True)
    hazard = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="answers")

    # What an enterprise found itself is seen by others only when its hazard is.
    scope = ScopeSpec(
        place="inspection__",
        enterprise="inspection__enterprise_id",
        shared=~Q(result="not_ok") | Q(hazard__is_shared=True),
    )
    objects = ScopedQuerySet["Answer"].as_manager()

    class Meta:
        ordering = ["item__order"]
        constraints = [models.UniqueConstraint(fields=["inspection", "item"], name="inspections_answer_once")]


class Visit(Placed):
    """A patrol or an inspection at a site: who, when, what was looked at, what was found."""

    token = models.UUIDField(default=uuid.uuid4, unique=True)  # of the form: sent twice, recorded once
    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=VisitKind)
    site = models.ForeignKey(Site, models.PROTECT, related_name="visits")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="visits")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+", verbose_name=_("matter"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="visits")
    visited_at = models.DateTimeField(_("visited"))
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    note = models.TextField(_("remarks"), blank=True)
    refused_to_sign = models.BooleanField(_("the site refused to sign"), default=False)
    item_count = models.PositiveSmallIntegerField(_("items"), default=0)
    found_count = models.PositiveSmallIntegerField(_("found"), default=0)

    scope = ScopeSpec(
        place="", matter="matter_id", enterprise="enterprise_id", unit="unit_id", involvement=True
    )
    objects = ScopedQuerySet["Visit"].as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(
                condition=Q(visited_at__lte=models.F("recorded_at")), name="inspections_visit_not_ahead"
            )
        ]
        indexes = [
            models.Index(fields=["-visited_at", "-id"], name="inspections_visit_when"),
            models.Index(fields=["enterprise", "-visited_at", "-id"], name="inspections_visit_of"),
            models.Index(fields=["district", "-visited_at", "-id"], name="inspections_visit_in"),
        ]


class VisitOfficer(models.Model):
    """An officer on a visit, with the certificate shown (Administrative Penalty Law, Art. 42)."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="officers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    certificate = models.CharField(_("certificate"), max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "user"], name="inspections_officer_once")]


class VisitItem(models.Model):
    """One item looked at during a visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="items")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+")
    result = models.CharField(max_length=6, choices=Result)
    note = models.CharField(_("what was found"), max_length=300, blank=True)
    hazard = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="visit_items")

    class Meta:
        ordering = ["item__order"]
        constraints = [models.UniqueConstraint(fields=["visit", "item"], name="inspections_visititem_once")]
