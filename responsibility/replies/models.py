"""What a unit is asked to answer, and the steps of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responsibility.obligations.models import days_over
from responsibility.replies.choices import TONES, ReplyState
from safegrid.accounts.models import Post
from safegrid.grid.models import Unit
from safegrid.kernel import clock

NOTE_LENGTH = 4000  # characters


class Reply(models.Model):
    """A unit owes an answer by a day; whoever asked accepts it or sends it back.

    `post` answers for the unit; `version` grows with every step: a stale act changes nothing. A model that is
    one says who asked (`giver_post`), whether the whole still runs, and under which kinds it is owed.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("post"))
    state = models.CharField(_("state"), max_length=10, choices=ReplyState, default=ReplyState.OPEN)
    version = models.PositiveIntegerField(default=1)
    due_on = models.DateField(_("reply by"))
    original_due_on = models.DateField(_("originally due on"))
    progress = models.TextField(_("progress"), blank=True)  # the latest note
    answer = models.TextField(_("answer"), blank=True)  # the latest one
    answered_at = models.DateTimeField(_("answered"), null=True)

    #: Kinds of the obligations behind it, and the codes of the policies of the second.
    OWED_REPLY = ""
    OWED_ACCEPTANCE = ""

    class Meta:
        abstract = True

    @property
    def giver_post(self) -> Post:
        """The post that the answer is owed to."""
        raise NotImplementedError

    @property
    def is_running(self) -> bool:
        """Whether what it belongs to still runs."""
        return True

    @property
    def may_be_dropped(self) -> bool:
        """Whether it can be withdrawn by itself."""
        return True

    @property
    def title(self) -> str:
        """What it is about, in a few words."""
        raise NotImplementedError

    @property
    def params(self) -> dict[str, Any]:
        """What its obligations keep to be worded and to lead back."""
        raise NotImplementedError

    @property
    def tone(self) -> str:
        """How its state looks."""
        return TONES[ReplyState(self.state)]

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether an answer is awaited and its day is over."""
        return self.state == ReplyState.OPEN and clock.day_end(self.due_on) <= now

    def days_over(self, now: dt.datetime) -> int | None:
        """Local days over, negative while there is time; None when nothing is awaited."""
        return days_over(self.due_on, now) if self.state == ReplyState.OPEN else None


class ReplyStep(models.Model):
    """One thing that was done to an instruction, to a unit's part in it, or to a letter."""

    instruction = models.ForeignKey(
        "responsibility.Instruction", models.CASCADE, null=True, related_name="steps"
    )
    task = models.ForeignKey(
        "responsibility.InstructionTask", models.CASCADE, null=True, related_name="steps"
    )
    letter = models.ForeignKey("responsibility.UnitLetter", models.CASCADE, null=True, related_name="steps")
    action = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    due_on = models.DateField(null=True)  # where a new day was given

    class Meta:
        verbose_name = _("step")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(instruction__isnull=False, letter=None)
                | Q(instruction=None, task=None, letter__isnull=False),
                name="replystep_of_one_thing",
            )
        ]

    def get_to_state_display(self) -> str:
        """The state that it led to, in the reader's words."""
        return str(dict(ReplyState.choices).get(self.to_state, ""))
