"""Which bodies promise whom at each level, who signs for them, and who may issue and judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from responsibility.assignments.services import is_over
from responsibility.statements.choices import StatementLevel
from responsibility.statements.models import Statement
from responsibility.units.answering import speaking_posts
from responsibility.units.heirs import speaks_for
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding, Post, Substitution
from safegrid.accounts.queries import scope_of
from safegrid.grid.choices import EnterpriseStatus, Level, UnitKind
from safegrid.grid.models import District, Enterprise, Site, Unit, UnitSuccession
from safegrid.kernel.scope import LEVELS

#: Who speaks for a body of the government; a principal does for an enterprise.
SPEAKERS = (PostKind.HEAD, PostKind.OFFICE)


def speaks_for_unit(post: Post | None, unit: int | None) -> bool:
    """Whether `post` is the head of the unit, or of the one that took its place."""
    return post is not None and post.kind in SPEAKERS and speaks_for(post.unit_id, unit)


def speaks_for_promiser(statement: Statement, post: Post | None) -> bool:
    """Whether `post` signs for who promises: the unit's head, the enterprise's principal."""
    if statement.enterprise_id is None:
        return speaks_for_unit(post, statement.promiser_id)
    return (
        post is not None and post.kind == PostKind.PRINCIPAL and post.enterprise_id == statement.enterprise_id
    )


def may_judge(statement: Statement, post: Post | None) -> bool:
    """Whether `post` may withdraw, review, veto and lock: of who receives it, or the committee's office.

    Inside the scope in which the post acts, and never of the body that promises.
    """
    if post is None or post.kind not in SPEAKERS or speaks_for(post.unit_id, statement.promiser_id):
        return False
    if post.kind != PostKind.OFFICE and not speaks_for(post.unit_id, statement.receiver_id):
        return False
    places = {getattr(statement, f"{level}_id") for level in LEVELS}
    return is_over(scope_of(post).of(acting=True), places)


def judged_by(post: Post | None) -> Q:
    """Return the predicate of the statements that `post` may judge; see `may_judge`. Three queries."""
    if post is None or post.kind not in SPEAKERS or post.unit_id is None:
        return Q(pk__in=[])
    inside = Q(pk__in=[])
    for branch in scope_of(post).of(acting=True).branches:
        if branch.matter_id is None and branch.city:
            inside |= Q(pk__isnull=False)
        elif branch.matter_id is None and branch.level:
            inside |= Q(**{f"{branch.level}_id": branch.place_id})
    before = UnitSuccession.objects.filter(successor=post.unit_id).values_list("predecessor", flat=True)
    own = [post.unit_id, *before]
    if post.kind != PostKind.OFFICE:
        inside &= Q(receiver__in=own)
    return inside & (Q(promiser=None) | ~Q(promiser__in=own))


def receivers(post: Post | None, level: str) -> list[Unit]:
    """Return the bodies for which `post` may issue statements of `level`, in their order. Three queries.

    A head for their own body, the committee's office for all, inside the scope in which the post acts.
    """
    if post is None or post.kind not in SPEAKERS or post.unit_id is None:
        return []
    if level in (StatementLevel.DISTRICT, StatementLevel.MEMBER):
        units = Unit.objects.existing().filter(kind=UnitKind.OFFICE, district__level=Level.CITY)
    elif level == StatementLevel.TOWNSHIP:
        units = Unit.objects.existing().filter(kind=UnitKind.GOVERNMENT, district__level=Level.DISTRICT)
    else:
        units = Unit.objects.existing().filter(kind=UnitKind.GOVERNMENT, district__level=Level.TOWNSHIP)
    if post.kind != PostKind.OFFICE:
        units = units.filter(pk=post.unit_id)
    inside = Q(pk__in=[])
    for branch in scope_of(post).of(acting=True).branches:
        if branch.matter_id is not None:
            continue
        if branch.city:
            inside |= Q(pk__isnull=False)
        elif branch.place_id is not None:
            path = District.objects.filter(pk=branch.place_id).values_list("path", flat=True).first()
            inside |= Q(district__path__startswith=path)
    open_places = units.filter(inside, district__closed_on=None)
    return list(open_places.select_related("district").order_by("district__path", "pk"))


@dataclass(frozen=True)
class Promise:
    """A body that is to promise `receiver` something, and where it stands."""

    receiver: Unit
    unit: Unit | None = None
    enterprise: Enterprise | None = None
    site: Site | None = None
    place: dict[str, int | None] = field(default_factory=dict)
    where: str = ""  # the name of its place

    @property
    def body(self) -> Unit | Enterprise:
        """The unit or the enterprise."""
        found = self.unit or self.enterprise
        assert found is not None  # noqa: S101 (made so)
        return found

    @property
    def key(self) -> tuple[int | None, int | None, int]:
        """By what its statement is recognised within a year and level."""
        return (
            self.unit.pk if self.unit else None,
            self.enterprise.pk if self.enterprise else None,
            self.receiver.pk,
        )


def promises(level: str, over: Iterable[Unit]) -> list[Promise]:
    """Return who is to promise the bodies `over` at `level`. A bounded number of queries."""
    units = list(over)
    if not units:
        return []
    if level == StatementLevel.MEMBER:
        office = units[0]
        rows = Unit.objects.existing().filter(kind=UnitKind.MEMBER, district=office.district_id)
        where = office.district.name
        return [Promise(office, unit=row, where=where) for row in rows.order_by("pk")]
    if level == StatementLevel.ENTERPRISE:
        return _enterprises(units)
    below = Level.DISTRICT if level == StatementLevel.DISTRICT else Level.TOWNSHIP
    governments = Unit.objects.existing().filter(
        kind=UnitKind.GOVERNMENT, district__level=below, district__closed_on=None
    )
    found = []
    for row in governments.select_related("district").order_by("district__path", "pk"):
        for receiver in units:
            if row.district.path.startswith(receiver.district.path) and row.pk != receiver.pk:
                place = _columns(row.district, receiver.district)
                found.append(Promise(receiver, unit=row, place=place, where=row.district.name))
    return found


def _columns(place: District, above: District) -> dict[str, int | None]:
    """Return the columns of `place`: a district, or a township of the district `above`."""
    columns: dict[str, int | None] = {f"{level}_id": None for level in LEVELS}
    for each in (above, place):
        if each.level in LEVELS:
            columns[f"{each.level}_id"] = each.pk
    return columns


def _enterprises(units: list[Unit]) -> list[Promise]:
    """Return the enterprises with a site at work in the townships, each by its first site there."""
    of_place = {unit.district_id: unit for unit in units}
    sites = (
        Site.objects.filter(township__in=of_place)
        .exclude(status=EnterpriseStatus.CLOSED)
        .exclude(enterprise__status=EnterpriseStatus.CLOSED)
        .select_related("enterprise")
        .order_by("township", "enterprise", "pk")
        .distinct("township", "enterprise")
    )
    return [
        Promise(
            (receiver := of_place[site.township_id or 0]),
            enterprise=site.enterprise,
            site=site,
            place=site.place_ids,
            where=receiver.district.name,
        )
        for site in sites
    ]


def signing_posts(units: Iterable[int], *, on: dt.date) -> dict[int, Post]:
    """Return the post that signs for each of `units`: its head that somebody holds, else a vacant one.

    A unit without any is missing. Three queries.
    """
    return speaking_posts(units, SPEAKERS, on=on)


def can_sign(enterprises: Iterable[int], *, on: dt.date) -> set[int]:
    """Return which of `enterprises` somebody can sign for: their principal's post is manned. Two queries."""
    ids = list(enterprises)
    found: set[int] = set()
    for model in (Holding, Substitution):
        rows = model.objects.filter(
            post__kind=PostKind.PRINCIPAL, post__enterprise__in=ids, span__contains=on, user__is_active=True
        )
        found.update(rows.values_list("post__enterprise", flat=True))
    return found


def holds(user: Any, post: Post | None) -> bool:
    """Whether `user` holds `post` or stands in for its holder today."""
    return post is not None and post.pk in user.reach.post_ids
