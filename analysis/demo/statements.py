"""The demo city's responsibility statements: issued, signed, the quarters that are over locked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from analysis.demo.businesses import DEMO_NAME
from responsibility.coverage import figures
from responsibility.coverage.audit import audit
from responsibility.statements.bodies import signing_posts
from responsibility.statements.choices import Scoring, StatementLevel, StatementState
from responsibility.statements.defaults import load_templates
from responsibility.statements.issuing import issue
from responsibility.statements.models import (
    ScoreLine,
    Statement,
    StatementScore,
    StatementTemplate,
    quarter_days,
)
from responsibility.statements.scoring import (
    lock,
    lock_many,
    quarter_before,
    quarter_of,
    review,
    revise,
    score_quarter,
)
from responsibility.statements.signing import act
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding, Post, User
from safegrid.grid.choices import UnitKind
from safegrid.grid.models import Enterprise, Site
from safegrid.kernel import clock

CHENGDONG = "630102000000"
CASCADED = (CHENGDONG, "630105000000")  # districts that go on to their townships
REVIEWED_UNITS = 10  # of the member units
#: What reviewers gave, in turn: points in a hundred of the item, the reason, the document.
REVIEWS = [
    (100, "按季度专题研究，议定事项全部落实", ""),
    (90, "议定事项有一项未按期落实", "安委办督查通报〔{year}〕{n}号"),
    (100, "成效明显，无群众举报查实问题", ""),
    (80, "专项整治台账不全，个别问题整改不彻底", "安委办督查通报〔{year}〕{n}号"),
    (95, "现场抽查一处记录不全", "季度督查记录{year}-{n}"),
]


class Statements:
    """Writes the statements of the demo through the services, at the moments at which they would be."""

    def __init__(self, *, start: dt.datetime, now: dt.datetime) -> None:
        self.start, self.now = start, now
        self.people = {row.post_id: row.user for row in Holding.objects.select_related("user")}
        self.bureau = User.objects.get(username="bureau")
        self.office = Post.objects.get(kind=PostKind.OFFICE, holdings__user=self.bureau)
        self.chengdong = Post.objects.get(kind=PostKind.HEAD, holdings__user__username="chengdong")

    def tell(self) -> None:
        """Issue, sign, score and lock."""
        today = clock.local_date(self.now)
        last = quarter_before(*quarter_of(today))
        for year in sorted({last[0], today.year}):
            load_templates(year=year, today=today)
            begun = max(clock.day_start(dt.date(year, 1, 10)), self.start)
            if begun < self.now:
                self._issue(year, begun + dt.timedelta(hours=9))
        for quarter in range(1, 5):
            end = quarter_days(last[0], quarter)[1]
            if clock.day_start(end) > self.start and (last[0], quarter) <= last:
                self._score(last[0], quarter, is_last=quarter == last[1])
        score_quarter(*quarter_of(today), now=self.now)
        audit(now=self.now)  # which tells what nobody has signed

    def _issue(self, year: int, at: dt.datetime) -> None:
        demo = Enterprise.objects.get(name=DEMO_NAME)
        township = Site.objects.filter(enterprise=demo).order_by("pk")[0].township
        head = Post.objects.get(kind=PostKind.HEAD, unit__district=township)
        districts = Post.objects.filter(
            kind=PostKind.HEAD, unit__kind=UnitKind.GOVERNMENT, unit__district__code__in=CASCADED
        )
        issuers = [(StatementLevel.DISTRICT, self.office), (StatementLevel.MEMBER, self.office)]
        issuers += [(StatementLevel.TOWNSHIP, post) for post in districts.order_by("pk")]
        issuers.append((StatementLevel.ENTERPRISE, head))
        for level, post in issuers:
            template = StatementTemplate.objects.get(year=year, level=level)
            issue(template=template, actor=self.people[post.pk], acting_post=post, now=at)
        rows = list(Statement.objects.filter(year=year, state=StatementState.ISSUED).order_by("pk"))
        today = clock.local_date(self.now)
        units = {row.receiver_id for row in rows} | {row.promiser_id for row in rows if row.promiser_id}
        posts = signing_posts(units, on=today)
        principals = {
            post.enterprise_id: post
            for post in Post.objects.filter(
                kind=PostKind.PRINCIPAL, enterprise__in=[r.enterprise_id for r in rows]
            )
        }
        waits = [row for row in rows if row.receiver_id == self.chengdong.unit_id][-1:]
        for number, row in enumerate(rows):
            promiser = (
                principals.get(row.enterprise_id) if row.enterprise_id else posts.get(row.promiser_id or 0)
            )
            receiver = posts.get(row.receiver_id)
            if promiser is None or receiver is None or promiser.pk not in self.people:
                continue  # a vacant post: nobody has signed, and the coverage audit says so
            signed = min(at + dt.timedelta(days=1 + number % 9), self.now)
            if row in waits:  # for `chengdong` to sign
                self._sign(row, "promise", promiser, self.now - dt.timedelta(hours=20))
                continue
            self._sign(row, "promise", promiser, signed)
            self._sign(row, "receive", receiver, min(signed + dt.timedelta(hours=3), self.now))

    def _sign(self, row: Statement, action: str, post: Post, at: dt.datetime) -> None:
        act(
            statement=row,
            action=action,
            seen=row.sha256,
            actor=self.people[post.pk],
            acting_post=post,
            now=at,
        )

    def _score(self, year: int, quarter: int, *, is_last: bool) -> None:
        end = quarter_days(year, quarter)[1]
        at = min(clock.day_end(end) + dt.timedelta(days=8, hours=10), self.now)
        figures.write(day=end)
        score_quarter(year, quarter, now=at)
        lines = ScoreLine.objects.filter(
            score__quarter=quarter,
            score__statement__year=year,
            item__scoring=Scoring.REVIEWED,
        ).select_related("score", "item")
        chosen = list(lines.filter(score__statement__level=StatementLevel.DISTRICT))
        if is_last:
            chosen += lines.filter(score__statement__level=StatementLevel.TOWNSHIP)
            chosen += lines.filter(score__statement__level=StatementLevel.MEMBER)[:REVIEWED_UNITS]
        for number, line in enumerate(chosen):
            self._review(line, number + quarter, year, at)
        if is_last:
            self._veto(year, quarter, at)
        rows = StatementScore.objects.filter(statement__year=year, quarter=quarter)
        lock_many(rows, **self._by_office(at))
        if is_last:
            self._correct(year, quarter, at)

    def _by_office(self, at: dt.datetime) -> dict[str, Any]:
        return {"actor": self.bureau, "acting_post": self.office, "now": at}

    def _review(self, line: ScoreLine, number: int, year: int, at: dt.datetime) -> None:
        share, note, document = REVIEWS[number % len(REVIEWS)]
        review(
            line=line,
            points=Decimal(line.item.points) * share / 100,
            note=note,
            document=document.format(year=year, n=number + 1),
            **self._by_office(at),
        )

    def _veto(self, year: int, quarter: int, at: dt.datetime) -> None:
        """One township outside the demo's district did not keep what vetoes."""
        lines = ScoreLine.objects.filter(
            score__quarter=quarter,
            score__statement__year=year,
            score__statement__level=StatementLevel.TOWNSHIP,
            item__scoring=Scoring.VETO,
        ).exclude(score__statement__district__code=CHENGDONG)
        line = lines.select_related("score", "item").order_by("-pk").first()
        if line is not None:
            review(
                line=line,
                is_vetoed=True,
                note="经核查，一起生产安全事故迟报、谎报",
                document=f"事故核查报告〔{year}〕2号",
                **self._by_office(at),
            )

    def _correct(self, year: int, quarter: int, at: dt.datetime) -> None:
        """One locked score of a district is corrected by a revision."""
        score = (
            StatementScore.objects.filter(
                statement__year=year, quarter=quarter, statement__level=StatementLevel.DISTRICT
            )
            .exclude(statement__district__code=CHENGDONG)
            .order_by("pk")
            .first()
        )
        if score is None:
            return
        later = min(at + dt.timedelta(days=3), self.now)
        fresh = revise(score=score, reason="核实补充材料后更正专题研究得分", **self._by_office(later))
        line = fresh.lines.select_related("score", "item").get(item__scoring=Scoring.REVIEWED)
        review(
            line=line,
            points=Decimal(line.item.points),
            note="补充材料属实，议定事项已全部落实",
            **self._by_office(later),
        )
        lock(score=fresh, **self._by_office(later))


def tell(*, start: dt.datetime, now: dt.datetime) -> None:
    """Write the demo city's statements."""
    Statements(start=start, now=now).tell()
