"""Pages of the own line: who sees them, who writes by them, what they are filled in with, what they cost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from responsibility.enterprise_line.models import (
    Credential,
    Participation,
    RiskCheck,
    RiskPoint,
    RiskRound,
    Staff,
    Training,
)
from responsibility.enterprise_line.queries.overview import offered
from responsibility.enterprise_line.table import office_table
from safegrid.accounts.models import Post, User
from tests import factories as make
from tests.responsibility.enterprise_line.conftest import TODAY

SECRET = "青安SECRET"
OWN = "/responsibility/own/"


def main(page):
    """What stands in the page itself, without the shell around it."""
    return page.partition("<main")[2].partition("</main>")[0]


@pytest.fixture
def full(books):
    """The hotel's enterprise with one of everything."""
    city = books.city
    books.paper = make.CredentialFactory(
        holder=books.manager,
        number=SECRET,
        valid_until=TODAY + dt.timedelta(days=20),
        due_on=TODAY + dt.timedelta(days=20),
    )
    books.training = make.TrainingFactory(enterprise=books.enterprise, topic="SECRET培训")
    Participation.objects.create(training=books.training, staff=books.manager, result="passed")
    books.point = make.RiskPointFactory(site=city.hotel, owner=books.manager, name="SECRET柜")
    books.round = make.RiskRoundFactory(site=city.hotel)
    return books


def pages(full):
    """Every page that is read: address → a word on it that nobody else may see."""
    e = full.enterprise.pk
    return {
        f"{OWN}{e}/": SECRET,
        f"{OWN}{e}/people/": full.manager.name,
        f"{OWN}{e}/training/": "SECRET培训",
        f"{OWN}{e}/risks/?site={full.city.hotel.pk}": "SECRET柜",
        f"{OWN}{e}/risks/card/?site={full.city.hotel.pk}": "SECRET柜",
        f"{OWN}people/{full.manager.pk}/": SECRET,
        f"{OWN}certificates/{full.paper.pk}/": SECRET,
        f"{OWN}training/{full.training.pk}/": "SECRET培训",
        f"{OWN}rounds/{full.round.pk}/": "SECRET柜",
    }


def forms(full):
    """Every page that writes: address → what is sent."""
    e = full.enterprise.pk
    day, soon = TODAY.isoformat(), (TODAY + dt.timedelta(days=3)).isoformat()
    token = "8f14e45f-ceea-4672-a9f3-0d1d6f4c8d13"
    point = {"name": "灶台", "kind": "process", "likelihood": "3", "exposure": "6", "consequence": "15",
             "engineering": "自动灭火", "owner": full.manager.pk, "rhythm": "weekly",
             "token": token}  # fmt: skip
    paper = {"number": "青安000009", "valid_from": day}
    training = {
        "held_on": day,
        "kind": "annual",
        "topic": "消防",
        "hours": "2",
        "token": token,
        f"person_{full.manager.pk}": "passed",
    }
    return {
        f"{OWN}{e}/people/new/": {"name": "周海峰", "role": "worker", "joined_on": day, "token": token},
        f"{OWN}people/{full.manager.pk}/change/": {"name": "王燕", "role": "worker",
            "joined_on": day, "token": token},
        f"{OWN}{e}/certificates/new/": {"kind": "principal", "holder": full.manager.pk, **paper},
        f"{OWN}certificates/{full.paper.pk}/renew/": paper,
        f"{OWN}certificates/{full.paper.pk}/aside/": {"reason": "错"},
        f"{OWN}{e}/training/new/": training,
        f"{OWN}training/{full.training.pk}/correct/": training,
        f"{OWN}{e}/risks/new/": point,
        f"{OWN}rounds/{full.round.pk}/{full.point.pk}/found/": {"note": "坏", "fix_by": soon},
        f"{OWN}risks/{full.point.pk}/": point,
        f"{OWN}risks/{full.point.pk}/remove/": {"on": day, "reason": "拆除"},
        f"{OWN}people/{full.manager.pk}/leave/": {"on": day},
    }  # fmt: skip


@pytest.mark.parametrize(
    "username", ["enterprise", "principal", "bureau", "inspector", "gridofficer", "fire", "auditor"]
)
def test_the_enterprise_and_officials_in_scope_read(full, client, username):
    client.force_login(getattr(full.cast, username))
    for address, word in pages(full).items():
        response = client.get(address)
        assert response.status_code == 200, address
        assert word in response.text, address
        if username not in ("enterprise", "principal"):
            assert 'method="post"' not in main(response.text), address


