"""Leaders of the demo city: what they owed and did, whose wing is over whom, and notices to the units."""

from __future__ import annotations

import datetime as dt
import random
import uuid

from analysis.demo.cast import CHENGDONG, Bodies, People
from responsibility.guidance.services import confirm, receivers, send
from responsibility.leaders.choices import DeedKind, LeaderRole
from responsibility.leaders.models import Leader, LeaderPeriod
from responsibility.leaders.periods import open_period
from responsibility.leaders.policies import apply_policies
from responsibility.leaders.services import Done, record_deed, take_under_wing
from responsibility.models import Duty
from responsibility.obligations.choices import Rhythm
from responsibility.obligations.periods import period_of
from safegrid.accounts.choices import PostKind
from safegrid.accounts.establishing import PostPlan, establish
from safegrid.accounts.models import Post, PostScope, User
from safegrid.accounts.queries import holders
from safegrid.grid.choices import Level, UnitKind
from safegrid.grid.models import District, Enterprise, Unit
from safegrid.kernel import clock

CITY_PARTY, EAST_PARTY = "city_party", f"{CHENGDONG}-party"
UNDER_WING = 8
UNITS = 12  # of the city, whose heads have done something and are sent the notices
SHARE = 0.5  # of leaders that have done something in this quarter
DONE = {
    DeedKind.CHECK: [
        ("带队检查商场和市场消防安全", 4, 3),
        ("带队检查建筑工地", 6, 4),
        ("带队检查燃气场站", 2, 2),
        ("带队夜查人员密集场所", 5, 5),
    ],
    DeedKind.MEETING: [
        ("召开安全生产专题会议，分析本季度形势", 0, 0),
        ("召开党政联席会议，研究隐患整治", 0, 0),
    ],
    DeedKind.CONTACT: [("走访联系包保企业，了解整改进展", 1, 1)],
}
NOTICES = [
    (
        "关于做好岁末年初安全防范工作的通知",
        "请各单位结合职责，对重点场所开展一次全面排查，发现的隐患录入系统闭环整改。",
        -30,
        -20,
        1.0,
    ),
    ("关于开展燃气安全专项检查的提示", "请相关单位按职责分工，督促企业做好燃气安全自查。", -9, -2, 0.7),
    (
        "关于召开季度形势分析会的通知",
        "请各单位主要负责人参会，并提前准备本单位履职情况。\n会议时间另行通知。",
        -2,
        3,
        0.4,
    ),
]


def live(bodies: Bodies, rng: random.Random, *, now: dt.datetime) -> None:
    """Write it all, through the services, as the people concerned."""
    today = clock.local_date(now)
    _name, first, _following = period_of(today, Rhythm.QUARTERLY)
    before = _last_quarter(now)
    secretary, city_secretary, mayor = (
        Post.objects.get(kind=PostKind.HEAD, unit__code=code)
        for code in (EAST_PARTY, CITY_PARTY, "city_government")
    )
    start = clock.day_start(before)
    apply_policies(now=start)
    head = Post.objects.get(kind=PostKind.HEAD, unit__code=f"{CHENGDONG}-government")
    _wings(bodies, since=before, now=start)
    named = [head.pk, secretary.pk, city_secretary.pk, mayor.pk, bodies.office.pk]
    for duty in Duty.objects.filter(post__in=named, kind__startswith="leader_"):
        open_period(duty=duty, now=start)
    manned = holders(Leader.objects.values_list("post", flat=True), on=today)
    for offset in (20, 55):
        _do(head, manned, DeedKind.CHECK, before + dt.timedelta(days=offset), rng)
    _do(secretary, manned, DeedKind.CHECK, before + dt.timedelta(days=40), rng)
    _do(city_secretary, manned, DeedKind.CHECK, before + dt.timedelta(days=33), rng)
    for offset in (12, 61):
        _do(mayor, manned, DeedKind.CHECK, before + dt.timedelta(days=offset), rng)
    _do(mayor, manned, DeedKind.MEETING, before + dt.timedelta(days=25), rng)
    # The sweep opens everybody else's once the portal runs.
    known = Leader.objects.exclude(role__in=(LeaderRole.TOWNSHIP, LeaderRole.UNIT)).values_list(
        "post", flat=True
    )
    city_units = Leader.objects.filter(role=LeaderRole.UNIT, district=None).order_by("sequence", "pk")
    shown = [*known, *city_units.values_list("post", flat=True)[:UNITS]]
    for duty in Duty.objects.filter(post__in=shown, kind__startswith="leader_"):
        open_period(duty=duty, now=now)
    _this_quarter([head, mayor, city_secretary], manned, rng, first=first, today=today)
    _guide(bodies, manned, rng, now=now)


def appoint(people: People, *, now: dt.datetime) -> None:
    """Appoint the mayor and the party secretaries of the city and of 城东区. Safe to repeat.

    Party and government alike hold duties.
    """
    if Unit.objects.filter(code=CITY_PARTY).exists():
        return
    city = District.objects.defer("boundary").get(level=Level.CITY, closed_on=None)
    east = District.objects.defer("boundary").get(code=CHENGDONG)
    plans = [
        _plan(
            Unit.objects.get(code="city_government"),
            ("西宁市市长", "Mayor of Xining"),
            people.named("mayor"),
            PostScope(district=city, acting=True),
            now=now,
        ),
        _plan(
            _party(CITY_PARTY, city, "中共西宁市委员会", "CPC Xining Committee", "市委"),
            ("西宁市委书记", "Party Secretary of Xining"),
            people.anybody(),
            PostScope(district=city),
            now=now,
        ),
        _plan(
            _party(
                EAST_PARTY, east, "中共西宁市城东区委员会", "CPC Chengdong District Committee", "城东区委"
            ),
            ("城东区委书记", "Party Secretary of Chengdong District"),
            people.anybody(),
            PostScope(district=east),
            now=now,
        ),
    ]
    establish(plans, since=_last_quarter(now), actor=None, acting_post=None, now=now)


