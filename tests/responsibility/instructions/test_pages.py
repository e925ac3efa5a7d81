"""Pages of instructions: the form and what it stands on, the page and its buttons, the list and table 9."""

import datetime as dt
import io
import re
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from responsibility.instructions.choices import Role, State
from responsibility.instructions.models import Instruction
from responsibility.instructions.subjects import find, mark
from responsibility.models import Obligation
from responsibility.obligations import words
from safegrid.kernel.listing.exports import XLSX
from tests import factories as make

NEW = "/responsibility/instructions/new/"
LIST = "/responsibility/instructions/"
DAY = dt.timedelta(days=1)


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(token|version)" value="([^"]+)"', page))


@pytest.fixture
def filled(play):
    """What a person of the office types."""
    city = play.cast.city
    return {
        "token": str(uuid.uuid4()),
        "source": "note",
        "title": "整治逾期隐患",
        "text": "请牵头整治",
        "lead": city.government.pk,
        "lead_due_on": play.day(7).isoformat(),
        "assist_2": city.brigade.pk,  # a row in between is left out
        "assist_2_due_on": play.day(4).isoformat(),
        "assist_4": city.emergency.pk,
    }


def test_the_form_gives_what_was_typed_once(play, client, filled):
    client.force_login(play.cast.bureau)
    done = client.post(NEW, filled)
    row = Instruction.objects.get()
    assert done.url == reverse("responsibility:instruction", args=[row.pk])
    assert client.post(NEW, filled).url == done.url
    assert Instruction.objects.count() == 1
    assert set(row.tasks.values_list("unit__name_en", "role", "due_on")) == {
        ("Chengdong Government", Role.LEAD, play.day(7)),
        ("Xining Fire and Rescue", Role.ASSIST, play.day(4)),
        ("Chengdong Emergency Bureau", Role.ASSIST, play.day(7)),  # by the lead's day
    }


def test_a_superiors_document_goes_to_all_by_one_tick_each(play, client, filled):
    city = play.cast.city
    filled |= {f"assist_{n}": "" for n in range(1, 7)} | {"all_members": "on", "all_governments": "on"}
    vacant = make.UnitFactory(district=city.city, name="市交通局", name_en="Transport Bureau")
    client.force_login(play.cast.bureau)
    done = client.post(NEW, filled)
    row = Instruction.objects.get()
    wanted = {
        ("Chengdong Government", Role.LEAD, play.day(7)),
        ("Xining Fire and Rescue", Role.ASSIST, play.day(7)),
        ("Chengxi Government", Role.ASSIST, play.day(7)),
    }
    assert set(row.tasks.values_list("unit__name_en", "role", "due_on")) == wanted
    page = client.get(done.url).text
    assert f"nobody there could answer: {vacant.name_en}." in page
    assert client.post(NEW, filled).url == done.url
    assert set(row.tasks.values_list("unit__name_en", "role", "due_on")) == wanted


def test_who_is_named_replies_by_its_own_day_though_all_are_asked(play, client, filled):
    client.force_login(play.cast.bureau)
    client.post(NEW, filled | {"all_members": "on"})
    assert set(Instruction.objects.get().tasks.values_list("unit__name_en", "due_on")) == {
        ("Chengdong Government", play.day(7)),
        ("Xining Fire and Rescue", play.day(4)),
        ("Chengdong Emergency Bureau", play.day(7)),
    }


def test_a_head_asks_all_of_their_own_district_and_nobody_else(play, client, filled):
    city = play.cast.city
    street = make.UnitFactory(
        kind="government", district=city.township, name="街道", name_en="Dongguan Office"
    )
    make.PostFactory(kind="head", unit=street, holder=make.UserFactory())
    filled |= {f"assist_{n}": "" for n in range(1, 7)}
    filled |= {"lead": city.emergency.pk, "all_members": "on", "all_governments": "on"}
    client.force_login(play.cast.chengdong)
    assert client.post(NEW, filled).status_code == 302
    assert set(Instruction.objects.get().tasks.values_list("unit__name_en", flat=True)) == {
        "Chengdong Emergency Bureau",
        "Dongguan Office",
    }


def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(play, client, filled):
    client.force_login(play.cast.bureau)
    filled |= {"assist_2_due_on": play.day(-2).isoformat(), "assist_4": filled["lead"]}
    page = client.post(NEW, filled)
    assert page.status_code == 422
    errors = dict(re.findall(r'id="error_\d+_id_(\w+)"[^>]*><strong>([^<]+)', page.text))
    assert errors == {
        "assist_2_due_on": "This day is over. Choose today or later.",
        "assist_4": "It leads already; it cannot assist itself.",
    }
    assert "请牵头整治" in page.text
    assert not Instruction.objects.exists()


def test_about_a_row_that_one_sees_or_none_at_all(play, client, filled):
    c = play.cast.city
    mine = make.HazardFactory(site=c.hotel, matter=c.crowded)
    others = make.HazardFactory(site=c.school, matter=c.fire)
    client.force_login(play.cast.chengdong)
    assert mine.number in client.get(f"{NEW}?about=hazard:{mine.pk}").text
    for text in (
        f"hazard:{others.pk}",
        f"site:{c.school.pk}",
        "hazard:999999",
        "hazard:x",
        "user:1",
        "hazard",
        "hazard:" + "9" * 30,
    ):
        assert client.get(f"{NEW}?about={text}").status_code == 404, text
        assert client.post(f"{NEW}?about={text}", filled).status_code == 404, text
    assert not Instruction.objects.exists()
    filled = {k: v for k, v in filled.items() if not k.startswith("assist")}
    client.post(f"{NEW}?about=hazard:{mine.pk}", filled | {"lead": c.emergency.pk})
    assert Instruction.objects.get().subject_id == mine.pk


@pytest.mark.parametrize("name", ["fire", "inspector", "gridofficer", "auditor", "enterprise", "nobody"])
def test_whoever_gives_none_finds_no_form_and_no_way_to_it(play, client, filled, name):
    hazard = make.HazardFactory(site=play.cast.city.hotel, matter=play.cast.city.crowded)
    client.force_login(play.person(name))
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, filled).status_code == 403
    page = client.get(reverse("hazards:detail", args=[hazard.number]))
    assert "about=" not in page.text
    assert not Instruction.objects.exists()


def test_an_instruction_is_offered_on_whatever_a_leader_reads(play, client):
    c = play.cast.city
    statement = make.StatementFactory(promiser=c.government, receiver=c.emergency, district=c.chengdong)
    transfer = make.TransferFactory(site=c.hotel)
    transfer.legs.create(
        number=1,
        from_unit=transfer.sender_unit,
        unit=transfer.receiver_unit,
        post=transfer.receiver_post,
        opened_at=transfer.opened_at,
        due_on=transfer.due_on,
    )
    own = make.SelfInspectionFactory(site=c.hotel)
    certificate = make.CredentialFactory(holder__enterprise=c.enterprise)
    notice = make.NoticeFactory(post=play.cast.posts["bureau"], **c.hotel.place_ids)
    leader = make.LeaderFactory(post=play.cast.posts["inspector"], **c.hotel.place_ids)
    closure = make.ClosureProposalFactory(site=c.hotel)
    visit = make.VisitFactory(site=c.hotel)
    hazard = make.HazardFactory(site=c.hotel, matter=c.crowded)
    finding = make.FindingFactory(matter=c.fire, **c.hotel.place_ids)
    pages = {
        reverse("hazards:detail", args=[hazard.number]): mark(hazard),
        reverse("responsibility:finding", args=[finding.pk]): mark(finding),
        f"{reverse('grid:enterprise', args=[c.enterprise.pk])}?site={c.hotel.pk}": mark(c.hotel),
        reverse("responsibility:statement", args=[statement.pk]): mark(statement),
        reverse("responsibility:transfer", args=[transfer.pk]): mark(transfer),
        reverse("inspections:self_fill", args=[own.pk]): mark(own),
        reverse("responsibility:own_credential", args=[certificate.pk]): mark(certificate),
        reverse("responsibility:guidance_notice", args=[notice.pk]): mark(notice),
        reverse("responsibility:leader", args=[leader.post_id]): mark(leader),
        reverse("hazards:closure", args=[closure.pk]): mark(closure),
        reverse("inspections:visit_detail", args=[visit.number]): mark(visit),
    }
    for user in (play.cast.bureau, play.cast.chengdong):
        client.force_login(user)
        for url, wanted in pages.items():
            assert f"{NEW}?about={wanted}" in client.get(url).text, url
            assert client.get(f"{NEW}?about={wanted}").status_code == 200
    assert find(mark(hazard), play.cast.rival) is None


def test_the_page_is_for_who_has_a_part_in_it(play, client):
    row = play.give("chengdong", lead=play.asked(play.cast.city.emergency), assisting=[])
    url = reverse("responsibility:instruction", args=[row.pk])
    readers = {"chengdong", "bureau", "auditor", "inspector", "inspector2", "gas"}
    for name in [*play.cast.posts, "nobody"]:
        client.force_login(play.person(name))
        assert client.get(url).status_code == (200 if name in readers else 404), name


def test_its_row_is_linked_for_who_sees_the_row(play, client):
    hazard = make.HazardFactory(site=play.cast.city.shop, matter=play.cast.city.gas)
    row = play.give(about=hazard)
    url = reverse("responsibility:instruction", args=[row.pk])
    link = f'href="{reverse("hazards:detail", args=[hazard.number])}"'
    for user, is_seen in ((play.cast.chengdong, True), (play.cast.fire, False)):
        client.force_login(user)
        page = client.get(url).text
        assert hazard.title in page
        assert (link in page) is is_seen


def test_buttons_do_what_they_say_once(play, client):
    row = play.give(assisting=[])
    task = play.task(row)
    answer = reverse("responsibility:instruction_reply", args=[task.pk, "answer"])
    client.force_login(play.cast.chengdong)
    assert f'href="{answer}"' in client.get(reverse("responsibility:instruction", args=[row.pk])).text
    given = {**fields(client.get(answer).text), "note": "已整改"}
    empty = client.post(answer, {**given, "note": " "})
    assert empty.status_code == 422
    assert "Say it in a few words." in empty.text
    assert client.post(answer, given).status_code == 302
    assert client.post(answer, given).status_code == 302  # pressed twice
    task.refresh_from_db()
    assert (task.answer, task.version) == ("已整改", 2)
    accept = reverse("responsibility:instruction_reply", args=[task.pk, "accept"])
    assert client.get(accept).status_code == 403
    client.force_login(play.cast.bureau)
    client.post(accept, {**fields(client.get(accept).text), "note": ""})
    close = reverse("responsibility:instruction_end", args=[row.pk, "close"])
    page = client.get(close).text
    assert "已整改" in page  # the answers are there to begin with
    client.post(close, {**fields(page), "note": "全部整改"})
    row.refresh_from_db()
    assert (row.state, row.summary) == (State.CLOSED, "全部整改")
    for name in ("rival", "chengxi", "fire"):
        client.force_login(play.person(name))
        assert client.get(answer).status_code == client.get(close).status_code == 404, name


def test_an_action_that_does_not_exist_is_no_page(play, client):
    row = play.give()
    client.force_login(play.cast.bureau)
    for address in (
        reverse("responsibility:instruction_end", args=[row.pk, "burn"]),
        reverse("responsibility:instruction_reply", args=[play.task(row).pk, "burn"]),
        reverse("responsibility:instruction_reply", args=[999999, "answer"]),
    ):
        assert client.get(address).status_code == 404, address


def test_what_is_owed_has_a_button_that_leads_there(play, client):
    row = play.complete()
    play.act(row, "accept", "bureau", Role.ASSIST)
    for owed in Obligation.objects.open().select_related("debtor_post"):
        holder = owed.debtor_post.holdings.get().user
        client.force_login(holder)
        for button in (False, True):
            assert client.get(words.url(owed.label, owed.params, button=button)).status_code == 200
        assert row.title in words.title(owed.label, owed.params)
        with override("zh-hans"):
            assert row.title in words.title(owed.label, owed.params)


def cost(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_page_costs_the_same_for_many_units_and_steps(play, client):
    c = play.cast.city
    few, many = (
        play.give(assisting=[play.asked(c.brigade)]),
        play.give(assisting=[play.asked(unit) for unit in (c.brigade, c.emergency, c.west_government)]),
    )
    for _ in range(4):
        play.act(many, "progress", "chengdong")
    client.force_login(play.cast.bureau)
    pages = [reverse("responsibility:instruction", args=[row.pk]) for row in (few, many)]
    cost(client, pages[0])
    assert cost(client, pages[0]) == cost(client, pages[1])


def test_the_panel_of_a_site_costs_the_same_for_many(play, client):
    c = play.cast.city
    client.force_login(play.cast.bureau)
    url = f"{reverse('grid:enterprise', args=[c.enterprise.pk])}?site={c.hotel.pk}"
    play.give(about=c.hotel)
    cost(client, url)
    few = cost(client, url)
    for _ in range(4):
        play.give(about=c.hotel)
    assert cost(client, url) == few
    client.force_login(play.cast.enterprise)
    assert "instructions-title" not in client.get(url).text


def ids(client, query):
    return {row["id"] for row in client.get(f"/api/v1/instructions/{query}").json()["results"]}


def test_views_and_filters_of_the_list(play, client):
    c = play.cast.city
    late = play.give(title="逾期的", lead=play.asked(c.government, 0), matter=c.fire, place=c.township)
    play.now += DAY
    waiting = play.act(play.give(title="待审核的", assisting=[]), "answer", "chengdong").instruction
    closed = play.end(play.complete(), "close", "bureau")
    by_head = play.give("chengdong", lead=play.asked(c.emergency, 30), assisting=[])

    with time_machine.travel(play.now, tick=False):
        client.force_login(play.cast.bureau)
        assert ids(client, "?tab=open") == {late.pk, waiting.pk, by_head.pk}
        assert ids(client, "?tab=overdue") == {late.pk}
        assert ids(client, "?tab=accept") == {waiting.pk}
        assert ids(client, "?tab=mine") == {waiting.pk}
        assert ids(client, "?tab=closed") == {closed.pk}
        assert ids(client, f"?unit={c.emergency.pk}") == {by_head.pk}
        assert ids(client, f"?giver={play.cast.posts['chengdong'].pk}") == {by_head.pk}
        assert ids(client, "?matter=fire") == ids(client, f"?township={c.township.code}") == {late.pk}
        assert ids(client, f"?due_from={play.day(20).isoformat()}&due_to={play.day(40).isoformat()}") == {
            by_head.pk
        }
        assert ids(client, "?q=待审核") == {waiting.pk}
        client.force_login(play.cast.chengdong)
        assert ids(client, "?tab=mine") == {late.pk}
        client.force_login(play.cast.fire)
        assert client.get(f"/api/v1/instructions/?giver={play.cast.posts['chengdong'].pk}").status_code == 400


def lines(response):
    assert response["Content-Type"] == XLSX
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue()))
    return [
        [str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    ]


def test_table_9_holds_exactly_the_rows_of_the_list(play, client):
    mine = play.give(title="给消防的", about=play.cast.city.hotel)
    play.act(mine, "progress", "chengdong", note="已部署")
    play.act(mine, "answer", "fire", Role.ASSIST, note="=1+1")
    other = play.give("chengdong", title="区里的", lead=play.asked(play.cast.city.emergency), assisting=[])
    client.force_login(play.cast.bureau)
    table = lines(client.get(f"{LIST}?tab=all&format=table"))
    assert [row[0] for row in table if "号" in row[0]] == [other.number, mine.number]
    (row,) = [row for row in table if row[0] == mine.number]
    assert row == [
        mine.number,
        "Leader's note, Bureau's post",
        "给消防的\n恒盛宾馆",
        "Chengdong Government",
        f"Xining Fire and Rescue, {play.day(5).isoformat()}",
        play.day(7).isoformat(),
        "Chengdong Government: 已部署",
        "Xining Fire and Rescue: =1+1",
        "Under way",
    ]
    assert other.number not in str(lines(client.get(f"{LIST}?tab=all&format=table&q=给消防")))
    client.force_login(play.cast.fire)
    seen = str(lines(client.get(f"{LIST}?tab=all&format=table")))
    assert mine.number in seen
    assert other.number not in seen
    client.force_login(play.cast.rival)
    assert "号" not in str(lines(client.get(f"{LIST}?tab=all&format=table")))
    client.force_login(play.cast.bureau)
    assert client.get(f"{LIST}?format=table&due_from=x").status_code == 400


def test_the_table_costs_the_same_for_many(play, client):
    client.force_login(play.cast.bureau)
    url = f"{LIST}?tab=all&format=table"
    play.give()
    client.get(url).getvalue()

    def whole():
        with CaptureQueriesContext(connection) as queries:
            client.get(url).getvalue()
        return len(queries)

    few = whole()
    for _ in range(5):
        play.give()
    assert whole() == few
