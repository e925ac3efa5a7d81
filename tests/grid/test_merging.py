"""Two records of one enterprise become one: what is open goes along, what is over goes on to be read."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from hazards.choices import State
from hazards.models import Hazard
from inspections.models import SelfInspection
from responsibility.coverage.audit import audit
from responsibility.coverage.models import Finding
from responsibility.models import Duty, Obligation
from safegrid.accounts.models import Post
from safegrid.audit.models import Entry
from safegrid.grid.choices import NoUscc
from safegrid.grid.imports import running, services
from safegrid.grid.imports.enterprises import enterprises
from safegrid.grid.merging import Pair, likely_twins, merge, preview
from safegrid.grid.models import Enterprise, Site, StatusChange
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests import factories as make
from tests.grid.sheets import csv_bytes

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
WHY = "同一营业执照"


@pytest.fixture
def second(cast, policies, now):
    """A second record of the hotel's enterprise, without a code: the hotel again, and a kitchen."""
    c = cast.city
    row = make.EnterpriseFactory(
        name=c.enterprise.name, uscc=None, no_uscc_reason=NoUscc.UNKNOWN, phone="0971-8000000", principal=""
    )
    make.SiteFactory(enterprise=row, name="酒店", address=c.hotel.address, at=c.cell, matters=[c.general])
    make.SiteFactory(
        enterprise=row,
        name="中央厨房",
        address="西宁市城东区东关大街99号",
        at=c.next_cell,
        matters=[c.general],
    )
    return row


@pytest.fixture
def twin(second):
    return second.sites.get(name="酒店")


@pytest.fixture
def kitchen(second):
    return second.sites.get(name="中央厨房")


def join(cast, second, *, who="inspector", reason=WHY, twins=None, stays=None):
    stays = stays or cast.city.enterprise
    pair = Pair(stays, second, likely_twins(stays, second) if twins is None else twins)
    post = cast.posts[who]
    return merge(pair, reason=reason, actor=getattr(cast, who), acting_post=post, now=NOW)


def test_the_site_at_the_same_address_is_the_same_one(cast, second, twin):
    assert likely_twins(cast.city.enterprise, second) == {twin.pk: cast.city.hotel}


def test_open_work_and_people_go_along_and_the_second_record_is_closed(cast, second, twin, kitchen):
    hotel, stays = cast.city.hotel, cast.city.enterprise
    at_twin = make.HazardFactory(site=twin, state=State.RECTIFYING)
    at_kitchen = make.HazardFactory(site=kitchen, state=State.CLOSED, days_late=0)
    owed = make.ObligationFactory(site=twin, subject=at_twin)
    principal = make.PostFactory(enterprise=second, unit=None, kind="principal")
    join(cast, second)
    rows = {h.pk: (h.site, h.enterprise) for h in Hazard.objects.filter(pk__in=[at_twin.pk, at_kitchen.pk])}
    assert rows == {at_twin.pk: (hotel, stays), at_kitchen.pk: (kitchen, stays)}
    owed.refresh_from_db()
    assert (owed.site, owed.enterprise, owed.debtor_enterprise, owed.closed_at) == (hotel, stays, stays, None)
    assert Post.objects.get(pk=principal.pk).enterprise == stays
    second.refresh_from_db()
    assert (second.merged_into, second.status) == (stays, "closed")
    assert set(second.sites.all()) == {twin}
    assert Site.objects.get(pk=twin.pk).status == "closed"
    assert set(stays.sites.values_list("name", flat=True)) == {
        cast.city.hotel.name,
        cast.city.warehouse.name,
        "中央厨房",
    }
    entries = Entry.objects.filter(action__startswith="merged")
    told = {row.action: json.loads(row.body)["data"] for row in entries}
    assert told["merged"]["with"] == second.pk
    assert told["merged"]["reason"] == told["merged_into"]["reason"] == WHY
    assert told["merged"]["moved"]["hazards.Hazard"] == 2


def test_what_one_record_alone_says_is_kept(cast, second):
    before = cast.city.enterprise.principal
    stays = join(cast, second)
    stays.refresh_from_db()
    assert (stays.phone, stays.principal) == (cast.city.enterprise.phone or "0971-8000000", before)


def test_the_code_is_the_identity_of_the_one_that_stays(cast, second):
    code = cast.city.enterprise.uscc
    join(cast, cast.city.enterprise, stays=second, twins={})
    stays, gone = Enterprise.objects.get(pk=second.pk), Enterprise.objects.get(pk=cast.city.enterprise.pk)
    assert (stays.uscc, stays.import_key, stays.no_uscc_reason) == (code, code, "")
    assert (gone.uscc, gone.merged_into) == (None, stays)
    assert gone.sites.count() == 0


