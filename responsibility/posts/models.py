"""A handover: what went from one holder of a post to the next, as both sides see it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from safegrid.accounts.models import Post


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Who gave, who received, who arranged it, and whoever holds the post now."""

    def visible_to(self, user: Any) -> HandoverQuerySet:
        """Return the handovers that `user` may read."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(giver=user) | Q(receiver=user) | Q(made_by=user)
        return self.filter(own | Q(post__in=user.reach.post_ids))

    def standing(self) -> HandoverQuerySet:
        """Return those that were not called off."""
        return self.filter(called_off_at=None)


class Handover(models.Model):
    """A post went from a holder, or from nobody, to another one, or to nobody, on a local day.

    What belongs to the post goes with it by itself. Kept here is what that was on the day it was arranged.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="handovers")
    on = models.DateField(_("on"))  # the first day of the new holder
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    obligations = ArrayField(models.BigIntegerField(), default=list)  # open then
    assignments = ArrayField(models.BigIntegerField(), default=list)  # in force on the day
    unread = models.PositiveIntegerField(default=0)  # alerts
    #: What it ended, to stand again when it is called off: until when the giver was to hold the post, and who
    #: was to stand in from when until when.
    ended = models.JSONField(default=dict)
    called_off_at = models.DateTimeField(null=True)
    called_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "on"], condition=Q(called_off_at=None), name="handover_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(giver__isnull=False) | Q(receiver__isnull=False), name="handover_of_somebody"
            ),
        ]
