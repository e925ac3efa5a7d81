"""Outlines are drawn anew from a file: by whoever acts there, shown first, and never half."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from shapely.geometry import shape

from responsibility.coverage.audit import audit, audit_touched
from responsibility.coverage.models import Finding
from safegrid.audit.models import Entry
from safegrid.grid.choices import Datum
from safegrid.grid.models import Site
from safegrid.grid.places.outlines import understand
from safegrid.grid.places.positions import to_bd09, to_gcj02
from safegrid.kernel.refusals import Invalid

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


def ring(west, east, south=36.60, north=36.62):
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code, *given, **more):
    geometry = {"type": "Polygon", "coordinates": [ring(*given)]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry} | more


def text_of(*features):
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def drawn(cast, policies, now):
    """A community and its two cells, with a hole between them."""
    c = cast.city
    for place, (west, east) in (
        (c.community, (101.80, 101.84)),
        (c.cell, (101.80, 101.82)),
        (c.next_cell, (101.825, 101.84)),
    ):
        place.boundary = {"type": "Polygon", "coordinates": [ring(west, east)]}
        place.save(update_fields=["boundary"])
    audit(now=NOW)
    return cast


def test_a_hole_is_mended_from_its_finding_by_whoever_must_resolve_it(drawn, client):
    c = drawn.city
    finding = Finding.objects.open().get(rule="cell_hole")
    assert finding.whose == drawn.posts["chengdong"]
    url = f"/grid/districts/{c.community.code}/outlines/"
    client.force_login(drawn.chengdong)
    assert f'href="{url}"' in client.get(f"/responsibility/coverage/findings/{finding.pk}/").text
    assert f'href="{url}"' in client.get(f"/grid/districts/{c.community.code}/").text
    text = text_of(feature(c.next_cell.code, 101.82, 101.84))
    stood = list(Site.objects.order_by("pk").values_list("pk", "cell"))
    given = {"datum": "wgs84", "basis": "网格调整方案"}
    file = SimpleUploadedFile("cells.geojson", text.encode())
    shown = client.post(url, {**given, "file": file}).text
    assert c.next_cell.name in shown or c.next_cell.name_en in shown
    assert Finding.objects.open().filter(rule="cell_hole").exists()  # only shown
    for _twice in range(2):
        assert client.post(url, {**given, "outlines": text, "sure": "1"}).status_code == 302
    assert Entry.objects.filter(action="place.redrawn").count() == 1
    audit_touched(now=NOW)
    finding.refresh_from_db()
    assert finding.state == "mended"
    assert list(Site.objects.order_by("pk").values_list("pk", "cell")) == stood


@pytest.mark.parametrize("who", ["chengxi", "gridofficer", "fire", "auditor", "enterprise"])
def test_whoever_does_not_act_for_all_of_a_place_draws_nothing(drawn, client, who):
    c = drawn.city
    before = c.next_cell.boundary
    client.force_login(getattr(drawn, who))
    url = f"/grid/districts/{c.community.code}/outlines/"
    text = text_of(feature(c.next_cell.code, 101.82, 101.84))
    given = {"datum": "wgs84", "basis": "x", "outlines": text, "sure": "1"}
    assert client.post(url, given).status_code == 403
    c.next_cell.refresh_from_db()
    assert c.next_cell.boundary == before


def test_a_grid_officer_draws_not_even_their_own_cell(drawn, client):
    code = drawn.city.cell.code
    client.force_login(drawn.gridofficer)
    assert client.get(f"/grid/districts/{code}/outlines/").status_code == 403
    assert "/outlines/" not in client.get(f"/grid/districts/{code}/").text


def bowtie(code):
    crossing = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
    return feature(code, 0, 1) | {"geometry": {"type": "Polygon", "coordinates": [crossing]}}


def test_what_is_not_understood_is_said_and_what_was_typed_stays(drawn, client):
    c = drawn.city
    code, other = c.next_cell.code, c.chengxi.code
    good = feature(c.cell.code, 101.80, 101.81)
    wrong = {
        "no GeoJSON": ["{", "[]", "null", '{"features": 3}', "[" * 5000],
        "one place at least": [text_of()],
        "No. 2: no place with the code": [text_of(good, feature(other, 101.0, 101.1))],
        "No. 2: ": [text_of(good, good)],
        "has no area": [
            text_of({"geometry": None}),
            text_of(3),
            text_of({"properties": {"code": code}, "geometry": {"type": "Point", "coordinates": [1, 2]}}),
            text_of({"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": "x"}}),
        ],
        "nowhere on earth": [text_of(feature(code, 36.6, 36.7, 101.8, 101.9))],
        "crosses itself": [text_of(bowtie(code))],
    }
    for words, texts in wrong.items():
        for text in texts:
            with pytest.raises(Invalid) as refused:
                understand(text, within=c.community)
            assert words in str(refused.value.message_dict["outlines"]), text
    client.force_login(drawn.chengdong)
    answer = client.post(
        f"/grid/districts/{c.community.code}/outlines/",
        {"datum": "wgs84", "basis": "网格调整方案", "outlines": "{not json"},
    )
    assert answer.status_code == 422
    assert "{not json" in answer.text
    assert "网格调整方案" in answer.text


@pytest.mark.parametrize(
    ("datum", "shift"), [(Datum.GCJ02, to_gcj02), (Datum.BD09, lambda p: to_bd09(to_gcj02(p)))]
)
def test_coordinates_of_map_applications_become_those_of_the_grid(drawn, datum, shift):
    c = drawn.city
    outline = [list(shift((x, y))) for x, y in ring(101.82, 101.84)]
    moved = feature(c.cell.code, 0, 1) | {"geometry": {"type": "Polygon", "coordinates": [outline]}}
    [found] = understand(text_of(moved), within=c.community, datum=datum)
    wanted = shape({"type": "Polygon", "coordinates": [ring(101.82, 101.84)]})
    assert found.area.hausdorff_distance(wanted) < 2e-6
    assert found.hectares == pytest.approx(398, rel=0.01)
