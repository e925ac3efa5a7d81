"""What a business register has and the grid does not; cells that leave a hole or lie on each other."""

import datetime as dt

import pytest
from django.urls import reverse

from responsibility.coverage.audit import audit, audit_touched
from responsibility.coverage.models import CellFault, Finding, SetAside, Tolerance
from responsibility.coverage.registered import entries
from safegrid.audit.services import verify
from safegrid.grid.choices import NoUscc
from safegrid.grid.imports.kinds import Row, Terms, kinds
from safegrid.grid.models import Enterprise, RegisterEntry, Site
from safegrid.grid.services import give_code
from safegrid.kernel import clock
from safegrid.kernel.findable import found_by
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests import factories as make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
USCC = "916301027104350178"


def box(west, east, south=36.60, north=36.62):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def drawn(cast, policies, now):
    """The community and its two cells, which cover it exactly."""
    c = cast.city
    for place, outline in (
        (c.community, box(101.80, 101.84)),
        (c.cell, box(101.80, 101.82)),
        (c.next_cell, box(101.82, 101.84)),
    ):
        place.boundary = outline
        place.save(update_fields=["boundary"])
    return cast


def redraw(place, outline):
    place.boundary = outline
    place.save(update_fields=["boundary"])


def found():
    rows = Finding.objects.filter(rule__startswith="cell_", state="open").order_by("rule")
    return [(row.rule, row.kind, row.community_id) for row in rows]


def test_cells_that_cover_the_place_are_in_order(drawn):
    audit(now=NOW)
    assert found() == []


def test_a_hole_is_found_and_gone_when_it_is_drawn_over(drawn):
    redraw(drawn.city.next_cell, box(101.825, 101.84))
    audit(now=NOW)
    assert found() == [("cell_hole", "gap", drawn.city.community.pk)]
    fault = CellFault.objects.get()
    assert 900_000 < fault.square_metres < 1_100_000  # 447 by 2,226 metres
    audit(now=NOW)
    assert CellFault.objects.get().pk == fault.pk  # the same trouble is the same finding
    redraw(drawn.city.next_cell, box(101.82, 101.84))
    audit(now=NOW)
    assert found() == []


def test_two_cells_on_each_other_are_found(drawn):
    redraw(drawn.city.cell, box(101.80, 101.825))
    audit(now=NOW)
    assert found() == [("cell_overlap", "overlap", drawn.city.community.pk)]
    fault = CellFault.objects.get()
    assert {fault.cell, fault.other} == {drawn.city.cell, drawn.city.next_cell}


@pytest.fixture
def beside(drawn):
    """A community east of the first, in its township, with a cell; and a township east of it with another."""
    c = drawn.city
    east = make.DistrictFactory(parent=c.township, name="东社区")
    own = make.DistrictFactory(parent=east, name="东社区第001网格", boundary=box(101.84, 101.86))
    town = make.DistrictFactory(parent=c.chengdong, name="东街道")
    far = make.DistrictFactory(parent=make.DistrictFactory(parent=town), boundary=box(101.86, 101.88))
    return own, far


def overlaps():
    """Which two cells lie on each other, and the place that the finding is in."""
    rows = Finding.objects.filter(rule="cell_overlap", state="open").order_by("pk")
    faults = {str(fault.pk): fault for fault in CellFault.objects.filter(kind="overlap")}
    return [
        ({faults[row.key].cell, faults[row.key].other}, row.district, row.township, row.community)
        for row in rows
    ]


def test_cells_side_by_side_across_a_border_are_in_order(beside, drawn):
    audit(now=NOW)
    assert found() == []


def test_a_strip_across_the_border_of_two_communities_is_the_townships(beside, drawn):
    c, (own, _far) = drawn.city, beside
    redraw(own, box(101.835, 101.86))
    audit(now=NOW)
    assert overlaps() == [({c.next_cell, own}, c.chengdong, c.township, None)]
    fault = CellFault.objects.get()
    assert fault.place == c.township
    audit(now=NOW)
    assert CellFault.objects.get().pk == fault.pk
    redraw(own, box(101.84, 101.86))
    audit(now=NOW)
    assert found() == []


def test_a_strip_across_the_border_of_two_townships_is_the_districts(beside, drawn):
    c, (own, far) = drawn.city, beside
    redraw(far, box(101.855, 101.88))
    audit(now=NOW)
    assert overlaps() == [({own, far}, c.chengdong, None, None)]
    assert CellFault.objects.get().place == c.chengdong


def test_a_cell_that_lies_over_many_is_found_on_each_of_them(beside, drawn):
    c, (own, far) = drawn.city, beside
    redraw(far, box(101.80, 101.88, south=36.61))
    audit(now=NOW)
    assert sorted(str(sorted(each.pk for each in pair)) for pair, *_place in overlaps()) == sorted(
        str(sorted([far.pk, other.pk])) for other in (c.cell, c.next_cell, own)
    )


