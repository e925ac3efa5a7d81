"""The own lines of the demo city: people, certificates, training and risk points of some enterprises.

The demo enterprise has what a page is made for: a certificate that is due in 20 days, one that has expired,
hours that are missing, risk points in four colours. Its rival has its own, to be seen by nobody else.
"""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from analysis.demo.businesses import DEMO_NAME, RIVAL_NAME
from responsibility.enterprise_line import owing
from responsibility.enterprise_line.choices import (
    CredentialKind,
    OperationField,
    PointKind,
    Result,
    StaffRole,
    TrainingKind,
)
from responsibility.enterprise_line.models import Staff
from responsibility.enterprise_line.periods import years_later
from responsibility.enterprise_line.services.checks import check_rest
from responsibility.enterprise_line.services.credentials import enter_credential
from responsibility.enterprise_line.services.risks import enter_point
from responsibility.enterprise_line.services.staff import enter_staff
from responsibility.enterprise_line.services.trainings import record_training
from responsibility.models import RiskRound
from responsibility.obligations.choices import Rhythm
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock

OTHERS = 4  # enterprises beside the demo's and its rival
SURNAMES, GIVEN = "赵钱孙李周吴郑王马韩", ("建国", "秀兰", "海峰", "玉梅", "志远", "小红", "文军", "雪莲")
TOPICS = ("消防器材的使用与疏散", "新修订安全生产法解读", "用电与燃气安全", "有限空间作业风险")

#: Name, kind, spot, what can happen, L, E, C, measures, rhythm; from red to blue.
POINTS: tuple[tuple[str, str, str, str, str, str, int, dict[str, str], str], ...] = (
    (
        "燃气调压间", PointKind.DEVICE, "后院", "燃气泄漏、爆炸", "3", "6", 40,
        {"engineering": "可燃气体报警器与切断阀联锁", "management": "双人双锁", "emergency": "应急处置卡"},
        Rhythm.DAILY,
    ),
    (
        "厨房灶台与排烟道", PointKind.PROCESS, "一层厨房", "油烟起火", "3", "6", 15,
        {"engineering": "灶台自动灭火装置", "management": "烟道每季度清洗", "training": "岗前灭火演练"},
        Rhythm.DAILY,
    ),
    (
        "地下库房", PointKind.PLACE, "负一层", "货物堆垛起火、疏散受阻", "3", "3", 15,
        {"management": "限高堆放，禁烟禁火", "emergency": "应急照明与疏散图"},
        Rhythm.WEEKLY,
    ),
    (
        "配电柜", PointKind.DEVICE, "一层配电间", "触电、电气火灾", "1", "2", 7,
        {"engineering": "漏电保护", "protection": "绝缘手套"},
        Rhythm.MONTHLY,
    ),
)  # fmt: skip


