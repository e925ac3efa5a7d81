"""What people have reported in the demo city: in every state, and what workers told their own enterprise."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from analysis.demo.businesses import DEMO_NAME
from hazards import services as hazards
from hazards.choices import Category, Grade
from hazards.reports.choices import Via
from hazards.reports.forms import general_matter
from hazards.reports.handling import Given, act
from hazards.reports.models import Report
from hazards.reports.services import Told, receive
from hazards.reports.workers import services as workers
from safegrid.accounts.models import Post, User
from safegrid.grid.models import Site
from safegrid.kernel import clock

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def tell_reports(*, now: dt.datetime) -> None:
    """Let people in 城东区 report dangers, and the inspector and the office deal with some of them."""
    Scenes(now).play()


class Scenes:
    """What was reported in the last weeks, as the demo accounts meet it."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.people = {name: User.objects.get(username=name) for name in ("bureau", "inspector")}
        self.post: dict[str, Post] = {name: user.standing.posts[0] for name, user in self.people.items()}
        inside = Site.objects.editable_by(self.people["inspector"], self.post["inspector"])
        self.sites = list(
            inside.exclude(township=None)
            .select_related("enterprise", "township")
            .order_by("township", "pk")[:40]
        )

    def play(self) -> None:
        """Play them all."""
        self._answered()
        self._rejected()
        self._raised()
        self._taken_up()
        self._received()
        self._called()
        self._workers()

    def _ago(self, days: float) -> dt.datetime:
        return self.now - days * DAY - HOUR

    def _tell(self, number: int, days: float, what: str, **told: Any) -> Report:
        """Let somebody report something at the gate of a site, some days ago."""
        site = self.sites[number * 7 % len(self.sites)]
        fields = {"what": what, "matter": general_matter(), "site": site, **told}
        via = Via.GATE if fields["site"] is not None else Via.WEB
        return receive(key=uuid.uuid4(), told=Told(**fields), via=via, now=self._ago(days))

    def _act(
        self, report: Report, action: str, days: float, *, by: str = "inspector", **given: Any
    ) -> Report:
        return act(
            report=report,
            action=action,
            given=Given(**given),
            version=report.version,
            actor=self.people[by],
            acting_post=self.post[by],
            now=self._ago(days),
        )

    def _answered(self) -> None:
        report = self._tell(
            0, 24, "楼道里堆满纸箱和旧家具，晚上没有灯。", where="二单元三楼", phone="13900000001"
        )
        report = self._act(report, "accept", 23)
        report = self._act(report, "unfounded", 20, note="现场查看，楼道已清理，照明正常。")
        text = "您好，我们已到现场核查，楼道杂物已清理，照明已恢复。感谢您的举报。"
        self._act(report, "feedback", 19, feedback=text)

    def _rejected(self) -> None:
        report = self._tell(1, 15, "隔壁装修周末早上太吵。")
        text = "噪声扰民不属于安全生产事项，请拨打12345反映。"
        self._act(report, "reject", 14, by="bureau", feedback=text)

    def _raised(self) -> None:
        report = self._tell(2, 8, "后门被铁链锁住，里面还有人上班，着火了跑不出来。", name="一名路过的市民")
        report = self._act(report, "accept", 7)
        note = "后门用铁链上锁，现场有员工作业。"
        report = self._act(
            report, "raise_hazard", 4, title="安全出口上锁", category=Category.FIRE, spot="后门", note=note
        )
        hazard = report.hazard
        assert hazard is not None  # noqa: S101 (just registered)
        who: dict[str, Any] = {"actor": self.people["inspector"], "acting_post": self.post["inspector"]}
        for action, given in (
            ("grade", hazards.Given(grade=Grade.GENERAL)),
            (
                "order",
                hazards.Given(
                    due_on=clock.local_date(self.now) + 3 * DAY, measures="立即拆除铁链，营业期间不得上锁。"
                ),
            ),
        ):
            hazard = hazards.act(
                hazard=hazard, action=action, given=given, version=hazard.version, now=self._ago(4), **who
            )

    def _taken_up(self) -> None:
        report = self._tell(3, 5, "门口的电线裸露，下雨天经过怕触电。", where="店门左侧", phone="13900000002")
        self._act(report, "accept", 4)

    def _received(self) -> None:
        self._tell(4, 0.5, "工人在楼顶作业没有系安全带。")
        district = self.sites[0].township
        where = "农贸市场北门烧烤摊"
        self._tell(
            5, 1, "烧烤摊的液化气罐放在太阳下暴晒，紧挨着明火。", site=None, district=district, where=where
        )

    def _called(self) -> None:
        told = Told(
            what="来电人称小区地下车库充电桩冒烟，物业已断电。",
            matter=general_matter(),
            district=self.sites[-1].township,
            where="地下车库B2层",
            phone="13900000003",
        )
        receive(
            key=uuid.uuid4(),
            told=told,
            via=Via.PHONE,
            actor=self.people["bureau"],
            acting_post=self.post["bureau"],
            now=self._ago(0.1),
        )

    def _workers(self) -> None:
        """Two reports inside the demo enterprise: one waits for an answer, one was answered in words."""
        site = (
            Site.objects.filter(enterprise__name=DEMO_NAME)
            .select_related("enterprise")
            .order_by("pk")
            .first()
        )
        officer = User.objects.filter(username="enterprise").first()
        if site is None or officer is None:
            return
        common: dict[str, Any] = {"site": site, "photos": ()}
        old = workers.receive(
            key=uuid.uuid4(),
            what="货架第三层横梁变形，继续放重物会塌。",
            where="仓库东侧",
            name="仓库小李",
            now=self._ago(9),
            **common,
        )
        workers.answer(
            report=old,
            feedback="已卸货并更换横梁，谢谢提醒。",
            plan=None,
            version=old.version,
            actor=officer,
            acting_post=officer.standing.posts[0],
            now=self._ago(7),
        )
        workers.receive(
            key=uuid.uuid4(),
            what="配电箱门关不上，里面有灰。",
            where="一楼后厨",
            name="",
            now=self._ago(1),
            **common,
        )