@pytest.mark.parametrize("username", ["rival", "chengxi", "gas", "nobody", "admin"])
def test_others_find_nothing(full, client, username):
    client.force_login(getattr(full.cast, username))
    for address in pages(full):
        assert client.get(address).status_code == 404, address
    for address, data in forms(full).items():
        assert client.get(address).status_code in (403, 404), address
        assert client.post(address, data).status_code in (403, 404), address
    assert (Staff.objects.count(), Credential.objects.count(), Training.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("username", ["bureau", "inspector", "auditor"])
def test_officials_write_nothing(full, client, username):
    client.force_login(getattr(full.cast, username))
    for address, data in forms(full).items():
        assert client.get(address).status_code == 403, address
        assert client.post(address, data).status_code == 403, address
    for point in ("rest", str(full.point.pk)):
        assert client.post(f"{OWN}rounds/{full.round.pk}/", {"point": point}).status_code == 403
    assert not RiskCheck.objects.exists()


def test_each_form_does_what_it_says_and_sent_twice_does_it_once(full, client):
    client.force_login(full.cast.enterprise)
    spare = make.CredentialFactory(holder=full.manager)
    for address, data in forms(full).items():
        if address.endswith("/aside/"):  # the one that was renewed can no longer be put aside
            assert client.post(address, data).status_code == 200
            assert Credential.objects.get(pk=full.paper.pk).state == "renewed"
            address = f"{OWN}certificates/{spare.pk}/aside/"
        assert client.get(address).status_code == 200, address
        first = client.post(address, data)
        assert first.status_code == 302, (address, first.text[-3000:])
        again = client.post(address, data)
        assert again.status_code in (200, 302, 422), address
    full.manager.refresh_from_db()
    assert (full.manager.name, full.manager.left_on) == ("王燕", TODAY)
    assert Staff.objects.filter(name="周海峰").count() == 1
    assert Credential.objects.filter(number="青安000009").count() == 2  # of two kinds
    assert Training.objects.count() == 2
    assert set(RiskPoint.objects.values_list("name", "removed_on")) == {("灶台", None), ("灶台", TODAY)}


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(full, client):
    client.force_login(full.cast.enterprise)
    response = client.post(
        f"{OWN}{full.enterprise.pk}/certificates/new/",
        {
            "kind": "safety_manager",
            "holder": full.manager.pk,
            "number": "N9",
            "valid_from": "2026-01-10",
            "valid_until": "2025-01-01",
        },
    )
    assert response.status_code == 422
    assert "It would end before it begins." in response.text
    assert 'value="N9"' in response.text
    stranger = make.StaffFactory(enterprise=full.city.other)
    response = client.post(
        f"{OWN}{full.enterprise.pk}/certificates/new/",
        {"kind": "safety_manager", "holder": stranger.pk, "number": "N9", "valid_from": "2026-01-10"},
    )
    assert response.status_code == 422
    assert not Credential.objects.filter(number="N9").exists()


def test_a_point_is_checked_with_one_tap(full, client):
    client.force_login(full.cast.enterprise)
    address = f"{OWN}rounds/{full.round.pk}/"
    for _ in range(2):
        assert client.post(address, {"point": full.point.pk}).status_code == 302
    assert RiskCheck.objects.get().result == "in_order"
    assert RiskRound.objects.get(pk=full.round.pk).done_at is not None
    other = make.RiskPointFactory(site=full.city.shop)
    assert client.post(address, {"point": other.pk}).status_code == 404
    assert client.post(address, {"point": "x"}).status_code == 404


def test_what_was_typed_once_is_filled_in(full, client):
    client.force_login(full.cast.enterprise)
    full.training.trainer = "马老师"
    full.training.save()
    training = client.get(f"{OWN}{full.enterprise.pk}/training/new/").text
    assert 'value="马老师"' in training
    assert '<option value="passed" selected>' in training
    renewal = client.get(f"{OWN}certificates/{full.paper.pk}/renew/").text
    assert f'value="{SECRET}"' in renewal
    assert 'value="2026-12-14"' in renewal  # the day after the old one ends
    people = client.get(f"{OWN}{full.enterprise.pk}/people/").text
    assert "Known already" in people
    names = {name for name, _role, _user in offered(full.enterprise, today=TODAY)}
    assert names == {"马明", "安全员", "负责人"} - {full.manager.name}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_whoever_stands_among_the_people_is_not_offered_again_in_any_language(full, language):
    for post in (full.cast.posts["principal"], full.cast.posts["enterprise"]):
        make.StaffFactory(enterprise=full.enterprise, name=post.holdings.get().user.name)
    with override(language):
        names = {name for name, _role, _user in offered(full.enterprise, today=TODAY)}
    assert names == {full.enterprise.principal}


def test_the_start_leads_each_to_their_own(full, client):
    client.force_login(full.cast.enterprise)
    assert client.get(OWN).url == f"{OWN}{full.enterprise.pk}/"
    client.force_login(full.cast.rival)
    assert client.get(OWN).url == f"{OWN}{full.city.other.pk}/"
    client.force_login(full.cast.bureau)
    assert client.get(OWN).url == f"{OWN}certificates/"


def test_the_page_of_an_enterprise_shows_its_own_line(full, client):
    client.force_login(full.cast.inspector)
    page = client.get(f"/grid/enterprises/{full.enterprise.pk}/?site={full.city.hotel.pk}").text
    assert 'id="own-title"' in page
    assert f"{OWN}{full.enterprise.pk}/" in page


def lines(user):
    return [tuple(row) for row in office_table(user, day=TODAY).rows]


def test_the_principal_and_the_office_hand_over_posts_from_the_page_of_people(full, client):
    c, posts = full.cast, full.cast.posts
    address = f"{OWN}{full.enterprise.pk}/people/"
    own = [posts["enterprise"], posts["principal"]]

    def links(username, *names):
        client.force_login(getattr(c, username))
        page = main(client.get(address).text)
        found = {
            (post, name)
            for post in Post.objects.all()
            for name in ("post", "handover", "substitute")
            if f'href="{reverse(f"responsibility:{name}", args=[post.pk])}"' in page
        }
        leaving = {u for u in User.objects.all() if reverse("responsibility:leave", args=[u.pk]) in page}
        return found, leaving

    all_of_it = {(post, name) for post in own for name in ("post", "handover", "substitute")}
    for username in ("principal", "bureau"):
        assert links(username) == (all_of_it, {c.enterprise, c.principal})
    assert links("enterprise") == (
        {(post, "post") for post in own} | {(posts["enterprise"], "substitute")},
        set(),
    )
    for username in ("inspector", "chengdong", "auditor"):
        assert links(username) == (set(), set())


def test_a_new_safety_officer_is_found_appointed_and_then_stands_in_the_page(full, client):
    post = full.cast.posts["enterprise"]
    new = make.UserFactory(username="wang.new", name="王新", phone="13900001111")
    client.force_login(full.cast.principal)
    url = reverse("responsibility:handover", args=[post.pk])
    assert "whole telephone number" in client.get(url).text
    given = {"person": new.pk, "on": TODAY.isoformat()}
    assert client.post(url, given).status_code == 422  # nobody has looked for them
    assert client.post(f"{url}?q=13900001111", given).status_code == 302
    page = main(client.get(f"{OWN}{full.enterprise.pk}/people/").text)
    assert page.partition('id="posts-title"')[2].count(str(new)) == 1


def test_table_11_shows_what_its_reader_sees(full, client):
    cast = full.cast
    make.CredentialFactory(holder__enterprise=full.city.other, holder__name="同行甲", number="对手")
    make.CredentialFactory(
        holder=None, enterprise=full.enterprise, kind="standardization", level=3, number="标0001"
    )
    own = lines(cast.enterprise)
    assert [row[4] for row in own] == ["标0001", SECRET]
    assert own[1] == (
        "Qinghai Hengsheng Trading", "王海燕", "Safety manager", "Safety manager's qualification", SECRET,
        TODAY + dt.timedelta(days=20), None, 12, 2,
    )  # fmt: skip
    assert [row[4] for row in lines(cast.rival)] == ["对手"]
    assert {row[4] for row in lines(cast.bureau)} == {"标0001", SECRET, "对手"}
    assert lines(cast.nobody) == []
    client.force_login(cast.rival)
    file = client.get(f"{OWN}table/")
    text = str(
        CalamineWorkbook.from_filelike(__import__("io").BytesIO(file.getvalue()))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert "对手" in text
    assert SECRET not in text
    assert "Prepared by" in text


def test_table_11_costs_the_same_for_one_and_for_many(full):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            lines(full.cast.bureau)
        return len(queries)

    cost()
    few = cost()
    for _ in range(20):
        make.CredentialFactory(holder__enterprise=full.enterprise)
    assert cost() == few


@pytest.mark.parametrize("username", ["enterprise", "inspector"])
def test_every_page_costs_the_same_with_one_row_and_with_many(full, client, username):
    client.force_login(getattr(full.cast, username))

    def costs():
        found = {}
        for address in (*pages(full), f"{OWN}{full.enterprise.pk}/training/new/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found[address] = len(queries)
        return found

    costs()
    few = costs()
    for number in range(12):
        person = make.StaffFactory(enterprise=full.enterprise)
        make.CredentialFactory(holder=person, valid_until=TODAY, due_on=TODAY)
        make.CredentialFactory(holder=full.manager)
        training = make.TrainingFactory(enterprise=full.enterprise)
        Participation.objects.create(training=training, staff=full.manager, result="passed")
        Participation.objects.create(training=full.training, staff=person, result="passed")
        point = make.RiskPointFactory(site=full.city.hotel, owner=person)
        make.RiskRoundFactory(
            site=full.city.hotel, first_day=TODAY - dt.timedelta(days=number + 1), lapsed_at=full.now
        )
        if number % 2:
            RiskCheck.objects.create(
                round=full.round,
                point=point,
                result="in_order",
                checked_at=full.now,
                checked_by=full.cast.enterprise,
            )
    assert costs() == few
    assert max(few.values()) <= 20


def test_only_whom_it_concerns_has_it_in_the_menu(full, client):
    for username, mine, theirs in (("enterprise", True, False), ("inspector", False, True)):
        client.force_login(getattr(full.cast, username))
        page = client.get("/my-work/").text
        assert (f'href="{OWN}"' in page) is mine
        assert (f'href="{OWN}certificates/"' in page) is theirs