def test_cells_of_two_districts_are_not_compared(beside, drawn):
    c = drawn.city
    west = make.DistrictFactory(
        parent=make.DistrictFactory(parent=c.west_township), boundary=box(101.79, 101.82)
    )
    audit(now=NOW)
    assert found() == []
    assert west.path[:8] == c.chengxi.path


def test_what_is_narrower_than_the_tolerance_is_none_and_the_tolerance_is_a_row(drawn):
    redraw(drawn.city.next_cell, box(101.8202, 101.84))  # 18 metres
    audit(now=NOW)
    assert found() == []
    Tolerance.objects.update(metres=10)
    audit(now=NOW)
    assert [rule for rule, _kind, _place in found()] == ["cell_hole"]


def test_what_is_not_drawn_yet_is_no_hole(drawn):
    redraw(drawn.city.next_cell, None)
    audit(now=NOW)
    assert found() == []


def test_the_map_gets_what_somebody_may_read(client, drawn):
    redraw(drawn.city.next_cell, box(101.825, 101.84))
    audit(now=NOW)
    url = reverse("responsibility:cell_faults")
    client.force_login(drawn.chengdong)
    [feature] = client.get(url).json()["features"]
    assert feature["geometry"]["type"] == "Polygon"
    assert url in client.get(reverse("grid:map")).content.decode()
    client.force_login(drawn.chengxi)
    assert client.get(url).json()["features"] == []
    client.force_login(drawn.enterprise)
    assert client.get(url).status_code == 403


def entry(cast, uscc=USCC, **over):
    place = {
        f"{level}_id": getattr(cast.city, name).pk
        for level, name in (("district", "chengdong"), ("township", "township"))
    }
    return RegisterEntry.objects.create(
        **(
            {
                "uscc": uscc,
                "name": "西宁新开餐饮店",
                "address": "东关大街8号",
                "principal": "马明",
                "as_of": dt.date(2026, 11, 1),
            }
            | place
            | over
        )
    )


def test_a_registered_enterprise_that_the_grid_does_not_know_is_a_gap_of_its_street(cast, policies, now):
    entry(cast)
    entry(cast, cast.city.enterprise.uscc)  # known
    audit(now=NOW)
    finding = Finding.objects.get(rule="unknown_enterprise")
    assert (finding.district, finding.township) == (cast.city.chengdong, cast.city.township)
    assert finding.sites == 1
    entry(cast, "91630100710491234B")
    audit_touched(now=NOW)
    finding.refresh_from_db()
    assert finding.sites == 2


def test_one_button_registers_what_was_chosen_and_the_next_audit_closes_it(client, cast, policies, now):
    row = entry(cast)
    audit(now=NOW)
    finding = Finding.objects.get(rule="unknown_enterprise")
    page = reverse("responsibility:finding", args=[finding.pk])
    url = reverse("responsibility:finding_register", args=[finding.pk])
    client.force_login(cast.bureau)
    assert row.name in client.get(page).content.decode()
    assert client.post(url, {"entry": [row.pk]}).url == page
    assert client.post(url, {"entry": [row.pk]}).url == page  # sent twice
    made = Enterprise.objects.get(uscc=USCC)
    assert (made.name, made.principal, Site.objects.get(enterprise=made).address) == (
        "西宁新开餐饮店",
        "马明",
        "东关大街8号",
    )
    audit(now=NOW)
    finding.refresh_from_db()
    assert finding.state == "mended"
    client.force_login(cast.chengxi)
    assert client.post(url, {"entry": [row.pk]}).status_code == 404


def test_an_entry_is_put_aside_alone_and_one_that_comes_later_is_seen(client, cast, policies, now):
    kiosk, plant = entry(cast, name="报刊亭"), entry(cast, "91630100710491234B", name="化工厂")
    audit(now=NOW)
    finding = Finding.objects.get(rule="unknown_enterprise")
    page = reverse("responsibility:finding", args=[finding.pk])
    url = reverse("responsibility:finding_aside", args=[finding.pk])
    client.force_login(cast.bureau)
    assert client.post(page, {"reason": "no"}).status_code == 403  # nothing is dismissed as a whole
    client.post(url, {"entry": [kiosk.pk], "reason": " "})
    assert set(entries(finding)) == {kiosk, plant}
    for _twice in range(2):
        client.post(url, {"entry": [kiosk.pk], "reason": "已停业"})
    assert set(entries(finding)) == {plant}
    assert SetAside.objects.get().reason == "已停业"
    assert "已停业" in client.get(page).text
    client.post(url, {"entry": [plant.pk], "reason": "在建"})
    audit_touched(now=NOW)
    finding.refresh_from_db()
    assert finding.state == "mended"
    entry(cast, "916301007104501799", name="加油站")
    audit_touched(now=NOW)
    assert Finding.objects.open().get(rule="unknown_enterprise") != finding
    for _twice in range(2):
        client.post(url, {"entry": [kiosk.pk], "back": "1"})
    assert not SetAside.objects.filter(entry=kiosk).exists()
    assert verify() == []


