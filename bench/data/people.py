"""Officials with their posts and scopes: one cell, a township, a district, a matter, the whole city.

Their usernames say what they are (`head-630102000000`, `unit-fire_rescue-0`), so that a measurement can name
them; nobody has a password.
"""

import json
from dataclasses import dataclass, field

from bench.data.size import Size, dice
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding, Post, PostScope, User
from safegrid.grid.choices import Level, UnitKind
from safegrid.grid.models import District, Enterprise, Unit
from safegrid.grid.reference import DATA

SINCE_YEARS = 4
DISTRICT_OFFICERS = 20  # of each district at scale 1, and never fewer than three
SUPERVISORS = 3  # of each member unit that governs a matter
CITY_OFFICE = 4


@dataclass
class Roster:
    """Posts in the making: parallel lists, saved together."""

    size: Size
    users: list[User] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    scopes: list[PostScope] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = dice("people")
        words = json.loads((DATA / "names.json").read_text(encoding="utf-8"))
        self.surnames, self.given = words["surnames"], words["given_names"]

    def add(
        self, username: str, kind: PostKind, title: str, unit: Unit | None, *scopes: PostScope, **more: object
    ) -> None:
        """Add a person with a post; scopes are unsaved and without a post."""
        name = self.dice.choice(self.surnames) + self.dice.choice(self.given)
        user = User(username=username, name=name, email=f"{username}@safegrid.example", password="!")  # noqa: S106
        user.is_staff = user.is_superuser = kind == PostKind.ADMIN
        post = Post(title=title, kind=kind, unit=unit, created_at=self.size.now, **more)
        for scope in scopes:
            scope.post = post
        self.users.append(user)
        self.posts.append(post)
        self.scopes += scopes

    def save(self) -> None:
        """Write all of it."""
        since = self.size.today.replace(year=self.size.today.year - SINCE_YEARS, month=1, day=1)
        User.objects.bulk_create(self.users, 1000)
        Post.objects.bulk_create(self.posts, 1000)
        Holding.objects.bulk_create(
            (
                Holding(post=post, user=user, span=(since, None))
                for post, user in zip(self.posts, self.users, strict=True)
            ),
            1000,
        )
        for scope in self.scopes:
            scope.post_id = scope.post.pk
        PostScope.objects.bulk_create(self.scopes, 1000)


def appoint(size: Size) -> int:
    """Appoint the officials of the city and return how many they are."""
    roster = Roster(size)
    places = list(District.objects.filter(closed_on=None).defer("boundary").order_by("path"))
    units = {unit.code: unit for unit in Unit.objects.prefetch_related("governs")}
    city = next(place for place in places if place.level == Level.CITY)
    office = units["city_committee_office"]
    for number in range(CITY_OFFICE):
        roster.add(
            f"city-{number}", PostKind.OFFICE, "市安委办", office, PostScope(district=city, acting=True)
        )
    roster.add("auditor", PostKind.AUDITOR, "审计专员", office, PostScope(district=city))
    roster.add("admin", PostKind.ADMIN, "系统管理员", office, PostScope(district=city, acting=True))
    mayor = units["city_government"]
    roster.add("head-city", PostKind.HEAD, "市长", mayor, PostScope(district=city))
    for unit in units.values():
        governs = list(unit.governs.all())
        if unit.district_id == city.pk and unit.kind == UnitKind.MEMBER and governs:
            for number in range(SUPERVISORS):
                scopes = [PostScope(district=city, matter=matter, acting=True) for matter in governs]
                title = f"{unit.name}监管岗"
                roster.add(f"unit-{unit.code}-{number}", PostKind.SUPERVISOR, title, unit, *scopes)
    for place in places:
        if place.level == Level.DISTRICT:
            government, bureau = units[f"{place.code}-government"], units[f"{place.code}-emergency"]
            head = PostScope(district=place)
            roster.add(f"head-{place.code}", PostKind.HEAD, f"{place.name}区长", government, head)
            for number in range(max(3, round(DISTRICT_OFFICERS * size.scale))):
                scope, title = PostScope(district=place, acting=True), f"{place.name}执法员"
                roster.add(f"officer-{place.code}-{number}", PostKind.OFFICER, title, bureau, scope)
        elif place.level == Level.TOWNSHIP:
            unit, scope = units[f"{place.code}-government"], PostScope(district=place)
            roster.add(f"head-{place.code}", PostKind.HEAD, f"{place.name}负责人", unit, scope)
        elif place.level == Level.CELL:
            unit = units[f"{place.code[:9]}000-government"]
            scope = PostScope(district=place, acting=True)
            roster.add(f"cell-{place.code}", PostKind.GRID_OFFICER, f"{place.name}网格员", unit, scope)
    roster.save()
    return len(roster.users)


def staff(size: Size, officials: int) -> None:
    """Give the enterprises with most hazards, which are the first, a safety officer each."""
    roster = Roster(size)
    count = max(20, size.users - officials)
    firms = Enterprise.objects.filter(sites__district__isnull=False).distinct().order_by("pk")
    for number, pk in enumerate(firms.values_list("pk", flat=True)[:count]):
        scope = PostScope(enterprise_id=pk, acting=True)
        roster.add(f"enterprise-{number}", PostKind.SAFETY_OFFICER, "安全员", None, scope, enterprise_id=pk)
    roster.save()
