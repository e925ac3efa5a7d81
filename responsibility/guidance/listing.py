"""The list of notices: what is still to be confirmed, and by how many units."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.guidance.choices import NoticeState
from responsibility.guidance.filters import NoticeFilters
from responsibility.guidance.models import Notice, Receipt
from responsibility.guidance.services import may_send
from responsibility.obligations.models import days_over
from responsibility.units.columns import StandsColumn
from safegrid.accounts.choices import PostKind
from safegrid.accounts.middleware import acting_post
from safegrid.kernel import clock
from safegrid.kernel.addresses import addresses
from safegrid.kernel.listing import (
    Action,
    ChoiceColumn,
    Column,
    DateColumn,
    DueColumn,
    Listing,
    NameColumn,
    NumberColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.scope import reach_of

TONES = {NoticeState.RUNNING: "info", NoticeState.COMPLETE: "good", NoticeState.CLOSED: "neutral"}


def _actions(request: HttpRequest) -> list[Action]:
    if not may_send(acting_post(request)):
        return []
    return [Action(_("Send a notice"), reverse("responsibility:guidance_new"))]


def _overs(rows: Batch, now: dt.datetime) -> list[int | None]:
    return [
        days_over(clock.last_day(due_at), now) if state == NoticeState.RUNNING else None
        for state, due_at in zip(rows["state"], rows["due_at"], strict=True)
    ]


def _to_confirm(rows: Any, user: Any, now: dt.datetime) -> Any:
    """Return the notices that one of the reader's posts has still to confirm; agrees with `may_confirm`."""
    posts = reach_of(user).post_ids
    is_mine = Q(post__in=posts) | Q(unit__posts__in=posts, unit__posts__kind=PostKind.HEAD)
    mine = Receipt.objects.filter(is_mine, notice=OuterRef("pk"), confirmed_at=None)
    return rows.filter(Exists(mine), state=NoticeState.RUNNING)


notices = listings.plug(
    "notices",
    Listing(
        name="notices",
        model=Notice,
        title=_("Guidance of units"),
        view="responsibility:guidance",
        filterset=NoticeFilters,
        actions=_actions,
        empty=_("A notice to units stands here until each of them has confirmed it."),
        columns=(
            Column(
                key="title",
                label=_("Title"),
                field="title",
                main=True,
                urls=lambda rows: addresses("responsibility:guidance_notice", rows["id"]),
                second=Column(key="number", label=_("Document number"), field="number"),
            ),
            NameColumn(key="unit", label=pgettext_lazy("notice", "From"), field="unit__name"),
            StandsColumn(key="place", label=_("Place"), nowhere=_("whole city")),
            ChoiceColumn(key="state", label=_("State"), field="state", choices=NoticeState, tones=TONES),
            NumberColumn(key="confirmed", label=pgettext_lazy("notice", "Confirmed"), field="confirmed"),
            NumberColumn(key="asked", label=_("Units"), field="asked"),
            DateColumn(key="sent", label=_("Sent"), field="sent_at", sort="sent"),
            DueColumn(
                key="due",
                label=_("To be confirmed by"),
                field="due_at",
                sort="due",
                overs=_overs,
                over_fields=("state",),
            ),
        ),
        sorts=(
            Sort("sent", "sent_at", _("Longest ago first"), _("Latest first"), descending=True),
            Sort("due", "due_at", _("Due soonest first"), _("Due latest first"), descending=True),
        ),
        tabs=(
            Tab("confirm", pgettext_lazy("notice", "To confirm"), _to_confirm),
            Tab(
                "running",
                pgettext_lazy("notice", "Running"),
                lambda rows, user, now: rows.filter(state=NoticeState.RUNNING),
            ),
            Tab(
                "closed",
                pgettext_lazy("notice", "Closed"),
                lambda rows, user, now: rows.exclude(state=NoticeState.RUNNING),
            ),
            Tab("all", _("All")),
        ),
    ),
)
