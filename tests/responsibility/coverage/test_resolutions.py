"""What resolves a finding beside an assignment: an agreement of two bodies, an answer of the government."""

import datetime as dt

import pytest
from django.urls import reverse

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.coverage.audit import audit, audit_touched
from responsibility.coverage.joint import make_joint, rivals
from responsibility.coverage.models import Finding
from responsibility.models import Obligation, RegulatorQuestion
from responsibility.regulators.services import answer, ask
from safegrid.audit.models import Entry
from safegrid.grid.matters import set_matters
from safegrid.grid.models import Site
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale
from tests import factories as make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
LONG_AGO = dt.date(2020, 1, 1)


def by(cast, who):
    return {"actor": getattr(cast, who), "acting_post": cast.posts[who], "now": NOW}


@pytest.fixture
def twice(cast, policies, now):
    """Two bodies supervise the fire safety of one street with equal right."""
    for who in ("inspector", "fire"):
        Assignment.objects.create(
            post=cast.posts[who],
            line=Line.INDUSTRY,
            tier=Tier.SUPERVISOR,
            matter=cast.city.crowded,
            district=cast.city.township,
            span=(LONG_AGO, None),
            basis="三定方案",
        )
    audit(now=NOW)
    return cast


def overlap():
    return Finding.objects.get(rule="overlap")


def join(cast, *, who="bureau", keeps="fire", support="direct", basis="会议纪要〔2026〕3号"):
    row = overlap()
    kept = next((r for r in rivals(row, on=TODAY) if r.post == cast.posts[keeps]), None)
    kept = kept or Assignment.objects.filter(post=cast.posts[keeps]).first()
    return make_joint(finding=row, keeps=kept, support=support, basis=basis, **by(cast, who))


def test_one_answers_and_the_other_supports_from_the_same_day_on_their_agreement(twice):
    [_new] = join(twice)
    spans = {
        (a.post, a.tier, a.span.lower, a.span.upper, a.basis)
        for a in Assignment.objects.select_related("post")
    }
    assert spans == {
        (twice.posts["fire"], "supervisor", LONG_AGO, None, "三定方案"),
        (twice.posts["inspector"], "supervisor", LONG_AGO, TODAY, "三定方案"),
        (twice.posts["inspector"], "direct", TODAY, None, "会议纪要〔2026〕3号"),
    }
    audit(now=NOW)
    assert overlap().state == "mended"
    assert Entry.objects.filter(action="finding.make_joint").count() == 1


def test_or_the_other_no_longer_answers(twice):
    assert join(twice, support="") == []
    assert Assignment.objects.as_of(TODAY).get().post == twice.posts["fire"]


def test_agreed_twice_it_is_said_that_it_is_done(twice):
    join(twice)
    with pytest.raises(Stale):
        join(twice)
    assert Assignment.objects.count() == 3


@pytest.mark.parametrize(("support", "basis"), [("direct", " "), ("supervisor", "纪要"), ("king", "纪要")])
def test_an_agreement_has_a_basis_and_another_tier(twice, support, basis):
    with pytest.raises(Invalid):
        join(twice, support=support, basis=basis)


@pytest.mark.parametrize("who", ["inspector", "auditor", "chengdong", "fire"])
def test_only_who_must_resolve_it_writes_the_agreement_down(twice, who):
    with pytest.raises(NotAllowed):
        join(twice, who=who)


def test_the_page_of_an_agreement(client, twice):
    client.force_login(twice.bureau)
    url = reverse("responsibility:joint", args=[overlap().pk])
    assert url in client.get(reverse("responsibility:finding", args=[overlap().pk])).content.decode()
    [kept] = [r for r in rivals(overlap(), on=TODAY) if r.post == twice.posts["fire"]]
    assert client.post(url, {"keeps": kept.pk, "support": "direct", "basis": ""}).status_code == 422
    assert client.post(url, {"keeps": kept.pk, "support": "direct", "basis": "纪要"}).status_code == 302
    assert Assignment.objects.count() == 3
    client.force_login(twice.chengxi)
    assert client.get(url).status_code == 404


@pytest.fixture
def unknown(cast, policies, now):
    """An escape room in the cell: an industry that brings no matter and has no regulator."""
    industry = make.IndustryFactory(code="9099", name="密室逃脱", name_en="Escape rooms")
    site = make.SiteFactory(at=cast.city.cell, industry=industry, name="密室")
    audit(now=NOW)
    return cast, Finding.objects.get(rule="no_regulator", industry=industry), site


