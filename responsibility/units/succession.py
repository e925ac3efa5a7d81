"""Reorganisation of bodies: renamed, merged, split on a day. The past reads as it was.

The old ones are closed, new ones opened; posts go along, with all that they hold, and what is open. What is
over, was issued or signed stays with the body that it was of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from responsibility.coverage.models import Touch
from responsibility.documents.models import DocumentCounter
from responsibility.units.models import UnitReorganisation
from safegrid.accounts.models import PastUnit, Post, PostScope
from safegrid.audit.services import record
from safegrid.grid.choices import SuccessionKind
from safegrid.grid.models import PLANNED, Unit, UnitSuccession
from safegrid.grid.services import By
from safegrid.grid.sockets import OfUnit, day_keepers, unit_rows
from safegrid.grid.succession.planned import Frame
from safegrid.kernel.refusals import Invalid

KINDS = (SuccessionKind.RENAMED, SuccessionKind.MERGED, SuccessionKind.SPLIT)


@dataclass(frozen=True)
class NewUnit:
    """A successor as it is decided; without a prefix its documents go on with the one before."""

    name: str
    name_en: str = ""
    short_name: str = ""
    prefix: str = ""

    def tidy(self) -> NewUnit:
        """Return it without blanks around what was typed."""
        return NewUnit(**{name: text.strip() for name, text in asdict(self).items()})


@dataclass(frozen=True)
class Plan:
    """A reorganisation, understood and without a contradiction."""

    kind: str
    on: dt.date
    basis: str
    predecessors: tuple[Unit, ...]
    successors: tuple[NewUnit, ...]
    parts: Mapping[int, int] = field(default_factory=dict)  # of a split: a post's id → which successor


def check(
    *,
    kind: str,
    on: dt.date,
    basis: str,
    predecessors: Sequence[Unit],
    successors: Sequence[NewUnit],
    parts: Mapping[int, int] | None = None,
    today: dt.date,
    own: int | None = None,
) -> Plan:
    """Return the plan, or raise Invalid by field. `own` is the reorganisation itself, when it is its day."""
    olds = tuple(predecessors)
    news = tuple(each.tidy() for each in successors)
    problems: dict[str, Any] = {}
    if on < today:
        problems["on"] = _("The past stays as it was: choose today or later.")
    if not basis.strip():
        problems["basis"] = _("Name the decision that it rests on.")
    if kind not in KINDS or not olds:
        raise Invalid({"kind": _("Choose what becomes of it.")})
    for unit in olds:
        if unit.closed_on is not None:
            text = _("%(unit)s no longer exists, since %(day)s.")
            raise Invalid({"kind": text % {"unit": unit.label, "day": date_format(unit.closed_on)}})
    if len({(unit.kind, unit.district_id) for unit in olds}) > 1:
        problems["others"] = _("Only units of one kind in the same place can be merged.")
    if (len(olds) > 1) != (kind == SuccessionKind.MERGED):
        problems["others"] = _("A merger has several units; nothing else has.")
    names = [each.name for each in news]
    where = "successors" if kind == SuccessionKind.SPLIT else "name"
    if (len(news) > 1) != (kind == SuccessionKind.SPLIT):
        problems[where] = _("A unit is split into several; everything else leads to one.")
    elif not all(names) or len(set(names)) < len(names):
        problems[where] = _("Enter a name, each one once.")
    elif _is_taken(names, olds):
        problems[where] = _("A unit of this name exists there already.")
    elif kind == SuccessionKind.RENAMED and names[0] == olds[0].name:
        problems[where] = _("The name is the same as before.")
    planned = UnitReorganisation.objects.filter(PLANNED, predecessors__in=olds).exclude(pk=own or 0)
    if (other := planned.order_by("on").first()) is not None:
        text = _("It is being reorganised on %(day)s already; one after the other.")
        problems["on"] = text % {"day": date_format(other.on)}
    chosen = {int(pk): index for pk, index in (parts or {}).items()}
    if any(not 0 <= index < len(news) for index in chosen.values()):
        problems["successors"] = _("A post goes to a unit that is not named.")
    if problems:
        raise Invalid(problems)
    return Plan(kind, on, basis.strip()[:200], olds, news, chosen)


def _is_taken(names: Sequence[str], olds: Sequence[Unit]) -> bool:
    beside = Unit.objects.existing().filter(name__in=names, district=olds[0].district_id)
    return beside.exclude(pk__in=[unit.pk for unit in olds]).exists()


def preview(plan: Plan) -> list[tuple[str, int]]:
    """Return how much goes along, by what it is. Nothing is changed. A query for each kind of row."""
    found = [(str(Post._meta.verbose_name_plural), Post.objects.filter(unit__in=plan.predecessors).count())]
    totals: dict[str, int] = {}
    for rows in unit_rows:
        name = str(rows.model._meta.verbose_name_plural)
        totals[name] = totals.get(name, 0) + _rows(rows, [unit.pk for unit in plan.predecessors]).count()
    return found + [(name, n) for name, n in totals.items() if n]


def _rows(rows: OfUnit, olds: Sequence[int]) -> QuerySet[Any]:
    return rows.model._default_manager.filter(rows.only, **{f"{rows.unit}__in": list(olds)})


def reorganise_units(
    *,
    kind: str,
    predecessors: Sequence[Unit],
    successors: Sequence[NewUnit],
    on: dt.date,
    basis: str,
    parts: Mapping[int, int] | None = None,
    **by: Unpack[By],
) -> UnitReorganisation:
    """Let `successors` take the place of `predecessors` from the local day `on`, and return it.

    A later day is planned. Of a split, `parts` says which post goes to which successor (by number, from 0).
    Sent twice, what is there comes back. Raise NotAllowed for anybody but the committee's office, Invalid by
    field.
    """
    row = UnitReorganisation(
        kind=kind,
        on=on,
        basis=basis,
        successors=[asdict(each.tidy()) for each in successors],
        parts={str(pk): index for pk, index in (parts or {}).items()},
    )
    return FRAME.decide(row, predecessors, by)


def carry_out(*, now: dt.datetime) -> int:
    """Carry out what is planned up to the local day of `now`; return how many were. Safe to repeat."""
    return FRAME.carry_out(now=now)


day_keepers.plug("units", carry_out)


def _check(row: UnitReorganisation, predecessors: Sequence[Unit], today: dt.date) -> Plan:
    return check(
        kind=row.kind,
        on=row.on,
        basis=row.basis,
        predecessors=predecessors,
        successors=[NewUnit(**each) for each in row.successors],
        parts=row.parts,
        today=today,
        own=row.pk,
    )


def _apply(row: UnitReorganisation, plan: Plan, by: By) -> None:
    olds = [unit.pk for unit in plan.predecessors]
    news = [_open(new, number, plan) for number, new in enumerate(plan.successors)]
    Unit.objects.filter(pk__in=olds).update(closed_on=plan.on)
    UnitSuccession.objects.bulk_create(
        UnitSuccession(predecessor=old, successor=new, on=plan.on, kind=plan.kind, basis=plan.basis)
        for old in plan.predecessors
        for new in news
    )
    _move_posts(plan, news)
    for rows in unit_rows:
        _move(rows, olds, news)
    # Two bodies that overlapped may be one now, and one may be two.
    Touch.objects.bulk_create(
        Touch(at=by["now"], district_id=pk) for pk in {unit.district_id for unit in plan.predecessors}
    )
    for unit in plan.predecessors:
        record(unit, "unit.closed", **by, data={"on": plan.on, "reorganisation": row.pk})
    for unit in news:
        record(unit, "unit.opened", **by, data={"on": plan.on, "name": unit.name})


def _open(new: NewUnit, number: int, plan: Plan) -> Unit:
    """Return a successor: of the kind and place of what it follows, governing what that governed.

    Where its documents bear the prefix of the one before, their numbers go on.
    """
    old = plan.predecessors[0]
    unit = Unit.objects.create(
        code=f"{old.code[:28]}-{plan.on:%Y%m%d}{number or ''}",
        name=new.name,
        name_en=new.name_en,
        short_name=new.short_name,
        kind=old.kind,
        district_id=old.district_id,
        prefix=new.prefix or (old.prefix if number == 0 else ""),
        basis=old.basis,
        basis_en=old.basis_en,
    )
    matters = Unit.governs.through.objects.filter(unit__in=plan.predecessors)
    unit.governs.set(set(matters.values_list("matter", flat=True)))
    if unit.prefix:
        before = [each.pk for each in plan.predecessors if each.prefix == unit.prefix]
        DocumentCounter.objects.filter(unit__in=before).update(unit=unit)
    return unit


def _move_posts(plan: Plan, news: Sequence[Unit]) -> None:
    """Let the posts go along; what they reached of the old body they reach still, and the new one too."""
    posts = list(Post.objects.filter(unit__in=plan.predecessors).select_related("unit").order_by("pk"))
    PastUnit.objects.bulk_create(PastUnit(post=post, unit=post.unit, until=plan.on) for post in posts)
    for number, unit in enumerate(news):
        here = [post.pk for post in posts if plan.parts.get(post.pk, 0) == number]
        Post.objects.filter(pk__in=here).update(unit=unit)
    scopes = PostScope.objects.filter(unit__in=plan.predecessors).select_related("post")
    own = {scope.post_id: scope for scope in scopes.order_by("pk")}
    PostScope.objects.bulk_create(
        PostScope(
            post_id=pk,
            unit_id=scope.post.unit_id if scope.post.unit_id in {u.pk for u in news} else news[0].pk,
            acting=scope.acting,
        )
        for pk, scope in own.items()
    )


def _move(rows: OfUnit, olds: Sequence[int], news: Sequence[Unit]) -> None:
    """Let rows go to the body of their post, or that they name themselves; all others to the first new one.

    What would then stand there twice, as two notices' receipts of bodies that merge, stays with the old one.
    """
    body = rows.body
    if rows.post:
        body = Subquery(Post.objects.filter(pk=OuterRef(rows.post)).values("unit")[:1])
    if body is not None:
        gone = _rows(rows, olds).alias(goes_to=body).filter(goes_to__in=[unit.pk for unit in news])
        _set(gone, rows.unit, body)
    _set(_rows(rows, olds), rows.unit, news[0].pk)


def _set(rows: QuerySet[Model], column: str, value: Any) -> None:
    column = f"{column}_id"
    try:
        with transaction.atomic():
            rows.update(**{column: value})
    except IntegrityError:
        for pk in list(rows.values_list("pk", flat=True)):
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{column: value})
            except IntegrityError:
                continue


FRAME = Frame(
    UnitReorganisation,
    "pk",
    _check,
    _apply,
    planned="unit.reorganisation_planned",
    decided="unit.reorganisation_decided",
    called_off="unit.reorganisation_called_off",
)
