"""Nobody reaches a row that is not theirs: by no model's scope, and by no surface of any list."""

import json
import re

import pytest
from django.apps import apps
from django.urls import reverse

from safegrid.accounts.models import Involvement, PostScope, User
from safegrid.accounts.services import involve
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock
from safegrid.kernel.listing import listings
from safegrid.kernel.scope import ScopeSpec
from tests import factories as make
from tests.leaks import ANONYMOUS, MARKS, MAY_READ, NO_ROW, VISITORS, Visitor, build_world, surfaces

NAMES = [name for name, _ in listings.items()]
SCOPED = [model for model in apps.get_models() if isinstance(getattr(model, "scope", None), ScopeSpec)]
CODES = {"chengdong": "630102000000", "chengxi": "630104000000"}


@pytest.fixture
def world(cast):
    return build_world(cast)


def person(username):
    return User.objects.get(username=username)


def rows_of(world, model):
    """The rows of a scoped model by where they stand, and the list's name under which they are kept."""
    for name, rows in world.rows.items():
        if all(isinstance(row, model) for row in rows.values()):
            return name, rows
    pytest.fail(f"{model.__name__} has a scope, and the leak tests have nothing of it to leak")


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_a_scope_gives_each_person_exactly_their_rows(world, model):
    name, rows = rows_of(world, model)
    assert set(model.objects.all()) == set(rows.values()), "something stands outside the leak tests"
    for username in MAY_READ:
        wanted = {rows[spot] for spot in world.readable(name, username)}
        assert set(model.objects.visible_to(person(username))) == wanted, username
        assert set(model.objects.visible_to(person(username)).editable_by(person(username))) == (
            set() if username == "auditor" else wanted
        ), username


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_the_branches_of_a_scope_are_the_scope(world, model):
    for username in MAY_READ:
        user = person(username)
        branches = model.objects.branches_for(user)
        assert branches
        assert {row for branch in branches for row in branch} == set(model.objects.visible_to(user)), username


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_nobody_and_the_disabled_reach_nothing(world, model):
    assert not model.objects.visible_to(ANONYMOUS).exists()
    name, _rows = rows_of(world, model)
    reader = person("enterprise" if "bureau" in NO_ROW.get(name, ()) else "bureau")
    assert model.objects.visible_to(reader).exists()
    reader.is_active = False
    assert not model.objects.visible_to(reader).exists()


@pytest.mark.parametrize("name", NAMES)
def test_no_surface_of_a_list_leaks(world, client, name):
    listing = listings[name]
    assert name in world.rows, "this list has nothing to leak in the leak tests"
    assert name in MARKS, "the leak tests cannot recognise this list's rows"
    everything = set(world.rows[name])
    for surface in surfaces(listing):
        for username in VISITORS:
            client.force_login(person(username))
            visitor = Visitor(world, listing, client, reverse(listing.view))
            wanted = world.readable(name, username)
            if username == "auditor":
                assert wanted == everything, "there must be something to leak"
            assert surface(visitor) == wanted, (surface.__name__, username)


@pytest.mark.parametrize("name", NAMES)
def test_every_view_and_its_number_stay_inside_the_scope(world, client, name):
    listing = listings[name]
    for username in VISITORS:
        client.force_login(person(username))
        visitor = Visitor(world, listing, client, reverse(listing.view))
        wanted = world.readable(name, username)
        for tab in listing.tabs:
            assert visitor.found(visitor.get(f"{visitor.url}?tab={tab.key}")) <= wanted, (tab.key, username)
        counts = visitor.get(f"{visitor.url}?part=counts")
        assert f'id="count-all" hx-swap-oob="true">{len(wanted)}</span>' in counts, username


