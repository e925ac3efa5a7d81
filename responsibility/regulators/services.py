"""Verbs: ask a government who governs an industry, and take down what it says."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.utils.translation import gettext as _

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.services import assign
from responsibility.calendars.services import deadline
from responsibility.coverage.choices import FindingState
from responsibility.coverage.models import NO_REGULATOR, Finding
from responsibility.coverage.services import may_decide
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import close_obligations, open_obligation
from responsibility.regulators.models import RegulatorQuestion
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.services import involve
from safegrid.audit.services import record
from safegrid.grid.choices import Level, MatterOrigin, UnitKind
from safegrid.grid.matters import set_matters_many
from safegrid.grid.models import District, Matter, Site, SiteMatter
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

RULE = NO_REGULATOR
KIND = "name_regulator"
POLICY = "regulator"
TEXT_LENGTH = 500


def may_ask(finding: Finding, post: Post | None) -> bool:
    """Whether `post` may put `finding` to a government: the committee's office, or who must resolve it."""
    return finding.rule == RULE and finding.state == FindingState.OPEN and may_decide(finding, post)


def may_answer(question: RegulatorQuestion, post: Post | None) -> bool:
    """Whether `post` may take down the answer: the government that was asked."""
    if question.answered_at is not None or post is None:
        return False
    return post.pk == question.asked_id or (
        post.kind == PostKind.HEAD and post.unit_id == question.asked.unit_id
    )


def government(finding: Finding) -> tuple[District, Post]:
    """Return the place whose government is asked, and its head; the office where no government has one.

    Where the finding lies in one district it is asked there, else the city's. Raise Refused for neither.
    """
    city = District.objects.filter(level=Level.CITY, closed_on=None).defer("boundary").first()
    for place in (finding.district, city):
        head = Post.objects.filter(
            kind=PostKind.HEAD, unit__kind=UnitKind.GOVERNMENT, unit__district=place
        ).first()
        if place is not None and head is not None:
            return place, head
    office = Post.objects.filter(kind=PostKind.OFFICE).order_by("pk").first()
    if city is None or office is None:
        raise Refused(_("There is no government that could be asked."))
    return finding.district or city, office


def ask(
    *, finding: Finding, text: str, actor: Any, acting_post: Post | None, now: dt.datetime
) -> RegulatorQuestion:
    """Ask the government which department governs the industry of `finding`, and return the question.

    It owes an answer by the policy's day. Sent twice, the open one comes back. Raise Invalid, NotAllowed,
    Stale.
    """
    text = text.strip()
    if not text:
        raise Invalid({"text": _("Say what is done there, and why no department governs it.")})
    with transaction.atomic():
        row = (
            Finding.objects.visible_to(actor)
            .select_for_update(of=("self",))
            .select_related("district", "industry")
            .filter(pk=finding.pk)
            .first()
        )
        if row is None or row.rule != RULE or not may_decide(row, acting_post):
            raise NotAllowed
        if row.state != FindingState.OPEN:
            raise Stale(_("Meanwhile this finding has changed; look at it again."))
        same = row.questions.filter(answered_at=None).first()
        if same is not None:
            return same
        place, head = government(row)
        policy, due_at = deadline(POLICY, now=now)
        question = RegulatorQuestion.objects.create(
            finding=row,
            industry=row.industry,
            district=place,
            asked_at=now,
            asked_by=acting_post,  # type: ignore[misc]
            asked=head,
            text=text[:TEXT_LENGTH],
            due_on=clock.last_day(due_at),
        )
        what = row.industry or None
        open_obligation(
            kind=KIND,
            subject=question,
            site=None,
            debtor_post=head,
            creditor_post=acting_post,
            due_at=due_at,
            policy=policy,
            params={
                "finding": row.pk,
                "what": what.name if what else "–",
                "what_en": (what.name_en or what.name) if what else "–",
            },
            now=now,
        )
        involve(subject=row, post=head, role="regulator", now=now)
        record(
            row,
            "finding.ask_government",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"question": question.pk, "to": head.pk, "due_on": question.due_on, "text": text},
        )
    return question


def answer(
    *,
    question: RegulatorQuestion,
    regulator: Post,
    matter: Matter,
    document: str,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> RegulatorQuestion:
    """Take down which post leads on the industry line from today on; the assignment follows from it.

    Where the industry brought no such matter, it does from now on, and its sites have it; sites of no known
    industry are given it themselves. Raise Invalid by
    field, NotAllowed for whoever was not asked, Stale when it is answered.
    """
    document = document.strip()
    if not document:
        raise Invalid({"document": _("Name the document by which it is decided.")})
    if regulator.unit_id is None:
        raise Invalid({"regulator": _("An enterprise's post supervises nobody.")})
    with transaction.atomic():
        row = (
            RegulatorQuestion.objects.select_for_update(of=("self",))
            .select_related("finding", "industry", "district", "asked")
            .get(pk=question.pk)
        )
        if row.answered_at is not None:
            raise Stale(_("This has been answered already."))
        if not may_answer(row, acting_post):
            raise NotAllowed
        _let_bring(row, matter, now=now)
        made = assign(
            post=regulator,
            line=Line.INDUSTRY,
            tier=Tier.LEAD,
            matter=matter,
            district=row.district,
            since=clock.local_date(now),
            basis=str(_("Named by the government (Art. 10)")),
            document=document,
            actor=actor,
            acting_post=acting_post,
            now=now,
        ).row
        row.answered_at, row.answered_by = now, actor
        row.regulator, row.matter, row.document = regulator, matter, document
        row.save(update_fields=["answered_at", "answered_by", "regulator", "matter", "document"])
        close_obligations(subject=row, kinds=[KIND], outcome=Outcome.MET, now=now)
        record(
            row.finding,
            "finding.regulator_named",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"question": row.pk, "assignment": made.pk, "post": regulator.pk, "document": document},
        )
    return row


def _let_bring(question: RegulatorQuestion, matter: Matter, *, now: dt.datetime) -> None:
    """Let the industry bring `matter`, unless it brings one below it; without one, its sites have it."""
    industry = question.industry
    if industry is None:
        sites = list(Site.objects.filter(pk__in=question.finding.touched.still().values("site")))
        hand = dict(
            SiteMatter.objects.filter(
                site__in=sites, origin=MatterOrigin.HAND, span__contains=clock.local_date(now)
            )
            .values("site")
            .annotate(matters=ArrayAgg("matter"))
            .values_list("site", "matters")
        )
        by_hand = {site.pk: {*hand.get(site.pk, ()), matter.pk} for site in sites}
        set_matters_many(sites, now=now, by_hand=by_hand)
        return
    if industry.matters.filter(path__startswith=matter.path).exists():
        return
    industry.matters.add(matter)
    set_matters_many(list(Site.objects.filter(industry=industry)), now=now)
