"""Notices of the safety committee's office to units, and the receipt that each of them owes."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responsibility.guidance.choices import NoticeState
from responsibility.units.heirs import bodies_of_posts
from safegrid.accounts.models import Post
from safegrid.grid.models import Unit
from safegrid.kernel.scope import Placed, Reach, ScopedQuerySet, ScopeSpec


class NoticeQuerySet(ScopedQuerySet["Notice"]):
    """Notices are reached by place, by who owes a receipt, and by the posts of the units that they are to."""

    def _predicates(self, reach: Reach) -> list[Q]:
        found = super()._predicates(reach)
        if reach.post_ids and not reach.is_citywide:
            to = Receipt.objects.filter(unit__in=bodies_of_posts(reach.post_ids))
            found.append(Q(pk__in=to.values("notice")))
        return found


class Notice(Placed):
    """A notice to units: read by a day, confirmed by each. It stands where the unit stands that sent it.

    The posts of the units that it is to read it, whoever comes to hold them; who owes a receipt in the place
    of a unit's head does by involvement.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True)  # of the form: sent twice, there once
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    number = models.CharField(_("document number"), max_length=60, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="notices")
    post = models.ForeignKey(Post, models.PROTECT, related_name="notices")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent on"))
    due_at = models.DateTimeField(_("to be confirmed by"))
    state = models.CharField(_("state"), max_length=10, choices=NoticeState, default=NoticeState.RUNNING)
    asked = models.PositiveIntegerField(_("units"), default=0)
    confirmed = models.PositiveIntegerField(_("confirmed"), default=0)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # of closing it before all confirmed

    scope = ScopeSpec(place="", unit="unit_id", posts=("post_id",), involvement=True)
    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to units")
        verbose_name_plural = _("notices to units")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", closed_at=None)
                | (~Q(state="running") & Q(closed_at__isnull=False)),
                name="guidance_closed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(reason=""), name="guidance_closed_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["sent_at", "id"], name="guidance_by_day"),
            models.Index(fields=["due_at", "id"], name="guidance_by_due"),
        ]

    def __str__(self) -> str:
        return self.title


class Receipt(models.Model):
    """A unit owes a receipt: by the post of its head, or by the office where nobody holds that."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="receipts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="receipts")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")  # who owes it
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("receipt of a notice")
        verbose_name_plural = _("receipts of notices")
        constraints = [
            models.UniqueConstraint(fields=["notice", "unit"], name="guidance_receipt_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None) | Q(confirmed_at__isnull=False),
                name="guidance_confirmed_at_a_moment",
            ),
        ]
