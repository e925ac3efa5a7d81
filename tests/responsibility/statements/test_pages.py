"""Pages of statements: who sees what, signing, issuing, templates, ranking, table 7 and Word."""

import datetime as dt
import html
import io
import re
from decimal import Decimal

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import escape
from python_calamine import CalamineWorkbook

from responsibility.obligations import words
from responsibility.obligations.models import Obligation
from responsibility.statements import scoring
from responsibility.statements.models import (
    ScoreLine,
    Signature,
    Statement,
    StatementScore,
    StatementTemplate,
)
from responsibility.statements.queries import ranking
from tests import factories as make
from tests.responsibility.statements.conftest import DISTRICT, ENTERPRISE, MEMBER, TOWNSHIP, principal_of

URL = "/responsibility/statements/"
EVERYBODY = (
    *("bureau", "auditor", "chengdong", "inspector", "gridofficer", "fire", "gas"),
    *("enterprise", "principal", "rival", "chengxi", "admin", "nobody"),
)


def page_of(client, user, url, status=200, **data):
    client.force_login(user)
    response = client.post(url, data) if data else client.get(url)
    assert response.status_code == status, response.status_code
    return response


@pytest.fixture
def four(issued, town, cast):
    """A statement of each level, by level: that of 城东区, its township, the brigade and the hotel."""
    principal_of(cast.city.other)
    issued(DISTRICT)
    issued(MEMBER)
    issued(TOWNSHIP, "chengdong")
    issued(ENTERPRISE, "town")
    return {
        row.level: row
        for row in Statement.objects.all()
        if row.body in ("城东区人民政府", "西宁市消防救援支队", "东关大街街道办事处", "青海恒盛商贸有限公司")
    }


SEES = {
    "bureau": {DISTRICT, MEMBER, TOWNSHIP, ENTERPRISE},
    "auditor": {DISTRICT, MEMBER, TOWNSHIP, ENTERPRISE},
    "chengdong": {DISTRICT, TOWNSHIP, ENTERPRISE},
    "inspector": {DISTRICT, TOWNSHIP, ENTERPRISE},
    "gridofficer": {
        DISTRICT,
        TOWNSHIP,
        ENTERPRISE,
    },  # of the government that promises one and receives the other
    "fire": {MEMBER},
    "gas": set(),
    "enterprise": {ENTERPRISE},
    "principal": {ENTERPRISE},
    "rival": set(),
    "chengxi": set(),
    "admin": set(),
    "nobody": set(),
}


def test_both_bodies_and_whoever_has_the_place_see_it_and_nobody_else(four, cast, client):
    for name in EVERYBODY:
        user = getattr(cast, name)
        seen = {level for level, row in four.items() if row in Statement.objects.visible_to(user)}
        assert seen == SEES[name], name
        for level, row in four.items():
            client.force_login(user)
            for part in ("", "word/", "causes/?from=2026-10-01&to=2026-12-31"):
                status = client.get(f"{URL}{row.pk}/{part}").status_code
                assert status == (200 if level in SEES[name] else 404), (name, level, part)
    assert set(Statement.objects.visible_to(make.UserFactory())) == set()


def test_a_score_and_a_signature_are_reached_by_their_statement(four, hotel, cast, now):
    scoring.score_quarter(2026, 4, now=now)
    for model in (Signature, StatementScore, ScoreLine):
        assert model.objects.exists()
        for name, sees in (("principal", True), ("bureau", True), ("rival", False), ("fire", False)):
            assert model.objects.visible_to(getattr(cast, name)).exists() is sees, (model, name)


def test_signing_from_my_work_to_in_force(issued, cast, client):
    row = issued(DISTRICT)["城东区人民政府"]
    owed = Obligation.objects.open().get(subject_id=row.pk)
    assert words.url(owed.label, owed.params, button=True) == f"{URL}{row.pk}/#sign"
    assert words.title(owed.label, owed.params) == (
        "Sign the responsibility statement of 2026 to Xining Safety Office"
    )
    url = f"{URL}{row.pk}/"
    assert 'value="promise"' in page_of(client, cast.chengdong, url).text
    assert page_of(client, cast.chengdong, url, 302, action="promise", seen=row.sha256).url == url
    text = page_of(client, cast.bureau, url).text
    assert 'value="receive"' in text
    assert "signed this text" in text
    page_of(client, cast.bureau, url, 302, action="receive", seen=row.sha256)
    page_of(client, cast.bureau, url, 302, action="receive", seen=row.sha256)
    row.refresh_from_db()
    assert (row.state, row.signatures.count()) == ("in_force", 2)
    assert "Signed by both sides" in client.get(url).text


