"""Comings and goings of the demo city: transfers on their way, a question, plans for a day, who is new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count
from django.utils.translation import override
from stdnum.cn import uscc

from analysis.demo.businesses import DEMO_CELL
from analysis.demo.cast import CHENGDONG
from analysis.demo.turnover import plan_handover
from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.resolution import matters_of
from responsibility.coverage.audit import audit
from responsibility.coverage.models import Finding
from responsibility.regulators.services import RULE, ask
from responsibility.transfers.models import Transfer
from responsibility.transfers.services import pass_on, propose
from responsibility.units.succession import NewUnit, reorganise_units
from safegrid.accounts.models import User
from safegrid.grid.choices import EnterpriseStatus, NoUscc, Size, SuccessionKind
from safegrid.grid.models import District, Enterprise, Industry, RegisterEntry, Reorganisation, Site, Unit
from safegrid.grid.places.placing import Clue, Surveyor
from safegrid.grid.services import register_enterprise
from safegrid.grid.status import change_status
from safegrid.grid.succession.plan import NewPlace
from safegrid.grid.succession.services import reorganise
from safegrid.kernel import clock

#: Enterprises of a business register that the grid does not know: their township, and the digits of a USCC.
REGISTER = (
    ("630102001000", "91630102310900001", "西宁东关清真糕点坊", "城东区东关大街街道东关大街31号"),
    ("630102001000", "91630102310900002", "西宁慈幼巷汽车美容店", "城东区东关大街街道慈幼巷7号"),
    ("630103006000", "91630103310900003", "西宁南川密室逃脱馆", "城中区南川东路街道南川东路18号"),
)
#: Registered of late by the office, without accounts: a business that no industry names, and a shop.
NEW_KIND_CELL, SHOP_PLACE = "630102001004001", "630102007001"
REGISTERED_DAYS_AGO = 12
RENAMED_IN_DAYS = 40
PASSED_ON_TO = "commerce"
LATE_DAYS = 20  # since a transfer that nobody answers: more than its working days, whatever the holidays


def live(*, now: dt.datetime) -> None:
    """Let the named cast of the demo find something to do on each page. Safe to repeat."""
    if Transfer.objects.exists():
        return
    with override("zh-hans"):
        _register(now=now)
        _transfers(now=now)
        _plans(now=now)
        _unit_renamed(now=now)
        plan_handover(now=now)
        _new_enterprises(now=now)
        audit(now=now)
        _question(now=now)


def _who(username: str, now: dt.datetime) -> dict[str, object]:
    user = User.objects.get(username=username)
    return {"actor": user, "acting_post": user.standing.posts[0], "now": now}


def _register(*, now: dt.datetime) -> None:
    surveyor = Surveyor()
    for _township, digits, name, address in REGISTER:
        place = surveyor.atlas.columns(surveyor.settle(Clue(address)).place)
        RegisterEntry.objects.create(
            uscc=digits + uscc.calc_check_digit(digits),
            name=name,
            address=address,
            principal="马明",
            as_of=clock.local_date(now),
            **place,
        )


def _transfers(*, now: dt.datetime) -> None:
    """One that the fire brigade has to answer, and one that it passed on."""
    today = clock.local_date(now)
    brigade = User.objects.get(username="fire").standing.posts[0].unit
    sender = _who("inspector", now)
    place = sender["acting_post"].unit.district  # type: ignore[attr-defined]
    sites = Site.objects.filter(district=place, status=EnterpriseStatus.OPERATING).order_by("pk")
    sent: list[Transfer] = []
    for site in sites[:40]:
        fire = next((m for m in matters_of(site, on=today) if m.code.startswith("fire")), None)
        if fire is None or brigade is None or len(sent) == 2:
            continue
        days = 3 if sent else LATE_DAYS
        then = now - dt.timedelta(days=days)
        sent.append(
            propose(
                kind="site",
                subject=site,
                unit=brigade,
                matter=fire,
                line=Line.INDUSTRY,
                tier=Tier.LEAD,
                reason="检查发现属消防职责，依法移送。",
                **(sender | {"now": then}),  # type: ignore[arg-type]
            )
        )
    if len(sent) == 2:
        pass_on(
            transfer=sent[1],
            unit=Unit.objects.get(code=PASSED_ON_TO),
            reason="该场所的用火作业属行业主管部门职责。",
            **(_who("fire", now - dt.timedelta(days=1))),  # type: ignore[arg-type]
        )


def _plans(*, now: dt.datetime) -> None:
    """A street that gets another name, and a site that will close."""
    office = _who("bureau", now)
    street = District.objects.filter(level="township", closed_on=None, kind="镇").order_by("path").first()
    if street is not None and not Reorganisation.objects.exists():
        reorganise(
            kind=SuccessionKind.RENAMED,
            predecessors=[street],
            successors=[NewPlace(street.code, f"{street.name[:-1]}街道", f"{street.name_en} (Subdistrict)")],
            on=clock.local_date(now) + dt.timedelta(days=RENAMED_IN_DAYS),
            basis="市政府关于撤镇设街道的批复",
            **office,  # type: ignore[arg-type]
        )
    shop = Enterprise.objects.filter(sites__status=EnterpriseStatus.OPERATING).order_by("-pk").first()
    if shop is not None:
        change_status(
            enterprise=shop,
            site=shop.sites.order_by("pk").first(),
            status=EnterpriseStatus.CLOSED,
            since=clock.local_date(now) + dt.timedelta(days=10),
            reason="企业申请注销",
            **office,  # type: ignore[arg-type]
        )


def _unit_renamed(*, now: dt.datetime) -> None:
    """A bureau that has another name from the first day of next month."""
    unit = Unit.objects.get(code="civil_affairs")
    following = clock.local_date(now).replace(day=28) + dt.timedelta(days=4)
    reorganise_units(
        kind=SuccessionKind.RENAMED,
        predecessors=[unit],
        successors=[
            NewUnit(
                "西宁市民政和社会服务局", "Xining Civil Affairs and Social Services Bureau", "市民政社服局"
            )
        ],
        on=following.replace(day=1),
        basis="市机构改革方案",
        **_who("bureau", now),  # type: ignore[arg-type]
    )


def _new_enterprises(*, now: dt.datetime) -> None:
    """A new kind of business, a shop whose principal nobody has named, and one that came again."""
    office = _who("bureau", now - dt.timedelta(days=REGISTERED_DAYS_AGO))
    _register_one(
        "91630102310900004",
        "西宁晴窗轰趴馆",
        NEW_KIND_CELL,
        "城东区东关大街街道慈幼巷19号",
        office,
        principal="苏晴窗",
        features=["crowded_place"],
    )
    _register_one(
        "91630102310900005", "老榆树面馆", SHOP_PLACE, "城东区林家崖街道站西路6号", office, industry="62"
    )
    first = _registered_twice()
    site = first.sites.get()
    register_enterprise(
        name=first.name,
        no_uscc_reason=NoUscc.APPLYING,
        size=first.size,
        principal=first.principal,
        phone=first.phone,
        site={"address": site.address, "industry": site.industry},
        node=site.cell or site.township,
        **office,  # type: ignore[arg-type]
    )


def _register_one(
    digits: str,
    name: str,
    place: str,
    address: str,
    office: dict[str, object],
    *,
    principal: str = "",
    industry: str = "",
    features: Sequence[str] = (),
) -> None:
    register_enterprise(
        name=name,
        uscc=digits + uscc.calc_check_digit(digits),
        size=Size.MICRO,
        principal=principal,
        phone="0971-5690004" if principal else "",
        site={
            "address": address,
            "industry": Industry.objects.filter(code=industry).first(),
            "features": features,
        },
        node=District.objects.get(code=place),
        **office,  # type: ignore[arg-type]
    )


def _registered_twice() -> Enterprise:
    """Return an enterprise of 城东区 with one site that is entered once more: none of the cast."""
    one_site = Enterprise.objects.annotate(n=Count("sites")).filter(n=1, merged_into=None)
    ours = one_site.filter(sites__district__code=CHENGDONG, status=EnterpriseStatus.OPERATING)
    return ours.exclude(uscc=None).exclude(sites__cell__code=DEMO_CELL).order_by("pk")[0]


def place_of_twice() -> str:
    """Return the code of the place in which the enterprise that is entered twice stands."""
    site = _registered_twice().sites.select_related("cell", "township").get()
    place = site.cell or site.township
    assert place is not None  # noqa: S101 (it was placed)
    return place.code


def _question(*, now: dt.datetime) -> None:
    finding = Finding.objects.open().filter(rule=RULE).order_by("pk").first()
    if finding is not None:
        ask(
            finding=finding,
            text="新业态无对口部门，请明确监管部门。",
            **_who("bureau", now),  # type: ignore[arg-type]
        )
