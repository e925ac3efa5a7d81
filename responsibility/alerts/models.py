"""Alerts and their deliveries. An alert is exactly once, a delivery at least once."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.obligations.models import Obligation
from safegrid.accounts.models import Post, User
from safegrid.kernel.names import Named
from safegrid.kernel.scope import reach_of


class Recipient(models.TextChoices):
    """Who is told on a rung, seen from the obligation."""

    DEBTOR = "debtor", _("Who owes it")
    CREDITOR = "creditor", _("Who ordered it")
    UNIT_HEAD = "unit_head", _("Head of the supervising unit")
    OFFICE = "office", _("Safety committee office")


class LadderRung(Named):
    """One rung: how many days before or after the deadline, and who is told."""

    number = models.PositiveSmallIntegerField(_("rung"), unique=True)  # from 1 upward
    days = models.SmallIntegerField(_("days over"), unique=True)  # −3: three days before; 1: when it is over
    recipients = ArrayField(models.CharField(max_length=10, choices=Recipient), verbose_name=_("who is told"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("rung of the ladder")
        verbose_name_plural = _("rungs of the ladder")
        ordering = ["number"]


#: What is done meanwhile needs no reading.
UNREAD = Q(read_at=None, obligation__closed_at=None)


class AlertQuerySet(models.QuerySet["Alert"]):
    """An alert belongs to the post that was told: whoever holds it now reads it, nobody else."""

    def visible_to(self, user: Any) -> AlertQuerySet:
        """Return the alerts of the posts that `user` holds or stands in for now."""
        return self.filter(post__in=reach_of(user).post_ids)

    def unread(self) -> AlertQuerySet:
        """Return those that nobody has read, about what is still owed."""
        return self.filter(UNREAD)


class Alert(models.Model):
    """A post was told that an obligation reached a rung for a deadline. Never twice."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="alerts")
    due_on = models.DateField()  # an extension makes a new ladder
    rung = models.PositiveSmallIntegerField(_("rung"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="alerts")
    holder = models.ForeignKey(User, models.PROTECT, null=True, related_name="alerts")  # of that moment
    raised_at = models.DateTimeField(_("raised"))
    days_over = models.SmallIntegerField()  # at that moment
    read_at = models.DateTimeField(_("read"), null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["obligation", "due_on", "rung", "post"], name="alert_once")
        ]
        indexes = [
            models.Index(fields=["post", "-raised_at", "-id"], name="alert_by_post"),
        ]


class Channel(models.TextChoices):
    """Ways by which an alert leaves the portal; the bell is the alert itself."""

    MAIL = "mail", _("Mail")


class DeliveryState(models.TextChoices):
    """What has become of a delivery."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class Delivery(models.Model):
    """One alert by one channel: claimed by compare-and-swap with a lease, sent, recorded."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(_("state"), max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)  # None: nothing more to do
    sent_at = models.DateTimeField(pgettext_lazy("when", "sent"), null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        constraints = [models.UniqueConstraint(fields=["alert", "channel"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], condition=Q(next_try_at__isnull=False), name="delivery_to_try"
            )
        ]


class Tick(models.Model):
    """When a periodic piece of work last ran to its end: a beat that stopped is seen."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