def test_nobody_signs_somebody_elses(issued, cast, client):
    row = issued(DISTRICT)["城东区人民政府"]
    url = f"{URL}{row.pk}/"
    for name in ("auditor", "inspector", "gridofficer"):
        page_of(client, getattr(cast, name), url, 403, action="promise", seen=row.sha256)
    page_of(client, cast.chengxi, url, 404, action="promise", seen=row.sha256)
    page_of(client, cast.bureau, url, 404, action="nonsense")
    page = client.post(url, {"action": "withdraw", "reason": ""})
    assert (page.status_code, "Say it in a few words." in page.text) == (422, True)
    assert not row.signatures.exists()


def test_many_are_signed_together_each_by_its_own_hash(four, sign, town, cast, client):
    shop = Statement.objects.get(enterprise=cast.city.other)
    hotel = four[ENTERPRISE]
    sign(hotel, "principal")
    page = page_of(client, town, f"{URL}sign/").text
    offered = set(re.findall(r'name="seen" value="([^"]+)"', page))
    own = four[TOWNSHIP]
    assert offered == {f"{hotel.pk}:{hotel.sha256}", f"{own.pk}:{own.sha256}"}
    page_of(client, town, f"{URL}sign/", 302, seen=[*offered, f"{shop.pk}:{shop.sha256}"])
    assert set(Signature.objects.filter(user=town).values_list("statement", flat=True)) == {hotel.pk, own.pk}
    assert "Nothing waits for your signature." in client.get(f"{URL}sign/").text


def test_the_list_begins_with_what_is_to_be_signed(four, cast, client):
    found = client.get  # the tabs in their order
    client.force_login(cast.chengdong)
    page = found(URL).text
    assert page.index("To sign") < page.index("In force") < page.index("Not signed")
    rows = found("/api/v1/statements/?tab=to_sign").json()["results"]
    assert [row["id"] for row in rows] == [four[DISTRICT].pk]
    unit = cast.city.government.pk
    both = found(f"/api/v1/statements/?unit={unit}").json()["results"]
    assert {row["id"] for row in both} == {four[DISTRICT].pk, four[TOWNSHIP].pk}
    assert found(f"/api/v1/statements/?unit={cast.city.brigade.pk}").status_code == 400


def test_issuing_is_previewed_and_done_once(cast, town, policies, client):
    url = f"{URL}issue/?level=district&year=2026"
    page = page_of(client, cast.bureau, url).text
    assert "2 statements would be issued" in page
    assert not Statement.objects.exists()
    page_of(client, cast.bureau, url, 302, confirm="1")
    page_of(client, cast.bureau, url, 302, confirm="1")
    assert Statement.objects.count() == 2
    page_of(client, cast.chengdong, f"{URL}issue/?level=district", 422)  # a level that is not theirs
    page_of(client, cast.chengdong, f"{URL}issue/?level=district", 404, confirm="1")
    for name in ("fire", "inspector", "auditor", "principal", "nobody"):
        page_of(client, getattr(cast, name), f"{URL}issue/", 403)


def test_a_template_is_written_on_its_page_and_keeps_what_was_typed(cast, policies, client):
    row = StatementTemplate.objects.get(level=ENTERPRISE)
    town = make.UnitFactory(kind="government", district=cast.city.township)
    assert town.pk
    url = f"{URL}templates/{row.pk}/"
    page = page_of(client, cast.bureau, url).text
    fields = dict(re.findall(r'name="(items-\d+-points)"[^>]*?value="(\d+)"', page))
    assert sum(map(int, fields.values())) == 100
    items = list(row.items.all())
    data = {
        "title": "新标题",
        "text": "承诺：{targets}",
        "items-TOTAL_FORMS": "3",
        "items-INITIAL_FORMS": "0",
    }
    for n, item in enumerate(items[:3]):
        data |= {f"items-{n}-promise": item.promise, f"items-{n}-points": "50" if n < 2 else ""}
        data[f"items-{n}-scoring"] = "reviewed" if n < 2 else "veto"
    wrong = page_of(client, cast.bureau, url, 422, **data | {"items-0-points": "49"}).text
    assert "come to 99" in wrong
    assert "新标题" in wrong
    page_of(client, cast.bureau, url, 302, **data)
    assert list(row.items.values_list("scoring", "points")) == [
        ("reviewed", 50),
        ("reviewed", 50),
        ("veto", 0),
    ]
    page_of(client, cast.fire, url, 403)
    assert "新标题" in page_of(client, cast.bureau, f"{URL}templates/").text


