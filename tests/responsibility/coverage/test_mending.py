"""What a finding is about is put in order from its page, and the finding then closes by itself."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from responsibility.coverage.audit import audit, audit_touched
from responsibility.coverage.choices import FindingState
from responsibility.coverage.models import Finding
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
        unplaced.touched.create(site=make.SiteFactory(at=cast.city.township, matters=[cast.city.general]))
    assert cost() == few
