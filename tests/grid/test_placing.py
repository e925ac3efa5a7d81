"""Moving and changing sites, and who may."""

import datetime as dt

import pytest
from django.apps import apps

from safegrid.audit.models import Entry
from safegrid.grid.choices import NoUscc
from safegrid.grid.models import District, Enterprise, Site
from safegrid.grid.services import add_site, change_site, place_site, register_enterprise
from safegrid.grid.sockets import placed_rows
from safegrid.kernel.findable import found_by
from safegrid.kernel.refusals import Invalid, NotAllowed
from safegrid.kernel.scope import Placed
from tests import factories as make

NOW = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
BY = {"actor": None, "acting_post": None, "now": NOW}


@pytest.mark.django_db
class TestPlacing:
    def test_a_place_chosen_by_a_person_stays_when_the_address_changes(self, city):
        site = place_site(site=city.hotel, node=city.next_cell, **BY)
        assert (site.cell_id, site.place_fixed) == (city.next_cell.pk, True)
        change_site(site=site, facts={"address": "城西区1号"}, **BY)
        site.refresh_from_db()
        assert site.cell_id == city.next_cell.pk

    def test_address_and_position_decide_again_when_the_person_lets_go(self, city):
        place_site(site=city.hotel, node=city.next_cell, **BY)
        Site.objects.filter(pk=city.hotel.pk).update(address="西宁市城西区1号")
        site = place_site(site=city.hotel, node=None, **BY)
        assert (site.district_id, site.cell_id, site.place_fixed) == (city.chengxi.pk, None, False)

    def test_a_closed_place_takes_nothing(self, city):
        District.objects.filter(pk=city.next_cell.pk).update(closed_on=dt.date(2026, 1, 1))
        city.next_cell.refresh_from_db()
        with pytest.raises(Invalid):
            place_site(site=city.hotel, node=city.next_cell, **BY)

    def test_nobody_moves_a_site_out_of_their_own_reach(self, cast):
        head, post = cast.chengdong, cast.posts["chengdong"]
        by = {"actor": head, "acting_post": post, "now": NOW}
        place_site(site=cast.city.hotel, node=cast.city.next_cell, **by)
        with pytest.raises(NotAllowed):
            place_site(site=cast.city.hotel, node=cast.city.chengxi, **by)
        cast.city.hotel.refresh_from_db()
        assert cast.city.hotel.cell_id == cast.city.next_cell.pk

    def test_nobody_registers_outside_of_their_reach(self, cast):
        by = {"actor": cast.chengdong, "acting_post": cast.posts["chengdong"], "now": NOW}
        given = {"name": "庚", "no_uscc_reason": NoUscc.APPLYING, "site": {}}
        with pytest.raises(NotAllowed):
            register_enterprise(**given, node=cast.city.chengxi, **by)
        assert not Enterprise.objects.filter(name="庚").exists()
        register_enterprise(**given, node=cast.city.cell, **by)

    def test_a_second_site_of_the_same_name_and_address_is_refused(self, city):
        facts = {"name": "二店", "address": "东关大街9号"}
        add_site(enterprise=city.enterprise, site=facts, **BY)
        with pytest.raises(Invalid) as refused:
            add_site(enterprise=city.enterprise, site=facts, **BY)
        assert list(refused.value.message_dict) == ["address"]

    def test_a_change_that_would_double_a_site_is_refused_at_its_field(self, city):
        add_site(enterprise=city.enterprise, site={"name": "二店", "address": "东关大街9号"}, **BY)
        other = add_site(enterprise=city.enterprise, site={"name": "二店", "address": "东关大街10号"}, **BY)
        with pytest.raises(Invalid) as refused:
            change_site(site=other, facts={"address": "东关大街9号"}, **BY)
        assert list(refused.value.message_dict) == ["address"]

    def test_a_change_is_recorded_with_both_sides_and_no_change_is_not(self, city):
        change_site(site=city.shop, facts={"name": "新店"}, **BY)
        change_site(site=city.shop, facts={"name": "新店"}, **BY)
        entries = Entry.objects.filter(subject=f"grid.site:{city.shop.pk}", action="changed")
        assert entries.count() == 1
        assert "新店" in entries.get().body
        city.shop.refresh_from_db()
        assert list(Site.objects.filter(found_by("新店"))) == [city.shop]


@pytest.mark.django_db
def test_factories_and_services_agree_on_what_is_searched(city):
    site = make.SiteFactory(enterprise=city.enterprise, name="三店", address="东关大街3号", at=city.cell)
    before = (site.search, site.search_text)
    change_site(site=site, facts={"name": "三店"}, **BY)
    site.refresh_from_db()
    assert (site.search, site.search_text) == before


@pytest.mark.django_db
class TestWhatBelongsToASite:
    """Scopes go by the columns of a row: what is found at a site must move with it."""

    @pytest.fixture
    def rows(self, city):
        return [
            make.HazardFactory(site=city.hotel),
            make.ObligationFactory(site=city.hotel),
            make.VisitFactory(site=city.hotel),
            make.SelfInspectionFactory(site=city.hotel),
        ]

    def test_it_moves_along_and_other_sites_stay(self, city, rows):
        other = make.HazardFactory(site=city.shop)
        place_site(site=city.hotel, node=city.west_township, **BY)
        for row in rows:
            row.refresh_from_db()
            assert (row.district_id, row.township_id) == (city.chengxi.pk, city.west_township.pk)
            assert (row.community_id, row.cell_id) == (None, None)
        other.refresh_from_db()
        assert other.cell_id == city.cell.pk

    def test_a_new_address_moves_it_too(self, city, rows):
        change_site(site=city.hotel, facts={"address": "西宁市城西区1号"}, **BY)
        for row in rows:
            row.refresh_from_db()
            assert row.district_id == city.chengxi.pk

    def test_the_place_then_stays(self, city):
        hazard = make.HazardFactory(site=city.hotel, then_district=city.chengdong)
        place_site(site=city.hotel, node=city.west_township, **BY)
        hazard.refresh_from_db()
        assert hazard.then_district_id == city.chengdong.pk

    def test_every_model_that_carries_a_place_of_a_site_follows(self):
        carrying = {
            model
            for model in apps.get_models()
            if issubclass(model, Placed) and any(field.name == "site" for field in model._meta.fields)
        }
        assert carrying == set(placed_rows)
