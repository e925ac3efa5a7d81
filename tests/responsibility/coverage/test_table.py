"""The table of coverage: district × industry, who must act, by when; each sees what they read."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from responsibility.assignments.choices import Line, Tier
from responsibility.coverage.choices import Kind
from responsibility.coverage.owing import settle
from responsibility.coverage.table import rows
from safegrid.grid.models import Site
from tests import factories as make

URL = "/responsibility/coverage/table/"


@pytest.fixture
def found(cast, policies, now):
    """A gap at the hotel and the shop, an overlap at the hotel; what is in no cell is no line's."""
    c = cast.city
    Site.objects.exclude(pk=c.hotel.pk).update(industry=make.IndustryFactory(code="F", name_en="Trade"))
    east = {"district": c.chengdong, "township": c.township}
    gap = make.FindingFactory(line=Line.TERRITORIAL, tier=Tier.LEAD, **east)
    overlap = make.FindingFactory(rule="overlap", kind=Kind.OVERLAP, **east)
    loose = make.FindingFactory(rule="unplaced", line="", tier="", **east)
    for finding, sites in ((gap, [c.hotel, c.shop]), (overlap, [c.hotel]), (loose, [c.warehouse])):
        for site in sites:
            finding.touched.create(
                found_at=finding.found_at, site=site, line=finding.line, tier=finding.tier, matter=c.general
            )
    settle(now=now)
    return cast


def sheet(client):
    response = client.get(URL)
    assert response.status_code == 200
    assert 'filename="coverage-2026-11-23.xlsx"' in response["Content-Disposition"]
    return CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response))).get_sheet_by_index(0).to_python()


def test_each_industry_of_a_district_is_a_row(found, client):
    client.force_login(found.bureau)
    lines = sheet(client)
    catering, trade, west = lines[4:7]
    assert catering[:6] == ["Chengdong District", "Catering", 1, 0, 1, 1]
    assert trade[:6] == ["Chengdong District", "Trade", 2, 1, 1, 0]
    assert west[:6] == ["Chengxi District", "Trade", 1, 1, 0, 0]
    assert set(catering[6].split("\n")) == {"Chengdong's post", "Bureau's post"}
    assert (trade[6], trade[7]) == ("Chengdong's post", dt.date(2026, 12, 7))
    assert (west[6], west[7]) == ("", "")
    assert "Prepared by: " in lines[-1]


@pytest.mark.parametrize(
    ("name", "total"), [("bureau", 4), ("chengdong", 3), ("chengxi", 1), ("gridofficer", 2), ("gas", 1)]
)
def test_each_sees_what_they_read(found, client, name, total):
    client.force_login(getattr(found, name))
    assert sum(line[2] for line in sheet(client)[4:] if isinstance(line[2], float | int)) == total


def test_the_table_is_the_supervisors_business(found, client):
    client.force_login(found.enterprise)
    assert client.get(URL).status_code == 403


def test_the_table_costs_the_same_with_many_sites_and_findings(found):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert rows(found.bureau, day=dt.date(2026, 11, 23))
        return len(queries)

    cost()
    few = cost()
    for _ in range(20):
        site = make.SiteFactory(at=found.city.cell, industry=make.IndustryFactory())
        finding = make.FindingFactory(**site.place_ids)
        finding.touched.create(found_at=finding.found_at, site=site, line=finding.line, tier=finding.tier)
    assert cost() == few
