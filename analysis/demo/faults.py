"""What is wrong in the demo city on purpose, and by which rule the audit finds it: `FAULTS` has all of it.

Whatever else the audit finds there is a mistake, of the demo or of the audit; `tests/journey` compares.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from analysis.demo import comings
from analysis.demo.businesses import DEMO_CELL
from analysis.demo.cast import CHENGDONG, EXPIRED, VACANT_TOWNSHIP
from analysis.demo.clockwork import EXCELLENT_TOWNSHIP
from analysis.demo.turnover import EMPTY_CELL, LEFT_CELL, as_head, post_of_cell
from hazards.choices import Grade
from hazards.models import Hazard
from hazards.services import Given, act
from inspections.choices import Result, VisitKind
from inspections.models import ChecklistItem
from inspections.services.visits import Looked, record_visit
from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import assign
from responsibility.coverage.models import Finding
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, User
from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models import District, Matter, Site
from safegrid.grid.places.outlines import METRES, Outline, redraw
from safegrid.kernel import clock

#: Two bodies that supervise the same with equal right: a tier on which the database lets it be.
SHARED_MATTER = "fire-crowded"
SHARING = (
    ("fire_rescue", "人员密集场所消防安全专项整治方案", 70),
    ("commerce", "商场和餐饮场所安全管理职责分工", 25),
)
#: A community whose two cells are drawn so that a strip is in both, and a square in none.
SPOILT = "630102005004"
STRIP, SQUARE = 70, 160  # metres wide
DRAWN_DAYS_AGO = 9
#: What two bodies order at one site.
BLOCKED_ITEM, BLOCKED = "i-fire-exits", "疏散通道堆放杂物，通行宽度不足"


def plant(*, now: dt.datetime) -> None:
    """Plant what no other part of the demo brings along. Safe to repeat."""
    _overlap(now=now)
    _cells(now=now)
    _orders(now=now)


def _overlap(*, now: dt.datetime) -> None:
    cell = District.objects.get(code=DEMO_CELL)
    matter = Matter.objects.get(code=SHARED_MATTER)
    bureau = User.objects.get(username="bureau")
    for unit, basis, days in SHARING:
        post = Post.objects.get(kind=PostKind.SUPERVISOR, unit__code=unit)
        if Assignment.objects.filter(post=post, matter=matter, district=cell).exists():
            continue
        then = now - dt.timedelta(days=days)
        assign(
            post=post,
            line=Line.INDUSTRY,
            tier=Tier.SUPERVISOR,
            matter=matter,
            district=cell,
            since=clock.local_date(then),
            basis=basis,
            actor=bureau,
            acting_post=bureau.standing.posts[0],
            now=then,
        )


def _cells(*, now: dt.datetime) -> None:
    """Let 城东区 draw two cells anew with care for neither: a strip is in both, a square in none."""
    cells = District.objects.filter(code__startswith=SPOILT, level="cell", closed_on=None).order_by("code")
    one, other = cells
    if any(shapely.get_num_interior_rings(shape(cell.boundary)) for cell in cells):
        return
    first, second = shape(one.boundary), shape(other.boundary)
    strip = second.intersection(_wider(first, STRIP))
    middle = second.difference(_wider(first, STRIP + SQUARE)).representative_point()
    square = _wider(middle, SQUARE / 2, square=True)
    redraw(
        [Outline(one, first.union(strip)), Outline(other, second.difference(square))],
        basis="火车站街道网格调整方案（征求意见稿）",
        **as_head(now - dt.timedelta(days=DRAWN_DAYS_AGO)),
    )


def _orders(*, now: dt.datetime) -> None:
    """Let the bureau of 城东区 and the fire brigade order the same at one site, a day after each other."""
    if Hazard.objects.filter(title=BLOCKED).exists():
        return
    people = {name: User.objects.get(username=name) for name in ("inspector", "inspector2", "fire")}
    posts = {name: person.standing.posts[0] for name, person in people.items()}
    item = ChecklistItem.objects.select_related("matter").get(code=BLOCKED_ITEM)
    site = _undisturbed()
    for days, name in ((2, "inspector"), (1, "fire")):
        by: dict[str, Any] = {
            "actor": people[name],
            "acting_post": posts[name],
            "now": now - dt.timedelta(days=days),
        }
        visit = record_visit(
            token=uuid.uuid4(),
            kind=VisitKind.INSPECTION,
            site=site,
            matter=item.matter,
            visited_at=by["now"] - dt.timedelta(hours=1),
            officers=[posts["inspector2"]],
            items={item: Looked(Result.NOT_OK, BLOCKED)},
            **by,
        )
        order = Given(
            due_on=clock.local_date(now) + dt.timedelta(days=10 - days), measures="立即清理，保持畅通"
        )
        for action, given in (("grade", Given(grade=Grade.GENERAL)), ("order", order)):
            hazard = Hazard.objects.get(visit_items__visit=visit)
            act(hazard=hazard, action=action, given=given, version=hazard.version, **by)


def _undisturbed() -> Site:
    """Return a site of 城东区 that works, is none of the cast's, and at which nothing is open."""
    ours = Site.objects.filter(district__code=CHENGDONG, status=EnterpriseStatus.OPERATING)
    free = ours.exclude(township__code__in=(EXCELLENT_TOWNSHIP, DEMO_CELL[:9] + "000"))
    busy = Hazard.objects.open().values("site")
    return free.exclude(pk__in=busy).select_related("enterprise").order_by("pk")[0]


