"""What a finding is about is put in order from its page, and the finding then closes by itself."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from responsibility.coverage.audit import audit, audit_touched
from responsibility.coverage.choices import FindingState
from responsibility.coverage.filters import FindingFilter
from responsibility.coverage.models import Finding
from safegrid.grid.filters import SiteFilters
from tests import factories as make


@pytest.fixture
def unplaced(cast, policies, now):
    """A shop of the hotel's enterprise stands in the township, and in none of its cells."""
    c = cast.city
    make.SiteFactory(enterprise=c.enterprise, name="恒盛小店", at=c.township, matters=[c.general])
    audit(now=now)
    return Finding.objects.get(rule="unplaced", township=c.township)


def page_of(finding):
    return reverse("responsibility:finding", args=[finding.pk])


def test_a_site_is_placed_from_the_finding_which_then_closes(cast, unplaced, client, now):
    site = unplaced.touched.get().site
    url = f"{reverse('grid:place', args=[site.enterprise_id])}?site={site.pk}"
    client.force_login(cast.chengdong)
    assert f'href="{url}"' in client.get(page_of(unplaced)).text
    client.post(url, {"node": cast.city.cell.code, "sure": "1"})
    audit_touched(now=now)
    unplaced.refresh_from_db()
    assert unplaced.state == FindingState.MENDED
    assert f'href="{url}"' not in client.get(page_of(unplaced)).text


@pytest.mark.parametrize("name", ["auditor", "fire"])
def test_whoever_may_not_place_it_gets_no_link(cast, unplaced, client, name):
    client.force_login(getattr(cast, name))
    assert "/place/" not in client.get(page_of(unplaced)).text


def test_the_page_costs_the_same_with_many_sites_to_place(cast, unplaced, client):
    client.force_login(cast.chengdong)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(unplaced)).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for _each in range(20):
        unplaced.touched.create(
            found_at=unplaced.found_at,
            site=make.SiteFactory(at=cast.city.township, matters=[cast.city.general]),
        )
    assert cost() == few


@pytest.fixture
def wide(cast, unplaced):
    """The finding is about sixty sites; those of the test city are in order, or elsewhere."""
    c = cast.city
    for n in range(59):
        site = make.SiteFactory(name=f"小店{n:02}", at=c.township, matters=[c.general])
        unplaced.touched.create(found_at=unplaced.found_at, site=site)
    unplaced.sites = 60
    unplaced.save()
    return unplaced


def listed(client, query):
    """The names of the sites that the API gives for a query."""
    answer = client.get(f"/api/v1/sites/?limit=200&{query}")
    return sorted(row["site"] for row in answer.json()["results"])


def test_the_rest_of_its_sites_is_a_list_of_exactly_these(cast, wide, client):
    client.force_login(cast.chengdong)
    url = f"{reverse('grid:enterprises')}?tab=all&amp;finding={wide.pk}"
    page = client.get(page_of(wide)).text
    assert f'href="{url}"' in page
    assert "and 10 more" in page
    names = sorted(["恒盛小店", *(f"小店{n:02}" for n in range(59))])
    assert listed(client, f"finding={wide.pk}") == names
    sheet = client.get(f"{reverse('grid:enterprises')}?tab=all&finding={wide.pk}&format=csv")
    lines = b"".join(sheet.streaming_content).decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 1 + 60
    assert "Sites in no grid cell" in client.get(f"{reverse('grid:enterprises')}?finding={wide.pk}").text


def test_of_a_finding_each_lists_the_sites_in_their_own_reach(cast, wide, client):
    school = cast.city.school
    wide.touched.create(found_at=wide.found_at, site=school)
    client.force_login(cast.chengdong)
    assert school.name not in listed(client, f"finding={wide.pk}")
    client.force_login(cast.bureau)
    assert school.name in listed(client, f"finding={wide.pk}")


@pytest.mark.parametrize("name", ["enterprise", "rival", "chengxi"])
def test_whoever_does_not_read_the_finding_lists_nothing_by_it(cast, wide, client, name):
    client.force_login(getattr(cast, name))
    answer = client.get(f"/api/v1/sites/?finding={wide.pk}")
    assert (answer.status_code, answer.json()) == (400, {"finding": "There is no such choice for you."})


def test_the_list_costs_the_same_for_a_finding_about_many(cast, unplaced, client):
    client.force_login(cast.chengdong)
    url = f"{reverse('grid:enterprises')}?tab=all&finding={unplaced.pk}"

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for _each in range(20):
        unplaced.touched.create(
            found_at=unplaced.found_at,
            site=make.SiteFactory(at=cast.city.township, matters=[cast.city.general]),
        )
    assert cost() == few


def test_a_filter_is_plugged_in_once_by_its_name():
    with pytest.raises(ValueError, match="finding"):
        SiteFilters.plug("finding", FindingFilter())
