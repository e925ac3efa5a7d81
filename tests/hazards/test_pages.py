"""The page of a hazard and the forms of its actions, as people use them."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hazards.choices import Grade, State
from hazards.models import Hazard
from hazards.services import report
from safegrid.files.choices import FileState
from safegrid.files.models import Evidence, StoredFile
from safegrid.kernel import clock
from tests import factories as make
from tests.files.photos import upload
from tests.hazards.conftest import DAY, photo
from tests.hazards.rows import everything


def url(hazard, action=""):
    page = reverse("hazards:detail", args=[hazard.number])
    return f"{page}{action}/" if action else page


@pytest.fixture
def at(play):
    """A browser in which somebody of the cast has signed in."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(play.person(name))
        return client

    return sign_in


def text_of(response) -> str:
    """What the page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def sent(play, by, hazard, **changes):
    """The fields of a form, as a browser sends them."""
    fields = {"version": Hazard.objects.get(pk=hazard.pk).version, "note": "已清理", "photos": []}
    if changes.pop("with_photo", True):
        fields["photos"] = [str(photo(play.person(by), play.now).pk)]
    return fields | changes


# -- who sees it ------------------------------------------------------------------------------------

SEES = ["bureau", "chengdong", "inspector", "inspector2", "gridofficer", "enterprise", "principal", "auditor"]
SEES_NOT = ["rival", "chengxi", "gas", "fire", "admin"]


@pytest.mark.parametrize("name", SEES)
def test_whoever_reaches_it_sees_it(play, at, name):
    hazard = play.ordered()
    page = at(name).get(url(hazard))
    assert page.status_code == 200
    assert hazard.number in page.text
    assert hazard.title in page.text


@pytest.mark.parametrize("name", SEES_NOT)
@pytest.mark.parametrize("address", ["", "photos", "submit", "accept", "order"])
def test_for_everybody_else_it_does_not_exist(play, at, name, address):
    hazard = play.ordered()
    for answer in (at(name).get(url(hazard, address)), at(name).post(url(hazard, address or "submit"))):
        assert answer.status_code in (404, 405)
        assert hazard.title not in answer.text
    assert Hazard.objects.get().version == hazard.version


def test_who_is_not_signed_in_is_asked_to_sign_in(play):
    hazard = play.ordered()
    answer = Client().get(url(hazard))
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_an_unknown_action_is_not_found(play, at):
    assert at("inspector").get(url(play.ordered(), "explode")).status_code == 404


# -- what it shows ----------------------------------------------------------------------------------


def test_it_says_whose_move_it_is_and_until_when(play, at):
    hazard = play.rectified()
    play.cast.inspector.phone = "09718001234"
    play.cast.inspector.save()
    said = text_of(at("enterprise").get(url(hazard)))
    assert "Re-inspection due in 10 days by 2026-12-03 Inspector 09718001234 Inspector's post" in said


def test_a_second_person_is_named_not_who_fixed_it(play, at):
    said = text_of(at("auditor").get(url(play.own(fixed=True))))
    assert "Confirmation due in 3 days by 2026-11-26 Principal Principal's post" in said
    assert "Enterprise Enterprise's post" not in said.split("What has happened")[0]


def test_buttons_are_the_readers_own_and_the_others_are_grey_with_a_reason(play, at):
    hazard = play.ordered()
    page = at("enterprise").get(url(hazard))
    links = re.findall(rf'href="{url(hazard)}([a-z_]+)/"', page.text)
    assert links == ["submit", "ask_extension"]
    assert "Cancel this hazard the body that gave the order does this" in text_of(page)
    page = at("auditor").get(url(hazard))
    assert re.findall(rf'href="{url(hazard)}([a-z_]+)/"', page.text) == []


@pytest.mark.parametrize(
    ("after", "words"), [(0, "due in 10 days"), (10, "due today"), (11, "1 day over"), (14, "4 days over")]
)
def test_it_says_how_many_days_are_left_or_over(play, at, after, words, monkeypatch):
    hazard = play.ordered(days=10)
    late = clock.day_start(play.day(after))
    monkeypatch.setattr(clock, "now", lambda: late)
    assert f"Rectifying {words}" in text_of(at("enterprise").get(url(hazard)))


def test_the_timeline_says_who_did_what_as_which_post_and_why(play, at):
    hazard = play.act(play.rectified(), "send_back", "inspector2", note="标识仍缺失", due_on=play.day(5))
    said = text_of(at("enterprise").get(url(hazard)))
    assert "Sent back → Rectifying 2026-11-23 10:00 Inspector2 · Inspector2's post 标识仍缺失" in said
    assert "Attempt 1, not accepted" in said


def test_a_major_one_shows_its_five_fulfilments(play, at):
    hazard = play.act(play.ordered(grade=Grade.MAJOR), "plan", "enterprise", contingency="停业疏散预案")
    said = text_of(at("inspector").get(url(hazard)))
    for words in (
        "Responsible person 马明",
        "Measures 改造",
        "Funds, yuan 1,000",
        "停业疏散预案",
        "2026-11-25",
    ):
        assert words in said


def test_who_sees_a_plan_through_is_offered_from_the_enterprises_own_books(play, at):
    enterprise = play.cast.city.enterprise
    type(enterprise).objects.filter(pk=enterprise.pk).update(principal="马明")
    for name in ("王海燕", "马明", "<b>李强</b>"):
        make.StaffFactory(enterprise=enterprise, name=name)
    make.StaffFactory(enterprise=enterprise, name="张离职", left_on=play.day(-1))
    make.StaffFactory(enterprise=play.cast.city.other, name="他厂人")
    hazard = play.ordered(grade=Grade.MAJOR)
    page = at("enterprise").get(f"{url(hazard)}plan/").text
    assert re.search(r'<input[^>]* name="responsible"[^>]* list="known-responsible"', page)
    offered = page.split('<datalist id="known-responsible">')[1].split("</datalist>")[0]
    assert re.findall(r'value="([^"]*)"', offered) == ["马明", "&lt;b&gt;李强&lt;/b&gt;", "王海燕"]
    type(enterprise).objects.filter(pk=enterprise.pk).update(principal="")
    enterprise.staff.all().delete()
    assert "datalist" not in at("enterprise").get(f"{url(hazard)}plan/").text


def test_on_the_enterprises_own_road_there_is_no_word_of_an_order(play, at):
    said = text_of(at("enterprise").get(url(play.own(measures="加装护栏")))).lower()
    content = said.split("whose move it is")[1]
    assert "加装护栏" in content
    for word in ("penalt", "the order", "ordered"):
        assert word not in content


def test_what_was_there_before_and_what_else_is_open_is_shown_as_far_as_one_sees(play, at):
    play.found(item_code="exit", title="旧的同类")
    hazard = play.found(item_code="exit", title="新的")
    make.HazardFactory(site=play.cast.city.warehouse, matter=play.cast.city.general, title="仓库另一处")
    said = text_of(at("enterprise").get(url(hazard)))
    assert "The same at this site before 旧的同类" in said
    assert "仓库另一处" in said.split("Other open hazards")[1]
    assert "仓库另一处" not in text_of(at("gridofficer").get(url(hazard)))  # the warehouse is in another cell


def test_a_photo_in_the_making_is_asked_for_again_until_it_is_ready(play, at):
    hazard = play.found(photos=[photo(play.cast.inspector, play.now)])
    StoredFile.objects.update(state=FileState.WAITING)
    page = at("enterprise").get(url(hazard))
    assert "Being prepared" in page.text
    again = f'hx-get="{url(hazard, "photos")}"'
    assert again in page.text
    fragment = at("enterprise").get(url(hazard, "photos"))
    assert again in fragment.text
    StoredFile.objects.update(state=FileState.READY)
    fragment = at("enterprise").get(url(hazard, "photos"))
    assert again not in fragment.text
    assert reverse("files:thumbnail", args=[StoredFile.objects.get().pk]) in fragment.text


def test_before_and_after_are_laid_over_each_other_with_a_range(play, at):
    hazard = play.found(photos=[photo(play.cast.inspector, play.now)])
    page = at("inspector").get(url(hazard))
    assert 'type="range"' not in page.text
    hazard = play.play(hazard, [("grade", "inspector"), ("order", "inspector"), ("submit", "enterprise")])
    page = at("inspector").get(url(hazard, "accept")).text
    assert 'type="range"' in page
    assert page.index("compare-before") < page.index("compare-after")


def test_the_page_asks_the_same_number_of_times_however_much_there_is(play, at):
    hazard = play.ordered()
    client = at("enterprise")
    client.get(url(hazard))
    with CaptureQueriesContext(connection) as few:
        client.get(url(hazard))
    for _ in range(4):
        hazard = play.play(hazard, [("submit", "enterprise"), ("send_back", "inspector")])
        play.ordered()
    with CaptureQueriesContext(connection) as many:
        client.get(url(hazard))
    assert len(many) == len(few) <= 40


def test_the_head_says_how_early_or_late_it_was_rectified(play, at):
    for days, words in (
        (10, "rectified 8 days early"),
        (3, "rectified 1 day early"),
        (2, "rectified in time"),
    ):
        hazard = play.ordered(days=days)
        play.act(hazard, "submit", "enterprise", now=play.now + 2 * DAY)
        assert words in text_of(at("enterprise").get(url(hazard)))
        assert words in text_of(at("inspector").get(url(hazard, "accept")))
    hazard = play.ordered(days=1)
    play.act(hazard, "submit", "enterprise", now=play.now + 2 * DAY)
    said = text_of(at("enterprise").get(url(hazard)))
    assert "rectified 1 day late" in said
    assert not re.search("early|in time", said)


# -- acting -----------------------------------------------------------------------------------------


def test_from_the_finding_to_the_closing(play, at):
    """As people do it: grade, order by policy, rectify with a photo of the form itself, accept."""
    hazard = play.found()
    inspector, enterprise = at("inspector"), at("enterprise")
    done = inspector.post(url(hazard, "grade"), {"version": 1, "grade": "general", "category": "fire"})
    assert done["Location"] == url(hazard, "order")
    form = inspector.get(url(hazard, "order"))
    assert "15 working days → 2026-12-14" in form.text
    order = {"version": 2, "policy": "order_general_15", "due_on": "", "measures": "清理通道"}
    assert inspector.post(url(hazard, "order"), order)["Location"] == url(hazard)
    submit = {"version": 3, "note": "已清理", "photos-camera": upload()}
    assert enterprise.post(url(hazard, "submit"), submit)["Location"] == url(hazard)
    assert Evidence.objects.get().file.origin == "camera"
    done = at("inspector2").post(url(hazard, "accept"), {"version": 4, "note": "现场已清理"}, follow=True)
    assert "Accepted" in text_of(done)
    hazard.refresh_from_db()
    assert (hazard.state, str(hazard.due_on)) == (State.CLOSED, "2026-12-14")


def test_a_form_posted_twice_says_that_it_was_done_already(play, at):
    hazard = play.ordered()
    client, fields = at("enterprise"), sent(play, "enterprise", hazard)
    first = client.post(url(hazard, "submit"), fields)
    second = client.post(url(hazard, "submit"), fields, follow=True)
    assert first.status_code == 302
    assert "This was done already; nothing was done twice." in text_of(second)
    assert Hazard.objects.get().version == hazard.version + 1


def test_the_same_photo_sent_again_is_kept_once_and_nothing_is_done_twice(play, at):
    hazard, client = play.ordered(), at("enterprise")
    page = url(hazard, "submit")
    seen = []
    for _sent in range(2):  # a phone that has heard no answer sends all of it again, the photo with it
        fields = {"version": hazard.version, "note": "已清理", "photos-camera": upload()}
        answer = client.post(page, fields)
        assert (answer.status_code, answer["Location"]) == (302, url(hazard))
        seen.append(everything())
    assert seen[0] == seen[1]
    mine = StoredFile.objects.filter(uploaded_by=play.cast.enterprise)
    assert [each.file for each in Evidence.objects.all()] == list(mine)
    assert "This was done already; nothing was done twice." in text_of(client.get(url(hazard)))


def test_the_same_photo_in_another_round_shows_that_round_too(play, at):
    hazard, client = play.ordered(), at("enterprise")
    for round_ in (1, 2):
        version = Hazard.objects.get().version
        client.post(url(hazard, "submit"), {"version": version, "note": "好", "photos-camera": upload()})
        assert StoredFile.objects.filter(uploaded_by=play.cast.enterprise).count() == 1
        assert list(Evidence.objects.order_by("round").values_list("round", flat=True)) == [1, 2][:round_]
        play.act(hazard, "send_back", "inspector")


def test_who_was_too_late_keeps_their_text_and_sees_what_happened(play, at):
    hazard = play.ordered()
    fields = sent(play, "principal", hazard, note="我们写了很多")
    play.act(hazard, "submit", "enterprise")
    answer = at("principal").post(url(hazard, "submit"), fields)
    assert answer.status_code == 422
    assert "我们写了很多" in answer.text
    said = text_of(answer)
    assert f"{hazard.number} has moved on since you opened it: Rectification submitted, Enterprise" in said
    assert "This is not possible any longer" in said
    assert "<fieldset disabled" in answer.text


def test_after_a_small_change_meanwhile_the_same_form_can_be_sent_again(play, at):
    hazard = play.ordered()
    fields = sent(play, "principal", hazard)
    play.act(hazard, "ask_extension", "enterprise")
    client = at("principal")
    answer = client.post(url(hazard, "submit"), fields)
    assert answer.status_code == 422
    version = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    assert version == str(hazard.version + 1)
    assert client.post(url(hazard, "submit"), fields | {"version": version}).status_code == 302


def test_what_is_missing_is_said_beside_the_field_and_photos_stay(play, at):
    hazard = play.ordered()
    client = at("enterprise")
    answer = client.post(
        url(hazard, "submit"), {"version": hazard.version, "note": " ", "photos-album": upload()}
    )
    assert answer.status_code == 422
    kept = StoredFile.objects.get(origin="album", size__gt=1)
    assert f'value="{kept.pk}"' in answer.text
    assert answer.context["form"].errors == {"note": ["This field is required."]}
    again = {"version": hazard.version, "note": "好了", "photos": [str(kept.pk)]}
    assert client.post(url(hazard, "submit"), again).status_code == 302


def test_a_photo_is_needed(play, at):
    hazard = play.ordered()
    fields = sent(play, "enterprise", hazard, with_photo=False)
    answer = at("enterprise").post(url(hazard, "submit"), fields)
    assert answer.context["form"].errors == {"photos": ["A photo is needed."]}
    assert "已清理" in answer.text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"policy": "own", "due_on": "2026-11-22"}, "due_on"),
        ({"policy": "own", "due_on": ""}, "due_on"),
        ({"policy": "own", "due_on": "soon"}, "due_on"),
        ({"policy": "order_major_30", "due_on": ""}, "policy"),
        ({"policy": "order_general_3", "due_on": "", "measures": ""}, "measures"),
    ],
)
def test_an_order_needs_a_deadline_that_lies_ahead(play, at, fields, wrong):
    hazard = play.act(play.found(), "grade", "inspector")
    fields = {"version": hazard.version, "measures": "清理"} | fields
    answer = at("inspector").post(url(hazard, "order"), fields)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {wrong}


def test_a_day_of_ones_own_goes_before_the_proposal(play, at):
    hazard = play.act(play.found(), "grade", "inspector")
    fields = {
        "version": hazard.version,
        "measures": "清理",
        "policy": "order_general_3",
        "due_on": "2026-12-01",
    }
    at("inspector").post(url(hazard, "order"), fields)
    hazard.refresh_from_db()
    assert str(hazard.due_on) == "2026-12-01"


def test_a_service_says_no_beside_the_field(play, at):
    hazard = play.ordered(days=5)
    fields = {"version": hazard.version, "note": "设备未到", "due_on": "2026-11-28"}
    answer = at("enterprise").post(url(hazard, "ask_extension"), fields)
    assert answer.context["form"].errors == {"due_on": ["Choose a day after 2026-11-28."]}


def test_whom_it_is_not_for_is_told_so(play, at):
    hazard = play.rectified()
    for client in (at("enterprise"), at("chengdong"), at("auditor")):
        assert client.get(url(hazard, "accept")).status_code == 403
        assert client.post(url(hazard, "accept"), {"version": hazard.version, "note": "x"}).status_code == 403
    assert Hazard.objects.get().state == State.TO_ACCEPT


def test_what_is_not_possible_in_this_state_leads_back_to_the_hazard(play, at):
    hazard = play.ordered()
    answer = at("inspector").get(url(hazard, "accept"), follow=True)
    assert answer.redirect_chain == [(url(hazard), 302)]
    assert f"This is not possible for {hazard.number} now." in text_of(answer)


def test_what_must_come_first_is_said_on_the_form(play, at):
    hazard = play.ordered(grade=Grade.MAJOR)
    answer = at("enterprise").get(url(hazard, "submit"))
    assert "first the plan with its five parts is submitted" in text_of(answer)
    assert 'type="submit">Submit rectification' not in answer.text


def test_it_is_done_as_the_post_that_was_chosen(play, at):
    """Somebody with two posts acts as one; the other's powers are not added."""
    post = make.PostFactory(enterprise=play.cast.city.enterprise, holder=play.cast.inspector)
    make.PostScopeFactory(post=post, enterprise=play.cast.city.enterprise, acting=True)
    hazard = play.ordered()
    client = at("inspector")
    assert client.get(url(hazard, "submit")).status_code == 403
    client.post(reverse("act_as"), {"post": post.pk})
    assert client.get(url(hazard, "submit")).status_code == 200
    assert client.get(url(hazard, "cancel")).status_code == 403


def test_nothing_typed_by_one_person_becomes_markup_for_another(play, at):
    evil = "<script>alert(1)</script>"
    hazard = report(
        site=play.cast.city.hotel,
        matter=play.cast.city.general,
        title=evil,
        description=evil,
        road="ordered",
        source="inspection",
        category="fire",
        actor=play.cast.inspector,
        acting_post=play.posts["inspector"],
        now=play.now,
    )
    assert evil not in at("enterprise").get(url(hazard)).text


@pytest.mark.parametrize("name", ["inspector", "enterprise"])
def test_in_chinese_too(play, at, name):
    client = at(name)
    page = client.get(url(play.ordered()), headers={"accept-language": "zh-hans"})
    assert '<html lang="zh-hans">' in page.text
    assert "执法一" in page.text
