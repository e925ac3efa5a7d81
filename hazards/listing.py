"""The list of hazards: which ones?"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Func, OuterRef, Q, Subquery, TextField, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.choices import Grade, Source, State
from hazards.counts import views_summed
from hazards.filters import HazardFilters
from hazards.listed.queries import on_list
from hazards.models import IS_OPEN, Hazard, HazardQuerySet
from hazards.services.spot_checking import may_draw
from hazards.sources import shown, sources_of
from responsibility.models import Obligation
from safegrid.accounts.choices import PostKind
from safegrid.accounts.middleware import acting_post
from safegrid.grid.choices import RiskGrade
from safegrid.grid.imports.kinds import kinds
from safegrid.grid.imports.services import may_import
from safegrid.kernel import clock
from safegrid.kernel.addresses import address, addresses
from safegrid.kernel.listing import (
    Action,
    ChoiceColumn,
    Column,
    DateColumn,
    DueColumn,
    Listing,
    MapSpec,
    NameColumn,
    PairColumn,
    PlaceColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.columns import Cells
from safegrid.kernel.scope import reach_of

TONES = {
    State.REPORTED: "info",
    State.GRADED: "info",
    State.RECTIFYING: "warn",
    State.TO_CONFIRM: "info",
    State.TO_ACCEPT: "info",
    State.CLOSED: "good",
}

#: The dot of what was not weighed by likelihood and consequence.
GRADE_TONES = {Grade.MAJOR: "red", Grade.GENERAL: "yellow"}

#: Rectified, and waiting for somebody other than the fixer.
TO_LOOK_AT = (State.TO_CONFIRM, State.TO_ACCEPT)


def days_over(rows: Batch, now: dt.datetime) -> list[int | None]:
    """Return the days over of the hazards whose rectification is awaited, as `Hazard.days_over` does."""
    today = clock.local_date(now)
    return [
        (today - due_on).days if state == State.RECTIFYING else None
        for state, due_on in zip(rows["state"], rows["due_on"], strict=True)
    ]


def are_late(rows: Batch, now: dt.datetime) -> list[bool]:
    """Return which of the hazards are late, as `Hazard.is_overdue` does."""
    return [
        state == State.RECTIFYING and due_at is not None and due_at <= now
        for state, due_at in zip(rows["state"], rows["due_at"], strict=True)
    ]


@dataclass(frozen=True, kw_only=True)
class SourceColumn(ChoiceColumn):
    """Where a hazard comes from, as the reader may know it."""

    field: str = "source"
    choices: Any = Source
    look: str = ""

    @property
    def own_fields(self) -> tuple[str, ...]:
        return (self.field, "enterprise_id")

    def texts(self, rows: Batch) -> Sequence[Any]:
        codes = self._shown(rows)
        words = {code: str(Source(code).label) for code in set(codes)}
        return [words[code] for code in codes]

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Sequence[Any]]:
        return {self.key: self._shown(rows)}

    def _shown(self, rows: Batch) -> list[str]:
        return shown(zip(rows["source"], rows["enterprise_id"], strict=True), rows.reader)


@dataclass(frozen=True, kw_only=True)
class GradeColumn(ChoiceColumn):
    """The grade with a dot in the colour of its risk, the colour in words, and whether the hazard recurs."""

    field: str = "grade"
    choices: Any = Grade
    look: str = "dot"

    @property
    def own_fields(self) -> tuple[str, ...]:
        return (self.field, "risk", "recurs_id")

    def toned(self, rows: Batch) -> Sequence[str]:
        return [risk or GRADE_TONES[grade] for grade, risk in zip(rows["grade"], rows["risk"], strict=True)]

    def cells(self, rows: Batch, now: dt.datetime) -> Cells:
        cells = super().cells(rows, now)
        pairs = zip(cells.texts, self._risks(rows), strict=True)
        texts = [f"{grade} · {risk}" if risk else grade for grade, risk in pairs]
        if any(marks := self._marks(rows)):
            texts = [f"{text} · {mark}" if mark else text for text, mark in zip(texts, marks, strict=True)]
        return cells._replace(texts=texts)

    def heads(self) -> tuple[Any, ...]:
        return (self.label, _("Risk"), _("Recurring"))

    def sheet(self, rows: Batch, now: dt.datetime) -> tuple[Sequence[Any], ...]:
        return (self.texts(rows), self._risks(rows), self._marks(rows))

    def api_types(self) -> dict[str, type]:
        return {self.key: str, "risk": str, "recurring": bool}

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Sequence[Any]]:
        marks = [before is not None for before in rows["recurs_id"]]
        return {self.key: rows["grade"], "risk": rows["risk"], "recurring": marks}

    @staticmethod
    def _marks(rows: Batch) -> list[str]:
        word = str(_("Recurring"))
        return ["" if before is None else word for before in rows["recurs_id"]]

    @staticmethod
    def _risks(rows: Batch) -> list[str]:
        words = {grade.value: str(grade.label) for grade in RiskGrade} | {"": ""}
        return [words[risk] for risk in rows["risk"]]


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


def debtor() -> Case:
    """Return the expression of whose move it is, in both languages: the debtor of what is due first.

    Of what is closed nobody's, without a look.
    """
    kind = ContentType.objects.filter(app_label="hazards", model="hazard").values("pk")[:1]
    owed = Obligation.objects.open().filter(subject_type=kind, subject_id=OuterRef("pk"))
    names = (Coalesce(f"debtor_post__title{n}", f"debtor_enterprise__name{n}") for n in ("", "_en"))
    pair = Func(*names, template="ARRAY[%(expressions)s]", output_field=ArrayField(TextField()))
    return Case(When(IS_OPEN, then=Subquery(owed.order_by("due_at", "pk").values(debtor=pair)[:1])))


#: Who orders rectification, and so may put several hazards of an enterprise into one order.
ORDERS = (PostKind.OFFICER, PostKind.SUPERVISOR)


def actions(request: HttpRequest) -> list[Action]:
    """Return the ways to bring a ledger, to the tables, and to one order for several, for who may."""
    found = []
    if sources_of(acting_post(request)):
        found.append(Action(_("Enter a hazard"), address("hazards:enter"), "plus"))
    if may_import(acting_post(request), kinds["hazards"]):
        found.append(Action(_("Import a ledger"), address("hazards:imports"), "file-import", main=False))
    if not reach_of(request.user).is_official:
        return found
    enterprise, post = request.GET.get("enterprise", ""), acting_post(request)
    if enterprise.isascii() and enterprise.isdecimal() and post is not None and post.kind in ORDERS:
        url = reverse("hazards:paper_pick", args=[int(enterprise)])
        found.insert(0, Action(_("One order for several"), url, "file-text"))
    found.append(Action(_("Penalties"), address("hazards:penalties"), "gavel", main=False))
    found.append(Action(_("Tables"), address("hazards:tables"), "file-spreadsheet", main=False))
    if may_draw(post):
        found.append(Action(_("Draw a spot check"), address("hazards:draw"), "target"))
    return found


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
                urls=lambda rows: addresses("hazards:detail", rows["number"]),
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
            GradeColumn(
                key="grade",
                label=_("Grade"),
                second=SourceColumn(key="source", label=_("Source")),
            ),
            ChoiceColumn(key="state", label=_("State"), field="state", choices=State, tones=TONES),
            DueColumn(
                key="due",
                label=_("Due"),
                field="due_on",
                sort="due",
                overs=days_over,
                lates=are_late,
                over_fields=("due_at", "state"),
            ),
            PairColumn(key="owner", label=_("Whose move"), field="owner"),
        ),
        sorts=(
            Sort("found", "found_at", _("Found longest ago first"), _("Latest found first"), descending=True),
            Sort("due", "due_on", _("Due soonest first"), _("Due latest first")),
            Sort("number", "number", _("Lowest number first"), _("Highest number first")),
        ),
        tabs=(
            Tab("open", _("Open"), lambda rows, user, now: rows.open()),
            Tab("overdue", _("Overdue"), lambda rows, user, now: rows.overdue(now)),
            Tab("accept", _("To accept"), lambda rows, user, now: rows.filter(state__in=TO_LOOK_AT)),
            Tab("major", _("Major"), lambda rows, user, now: rows.open().filter(grade=Grade.MAJOR)),
            Tab("listed", pgettext_lazy("hazards", "Listed"), on_list),
            Tab("mine", _("Mine"), mine),
            Tab("all", _("All")),
        ),
        actions=actions,
        map=MapSpec(
            "site__longitude", "site__latitude", ("number", "title", "enterprise", "grade", "state", "due")
        ),
        summed=views_summed,
        expressions={"owner": debtor()},
    ),
)