def _party(code: str, place: District, name: str, name_en: str, short_name: str) -> Unit:
    return Unit.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        short_name=short_name,
        kind=UnitKind.PARTY,
        district=place,
        basis="安全生产法第三条",
        basis_en="Work Safety Law, Art. 3",
    )


def _plan(unit: Unit, titles: tuple[str, str], who: User, scope: PostScope, *, now: dt.datetime) -> PostPlan:
    title, title_en = titles
    post = Post(title=title, title_en=title_en, kind=PostKind.HEAD, unit=unit, created_at=now)
    return PostPlan(post, who, [scope])


def _last_quarter(now: dt.datetime) -> dt.date:
    """Return the first day of the quarter before this one."""
    _name, first, _following = period_of(clock.local_date(now), Rhythm.QUARTERLY)
    _name, before, _then = period_of(first - dt.timedelta(days=1), Rhythm.QUARTERLY)
    return before


def _wings(bodies: Bodies, *, since: dt.date, now: dt.datetime) -> None:
    """Put some enterprises of each district under the wing of the head of its government."""
    heads = Leader.objects.filter(role=LeaderRole.GOVERNMENT, district__isnull=False, township=None)
    for leader in heads.order_by("sequence", "pk"):
        found = Enterprise.objects.filter(sites__district=leader.district_id).distinct().order_by("pk")
        if enterprises := list(found[:UNDER_WING]):
            take_under_wing(
                leader=leader,
                enterprises=enterprises,
                since=since,
                actor=bodies.user[bodies.office.pk],
                acting_post=bodies.office,
                now=now,
            )


def _do(post: Post, manned: dict[int, User], kind: str, day: dt.date, rng: random.Random) -> None:
    """Let a leading post do something on a day, recorded the same evening."""
    what, found, fixed = rng.choice(DONE[DeedKind(kind)])
    leader = Leader.objects.get(post=post)
    visited = leader.wing.order_by("pk").first() if kind == DeedKind.CONTACT else None
    record_deed(
        token=uuid.UUID(int=rng.getrandbits(128)),
        leader=leader,
        kind=kind,
        done=Done(
            day=day,
            what=what,
            found=found,
            fixed=fixed,
            enterprise_id=visited.enterprise_id if visited else None,
        ),
        actor=manned[post.pk],
        acting_post=post,
        now=min(clock.day_start(day) + dt.timedelta(hours=18), clock.now()),
    )


def _this_quarter(
    named: list[Post], manned: dict[int, User], rng: random.Random, *, first: dt.date, today: dt.date
) -> None:
    """One check by each of those who are named, and what others did; some have done nothing yet."""
    days = (today - first).days
    for post in named:
        _do(post, manned, DeedKind.CHECK, first + dt.timedelta(days=rng.randint(0, days)), rng)
    wanted = (LeaderRole.GOVERNMENT, LeaderRole.UNIT, LeaderRole.OFFICE, LeaderRole.SECRETARY)
    rows = LeaderPeriod.objects.filter(is_current=True, leader__role__in=wanted).exclude(
        leader__post__in=named
    )
    for row in rows.select_related("leader__post").order_by("pk"):
        if row.leader.post_id in manned and rng.random() < SHARE:
            _do(row.leader.post, manned, row.kind, first + dt.timedelta(days=rng.randint(0, days)), rng)


def _guide(bodies: Bodies, manned: dict[int, User], rng: random.Random, *, now: dt.datetime) -> None:
    """Three notices of the office: confirmed by all, late with some, and just sent."""
    offered = receivers(bodies.office)
    units = [
        *offered.filter(kind=UnitKind.MEMBER, district__level=Level.CITY)[:UNITS],
        offered.get(code=f"{CHENGDONG}-government"),
    ]
    for title, text, sent, due, share in NOTICES:
        at = now + dt.timedelta(days=sent)
        notice = send(
            token=uuid.UUID(int=rng.getrandbits(128)),
            title=title,
            text=text,
            units=units,
            by=clock.local_date(now + dt.timedelta(days=due)),
            actor=bodies.user[bodies.office.pk],
            acting_post=bodies.office,
            now=at,
        )
        # People as they stand now: who is asked to confirm reads the notice from this moment on.
        fresh = holders(manned, on=clock.local_date(now))
        for row in notice.receipts.select_related("post", "notice", "unit"):
            # The last one waits for whoever signs in as the head of 城东区.
            waits = share < SHARE and row.unit.code == f"{CHENGDONG}-government"
            if rng.random() < share and not waits and row.post_id in fresh:
                confirm(
                    receipt=row,
                    actor=fresh[row.post_id],
                    acting_post=row.post,
                    now=at + dt.timedelta(hours=rng.randint(1, 40)),
                )
