"""Instructions and letters of the demo city: under way, late, to be accepted, closed; a ladder climbed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from analysis.demo.cast import CHENGDONG, Bodies
from hazards.models import Hazard
from responsibility.guidance.services import confirm
from responsibility.instructions.choices import Role, Source
from responsibility.instructions.models import Instruction, InstructionTask
from responsibility.instructions.services import Asked, act, end, give
from responsibility.letters import services as letters
from responsibility.letters.choices import Rung
from responsibility.letters.models import UnitLetter
from responsibility.letters.queries import late_of, notices_of
from responsibility.units.answering import answering_post
from safegrid.accounts.models import Post, User
from safegrid.accounts.queries import holders
from safegrid.grid.models import Unit
from safegrid.kernel import clock

CHENGBEI, CHENGZHONG = "630105000000", "630103000000"
READ_BY = 15  # bodies that have confirmed the circular
DAY = dt.timedelta(days=1)


def give_instructions(bodies: Bodies, *, now: dt.datetime) -> None:
    """Let the office and the head of 城东区 ask units for answers, and units answer some of it."""
    Scenes(bodies, now).play()


class Scenes:
    """What was asked and answered in the last weeks."""

    def __init__(self, bodies: Bodies, now: dt.datetime) -> None:
        self.now = now
        self.office = bodies.office
        self.bureau = bodies.user[bodies.office.pk]
        self.units = {unit.code: unit for unit in Unit.objects.select_related("district")}

    def play(self) -> None:
        """Play them all."""
        self._late()
        self._to_accept()
        self._closed()
        self._of_the_head()
        self._ladder_to_the_top()  # the older letters first: their numbers follow their days
        self._ladder()

    def _give(self, ago: int, **given: Any) -> Instruction:
        """Give an instruction some days ago, as the office unless somebody else is named."""
        post: Post = given.pop("post", self.office)
        fields = {"source": Source.NOTE, "actor": self._holder(post), "acting_post": post}
        return give(token=uuid.uuid4(), now=self.now - ago * DAY, **{**fields, **given})

    def _asked(self, code: str, days: int) -> Asked:
        """Ask a unit for a reply by a day before (negative) or after today."""
        return Asked(self.units[code], clock.local_date(self.now) + days * DAY)

    def _holder(self, post: Post) -> User:
        return holders([post.pk], on=clock.local_date(self.now))[post.pk]

    def _act(self, row: Instruction, code: str, action: str, note: str, ago: int, **more: Any) -> None:
        task = InstructionTask.objects.select_related("post", "instruction__giver_post").get(
            instruction=row, unit=self.units[code]
        )
        post = row.giver_post if action in ("accept", "send_back") else task.post
        act(
            task=task,
            action=action,
            note=note,
            version=task.version,
            actor=self._holder(post),
            acting_post=post,
            now=self.now - ago * DAY,
            **more,
        )

    def _late(self) -> None:
        """The longest late hazard of 城东区: the district leads and is late, the brigade has answered."""
        east = Hazard.objects.overdue(self.now).filter(district__code=CHENGDONG)
        hazard = east.order_by("due_on", "pk").first()
        row = self._give(
            11,
            title="长期逾期隐患的挂牌整治",
            text="请城东区政府牵头，逐一核实逾期隐患未整改的原因，督促企业限期整改到位，并报送整改前后照片。",
            lead=self._asked(f"{CHENGDONG}-government", -2),
            assisting=[self._asked("fire_rescue", 2), self._asked(f"{CHENGDONG}-emergency", 3)],
            about=hazard,
        )
        self._act(row, f"{CHENGDONG}-government", "progress", "已约见企业负责人，企业承诺三日内完成整改。", 6)
        self._act(row, "fire_rescue", "answer", "已派员现场指导，疏散通道已清理，消防设施完好。", 3)

    def _to_accept(self) -> None:
        """A document of the province: every unit has answered, the office accepts."""
        row = self._give(
            9,
            source=Source.DOCUMENT,
            source_title="关于开展岁末年初安全生产重大隐患专项整治的通知",
            source_number="青安委〔2026〕18号",
            title="岁末年初重大隐患专项整治部署情况",
            text="请市应急管理局牵头汇总各行业领域部署情况，各单位报送专项整治方案和责任清单。",
            lead=self._asked("emergency", 4),
            assisting=[self._asked("fire_rescue", 1)],
        )
        self._act(row, "fire_rescue", "answer", "方案已印发，重点排查人员密集场所。", 4)
        self._act(row, "fire_rescue", "accept", "", 3)
        self._act(row, "emergency", "answer", "各行业领域均已部署，方案和责任清单见汇总表。", 1)

    def _closed(self) -> None:
        """Last month's, closed with its summary."""
        row = self._give(
            40,
            title="节前烟花爆竹零售点安全检查",
            text="请市应急管理局会同城东区应急管理局开展节前检查，报送检查结果。",
            lead=self._asked("emergency", -25),
            assisting=[self._asked(f"{CHENGDONG}-emergency", -27)],
        )
        self._act(row, f"{CHENGDONG}-emergency", "answer", "检查零售点12家，发现隐患3处，均已整改。", 28)
        self._act(row, "emergency", "answer", "全市检查零售点57家，发现隐患14处，当场整改11处。", 27)
        self._act(
            row,
            "emergency",
            "send_back",
            "请补充其余3处隐患的整改时限和责任人。",
            26,
            due_on=clock.local_date(self.now) - 20 * DAY,
        )
        self._act(row, "emergency", "answer", "其余3处已于本周整改完毕，责任人均为零售点负责人。", 21)
        self._act(row, "emergency", "accept", "", 20)
        fresh = Instruction.objects.get(pk=row.pk)
        lead = InstructionTask.objects.select_related("post").get(instruction=row, role=Role.LEAD)
        end(
            instruction=fresh,
            action="close",
            note="全市共检查零售点57家，发现隐患14处，已全部整改完毕。",
            version=fresh.version,
            actor=self._holder(lead.post),
            acting_post=lead.post,
            now=self.now - 19 * DAY,
        )

    def _of_the_head(self) -> None:
        """The head of 城东区 asks their own emergency bureau, and owes the office an answer themselves."""
        today = clock.local_date(self.now)
        head = answering_post(self.units[f"{CHENGDONG}-government"], on=today)
        if head is None:
            return
        row = self._give(
            6,
            post=head,
            title="燃气用户入户检查进度",
            text="请区应急管理局会同有关街道，加快餐饮场所燃气使用安全检查，报送进度。",
            lead=self._asked(f"{CHENGDONG}-emergency", 2),
        )
        self._act(row, f"{CHENGDONG}-emergency", "answer", "已完成餐饮场所入户检查的八成，余下本周完成。", 1)
        self._give(
            1,
            title="网格员巡查到位情况自查",
            text="请城东区政府组织自查网格员巡查到位情况，对空岗网格提出补充人员的办法。",
            lead=self._asked(f"{CHENGDONG}-government", 6),
        )

    def _ladder(self) -> None:
        """城北区 has answered nothing, two rungs up; 城东区 was reminded and notes how far it is."""
        today = clock.local_date(self.now)
        self._give(
            20,
            title="重点企业安全生产责任保险投保情况",
            text="请城北区政府组织核查重点企业投保情况，报送未投保企业名单和整改时限。",
            lead=self._asked(f"{CHENGBEI}-government", -10),
        )
        north = self.units[f"{CHENGBEI}-government"]
        self._send(north, Rung.REMINDER, "请抓紧办理，逾期原因一并说明。", 8, today - 4 * DAY)
        self._send(north, Rung.URGING, "经提示后仍未办结，请主要负责人亲自督办。", 2, today + 5 * DAY)
        east = self.units[f"{CHENGDONG}-government"]
        sent = self._send(east, Rung.REMINDER, "交办事项已逾期，请尽快答复。", 1, today + 6 * DAY)
        letters.act(
            letter=sent,
            action="progress",
            note="正在汇总，明日报送。",
            version=sent.version,
            actor=self._holder(sent.post),
            acting_post=sent.post,
            now=self.now - DAY / 4,
        )

    def _ladder_to_the_top(self) -> None:
        """城中区 answered the reminder, but nothing after it: it was talked with, and is named to all."""
        today = clock.local_date(self.now)
        self._give(
            44,
            title="老旧小区燃气管道隐患整改",
            text="请城中区政府组织核查老旧小区燃气管道隐患，逐项明确整改责任人和时限，报送清单。",
            lead=self._asked(f"{CHENGZHONG}-government", -31),
        )
        unit = self.units[f"{CHENGZHONG}-government"]
        reminder = self._send(unit, Rung.REMINDER, "交办事项已逾期，请尽快报送清单。", 28, today - 22 * DAY)
        self._send(
            unit, Rung.URGING, "经提示后仍未报送，请主要负责人亲自督办。", 21, today - 15 * DAY
        )  # while the reminder waits; the urging letter itself is never answered
        self._reply(reminder, "answer", "已责成区城市管理局核查，清单正在汇总。", 20)
        self._reply(reminder, "accept", "", 19)
        talk = self._send(
            unit,
            Rung.TALK,
            "请区政府主要负责人到会说明逾期原因和整改措施。",
            14,
            today - 8 * DAY,
            talk_at=clock.day_start(today - 11 * DAY) + dt.timedelta(hours=9, minutes=30),
            talk_place="市安委办三楼会议室",
        )
        self._reply(talk, "answer", "已按时到会说明情况，承诺加快核查进度。", 9)
        self._reply(
            talk, "send_back", "只有承诺，没有清单。请补报清单和整改时限。", 7, due_on=today - 4 * DAY
        )
        circular = self._send(
            unit, Rung.CIRCULAR, "约谈后仍未按要求报送，现予通报，请各单位引以为戒。", 3, today + 4 * DAY
        )
        self._read(circular)

    def _reply(self, letter: UnitLetter, action: str, note: str, ago: int, **more: Any) -> None:
        """Let the unit answer, or the office take or send back its answer, some days ago."""
        row = UnitLetter.objects.select_related("post", "sender_post").get(pk=letter.pk)
        post = row.post if action == "answer" else row.sender_post
        letters.act(
            letter=row,
            action=action,
            note=note,
            version=row.version,
            actor=self._holder(post),
            acting_post=post,
            now=self.now - ago * DAY,
            **more,
        )

    def _read(self, circular: UnitLetter) -> None:
        """Let some bodies confirm that they have read of it."""
        [notice] = notices_of(circular, self.bureau)
        receipts = list(notice.receipts.select_related("post", "notice", "unit").order_by("pk"))
        manned = holders([row.post_id for row in receipts], on=clock.local_date(self.now))
        others = [
            row for row in receipts if row.unit.code != f"{CHENGDONG}-government"
        ]  # `chengdong` reads it
        for row in others[:READ_BY]:
            confirm(receipt=row, actor=manned[row.post_id], acting_post=row.post, now=self.now - 2 * DAY)

    def _send(self, unit: Unit, rung: Rung, text: str, ago: int, due_on: dt.date, **talk: Any) -> UnitLetter:
        """Send a letter some days ago about what the unit was late with then."""
        at = self.now - ago * DAY
        return letters.send(
            token=uuid.uuid4(),
            unit=unit,
            rung=rung,
            text=text,
            due_on=due_on,
            owed=list(late_of(unit, self.bureau, now=at)[:3]),
            actor=self.bureau,
            acting_post=self.office,
            now=at,
            **talk,
        )
