"""A hazard that no checklist, visit or report brings is entered by hand: who, where, and once."""

import re
import uuid

import pytest
from django.urls import reverse

from hazards.choices import Owed, Road, Source, State
from hazards.entering.services import enter
from hazards.models import Hazard
from responsibility.obligations.services import about
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests import factories as make
from tests.hazards.conftest import DAY, photo

URL = "/hazards/new/"


@pytest.fixture
def put(play):
    """Enter something at the hotel as somebody of the cast."""

    def do(who="inspector", **changes):
        fields = {
            "token": uuid.uuid4(),
            "site": play.cast.city.hotel,
            "matter": play.cast.city.general,
            "source": Source.CAMPAIGN,
            "title": "消防通道堆放杂物",
            "category": "fire",
        }
        by = {"actor": play.person(who), "acting_post": play.posts[who], "now": play.now}
        return enter(**(fields | by | changes))

    return do


def test_what_an_officer_enters_waits_for_the_officer_s_decision(play, put):
    hazard = put()
    assert (hazard.road, hazard.source, hazard.state) == (Road.ORDERED, Source.CAMPAIGN, State.REPORTED)
    owed = about(hazard).open().get()
    assert (owed.kind, owed.debtor_post) == (Owed.DECIDE, play.posts["inspector"])


def test_what_a_grid_officer_enters_goes_to_who_decides_there(play, put):
    hazard = put("gridofficer", source=Source.PATROL)
    assert about(hazard).open().get().debtor_post.kind == "officer"


def test_an_enterprise_enters_its_own_with_a_day_or_as_fixed(play, put):
    planned = put("enterprise", source=Source.SELF_INSPECTION, plan_due_on=play.day(5))
    assert (planned.road, planned.state, planned.due_on) == (Road.SELF, State.RECTIFYING, play.day(5))
    shown = [photo(play.cast.enterprise, play.now)]
    fixed = put("enterprise", source=Source.SELF_INSPECTION, fixed=True, after=shown)
    assert fixed.state == State.TO_CONFIRM
    with pytest.raises(Invalid) as refused:
        put("enterprise", source=Source.SELF_INSPECTION)
    assert set(refused.value.message_dict) == {"plan_due_on"}


@pytest.mark.parametrize("who", ["auditor", "admin", "bureau", "rival", "chengxi", "gas"])
def test_who_enters_nothing_or_not_there_is_refused(play, put, who):
    source = {"rival": Source.SELF_INSPECTION, "bureau": Source.INSPECTION}.get(who, Source.CAMPAIGN)
    with pytest.raises((NotAllowed, Invalid)):
        put(who, source=source)
    assert not Hazard.objects.exists()


def test_a_source_or_a_matter_that_is_not_theirs_is_refused_at_the_field(play, put):
    for wrong in ({"source": Source.IMPORT}, {"matter": play.cast.city.gas}):
        with pytest.raises(Invalid) as refused:
            put(**wrong)
        assert set(refused.value.message_dict) == set(wrong)


def test_sent_twice_it_is_entered_once(put):
    token = uuid.uuid4()
    assert put(token=token) == put(token=token, title="另一句话")
    assert Hazard.objects.count() == 1


def test_found_earlier_says_why_and_the_page_keeps_what_was_typed(client, play):
    client.force_login(play.cast.inspector)
    url = f"{URL}?site={play.cast.city.hotel.pk}"
    form = client.get(url).context["form"]
    given = {
        "token": form["token"].value(),
        "source": "accident",
        "matter": play.cast.city.general.pk,
        "title": "配电箱烧毁",
        "category": "electric",
        "found_at": (play.now - 3 * DAY).strftime("%Y-%m-%dT%H:%M"),
    }
    given["category"] = form.fields["category"].choices[0][0]
    refused = client.post(url, given)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"late_reason"}
    assert "配电箱烧毁" in refused.text
    done = client.post(url, given | {"late_reason": "事故调查后登记"})
    hazard = Hazard.objects.get()
    assert done.url == reverse("hazards:detail", args=[hazard.number])
    assert (hazard.source, hazard.late_reason) == (Source.ACCIDENT, "事故调查后登记")
    assert client.post(url, given | {"late_reason": "事故调查后登记"}).url == done.url
    assert Hazard.objects.count() == 1


