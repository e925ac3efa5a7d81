"""The list of statements: which are to be signed, which are in force?"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.obligations.models import Obligation
from responsibility.statements.bodies import SPEAKERS
from responsibility.statements.choices import UNSIGNED, StatementLevel, StatementState
from responsibility.statements.filters import StatementFilters
from responsibility.statements.models import Statement
from responsibility.statements.reviewing import TAB, to_review
from responsibility.statements.signing import PROMISE, RECEIVE
from safegrid.kernel.addresses import addresses
from safegrid.kernel.listing import (
    Action,
    ChoiceColumn,
    Column,
    DateColumn,
    Listing,
    NameColumn,
    NumberColumn,
    PlaceColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.scope import reach_of


def to_sign(rows: Any, user: Any, now: Any) -> Any:
    """Return the statements that one of the person's posts, or their enterprise, owes a signature."""
    reach = reach_of(user)
    owed = Obligation.objects.open().filter(
        Q(debtor_post__in=reach.post_ids) | Q(debtor_enterprise__in=reach.enterprise_ids),
        kind__in=(PROMISE, RECEIVE),
        subject_type=ContentType.objects.get_for_model(Statement),
    )
    return rows.filter(pk__in=owed.values("subject_id"))


def actions(request: HttpRequest) -> list[Action]:
    """Return what a reader may do from the list: issue and write, see the ranking."""
    found = []
    post = request.acting_post or None  # type: ignore[attr-defined]
    if post and post.kind in SPEAKERS:
        found.append(Action(_("Issue statements"), reverse("responsibility:statements_issue")))
        found.append(Action(_("Sign several"), reverse("responsibility:statements_sign"), "check"))
        found.append(Action(_("Templates"), reverse("responsibility:statement_templates"), "clipboard-list"))
    if reach_of(request.user).is_official:
        found.append(Action(_("Ranking of units"), reverse("responsibility:ranking"), "chart-bar"))
    return found


statements = listings.plug(
    "statements",
    Listing(
        name="statements",
        model=Statement,
        title=_("Responsibility statements"),
        view="responsibility:statements",
        filterset=StatementFilters,
        actions=actions,
        empty=_("When statements are issued, they stand here."),
        columns=(
            NameColumn(
                key="body",
                label=_("Who promises"),
                field="body",
                sort="body",
                main=True,
                urls=lambda rows: addresses("responsibility:statement", rows["id"]),
                second=Column(key="title", label=_("Title"), field="title"),
            ),
            NumberColumn(key="year", label=_("Year"), field="year"),
            NameColumn(key="receiver", label=_("Who receives it"), field="receiver__name"),
            ChoiceColumn(key="level", label=_("Level"), field="level", choices=StatementLevel, look=""),
            PlaceColumn(key="place", label=_("Place"), nowhere=_("the whole city")),
            ChoiceColumn(
                key="state",
                label=_("State"),
                field="state",
                choices=StatementState,
                tones={
                    StatementState.ISSUED: "warn",
                    StatementState.HALF: "info",
                    StatementState.IN_FORCE: "good",
                },
            ),
            DateColumn(key="issued", label=_("Issued"), field="issued_at", sort="issued"),
        ),
        sorts=(
            Sort("issued", "issued_at", _("Oldest first"), _("Latest first"), descending=True),
            Sort("body", "body", _("Names from A"), _("Names from Z")),
        ),
        tabs=(
            Tab("to_sign", _("To sign"), to_sign),
            Tab(TAB, _("To review"), to_review),
            Tab(
                "in_force",
                StatementState.IN_FORCE.label,
                lambda rows, user, now: rows.filter(state=StatementState.IN_FORCE),
            ),
            Tab("not_signed", _("Not signed"), lambda rows, user, now: rows.filter(state__in=UNSIGNED)),
            Tab("all", _("All")),
        ),
    ),
)
