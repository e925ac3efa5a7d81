"""An instruction, and the part that each unit has in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.instructions.choices import Owed, Role, Source, State
from responsibility.replies.choices import ReplyState
from responsibility.replies.models import Reply
from responsibility.units.heirs import in_line
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.grid.models import Matter, Site, Unit
from safegrid.kernel import clock
from safegrid.kernel.findable import Findable
from safegrid.kernel.names import choose
from safegrid.kernel.scope import EVERYTHING, Placed, Reach, reach_of

#: Stands for "nobody has to answer now", so that a sort by day has no empty value.
NO_DAY = dt.date(9999, 12, 31)
TITLE_LENGTH = 160  # characters


class InstructionQuerySet(models.QuerySet["Instruction"]):
    """Who gave it, the units that lead and assist, and who reads such a unit or the whole city: nobody else.

    A place is no way in: an instruction is between its giver and its units, whatever place it is about. No
    post of an enterprise ever reaches one, nor does one that only administers accounts.
    """

    def visible_to(self, user: Any) -> InstructionQuerySet:
        """Return the instructions that `user` may read."""
        return self.reached_by(reach_of(user))

    def branches_for(self, user: Any) -> list[InstructionQuerySet]:
        """Return the one way to the instructions that `user` may read."""
        return [self.visible_to(user)]

    def reached_by(self, reach: Reach) -> InstructionQuerySet:
        """Return the instructions that `reach` reaches."""
        return self.filter(reached(reach, giver="giver_post", replies=InstructionTask.objects.all()))

    def open(self) -> InstructionQuerySet:
        """Return those under way."""
        return self.filter(state=State.OPEN)

    def overdue(self, now: dt.datetime) -> InstructionQuerySet:
        """Return those in which a unit's answer is late."""
        return self.open().filter(awaited_on__lt=clock.local_date(now))

    def to_accept(self) -> InstructionQuerySet:
        """Return those in which an answer waits for whoever asked."""
        return self.open().filter(to_accept__gt=0)


def reached(reach: Reach, *, giver: str, replies: Any) -> Q:
    """Return the predicate of what a reach sees of instructions or letters.

    `giver` names the column of the post that asked; `replies` are the units' parts, or None where the row is
    one itself. What a body was asked, whoever followed it sees.
    """
    if reach.is_citywide:
        return EVERYTHING
    posts = sorted(reach.post_ids)
    asked = Q(post__in=posts)
    if posts:
        own = Post.objects.filter(pk__in=posts, unit__isnull=False).exclude(kind=PostKind.ADMIN)
        asked |= Q(unit__in=in_line(own.values("unit")))
    if scoped := sorted({branch.unit_id for branch in reach.branches if branch.unit_id}):
        asked |= Q(unit__in=in_line(Unit.objects.filter(pk__in=scoped).values("pk")))
    if replies is not None:
        asked = Q(pk__in=replies.filter(asked).values("instruction"))
    return Q(**{f"{giver}__in": posts}) | asked


class Instruction(Findable, Placed):
    """A leader's note on a row, or a superior's document, split to units (交办、批示).

    What it is about is kept in words (`about_name`), because the units may not reach the row itself; the row
    is linked for those who do. `asked`, `answered`, `to_accept` and `awaited_on` sum up its units' parts.
    """

    number = models.CharField(_("number"), max_length=80, unique=True)  # 宁安办交办〔2026〕3号
    token = models.UUIDField(unique=True)  # of the form: sent twice, it is one instruction
    source = models.CharField(_("source"), max_length=10, choices=Source)
    source_title = models.CharField(_("title of the document"), max_length=200, blank=True)
    source_number = models.CharField(_("number of the document"), max_length=80, blank=True)
    title = models.CharField(_("what"), max_length=TITLE_LENGTH)
    text = models.TextField(_("what is asked for"))
    giver_post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("given by"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(pgettext_lazy("when", "given"))
    lead_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("leading unit"))
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    subject_id = models.BigIntegerField(null=True)
    about_name = models.CharField(max_length=200, blank=True)
    about_name_en = models.CharField(max_length=200, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+", verbose_name=_("matter"))

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    asked = models.PositiveSmallIntegerField(default=0)  # units that are to answer
    answered = models.PositiveSmallIntegerField(default=0)  # of them, those that have
    to_accept = models.PositiveSmallIntegerField(default=0)  # answers that wait for the giver
    awaited_on = models.DateField(_("reply by"), default=NO_DAY)  # the first day by which one is awaited
    summary = models.TextField(_("summary"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="instruction_ends_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(summary=""), name="instruction_closed_with_a_summary"
            ),
            models.CheckConstraint(
                condition=~Q(source="document") | ~Q(source_title=""), name="instruction_document_has_a_title"
            ),
            models.CheckConstraint(
                condition=Q(subject_type=None, subject_id=None)
                | Q(subject_type__isnull=False, subject_id__isnull=False),
                name="instruction_about_a_row_or_none",
            ),
        ]
        indexes = [
            models.Index(fields=["given_at", "id"], name="instruction_by_day"),
            models.Index(fields=["awaited_on", "id"], name="instruction_by_deadline"),
            models.Index(fields=["subject_type", "subject_id"], name="instruction_about"),
            models.Index(fields=["giver_post"], name="instruction_of_giver"),
            GinIndex(fields=["search"], name="instruction_search"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def about_label(self) -> str:
        """What it is about, in the reader's language; empty where it is about no row."""
        return choose(self.about_name, self.about_name_en)

    @property
    def is_open(self) -> bool:
        """Whether it is under way."""
        return self.state == State.OPEN


class InstructionTaskQuerySet(models.QuerySet["InstructionTask"]):
    """Parts of instructions: seen with them."""

    def visible_to(self, user: Any) -> InstructionTaskQuerySet:
        """Return the parts of what `user` may read."""
        return self.filter(instruction__in=Instruction.objects.visible_to(user).values("pk"))


class InstructionTask(Reply):
    """What one unit is asked to answer."""

    instruction = models.ForeignKey(Instruction, models.CASCADE, related_name="tasks")
    role = models.CharField(_("role"), max_length=6, choices=Role)

    OWED_REPLY = Owed.REPLY
    OWED_ACCEPTANCE = Owed.ACCEPT

    objects = InstructionTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("part in an instruction")
        verbose_name_plural = _("parts in instructions")
        ordering = ["-role", "pk"]  # who leads first
        constraints = [
            models.UniqueConstraint(fields=["instruction", "unit"], name="instructiontask_unit_once"),
            models.UniqueConstraint(
                fields=["instruction"], condition=Q(role="lead"), name="instructiontask_one_lead"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"]) | Q(answered_at__isnull=False),
                name="instructiontask_answered_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["unit"], name="instructiontask_of_unit"),
            models.Index(fields=["post"], name="instructiontask_of_post"),
        ]

    @property
    def giver_post(self) -> Post:
        return self.instruction.giver_post

    @property
    def is_running(self) -> bool:
        return self.instruction.is_open

    @property
    def may_be_dropped(self) -> bool:
        # Without who leads nobody could sum it up: that part goes with the whole.
        return self.role != Role.LEAD

    @property
    def title(self) -> str:
        return self.instruction.title

    @property
    def params(self) -> dict[str, Any]:
        return {"pk": self.instruction_id, "task": self.pk, "title": self.instruction.title}

    def step_columns(self) -> dict[str, Any]:
        """What a step of it is written under."""
        return {"instruction": self.instruction, "task": self}

    @property
    def has_answered(self) -> bool:
        """Whether its answer is there."""
        return self.state in (ReplyState.ANSWERED, ReplyState.ACCEPTED)
