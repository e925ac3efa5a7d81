"""An official says in which community or cell a site stands: shown first, then done, and it stays."""

import pytest
from django.urls import reverse

from responsibility.obligations.services import open_obligation
from safegrid.audit.models import Entry
from safegrid.grid.models import Site
from safegrid.grid.services import change_site, place_site
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from tests import factories as make


@pytest.fixture
def stray(cast, now):
    """A shop of the hotel's enterprise that is known to stand in the township, and no further."""
    c = cast.city
    return make.SiteFactory(enterprise=c.enterprise, name="恒盛小店", at=c.township, matters=[c.general])


def address(site, place=None):
    query = f"?site={site.pk}" + (f"&place={place.code}" if place else "")
    return reverse("grid:place", args=[site.enterprise_id]) + query


def placed(site):
    site.refresh_from_db()
    return site.community_id, site.cell_id, site.place_fixed


def deeds(site):
    return Entry.objects.filter(subject=f"grid.site:{site.pk}", action="placed").count()


def options(page):
    return [code for code, _label in page.context["form"].fields["node"].choices]


def test_the_communities_and_cells_of_its_township_are_offered_and_the_choice_stays(cast, stray, client):
    c = cast.city
    client.force_login(cast.inspector)
    page = client.get(address(stray))
    assert options(page) == [c.community.code, c.cell.code, c.next_cell.code, "auto"]
    first = client.post(address(stray), {"node": c.cell.code})
    assert "Ciyou Cell 001" in first.text
    assert placed(stray) == (None, None, False)
    for _twice in range(2):
        sent = client.post(address(stray), {"node": c.cell.code, "sure": "1"})
        assert sent.url == f"{reverse('grid:enterprise', args=[stray.enterprise_id])}?site={stray.pk}"
    assert (placed(stray), deeds(stray)) == ((c.community.pk, c.cell.pk, True), 1)
    change_site(site=stray, facts={"address": "城西区"}, actor=None, acting_post=None, now=clock.now())
    assert placed(stray) == (c.community.pk, c.cell.pk, True)


def test_what_is_open_there_goes_along_and_is_shown_before(cast, policies, stray, client, now):
    owed = open_obligation(
        kind="hazard_rectify",
        subject=make.HazardFactory(site=stray),
        site=stray,
        debtor_enterprise=stray.enterprise,
        due_at=clock.day_end(clock.local_date(now)),
        now=now,
    )
    client.force_login(cast.inspector)
    shown = client.post(address(stray), {"node": cast.city.cell.code}).context["shown"]
    assert dict(shown["rows"])["obligations"] == 1
    client.post(address(stray), {"node": cast.city.cell.code, "sure": "1"})
    owed.refresh_from_db()
    assert owed.cell_id == cast.city.cell.pk


def test_the_cell_of_its_position_is_suggested(cast, stray, client):
    cell = cast.city.next_cell
    ring = [[101.8, 36.6], [101.9, 36.6], [101.9, 36.7], [101.8, 36.7], [101.8, 36.6]]
    type(cell).objects.filter(pk=cell.pk).update(boundary={"type": "Polygon", "coordinates": [ring]})
    Site.objects.filter(pk=stray.pk).update(address="", longitude=101.85, latitude=36.65)
    client.force_login(cast.inspector)
    page = client.get(address(stray))
    assert page.context["form"].initial == {"node": cell.code}
    assert page.context["found"].endswith(" / Ciyou Community / Ciyou Cell 002")
    client.post(address(stray), {"node": "auto", "sure": "1"})
    assert placed(stray) == (cast.city.community.pk, cell.pk, False)


def test_what_stands_nowhere_is_looked_for_from_the_city_down(cast, now, client):
    c = cast.city
    lost = make.SiteFactory(
        enterprise=c.enterprise, name="恒盛分店", address="", at=None, matters=[c.general]
    )
    client.force_login(cast.bureau)
    page = client.get(address(lost))
    assert options(page) == ["auto"]
    assert [each.code for each in page.context["below"]] == [c.chengdong.code, c.chengxi.code]
    below = client.get(address(lost, c.chengdong)).context["below"]
    assert [each.code for each in below] == [c.township.code]
    # A township without communities is as far as it goes.
    assert options(client.get(address(lost, c.west_township))) == [c.west_township.code, "auto"]
    client.post(address(lost, c.township), {"node": c.cell.code, "sure": "1"})
    assert placed(lost) == (c.community.pk, c.cell.pk, True)


def test_nobody_places_a_site_out_of_their_own_reach(cast, stray, client, now):
    c = cast.city
    client.force_login(cast.inspector)
    assert options(client.get(address(stray, c.west_township))) == ["auto"]
    refused = client.post(address(stray, c.west_township), {"node": c.west_township.code, "sure": "1"})
    assert (refused.status_code, placed(stray)) == (422, (None, None, False))
    who = {"actor": cast.inspector, "acting_post": cast.posts["inspector"], "now": now}
    with pytest.raises(NotAllowed):
        place_site(site=stray, node=c.west_township, **who)
    assert placed(stray) == (None, None, False)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("enterprise", 403),
        ("principal", 403),
        ("auditor", 403),
        ("fire", 404),  # the shop has none of their matters
        ("rival", 404),
        ("chengxi", 404),
        ("nobody", 404),
    ],
)
def test_whoever_may_not_gets_no_form_and_no_link(cast, stray, client, name, status):
    client.force_login(getattr(cast, name))
    assert client.get(address(stray)).status_code == status
    assert client.post(address(stray), {"node": cast.city.cell.code, "sure": "1"}).status_code == status
    assert placed(stray) == (None, None, False)
    page = client.get(f"{reverse('grid:enterprise', args=[stray.enterprise_id])}?site={stray.pk}")
    assert "/place/" not in page.text


def test_the_page_of_the_site_leads_there(cast, stray, client):
    client.force_login(cast.inspector)
    page = client.get(f"{reverse('grid:enterprise', args=[stray.enterprise_id])}?site={stray.pk}")
    assert f'href="{address(stray)}"' in page.text


def test_a_site_of_another_enterprise_and_a_place_of_nobody_do_not_exist(cast, stray, client):
    client.force_login(cast.inspector)
    url = reverse("grid:place", args=[stray.enterprise_id])
    assert client.get(f"{url}?site={cast.city.shop.pk}").status_code == 404
    assert client.get(f"{url}?site={stray.pk}&place=999").status_code == 404
