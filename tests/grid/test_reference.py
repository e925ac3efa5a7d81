"""Loading the reference data: everything is there, in order, once."""

import datetime as dt
import time

import pytest

from safegrid.audit.models import Entry
from safegrid.grid.choices import Level, UnitKind
from safegrid.grid.models import District, Feature, Industry, Matter, Succession, Unit
from safegrid.grid.reference import load_reference

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


def test_everything_is_loaded_in_seconds_and_loading_again_adds_nothing():
    started = time.monotonic()
    added = load_reference(now=NOW)
    assert time.monotonic() - started < 5
    assert added == {
        "districts": 1188 + 84,
        "successions": 4,
        "matters": 49,
        "industries": 117,
        "features": 28,
        "units": 40 + 7 * 11 + 80,
    }
    assert set(load_reference(now=NOW).values()) == {0}
    assert Entry.objects.filter(action="reference_loaded").count() == 1


def test_the_trees_are_sound_for_treebeard():
    load_reference(now=NOW)
    for model in (District, Matter):
        assert [problems for problems in model.objects.find_problems() if problems] == []
    city = District.objects.get(level=Level.CITY)
    assert city.depth == 1
    chengdong = District.objects.get(code="630102000000")
    assert chengdong.path.startswith(city.path)
    assert District.objects.get_children(chengdong).count() == chengdong.numchild == 10
    added = District.objects.add_child(
        chengdong, instance=District(code="x", name="新街道", level="township")
    )
    assert (
        added.path > max(District.objects.get_children(chengdong).exclude(pk=added.pk).values_list("path"))[0]
    )


def test_places_have_outlines_where_some_are_drawn_and_their_other_names():
    load_reference(now=NOW)
    drawn = District.objects.exclude(boundary=None)
    assert {level: drawn.filter(level=level).count() for level in Level.values} == {
        "city": 0,
        "district": 7,
        "township": 80,
        "community": 0,
        "cell": 84,
    }
    assert District.objects.get(code="630105400000").aliases == ["生物科技产业园区", "生物园区"]


def test_old_codes_lead_through_successions_to_the_living_district():
    load_reference(now=NOW)
    first = District.objects.get(code="632124000000")
    assert (first.name, first.opened_on, first.closed_on) == ("湟中县", None, dt.date(2000, 1, 1))
    second = first.succeeded_by.get().successor
    assert (second.code, second.closed_on) == ("630122000000", dt.date(2020, 1, 1))
    assert second.opened_on == dt.date(2000, 1, 1)
    living = second.succeeded_by.get().successor
    assert (living.code, living.opened_on, living.closed_on) == ("630106000000", dt.date(2020, 1, 1), None)
    renamed = Succession.objects.get(kind="renamed")
    assert renamed.predecessor.name == "大通县"
    assert renamed.successor.name == "大通回族土族自治县"
    assert renamed.successor.code == renamed.predecessor.code
    assert District.objects.exclude(closed_on=None).filter(numchild=0).count() == 4


def test_industries_and_features_bring_their_matters():
    load_reference(now=NOW)
    catering = Industry.objects.get(code="62")
    assert catering.parent.code == "H"
    assert {m.code for m in catering.matters.all()} == {"commerce", "commerce-catering"}
    assert {m.code for m in catering.parent.matters.all()} == {"general", "fire", "fire-crowded"}
    assert Feature.objects.get(code="has_lift").matter.code == "special_equipment"
    assert not Feature.objects.filter(matter=None).exists()


def test_every_place_with_a_government_has_it_as_a_unit():
    load_reference(now=NOW)
    governed = Unit.objects.filter(kind=UnitKind.GOVERNMENT).values("district")
    levels = [Level.CITY, Level.DISTRICT, Level.TOWNSHIP]
    assert not District.objects.filter(level__in=levels, closed_on=None).exclude(pk__in=governed).exists()
    town = Unit.objects.get(code="630106105000-government")
    assert (town.name, town.name_en) == ("多巴镇人民政府", "People's Government of Duoba Town")
    fire = Unit.objects.get(code="630121000000-fire_rescue")
    assert (fire.short_name, fire.prefix) == ("大通县消防救援大队", "大通消")
    assert [m.code for m in fire.governs.all()] == ["fire"]
    assert Unit.objects.get(code="fire_rescue").basis_en


def test_what_people_have_edited_stays_when_loading_again():
    load_reference(now=NOW)
    Unit.objects.filter(code="emergency").update(basis="新的依据")
    Feature.objects.filter(code="has_lift").delete()
    assert load_reference(now=NOW)["features"] == 1
    assert Unit.objects.get(code="emergency").basis == "新的依据"
