"""Comings and goings of the demo city: transfers on their way, a question, plans for a day."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import override
from stdnum.cn import uscc

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.resolution import matters_of
from responsibility.coverage.audit import audit
from responsibility.coverage.models import Finding
from responsibility.regulators.services import RULE, ask
from responsibility.transfers.models import Transfer
from responsibility.transfers.services import pass_on, propose
from safegrid.accounts.models import Post, User
from safegrid.grid.choices import EnterpriseStatus, SuccessionKind, UnitKind
from safegrid.grid.models import District, Enterprise, RegisterEntry, Reorganisation, Site, Unit
from safegrid.grid.places.placing import Clue, Surveyor
from safegrid.grid.status import change_status
from safegrid.grid.succession.plan import NewPlace
from safegrid.grid.succession.services import reorganise
from safegrid.kernel import clock

#: Enterprises of a business register that the grid does not know, with the digits of a USCC that are valid.
REGISTER = (
    ("91630102310900001", "西宁东关清真糕点坊", "城东区东关大街街道东关大街31号"),
    ("91630102310900002", "西宁慈幼巷汽车美容店", "城东区东关大街街道慈幼巷7号"),
    ("91630103310900003", "西宁南川密室逃脱馆", "城中区南川东路街道南川东路18号"),
)
RENAMED_IN_DAYS = 40


def live(*, now: dt.datetime) -> None:
    """Let the named cast of the demo find something to do on each page. Safe to repeat."""
    if Transfer.objects.exists():
        return
    with override("zh-hans"):
        _register(now=now)
        _transfers(now=now)
        _plans(now=now)
        audit(now=now)
        _question(now=now)


def _who(username: str, now: dt.datetime) -> dict[str, object]:
    user = User.objects.get(username=username)
    return {"actor": user, "acting_post": user.standing.posts[0], "now": now}


def _register(*, now: dt.datetime) -> None:
    surveyor = Surveyor()
    for digits, name, address in REGISTER:
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
        days = 3 if sent else 8
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
    other = Unit.objects.filter(kind=UnitKind.MEMBER, district=place).exclude(
        pk=sender["acting_post"].unit_id  # type: ignore[attr-defined]
    )
    receiver = next((u for u in other if Post.objects.filter(unit=u, kind="supervisor").exists()), None)
    if len(sent) == 2 and receiver is not None:
        pass_on(
            transfer=sent[1],
            unit=receiver,
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


def _question(*, now: dt.datetime) -> None:
    finding = Finding.objects.open().filter(rule=RULE).order_by("pk").first()
    if finding is not None:
        ask(
            finding=finding,
            text="新业态无对口部门，请明确监管部门。",
            **_who("bureau", now),  # type: ignore[arg-type]
        )
