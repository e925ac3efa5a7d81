"""The list of transfers: what waits for an answer, and whose?"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.transfers.choices import TransferState
from responsibility.transfers.filters import TransferFilters
from responsibility.transfers.lifecycle import speaks
from responsibility.transfers.models import Transfer
from responsibility.transfers.subjects import transferables
from safegrid.kernel import clock
from safegrid.kernel.addresses import addresses
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

TONES = {
    TransferState.PROPOSED: "warn",
    TransferState.ACCEPTED: "good",
    TransferState.WITHDRAWN: "neutral",
    TransferState.LAPSED: "neutral",
}


def spoken_for(user: Any) -> set[int | None]:
    """Return the bodies that a person speaks for."""
    return {post.unit_id for post in user.standing.posts if speaks(post)}


class KindChoices:
    """What can be transferred as a closed list; that of upper floors is in it too."""

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """Codes and words."""
        return [(code, plug.name) for code, plug in transferables.items()]


def days_over(rows: Batch, now: dt.datetime) -> list[int | None]:
    """Return the days over of the transfers that are open."""
    today = clock.local_date(now)
    return [
        (today - due_on).days if state == TransferState.PROPOSED else None
        for state, due_on in zip(rows["state"], rows["due_on"], strict=True)
    ]


def are_late(rows: Batch, now: dt.datetime) -> list[bool]:
    """Return which of the transfers are late."""
    return [over is not None and over > 0 for over in days_over(rows, now)]


transfers = listings.plug(
    "transfers",
    Listing(
        name="transfers",
        model=Transfer,
        title=_("Transfers"),
        view="responsibility:transfers",
        filterset=TransferFilters,
        empty=_("When a body gives something to another one, it stands here until it is accepted."),
        columns=(
            Column(
                key="name",
                label=_("What is transferred"),
                field="name",
                main=True,
                urls=lambda rows: addresses("responsibility:transfer", rows["id"]),
                second=ChoiceColumn(
                    key="kind", label=_("Kind"), field="kind", choices=KindChoices(), look=""
                ),
            ),
            NameColumn(key="matter", label=_("Matter"), field="matter__name"),
            NameColumn(key="sender", label=pgettext_lazy("transfer", "From"), field="sender_unit__name"),
            NameColumn(key="receiver", label=pgettext_lazy("transfer", "To"), field="receiver_unit__name"),
            PlaceColumn(key="place", label=_("Place"), nowhere="–"),
            ChoiceColumn(key="state", label=_("State"), field="state", choices=TransferState, tones=TONES),
            DateColumn(key="opened", label=_("Opened"), field="opened_at", sort="opened"),
            DueColumn(
                key="due",
                label=_("Due"),
                field="due_on",
                sort="due",
                overs=days_over,
                lates=are_late,
                over_fields=("state",),
            ),
        ),
        sorts=(
            Sort("opened", "opened_at", _("Longest ago first"), _("Latest first"), descending=True),
            Sort("due", "due_on", _("Due soonest first"), _("Due latest first")),
        ),
        tabs=(
            Tab(
                "accept",
                pgettext_lazy("transfers", "To accept"),
                lambda rows, user, now: rows.open().filter(receiver_unit__in=spoken_for(user)),
            ),
            Tab(
                "sent",
                pgettext_lazy("transfers", "Sent"),
                lambda rows, user, now: rows.filter(sender_unit__in=spoken_for(user)),
            ),
            Tab("open", pgettext_lazy("transfers", "Open"), lambda rows, user, now: rows.open()),
            Tab(
                "closed",
                pgettext_lazy("transfers", "Closed"),
                lambda rows, user, now: rows.exclude(state=TransferState.PROPOSED),
            ),
            Tab("all", _("All")),
        ),
    ),
)
