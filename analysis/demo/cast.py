"""The bodies of the demo city: their posts, their people, what they answer for, and the named cast."""

import datetime as dt
import random
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.hashers import make_password

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from safegrid.accounts.choices import CertificateKind, PostKind
from safegrid.accounts.establishing import PostPlan, establish
from safegrid.accounts.models import Certificate, Post, PostScope, Substitution, User
from safegrid.grid.choices import Level, UnitKind
from safegrid.grid.models import District, Enterprise, Matter, Unit
from safegrid.kernel import clock

OFFICERS_IN_DISTRICT = 4
VACANT_TOWNSHIP = "630102101000"  # 韵家口镇: nobody holds its head's post
CHENGDONG = "630102000000"
GRID_CELL = "630102001001001"  # the cell of `gridofficer` and of the demo enterprise
EXPIRED = ("630105000000", OFFICERS_IN_DISTRICT - 1)  # who is on leave; the certificate ran out meanwhile
EXPIRED_DAYS = 25

#: username → (name, name in Latin letters)
NAMES = {
    "bureau": ("安国栋", "An Guodong"),
    "mayor": ("高瑞川", "Gao Ruichuan"),
    "chengdong": ("东方明", "Dongfang Ming"),
    "fire": ("肖卫", "Xiao Wei"),
    "inspector": ("马建军", "Ma Jianjun"),
    "inspector2": ("李雪梅", "Li Xuemei"),
    "gridofficer": ("韩玉兰", "Han Yulan"),
    "enterprise": ("王海燕", "Wang Haiyan"),
    "principal": ("张恒盛", "Zhang Hengsheng"),
    "rival": ("刘志强", "Liu Zhiqiang"),
    "auditor": ("沈明镜", "Shen Mingjing"),
    "admin": ("管理员", "Administrator"),
}


@dataclass
class People:
    """Makes people: the named cast with the demo password, everybody else unable to sign in."""

    rng: random.Random
    vocabulary: dict[str, list[str]]
    count: int = 0
    password: str = field(default_factory=lambda: make_password(settings.DEMO_PASSWORD))

    def named(self, username: str) -> User:
        """Return one of the cast, unsaved."""
        name, name_en = NAMES[username]
        return User(
            username=username,
            name=name,
            name_en=name_en,
            email=f"{username}@safegrid.example",
            phone=self.phone(),
            password=self.password,
            is_staff=username == "admin",
            is_superuser=username == "admin",
        )

    def anybody(self) -> User:
        """Return a fictional person, unsaved, who cannot sign in."""
        self.count += 1
        surname, given = (
            self.rng.choice(self.vocabulary["surnames"]),
            self.rng.choice(self.vocabulary["given_names"]),
        )
        name = (
            self.rng.choice(self.vocabulary["tibetan_names"]) if self.rng.random() < 0.06 else surname + given
        )
        return User(
            username=f"p{self.count:05d}",
            name=name,
            email=f"p{self.count:05d}@safegrid.example",
            phone=self.phone(),
            password="!",  # noqa: S106 (no password at all)
        )

    def phone(self) -> str:
        """Return a number of a range that no operator gives out."""
        return f"0971-55{self.rng.randint(10000, 99999)}"


@dataclass
class Bodies:
    """What the rest of the seed needs of the bodies that were set up."""

    office: Post
    officers: dict[int, list[Post]]  # by district
    grid_officers: dict[int, Post]  # by cell
    user: dict[int, User]  # holder by post


