"""A letter to a unit about what it owes and is late with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.instructions.models import reached
from responsibility.letters.choices import Owed, Rung
from responsibility.obligations.models import Obligation
from responsibility.replies.models import Reply
from safegrid.accounts.models import Post
from safegrid.kernel.scope import Reach, reach_of


class UnitLetterQuerySet(models.QuerySet["UnitLetter"]):
    """Who sent it, the unit that it went to, and who reads the whole city: nobody else."""

    def visible_to(self, user: Any) -> UnitLetterQuerySet:
        """Return the letters that `user` may read."""
        return self.reached_by(reach_of(user))

    def editable_by(self, user: Any, post: Any = None) -> UnitLetterQuerySet:
        """Return the letters on which `user` may act, as `post` when one is given."""
        return self.reached_by(reach_of(user).of(acting=True, post_id=post.pk if post is not None else None))

    def reached_by(self, reach: Reach) -> UnitLetterQuerySet:
        """Return the letters that `reach` reaches."""
        return self.filter(reached(reach, giver="sender_post", replies=None))


class UnitLetter(Reply):
    """One rung of the ladder towards a unit: a numbered letter that asks for a reply by a day.

    Its paper is a `Document` about it; the latest one holds.
    """

    token = models.UUIDField(unique=True)  # of the form: sent twice, it is one letter
    rung = models.CharField(_("kind"), max_length=10, choices=Rung)
    number = models.CharField(_("number"), max_length=80, unique=True)  # of the first paper
    text = models.TextField(_("text"))
    talk_at = models.DateTimeField(_("when the talk is"), null=True)
    talk_place = models.CharField(_("where the talk is"), max_length=120, blank=True)
    skip_reason = models.CharField(_("why rungs are skipped"), max_length=300, blank=True)
    sender_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(pgettext_lazy("when", "sent"))

    OWED_REPLY = Owed.REPLY
    OWED_ACCEPTANCE = Owed.ACCEPT

    objects = UnitLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter to a unit")
        verbose_name_plural = _("letters to units")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"]) | Q(answered_at__isnull=False),
                name="unitletter_answered_at_a_moment",
            )
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="unitletter_of_unit"),
            models.Index(fields=["sender_post"], name="unitletter_of_sender"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def giver_post(self) -> Post:
        return self.sender_post

    @property
    def title(self) -> str:
        return self.number

    @property
    def params(self) -> dict[str, Any]:
        return {"pk": self.pk, "number": self.number}

    def step_columns(self) -> dict[str, Any]:
        """What a step of it is written under."""
        return {"letter": self}


class LetterItem(models.Model):
    """Something that the unit was late with when the letter was sent; `over` days then."""

    letter = models.ForeignKey(UnitLetter, models.CASCADE, related_name="items")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="+")
    due_on = models.DateField()
    over = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "obligation"], name="letteritem_once")]