def test_the_site_is_chosen_first_among_those_in_reach(client, play):
    city = play.cast.city
    client.force_login(play.cast.inspector)
    assert f'href="{URL}"' in client.get("/hazards/").text
    found = set(re.findall(r"\?site=(\d+)", client.get(URL).text))
    assert found == {str(site.pk) for site in (city.hotel, city.warehouse, city.shop)}
    assert set(re.findall(r"\?site=(\d+)", client.get(f"{URL}?q={city.shop.name}").text)) == {
        str(city.shop.pk)
    }
    for wrong in (city.school.pk, "x", "٣", "9" * 30):
        assert client.get(f"{URL}?site={wrong}").status_code == 404


def test_who_has_one_site_is_not_asked_which(client, play):
    client.force_login(play.cast.rival)
    page = client.get(URL)
    assert page.context["site"] == play.cast.city.shop
    assert {"fixed", "plan_due_on"} <= set(page.context["form"].fields)


@pytest.mark.parametrize("who", ["auditor", "admin", "nobody"])
def test_others_have_no_such_page(client, play, who):
    client.force_login(getattr(play.cast, who))
    assert client.get(URL).status_code == 403
    assert f'href="{URL}"' not in client.get("/hazards/").text


def test_what_is_perhaps_known_is_shown_first_and_entered_when_it_is_another(client, play):
    known = play.found(title="二楼疏散通道被杂物堵塞")
    hidden = play.own(title="二楼疏散通道被堵塞")  # the enterprise's own, which no official sees yet
    client.force_login(play.cast.inspector)
    url = f"{URL}?site={play.cast.city.hotel.pk}"
    given = {
        "token": str(uuid.uuid4()),
        "source": "campaign",
        "matter": play.cast.city.general.pk,
        "title": "疏散通道被堵塞",
        "category": "fire",
    }
    asked = client.post(url, given)
    assert asked.status_code == 422
    assert (known.number in asked.text, hidden.number in asked.text) == (True, False)
    assert "疏散通道被堵塞" in asked.text
    assert Hazard.objects.count() == 2
    done = client.post(url, given | {"is_another": "on"})
    assert done.status_code == 302
    assert client.post(url, given).url == done.url  # what was sent before is not asked about
    assert Hazard.objects.count() == 3


def test_what_is_like_nothing_open_there_is_entered_at_once(client, play):
    play.found(title="灭火器过期")
    elsewhere = play.found(title="配电箱烧毁", site=play.cast.city.warehouse)
    client.force_login(play.cast.inspector)
    given = {
        "token": str(uuid.uuid4()),
        "source": "campaign",
        "matter": play.cast.city.general.pk,
        "title": elsewhere.title,
        "category": "fire",
    }
    assert client.post(f"{URL}?site={play.cast.city.hotel.pk}", given).status_code == 302


def test_what_is_an_item_of_the_checklist_is_known_again_when_it_recurs(play, put, client):
    city = play.cast.city
    items = {
        code: make.ChecklistItemFactory(checklist=make.ChecklistFactory(code=code), matter=city.general)
        for code in ("inspection", "self-monthly")
    }
    make.ChecklistItemFactory(checklist=items["inspection"].checklist, matter=city.gas)  # none at the hotel
    client.force_login(play.cast.inspector)
    page = client.get(f"{URL}?site={city.hotel.pk}")
    offers = page.context["form"].fields["item"].choices[1:]
    assert offers == [(city.general.label, [(items["inspection"].code, items["inspection"].label)])]
    before = put(item=items["inspection"].code)
    Hazard.objects.filter(pk=before.pk).update(state=State.CLOSED, closed_at=play.now)
    play.now += DAY
    assert put(item=items["inspection"].code, title="又堵了").recurs == before
    assert put(title="又堵了三次").recurs is None
    with pytest.raises(Invalid) as refused:
        put(item=items["self-monthly"].code)
    assert set(refused.value.message_dict) == {"item"}
    own = put(
        "enterprise", source=Source.SELF_INSPECTION, item=items["self-monthly"].code, plan_due_on=play.day(5)
    )
    assert own.item_code == items["self-monthly"].code