def test_whoever_issues_by_a_template_reads_it_and_only_the_citys_office_changes_it(
    cast, town, policies, client
):
    row = StatementTemplate.objects.get(level=ENTERPRISE)
    url = f"{URL}templates/{row.pk}/"
    page = page_of(client, town, url).text
    assert escape(row.text.splitlines()[0]) in page
    assert "safety committee office writes it." in page
    assert "<textarea" not in page
    assert "New version" not in page
    assert "can be changed" not in page_of(client, town, f"{URL}templates/").text
    page_of(client, town, url, 403, title="新标题", text="{targets}")
    page_of(client, town, f"{url}copy/", 403, year="2027")
    page_of(client, cast.fire, url, 403)
    row.refresh_from_db()
    assert row.title != "新标题"
    assert not StatementTemplate.objects.filter(year=2027).exists()


def test_the_preview_counts_enterprises_for_which_nobody_can_sign(cast, town, policies, client):
    url = f"{URL}issue/?level=enterprise"
    assert "1 enterprise left out" in page_of(client, town, url).text
    page_of(client, town, url, 302, confirm="1")
    assert list(Statement.objects.values_list("enterprise", flat=True)) == [cast.city.enterprise.pk]
    principal_of(cast.city.other)
    assert "left out" not in page_of(client, town, url).text


def test_a_used_template_offers_a_new_version(signed, cast, client):
    url = f"{URL}templates/{signed.template_id}/"
    assert "New version" in page_of(client, cast.bureau, url).text
    page_of(client, cast.bureau, url, 302, title="x")
    made = page_of(client, cast.bureau, f"{url}copy/", 302, year="2027").url
    fresh = StatementTemplate.objects.get(year=2027)
    assert made == f"{URL}templates/{fresh.pk}/"
    assert "2027年度" in client.get(made).text


def test_a_review_is_given_on_its_page(hotel, cast, town, client, now):
    scoring.score_quarter(2026, 4, now=now)
    line = ScoreLine.objects.get(score__statement=hotel, item__scoring="reviewed")
    url = f"{URL}{hotel.pk}/review/{line.pk}/"
    wrong = page_of(client, town, url, 422, points="20", note="差")
    assert "Name the document" in wrong.text
    page_of(client, town, url, 302, points="20", note="差", document="督查通报1号")
    page = page_of(client, cast.principal, f"{URL}{hotel.pk}/").text
    assert "督查通报1号" in page
    assert "Give points" not in page
    page_of(client, cast.principal, url, 403)
    page_of(client, cast.rival, url, 404)


@pytest.fixture
def ranked(issued, cast, now):
    """Three townships of the district in force, with 90, 90 and 70 of a hundred; and a vetoed one."""
    places = [make.DistrictFactory(parent=cast.city.chengdong, name=f"街道{n}") for n in range(4)]
    for place in places:
        make.UnitFactory(kind="government", district=place, name=place.name, name_en="")
    issued(TOWNSHIP, "chengdong")
    Statement.objects.update(state="in_force", promised_at=now, received_at=now)
    for n, rate in enumerate((90, 70, 90, 100)):
        statement = Statement.objects.get(body=f"街道{n}")
        StatementScore.objects.create(
            statement=statement,
            quarter=3,
            points=rate,
            possible=100,
            rate=Decimal(rate),
            band="vetoed" if rate == 100 else "excellent" if rate == 90 else "pass",
            scored_at=now,
        )
    return {"year": 2026, "quarter": 3, "level": TOWNSHIP}


def test_ties_share_a_rank_and_the_vetoed_come_last_without_one(ranked, cast, client):
    places, count = ranking(cast.bureau, **ranked)
    assert [(each.statement.body, each.rank) for each in places] == [
        ("街道0", 1),
        ("街道2", 1),
        ("街道1", 3),
        ("街道3", None),
        ("东关大街街道办事处", None),  # not scored yet
    ]
    assert count == 4
    url = f"{URL}ranking/?year=2026&quarter=3&level=township"
    page = page_of(client, cast.chengdong, url).text
    assert page.index("街道0") < page.index("街道2") < page.index("街道1") < page.index("街道3")
    assert "街道" not in page_of(client, cast.chengxi, url).text
    for person in (cast.chengdong, cast.bureau):
        assert person.name not in page.split("<main")[1].split("</main")[0]
    page_of(client, cast.principal, url, 403)


def test_no_enterprise_is_ranked_and_their_sheet_has_those_one_reads(hotel, cast, town, client, now):
    scoring.score_quarter(2026, 4, now=now)
    page = page_of(client, cast.bureau, f"{URL}ranking/?year=2026&quarter=4&level=enterprise").text
    assert hotel.body_en not in page
    assert "Enterprises are compared with nobody." in page
    url = f"{URL}table/?year=2026&quarter=4&level=enterprise"
    assert url.replace("&", "&amp;") in page

    def bodies(user):
        sheet = io.BytesIO(page_of(client, user, url).getvalue())
        rows = CalamineWorkbook.from_filelike(sheet).get_sheet_by_index(0).to_python()[4:]
        return {row[0] for row in rows if row[1]}

    assert {bodies(user) == {hotel.label} for user in (town, cast.chengdong, cast.bureau)} == {True}
    assert bodies(cast.chengxi) == set()
    page_of(client, cast.principal, url, 403)


