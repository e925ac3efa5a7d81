"""What the page of a site shows of inspections, and that pages cost the same however much there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections.choices import Result
from inspections.models import VisitItem
from tests import factories as make

pytestmark = pytest.mark.django_db


def site_page(client, site):
    return client.get(reverse("grid:enterprise", args=[site.enterprise_id]), {"site": site.pk}).text


@pytest.fixture
def history(cast, desk):
    """A visit of general safety, one of fire, and this month's self-inspection at the hotel."""
    hotel = cast.city.hotel
    general = make.VisitFactory(site=hotel, matter=cast.city.general, unit=cast.city.emergency)
    fire = make.VisitFactory(site=hotel, matter=cast.city.fire, unit=cast.city.brigade)
    return {"general": general.number, "fire": fire.number, "self": f"/inspections/self/{desk.row.pk}/"}


@pytest.mark.parametrize(
    ("who", "sees", "records"),
    [
        ("inspector", {"general", "fire", "self"}, True),
        ("fire", {"fire"}, True),
        ("gridofficer", {"general", "fire", "self"}, True),
        ("bureau", {"general", "fire", "self"}, False),
        ("enterprise", {"general", "fire", "self"}, False),
        ("auditor", {"general", "fire", "self"}, False),
    ],
)
def test_the_page_of_a_site_shows_what_its_reader_may_see(client, cast, history, who, sees, records):
    client.force_login(getattr(cast, who))
    shown = site_page(client, cast.city.hotel)
    assert {name for name, text in history.items() if text in shown} == sees
    assert (f"/inspections/new/?site={cast.city.hotel.pk}" in shown) == records


def test_a_site_without_history_says_so(client, cast):
    client.force_login(cast.inspector)
    shown = site_page(client, cast.city.shop)
    assert "Nobody has been here yet." in shown
    assert "None is due here." in shown


def queries(client, address) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_form_of_a_visit_costs_the_same_with_many_items_and_officers(client, cast, looked_at):
    client.force_login(cast.inspector)
    address = f"/inspections/new/?site={cast.city.hotel.pk}"
    queries(client, address)
    few = queries(client, address)
    for n in range(20):
        make.ChecklistItemFactory(checklist=looked_at[0].checklist, matter=cast.city.fire, order=100 + n)
        make.PostFactory(unit=cast.city.emergency, holder=make.UserFactory())
        make.VisitFactory(site=cast.city.hotel, matter=cast.city.general, unit=cast.city.emergency)
    assert queries(client, address) <= few + 1  # the last visits were none before


def test_the_page_of_a_visit_costs_the_same_with_many_items(client, cast, looked_at):
    client.force_login(cast.inspector)
    visit = make.VisitFactory(site=cast.city.hotel, matter=cast.city.general)
    address = reverse("inspections:visit_detail", args=[visit.number])

    def look_at(item):
        hazard = make.HazardFactory(site=cast.city.hotel, matter=cast.city.general)
        VisitItem.objects.create(visit=visit, item=item, result=Result.NOT_OK, hazard=hazard)
        make.VisitOfficerFactory(visit=visit)

    look_at(looked_at[0])
    queries(client, address)
    few = queries(client, address)
    for n in range(20):
        look_at(make.ChecklistItemFactory(checklist=looked_at[0].checklist, order=100 + n))
    assert queries(client, address) == few


def test_review_and_receipt_cost_the_same_with_many_answers(client, cast, desk, monthly):
    client.force_login(cast.enterprise)
    review = reverse("inspections:self_review", args=[desk.row.pk])
    desk.save(desk.answers(desk.plan(before=[desk.photo()])))
    queries(client, review)
    few = queries(client, review)
    for n in range(20):
        desk.items.append(
            make.ChecklistItemFactory(checklist=monthly[0].checklist, matter=cast.city.general, order=100 + n)
        )
    desk.save(desk.answers(*(desk.plan(before=[desk.photo()]) for _ in desk.items)))
    assert queries(client, review) == few
    desk.file({})
    receipt = reverse("inspections:self_receipt", args=[desk.row.pk])
    queries(client, receipt)
    assert queries(client, receipt) <= few
