"""Rows for tests, as plain as they can be: what a test cares about, it says; the rest is filled in.

Trees are small, and rows are written straight to the database: the services have tests of their own.
"""

import datetime as dt
import uuid
from typing import Any

import factory
from django.contrib.contenttypes.models import ContentType
from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory
from stdnum.cn import uscc

from hazards.choices import Category, Grade, Road, State
from hazards.choices import Source as FoundBy
from hazards.grading.categories import HazardCategory
from hazards.listed.choices import ListingLevel
from hazards.listed.models import ListedSupervision, ListingRule
from hazards.models import NO_DEADLINE, Hazard, Report
from hazards.penalties.choices import PenaltyKind
from hazards.penalties.closing.models import ClosureProposal
from hazards.penalties.models import Penalty
from hazards.reports.choices import Via
from hazards.reports.codes import new_tracking
from hazards.reports.workers.models import WorkerReport
from inspections.choices import Result, VisitKind
from inspections.models import Answer, Checklist, ChecklistItem, SelfInspection, Visit, VisitOfficer
from responsibility.assignments.choices import Line, Tier
from responsibility.coverage.choices import Kind, Severity
from responsibility.enterprise_line.choices import (
    CredentialKind,
    PointKind,
    StaffRole,
    TrainingKind,
)
from responsibility.instructions.choices import Role, Source
from responsibility.leaders.choices import LeaderRole
from responsibility.models import (
    Credential,
    Duty,
    Finding,
    Instruction,
    InstructionTask,
    Leader,
    Notice,
    Obligation,
    RiskPoint,
    RiskRound,
    Staff,
    Training,
    TrainingYear,
    Transfer,
)
from responsibility.obligations.choices import Rhythm
from responsibility.statements.choices import Scoring, StatementLevel
from responsibility.statements.models import Statement, StatementItem, StatementTemplate, hash_of
from safegrid.accounts.choices import CertificateKind, PostKind
from safegrid.accounts.models import Certificate, Holding, Involvement, Post, PostScope, Substitution, User
from safegrid.grid.choices import Level, MatterOrigin, NoUscc, UnitKind
from safegrid.grid.keys import let_be_found
from safegrid.grid.models import District, Enterprise, Feature, Industry, Matter, Site, SiteMatter, Unit
from safegrid.grid.places.columns import columns
from safegrid.kernel import clock

LONG_AGO = dt.date(2020, 1, 1)


def day_before(instant: dt.datetime) -> dt.datetime:
    """Return the same time a day earlier."""
    return instant - dt.timedelta(days=1)


class TreeFactory(DjangoModelFactory):
    """A node of a tree: under `parent`, or a root."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, parent: Any = None, **kwargs: Any) -> Any:
        node = model_class(**kwargs)
        if parent is None:
            return model_class.objects.add_root(instance=node)
        parent.refresh_from_db(fields=["path", "depth", "numchild"])
        return model_class.objects.add_child(parent, instance=node)


class DistrictFactory(TreeFactory):
    """A place. Its level follows from its parent's."""

    class Meta:
        model = District

    parent: Any = None
    code = Sequence(lambda n: f"{630100000000 + n:012d}")
    name = Sequence(lambda n: f"地方{n}")
    name_en = Sequence(lambda n: f"Place {n}")
    level = LazyAttribute(
        lambda o: Level.CITY if o.parent is None else Level.values[Level.values.index(o.parent.level) + 1]
    )


class MatterFactory(TreeFactory):
    class Meta:
        model = Matter

    parent: Any = None
    code = Sequence(lambda n: f"matter-{n}")
    name = Sequence(lambda n: f"事项{n}")
    name_en = Sequence(lambda n: f"Matter {n}")


