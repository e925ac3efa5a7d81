"""The pages of coverage: the share, what is missing, and what resolves it."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment, CoveragePolicy
from responsibility.coverage.audit import audit
from responsibility.coverage.models import CoverageDay, Finding
from responsibility.coverage.past import gaps_on
from responsibility.coverage.queries import Month, Share, coverage
from responsibility.coverage.table import rows
from tests import factories as make

TODAY = dt.date(2026, 11, 23)
URL = "/responsibility/coverage/"


@pytest.fixture
def gap(cast, policies, now):
    """Fire has no regulator; all else is answered for."""
    c = cast.city
    CoveragePolicy.objects.exclude(line=Line.INDUSTRY).delete()
    for matter in (c.general, c.gas):
        Assignment.objects.create(
            post=cast.posts["inspector"],
            line=Line.INDUSTRY,
            tier=Tier.LEAD,
            matter=matter,
            district=c.city,
            span=(dt.date(2020, 1, 1), None),
        )
    audit(now=now)
    return Finding.objects.get(rule="nobody", district=c.chengdong)


def test_the_share_is_that_of_sites_without_a_gap(cast, gap):
    found = coverage(cast.bureau, today=TODAY)
    assert (found.whole.sites, found.looked_on) == (4, TODAY)
    assert set(Finding.objects.open().values_list("rule", flat=True)) >= {"nobody", "unplaced"}
    assert found.whole.answered == 2  # the hotel and the school have fire; being in no cell is no line
    assert found.matters == [cast.city.fire]
    assert found.others == 2


def test_whoever_reads_one_matter_sees_its_sites_once(cast, gap):
    found = coverage(cast.fire, today=TODAY)
    assert (found.whole.sites, found.whole.answered) == (2, 0)  # the hotel by what lies below fire
    assert found.trend == [Month(TODAY, 0.0, 0)]


def test_a_site_without_a_matter_or_a_district_is_not_answered_for(cast, gap, now):
    c = cast.city
    make.SiteFactory(name="新业态", at=c.cell, industry=None, matters=[])
    make.SiteFactory(name="不知何处", at=c.city, industry=c.catering, matters=[c.general])
    audit(now=now)
    found = coverage(cast.bureau, today=TODAY)
    assert (found.whole.sites, found.whole.answered) == (6, 2)
    lines = {line.district: (line.whole.sites, line.whole.answered) for line in found.matrix}
    assert lines == {c.chengdong: (4, 2), c.chengxi: (1, 0), None: (1, 0)}
    table = {row.district: (row.total, row.answered) for row in summed(rows(cast.bureau, day=TODAY))}
    assert table == lines
    assert gaps_on(TODAY, now=now + dt.timedelta(hours=1)).filter(site__name="新业态").exists()


def summed(table):
    """The rows of each district as one."""
    for district in {row.district for row in table}:
        own = [row for row in table if row.district == district]
        yield replace(own[0], total=sum(r.total for r in own), gaps=sum(r.gaps for r in own))


def test_one_over_several_districts_is_a_finding_of_each(cast, gap, now, client):
    c = cast.city
    wide = make.FindingFactory(rule="vacant", key="1", line="industry", tier="lead", matter=None)
    for site in (c.hotel, c.school):
        wide.touched.create(found_at=now, site=site, matter=c.fire, line="industry", tier="lead")
    for who, sees in (("chengdong", {c.hotel}), ("chengxi", {c.school}), ("fire", {c.hotel, c.school})):
        user = getattr(cast, who)
        assert wide in Finding.objects.visible_to(user)
        client.force_login(user)
        page = client.get(f"{URL}findings/{wide.pk}/").text
        assert {site for site in (c.hotel, c.school) if site.name in page} == sees
        assert f'href="{URL}findings/{wide.pk}/"' in client.get(f"{URL}findings/").text
    for who in ("gas", "enterprise", "nobody"):
        assert wide not in Finding.objects.visible_to(getattr(cast, who))
    for district in (c.chengdong, c.chengxi):
        counts = {rule.code for rule, _n in coverage(cast.bureau, today=TODAY, district=district.code).counts}
        assert "vacant" in counts
        client.force_login(cast.bureau)
        listed = client.get(f"{URL}findings/?rule=vacant&district={district.code}").text
        assert f'href="{URL}findings/{wide.pk}/"' in listed
    wide.touched.filter(site=c.school).update(gone_at=now)
    assert wide not in Finding.objects.visible_to(cast.chengxi)


def test_a_share_is_never_rounded_up_to_all():
    assert Share(100_000, 99_999).percent == 99.9
    assert Share(3, 3).percent == 100.0
    assert Share().percent is None


@pytest.mark.parametrize(
    ("name", "districts", "whole"),
    [
        ("bureau", {"chengdong", "chengxi"}, True),
        ("auditor", {"chengdong", "chengxi"}, True),
        ("chengdong", {"chengdong"}, True),
        ("chengxi", {"chengxi"}, True),
        ("fire", {"chengdong", "chengxi"}, False),
        ("gridofficer", set(), False),
        ("enterprise", set(), False),
        ("nobody", set(), False),
    ],
)
def test_figures_are_of_districts_and_matters_that_one_reads_as_a_whole(cast, gap, name, districts, whole):
    found = coverage(getattr(cast, name), today=TODAY)
    assert {line.district for line in found.matrix} == {getattr(cast.city, each) for each in districts}
    assert all((line.whole is not None) is whole for line in found.matrix)
    if name == "fire":
        assert {matter for line in found.matrix for matter, share in line.of_matters if share} == {
            cast.city.fire
        }


def test_the_page_names_what_is_missing_and_leads_to_it(cast, gap, client):
    client.force_login(cast.bureau)
    page = client.get(URL).text
    assert "Nobody is assigned" in page
    assert 'href="/responsibility/coverage/findings/?rule=nobody"' in page
    code = cast.city.chengdong.code
    assert f'href="/responsibility/coverage/findings/?district={code}&amp;matter=fire"' in page
    listed = client.get(f"{URL}findings/?rule=nobody&district={code}").text
    assert f'href="{URL}findings/{gap.pk}/"' in listed


def test_the_trend_has_the_last_known_day_of_each_month(cast, gap):
    for day, answered in ((dt.date(2026, 9, 30), 1), (dt.date(2026, 10, 1), 2), (dt.date(2026, 10, 31), 3)):
        CoverageDay.objects.create(
            day=day, district=cast.city.chengdong, sites=4, answered=answered, repeated=2
        )
    trend = coverage(cast.chengdong, today=TODAY).trend
    assert trend[:2] == [Month(dt.date(2026, 9, 30), 25.0, 2), Month(dt.date(2026, 10, 31), 75.0, 2)]
    assert trend[-1].day == TODAY


def test_figures_kinds_and_trend_are_those_of_a_place_and_of_a_matter(cast, gap):
    c = cast.city
    rows = {
        ("chengdong", None): 3,
        ("chengdong", c.fire): 1,
        ("chengxi", None): 2,
        ("chengxi", c.fire): 0,
    }
    for (district, matter), answered in rows.items():
        place = getattr(c, district)
        CoverageDay.objects.create(
            day=dt.date(2026, 9, 30), district=place, matter=matter, sites=4, answered=answered, repeated=2
        )
    east = coverage(cast.bureau, today=TODAY, district=c.chengdong.code)
    assert (east.district, east.matter, east.whole.sites) == (c.chengdong, None, 3)
    assert east.trend[0] == Month(dt.date(2026, 9, 30), 75.0, 2)
    assert {line.district for line in east.matrix} == {c.chengdong, c.chengxi}  # to go on from
    findings = Finding.objects.open().standing_in("district", c.chengdong.pk)
    assert sum(number for _rule, number in east.counts) == findings.count() < Finding.objects.open().count()
    fire = coverage(cast.bureau, today=TODAY, matter="fire")
    assert (fire.matter, fire.whole.sites, fire.whole.answered) == (c.fire, 2, 0)
    assert fire.trend[0] == Month(dt.date(2026, 9, 30), 12.5, 4)
    both = coverage(cast.bureau, today=TODAY, matter="fire", district=c.chengxi.code)
    assert both.trend[0] == Month(dt.date(2026, 9, 30), 0.0, 2)
    assert [rule.code for rule, _number in fire.counts] == ["nobody"]


def test_a_finding_of_several_matters_counts_and_is_listed_for_each(cast, gap, client):
    c = cast.city
    wide = make.FindingFactory(rule="vacant", key="1", line="industry", tier="lead", **c.hotel.place_ids)
    for matter in (c.fire, c.gas):
        wide.touched.create(found_at=wide.found_at, site=c.hotel, matter=matter, line="industry", tier="lead")
    counts = {rule.code: n for rule, n in coverage(cast.bureau, today=TODAY, matter="gas").counts}
    assert counts == {"vacant": 1}
    client.force_login(cast.bureau)
    for matter in ("fire", "gas"):
        assert f'href="{URL}findings/{wide.pk}/"' in client.get(f"{URL}findings/?matter={matter}").text
    wide.touched.filter(matter=c.gas).update(gone_at=wide.found_at)
    assert coverage(cast.bureau, today=TODAY, matter="gas").counts == []


def test_the_page_goes_to_a_place_and_a_matter_and_back(cast, gap, client):
    client.force_login(cast.bureau)
    code = cast.city.chengdong.code
    assert f'href="?district={code}"' in client.get(URL).text
    page = client.get(f"{URL}?district={code}").text
    assert f'href="?matter=fire&amp;district={code}"' in page
    assert f'href="/responsibility/coverage/findings/?rule=nobody&amp;district={code}"' in page
    both = client.get(f"{URL}?district={code}&matter=fire").text
    assert f'href="{URL}?matter=fire"' in both
    assert f'href="{URL}?district={code}"' in both
    client.force_login(cast.chengxi)
    lost = client.get(f"{URL}?district={code}", follow=True)
    assert lost.redirect_chain == [(URL, 302)]
    assert "There are no figures of that" in lost.text


def test_before_the_first_audit_the_page_says_so(cast, client):
    client.force_login(cast.bureau)
    assert "first night" in client.get(URL).text


@pytest.mark.parametrize("name", ["enterprise", "rival", "nobody"])
def test_coverage_is_the_supervisors_business(cast, gap, client, name):
    client.force_login(getattr(cast, name))
    assert client.get(URL).status_code == 403
    assert client.get(f"{URL}findings/{gap.pk}/").status_code == 404


def test_a_finding_names_who_must_resolve_it_and_offers_the_form_filled_in(cast, gap, client):
    client.force_login(cast.bureau)
    page = client.get(f"{URL}findings/{gap.pk}/").text
    assert escape(cast.posts["bureau"].label) in page
    assert cast.city.hotel.name in page
    place = cast.city.cell.code
    assert (
        f"/responsibility/assign/?place={place}&amp;matter=fire-crowded&amp;line=industry&amp;tier=lead"
        in page
    )
    make.PostScopeFactory(post=cast.posts["chengxi"], district=cast.city.city, acting=False)
    client.force_login(cast.chengxi)  # who acts elsewhere only
    assert "/responsibility/assign/" not in client.get(f"{URL}findings/{gap.pk}/").text
    client.force_login(cast.auditor)
    seen = client.get(f"{URL}findings/{gap.pk}/").text
    assert "/responsibility/assign/" not in seen
    assert 'name="reason"' not in seen


def test_dismissing_needs_a_reason_and_can_be_undone(cast, gap, client):
    client.force_login(cast.bureau)
    url = f"{URL}findings/{gap.pk}/"
    refused = client.post(url, {"reason": ""})
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert client.post(url, {"reason": "省属企业，由省级部门监管"}).status_code == 302
    gap.refresh_from_db()
    assert (gap.state, gap.dismissed_by) == ("dismissed", cast.bureau)
    page = client.get(url, follow=True).text
    assert "省属企业，由省级部门监管" in page
    client.post(url)
    gap.refresh_from_db()
    assert (gap.state, gap.reason) == ("open", "")


def test_whoever_may_not_dismisses_nothing(cast, gap, client):
    client.force_login(cast.auditor)
    assert client.post(f"{URL}findings/{gap.pk}/", {"reason": "no"}).status_code == 403
    gap.refresh_from_db()
    assert gap.state == "open"


def test_a_finding_stands_in_the_work_of_whoever_must_resolve_it(cast, gap, client):
    client.force_login(cast.bureau)
    page = client.get(reverse("my_work")).text
    assert "Nobody is assigned" in page
    assert f'href="{URL}findings/{gap.pk}/"' in page


def test_the_pages_cost_the_same_with_many_findings(cast, gap, client):
    client.force_login(cast.bureau)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).status_code == 200
            assert client.get(f"{URL}findings/{gap.pk}/").status_code == 200
        return len(queries)

    cost()
    few = cost()
    for n in range(30):
        site = make.SiteFactory(at=cast.city.cell, matters=[cast.city.fire])
        gap.touched.create(
            found_at=gap.found_at, site=site, matter=cast.city.fire, line=Line.INDUSTRY, tier=Tier.LEAD
        )
        make.FindingFactory(key=f"more{n}", **cast.city.hotel.place_ids)
    assert cost() == few