class Books:
    """One enterprise's own officer at work."""

    def __init__(self, enterprise: Enterprise, rng: random.Random, now: dt.datetime) -> None:
        self.enterprise, self.rng, self.now = enterprise, rng, now
        self.today = clock.local_date(now)
        holding = (
            Holding.objects.filter(post__enterprise=enterprise, post__kind=PostKind.SAFETY_OFFICER)
            .select_related("post", "user")
            .first()
        )
        assert holding is not None  # noqa: S101 (every enterprise of the demo city has one)
        self.officer = holding.user
        self.who: dict[str, Any] = {"actor": holding.user, "acting_post": holding.post, "now": now}

    def ago(self, days: int) -> dt.date:
        """Return a day that many days ago."""
        return self.today - dt.timedelta(days=days)

    def person(self, name: str, role: str, joined_on: dt.date, **more: Any) -> Staff:
        """Enter somebody."""
        return enter_staff(
            enterprise=self.enterprise, name=name, role=role, joined_on=joined_on, **more, **self.who
        )

    def anybody(self) -> str:
        """Return a fictional name."""
        return self.rng.choice(SURNAMES) + self.rng.choice(GIVEN)

    def name(self, known: str) -> str:
        """Return a name that the demo enterprise's stories know, and anybody's elsewhere."""
        return known if self.enterprise.name == DEMO_NAME else self.anybody()

    def paper(self, kind: str, due_in: int, *, years: int, number: str, **more: Any) -> None:
        """Enter a certificate that is due in so many days."""
        until = self.today + dt.timedelta(days=due_in)
        enter_credential(
            enterprise=self.enterprise,
            kind=kind,
            number=number,
            valid_from=years_later(until, -years) + dt.timedelta(days=1),
            valid_until=until,
            **more,
            **self.who,
        )

    def keep(self, *, is_rich: bool) -> None:
        """Write the books: all of it where `is_rich`, the usual few lines elsewhere."""
        number = f"青{self.enterprise.pk:05d}"
        principal = self.person(
            self.enterprise.principal or self.anybody(), StaffRole.PRINCIPAL, self.ago(2200)
        )
        manager = self.person(self.officer.name, StaffRole.SAFETY_MANAGER, self.ago(1500), user=self.officer)
        due = 20 if is_rich else self.rng.choice((-45, 12, 75, 300, 600))
        self.paper(CredentialKind.SAFETY_MANAGER, due, years=3, number=f"{number}A", holder=manager)
        self.paper(CredentialKind.PRINCIPAL, 400, years=3, number=f"{number}Z", holder=principal)
        people = [principal, manager]
        if is_rich:
            people += self._more(number)
        self._train(people)
        self._risks(manager, POINTS if is_rich else POINTS[2:])

    def _more(self, number: str) -> list[Staff]:
        electrician = self.person(self.name("周海峰"), StaffRole.SPECIAL_OPERATIONS, self.ago(900))
        welder = self.person(self.name("马文军"), StaffRole.SPECIAL_OPERATIONS, self.ago(700))
        field: dict[str, Any] = {"kind": CredentialKind.SPECIAL_OPERATION, "years": 6}
        self.paper(
            due_in=3 * 365 - 8,
            number=f"T{number}B",
            holder=electrician,
            field=OperationField.ELECTRICAL,
            **field,
        )
        self.paper(due_in=1900, number=f"T{number}C", holder=welder, field=OperationField.WELDING, **field)
        self.paper(CredentialKind.STANDARDIZATION, 85, years=3, number=f"{number}-III", level=3)
        first = dt.date(self.today.year, 1, 1)
        new = [
            self.person(self.name(name), StaffRole.WORKER, max(first, self.ago(days)))
            for name, days in (("李小红", 20), ("孙志远", 40))
        ]
        return [electrician, welder, self.person(self.name("韩玉梅"), StaffRole.WORKER, self.ago(1100)), *new]

    def _train(self, people: list[Staff]) -> None:
        first = dt.date(self.today.year, 1, 1)
        for number, (days, hours) in enumerate(((15, 8), (160, 2), (250, 2))):
            held_on = self.ago(days)
            there = [each for each in people if each.joined_on <= held_on]
            if held_on < first or not there:
                continue
            results = dict.fromkeys(there, Result.PASSED)
            if len(there) > 3:  # somebody is always away, and somebody fails
                results[there[-1]], results[there[-2]] = Result.ABSENT, Result.FAILED
            record_training(
                enterprise=self.enterprise,
                held_on=held_on,
                kind=(TrainingKind.SPECIAL, TrainingKind.ANNUAL, TrainingKind.DRILL)[number],
                topic=TOPICS[(self.enterprise.pk + number) % len(TOPICS)],
                trainer=self.officer.name,
                hours=Decimal(hours),
                results=results,
                **self.who,
            )

    def _risks(self, owner: Staff, points: Any) -> None:
        site = self.enterprise.sites.order_by("pk").first()
        if site is None:
            return
        for name, kind, spot, dangers, likelihood, exposure, consequence, measures, rhythm in points:
            facts = dict.fromkeys(("engineering", "management", "training", "protection", "emergency"), "")
            enter_point(
                site=site,
                facts=facts
                | measures
                | {
                    "name": name,
                    "kind": kind,
                    "spot": spot,
                    "dangers": dangers,
                    "likelihood": Decimal(likelihood),
                    "exposure": Decimal(exposure),
                    "consequence": consequence,
                    "owner": owner,
                    "rhythm": rhythm,
                },
                **self.who,
            )
        monthly = RiskRound.objects.filter(site=site, rhythm=Rhythm.MONTHLY).first()
        if monthly is not None:
            check_rest(row=monthly, **self.who)


def keep_own_lines(*, now: dt.datetime) -> None:
    """Write the own lines of the demo enterprise, its rival and a few more, and open what falls due."""
    rng = random.Random(20211)  # noqa: S311 (a story, not a secret)
    named = list(Enterprise.objects.filter(name__in=(DEMO_NAME, RIVAL_NAME)).order_by("pk"))
    others = Enterprise.objects.exclude(pk__in=[e.pk for e in named]).filter(
        status="operating", posts__kind=PostKind.SAFETY_OFFICER
    )
    for enterprise in (*named, *others.order_by("pk")[:OTHERS]):
        Books(enterprise, rng, now).keep(is_rich=enterprise in named)
    owing.look(now=now)