def test_a_quarter_is_locked_for_all_that_one_judges(ranked, cast, client):
    url = f"{URL}ranking/?year=2026&quarter=3&level=township"
    page_of(client, cast.auditor, url, 403, action="lock")
    page_of(client, cast.inspector, url, 403, action="score")
    page_of(client, cast.chengdong, url, 302, action="lock")
    page_of(client, cast.chengdong, url, 302, action="lock")
    assert StatementScore.objects.filter(locked_by=cast.chengdong).count() == 4


def test_table_7_holds_rule_deduction_cause_and_sums(hotel, signed, cast, by, client, now):
    scoring.score_quarter(2026, 4, now=now)
    line = ScoreLine.objects.get(score__statement=signed, item__scoring="reviewed")
    scoring.review(line=line, points=Decimal(10), note="未研究", document="通报3号", **by("bureau"))
    url = f"{URL}table/?year=2026&quarter=4&level=district"
    sheet = page_of(client, cast.chengdong, url).getvalue()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert rows[2][:8] == [
        *("Unit", "Indicator", "Points", "Rule", "Actual figure", "Deduction", "Cause and evidence", "Vetoes")
    ]
    assert rows[2][8] == "Total"
    found = {row[1]: row for row in rows[4:] if row[0]}
    own = found["Leaders take work safety up and see it through"]
    assert (own[0], own[2], own[5], own[6]) == ("Chengdong Government", 15, 5, "未研究\n通报3号")
    assert rows[4][8:11] == [75, 80, "Excellent"]
    rival = page_of(client, cast.chengxi, url).getvalue()
    assert "Chengdong" not in str(
        CalamineWorkbook.from_filelike(io.BytesIO(rival)).get_sheet_by_index(0).to_python()
    )
    page_of(client, cast.principal, url, 403)


def test_the_word_document_holds_the_text_as_it_was_signed(signed, cast, client):
    made = page_of(client, cast.chengdong, f"{URL}{signed.pk}/word/").getvalue()
    document = docx.Document(io.BytesIO(made))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for line in signed.text.strip().split("\n"):
        assert line in text
    assert signed.sha256 in text
    cells = "\n".join(cell.text for cell in document.tables[0].rows[0].cells)
    assert cast.chengdong.name in cells
    assert cast.bureau.name in cells
    assert "{" not in text + cells


def test_pages_are_in_chinese_for_whoever_reads_it(hotel, cast, client, now):
    scoring.score_quarter(2026, 4, now=now)
    client.force_login(cast.principal)
    page = client.get(f"{URL}{hotel.pk}/", headers={"Accept-Language": "zh-CN"}).text
    translation.activate("en")
    main = re.search(r"<main[^>]*>(.*)</main>", page, re.S)[1]
    text = html.unescape(re.sub(r"<[^>]+>", " ", main)).replace(hotel.sha256, "")
    assert "隐患按期整改率" in text
    assert set(re.findall(r"[A-Za-z]{3,}", text)) == {"SHA", "Word"}


def test_pages_cost_the_same_with_many(issued, cast, town, by, client, now):
    scoring_urls = [
        "ranking/?year=2026&quarter=4&level=township",
        "table/?year=2026&quarter=4&level=township",
        "?tab=to_review",
    ]
    make.UnitFactory(
        kind="government", district=make.DistrictFactory(parent=cast.city.chengdong), name="街道甲"
    )

    def ready():
        rows = issued(TOWNSHIP, "chengdong")
        Statement.objects.update(state="in_force", promised_at=now, received_at=now)
        scoring.score_quarter(2026, 4, now=now)
        return next(iter(rows.values()))

    def cost(row):
        client.force_login(cast.bureau)
        found = []
        for url in (
            f"{URL}?tab=all",
            f"{URL}sign/",
            f"{URL}{row.pk}/",
            *(URL + each for each in scoring_urls),
        ):
            with CaptureQueriesContext(connection) as queries:
                response = client.get(url)
                assert response.status_code == 200
                b"".join(response) if response.streaming else response.content
            found.append(len(queries))
        return found

    row = ready()
    cost(row)
    few = cost(row)
    for _ in range(6):
        place = make.DistrictFactory(parent=cast.city.chengdong)
        make.UnitFactory(kind="government", district=place)
    ready()
    cost(row)  # names of new places are read once
    assert cost(row) == few


def test_the_night_is_a_task(hotel, now, january):
    from responsibility.tasks import score_statements

    assert score_statements() == 0
    assert StatementScore.objects.filter(statement=hotel).exists()
    assert dt.date(2027, 1, 30) == scoring.lock_day(2026, 4)