@pytest.mark.parametrize("name", NAMES)
def test_an_enterprise_out_of_reach_is_no_filter(world, client, name):
    listing = listings[name]
    if "enterprise" not in listing.filterset.base_filters:
        # Sites are searched by name, and the page of an enterprise has them; nothing else is an enterprise's.
        assert name in ("sites", "findings", "instructions", "transfers", "leaders", "notices", "reports")
        return
    hotel, shop = world.cast.city.enterprise, world.cast.city.other
    client.force_login(world.cast.rival)
    own = client.get(f"/api/v1/{name}/?enterprise={shop.pk}")
    others = client.get(f"/api/v1/{name}/?enterprise={hotel.pk}")
    nobodys = client.get(f"/api/v1/{name}/?enterprise=999999")
    assert own.status_code == 200
    assert bool(own.json()["results"]) == (name != "closures")  # of these an enterprise reads none
    assert others.status_code == nobodys.status_code == 400
    assert others.json() == nobodys.json()  # whether it exists is not told either
    page = client.get(f"{reverse(listing.view)}?tab=all&enterprise={hotel.pk}").content.decode()
    assert hotel.name not in page
    assert hotel.name_en not in page


def choices(client, listing, field):
    """The values that the form of a list's filters offers for a field."""
    page = client.get(f"{reverse(listing.view)}?part=filters").content.decode()
    start = page.index(f'<select name="{field}"')
    part = page[start : page.index("</select>", start)]
    return {piece.split('"')[0] for piece in part.split('<option value="')[1:]} - {""}