def test_rhythms_and_periods_of_the_same_site_are_not_doubled(cast, second, twin, kitchen):
    make.ChecklistFactory(code="hotel")
    duties = {
        site: make.DutyFactory(site=site, params={"checklist": "hotel"}, next_opens_at=NOW)
        for site in (cast.city.hotel, twin, kitchen)
    }
    for site in duties:
        row = make.SelfInspectionFactory(site=site)
        make.ObligationFactory(site=site, subject=row, kind="self_inspection", duty=duties[site], params={})
    join(cast, second)
    stays = cast.city.enterprise
    assert set(Duty.objects.filter(enterprise=stays).values_list("site", flat=True)) == {
        cast.city.hotel.pk,
        kitchen.pk,
    }
    assert Duty.objects.get(site=twin).next_opens_at is None
    assert SelfInspection.objects.get(site=twin).enterprise == second
    open_at = Obligation.objects.open().filter(kind="self_inspection").values_list("site", flat=True)
    assert set(open_at) == {cast.city.hotel.pk, kitchen.pk}


def test_what_the_database_keeps_once_stays_with_its_record(cast, second):
    make.TrainingYearFactory(enterprise=cast.city.enterprise, year=2026)
    make.TrainingYearFactory(enterprise=second, year=2026)
    make.TrainingYearFactory(enterprise=second, year=2025)
    join(cast, second)
    assert set(cast.city.enterprise.training_years.values_list("year", flat=True)) == {2025, 2026}
    assert set(second.training_years.values_list("year", flat=True)) == {2026}


def test_what_is_told_before_is_what_happens_and_telling_changes_nothing(cast, second, twin, kitchen):
    for site in (twin, kitchen):
        make.HazardFactory(site=site, state=State.RECTIFYING)
    make.StaffFactory(enterprise=second)
    pair = Pair(cast.city.enterprise, second, likely_twins(cast.city.enterprise, second))
    assert [(str(what), n) for what, n in preview(pair)] == [("staff", 1), ("hazards", 2)]
    assert Hazard.objects.filter(enterprise=second).count() == 2
    join(cast, second)
    assert Hazard.objects.filter(enterprise=cast.city.enterprise).count() == 2


def test_sent_twice_it_is_done_once(cast, second):
    join(cast, second)
    entries, changes = Entry.objects.count(), StatusChange.objects.count()
    join(cast, second)
    assert (Entry.objects.count(), StatusChange.objects.count()) == (entries, changes)


def test_two_codes_are_two_enterprises(cast):
    with pytest.raises(Invalid) as refused:
        join(cast, cast.city.other, twins={})
    assert "goes" in refused.value.message_dict


@pytest.mark.parametrize("who", ["enterprise", "chengxi", "gridofficer", "rival"])
def test_only_an_official_who_reaches_every_site_of_both_may(cast, second, who):
    with pytest.raises(NotAllowed):
        join(cast, second, who=who)
    second.refresh_from_db()
    assert second.merged_into is None


def test_a_reason_is_asked_for_and_a_merged_record_is_over(cast, second):
    with pytest.raises(Invalid) as refused:
        join(cast, second, reason="  ")
    assert "reason" in refused.value.message_dict
    join(cast, second)
    third = make.EnterpriseFactory(name="另一户", uscc=None, no_uscc_reason=NoUscc.UNKNOWN)
    make.SiteFactory(enterprise=third, at=cast.city.cell)
    with pytest.raises(Invalid):
        join(cast, second, stays=third, twins={})


def test_an_import_that_means_the_second_record_finds_the_one_that_stays(cast, second, twin):
    key = "企业名称", "经营地址"
    rows = [key, (second.name, twin.address)]

    def bring():
        job = services.receive(
            data=csv_bytes(rows), name="a.csv", kind=enterprises, actor=None, acting_post=None, now=NOW
        )
        running.run_at_once(
            job, mapping=job.mapping, datum="wgs84", clock=lambda: NOW, tell=lambda done, total: None
        )
        job.refresh_from_db()
        return job.created

    from safegrid.grid.keys import import_key

    second.import_key = import_key(code=None, name=second.name, address=twin.address)
    second.save()
    join(cast, second)
    before = Enterprise.objects.count(), Site.objects.count()
    assert bring() == 0
    assert (Enterprise.objects.count(), Site.objects.count()) == before


