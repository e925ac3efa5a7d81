"""The list of instructions: what was asked for, of whom, and is it answered?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from responsibility.instructions.choices import TONES, Owed, Source, State
from responsibility.instructions.filters import InstructionFilters
from responsibility.instructions.models import NO_DAY, Instruction, InstructionQuerySet, InstructionTask
from responsibility.instructions.queries import may_instruct
from responsibility.models import Obligation
from safegrid.accounts.middleware import acting_post
from safegrid.kernel import clock
from safegrid.kernel.addresses import address, addresses
from safegrid.kernel.listing import (
    ChoiceColumn,
    Column,
    DateColumn,
    DueColumn,
    Listing,
    NameColumn,
    PlaceColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.columns import Cells, Values
from safegrid.kernel.listing.declaration import Action
from safegrid.kernel.scope import reach_of


@dataclass(frozen=True, kw_only=True)
class AnsweredColumn(Column):
    """How many of the units have answered: "2 of 3"."""

    whole: str  # the field that says of how many

    @property
    def own_fields(self) -> tuple[str, ...]:
        return (self.field, self.whole)

    def texts(self, rows: Batch) -> Values:
        words = gettext("%(n)s of %(all)s answered")
        pairs = zip(rows[self.field], rows[self.whole], strict=True)
        return [words % {"n": n, "all": whole} for n, whole in pairs]

    def api_types(self) -> dict[str, type]:
        return {self.key: int, self.whole: int}

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        return {self.key: rows[self.field], self.whole: rows[self.whole]}


@dataclass(frozen=True, kw_only=True)
class WhereColumn(PlaceColumn):
    """What place it is about; that it is about none is nothing to be mended."""

    def cells(self, rows: Batch, now: dt.datetime) -> Cells:
        return super().cells(rows, now)._replace(tones=())


def days_over(rows: Batch, now: dt.datetime) -> list[int | None]:
    """Return the days over of the answer that is awaited first; None where none is."""
    today = clock.local_date(now)
    return [None if day == NO_DAY else (today - day).days for day in rows["awaited_on"]]


def are_late(rows: Batch, now: dt.datetime) -> list[bool]:
    """Return which are late, as `overdue` does."""
    today = clock.local_date(now)
    return [day < today for day in rows["awaited_on"]]


def mine(rows: InstructionQuerySet, user: Any, now: dt.datetime) -> InstructionQuerySet:
    """Return the instructions in which the next move is one of the person's posts'."""
    owed = Obligation.objects.open().filter(debtor_post__in=reach_of(user).post_ids)
    whole = owed.filter(kind=Owed.SUMMARY, subject_type=ContentType.objects.get_for_model(Instruction))
    part = owed.filter(
        kind__in=(Owed.REPLY, Owed.ACCEPT), subject_type=ContentType.objects.get_for_model(InstructionTask)
    )
    tasks = InstructionTask.objects.filter(pk__in=part.values("subject_id"))
    return rows.filter(Q(pk__in=whole.values("subject_id")) | Q(pk__in=tasks.values("instruction")))


def _actions(request: HttpRequest) -> Sequence[Action]:
    if not may_instruct(acting_post(request)):
        return ()
    return (Action(_("Give an instruction"), address("responsibility:instruction_new")),)


instructions = listings.plug(
    "instructions",
    Listing(
        name="instructions",
        model=Instruction,
        title=_("Instructions"),
        view="responsibility:instructions",
        filterset=InstructionFilters,
        search=_("Number, what, unit or document"),
        empty=_("What leaders and the safety committee office ask of units stands here."),
        actions=_actions,
        columns=(
            Column(
                key="number",
                label=_("Number"),
                field="number",
                main=True,
                urls=lambda rows: addresses("responsibility:instruction", rows["id"]),
                second=DateColumn(
                    key="given", label=pgettext_lazy("instruction", "Given"), field="given_at", sort="given"
                ),
            ),
            Column(
                key="title",
                label=_("What it is about"),
                field="title",
                second=NameColumn(key="matter", label=_("Matter"), field="matter__name"),
            ),
            NameColumn(
                key="giver",
                label=_("Given by"),
                field="giver_post__title",
                second=ChoiceColumn(
                    key="source", label=_("Where it comes from"), field="source", choices=Source, look=""
                ),
            ),
            NameColumn(
                key="lead",
                label=_("Leading unit"),
                field="lead_unit__name",
                second=AnsweredColumn(
                    key="answered",
                    label=pgettext_lazy("units", "Answered"),
                    field="answered",
                    whole="asked",
                ),
            ),
            WhereColumn(key="place", label=_("Place"), nowhere=_("no single place")),
            ChoiceColumn(key="state", label=_("State"), field="state", choices=State, tones=TONES),
            DueColumn(
                key="due",
                label=_("Reply by"),
                field="awaited_on",
                sort="due",
                overs=days_over,
                lates=are_late,
            ),
        ),
        sorts=(
            Sort("given", "given_at", _("Given longest ago first"), _("Latest given first"), descending=True),
            Sort("due", "awaited_on", _("Due soonest first"), _("Due latest first")),
        ),
        tabs=(
            Tab("open", pgettext_lazy("instructions", "Open"), lambda rows, user, now: rows.open()),
            Tab("overdue", _("Overdue"), lambda rows, user, now: rows.overdue(now)),
            Tab("accept", pgettext_lazy("answers", "To accept"), lambda rows, user, now: rows.to_accept()),
            Tab("mine", _("Mine"), mine),
            Tab(
                "closed",
                pgettext_lazy("instruction", "Closed"),
                lambda rows, user, now: rows.filter(state=State.CLOSED),
            ),
            Tab("all", _("All")),
        ),
    ),
)
