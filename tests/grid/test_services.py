"""Registering enterprises and sites, placing them, and what they are supervised for."""

import datetime as dt

import pytest

from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.grid.choices import Datum, MatterOrigin, NoUscc
from safegrid.grid.keys import clean_uscc, import_key, uscc_problem
from safegrid.grid.matters import set_matters
from safegrid.grid.models import District, Enterprise, Industry, Matter, Site, SiteMatter
from safegrid.grid.services import change_site, register_enterprise
from safegrid.kernel.findable import found_by
from safegrid.kernel.refusals import Invalid

NOW = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
BY = {"actor": None, "acting_post": None, "now": NOW}
CODE = "91630102MA7XYAB124"


def valid(body="91630102MA7XYAB12"):
    from stdnum.cn import uscc

    return body + uscc.calc_check_digit(body)


def matters_on(site, day):
    rows = SiteMatter.objects.filter(site=site, span__contains=day).select_related("matter")
    return {row.matter.code: row.origin for row in rows}


# Recognising


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (valid(), ""),
        (valid("N2630121MF0000001"), ""),  # a village's collective, registered by the agriculture bureau
        (valid()[:-1] + ("0" if valid()[-1] != "0" else "1"), "check"),
        (valid()[:-1], "length"),
        ("", "length"),
        ("91630102IA7XYAB120", "form"),
    ],
)
def test_a_code_is_checked_as_the_standard_says(code, problem):
    assert uscc_problem(code) == problem


def test_a_code_is_cleaned_of_how_people_write_it():
    assert clean_uscc(" ９１63 0102-ma7xyab12 ") == "91630102MA7XYAB12"


def test_the_import_key_is_the_code_or_else_name_and_address():
    assert import_key(code="C", name="甲", address="乙") == "C"
    key = import_key(code=None, name="甲（Ａ）", address="人民路 1号")
    assert key == import_key(code=None, name="甲(a)", address="人民路1号")
    assert key != import_key(code=None, name="甲(a)人民路1号", address="")


