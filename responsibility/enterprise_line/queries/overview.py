"""What an enterprise's own line lacks, and what there is. A bounded number of queries, however much."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from responsibility.enterprise_line.choices import CredentialKind, StaffRole
from responsibility.enterprise_line.models import Credential, RiskPoint, RiskRound, Staff
from responsibility.enterprise_line.queries.hours import with_hours
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, User
from safegrid.accounts.queries import holders
from safegrid.grid.choices import RiskGrade
from safegrid.grid.models import Enterprise, Site
from safegrid.kernel import clock

SOON = dt.timedelta(days=90)
SHOWN = 20  # of each sort


@dataclass(frozen=True)
class SiteRisks:
    """The risk points of one site by colour, and what of its checks is open."""

    site: Site
    total: int
    grades: list[tuple[str, Any, int]]  # code, words, how many
    ownerless: int  # whose responsible person has left
    rounds: list[RiskRound]


@dataclass(frozen=True)
class Overview:
    """The whole of it on one page."""

    people: int
    roles: list[tuple[Any, int]]
    principals: list[Staff]
    safety_managers: list[Staff]
    expired: list[Credential]
    soon: list[Credential]
    standardization: Credential | None
    short: list[Staff]  # with hours
    missing_hours: Decimal
    sites: list[SiteRisks]

    @property
    def lacks_nothing(self) -> bool:
        """Whether nothing is missing."""
        return not (
            self.expired
            or self.soon
            or self.short
            or not self.principals
            or not self.safety_managers
            or self.standardization is None
            or any(not each.total or each.ownerless or each.rounds for each in self.sites)
        )


def overview(user: Any, enterprise: Enterprise, *, now: dt.datetime) -> Overview:
    """Return what `user` reads of the own line of `enterprise`. Six queries."""
    today = clock.local_date(now)
    staff = with_hours(
        Staff.objects.visible_to(user).present().filter(enterprise=enterprise),
        year=today.year,
        today=today,
        enterprise=enterprise,
    )
    people = list(staff.order_by("name", "pk"))
    roles = Counter(each.role for each in people)
    papers = list(
        Credential.objects.visible_to(user)
        .current()
        .filter(Q(due_on__lte=today + SOON) | Q(kind=CredentialKind.STANDARDIZATION), enterprise=enterprise)
        .select_related("holder")
        .order_by("due_on", "pk")
    )
    short: list[Any] = [each for each in people if each.missing > 0]
    return Overview(
        people=len(people),
        roles=[(label, roles[value]) for value, label in StaffRole.choices if roles[value]],
        principals=[each for each in people if each.role == StaffRole.PRINCIPAL],
        safety_managers=[each for each in people if each.role == StaffRole.SAFETY_MANAGER],
        expired=[each for each in papers if each.is_expired(today)],
        soon=[each for each in papers if not each.is_expired(today) and each.due_on <= today + SOON],
        standardization=next((each for each in papers if not each.is_person), None),
        short=short,
        missing_hours=sum((each.missing for each in short), Decimal(0)),
        sites=site_risks(user, enterprise),
    )


def site_risks(user: Any, enterprise: Enterprise) -> list[SiteRisks]:
    """Return the sites of `enterprise` that `user` reaches, their risk points by colour. Three queries."""
    sites = list(Site.objects.visible_to(user).filter(enterprise=enterprise).order_by("name", "pk"))
    counts: dict[int, dict[str, int]] = {}
    ownerless: Counter[int] = Counter()
    found = RiskPoint.objects.present().filter(site__in=sites).order_by().values_list("site", "grade")
    for site, grade, total, left in found.annotate(
        n=Count("pk"), left=Count("pk", filter=Q(owner__left_on__isnull=False))
    ):
        counts.setdefault(site, {})[grade] = total
        ownerless[site] += left
    rounds: dict[int, list[RiskRound]] = {}
    for row in RiskRound.objects.filter(site__in=sites, done_at=None, lapsed_at=None).order_by(
        "last_day", "pk"
    ):
        rounds.setdefault(row.site_id, []).append(row)
    return [
        SiteRisks(
            site,
            sum(counts.get(site.pk, {}).values()),
            [(value, label, counts.get(site.pk, {}).get(value, 0)) for value, label in RiskGrade.choices],
            ownerless[site.pk],
            rounds.get(site.pk, []),
        )
        for site in sites
    ]


def account_holders(enterprise: Enterprise, *, today: dt.date) -> list[tuple[Post, User]]:
    """Return who holds the posts of the enterprise today. Two queries."""
    posts = list(Post.objects.filter(enterprise=enterprise).order_by("pk"))
    people = holders([post.pk for post in posts], on=today)
    return [(post, people[post.pk]) for post in posts if post.pk in people]


def offered(enterprise: Enterprise, *, today: dt.date) -> list[tuple[str, str, User | None]]:
    """Return (name, role, account) of whom the register names already and the staff does not.

    The principal as registered, and the holders of the enterprise's posts: nobody types them again.
    Three queries.
    """
    known = list(Staff.objects.present().filter(enterprise=enterprise).values_list("name", "role", "user"))
    accounts, names = {user for _n, _r, user in known}, {name for name, _r, _u in known}
    found: list[tuple[str, str, User | None]] = []
    for post, person in account_holders(enterprise, today=today):
        if person.pk in accounts or {person.name, person.label} & names:
            continue
        is_principal = post.kind == PostKind.PRINCIPAL
        role = StaffRole.PRINCIPAL if is_principal else StaffRole.SAFETY_MANAGER
        found.append((person.name or person.label, role, person))
    principals = {name for name, role, _u in known if role == StaffRole.PRINCIPAL}
    principals |= {name for name, role, _u in found if role == StaffRole.PRINCIPAL}
    if enterprise.principal and enterprise.principal not in principals:
        found.insert(0, (enterprise.principal, StaffRole.PRINCIPAL, None))
    return found
