"""What every registered list promises: its budget of queries, its address, its exports, its API."""

import csv
import io
import json
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from safegrid.kernel.listing import exports, listings
from tests import factories as make

NAMES = [name for name, _ in listings.items()]
BUDGET = 5  # queries of a list, beside asking who is there

MAKE = {
    "sites": lambda city, n: make.SiteFactory.create_batch(n, at=city.cell, industry=city.catering),
    "hazards": lambda city, n: [
        make.ObligationFactory(site=city.hotel, subject=make.HazardFactory(site=city.hotel, matter=city.fire))
        for _ in range(n)
    ],
    "reports": lambda city, n: make.ReportFactory.create_batch(n, site=city.hotel, matter=city.fire),
    "penalties": lambda city, n: make.PenaltyFactory.create_batch(
        n, site=city.hotel, matter=city.fire, entered_post__unit=city.emergency
    ),
    "closures": lambda city, n: [
        make.ClosureProposalFactory(
            site=site, unit=city.emergency, whose=make.PostFactory(unit=city.emergency)
        )
        for site in make.SiteFactory.create_batch(n, at=city.cell)
    ],
    "visits": lambda city, n: make.VisitFactory.create_batch(
        n, site=city.hotel, matter=city.fire, unit=city.emergency
    ),
    "self-inspections": lambda city, n: make.SelfInspectionFactory.create_batch(n, site=city.hotel),
    "instructions": lambda city, n: [
        make.InstructionFactory(site=city.hotel, matter=city.fire) for _ in range(n)
    ],
    "transfers": lambda city, n: [
        make.TransferFactory(site=make.SiteFactory(at=city.cell), matter=city.fire) for _ in range(n)
    ],
    "findings": lambda city, n: make.FindingFactory.create_batch(n, matter=city.fire, **city.hotel.place_ids),
    "certificates": lambda city, n: make.CredentialFactory.create_batch(
        n, holder__enterprise=city.enterprise
    ),
    "statements": lambda city, n: make.StatementFactory.create_batch(n, site=city.hotel),
    "leaders": lambda city, n: make.LeaderFactory.create_batch(
        n, post__unit=city.emergency, **city.hotel.place_ids
    ),
    "obligations": lambda city, n: [
        make.ObligationFactory(site=city.hotel, subject=make.HazardFactory(site=city.hotel, matter=city.fire))
        for _ in range(n)
    ],
    "notices": lambda city, n: make.NoticeFactory.create_batch(
        n, post__unit=city.emergency, **city.hotel.place_ids
    ),
}


def fill(name, city, number):
    assert name in MAKE, "say here how rows of this list are made"
    MAKE[name](city, number)


