"""A transfer from one body to another, and its legs: each receiver that was asked, and what they said."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.choices import Line, Tier
from responsibility.transfers.choices import Answer, TransferState
from safegrid.accounts.models import Post
from safegrid.grid.models import Matter, Site, Unit
from safegrid.kernel.names import choose
from safegrid.kernel.scope import Placed, ScopedQuerySet, ScopeSpec


class TransferQuerySet(ScopedQuerySet["Transfer"]):
    """Transfers by what became of them."""

    def open(self) -> TransferQuerySet:
        """Return those that nobody has accepted yet."""
        return self.filter(state=TransferState.PROPOSED)


class Transfer(Placed):
    """A body gives something that it answers for to another one. It is open until somebody accepts.

    `kind` is a code of `responsibility.transfers.subjects`. The receiver and the day by which they answer are
    those of the last leg.
    """

    kind = models.CharField(_("kind"), max_length=20)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    name = models.CharField(max_length=200)  # of the subject, then
    name_en = models.CharField(max_length=240, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+", verbose_name=_("matter"))
    line = models.CharField(_("line"), max_length=14, choices=Line, blank=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(_("state"), max_length=10, choices=TransferState, default=TransferState.PROPOSED)
    sender_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    sender_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    receiver_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    receiver_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened"))
    due_on = models.DateField(_("due on"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    scope = ScopeSpec(
        place="", matter="matter_id", posts=("sender_post_id", "receiver_post_id"), involvement=True
    )
    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "matter", "line", "tier"],
                condition=Q(state="proposed"),
                nulls_distinct=False,
                name="transfer_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(sender_unit=F("receiver_unit")), name="transfer_not_to_oneself"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", closed_at=None)
                | (~Q(state="proposed") & Q(closed_at__isnull=False)),
                name="transfer_closed_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at", "id"], name="transfer_by_day"),
            models.Index(fields=["due_on", "id"], name="transfer_by_due_day"),
            models.Index(fields=["subject_type", "subject_id"], name="transfer_of"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What is transferred, in the reader's language."""
        return choose(self.name, self.name_en)


class Leg(models.Model):
    """One receiver that was asked, by whom, and what they said. Only the last one waits for an answer."""

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="legs")
    number = models.PositiveSmallIntegerField()  # 1, 2, …
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    is_decided = models.BooleanField(default=False)  # the committee's office said so: it is not passed on
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")  # the office's post
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("leg of a transfer")
        verbose_name_plural = _("legs of a transfer")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "number"], name="transferleg_once"),
            models.UniqueConstraint(
                fields=["transfer"], condition=Q(answer=""), name="transferleg_one_waits"
            ),
            models.UniqueConstraint(
                fields=["transfer", "unit"],
                condition=Q(is_decided=False),
                name="transferleg_asks_nobody_twice",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="transferleg_answered_at_a_moment",
            ),
            models.CheckConstraint(condition=~Q(unit=F("from_unit")), name="transferleg_not_to_oneself"),
        ]
