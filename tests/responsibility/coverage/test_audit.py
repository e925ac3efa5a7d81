"""The audit finds what is planted and nothing else; what is mended closes itself; history stays."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment, CoveragePolicy
from responsibility.assignments.resolution import matters_of, who_answers
from responsibility.coverage.audit import Audited, audit, audit_touched, follow
from responsibility.coverage.joint import make_joint, rivals
from responsibility.coverage.models import CoverageDay, Finding, FindingSite, Touch
from responsibility.coverage.owing import pass_on
from responsibility.coverage.past import gaps_on
from responsibility.coverage.services import dismiss, take_up
from responsibility.obligations.choices import Outcome
from responsibility.obligations.models import Obligation
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Certificate, Holding, Post, PostScope
from safegrid.accounts.services import appoint
from safegrid.audit.models import Entry
from safegrid.grid.choices import UnitKind
from safegrid.grid.models import District, Enterprise, Site
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale
from tests import factories as make

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
ALWAYS = (dt.date(2020, 1, 1), None)


def assign(post, matter, district=None, *, line=Line.TERRITORIAL, tier=Tier.LEAD, span=ALWAYS, site=None):
    return Assignment.objects.create(
        post=post, line=line, tier=tier, matter=matter, district=district, site=site, span=span
    )


@pytest.fixture
def answered(cast, policies):
    """The test city with every line answered, every cell looked after: nothing to find."""
    c, posts = cast.city, cast.posts
    for matter in (c.general, c.fire, c.gas):
        assign(posts["chengdong"], matter, c.chengdong)
        assign(posts["chengxi"], matter, c.chengxi)
        assign(posts["inspector"], matter, c.city, line=Line.COMPREHENSIVE)
    assign(posts["inspector"], c.general, c.city, line=Line.INDUSTRY)
    assign(posts["fire"], c.fire, c.city, line=Line.INDUSTRY)
    assign(posts["gas"], c.gas, c.city, line=Line.INDUSTRY)
    make.PostScopeFactory(post=posts["gridofficer"], district=c.next_cell, acting=True)
    Site.objects.exclude(pk=c.hotel.pk).update(industry=c.catering)
    c.school.community = make.DistrictFactory(parent=c.west_township)
    c.school.cell = make.DistrictFactory(parent=c.school.community)
    c.school.industry = c.catering
    c.school.save()
    make.PostScopeFactory(post=posts["gridofficer"], district=c.school.cell, acting=True)
    return cast


def found():
    """What is open: rule → names of the sites."""
    rows = Finding.objects.open().order_by("rule")
    return {
        row.rule: sorted(touched.site.name for touched in row.touched.select_related("site")) for row in rows
    }


def test_in_a_city_that_is_answered_for_nothing_is_found(answered, now):
    assert audit(now=now).found == 0
    assert found() == {}


def test_each_planted_gap_is_found_and_nothing_else(answered, now):
    c, posts = answered.city, answered.posts
    Assignment.objects.get(post=posts["gas"]).delete()  # nobody for the shop's gas
    Holding.objects.filter(post=posts["chengxi"]).delete()  # the school's district head has left
    loose = make.SiteFactory(name="新业态工作室", at=c.township, industry=None, matters=[c.general])
    lost = make.DistrictFactory(parent=c.community, name="慈幼社区第003网格")
    c.other.principal = ""
    c.other.save()
    Certificate.objects.filter(user=answered.inspector2).update(span=(dt.date(2015, 1, 1), TODAY))
    audit(now=now)
    assert found() == {
        "nobody": [c.shop.name],
        "vacant": [c.school.name, c.school.name],  # general and fire
        "unplaced": [loose.name],
        "no_officer": [],
        "no_regulator": [loose.name],
        "no_principal": [c.shop.name],
        "certificate": [],
    }
    gap = Finding.objects.get(rule="nobody")
    assert (gap.line, gap.tier, gap.matter, gap.cell) == (Line.INDUSTRY, Tier.LEAD, c.gas, c.cell)
    assert Finding.objects.get(rule="no_officer").cell == lost
    assert Finding.objects.get(rule="vacant").post == posts["chengxi"]
    assert Finding.objects.get(rule="certificate").post == posts["inspector2"]
    assert gap.sites == 1


def test_two_bodies_that_answer_with_equal_right_are_found_but_not_two_posts_of_one(answered, now):
    c, posts = answered.city, answered.posts
    for name in ("inspector", "inspector2"):  # of one bureau
        assign(posts[name], c.general, c.cell, line=Line.COMPREHENSIVE, tier=Tier.SUPERVISOR)
    audit(now=now)
    assert found() == {}
    assign(posts["chengdong"], c.general, c.cell, line=Line.COMPREHENSIVE, tier=Tier.SUPERVISOR)
    audit(now=now)
    assert found() == {"overlap": sorted([c.hotel.name, c.shop.name])}
    assert Finding.objects.get().kind == "overlap"


def command(**options) -> str:
    """What the command says."""
    out = StringIO()
    call_command("audit_coverage", stdout=out, **options)
    return out.getvalue().strip()


def test_the_command_looks_at_everything_at_once(answered, now):
    Assignment.objects.get(post=answered.posts["gas"]).delete()
    assert command() == "1 found, 0 mended, 1 to be resolved"
    assert found() == {"nobody": [answered.city.shop.name]}
    assert CoverageDay.objects.filter(day=TODAY, matter=None).count() == 2  # both districts
    assert not Touch.objects.exists()
    assert command() == "0 found, 0 mended, 1 to be resolved"
    assign(answered.posts["gas"], answered.city.gas, answered.city.city, line=Line.INDUSTRY)
    assert command() == "0 found, 1 mended, 0 to be resolved"


def test_the_command_looks_only_at_what_has_changed(answered, now):
    audit(now=now)
    assert command(touched=True) == "nothing has changed since the last audit"
    other = make.FindingFactory(key="of nothing that has changed")
    other.touched.create(found_at=other.found_at, site=answered.city.school)
    Assignment.objects.get(post=answered.posts["chengdong"], matter=answered.city.gas).delete()
    assert command(touched=True) == "1 found, 0 mended, 2 to be resolved"
    assert command(touched=True) == "nothing has changed since the last audit"
    assert command() == "0 found, 1 mended, 1 to be resolved"  # the whole finds that it was none


def test_auditing_again_changes_nothing(answered, now):
    Assignment.objects.filter(post=answered.posts["gas"]).delete()
    audit(now=now)
    before = list(Finding.objects.values_list("pk", "found_at")), FindingSite.objects.count()
    with time_machine.travel(now + dt.timedelta(days=1), tick=False):
        done = audit(now=now + dt.timedelta(days=1))
    assert (done.found, done.mended) == (0, 0)
    assert (list(Finding.objects.values_list("pk", "found_at")), FindingSite.objects.count()) == before


def test_what_is_mended_closes_itself_and_stays_as_history(answered, now):
    c, posts = answered.city, answered.posts
    Assignment.objects.filter(post=posts["gas"]).delete()
    audit(now=now)
    gap = Finding.objects.get()
    owed = Obligation.objects.get(kind="coverage")
    assert owed.debtor_post == posts["bureau"]
    assign(posts["gas"], c.gas, c.city, line=Line.INDUSTRY)
    assert audit(now=now).mended == 1
    gap.refresh_from_db()
    owed.refresh_from_db()
    assert (gap.state, gap.mended_at, gap.touched.get().site) == ("mended", now, c.shop)
    assert (owed.outcome, owed.closed_at) == (Outcome.MET, now)
    assert list(
        Entry.objects.filter(subject=f"responsibility.finding:{gap.pk}").values_list("action", flat=True)
    ) == ["finding.found", "finding.mended"]
    Assignment.objects.filter(post=posts["gas"]).delete()
    audit(now=now)
    assert Finding.objects.filter(key=gap.key).count() == 2  # the same trouble again is another finding


def test_a_vacant_post_of_a_member_unit_is_filled_by_its_head_and_the_finding_is_mended(
    answered, now, client
):
    c, post = answered.city, answered.posts["fire"]
    chief = make.UserFactory(username="chief")
    head = make.PostFactory(kind=PostKind.HEAD, unit=c.brigade, holder=chief)
    Holding.objects.filter(post=post).delete()
    audit(now=now)
    row = Finding.objects.get(rule="vacant")
    assert (row.post, row.whose) == (post, head)
    client.force_login(chief)
    page = client.get(reverse("responsibility:finding", args=[row.pk])).text
    url = reverse("responsibility:handover", args=[post.pk])
    assert f'href="{url}"' in page
    client.post(f"{url}?q=无岗", {"person": answered.nobody.pk, "on": "2026-11-23"})
    audit(now=now)
    row.refresh_from_db()
    assert row.state == "mended"
    assert Obligation.objects.get(kind="coverage").outcome == Outcome.MET
    assert f'href="{url}"' not in client.get(reverse("responsibility:finding", args=[row.pk])).text


def test_a_finding_of_which_a_part_is_mended_loses_those_sites(answered, now):
    c = answered.city
    Holding.objects.filter(post=answered.posts["chengdong"]).delete()
    audit(now=now)
    row = Finding.objects.get(rule="vacant")
    assert row.sites == 3
    assert row.township == c.township
    assert row.cell is None  # they stand in two
    assign(answered.posts["inspector"], c.general, c.next_cell)
    audit(now=now)
    row.refresh_from_db()
    assert (row.state, row.sites) == ("open", 2)
    assert {touched.site for touched in row.touched.still()} == {c.hotel, c.shop}
    assert row.touched.get(gone_at__isnull=False).gone_at == now


@pytest.mark.parametrize(
    ("line", "tier", "whose"),
    [
        (Line.TERRITORIAL, Tier.LEAD, "chengdong"),
        (Line.INDUSTRY, Tier.LEAD, "bureau"),
        (Line.COMPREHENSIVE, Tier.LEAD, "bureau"),
    ],
)
def test_each_gap_has_somebody_who_must_resolve_it(answered, now, line, tier, whose):
    other = make.PostFactory(unit=answered.city.emergency)
    CoveragePolicy.objects.exclude(line=line).delete()
    Assignment.objects.filter(line=line).delete()
    assign(other, answered.city.general, answered.city.chengxi, line=line, tier=tier)
    audit(now=now)
    row = Finding.objects.filter(rule="nobody", matter=answered.city.gas).get()
    assert row.whose == answered.posts[whose]
    owed = Obligation.objects.get(subject_id=row.pk, kind="coverage")
    assert owed.debtor_post == answered.posts[whose]
    assert owed.due_on == dt.date(2026, 12, 7)  # ten working days


def test_two_bodies_in_one_township_are_the_districts_to_part(answered, now):
    c = answered.city
    town = make.UnitFactory(kind=UnitKind.GOVERNMENT, district=c.township)
    make.PostFactory(kind=PostKind.HEAD, unit=town, holder=make.UserFactory())
    for unit in (c.emergency, make.UnitFactory()):
        post = make.PostFactory(unit=unit, holder=make.UserFactory())
        assign(post, c.general, c.chengdong, tier=Tier.DIRECT)
    audit(now=now)
    row = Finding.objects.filter(rule="overlap").first()
    assert row.whose == answered.posts["chengdong"]
    kept = rivals(row, on=TODAY)[0]
    make_joint(
        finding=row,
        keeps=kept,
        support="",
        basis="会议纪要",
        actor=answered.chengdong,
        acting_post=answered.posts["chengdong"],
        now=now,
    )
    audit(now=now + 2 * DAY)
    assert not Finding.objects.open().filter(rule="overlap").exists()


def test_what_was_dismissed_stays_dismissed_while_it_lasts(answered, now):
    Assignment.objects.filter(post=answered.posts["gas"]).delete()
    audit(now=now)
    row = Finding.objects.get()
    boss = {"actor": answered.bureau, "acting_post": answered.posts["bureau"], "now": now}
    with pytest.raises(Invalid):
        dismiss(finding=row, reason="  ", **boss)
    dismiss(finding=row, reason="瓶装气已停用", **boss)
    assert Obligation.objects.get(kind="coverage").outcome == Outcome.CANCELLED
    audit(now=now)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("dismissed", "瓶装气已停用")
    assert Finding.objects.count() == 1
    with pytest.raises(Stale):
        dismiss(finding=row, reason="once more", **boss)
    take_up(finding=row, **boss)
    assert Obligation.objects.open().filter(kind="coverage").count() == 1


def test_a_dismissed_finding_is_open_again_with_another_site_and_a_past_day_stays(answered, now):
    c = answered.city
    Assignment.objects.filter(post=answered.posts["gas"]).delete()
    audit(now=now)
    row = Finding.objects.get()
    boss = {"actor": answered.bureau, "acting_post": answered.posts["bureau"]}
    dismiss(finding=row, reason="瓶装气已停用", now=now, **boss)
    with time_machine.travel(now + 2 * DAY, tick=False):
        make.SiteFactory(
            name="新开火锅店", at=c.cell, industry=c.catering, matters=[c.general, c.fire, c.gas]
        )
        later = now + 2 * DAY
        assert audit_touched(now=later) == Audited(found=1, mended=0, open=1)
        row.refresh_from_db()
        assert (row.state, row.reason, row.dismissed_at, row.sites) == ("open", "", None, 2)
        assert Entry.objects.filter(action="finding.reopened").count() == 1
        assert Obligation.objects.open().filter(kind="coverage", subject_id=row.pk).count() == 1
        days = [gaps_on(day, now=later + DAY).count() for day in (TODAY, TODAY + DAY, TODAY + 2 * DAY)]
        assert days == [0, 0, 2]
        audit(now=later)
        assert row.past_dismissals.get().reason == "瓶装气已停用"


def test_a_dismissed_finding_stays_so_when_one_of_its_own_sites_comes_back(answered, now):
    c = answered.city
    make.SiteFactory(at=c.next_cell, industry=c.catering, matters=[c.general, c.fire, c.gas])
    Assignment.objects.filter(post=answered.posts["gas"]).delete()
    make.SiteFactory(at=c.cell, industry=c.catering, matters=[c.general, c.fire, c.gas])
    audit(now=now)
    row = Finding.objects.get(cell=c.cell)
    boss = {"actor": answered.bureau, "acting_post": answered.posts["bureau"]}
    dismiss(finding=row, reason="瓶装气已停用", now=now, **boss)
    for status, sites in (("closed", 1), ("operating", 2)):
        Site.objects.filter(pk=c.shop.pk).update(status=status)
        audit_touched(now=now)
        row.refresh_from_db()
        assert (row.state, row.sites) == ("dismissed", sites)


def test_open_again_it_is_still_whose_it_was(answered, now):
    c = answered.city
    Assignment.objects.filter(post=answered.posts["gas"]).delete()
    audit(now=now)
    row = Finding.objects.get()
    assert row.whose == answered.posts["bureau"]
    pass_on(row, to=answered.posts["fire"], now=now)
    row.refresh_from_db()
    who = {"actor": answered.bureau, "acting_post": answered.posts["bureau"]}
    dismiss(finding=row, reason="瓶装气已停用", now=now, **who)
    make.SiteFactory(at=c.cell, industry=c.catering, matters=[c.general, c.fire, c.gas])
    audit_touched(now=now)
    row.refresh_from_db()
    assert (row.state, row.whose) == ("open", answered.posts["fire"])
    owed = Obligation.objects.open().get(kind="coverage", subject_id=row.pk)
    assert owed.debtor_post == answered.posts["fire"]


def test_a_dismissal_that_was_taken_back_counts_for_the_days_it_stood(answered, now):
    Assignment.objects.filter(post=answered.posts["gas"]).delete()
    audit(now=now)
    row = Finding.objects.get()
    boss = {"actor": answered.bureau, "acting_post": answered.posts["bureau"]}
    dismiss(finding=row, reason="瓶装气已停用", now=now, **boss)
    take_up(finding=row, now=now + 3 * DAY, **boss)
    later = now + 5 * DAY
    days = [TODAY - DAY, TODAY, TODAY + 2 * DAY, TODAY + 3 * DAY]
    assert [gaps_on(day, now=later).count() for day in days] == [0, 0, 0, 1]


def test_who_leads_an_enterprise_is_seen_as_soon_as_somebody_holds_the_post(answered, now):
    c = answered.city
    c.other.principal = ""
    c.other.save()
    post = make.PostFactory(enterprise=c.other, kind=PostKind.PRINCIPAL)
    audit(now=now)
    assert found() == {"no_principal": [c.shop.name]}
    make.HoldingFactory(post=post)
    assert audit_touched(now=now).mended == 1


def test_the_first_cell_of_a_community_is_seen_at_once(answered, now):
    c = answered.city
    bare = make.DistrictFactory(parent=c.township)
    site = make.SiteFactory(at=bare, industry=c.catering, matters=[c.general])
    audit(now=now)
    assert found() == {"undrawn": [site.name]}
    cell = make.DistrictFactory(parent=bare)
    make.PostScopeFactory(post=answered.posts["gridofficer"], district=cell, acting=True)
    audit_touched(now=now)
    assert found() == {"unplaced": [site.name]}
    District.objects.filter(pk=cell.pk).update(closed_on=TODAY)
    audit_touched(now=now)
    assert found() == {"undrawn": [site.name]}


def test_a_post_that_comes_to_another_body_is_looked_at(answered, now):
    c = answered.city
    for name in ("inspector", "inspector2"):
        assign(answered.posts[name], c.general, c.cell, line=Line.COMPREHENSIVE, tier=Tier.SUPERVISOR)
    audit(now=now)
    assert found() == {}
    Post.objects.filter(pk=answered.posts["inspector2"].pk).update(unit=make.UnitFactory())
    audit_touched(now=now)
    assert found() == {"overlap": sorted([c.hotel.name, c.shop.name])}


def test_a_vacant_post_with_a_duty_where_nothing_stands_yet_is_found(answered, now):
    c = answered.city
    post = make.PostFactory(unit=c.emergency)
    empty = make.DistrictFactory(parent=c.community, name="慈幼社区第004网格")
    make.PostScopeFactory(post=answered.posts["gridofficer"], district=empty, acting=True)
    assign(post, c.general, empty)
    audit(now=now)
    assert found() == {"vacant_idle": []}
    make.SiteFactory(at=empty, industry=c.catering, matters=[c.general], name="新店")
    audit(now=now)
    assert found() == {"vacant": ["新店"]}
    # An outranked duty over the whole city shows no more of it than there is.
    behind = make.PostFactory(unit=c.emergency)
    assign(behind, c.general, c.city)
    audit(now=now)
    assert found() == {"vacant": ["新店"], "vacant_idle": []}
    audit_touched(now=now)
    make.HoldingFactory(post=behind)
    audit_touched(now=now)
    assert found() == {"vacant": ["新店"]}
    make.HoldingFactory(post=post)
    audit_touched(now=now)
    assert found() == {}


def test_the_figures_of_the_day_follow_what_has_changed(answered, now):
    audit(now=now)
    given = Assignment.objects.get(post=answered.posts["gas"])
    given.delete()
    follow(now=now)
    here = CoverageDay.objects.filter(district=answered.city.chengdong, matter=None)
    assert here.get().answered == here.get().sites - 1
    assign(answered.posts["gas"], answered.city.gas, answered.city.city, line=Line.INDUSTRY)
    follow(now=now)
    assert here.get().answered == here.get().sites


def test_only_who_must_resolve_it_or_the_office_dismisses(answered, now):
    Holding.objects.filter(post=answered.posts["chengdong"]).delete()
    audit(now=now)
    row = Finding.objects.get(rule="vacant")
    for name in ("inspector", "auditor"):
        with pytest.raises(NotAllowed):
            dismiss(
                finding=row,
                reason="no",
                actor=getattr(answered, name),
                acting_post=answered.posts[name],
                now=now,
            )
    row.refresh_from_db()
    assert row.state == "open"


def test_a_change_is_looked_at_by_itself_and_costs_no_look_at_the_rest(answered, now):
    c, posts = answered.city, answered.posts
    audit(now=now)
    assert audit_touched(now=now) is None
    given = Assignment.objects.get(post=posts["chengxi"], matter=c.fire)
    given.delete()
    Certificate.objects.all().delete()
    assert audit_touched(now=now).found == 1
    assert found() == {"nobody": [c.school.name]}
    assert not Touch.objects.exists()
    assign(posts["chengxi"], c.fire, c.chengxi)
    assert audit_touched(now=now).mended == 1


@pytest.mark.parametrize("change", ["leaves", "disabled", "moves", "closes", "gets a matter"])
def test_whatever_changes_who_answers_is_seen_without_being_told(answered, now, change):
    c = answered.city
    audit(now=now)
    if change == "leaves":
        Holding.objects.filter(post=answered.posts["chengxi"]).update(span=(ALWAYS[0], TODAY))
    elif change == "disabled":
        answered.chengxi.is_active = False
        answered.chengxi.save()
    elif change == "moves":
        c.school.cell = None
        c.school.save()
    elif change == "closes":
        c.school.status = "closed"
        c.school.save()
    else:
        make.SiteMatter.objects.create(site=c.school, matter=make.MatterFactory(), span=ALWAYS, origin="hand")
    audit_touched(now=now)
    expected = {
        "leaves": {"vacant": [c.school.name] * 2},
        "disabled": {"vacant": [c.school.name] * 2},
        "moves": {"unplaced": [c.school.name]},
        "closes": {},
        "gets a matter": {"nobody": [c.school.name] * 3},
    }[change]
    rows = FindingSite.objects.still().filter(finding__state="open").select_related("finding", "site")
    seen: dict[str, list[str]] = {}
    for row in rows:
        seen.setdefault(row.finding.rule, []).append(row.site.name)
    assert seen == expected


def test_of_a_day_that_is_over_a_disabled_account_answered_as_it_did(answered, now):
    answered.chengxi.is_active = False
    answered.chengxi.save()
    audit(now=now - dt.timedelta(days=1))
    assert found() == {}
    audit(now=now)
    assert set(found()) == {"vacant"}


def test_what_the_other_rules_read_is_looked_at_when_it_changes_and_not_before(answered, now):
    """A grid officer is appointed, a certificate renewed, a principal named: each closes its own at once."""
    c, posts = answered.city, answered.posts
    PostScope.objects.filter(post=posts["gridofficer"], district=c.next_cell).delete()
    Certificate.objects.filter(user=answered.inspector).update(span=(ALWAYS[0], TODAY))
    Holding.objects.filter(post=posts["principal"]).delete()
    Enterprise.objects.filter(pk=c.enterprise.pk).update(principal="")
    audit(now=now)
    assert set(found()) == {"no_officer", "certificate", "no_principal"}
    assert audit_touched(now=now) is None
    make.PostScopeFactory(post=posts["gridofficer"], district=c.next_cell, acting=True)
    assert audit_touched(now=now).mended == 1
    assert set(found()) == {"certificate", "no_principal"}
    Certificate.objects.filter(user=answered.inspector).update(span=ALWAYS)
    audit_touched(now=now)
    assert set(found()) == {"no_principal"}
    Enterprise.objects.filter(pk=c.enterprise.pk).update(principal="马明")
    audit_touched(now=now)
    assert found() == {}


def test_a_policy_that_asks_for_more_is_seen_without_being_told(answered, now):
    audit(now=now)
    CoveragePolicy.objects.create(
        line=Line.COMPREHENSIVE, tier=Tier.DIRECT, matter=answered.city.gas, source="x"
    )
    audit_touched(now=now)
    assert set(found()) == {"nobody"}


def test_a_new_holder_closes_the_gap(answered, now):
    Holding.objects.filter(post=answered.posts["chengxi"]).delete()
    audit(now=now)
    appoint(
        post=answered.posts["chengxi"],
        user=answered.nobody,
        since=TODAY,
        until=None,
        actor=answered.bureau,
        acting_post=answered.posts["bureau"],
        now=now,
    )
    assert audit_touched(now=now).mended == 1


def test_each_day_is_written_down(answered, now):
    c = answered.city
    Assignment.objects.filter(post=answered.posts["gas"]).delete()
    audit(now=now)
    audit(now=now)
    rows = CoverageDay.objects.filter(day=TODAY)
    whole = {row.district: (row.sites, row.answered) for row in rows.filter(matter=None)}
    assert whole == {c.chengdong: (3, 2), c.chengxi: (1, 1)}
    of_gas = rows.get(matter=c.gas)
    assert (of_gas.district, of_gas.sites, of_gas.answered, of_gas.repeated) == (c.chengdong, 1, 0, 0)


def test_an_audit_takes_as_many_statements_for_one_gap_as_for_forty(answered, now):
    c = answered.city
    Assignment.objects.filter(post=answered.posts["gas"]).delete()

    def cost():
        with CaptureQueriesContext(connection) as queries:
            audit(now=now)
        return len(queries)

    audit(now=now)
    Finding.objects.all().delete()
    Obligation.objects.filter(kind="coverage").delete()
    one = cost()
    for _ in range(40):
        cell = make.DistrictFactory(parent=c.community)
        make.SiteFactory(at=cell, industry=c.catering, matters=[c.gas])
    Finding.objects.all().delete()
    Obligation.objects.filter(kind="coverage").delete()
    Touch.objects.all().delete()
    assert cost() == one
    assert Finding.objects.filter(rule="nobody").count() == 41


LINES = [Line.TERRITORIAL, Line.INDUSTRY, Line.COMPREHENSIVE]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(LINES),
        st.sampled_from([Tier.SUPERVISOR, Tier.DIRECT]),
        st.integers(0, 3),  # matter
        st.integers(0, 9),  # place or site
        st.integers(0, 4),  # post; the last is vacant
    ),
    max_size=14,
    unique=True,
)
LOCAL = ("nobody", "vacant", "overlap")


def slowly(on):
    """What the audit must find, site by site, by the rule that answers for one."""
    seen = set()
    policies = [p for p in CoveragePolicy.objects.all() if p.line != Line.ENTERPRISE]
    for site in Site.objects.exclude(district=None):
        answers = [a for a in who_answers(site, on=on) if a.line != Line.ENTERPRISE]
        spoken = {(a.line, a.tier, a.matter.pk) for a in answers}
        for matter in matters_of(site, on=on):
            for policy in policies:
                if (policy.line, policy.tier, matter.pk) not in spoken:
                    seen.add(("nobody", site.pk, matter.pk, policy.line, policy.tier))
        for answer in answers:
            slot = (site.pk, answer.matter.pk, answer.line, answer.tier)
            if answer.is_gap:
                seen.add(("vacant", *slot))
            if answer.is_overlap:
                seen.add(("overlap", *slot))
    return seen


def quickly():
    rows = FindingSite.objects.still().filter(finding__state="open", finding__rule__in=LOCAL)
    return set(rows.values_list("finding__rule", "site", "matter", "line", "tier"))


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=ROWS, later=ROWS)
def test_the_audit_agrees_with_the_rule_of_one_site_and_a_part_with_the_whole(cast, policies, rows, later):
    c = cast.city
    matters = [c.general, c.fire, c.crowded, c.gas]
    over = [c.city, c.chengdong, c.chengxi, c.township, c.community, c.cell, c.next_cell]
    over += [c.hotel, c.warehouse, c.school]
    now = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
    with transaction.atomic():
        CoveragePolicy.objects.all().delete()
        CoveragePolicy.objects.bulk_create(
            CoveragePolicy(line=line, tier=Tier.DIRECT, source="a test") for line in LINES
        )
        bodies = [c.emergency, c.brigade, c.government, c.emergency, c.brigade]
        posts = Post.objects.bulk_create(
            Post(title=str(n), kind="officer", unit=body, created_at=now) for n, body in enumerate(bodies)
        )
        Holding.objects.bulk_create(
            Holding(post=post, user=make.UserFactory(), span=ALWAYS) for post in posts[:-1]
        )
        more = [row for row in later if row not in rows]  # a post has one duty once
        for given_rows, look in ((rows, audit), (more, audit_touched)):
            Assignment.objects.bulk_create(
                Assignment(
                    post=posts[post],
                    line=line,
                    tier=tier,
                    matter=matters[matter],
                    span=ALWAYS,
                    **({"site": over[place]} if isinstance(over[place], Site) else {"district": over[place]}),
                )
                for line, tier, matter, place, post in given_rows
            )
            look(now=now)
            assert quickly() == slowly(TODAY)
        transaction.set_rollback(True)