def set_up(people: People, *, since: dt.date, now: dt.datetime) -> Bodies:
    """Create the posts of governments, member units and townships, appoint people, give assignments."""
    units = {unit.code: unit for unit in Unit.objects.select_related("district").prefetch_related("governs")}
    places = list(District.objects.filter(closed_on=None).defer("boundary").order_by("path"))
    city = next(p for p in places if p.level == Level.CITY)
    plans: dict[str, PostPlan] = {}

    def plan(
        key: str, title: str, title_en: str, kind: PostKind, unit: Unit, who: User | None, *scopes: PostScope
    ) -> None:
        post = Post(title=title, title_en=title_en, kind=kind, unit=unit, created_at=now)
        plans[key] = PostPlan(post, who, list(scopes))

    office = units["city_committee_office"]
    plan(
        "bureau",
        "市安委办主任",
        "Director, Safety Committee Office",
        PostKind.OFFICE,
        office,
        people.named("bureau"),
        PostScope(district=city, acting=True),
    )
    plan(
        "auditor",
        "市安委办审计专员",
        "Auditor, Safety Committee Office",
        PostKind.AUDITOR,
        office,
        people.named("auditor"),
        PostScope(district=city),
    )
    plan(
        "admin",
        "系统管理员",
        "System administrator",
        PostKind.ADMIN,
        office,
        people.named("admin"),
        PostScope(district=city, acting=True),
    )
    for unit in units.values():
        if unit.district_id == city.pk and unit.kind == UnitKind.MEMBER:
            _member_unit(plan, unit, city, people)
    for place in places:
        if place.level == Level.DISTRICT:
            _district(plan, units, place, people)
        elif place.level == Level.TOWNSHIP:
            who = None if place.code == VACANT_TOWNSHIP else people.anybody()
            plan(
                f"head:{place.code}",
                f"{place.name}安全生产第一责任人",
                f"Head, {place.name_en}",
                PostKind.HEAD,
                units[f"{place.code}-government"],
                who,
                PostScope(district=place, acting=True),
            )
        elif place.level == Level.CELL:
            township = place.code[:9] + "000"
            who = people.named("gridofficer") if place.code == GRID_CELL else people.anybody()
            plan(
                f"cell:{place.code}",
                f"{place.name}网格员",
                f"Grid officer, {place.name_en}",
                PostKind.GRID_OFFICER,
                units[f"{township}-government"],
                who,
                PostScope(district=place, acting=True),
            )
    establish(list(plans.values()), since=since, actor=None, acting_post=None, now=now)
    by_code = {p.code: p for p in places}
    _certificates(plans, since)
    _assign(plans, units, by_code, city, since)
    officers = {
        p.pk: [plans[f"officer:{p.code}:{i}"].post for i in range(OFFICERS_IN_DISTRICT)]
        for p in places
        if p.level == Level.DISTRICT
    }
    _leave(officers[by_code[EXPIRED[0]].pk], plans)
    cells = {by_code[k.split(":")[1]].pk: v.post for k, v in plans.items() if k.startswith("cell:")}
    user = {p.post.pk: p.holder for p in plans.values() if p.holder is not None}
    return Bodies(plans["bureau"].post, officers, cells, user)


def _member_unit(plan, unit: Unit, city: District, people: People) -> None:  # type: ignore[no-untyped-def]
    matters = list(unit.governs.all())
    plan(
        f"unit_head:{unit.code}",
        f"{unit.name}负责人",
        f"Head, {unit.name_en}",
        PostKind.HEAD,
        unit,
        people.anybody(),
        *(PostScope(district=city, matter=m) for m in matters),
    )
    if matters:
        who = people.named("fire") if unit.code == "fire_rescue" else people.anybody()
        plan(
            f"supervisor:{unit.code}",
            f"{unit.name}安全监管岗",
            f"Supervisor, {unit.name_en}",
            PostKind.SUPERVISOR,
            unit,
            who,
            *(PostScope(district=city, matter=m, acting=True) for m in matters),
        )


def _district(plan, units: dict[str, Unit], place: District, people: People) -> None:  # type: ignore[no-untyped-def]
    who = people.named("chengdong") if place.code == CHENGDONG else people.anybody()
    plan(
        f"head:{place.code}",
        f"{place.name}区长" if place.name.endswith("区") is False else f"{place.name[:-1]}区区长",
        f"Head of {place.name_en}",
        PostKind.HEAD,
        units[f"{place.code}-government"],
        who,
        PostScope(district=place, acting=True),
    )
    bureau = units[f"{place.code}-emergency"]
    plan(
        f"bureau_head:{place.code}",
        f"{bureau.name}局长",
        f"Director, {bureau.name_en}",
        PostKind.HEAD,
        bureau,
        people.anybody(),
        PostScope(district=place),
    )
    for i in range(OFFICERS_IN_DISTRICT):
        named = {0: "inspector", 1: "inspector2"}.get(i) if place.code == CHENGDONG else None
        person = people.named(named) if named else people.anybody()
        plan(
            f"officer:{place.code}:{i}",
            f"{place.name}执法员{i + 1}",
            f"Enforcement officer {i + 1}, {place.name_en}",
            PostKind.OFFICER,
            bureau,
            person,
            PostScope(district=place, acting=True),
        )


