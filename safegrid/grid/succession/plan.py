"""What a reorganisation would do: checked, and counted before it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from safegrid.grid.choices import Level, SuccessionKind
from safegrid.grid.models import PLANNED, District, Reorganisation, Site, Succession, Unit
from safegrid.grid.places.codes import SIGNIFICANT, WITH_CELL
from safegrid.grid.sockets import succession_followers
from safegrid.kernel.refusals import Invalid
from safegrid.kernel.scope import Placed

#: How many digits of a code, from the left, say which place of a level it is.
DIGITS = dict(zip(Level.values, (*SIGNIFICANT, WITH_CELL), strict=True))


@dataclass(frozen=True)
class NewPlace:
    """A successor as it is decided."""

    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class Plan:
    """A reorganisation, understood and without a contradiction."""

    kind: str
    on: dt.date
    basis: str
    predecessors: tuple[District, ...]
    successors: tuple[NewPlace, ...]
    parts: Mapping[int, int] = field(default_factory=dict)  # of a split: a child's id → which successor
    rest: int = 0


@dataclass(frozen=True)
class Preview:
    """How much it moves."""

    places: int  # that end, those below included
    new_places: int
    rows: list[tuple[str, int]]  # what stands there, by what it is


def check(
    *,
    kind: str,
    on: dt.date,
    basis: str,
    predecessors: Sequence[District],
    successors: Sequence[NewPlace],
    parts: Mapping[int, int] | None = None,
    rest: int = 0,
    today: dt.date,
    own: int | None = None,
) -> Plan:
    """Return the plan, or raise Invalid by field. `own` is the reorganisation itself, when it is its day."""
    olds, news = tuple(predecessors), tuple(successors)
    problems: dict[str, Any] = {}
    if on < today:
        problems["on"] = _("The past stays as it was: choose today or later.")
    if not basis.strip():
        problems["basis"] = _("Name the decision that it rests on.")
    if not olds or len({(p.level, p.path[: -District.steplen]) for p in olds}) != 1:
        raise Invalid({"others": _("Only places of one level in the same place can be merged.")})
    level = olds[0].level
    if level == Level.CITY:
        raise Invalid({"kind": _("The city itself is not reorganised.")})
    for place in olds:
        if place.closed_on is not None:
            text = _("%(place)s no longer exists, since %(day)s.")
            raise Invalid({"kind": text % {"place": place.label, "day": date_format(place.closed_on)}})
        if place.opened_on is not None and place.opened_on >= on:
            text = _("%(place)s begins on %(day)s only: what follows it cannot be older.")
            problems["on"] = text % {"place": place.label, "day": date_format(place.opened_on)}
    if (len(olds) > 1) != (kind == SuccessionKind.MERGED):
        problems["others"] = _("A merger has several places; nothing else has.")
    if (len(news) > 1) != (kind == SuccessionKind.SPLIT):
        problems["successors"] = _("A place is split into several; everything else leads to one.")
    if problem := _codes(kind, level, olds, news):
        problems["successors" if kind == SuccessionKind.SPLIT else "code"] = problem
    if any(not each.name.strip() for each in news):
        problems["successors" if kind == SuccessionKind.SPLIT else "name"] = _("Enter a name.")
    planned = (
        Reorganisation.objects.filter(PLANNED)
        .exclude(pk=own or 0)
        .filter(_overlaps(olds))
        .order_by("on")
        .first()
    )
    if planned is not None:
        text = _("It is being reorganised on %(day)s already; one after the other.")
        problems["on"] = text % {"day": date_format(planned.on)}
    chosen = {int(pk): index for pk, index in (parts or {}).items()}
    if any(not 0 <= index < len(news) for index in (*chosen.values(), rest)):
        problems["successors"] = _("A part goes to a place that is not named.")
    if problems:
        raise Invalid(problems)
    return Plan(kind, on, basis.strip(), olds, news, chosen, rest)


def _overlaps(olds: Sequence[District]) -> Q:
    """Return the predicate of a plan that is about one of these places, or what is above or below it."""
    wanted = Q(pk__in=[])
    for place in olds:
        above = [place.path[:end] for end in range(District.steplen, len(place.path), District.steplen)]
        wanted |= Q(predecessors__path__startswith=place.path) | Q(predecessors__path__in=above)
    return wanted


def _codes(kind: str, level: str, olds: Sequence[District], news: Sequence[NewPlace]) -> str:
    """Return what is wrong with the new codes; empty when nothing is."""
    digits, above = DIGITS[level], DIGITS[Level.values[Level.values.index(level) - 1]]
    length = WITH_CELL if level == Level.CELL else 12
    own = {place.code for place in olds}
    seen: set[str] = set()
    for each in news:
        code = each.code
        if not (code.isdigit() and len(code) == length and set(code[digits:]) <= {"0"}):
            return _("%(code)s is no code of this level.") % {"code": code or "–"}
        if code[:above] != olds[0].code[:above]:
            return _("%(code)s lies in another place.") % {"code": code}
        if code in seen:
            return _("%(code)s is named twice.") % {"code": code}
        seen.add(code)
        if kind == SuccessionKind.RECODED and code in own:
            return _("The code is the same as before.")
        if code not in own and District.objects.filter(code=code, closed_on=None).exists():
            return _("%(code)s exists already.") % {"code": code}
    if kind == SuccessionKind.RENAMED and seen != own:
        return _("A new code is not only a new name.")
    return ""


def preview(plan: Plan) -> Preview:
    """Return how many places end and begin, and how much stands there. Nothing is changed."""
    olds = list(
        District.objects.filter(closed_on=None)
        .filter(_inside(plan.predecessors))
        .values_list("pk", flat=True)
    )
    level = plan.predecessors[0].level
    here = Q(**{f"{level}_id__in": [place.pk for place in plan.predecessors]})
    rows = [
        (str(model._meta.verbose_name_plural), n)
        for model in placed_models()
        if (n := model._default_manager.filter(here).count())
    ]
    units = Unit.objects.existing().filter(district__in=olds).count()
    rows += [(str(Unit._meta.verbose_name_plural), units)] if units else []
    rows += [each for plug in succession_followers for each in plug.count(olds) if each[1]]
    new = len(olds) - len(plan.predecessors) + len(plan.successors)
    return Preview(len(olds), new, rows)


def _inside(places: Sequence[District]) -> Q:
    wanted = Q(pk__in=[])
    for place in places:
        wanted |= Q(path__startswith=place.path)
    return wanted


def placed_models() -> list[type[Model]]:
    """Return every model whose rows carry their current place as columns, the sites first."""
    models = [m for m in apps.get_models() if issubclass(m, Placed) and not m._meta.proxy]
    return sorted(models, key=lambda model: (model is not Site, model._meta.label))


def is_circle(predecessor: int, successor: int) -> bool:
    """Whether `successor` is what `predecessor` itself came out of: a succession in a circle."""
    layer, seen = {predecessor}, {predecessor}
    while layer:
        if successor in layer:
            return True
        before = Succession.objects.filter(successor__in=layer).values_list("predecessor", flat=True)
        layer = set(before) - seen
        seen |= layer
    return False