DISTRICTS_OFFERED = {
    "bureau": {"chengdong", "chengxi"},
    "chengdong": {"chengdong"},
    "chengxi": {"chengxi"},
    "gridofficer": {"chengdong"},
    "enterprise": {"chengdong"},
    "rival": {"chengdong"},
    "fire": {"chengdong", "chengxi"},
    "nobody": set(),
}
MATTERS_OFFERED = {
    "bureau": {"general", "fire", "fire-crowded", "gas"},
    "chengdong": {"general", "fire", "fire-crowded", "gas"},
    "fire": {"fire", "fire-crowded"},
    "gas": {"gas"},
    "enterprise": {"general", "fire", "fire-crowded"},
    "rival": {"general", "gas"},
    "nobody": set(),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_form_offers_only_places_and_matters_of_ones_own(world, client, name):
    listing = listings[name]
    for username, wanted in DISTRICTS_OFFERED.items():
        client.force_login(person(username))
        assert choices(client, listing, "district") == {CODES[key] for key in wanted}, username
    if "matter" in listing.filterset.base_filters:
        for username, wanted in MATTERS_OFFERED.items():
            client.force_login(person(username))
            assert choices(client, listing, "matter") == wanted, username


@pytest.mark.parametrize("name", NAMES)
def test_whoever_is_not_signed_in_gets_no_list(world, client, name):
    url = reverse(listings[name].view)
    for address in (
        url,
        f"{url}?format=csv",
        f"{url}?format=xlsx",
        f"{url}?format=geojson",
        f"{url}?part=counts",
    ):
        response = client.get(address)
        assert response.status_code == 302
        assert response.url.startswith("/accounts/login/")
    row = next(iter(world.rows[name].values()))
    for address in (f"/api/v1/{name}/", f"/api/v1/{name}/{row.pk}/", "/api/v1/schema/"):
        assert client.get(address).status_code == 401


def test_involvement_lets_in_one_row_and_ends(world):
    hazard = world.rows["hazards"]["hotel"]
    gas = world.cast.gas
    model = type(hazard)
    before = set(model.objects.visible_to(gas))
    assert hazard not in before
    part = make.InvolvementFactory(subject=hazard, post=world.cast.posts["gas"])
    assert set(model.objects.visible_to(person("gas"))) == before | {hazard}
    assert set(model.objects.visible_to(person("rival"))) == {world.rows["hazards"]["shop"]}
    part.until = part.since
    part.save()
    assert set(model.objects.visible_to(person("gas"))) == before


def test_what_a_post_takes_part_in_stays_with_it_when_its_scope_changes(world):
    hazard, post = world.rows["hazards"]["hotel"], world.cast.posts["inspector"]
    involve(subject=hazard, post=post, role="ordered", now=clock.now())
    part = Involvement.objects.get(post=post, subject_id=hazard.pk, role="ordered")
    assert not part.is_outside
    PostScope.objects.filter(post=post).delete()
    assert set(type(hazard).objects.visible_to(person("inspector"))) == {hazard}


@pytest.mark.parametrize("name", ["hazards", "visits"])
def test_what_a_post_takes_part_in_stays_with_it_when_it_moves(world, name):
    row, post = world.rows[name]["hotel"], world.cast.posts["gridofficer"]
    involve(subject=row, post=post, role="found", now=clock.now())
    assert not Involvement.objects.get(post=post, subject_id=row.pk, role="found").is_outside
    before = set(type(row).objects.visible_to(person("gridofficer")))
    type(row).objects.filter(pk=row.pk).update(**world.rows[name]["school"].place_ids)
    assert set(type(row).objects.visible_to(person("gridofficer"))) == before
    assert row in before


def test_an_involved_row_is_in_the_list_once(world, client):
    hazard = world.rows["hazards"]["shop"]
    make.InvolvementFactory(subject=hazard, post=world.cast.posts["gas"])  # which it reaches by scope too
    client.force_login(world.cast.gas)
    assert [row["id"] for row in client.get("/api/v1/hazards/").json()["results"]] == [hazard.pk]
    csv = client.get("/hazards/?tab=all&format=csv").getvalue().decode()
    assert csv.count(hazard.number) == 1


def test_a_unit_reaches_what_it_ordered_and_nothing_else(world):
    ordered = world.rows["hazards"]["warehouse"]
    ordered.ordering_unit = world.cast.city.west_government
    ordered.save()
    clerk = make.UserFactory()
    post = make.PostFactory(unit=world.cast.city.west_government, holder=clerk)
    make.PostScopeFactory(post=post, unit=world.cast.city.west_government)
    assert set(type(ordered).objects.visible_to(clerk)) == {ordered}


def test_a_former_holder_reaches_nothing_and_a_substitute_everything_of_the_post(world):
    model = type(world.rows["hazards"]["hotel"])
    head = world.cast.chengdong
    reach = set(model.objects.visible_to(head))
    deputy = make.UserFactory()
    make.SubstitutionFactory(post=world.cast.posts["chengdong"], user=deputy)
    assert set(model.objects.visible_to(deputy)) == reach
    holding = head.holdings.get()
    holding.span = (make.LONG_AGO, make.LONG_AGO.replace(year=2021))
    holding.save()
    assert not model.objects.visible_to(person("chengdong")).exists()


def test_the_page_of_an_enterprise_exists_only_within_reach(world, client):
    for username in VISITORS:
        client.force_login(person(username))
        sites = {world.rows["sites"][spot] for spot in world.readable("sites", username)}
        for enterprise in Enterprise.objects.all():
            inside = {site for site in sites if site.enterprise_id == enterprise.pk}
            response = client.get(f"/grid/enterprises/{enterprise.pk}/")
            assert response.status_code == (200 if inside else 404), (username, enterprise)
            text = response.content.decode()
            for site in enterprise.sites.all():
                if site not in inside and site.name != enterprise.name:
                    assert site.name not in text, (username, site)
                by_id = client.get(f"/grid/enterprises/{enterprise.pk}/?site={site.pk}")
                assert by_id.status_code == (200 if site in inside else 404), (username, site)


def test_the_district_tree_counts_only_what_one_reaches(world, client):
    east, west = CODES["chengdong"], CODES["chengxi"]
    for username, wanted in {
        "bureau": {east: "3", west: "1"},
        "fire": {east: "1", west: "1"},
        "rival": {east: "1"},
        "chengxi": {west: "1"},
        "nobody": {},
    }.items():
        client.force_login(person(username))
        page = client.get("/grid/districts/").content.decode()
        assert dict(re.findall(r'\?district=(\d+)">(\d+)</a>', page)) == wanted, username


def test_a_token_reads_what_its_owner_reads(world, client):
    from knox.models import AuthToken

    _, token = AuthToken.objects.create(person("rival"))
    response = client.get("/api/v1/hazards/", headers={"Authorization": f"Token {token}"})
    assert [row["number"] for row in json.loads(response.content)["results"]] == [
        world.rows["hazards"]["shop"].number
    ]
    assert client.get("/api/v1/hazards/", headers={"Authorization": "Token wrong"}).status_code == 401


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", NAMES)
def test_the_api_only_reads(world, client, name, method):
    client.force_login(world.cast.bureau)
    row = next(iter(world.rows[name].values()))
    for address in (f"/api/v1/{name}/", f"/api/v1/{name}/{row.pk}/"):
        assert getattr(client, method)(address).status_code == 405
    assert type(row).objects.filter(pk=row.pk).exists()