def own_queries(client, url, **headers):
    """The queries of a request, but for those that ask who is there and what they reach."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url, headers=headers)
        assert response.status_code == 200
        response.getvalue()
    sqls = [each["sql"] for each in queries]
    who = ('"accounts_', '"django_')
    return [
        q for q in sqls if not q.startswith("EXECUTE person") and not q.partition(" FROM ")[2].startswith(who)
    ]


PARTS = {
    "page": ("?tab=all", {}),
    "fragment": ("?tab=all", {"HX-Request": "true"}),
    "counts": ("?part=counts", {}),
    "csv": ("?tab=all&format=csv", {}),
    "xlsx": ("?tab=all&format=xlsx", {}),
    "geojson": ("?tab=all&format=geojson", {}),
}


@pytest.mark.parametrize("username", ["bureau", "gridofficer", "enterprise"])
@pytest.mark.parametrize("name", NAMES)
def test_a_list_costs_the_same_with_one_row_and_with_many(cast, client, name, username):
    listing = listings[name]
    url = reverse(listing.view)
    client.force_login(getattr(cast, username))
    parts = {k: v for k, v in PARTS.items() if k != "geojson" or listing.map}

    def cost():
        return {part: len(own_queries(client, url + query, **head)) for part, (query, head) in parts.items()}

    fill(name, cast.city, 1)
    cost()  # what a process asks once, it asks here
    few = cost()
    fill(name, cast.city, 60)
    assert cost() == few
    assert few["page"] <= BUDGET
    assert few["fragment"] <= BUDGET
    assert few["counts"] <= BUDGET


FILTERS = ("", "&district=630102000000", "&industry=H", "&matter=fire", "&industry=H62&q=西宁")


@pytest.mark.parametrize("query", FILTERS)
@pytest.mark.parametrize("username", ["bureau", "chengdong", "fire", "gridofficer", "enterprise"])
@pytest.mark.parametrize("name", NAMES)
def test_every_number_on_a_tab_is_that_of_the_rows_behind_it(cast, client, name, username, query):
    fill(name, cast.city, 3)
    if name == "sites":
        make.SiteFactory(at=cast.city.cell, industry=cast.city.catering, risk="red")
        make.SiteFactory(at=cast.city.west_township, risk="orange")
    client.force_login(getattr(cast, username))
    url = reverse(listings[name].view)
    told = client.get(f"{url}?part=counts{query}")
    numbers = dict(re.findall(r'id="count-(\w+)" [^>]*>([\d,+]*)<', told.text))
    rows = {}
    for tab in listings[name].tabs:
        export = client.get(f"{url}?tab={tab.key}&format=csv{query}")
        # A filter that offers this choice to others only shows nothing.
        rows[tab.key] = len(export.getvalue().splitlines()) - 1 if export.status_code == 200 else 0
    assert numbers == {key: str(n) for key, n in rows.items()}


@pytest.mark.parametrize("name", NAMES)
def test_the_fragment_is_the_part_of_the_page_that_changes(cast, client, name):
    fill(name, cast.city, 2)
    client.force_login(cast.bureau)
    url = f"{reverse(listings[name].view)}?tab=all"
    page = client.get(url)
    fragment = client.get(url, headers={"HX-Request": "true"})
    again = client.get(url, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in page.text
    assert "<html" not in fragment.text
    assert fragment.text.strip() in page.text
    assert "<html" in again.text
    for response in (page, fragment):
        assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("name", NAMES)
def test_pages_follow_each_other_and_hold_every_row_once(cast, client, name):
    fill(name, cast.city, 120)
    client.force_login(cast.bureau)
    url = reverse(listings[name].view)
    total = listings[name].model.objects.count()
    seen, address, pages = [], "?tab=all", 0
    while address:
        text = client.get(url + address).text
        seen += re.findall(r"<tr>.*?</tr>", text.split("<tbody>")[1], re.S)
        found = re.search(r'rel="next"\s+href="([^"]+)"', text)
        assert ('rel="prev"' in text) is (pages > 0)
        address = found and found[1].replace("&amp;", "&")
        pages += 1
    assert pages == -(-total // 50)
    assert len(seen) == total


@pytest.mark.parametrize("name", NAMES)
def test_every_sort_and_view_is_offered_and_works(cast, client, name):
    listing = listings[name]
    fill(name, cast.city, 2)
    client.force_login(cast.bureau)
    url = reverse(listing.view)
    page = client.get(f"{url}?tab=all").text
    for sort in listing.sorts:
        for param in (sort.key, f"-{sort.key}"):
            assert f'href="?tab=all&amp;sort={param}"' in page
            assert client.get(f"{url}?tab=all&sort={param}").status_code == 200
    for tab in listing.tabs:
        assert f'href="?tab={tab.key}"' in page
        assert client.get(f"{url}?tab={tab.key}").status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_an_address_that_makes_no_sense_is_said_and_shows_no_more(cast, client, name):
    fill(name, cast.city, 1)
    client.force_login(cast.bureau)
    url = reverse(listings[name].view)
    for query in ("tab=nonsense", "sort=nonsense", "after=nonsense"):
        response = client.get(f"{url}?{query}")
        assert response.status_code == 200
        assert 'class="listing-problem"' in response.text
        for form in ("csv", "xlsx"):
            assert client.get(f"{url}?{query}&format={form}").status_code == 400
        assert set(client.get(f"/api/v1/{name}/?{query}").json()) == {query.split("=")[0]}
    response = client.get(f"{url}?tab=all&district=nowhere")
    assert "<tbody>" not in response.text, "a filter that is not understood must not show everything"
    assert "chip-bad" in response.text
    assert client.get(f"{url}?tab=all&district=nowhere&format=csv").status_code == 400
    assert client.get(f"/api/v1/{name}/?district=nowhere").status_code == 400
    assert client.get(f"{url}?format=pdf").status_code == 400


@pytest.mark.parametrize("name", NAMES)
def test_a_filter_is_a_chip_that_can_be_removed(cast, client, name):
    fill(name, cast.city, 1)
    client.force_login(cast.bureau)
    url = reverse(listings[name].view)
    query = "tab=all&district=630102000000&q=恒盛"
    page = client.get(f"{url}?{query}").text
    assert "District: <b>Chengdong District</b>" in page
    assert 'href="?tab=all&amp;q=%E6%81%92%E7%9B%9B"' in page  # without the district, with the search
    assert page.count('class="chip"') == 1
    form = client.get(f"{url}?{query}&part=filters").text
    assert '<option value="630102000000" selected>' in form
    assert '<input type="hidden" name="q" value="恒盛">' in form
    assert '<input type="hidden" name="tab" value="all">' in form


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_list_says_what_to_do(cast, client, name):
    client.force_login(cast.nobody)
    url = reverse(listings[name].view)
    assert str(listings[name].empty) in client.get(f"{url}?tab=all").text
    narrowing = "q" if "q" in listings[name].filterset.base_filters else "district"
    narrowed = client.get(f"{url}?tab=all&{narrowing}=xyz").text
    assert "Nothing here matches." in narrowed
    assert str(listings[name].empty) not in narrowed


@pytest.mark.parametrize("name", NAMES)
def test_exports_hold_what_the_page_shows(cast, client, name):
    listing = listings[name]
    fill(name, cast.city, 3)
    client.force_login(cast.bureau)
    url = f"{reverse(listing.view)}?tab=all&sort=-{listing.sorts[0].key}"
    response = client.get(f"{url}&format=csv")
    body = response.getvalue().decode()
    assert body.startswith("\ufeff")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        rf'attachment; filename="{name}-\d{{4}}-\d\d-\d\d\.csv"', response["Content-Disposition"]
    )
    rows = list(csv.reader(io.StringIO(body.removeprefix("\ufeff"))))
    assert rows[0] == [str(head) for column in listing.flat for head in column.heads()]
    assert len(rows) - 1 == listing.model.objects.count()

    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{url}&format=xlsx").getvalue()))
    sheet = book.get_sheet_by_index(0).to_python()
    assert sheet[0] == rows[0]
    assert len(sheet) == len(rows)

    def plain(value):
        if isinstance(value, float):
            return f"{value:g}"
        return str(value)

    assert [[plain(value) for value in row] for row in sheet[1:]] == rows[1:]

    main = next(i for i, column in enumerate(listing.flat) if column.main)
    page = client.get(url).text
    positions = [page.index(row[main], page.index("<tbody>")) for row in rows[1:]]
    assert positions == sorted(positions), "the order differs"


@pytest.mark.parametrize("name", NAMES)
def test_an_export_is_in_the_readers_language(cast, client, name):
    fill(name, cast.city, 1)
    client.force_login(cast.bureau)
    url = f"{reverse(listings[name].view)}?tab=all&format=csv"
    english = client.get(url, headers={"Accept-Language": "en"}).getvalue().decode()
    chinese = client.get(url, headers={"Accept-Language": "zh-hans"}).getvalue().decode()
    # An enterprise's certificates stand in no place: theirs are the words of a closed list.
    words = {"certificates": ("Safety manager", "安全管理人员")}
    ours, theirs = words.get(name, ("Chengdong District", "城东区"))
    assert ours in english
    assert theirs in chinese
    assert ours not in chinese


@pytest.mark.parametrize("name", NAMES)
def test_the_api_gives_what_its_schema_says(cast, client, name):
    listing = listings[name]
    fill(name, cast.city, 3)
    client.force_login(cast.bureau)
    schema = client.get("/api/v1/schema/?format=json").json()
    operation = schema["paths"][f"/api/v1/{name}/"]["get"]
    page = schema["components"]["schemas"][
        operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    ]
    row = schema["components"]["schemas"][page["properties"]["results"]["items"]["$ref"].rsplit("/", 1)[1]]
    answer = client.get(f"/api/v1/{name}/?limit=2").json()
    assert set(answer) == set(page["properties"])
    assert len(answer["results"]) == 2
    kinds = {"boolean": bool, "integer": int, "string": str}
    for each in answer["results"]:
        assert set(each) == set(row["properties"])
        for key, value in each.items():
            assert value is None or type(value) is kinds[row["properties"][key]["type"]], key
    assert client.get(f"/api/v1/{name}/{answer['results'][0]['id']}/").json() == answer["results"][0]
    described = {parameter["name"] for parameter in operation["parameters"]}
    assert described == {*listing.filterset.base_filters, "tab", "sort", "after", "limit"}


@pytest.mark.parametrize("limit", ["0", "-1", "201", "x", "1.5", "٣"])
def test_a_limit_out_of_bounds_is_refused(cast, client, limit):
    client.force_login(cast.bureau)
    assert client.get(f"/api/v1/hazards/?limit={limit}").json() == {"limit": "1–200"}


def test_nothing_typed_by_people_is_run_by_a_spreadsheet(cast, client):
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("x")']
    for text in evil:
        make.HazardFactory(site=cast.city.hotel, matter=cast.city.fire, title=text)
    client.force_login(cast.bureau)
    body = client.get("/hazards/?tab=all&format=csv").getvalue().decode()
    rows = list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))
    assert {row["What"] for row in rows} == {f"'{text}" for text in evil}
    book = client.get("/hazards/?tab=all&format=xlsx").getvalue()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    at = sheet[0].index("What")
    assert {row[at] for row in sheet[1:]} == set(evil)
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_numbers_stay_numbers(cast, client):
    make.HazardFactory(site=cast.city.hotel, matter=cast.city.fire, due_in=5)
    client.force_login(cast.bureau)
    body = client.get("/hazards/?tab=all&format=csv").getvalue().decode()
    [row] = csv.DictReader(io.StringIO(body.removeprefix("\ufeff")))
    assert row["Days over"] == "-5"


def test_a_workbook_goes_on_in_a_further_sheet(cast, client, monkeypatch):
    monkeypatch.setattr(exports, "SHEET_ROWS", 2)
    make.HazardFactory.create_batch(5, site=cast.city.hotel, matter=cast.city.fire)
    client.force_login(cast.bureau)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/hazards/?tab=all&format=xlsx").getvalue()))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert [len(sheet) for sheet in sheets] == [3, 3, 2]
    assert len({sheet[0][0] for sheet in sheets}) == 1
    assert len({row[0] for sheet in sheets for row in sheet[1:]}) == 5


def test_an_export_in_parts_misses_nothing(cast, client, monkeypatch):
    monkeypatch.setattr("safegrid.kernel.listing.selection.CHUNK", 2)
    make.HazardFactory.create_batch(5, site=cast.city.hotel, matter=cast.city.fire)
    client.force_login(cast.bureau)
    body = client.get("/hazards/?tab=all&format=csv").getvalue().decode()
    assert len(body.strip().splitlines()) == 6


def test_the_map_gets_positions_and_only_what_is_in_view(cast, client):
    city = cast.city
    client.force_login(cast.bureau)
    inside = json.loads(client.get("/grid/enterprises/?format=geojson&box=101,36,102,37").getvalue())
    assert {each["id"] for each in inside["features"]} == {
        site.pk for site in (city.hotel, city.warehouse, city.shop, city.school)
    }
    [hotel] = [each for each in inside["features"] if each["id"] == city.hotel.pk]
    assert hotel["geometry"] == {"type": "Point", "coordinates": [101.8, 36.6]}
    assert hotel["properties"]["site"] == "恒盛宾馆"
    assert hotel["properties"]["url"] == f"/grid/enterprises/{city.enterprise.pk}/?site={city.hotel.pk}"
    outside = json.loads(client.get("/grid/enterprises/?format=geojson&box=100,36,101,37").getvalue())
    assert outside["features"] == []
    for box in ("1,2,3", "x,y,z,w", "102,36,101,37", "101,36,102,97", "nan,nan,nan,nan"):
        assert client.get(f"/grid/enterprises/?format=geojson&box={box}").status_code == 400
    assert client.get("/inspections/?format=geojson").status_code == 400


def test_text_of_people_is_text_on_the_page(cast, client):
    make.HazardFactory(site=cast.city.hotel, matter=cast.city.fire, title="<script>alert(1)</script>")
    client.force_login(cast.bureau)
    page = client.get("/hazards/?q=<script>").text
    assert "<script>alert" not in page
    assert client.get("/hazards/").text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 1


def test_the_apis_pages_hold_no_script_and_no_style(cast, client):
    client.force_login(cast.bureau)
    page = client.get("/api/v1/docs/").text
    assert "<style" not in page
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    assert client.get("/api/v1/docs/?script=")["Content-Type"].startswith("application/javascript")