# Registering


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
class TestRegistering:
    def test_an_enterprise_comes_with_its_first_site_found_by_its_address(self):
        made = register_enterprise(
            name="青海恒盛商贸有限公司",
            uscc=valid().lower(),
            principal="马明",
            phone="0971-5600000",
            site={"address": "西宁市城东区乐家湾镇1号", "industry": Industry.objects.get(code="62")},
            **BY,
        )
        site = made.sites.get()
        assert (made.uscc, made.no_uscc_reason, site.name) == (valid(), "", made.name)
        assert District.objects.get(pk=site.township_id).name == "乐家湾镇"
        assert not site.place_fixed
        assert list(Enterprise.objects.filter(found_by("恒盛商贸"))) == [made]
        assert list(Site.objects.filter(found_by("乐家湾"))) == [site]
        assert matters_on(site, dt.date(2026, 3, 2)) == dict.fromkeys(
            ["general", "fire", "fire-crowded", "commerce", "commerce-catering"], "industry"
        )
        assert verify() == []
        entry = Entry.objects.get(subject=f"grid.enterprise:{made.pk}")
        assert "马明" not in entry.body
        assert "personal" in entry.body

    def test_a_position_in_another_datum_is_converted_and_the_datum_kept(self):
        made = register_enterprise(
            name="甲",
            no_uscc_reason=NoUscc.APPLYING,
            site={"longitude": 101.85, "latitude": 36.6, "datum": Datum.GCJ02},
            **BY,
        )
        site = made.sites.get()
        assert site.datum == Datum.GCJ02
        assert 0.001 < abs(site.longitude - 101.85) < 0.01
        assert site.district_id is not None

    def test_what_no_address_places_waits_to_be_placed(self):
        made = register_enterprise(name="乙", no_uscc_reason=NoUscc.UNLICENSED, site={}, **BY)
        assert not made.sites.get().is_placed

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": " "}, "name"),
            ({"uscc": None}, "no_uscc_reason"),
            ({"uscc": "91630102MA7XYAB120"}, "uscc"),
            ({"site": {"longitude": 101.8}}, "latitude"),
            ({"site": {"longitude": 200, "latitude": 36}}, "longitude"),
            ({"site": {"longitude": 36.6, "latitude": 101.8}}, "latitude"),
            ({"site": {"features": ["flies"]}}, "features"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(self, given, field):
        whole = {"name": "丙", "uscc": valid(), "site": {}, **given}
        with pytest.raises(Invalid) as refused:
            register_enterprise(**whole, **BY)
        assert list(refused.value.message_dict) == [field]
        assert not Enterprise.objects.exists()

    def test_a_code_belongs_to_one_enterprise(self):
        register_enterprise(name="丁", uscc=valid(), site={}, **BY)
        with pytest.raises(Invalid, match="丁"):
            register_enterprise(name="戊", uscc=valid(), site={}, **BY)

    def test_without_a_code_name_and_address_tell_apart(self):
        same = {"name": "己", "no_uscc_reason": NoUscc.EXEMPT, "site": {"address": "人民路1号"}}
        register_enterprise(**same, **BY)
        with pytest.raises(Invalid):
            register_enterprise(**same, **BY)
        register_enterprise(**{**same, "site": {"address": "人民路2号"}}, **BY)
        assert Enterprise.objects.count() == 2


# Matters


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
class TestMatters:
    @pytest.fixture
    def site(self):
        made = register_enterprise(
            name="西宁饭店",
            no_uscc_reason=NoUscc.UNKNOWN,
            site={
                "industry": Industry.objects.get(code="61"),
                "features": ["has_lift"],
                "matters": [Matter.objects.get(code="road_traffic")],
            },
            **BY,
        )
        return made.sites.get()

    def test_industry_features_and_hand_each_bring_theirs(self, site):
        assert matters_on(site, dt.date(2026, 3, 2)) == {
            "general": MatterOrigin.INDUSTRY,
            "fire": MatterOrigin.INDUSTRY,
            "fire-crowded": MatterOrigin.INDUSTRY,
            "culture_tourism": MatterOrigin.INDUSTRY,
            "housing": MatterOrigin.INDUSTRY,
            "special_equipment": MatterOrigin.FEATURE,
            "road_traffic": MatterOrigin.HAND,
        }

    def test_the_array_holds_ancestors_too(self, site):
        change_site(site=site, facts={"industry": None, "features": ["sells_fuel"]}, **BY)
        site.refresh_from_db()
        codes = set(Matter.objects.filter(pk__in=site.matter_ids).values_list("code", flat=True))
        assert codes == {"hazchem", "hazchem-fuel", "road_traffic"}

    def test_a_change_dates_what_ends_and_what_begins_and_spares_what_was_set_by_hand(self, site):
        later = NOW + dt.timedelta(days=30)
        change_site(site=site, facts={"features": ["uses_gas"]}, actor=None, acting_post=None, now=later)
        day, before = dt.date(2026, 4, 1), dt.date(2026, 3, 31)
        assert "special_equipment" in matters_on(site, before)
        assert "gas" not in matters_on(site, before)
        assert "special_equipment" not in matters_on(site, day)
        assert matters_on(site, day)["gas"] == MatterOrigin.FEATURE
        assert matters_on(site, day)["road_traffic"] == MatterOrigin.HAND

    def test_what_begins_and_ends_on_one_day_never_was(self, site):
        change_site(site=site, facts={"features": ["uses_gas"]}, **BY)
        change_site(site=site, facts={"features": ["has_lift"]}, **BY)
        assert not SiteMatter.objects.filter(site=site, matter__code="gas").exists()
        assert SiteMatter.objects.filter(site=site, matter__code="special_equipment").count() == 1

    def test_setting_the_same_again_writes_nothing(self, site):
        rows = list(SiteMatter.objects.order_by("pk").values())
        set_matters(site, now=NOW + dt.timedelta(days=3))
        assert list(SiteMatter.objects.order_by("pk").values()) == rows

    def test_an_industry_that_changes_hands_keeps_the_matter_and_notes_where_it_comes_from(self, site):
        change_site(site=site, facts={"industry": Industry.objects.get(code="84")}, **BY)
        assert matters_on(site, dt.date(2026, 3, 2))["special_equipment"] == MatterOrigin.INDUSTRY
        assert SiteMatter.objects.filter(site=site, matter__code="special_equipment").count() == 1