def test_the_page_compares_shows_and_does_it(client, cast, second, twin):
    make.HazardFactory(site=twin, state=State.RECTIFYING)
    client.force_login(cast.inspector)
    stays = cast.city.enterprise
    page = client.get(reverse("grid:enterprise", args=[stays.pk])).text
    url = reverse("grid:merge", args=[stays.pk])
    assert f'href="{url}"' in page
    found = client.get(url).text
    assert f"?with={second.pk}" in found
    assert f"?with={cast.city.other.pk}" not in found
    url = f"{url}?with={second.pk}"
    form = client.get(url)
    assert str(cast.city.hotel.pk) in str(form.context["form"][f"site_{twin.pk}"].value())
    given = {
        f"site_{site.pk}": form.context["form"][f"site_{site.pk}"].value() for site in second.sites.all()
    }
    assert client.post(url, given).status_code == 422  # no reason yet
    given["reason"] = WHY
    told = client.post(url, given)
    assert [(str(what), n) for what, n in told.context["told"]] == [("hazards", 1)]
    second.refresh_from_db()
    assert second.merged_into is None
    assert client.post(url, given | {"again": "1"}).context["form"]["reason"].value() == WHY
    answer = client.post(url, given | {"sure": "1"})
    assert answer.url == reverse("grid:enterprise", args=[stays.pk])
    old = client.get(reverse("grid:enterprise", args=[second.pk]))
    assert f'href="{reverse("grid:enterprise", args=[stays.pk])}"' in old.text
    assert "second record" in old.text


def test_that_two_codes_are_two_enterprises_is_said_before_anything_is_shown(client, cast):
    client.force_login(cast.inspector)
    url = f"{reverse('grid:merge', args=[cast.city.enterprise.pk])}?with={cast.city.other.pk}"
    answer = client.post(url, {f"site_{cast.city.shop.pk}": "", "reason": WHY})
    assert answer.status_code == 422
    assert answer.context["told"] is None
    assert "two different codes" in answer.text


def test_two_sites_cannot_be_the_same_one(client, cast, second, twin, kitchen):
    client.force_login(cast.inspector)
    same = str(cast.city.hotel.pk)
    url = f"{reverse('grid:merge', args=[cast.city.enterprise.pk])}?with={second.pk}"
    answer = client.post(url, {f"site_{twin.pk}": same, f"site_{kitchen.pk}": same, "reason": WHY})
    assert answer.status_code == 422
    assert len(answer.context["form"].errors) == 1


def test_an_old_address_of_which_nothing_is_left_leads_to_the_one_that_stays(client, cast, second):
    join(cast, second, twins={})
    client.force_login(cast.gridofficer)
    answer = client.get(reverse("grid:enterprise", args=[second.pk]))
    assert answer.url == reverse("grid:enterprise", args=[cast.city.enterprise.pk])
    client.force_login(cast.chengxi)
    assert client.get(reverse("grid:enterprise", args=[second.pk])).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("enterprise", 403), ("gridofficer", 403), ("chengxi", 404), ("rival", 404)]
)
def test_others_do_not_see_the_page(client, cast, second, who, status):
    client.force_login(getattr(cast, who))
    url = f"{reverse('grid:merge', args=[cast.city.enterprise.pk])}?with={second.pk}"
    assert client.get(url).status_code == status
    assert client.post(url, {"reason": WHY, "sure": "1"}).status_code == status


# The finding


def pairs():
    return set(Finding.objects.filter(rule="entered_twice", state="open").values_list("key", flat=True))


def test_the_audit_finds_the_pair_and_nothing_else_and_merging_mends_it(client, cast, second, twin):
    make.EnterpriseFactory(name="面馆", uscc=None, no_uscc_reason=NoUscc.UNKNOWN, phone="1")
    make.EnterpriseFactory(name="面馆", uscc=None, no_uscc_reason=NoUscc.UNKNOWN, phone="1")  # too common
    elsewhere = make.EnterpriseFactory(
        name=cast.city.other.name, uscc=None, no_uscc_reason=NoUscc.UNKNOWN, phone=""
    )
    make.SiteFactory(enterprise=elsewhere, address="城西区别处1号", at=cast.city.chengxi)
    audit(now=NOW)
    key = f"{cast.city.enterprise.pk}:{second.pk}"
    assert pairs() == {key}
    finding = Finding.objects.get(key=key)
    assert set(finding.touched.values_list("site", flat=True)) == {cast.city.hotel.pk, twin.pk}
    client.force_login(cast.bureau)
    page = client.get(reverse("responsibility:finding", args=[finding.pk])).text
    assert f"/grid/enterprises/{cast.city.enterprise.pk}/merge/?with={second.pk}" in page
    join(cast, second)
    audit(now=NOW)
    assert pairs() == set()
    assert Finding.objects.get(key=key).state == "mended"


def test_brackets_blanks_and_capitals_make_no_other_name(cast, second):
    Enterprise.objects.filter(pk=second.pk).update(name=f" {cast.city.enterprise.name} ")
    audit(now=NOW)
    assert len(pairs()) == 1


def test_dismissed_as_two_it_stays_dismissed(cast, second):
    audit(now=NOW)
    Finding.objects.filter(rule="entered_twice").update(state="dismissed", reason="两家", dismissed_at=NOW)
    audit(now=NOW)
    assert pairs() == set()
