"""The pages of a visit: choosing the site, recording, reading; and the checklists."""

import uuid

import pytest
from django.urls import reverse

from hazards.models import Hazard
from inspections.models import Visit
from safegrid.files.models import StoredFile
from tests import factories as make
from tests.files.photos import upload

pytestmark = pytest.mark.django_db

NEW = "/inspections/new/"


@pytest.fixture
def form(client, cast, looked_at, policies, now):
    """What the inspector's form sends: an inspection of the hotel an hour ago, two officers, one item OK."""
    client.force_login(cast.inspector)
    return {
        "token": str(uuid.uuid4()),
        "kind": "inspection",
        "visited_at": "2026-11-23T09:00",
        "matter": cast.city.general.pk,
        "officers": [cast.posts["inspector2"].pk],
        f"v{looked_at[0].pk}-result": "ok",
        "note": "随行人员：马明",
    }


@pytest.fixture
def post(client, cast):
    """Send the form about the hotel."""
    return lambda fields, site=None: client.post(f"{NEW}?site={(site or cast.city.hotel).pk}", fields)


@pytest.mark.parametrize("who", ["bureau", "chengdong", "enterprise", "auditor", "admin", "nobody", "rival"])
def test_whose_post_makes_no_visits_gets_no_form(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get(NEW).status_code == 403
    assert client.post(f"{NEW}?site={cast.city.hotel.pk}", {}).status_code == 403


@pytest.mark.parametrize(
    ("who", "sees", "not_sees"),
    [
        ("inspector", ("恒盛宾馆", "恒盛仓库", "西宁宏达燃气具经营部"), ("晨曦",)),
        ("gridofficer", ("恒盛宾馆", "西宁宏达燃气具经营部"), ("恒盛仓库", "晨曦")),
        ("fire", ("恒盛宾馆", "晨曦"), ("恒盛仓库", "宏达")),
    ],
)
def test_only_sites_where_the_post_acts_can_be_chosen(client, cast, who, sees, not_sees):
    client.force_login(getattr(cast, who))
    client.cookies["django_language"] = "zh-hans"
    shown = client.get(NEW).text
    for name in sees:
        assert name in shown
    for name in not_sees:
        assert name not in shown


def test_a_site_is_found_by_its_name(client, cast):
    client.force_login(cast.inspector)
    shown = client.get(NEW, {"q": "恒盛仓"}).text
    assert f"?site={cast.city.warehouse.pk}" in shown
    assert f"?site={cast.city.hotel.pk}" not in shown
    assert "No site found" in client.get(NEW, {"q": "没有这家"}).text


@pytest.mark.parametrize("site", ["school", "0", "x", "999999999999999999999"])
def test_a_site_out_of_reach_is_not_there(client, cast, site):
    client.force_login(cast.inspector)
    wanted = getattr(cast.city, site).pk if hasattr(cast.city, site) else site
    assert client.get(NEW, {"site": wanted}).status_code == 404


def test_the_form_offers_what_applies_and_shows_certificates(client, cast, form, looked_at):
    make.VisitFactory(site=cast.city.hotel, matter=cast.city.general, unit=cast.city.emergency)
    shown = client.get(NEW, {"site": cast.city.hotel.pk}).text
    for item in looked_at[:3]:
        assert item.text_en in shown
        assert item.basis_en in shown
    assert looked_at[3].text_en not in shown
    for person in (cast.inspector, cast.inspector2):
        assert person.certificates.get().number in shown
    assert "no certificate in date" in shown  # the grid officer
    assert "Visits here within a year" in shown
    assert 'max="2026-11-23T10:00"' in shown


def test_a_grid_officer_is_offered_a_patrol_alone(client, cast, looked_at):
    client.force_login(cast.gridofficer)
    shown = client.get(NEW, {"site": cast.city.hotel.pk}).text
    assert 'value="patrol"' in shown
    assert 'value="inspection"' not in shown
    assert "you can patrol, not inspect" in shown


def test_a_visit_is_recorded_and_shown(client, cast, form, post, looked_at):
    form |= {f"v{looked_at[1].pk}-result": "not_ok", f"v{looked_at[1].pk}-note": "出口锁闭"}
    form |= {f"v{looked_at[1].pk}-photos-camera": upload(), "refused_to_sign": "on"}
    answer = post(form)
    visit, hazard = Visit.objects.get(), Hazard.objects.get()
    assert answer["Location"] == reverse("inspections:visit_detail", args=[visit.number])
    shown = client.get(answer["Location"]).text
    for text in (visit.number, "2026-11-23 09:00", "随行人员：马明", "出口锁闭", hazard.number):
        assert text in shown
    for person in (cast.inspector, cast.inspector2):
        assert person.certificates.get().number in shown
    assert "The site refused to sign" in shown
    assert "2 items looked at" in " ".join(shown.split())
    assert StoredFile.objects.get().origin == "camera"


def test_a_form_sent_twice_leads_to_the_same_visit(form, post):
    assert post(form)["Location"] == post(form)["Location"]
    assert Visit.objects.count() == 1


def test_everything_given_stays_when_something_is_wrong_photos_too(form, post, looked_at):
    found = f"v{looked_at[1].pk}"
    form |= {f"{found}-result": "not_ok", f"{found}-note": "出口锁闭", f"{found}-photos-album": upload()}
    answer = post(form | {"visited_at": "2026-11-23T23:00", "officers": []})
    assert answer.status_code == 422
    assert "This time lies ahead." in answer.text
    for text in ("出口锁闭", "随行人员：马明", 'value="2026-11-23T23:00"', form["token"]):
        assert text in answer.text
    photo = StoredFile.objects.get()
    assert f'value="{photo.pk}" checked' in answer.text
    again = post(form | {f"{found}-photos": [str(photo.pk)], f"{found}-photos-album": []})
    assert again.status_code == 302
    assert photo.evidence.get().subject_id == Hazard.objects.get().pk


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"officers": []}, "Two officers with a certificate in date are needed"),
        ({"visited_at": "yesterday"}, "Choose a day and a time."),
        ({"visited_at": ""}, "This field is required."),
        ({"visited_at": "2016-11-23T09:00"}, "This is more than a year ago."),
        ({"matter": "0"}, "Select a valid choice."),
        ({"kind": "raid"}, "Select a valid choice."),
        ({"officers": ["0"]}, "Select a valid choice."),
        ({"token": "x"}, "Enter a valid UUID."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(form, post, changes, told):
    answer = post(form | changes)
    assert answer.status_code == 422
    assert told in answer.text
    assert not Visit.objects.exists()


def test_an_item_that_lacks_words_says_so(form, post, looked_at):
    answer = post(form | {f"v{looked_at[1].pk}-result": "not_ok"})
    assert "Say what was found." in answer.text
    assert not Visit.objects.exists()


def test_no_item_at_all_is_said_above_the_items(form, post, looked_at):
    answer = post(form | {f"v{looked_at[0].pk}-result": ""})
    assert "Choose at least one item that was looked at." in answer.text


def test_a_photo_that_is_none_is_named_at_its_item(form, post, looked_at):
    found = f"v{looked_at[1].pk}"
    bad = {
        f"{found}-result": "not_ok",
        f"{found}-note": "x",
        f"{found}-photos-album": upload("a.pdf", b"%PDF"),
    }
    answer = post(form | bad)
    assert answer.status_code == 422
    assert "a.pdf is not a photo" in answer.text


def test_items_of_other_matters_cannot_be_slipped_in(form, post, looked_at):
    post(form | {f"v{looked_at[3].pk}-result": "not_ok", f"v{looked_at[3].pk}-note": "煤气"})
    assert Visit.objects.get().item_count == 1
    assert not Hazard.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("inspector", 200),
        ("bureau", 200),
        ("auditor", 200),
        ("enterprise", 200),
        ("fire", 404),
        ("rival", 404),
        ("chengxi", 404),
        ("gas", 404),
        ("admin", 404),
        ("nobody", 404),
    ],
)
def test_who_reads_a_visit(client, cast, who, status):
    visit = make.VisitFactory(site=cast.city.hotel, matter=cast.city.general)
    client.force_login(getattr(cast, who))
    address = reverse("inspections:visit_detail", args=[visit.number])
    assert client.get(address).status_code == status
    assert client.post(address).status_code == (405 if status in (200, 404) else status)


def test_whoever_reads_a_visit_sees_its_findings(client, cast, form, post, looked_at):
    """The enterprise sees the record of its own visit; a hazard's number leads to what it sees as well."""
    post(form | {f"v{looked_at[0].pk}-result": "not_ok", f"v{looked_at[0].pk}-note": "出口锁闭"})
    client.force_login(cast.enterprise)
    shown = client.get(reverse("inspections:visit_detail", args=[Visit.objects.get().number])).text
    assert reverse("hazards:detail", args=[Hazard.objects.get().number]) in shown


def test_the_checklists_are_public_rules(client, cast, monthly, looked_at):
    client.force_login(cast.rival)
    shown = client.get(reverse("inspections:checklists")).text
    for item in (*monthly, *looked_at):
        assert item.text_en in shown
        assert item.basis_en in shown