def _wider(area: BaseGeometry, metres: float, *, square: bool = False) -> BaseGeometry:
    """Return `area` with so many metres around it."""
    to_metres = np.array([METRES * np.cos(np.radians(area.centroid.y)), METRES])
    flat = shapely.transform(area, lambda points: points * to_metres)
    wide = flat.buffer(metres, cap_style="square" if square else "round", quad_segs=4)
    return shapely.transform(wide, lambda points: points / to_metres)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong on purpose: the rule that finds it, why it is there, and where."""

    rule: str
    why: str
    where: Callable[[], Collection[str]]  # as `where` words a finding


def _title(**wanted: Any) -> str:
    return Post.objects.values_list("title", flat=True).get(**wanted)


def _head_of(township: str) -> str:
    return _title(kind=PostKind.HEAD, unit__district__code=township)


def _unplaced() -> set[str]:
    """Return the townships in which something stands of which only the township is known."""
    rows = Site.objects.exclude(status=EnterpriseStatus.CLOSED).filter(community=None)
    return set(rows.values_list("township__code", flat=True))


def _led_in_parts() -> set[str]:
    """Return the places of builders, by the lowest that is known, each with the matter."""
    sites = Site.objects.filter(industry__parent__code="E").select_related("cell", "community", "township")
    lowest = (site.cell or site.community or site.township for site in sites)
    return {f"{place.code}/construction" for place in lowest if place is not None}


FAULTS = (
    Fault("nobody", "building works are led in parts, by two bodies, and as a whole by none", _led_in_parts),
    Fault("vacant", "a town whose head's post nobody holds", lambda: [_head_of(VACANT_TOWNSHIP)]),
    Fault("vacant", "a grid officer has left", lambda: [post_of_cell(LEFT_CELL).title]),
    Fault(
        "vacant_idle",
        "another one, of a cell in which nothing stands yet",
        lambda: [post_of_cell(EMPTY_CELL).title],
    ),
    Fault("no_officer", "and nobody has come to either cell", lambda: [LEFT_CELL, EMPTY_CELL]),
    Fault(
        "overlap",
        "two bodies supervise crowded places in one cell",
        lambda: [f"{DEMO_CELL}/{SHARED_MATTER}"],
    ),
    Fault("unplaced", "registers name no community where no cells are drawn", _unplaced),
    Fault("undrawn", "a shop in a community without cells", lambda: [comings.SHOP_PLACE[:9] + "000"]),
    Fault("no_regulator", "a new kind of business", lambda: [comings.NEW_KIND_CELL]),
    Fault("no_principal", "the same shop names nobody", lambda: [comings.SHOP_PLACE]),
    Fault("certificate", "an officer on leave has not renewed it", lambda: [_title(pk=_expired())]),
    Fault("staff_certificate", "safety managers in the building of the demo enterprise", lambda: [DEMO_CELL]),
    Fault("statement", "whose post is vacant signs nothing", lambda: [_head_of(VACANT_TOWNSHIP)]),
    Fault(
        "transfer_late",
        "the fire brigade has not answered",
        lambda: [f"{_title(kind=PostKind.HEAD, unit__code='fire_rescue')}/fire"],
    ),
    Fault("cell_hole", "a square that belongs to no cell", lambda: [SPOILT[:9] + "000"]),
    Fault("cell_overlap", "a strip that belongs to two", lambda: [SPOILT]),
    Fault(
        "unknown_enterprise",
        "a business register knows more than the grid",
        lambda: {township for township, *_entry in comings.REGISTER},
    ),
    Fault(
        "two_orders",
        "the bureau of a district and the fire brigade have ordered the same",
        lambda: [f"{_title(kind=PostKind.SUPERVISOR, unit__code='fire_rescue')}/fire"],
    ),
    Fault("entered_twice", "one enterprise came again without its code", lambda: [comings.place_of_twice()]),
)


def _expired() -> int:
    district, number = EXPIRED
    posts = Post.objects.filter(kind=PostKind.OFFICER, unit__district__code=district).order_by("pk")
    return posts[number].pk


def planted() -> list[tuple[str, str]]:
    """Return (rule, where) of all that is wrong on purpose, in their order."""
    return sorted((fault.rule, where) for fault in FAULTS for where in fault.where())


def found() -> list[tuple[str, str]]:
    """Return (rule, where) of all that the audit has found and is open, in their order."""
    rows = Finding.objects.open().select_related(
        "post", "matter", "cell", "community", "township", "district"
    )
    return sorted((row.rule, where(row)) for row in rows)


def where(finding: Finding) -> str:
    """Return whose a finding is, or else its lowest place; and the matter, where it is about one."""
    place = finding.cell or finding.community or finding.township or finding.district
    whose = finding.post.title if finding.post else place.code if place else ""
    return f"{whose}/{finding.matter.code}" if finding.matter else whose