class IndustryFactory(DjangoModelFactory):
    class Meta:
        model = Industry
        skip_postgeneration_save = True

    code = Sequence(lambda n: f"{n:04d}")
    name = Sequence(lambda n: f"行业{n}")
    name_en = Sequence(lambda n: f"Industry {n}")

    @factory.post_generation
    def matters(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """The matters that come with it."""
        if extracted:
            self.matters.set(extracted)


class FeatureFactory(DjangoModelFactory):
    class Meta:
        model = Feature

    code = Sequence(lambda n: f"feature-{n}")
    name = Sequence(lambda n: f"特征{n}")
    name_en = Sequence(lambda n: f"Feature {n}")


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit
        skip_postgeneration_save = True

    code = Sequence(lambda n: f"unit-{n}")
    name = Sequence(lambda n: f"单位{n}")
    name_en = Sequence(lambda n: f"Unit {n}")
    kind = UnitKind.MEMBER
    district = LazyFunction(lambda: District.objects.order_by("path").first() or DistrictFactory())

    @factory.post_generation
    def governs(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """The matters it governs."""
        if extracted:
            self.governs.set(extracted)


class EnterpriseFactory(DjangoModelFactory):
    """An enterprise with a valid USCC; `uscc=None` makes it one without a licence."""

    class Meta:
        model = Enterprise

    name = Sequence(lambda n: f"青海测试商贸{n}有限公司")
    name_en = Sequence(lambda n: f"Qinghai Test Trading {n}")
    uscc = Sequence(lambda n: (body := f"91630102{n:09d}") + uscc.calc_check_digit(body))
    no_uscc_reason = LazyAttribute(lambda o: "" if o.uscc else NoUscc.UNLICENSED)
    principal = "马明"
    phone = "13800000000"
    created_at = LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        row = model_class(**kwargs)
        let_be_found(row)
        row.save()
        return row


def with_ancestors(matters: list[Matter]) -> list[int]:
    """Return the ids of `matters` and all that is above them."""
    paths = {m.path[: i * Matter.steplen] for m in matters for i in range(1, m.depth + 1)}
    return sorted(Matter.objects.filter(path__in=paths).values_list("pk", flat=True))


class SiteFactory(DjangoModelFactory):
    """A site standing in the place `at` (None: to be placed), with `matters` since long ago."""

    class Meta:
        model = Site
        skip_postgeneration_save = True

    at: Any = None
    enterprise = SubFactory(EnterpriseFactory)
    name = SelfAttribute("enterprise.name")
    address = Sequence(lambda n: f"东关大街{n}号")
    longitude = 101.8
    latitude = 36.6
    created_at = LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, at: Any = None, **kwargs: Any) -> Any:
        row = model_class(**(columns(at) | kwargs))
        let_be_found(row)
        row.save()
        return row

    @factory.post_generation
    def matters(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """The matters it has, with their ancestors in the array that scopes probe."""
        if extracted:
            SiteMatter.objects.bulk_create(
                SiteMatter(site=self, matter=matter, span=(LONG_AGO, None), origin=MatterOrigin.INDUSTRY)
                for matter in extracted
            )
            self.matter_ids = with_ancestors(extracted)
            self.save(update_fields=["matter_ids"])


class AtSiteFactory(DjangoModelFactory):
    """A row about a site: it carries the site's place and enterprise."""

    class Meta:
        abstract = True

    site: Any = SubFactory(SiteFactory)
    enterprise = SelfAttribute("site.enterprise")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        place = kwargs["site"].place_ids if kwargs.get("site") else {}
        return super()._create(model_class, *args, **(place | kwargs))


class UserFactory(DjangoModelFactory):
    """A person who signs in with `client.force_login`; `password=` gives a password as well."""

    class Meta:
        model = User

    username = Sequence(lambda n: f"user{n}")
    name = Sequence(lambda n: f"人员{n}")
    name_en = Sequence(lambda n: f"Person {n}")
    email = LazyAttribute(lambda o: f"{o.username}@example.org")
    password = factory.django.Password(None)


class PostFactory(DjangoModelFactory):
    """A post in a unit, or in an enterprise when one is given; held by `holder`, when one is given."""

    class Meta:
        model = Post
        skip_postgeneration_save = True

    title = Sequence(lambda n: f"岗位{n}")
    title_en = Sequence(lambda n: f"Post {n}")
    kind = LazyAttribute(lambda o: PostKind.SAFETY_OFFICER if o.enterprise else PostKind.OFFICER)
    enterprise: Any = None
    unit = factory.Maybe("enterprise", None, SubFactory(UnitFactory))
    created_at = LazyFunction(clock.now)

    @factory.post_generation
    def holder(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Who holds it since long ago."""
        if extracted:
            HoldingFactory(post=self, user=extracted)


class HoldingFactory(DjangoModelFactory):
    class Meta:
        model = Holding

    post = SubFactory(PostFactory)
    user = SubFactory(UserFactory)
    span = (LONG_AGO, None)


class SubstitutionFactory(HoldingFactory):
    class Meta:
        model = Substitution


class PostScopeFactory(DjangoModelFactory):
    """What a post reaches: give `district` (and `matter`), `unit` or `enterprise`."""

    class Meta:
        model = PostScope

    post = SubFactory(PostFactory)


class FindingFactory(DjangoModelFactory):
    """An open gap; its place is given by columns."""

    class Meta:
        model = Finding

    rule = "nobody"
    key = Sequence(str)
    kind = Kind.GAP
    severity = Severity.HIGH
    line = Line.INDUSTRY
    tier = Tier.LEAD
    sites = 1
    found_at = LazyFunction(clock.now)


class InstructionFactory(DjangoModelFactory):
    """An instruction of `giver_post` that `lead` leads, due in a week; `assist` names further posts.

    A post stands for its unit. With a `site` it is about that, and carries its place.
    """

    class Meta:
        model = Instruction

    number = Sequence(lambda n: f"测办交办〔2026〕{n:04d}号")
    token = LazyFunction(uuid.uuid4)
    source = Source.NOTE
    title = "开展隐患排查"
    text = "请按期报送结果。"
    giver_post: Any = SubFactory(PostFactory, kind=PostKind.OFFICE)
    given_by = SubFactory(UserFactory)
    given_at = LazyFunction(clock.now)

    @classmethod
    def _create(
        cls, model_class: Any, *args: Any, lead: Any = None, assist: Any = (), due_in: int = 7, **kwargs: Any
    ) -> Any:
        lead = lead or PostFactory(kind=PostKind.HEAD)
        day = clock.local_date(clock.now()) + dt.timedelta(days=due_in)
        site = kwargs.get("site")
        row = model_class(
            **(site.place_ids if site else {}),
            **{"lead_unit": lead.unit, "asked": 1 + len(assist), "awaited_on": day, **kwargs},
        )
        words = (site.name, site.enterprise.name) if site else ()
        row.be_found_by(row.number, row.title, *words)
        row.save()
        for post, role in ((lead, Role.LEAD), *((post, Role.ASSIST) for post in assist)):
            InstructionTask.objects.create(
                instruction=row, role=role, unit=post.unit, post=post, due_on=day, original_due_on=day
            )
        return row


class StatementTemplateFactory(DjangoModelFactory):
    """A template of two items: 40 points from a figure, 60 by a reviewer, and a veto."""

    class Meta:
        model = StatementTemplate
        skip_postgeneration_save = True

    year = 2026
    level = StatementLevel.ENTERPRISE
    version = Sequence(lambda n: n % 30_000 + 2)  # the first is the one delivered
    title = "2026年度安全生产目标责任书"
    text = "{promiser}向{receiver}承诺：\n{targets}"
    created_at = LazyFunction(clock.now)

    @factory.post_generation
    def items(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Its items."""
        figure = {"indicator": "on_time", "target": 95, "step": 1, "per_step": 2}
        for order, given in enumerate(
            extracted
            or (
                {"scoring": Scoring.INDICATOR, "points": 40, "promise": "按期办结", **figure},
                {"scoring": Scoring.REVIEWED, "points": 60, "promise": "专题研究"},
                {"scoring": Scoring.VETO, "points": 0, "promise": "较大事故"},
            ),
            start=1,
        ):
            StatementItem.objects.create(template=self, order=order, **given)


class StatementFactory(DjangoModelFactory):
    """A statement of the enterprise of `site`, issued and not signed."""

    class Meta:
        model = Statement

    template = SubFactory(StatementTemplateFactory)
    year = SelfAttribute("template.year")
    level = SelfAttribute("template.level")
    site: Any = None
    enterprise = LazyAttribute(lambda o: o.site.enterprise if o.site else None)
    promiser = LazyAttribute(lambda o: None if o.site else UnitFactory())
    receiver = SubFactory(UnitFactory)
    body = LazyAttribute(lambda o: (o.enterprise or o.promiser).name)
    title = SelfAttribute("template.title")
    text = LazyAttribute(lambda o: f"{o.body}承诺")
    sha256 = LazyAttribute(lambda o: hash_of(o.text))
    issued_at = LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        place = kwargs["site"].place_ids if kwargs.get("site") else {}
        return super()._create(model_class, *args, **(place | kwargs))


class TransferFactory(AtSiteFactory):
    """A site's matter on its way from one body to another, not answered yet."""

    class Meta:
        model = Transfer
        exclude = ("enterprise",)

    kind = "site"
    subject_type = LazyFunction(lambda: ContentType.objects.get_for_model(Site))
    subject_id = SelfAttribute("site.pk")
    name = SelfAttribute("site.name")
    line = Line.INDUSTRY
    tier = Tier.LEAD
    reason = "不属本单位职责"
    sender_post = SubFactory(PostFactory)
    sender_unit = SelfAttribute("sender_post.unit")
    receiver_post = SubFactory(PostFactory)
    receiver_unit = SelfAttribute("receiver_post.unit")
    opened_at = LazyFunction(clock.now)
    due_on = LazyAttribute(lambda o: clock.local_date(o.opened_at) + dt.timedelta(days=7))


class LeaderFactory(DjangoModelFactory):
    """A leading post of a member unit; its place is given by columns."""

    class Meta:
        model = Leader

    post = SubFactory(PostFactory, kind=PostKind.HEAD)
    unit = SelfAttribute("post.unit")
    role = LeaderRole.UNIT
    sequence = LazyAttribute(lambda o: f"{o.unit.district.path}/{o.unit.pk:08d}")


class NoticeFactory(DjangoModelFactory):
    """A notice that is running, sent to nobody; its place is given by columns."""

    class Meta:
        model = Notice

    title = Sequence(lambda n: f"通知{n}号文")
    text = "请各单位认真学习。"
    post = SubFactory(PostFactory, kind=PostKind.HEAD)
    unit = SelfAttribute("post.unit")
    sent_at = LazyFunction(clock.now)
    due_at = LazyAttribute(lambda o: clock.day_end(clock.local_date(o.sent_at) + dt.timedelta(days=3)))


class InvolvementFactory(DjangoModelFactory):
    """A post's part in `subject`, which is outside its scope."""

    class Meta:
        model = Involvement
        exclude = ("subject",)

    subject: Any = None
    subject_type = LazyAttribute(lambda o: ContentType.objects.get_for_model(o.subject))
    subject_id = SelfAttribute("subject.pk")
    post = SubFactory(PostFactory)
    role = "joint"
    since = LazyFunction(clock.now)


class CertificateFactory(DjangoModelFactory):
    class Meta:
        model = Certificate

    user = SubFactory(UserFactory)
    kind = CertificateKind.ENFORCEMENT
    number = Sequence(lambda n: f"青A{n:06d}")
    span = (LONG_AGO, dt.date(2099, 1, 1))


class HazardCategoryFactory(DjangoModelFactory):
    """A kind of deficiency, made once."""

    class Meta:
        model = HazardCategory
        django_get_or_create = ("code",)

    code = Category.FIRE.value
    name = SelfAttribute("code")
    source = "默认规则"
    since = dt.date(2021, 9, 1)


class HazardFactory(AtSiteFactory):
    """A general hazard of an inspection, being rectified, due in `due_in` local days."""

    class Meta:
        model = Hazard

    class Params:
        due_in: int | None = 7

    number = Sequence(lambda n: f"XN-2026-{n:06d}")
    matter = SubFactory(MatterFactory)
    industry = SelfAttribute("site.industry")
    then_district = SelfAttribute("site.district")
    then_township = SelfAttribute("site.township")
    road = Road.ORDERED
    source = FoundBy.INSPECTION
    title = "疏散通道被堵塞"
    category = SubFactory(HazardCategoryFactory)
    grade = Grade.GENERAL
    major_basis = LazyAttribute(lambda o: "判定标准第三条" if o.grade == Grade.MAJOR else "")
    is_shared = LazyAttribute(lambda o: o.road == Road.ORDERED or o.grade == Grade.MAJOR)
    state = State.RECTIFYING
    found_at = LazyFunction(clock.now)
    due_at = LazyAttribute(
        lambda o: (
            None
            if o.due_in is None
            else clock.day_end(clock.local_date(clock.now()) + dt.timedelta(days=o.due_in))
        )
    )
    due_on = LazyAttribute(lambda o: NO_DEADLINE if o.due_at is None else clock.last_day(o.due_at))
    original_due_on = LazyAttribute(lambda o: None if o.due_at is None else o.due_on)
    closed_at = LazyAttribute(lambda o: clock.now() if o.state == State.CLOSED else None)
    days_late = LazyAttribute(lambda o: 0 if o.state == State.CLOSED else None)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        row = model_class(**(kwargs["site"].place_ids | kwargs))
        row.be_found_by(row.number, row.title, row.enterprise.name, row.site.name)
        row.save()
        return row


class PenaltyFactory(AtSiteFactory):
    """A fine by an officer's body, decided today, about no hazard."""

    class Meta:
        model = Penalty

    matter = SubFactory(MatterFactory)
    unit = SelfAttribute("entered_post.unit")
    kind = PenaltyKind.FINE
    law = "安全生产法"
    article = "第一百零二条"
    amount = LazyAttribute(lambda o: 20000 if o.kind == PenaltyKind.FINE else None)
    decided_on = LazyFunction(lambda: clock.local_date(clock.now()))
    document = Sequence(lambda n: f"（宁）应急罚〔2026〕{n + 1}号")
    entered_at = LazyFunction(clock.now)
    entered_by = SubFactory(UserFactory)
    entered_post = SubFactory(PostFactory)


class ClosureProposalFactory(AtSiteFactory):
    """Whether closing an enterprise is proposed, still to be decided by nobody in particular."""

    class Meta:
        model = ClosureProposal

    unit = SubFactory(UnitFactory)
    raised_at = LazyFunction(clock.now)
    due_on = LazyFunction(lambda: clock.local_date(clock.now()))


class ListingRuleFactory(DjangoModelFactory):
    """A rule by which a city's bodies list."""

    class Meta:
        model = ListingRule

    level = ListingLevel.CITY
    unit_level = Level.CITY
    post_kinds = (PostKind.OFFICE,)
    days = 90
    report_days = 15
    answer_days = 10
    spot_days = 30
    source = "默认规则"
    since = Sequence(lambda n: LONG_AGO + dt.timedelta(days=n))


class ListedSupervisionFactory(DjangoModelFactory):
    """A hazard on a city's list, to be delisted within 90 days."""

    class Meta:
        model = ListedSupervision

    hazard = SubFactory(HazardFactory, grade=Grade.MAJOR)
    rule = SubFactory(ListingRuleFactory)
    level = SelfAttribute("rule.level")
    post = SubFactory(PostFactory, kind=PostKind.OFFICE)
    unit = SelfAttribute("post.unit")
    listed_at = LazyFunction(clock.now)
    listed_by = SubFactory(UserFactory)
    due_on = LazyAttribute(lambda o: clock.local_date(o.listed_at) + dt.timedelta(days=90))
    original_due_on = SelfAttribute("due_on")
    report_days = 15


class ReportFactory(AtSiteFactory):
    """A public report about a site, just received and nobody's yet."""

    class Meta:
        model = Report
        exclude = ("enterprise",)

    number = Sequence(lambda n: f"JB-2026-{900_000 + n}")
    tracking = LazyFunction(new_tracking)
    key = LazyFunction(uuid.uuid4)
    via = Via.GATE
    matter = SubFactory(MatterFactory)
    title = "消防通道被锁"
    what = SelfAttribute("title")
    received_at = LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        site = kwargs.get("site")
        row = model_class(**((site.place_ids if site else {}) | kwargs))
        row.be_found_by(row.number, row.what, *((site.name, site.enterprise.name) if site else ()))
        row.save()
        return row


class WorkerReportFactory(AtSiteFactory):
    """What a worker told the enterprise of a site, not answered yet."""

    class Meta:
        model = WorkerReport

    number = Sequence(lambda n: f"YG-2026-{900_000 + n}")
    tracking = LazyFunction(new_tracking)
    key = LazyFunction(uuid.uuid4)
    title = "机器护罩松动"
    what = SelfAttribute("title")
    received_at = LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        return model_class.objects.create(**kwargs)


class ObligationFactory(AtSiteFactory):
    """Something owed about `subject` by `debtor_post` or `debtor_enterprise`, due in `due_in` days."""

    class Meta:
        model = Obligation
        exclude = ("subject",)

    class Params:
        due_in = 7

    kind = "hazard_rectify"
    subject: Any = SubFactory(HazardFactory, site=SelfAttribute("..site"))
    subject_type = LazyAttribute(lambda o: ContentType.objects.get_for_model(o.subject))
    subject_id = SelfAttribute("subject.pk")
    debtor_post: Any = None
    debtor_enterprise = LazyAttribute(lambda o: None if o.debtor_post else o.enterprise)
    opened_at = LazyAttribute(lambda o: min(clock.now(), day_before(o.due_at)))
    due_at = LazyAttribute(
        lambda o: clock.day_end(clock.local_date(clock.now()) + dt.timedelta(days=o.due_in))
    )
    due_on = LazyAttribute(lambda o: clock.last_day(o.due_at))
    original_due_on = SelfAttribute("due_on")
    label = SelfAttribute("kind")
    params = LazyAttribute(lambda o: {"number": o.subject.number, "title": o.subject.title})


class DutyFactory(DjangoModelFactory):
    class Meta:
        model = Duty

    kind = "self_inspection"
    site: Any = SubFactory(SiteFactory)
    enterprise = SelfAttribute("site.enterprise")
    rhythm = Rhythm.MONTHLY


class ChecklistFactory(DjangoModelFactory):
    class Meta:
        model = Checklist

    code = Sequence(lambda n: f"checklist-{n}")
    name = Sequence(lambda n: f"检查表{n}")
    name_en = Sequence(lambda n: f"Checklist {n}")


class ChecklistItemFactory(DjangoModelFactory):
    class Meta:
        model = ChecklistItem

    checklist = SubFactory(ChecklistFactory)
    code = Sequence(lambda n: f"item-{n}")
    order = Sequence(lambda n: n % 30_000)
    text = Sequence(lambda n: f"检查事项{n}")
    text_en = Sequence(lambda n: f"Item {n}")
    basis = "消防法第二十八条"
    matter = SubFactory(MatterFactory)
    category = SubFactory(HazardCategoryFactory)


class SelfInspectionFactory(AtSiteFactory):
    """A self-inspection to be filled in within `due_in` local days."""

    class Meta:
        model = SelfInspection

    class Params:
        due_in = 7

    checklist = SubFactory(ChecklistFactory)
    period = Sequence(lambda n: f"{2000 + n // 12}-{n % 12 + 1:02d}")
    opened_at = LazyFunction(clock.now)
    due_at = LazyAttribute(
        lambda o: clock.day_end(clock.local_date(clock.now()) + dt.timedelta(days=o.due_in))
    )


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = Answer

    inspection = SubFactory(SelfInspectionFactory)
    item = SubFactory(ChecklistItemFactory, checklist=SelfAttribute("..inspection.checklist"))
    result = Result.OK


class VisitFactory(AtSiteFactory):
    class Meta:
        model = Visit

    number = Sequence(lambda n: f"XC-2026-{n:06d}")
    kind = VisitKind.INSPECTION
    matter = SubFactory(MatterFactory)
    visited_at = LazyAttribute(lambda o: day_before(o.recorded_at))
    recorded_at = LazyFunction(clock.now)
    recorded_post = SubFactory(PostFactory)


class VisitOfficerFactory(DjangoModelFactory):
    class Meta:
        model = VisitOfficer

    visit = SubFactory(VisitFactory)
    user = SubFactory(UserFactory)
    post = SubFactory(PostFactory)


class StaffFactory(DjangoModelFactory):
    """Somebody who has long worked for `enterprise`."""

    class Meta:
        model = Staff

    enterprise = SubFactory(EnterpriseFactory)
    name = Sequence(lambda n: f"员工{n}")
    role = StaffRole.SAFETY_MANAGER
    joined_on = LONG_AGO


class CredentialFactory(DjangoModelFactory):
    """A safety manager's certificate of somebody of `enterprise`, valid until the end of 2027."""

    class Meta:
        model = Credential

    enterprise = SelfAttribute("holder.enterprise")
    holder = SubFactory(StaffFactory)
    kind = CredentialKind.SAFETY_MANAGER
    number = Sequence(lambda n: f"青安{n:06d}")
    valid_from = dt.date(2025, 1, 1)
    valid_until = dt.date(2027, 12, 31)
    due_on = LazyAttribute(lambda o: min(o.valid_until, getattr(o, "reexamine_by", None) or o.valid_until))


class TrainingFactory(DjangoModelFactory):
    """Two hours of training in `enterprise`; nobody has taken part yet."""

    class Meta:
        model = Training

    enterprise = SubFactory(EnterpriseFactory)
    held_on = dt.date(2026, 3, 2)
    kind = TrainingKind.ANNUAL
    topic = Sequence(lambda n: f"培训{n}")
    hours = 2
    recorded_at = LazyFunction(clock.now)


class TrainingYearFactory(DjangoModelFactory):
    class Meta:
        model = TrainingYear

    enterprise = SubFactory(EnterpriseFactory)
    year = 2026


class RiskPointFactory(DjangoModelFactory):
    """A blue risk point of a site, checked daily."""

    class Meta:
        model = RiskPoint

    site = SubFactory(SiteFactory)
    enterprise = SelfAttribute("site.enterprise")
    owner = SubFactory(StaffFactory, enterprise=SelfAttribute("..site.enterprise"))
    name = Sequence(lambda n: f"风险点{n}")
    kind = PointKind.DEVICE
    likelihood = 1
    exposure = 2
    consequence = 7
    score = 14
    grade = "blue"
    engineering = "防护罩"
    rhythm = Rhythm.DAILY


class RiskRoundFactory(DjangoModelFactory):
    class Meta:
        model = RiskRound

    site = SubFactory(SiteFactory)
    enterprise = SelfAttribute("site.enterprise")
    rhythm = Rhythm.DAILY
    first_day = dt.date(2026, 11, 23)
    last_day = dt.date(2026, 11, 23)
    opened_at = LazyFunction(clock.now)
