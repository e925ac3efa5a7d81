"""The list of hazards: which ones?"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.choices import Grade, State
from hazards.counts import views_summed
from hazards.filters import HazardFilters
from hazards.models import Hazard, HazardQuerySet
from responsibility.models import Obligation
from safegrid.kernel.listing import (
    ChoiceColumn,
    Column,
    DateColumn,
    DueColumn,
    Listing,
    MapSpec,
    NameColumn,
    PlaceColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.listing.columns import Row
from safegrid.kernel.scope import reach_of

TONES = {
    State.REPORTED: "info",
    State.GRADED: "info",
    State.RECTIFYING: "warn",
    State.TO_CONFIRM: "info",
    State.TO_ACCEPT: "info",
    State.CLOSED: "good",
}

#: Rectified, and waiting for somebody other than the fixer.
TO_LOOK_AT = (State.TO_CONFIRM, State.TO_ACCEPT)


def days_over(row: Row, now: dt.datetime) -> int | None:
    """Return the days over of a hazard whose rectification is awaited, by the model's own definition."""
    if row["state"] != State.RECTIFYING:
        return None
    return Hazard(due_at=row["due_at"], due_on=row["due_on"]).days_over(now)


def is_late(row: Row, now: dt.datetime) -> bool:
    """Return whether the rectification of a row is late, by the model's own definition."""
    return Hazard(state=row["state"], due_at=row["due_at"]).is_overdue(now)


def about_hazards() -> Any:
    """Return the open obligations whose subject is a hazard."""
    return Obligation.objects.open().filter(subject_type=ContentType.objects.get_for_model(Hazard))


def mine(rows: HazardQuerySet, user: Any, now: dt.datetime) -> HazardQuerySet:
    """Return the hazards in which the next move is one of the person's posts'."""
    reach = reach_of(user)
    owed = about_hazards().filter(
        Q(debtor_post__in=reach.post_ids) | Q(debtor_enterprise__in=reach.enterprise_ids)
    )
    return rows.filter(pk__in=owed.values("subject_id"))


def add_owners(rows: Sequence[dict[str, Any]], now: dt.datetime) -> None:
    """Add to each row whose move it is: the debtor of its obligation that is due first. One query."""
    owed = (
        about_hazards()
        .filter(subject_id__in=[row["id"] for row in rows])
        .order_by("-due_at", "-pk")  # the first due comes last and stays
        .values(
            "subject_id",
            "debtor_post__title",
            "debtor_post__title_en",
            "debtor_enterprise__name",
            "debtor_enterprise__name_en",
        )
    )
    owners = {
        each["subject_id"]: (
            each["debtor_post__title"] or each["debtor_enterprise__name"],
            each["debtor_post__title_en"] or each["debtor_enterprise__name_en"],
        )
        for each in owed
    }
    for row in rows:
        row["owner"], row["owner_en"] = owners.get(row["id"], ("", ""))


hazards = listings.plug(
    "hazards",
    Listing(
        name="hazards",
        model=Hazard,
        title=_("Hazards"),
        view="hazards:list",
        filterset=HazardFilters,
        search=_("Number, what, or enterprise"),
        empty=_("When a self-inspection or a visit finds something, it stands here."),
        columns=(
            Column(
                key="number",
                label=_("Number"),
                field="number",
                sort="number",
                main=True,
                url=lambda row: reverse("hazards:detail", args=[row["number"]]),
                second=DateColumn(key="found", label=_("Found"), field="found_at"),
            ),
            Column(
                key="title",
                label=_("What"),
                field="title",
                second=NameColumn(key="matter", label=_("Matter"), field="matter__name"),
            ),
            NameColumn(
                key="enterprise",
                label=_("Enterprise"),
                field="enterprise__name",
                second=Column(key="site", label=_("Site"), field="site__name"),
            ),
            PlaceColumn(key="place", label=_("Place")),
            ChoiceColumn(
                key="grade",
                label=_("Grade"),
                field="grade",
                choices=Grade,
                tones={Grade.MAJOR: "red", Grade.GENERAL: "yellow"},
                style="dot",
            ),
            ChoiceColumn(key="state", label=_("State"), field="state", choices=State, tones=TONES),
            DueColumn(
                key="due",
                label=_("Due"),
                field="due_on",
                sort="due",
                over=days_over,
                late=is_late,
                over_fields=("due_at", "state"),
            ),
            NameColumn(key="owner", label=_("Whose move"), field="owner"),
        ),
        sorts=(
            Sort("found", "found_at", _("Found longest ago first"), _("Found last first"), descending=True),
            Sort("due", "due_on", _("Due soonest first"), _("Due latest first")),
            Sort("number", "number", _("Lowest number first"), _("Highest number first")),
        ),
        tabs=(
            Tab("open", _("Open"), lambda rows, user, now: rows.open()),
            Tab("overdue", _("Overdue"), lambda rows, user, now: rows.overdue(now)),
            Tab("accept", _("To accept"), lambda rows, user, now: rows.filter(state__in=TO_LOOK_AT)),
            Tab("major", _("Major"), lambda rows, user, now: rows.open().filter(grade=Grade.MAJOR)),
            Tab("mine", _("Mine"), mine),
            Tab("all", _("All")),
        ),
        map=MapSpec(
            "site__longitude", "site__latitude", ("number", "title", "enterprise", "grade", "state", "due")
        ),
        summed=views_summed,
        complete=add_owners,
        added=("owner", "owner_en"),
    ),
)
