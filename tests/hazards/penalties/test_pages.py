"""Penalties on pages, in lists and tables: for whoever reads the hazard or the site."""

import uuid
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from hazards.penalties.models import Penalty
from tests import factories as make

ENTER = "Enter a penalty"


def form(**changes):
    fields = {
        "token": uuid.uuid4(),
        "kind": "fine",
        "amount": "20000",
        "law": "安全生产法",
        "article": "第一百零二条",
        "is_of_law": "on",
        "document": "（宁东）应急罚〔2026〕1号",
        "decided_on": "2026-11-23",
        "visit_number": "JC-2026-000001",
    }
    return fields | changes


def test_from_the_hazards_page_a_penalty_is_entered_and_stands_there(client, play):
    hazard = play.ordered()
    page, new = f"/hazards/{hazard.number}/", reverse("hazards:penalty_new", args=[hazard.number])
    client.force_login(play.cast.inspector)
    assert f'href="{new}"' in client.get(page).text
    assert 'name="article"' in client.get(new).text
    sent = form()
    assert client.post(new, sent).url == page
    assert client.post(new, sent).url == page  # sent again
    row = Penalty.objects.get()
    assert (row.amount, row.visit_number, row.hazard) == (Decimal(20000), "JC-2026-000001", hazard)
    for reader in (play.cast.inspector2, play.cast.enterprise, play.cast.chengdong, play.cast.gridofficer):
        client.force_login(reader)
        shown = client.get(page).text
        assert "Fine 20,000.00 yuan" in shown
        assert ("第一百零二条" in shown, row.document in shown) == (True, True)


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(client, play):
    hazard = play.ordered()
    client.force_login(play.cast.inspector)
    new = reverse("hazards:penalty_new", args=[hazard.number])
    for given, sentence in (
        ({"amount": ""}, "A fine has an amount above zero."),
        ({"kind": "warning"}, "Only a fine has an amount."),
        ({"decided_on": "2026-12-01"}, "This day is still to come."),
        ({"decided_on": "yesterday"}, "Enter a valid date."),
        ({"amount": "9" * 30}, "Ensure that there are no more than 14 digits in total."),
        ({"kind": "x" * 500}, "Select a valid choice."),
    ):
        refused = client.post(new, form(**given))
        assert refused.status_code == 422, given
        assert sentence in refused.text
        assert "第一百零二条" in refused.text
    assert not Penalty.objects.exists()


def test_the_button_is_only_for_whoever_may_and_where_there_is_ground(client, play):
    ordered = play.ordered()
    drawn = play.drawn()
    for who, on in (
        ("inspector", ordered),
        ("gridofficer", ordered),
        ("chengdong", ordered),
        ("enterprise", ordered),
        ("auditor", ordered),
        ("inspector", drawn),
    ):
        client.force_login(play.person(who))
        shown = ENTER in client.get(f"/hazards/{on.number}/").text
        assert shown == ((who, on) == ("inspector", ordered)), (who, on)
        status = client.get(reverse("hazards:penalty_new", args=[on.number])).status_code
        assert status == (200 if shown else 302 if who == "inspector" else 403), (who, on)
    client.force_login(play.cast.rival)
    assert client.get(reverse("hazards:penalty_new", args=[ordered.number])).status_code == 404


def test_a_refusal_because_the_enterprise_corrects_itself_stands_on_the_page(client, play):
    drawn = play.drawn()
    client.force_login(play.cast.inspector)
    refused = client.post(reverse("hazards:penalty_new", args=[drawn.number]), form())
    assert refused.status_code == 422
    assert "no ground for a penalty" in refused.text


def test_the_enterprises_page_shows_its_penalties_to_whoever_reads_the_site(client, play, penalties):
    city = play.cast.city
    row = penalties.enter(site=city.hotel, matter=city.crowded, by="fire", kind="warning", amount=None)
    page = f"/grid/enterprises/{city.enterprise.pk}/?site={city.hotel.pk}"
    for who, sees in (("inspector", True), ("enterprise", True), ("fire", True), ("auditor", True)):
        client.force_login(play.person(who))
        assert (row.document in client.get(page).text) == sees, who
    client.force_login(play.cast.inspector)
    assert f'href="{reverse("hazards:penalty_at", args=[city.hotel.pk])}"' in client.get(page).text
    client.force_login(play.cast.enterprise)
    assert ENTER not in client.get(page).text


def test_at_a_site_the_form_asks_for_the_matter(client, play):
    city = play.cast.city
    url = reverse("hazards:penalty_at", args=[city.hotel.pk])
    client.force_login(play.cast.fire)
    page = client.get(url).text
    assert ("Fire safety of crowded places" in page, "General safety" in page) == (True, False)
    made = client.post(url, form(matter=city.crowded.pk))
    assert made.url == reverse("hazards:penalty", args=[Penalty.objects.get().pk])
    assert client.post(url, form(matter=city.general.pk, document="2号")).status_code == 422
    for who, status in (("gridofficer", 403), ("enterprise", 403), ("rival", 404), ("chengxi", 404)):
        client.force_login(play.person(who))
        assert client.get(url).status_code == status, who