def test_the_government_owes_an_answer_and_from_it_an_assignment_is_made(unknown):
    cast, finding, site = unknown
    question = ask(finding=finding, text="密室逃脱无主管部门", **by(cast, "bureau"))
    owed = Obligation.objects.get(kind="name_regulator")
    assert (owed.debtor_post, owed.due_on) == (cast.posts["chengdong"], question.due_on)
    assert question.district == cast.city.chengdong
    answer(
        question=question,
        regulator=cast.posts["inspector"],
        matter=cast.city.general,
        document="东政办〔2026〕8号",
        **by(cast, "chengdong"),
    )
    made = Assignment.objects.get()
    assert (made.post, made.line, made.tier, made.district, made.matter, made.document) == (
        cast.posts["inspector"],
        Line.INDUSTRY,
        Tier.LEAD,
        cast.city.chengdong,
        cast.city.general,
        "东政办〔2026〕8号",
    )
    assert Site.objects.get(pk=site.pk).matter_ids == [cast.city.general.pk]
    owed.refresh_from_db()
    assert owed.outcome == "met"
    audit(now=NOW)
    finding.refresh_from_db()
    assert finding.state == "mended"


def test_where_no_industry_is_known_the_sites_have_the_matter_that_is_named_and_the_gap_is_mended(
    cast, policies, now
):
    sites = [make.SiteFactory(at=cast.city.cell, industry=None, name=name) for name in ("剧本杀", "轰趴馆")]
    kept = make.MatterFactory(code="kept")
    set_matters(sites[0], now=NOW, by_hand=[kept])
    audit(now=NOW)
    finding = Finding.objects.get(rule="no_regulator", industry=None)
    assert {row.site for row in finding.touched.all()} >= set(sites)
    question = ask(finding=finding, text="新业态无主管部门", **by(cast, "bureau"))
    named = {
        "regulator": cast.posts["inspector"],
        "matter": cast.city.general,
        "document": "东政办〔2026〕9号",
    }
    answer(
        question=question,
        **named,
        **by(cast, next(n for n, post in cast.posts.items() if post == question.asked)),
    )
    found = {site.pk: set(Site.objects.get(pk=site.pk).matter_ids) for site in sites}
    assert found == {
        sites[0].pk: {kept.pk, cast.city.general.pk},
        sites[1].pk: {cast.city.general.pk},
    }
    audit_touched(now=NOW)
    finding.refresh_from_db()
    assert finding.state == "mended"


def test_asked_twice_there_is_one_question_and_answered_twice_one_assignment(unknown):
    cast, finding, _site = unknown
    first = ask(finding=finding, text="无主管", **by(cast, "bureau"))
    assert ask(finding=finding, text="无主管", **by(cast, "bureau")) == first
    named = {"regulator": cast.posts["inspector"], "matter": cast.city.general, "document": "文"}
    answer(question=first, **named, **by(cast, "chengdong"))
    with pytest.raises(Stale):
        answer(question=first, **named, **by(cast, "chengdong"))
    assert Assignment.objects.count() == 1


def test_who_asks_and_who_answers(unknown):
    cast, finding, _site = unknown
    for who in ("inspector", "auditor", "chengdong", "gridofficer"):
        with pytest.raises(NotAllowed):
            ask(finding=finding, text="无主管", **by(cast, who))
    with pytest.raises(Invalid):
        ask(finding=finding, text="  ", **by(cast, "bureau"))
    question = ask(finding=finding, text="无主管", **by(cast, "bureau"))
    named = {"regulator": cast.posts["inspector"], "matter": cast.city.general}
    for who in ("bureau", "inspector", "chengxi"):
        with pytest.raises(NotAllowed):
            answer(question=question, document="文", **named, **by(cast, who))
    with pytest.raises(Invalid):
        answer(question=question, document="", **named, **by(cast, "chengdong"))
    assert RegulatorQuestion.objects.filter(answered_at=None).count() == 1


def test_the_page_asks_and_answers(client, unknown):
    cast, finding, _site = unknown
    url = reverse("responsibility:regulator", args=[finding.pk])
    client.force_login(cast.bureau)
    assert url in client.get(reverse("responsibility:finding", args=[finding.pk])).content.decode()
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.post(url, {"text": "无主管"}).status_code == 302
    client.force_login(cast.chengdong)
    given = {"matter": cast.city.general.pk, "regulator": cast.posts["inspector"].pk, "document": "文"}
    assert client.post(url, given).status_code == 302
    assert client.post(url, given).status_code == 403  # nothing waits any more
    assert Assignment.objects.count() == 1
    client.force_login(cast.chengxi)
    assert client.get(url).status_code == 404