@pytest.mark.parametrize(("who", "status"), [("auditor", 403), ("inspector", 403), ("chengxi", 404)])
def test_only_who_resolves_it_puts_aside_and_no_button_is_shown(client, cast, policies, now, who, status):
    row = entry(cast)
    audit(now=NOW)
    finding = Finding.objects.get(rule="unknown_enterprise")
    client.force_login(getattr(cast, who))
    url = reverse("responsibility:finding_aside", args=[finding.pk])
    assert client.post(url, {"entry": [row.pk], "reason": "no"}).status_code == status
    assert not SetAside.objects.exists()
    assert url not in client.get(reverse("responsibility:finding", args=[finding.pk])).text


def test_whoever_only_reads_registers_nothing(client, cast, policies, now):
    entry(cast)
    audit(now=NOW)
    finding = Finding.objects.get(rule="unknown_enterprise")
    client.force_login(cast.auditor)
    page = client.get(reverse("responsibility:finding", args=[finding.pk])).text
    assert "西宁新开餐饮店" in page
    assert "Register these" not in page


def test_an_entry_that_is_known_without_a_code_gives_it_one(client, cast, policies, now):
    known = make.EnterpriseFactory(name="西宁新开餐饮店", uscc=None, no_uscc_reason=NoUscc.APPLYING)
    site = make.SiteFactory(enterprise=known, at=cast.city.cell)
    out_of_reach = make.EnterpriseFactory(name="远处的店", uscc=None, no_uscc_reason=NoUscc.APPLYING)
    make.SiteFactory(enterprise=out_of_reach, at=cast.city.chengxi)
    row, far = entry(cast), entry(cast, "91630100710491234B", name="远处的店")
    audit(now=NOW)
    finding = Finding.objects.get(rule="unknown_enterprise")
    url = reverse("responsibility:finding_register", args=[finding.pk])
    client.force_login(cast.inspector)
    page = client.get(reverse("responsibility:finding", args=[finding.pk])).text
    assert f'name="known-{row.pk}"' in page
    assert f'name="known-{far.pk}"' not in page
    for _twice in range(2):
        client.post(url, {"entry": [row.pk], f"known-{row.pk}": "on"})
    known.refresh_from_db()
    assert (known.uscc, known.no_uscc_reason) == (USCC, "")
    assert Enterprise.objects.filter(name=known.name).count() == 1
    assert Site.objects.filter(found_by(USCC)).get() == site
    audit(now=NOW)
    assert not entries(finding).filter(pk=row.pk).exists()


def test_a_code_is_given_once_and_never_changed(cast, now):
    who = {"actor": cast.inspector, "acting_post": cast.posts["inspector"], "now": NOW}
    with pytest.raises(Invalid):
        give_code(enterprise=cast.city.enterprise, uscc=USCC, **who)
    row = make.EnterpriseFactory(uscc=None, no_uscc_reason=NoUscc.APPLYING)
    with pytest.raises(NotAllowed):  # it stands nowhere yet
        give_code(enterprise=row, uscc=USCC, **who)
    make.SiteFactory(enterprise=row, at=cast.city.chengxi)
    with pytest.raises(NotAllowed):
        give_code(enterprise=row, uscc=USCC, **who)
    Site.objects.filter(enterprise=row).delete()
    make.SiteFactory(enterprise=row, at=cast.city.cell)
    for wrong in ("123", cast.city.enterprise.uscc):
        with pytest.raises(Invalid):
            give_code(enterprise=row, uscc=wrong, **who)
    assert give_code(enterprise=row, uscc=f" {USCC.lower()} ", **who).uscc == USCC


def test_a_register_is_imported_beside_the_grid_and_again_without_a_change(cast, now):
    kind = kinds["register"]
    cells = {"uscc": USCC, "name": "新店", "address": "城东区东关大街街道", "as_of": "2026-11-01"}
    wrong = [cells | {"uscc": "123"}, cells | {"name": ""}, cells | {"as_of": "昨天"}]
    rows = [Row(n, [], values) for n, values in enumerate([cells, *wrong, cells], start=2)]

    def run():
        importer = kind.importer(Terms({}, clock.now(), reach=None))
        plans = importer.plan(rows)
        importer.apply(plans)
        return [(plan.outcome, plan.reason) for plan in plans]

    rejected = [
        ("rejected", "no_uscc"),
        ("rejected", "missing"),
        ("rejected", "duplicate"),
        ("rejected", "duplicate"),
    ]
    assert run() == [("created", ""), *rejected]
    assert run() == [("unchanged", ""), *rejected]
    assert RegisterEntry.objects.get().township == cast.city.township
    assert not Enterprise.objects.filter(uscc=USCC).exists()