def test_a_correction_shows_both(client, play, penalties):
    old = penalties.enter(play.ordered())
    url = reverse("hazards:penalty_correct", args=[old.pk])
    client.force_login(play.cast.inspector2)
    page = client.get(url).text
    assert 'value="20000.00"' in page
    refused = client.post(url, form(document=old.document, visit_number="", reason=""))
    assert refused.status_code == 422
    given = form(document=old.document, visit_number="", amount="25000", reason="少录五千元")
    done = client.post(url, given)
    new = Penalty.objects.standing().get()
    assert done.url == reverse("hazards:penalty", args=[new.pk])
    shown = client.get(done.url).text
    assert all(text in shown for text in ("20,000.00 yuan", "25,000.00 yuan", "少录五千元", "replaced"))
    assert client.get(url).status_code == 404  # it was corrected
    stale = client.post(url, form(document=old.document, amount="1", reason="再改"))
    assert stale.status_code == 422
    assert "Meanwhile this penalty was corrected" in stale.text
    client.force_login(play.cast.fire)
    assert client.get(reverse("hazards:penalty_correct", args=[new.pk])).status_code == 404
    client.force_login(play.cast.enterprise)
    assert client.get(reverse("hazards:penalty_correct", args=[new.pk])).status_code == 403


def test_the_pages_read_in_chinese(client, play, penalties):
    hazard = play.ordered()
    row = penalties.enter(hazard, kind="suspension", amount=None)
    client.force_login(play.cast.inspector)
    chinese = {"Accept-Language": "zh-hans"}
    for url, words in (
        (f"/hazards/{hazard.number}/", ("行政处罚", "责令停产停业")),
        (reverse("hazards:penalty", args=[row.pk]), ("责令停产停业", "处罚决定")),
        (reverse("hazards:penalties"), ("行政处罚", "责令停产停业")),
        (reverse("hazards:penalty_new", args=[hazard.number]), ("录入行政处罚", "罚款", "吊销许可证件")),
    ):
        page = client.get(url, headers=chinese).text
        assert all(word in page for word in words), url


def test_the_list_exports_amounts_and_marks_what_no_longer_stands(client, play, penalties):
    hazard = play.ordered()
    old = penalties.enter(hazard)
    penalties.correct(old, amount=Decimal("25000.50"))
    gone = penalties.enter(hazard, kind="warning", amount=None)
    penalties.correct(gone, kind="warning", amount=None, is_void=True)
    client.force_login(play.cast.chengdong)
    url = reverse("hazards:penalties")
    text = client.get(f"{url}?tab=stands&format=csv").getvalue().decode()
    assert ("25000.5" in text, "20000" in text, gone.document in text) == (True, False, False)
    text = client.get(f"{url}?tab=all&format=csv").getvalue().decode()
    assert [line.rsplit(",", 1)[1].strip() for line in text.splitlines()[1:]].count("replaced") == 2
    client.force_login(play.cast.rival)
    assert hazard.number not in client.get(f"{url}?tab=all").text
    rows = client.get("/api/v1/penalties/").json()["results"]
    assert rows == []


def test_pages_cost_the_same_with_many_penalties(client, play, penalties):
    hazard = play.ordered()
    client.force_login(play.cast.inspector)
    row = penalties.enter(hazard)
    urls = [
        f"/hazards/{hazard.number}/",
        f"/grid/enterprises/{hazard.enterprise_id}/?site={hazard.site_id}",
        f"{reverse('hazards:penalties')}?tab=all",
        reverse("hazards:penalty", args=[row.pk]),
    ]

    def cost():
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    cost()
    few = cost()
    for _n in range(12):
        make.PenaltyFactory(site=hazard.site, matter=hazard.matter, hazard=hazard)
    assert cost() == few


def test_the_monthly_table_counts_cases_and_fines(client, play, penalties, now):
    hazard = play.ordered()
    one = penalties.enter(hazard)
    penalties.enter(hazard, document=one.document, kind="warning", amount=None)  # the same case
    wrong = penalties.enter(hazard, amount=Decimal("99999.00"))
    penalties.correct(wrong, amount=Decimal("15000.00"))
    gone = penalties.enter(hazard)
    penalties.correct(gone, is_void=True)
    make.PenaltyFactory(
        site=hazard.site, matter=hazard.matter, decided_on=play.day(-40), amount=Decimal(10000)
    )
    client.force_login(play.cast.chengdong)
    for by in ("district", "industry"):
        book = client.get(f"/hazards/tables/?month=2026-11&by={by}").getvalue()
        lines = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
        heads, line = lines[3][1:], lines[4][1:]
        half = len(heads) // 2
        for start, wanted in ((0, [2, 2, 3.5]), (half, [3, 3, 4.5])):
            cells = dict(zip(heads[start : start + half], line[start : start + half], strict=True))
            names = ["Cases", "Fines", "Fines, 10,000 yuan"]
            assert [cells[name] for name in names] == wanted, by


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_nothing_is_deleted(client, play, penalties, method):
    row = penalties.enter(play.ordered())
    client.force_login(play.cast.inspector)
    assert getattr(client, method)(reverse("hazards:penalty", args=[row.pk])).status_code == 405
    assert Penalty.objects.filter(pk=row.pk).exists()