def _certificates(plans: dict[str, PostPlan], since: dt.date) -> None:
    rows = []
    expired = "officer:{}:{}".format(*EXPIRED)
    ran_out = clock.local_date(clock.now()) - dt.timedelta(days=EXPIRED_DAYS)
    for key, plan in plans.items():
        if plan.holder is not None and key.startswith(("officer:", "supervisor:")):
            until = ran_out if key == expired else since.replace(year=since.year + 5)
            rows.append(
                Certificate(
                    user=plan.holder,
                    kind=CertificateKind.ENFORCEMENT,
                    number=f"青A{plan.post.pk:06d}",
                    span=(until.replace(year=until.year - 5, day=1), until),
                )
            )
    Certificate.objects.bulk_create(rows)


def _assign(
    plans: dict[str, PostPlan],
    units: dict[str, Unit],
    places: dict[str, District],
    city: District,
    since: dt.date,
) -> None:
    """Three lines: townships and districts, the bodies that govern a matter, the emergency bureaus."""
    roots = list(Matter.objects.filter(depth=1))
    rows: list[Assignment] = []

    def give(key: str, line: Line, tier: Tier, matter: Matter, district: District, basis: str) -> None:
        rows.append(
            Assignment(
                post=plans[key].post,
                line=line,
                tier=tier,
                matter=matter,
                district=district,
                span=(since, None),
                basis=basis,
            )
        )

    for code, place in places.items():
        if place.level == Level.TOWNSHIP:
            for matter in roots:
                give(f"head:{code}", Line.TERRITORIAL, Tier.LEAD, matter, place, "安全生产法第九条")
        elif place.level == Level.CELL:
            for matter in roots:
                give(f"cell:{code}", Line.TERRITORIAL, Tier.DIRECT, matter, place, "网格化监管实施方案")
        elif place.level == Level.DISTRICT:
            for matter in roots:
                give(f"bureau_head:{code}", Line.COMPREHENSIVE, Tier.LEAD, matter, place, "安全生产法第十条")
    for key in plans:
        if key.startswith("supervisor:"):
            unit = units[key.removeprefix("supervisor:")]
            for matter in unit.governs.all():
                give(key, Line.INDUSTRY, Tier.LEAD, matter, city, unit.basis)
    Assignment.objects.bulk_create(rows)


def _leave(officers: list[Post], plans: dict[str, PostPlan]) -> None:
    """The last officer of 城北区 is on leave this week; a colleague stands in, and nobody visits as two."""
    holder = {p.post.pk: p.holder for p in plans.values() if p.holder is not None}
    today = clock.local_date(clock.now())
    away = officers.pop()
    Substitution.objects.create(
        post=away,
        user=holder[officers[-1].pk],
        span=(today - dt.timedelta(days=2), today + dt.timedelta(days=5)),
    )


def staff_enterprise(
    enterprises: list[tuple[Enterprise, str, str]],
    people: People,
    *,
    since: dt.date,
    actor: User,
    acting_post: Post,
    now: dt.datetime,
) -> dict[int, tuple[Post, Post]]:
    """Give each enterprise a safety officer and a principal; return (officer, principal) by enterprise.

    Each item names the usernames of the cast that hold them, or empty texts.
    """
    plans: list[PostPlan] = []
    for enterprise, officer, principal in enterprises:
        for kind, title, title_en, named in (
            (PostKind.SAFETY_OFFICER, "安全员", "Safety officer", officer),
            (PostKind.PRINCIPAL, "主要负责人", "Principal", principal),
        ):
            person = people.named(named) if named else people.anybody()
            if kind == PostKind.PRINCIPAL and not named and enterprise.principal:
                person.name = enterprise.principal
            post = Post(title=title, title_en=title_en, kind=kind, enterprise=enterprise, created_at=now)
            plans.append(PostPlan(post, person, [PostScope(enterprise=enterprise, acting=True)]))
    posts = establish(plans, since=since, actor=actor, acting_post=acting_post, now=now)
    pairs = zip(posts[::2], posts[1::2], strict=True)
    return {officer.enterprise_id or 0: (officer, principal) for officer, principal in pairs}
