"""Categories are a tree of rows that an office keeps; which deadline an order begins with is a row too."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from hazards.forms import ActForm
from hazards.grading.categories import HazardCategory, Node, choices, path_of, tree
from hazards.grading.defaults import CATEGORIES, load_categories
from hazards.grading.models import DefaultDeadline
from hazards.lifecycle import MACHINE
from hazards.models import Hazard
from safegrid.audit.models import Entry
from safegrid.files.forms import Intake
from safegrid.kernel.refusals import Invalid
from tests import factories as make
from tests.hazards.ledgers import HEAD, HOTEL, brought, reasons, row

pytestmark = pytest.mark.django_db


def category(code: str, **fields) -> HazardCategory:
    given = {"name": code, "source": "x", "since": dt.date(2026, 1, 1), "parent_id": code.rpartition(".")[0]}
    return HazardCategory.objects.create(
        code=code, **given | {"parent_id": given["parent_id"] or None} | fields
    )


def test_the_tree_is_read_in_its_order_each_with_what_lies_below_it(policies):
    nodes = tree()
    assert [node.code for node in nodes] == [code for code, *_ in CATEGORIES]
    by_code: dict[str, Node] = {node.code: node for node in nodes}
    assert set(by_code["gas"].inside) == {"gas", "gas.appliance", "gas.alarm", "gas.cylinder"}
    assert by_code["gas.alarm"].inside == ("gas.alarm",)
    assert (str(by_code["gas.alarm"]), by_code["gas.alarm"].depth) == ("Gas › Leak alarms and shut-off", 1)
    assert path_of("gas.alarm") == "Gas › Leak alarms and shut-off"


@pytest.mark.parametrize(
    ("code", "parent"), [("gas.alarm.loud", "gas"), ("loud", "gas"), ("gas.loud", None), ("fire.loud", "gas")]
)
def test_a_code_that_leads_elsewhere_is_refused_by_the_database(policies, code, parent):
    if code == "gas.alarm.loud":  # the one that is well-formed: a level may be left out, never turned round
        assert category(code, parent_id=parent).parent_id == "gas"
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        category(code, parent_id=parent)


def test_no_row_belongs_to_itself_or_to_one_below_it(policies):
    for parent in ("gas", "gas.alarm"):
        with pytest.raises(IntegrityError), transaction.atomic():
            HazardCategory.objects.filter(code="gas").update(parent_id=parent)


def test_what_hazards_have_cannot_be_deleted_and_loading_keeps_what_the_office_made(play):
    HazardCategory.objects.filter(code="fire").update(name="消防安全", order=99)
    HazardCategory.objects.filter(code__in=["gas.alarm", "chemical.storage"]).delete()
    play.found(category="fire.escape")
    load_categories()
    assert HazardCategory.objects.get(code="fire").name == "消防安全"
    assert not HazardCategory.objects.filter(code="gas.alarm").exists()
    with pytest.raises(ProtectedError):
        HazardCategory.objects.get(code="fire.escape").delete()


def test_a_form_offers_what_is_in_force_and_what_stands_there(play):
    HazardCategory.objects.filter(code="gas.alarm").update(until=dt.date(2026, 11, 22))
    category("gas.odour", since=dt.date(2026, 11, 24))
    today = play.day(0)
    every = {code for code, *_ in CATEGORIES}
    assert {code for code, _name in choices(today)} == every - {"gas.alarm"}
    assert {code for code, _name in choices(today, present="gas.alarm")} == every
    assert {code for code, _name in choices(play.day(1))} == every - {"gas.alarm"} | {"gas.odour"}


def test_what_is_not_offered_is_refused_at_its_field(play):
    HazardCategory.objects.filter(code="gas.alarm").update(until=dt.date(2026, 11, 22))
    hazard = play.found()
    for action, wrong in [("grade", "gas.alarm"), ("grade", "no such"), ("correct", "gas.alarm")]:
        with pytest.raises(Invalid) as refusal:
            play.act(hazard, action, "inspector", category=wrong)
        assert set(refusal.value.message_dict) == {"category"}
    hazard.refresh_from_db()
    assert (hazard.category_id, hazard.version) == ("fire", 1)
    assert play.act(hazard, "grade", "inspector", category="gas.cylinder").category_id == "gas.cylinder"


def test_a_correction_names_both_as_people_read_them(play):
    hazard = play.found()
    play.act(
        hazard,
        "correct",
        "inspector",
        category="fire.escape",
        title=hazard.title,
        now=play.now + dt.timedelta(hours=1),
    )
    assert hazard.steps.last().note == "说明\n“Fire protection” → “Fire protection › Escape routes and exits”"


def test_a_category_takes_in_those_below_it(play, client):
    of = {code: play.found(category=code).number for code in ("gas", "gas.alarm", "fire.escape")}
    client.force_login(play.cast.inspector)

    def shown(code: str) -> set[str]:
        return {row["number"] for row in client.get(f"/api/v1/hazards/?category={code}").json()["results"]}

    assert shown("gas") == {of["gas"], of["gas.alarm"]}
    assert shown("gas.alarm") == {of["gas.alarm"]}
    assert shown("fire") == {of["fire.escape"]}
    page = client.get("/hazards/?tab=all&category=gas.alarm").text
    assert "Gas › Leak alarms and shut-off" in page
    assert "There is no such choice for you." in client.get("/hazards/?tab=all&category=none").text


def test_the_list_asks_no_more_for_a_category_however_many_rows_and_nothing_without_one(play, client):
    client.force_login(play.cast.inspector)

    def queries(query: str) -> int:
        client.get(f"/hazards/?tab=all{query}")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/hazards/?tab=all{query}")
        return len(asked)

    play.found(category="gas.alarm")
    before = queries(""), queries("&category=gas")
    for _ in range(3):
        play.found(category="gas.alarm")
    assert (queries(""), queries("&category=gas")) == before
    with CaptureQueriesContext(connection) as asked:
        client.get("/hazards/?tab=all")
    assert not any("hazards_hazardcategory" in each["sql"] for each in asked)


def test_the_page_shows_the_whole_way_in_the_readers_language(play, client):
    hazard = play.found(category="fire.escape")
    client.force_login(play.cast.inspector)
    assert "Fire protection › Escape routes and exits" in client.get(f"/hazards/{hazard.number}/").text
    client.cookies["django_language"] = "zh-hans"
    assert "消防 › 疏散通道与安全出口" in client.get(f"/hazards/{hazard.number}/").text


def test_the_admin_adds_below_keeps_codes_and_writes_the_ledger(play, client):
    client.force_login(play.cast.admin)
    fields = {
        "name": "加臭",
        "name_en": "Odorants",
        "order": "5",
        "source": "本地规定",
        "since": "2026-11-01",
        "until": "",
    }
    wrong = client.post("/admin/hazards/hazardcategory/add/", {"code": "odour", "parent": "gas", **fields})
    assert "must begin with the code of what it belongs to" in wrong.text
    done = client.post("/admin/hazards/hazardcategory/add/", {"code": "gas.odour", "parent": "gas", **fields})
    assert done.status_code == 302
    row = HazardCategory.objects.get(code="gas.odour")
    assert Entry.objects.filter(subject=f"hazards.hazardcategory:{row.pk}", action="policy.add").count() == 1
    url = f"/admin/hazards/hazardcategory/{row.pk}/change/"
    client.post(url, {"code": "fire.odour", "parent": "fire", **fields, "until": "2026-11-22"})
    row.refresh_from_db()
    assert (row.code, row.parent_id, row.until) == ("gas.odour", "gas", dt.date(2026, 11, 22))


def test_what_the_portal_itself_names_cannot_be_deleted_in_the_admin(play, client):
    client.force_login(play.cast.admin)
    ids = dict(HazardCategory.objects.filter(code__in=["gas", "gas.alarm"]).values_list("code", "pk"))
    url = "/admin/hazards/hazardcategory/{}/delete/".format
    assert client.post(url(ids["gas"]), {"post": "yes"}).status_code == 403
    assert client.post(url(ids["gas.alarm"]), {"post": "yes"}).status_code == 302
    assert not HazardCategory.objects.filter(code="gas.alarm").exists()


def test_a_ledger_names_categories_as_the_office_does(play):
    city = play.cast.city
    make.SiteFactory(enterprise=city.enterprise, name=HOTEL, at=city.cell)
    head = [*HEAD, "隐患类别"]
    named = [
        "疏散通道与安全出口",
        "消防 › 疏散通道与安全出口",
        "Leak alarms and shut-off",
        "消防设施",
        "三违",
        "",
    ]
    job = brought(
        play.cast,
        [head, *([*row(n), word] for n, word in enumerate(named, start=1)), [*row(9), "怪"]],
        now=play.now,
    )
    assert list(Hazard.objects.order_by("pk").values_list("category_id", flat=True)) == [
        "fire.escape",
        "fire.escape",
        "gas.alarm",
        "fire",
        "behaviour",
        "facility",  # the sheet does not say, and neither does its matter
    ]
    assert list(reasons(job)) == [8]


def deadline_of(play, hazard: Hazard) -> str:
    move = MACHINE.find(hazard, "order")
    form = ActForm(hazard=hazard, move=move, intake=Intake(play.cast.inspector, play.now), now=play.now)
    return form.fields["policy"].initial


def graded(play, **given) -> Hazard:
    return play.act(play.found(), "grade", "inspector", **given)


def test_an_order_begins_with_the_deadline_that_policy_names_for_its_colour(play):
    assert deadline_of(play, graded(play)) == "order_general_7"
    assert deadline_of(play, graded(play, likelihood=5, consequence=5)) == "order_general_3"
    assert deadline_of(play, graded(play, likelihood=2, consequence=3)) == "order_general_15"
    assert deadline_of(play, graded(play, grade="major", major_basis="x")) == "order_major_30"
    DefaultDeadline.objects.create(
        grade="general", risk="red", code="order_general_30", source="x", since=dt.date(2026, 11, 23)
    )
    DefaultDeadline.objects.create(
        grade="general", risk="red", code="order_general_15", source="x", since=dt.date(2026, 11, 24)
    )
    assert deadline_of(play, graded(play, likelihood=5, consequence=5)) == "order_general_30"
    DefaultDeadline.objects.all().delete()
    assert deadline_of(play, graded(play, likelihood=5, consequence=5)) == "order_general_7"  # the middle one


def test_the_admin_takes_only_a_deadline_of_orders_of_the_grade(play, client):
    client.force_login(play.cast.admin)
    fields = {"grade": "major", "risk": "orange", "source": "x", "since": "2026-11-01"}
    wrong = client.post("/admin/hazards/defaultdeadline/add/", fields | {"code": "order_general_3"})
    assert "There is no such deadline for orders of this grade." in wrong.text
    assert (
        client.post("/admin/hazards/defaultdeadline/add/", fields | {"code": "order_major_60"}).status_code
        == 302
    )
