"""A small city with the named cast of the demo in it: the same few people in every test.

Two districts, one of them down to two cells; three matters; three enterprises. Whoever is in scope of
the first enterprise's hotel stands first in `Cast`; after them, who must see nothing of it.
"""

from dataclasses import dataclass
from typing import Any

from hazards.grading.defaults import load_categories
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, User
from safegrid.grid.choices import UnitKind
from safegrid.grid.models import District, Enterprise, Industry, Matter, Site, Unit
from tests import factories as make


@dataclass(frozen=True)
class City:
    """Places, matters, bodies and sites."""

    city: District
    chengdong: District
    chengxi: District
    township: District
    community: District
    cell: District
    next_cell: District
    west_township: District
    general: Matter
    fire: Matter
    crowded: Matter
    gas: Matter
    catering: Industry
    government: Unit
    office: Unit
    emergency: Unit
    brigade: Unit
    west_government: Unit
    enterprise: Enterprise  # a hotel in the cell: general, fire of crowded places
    hotel: Site
    warehouse: Site  # its second site, in the next cell: general only
    other: Enterprise  # the rival's gas shop in the cell: general, gas
    shop: Site
    west: Enterprise
    school: Site  # in the other district: general, fire


@dataclass(frozen=True)
class Cast:
    """The people, by the names of the demo accounts, and a few more who must see nothing."""

    bureau: User
    chengdong: User
    fire: User
    inspector: User
    inspector2: User
    gridofficer: User
    enterprise: User
    principal: User
    auditor: User
    admin: User  # administers accounts: no scope, no rows
    rival: User  # another enterprise
    chengxi: User  # another district
    gas: User  # another matter
    nobody: User  # no post
    posts: dict[str, Post]
    city: City


def build_city() -> City:
    """Write the places, matters, bodies, enterprises and sites."""
    city = make.DistrictFactory(name="西宁市", name_en="Xining", code="630100000000")
    chengdong = make.DistrictFactory(
        parent=city, name="城东区", name_en="Chengdong District", code="630102000000"
    )
    chengxi = make.DistrictFactory(
        parent=city, name="城西区", name_en="Chengxi District", code="630104000000"
    )
    township = make.DistrictFactory(parent=chengdong, name="东关大街街道", name_en="Dongguan Subdistrict")
    west_township = make.DistrictFactory(parent=chengxi, name="西关大街街道", name_en="Xiguan Subdistrict")
    community = make.DistrictFactory(parent=township, name="慈幼社区", name_en="Ciyou Community")
    cell = make.DistrictFactory(parent=community, name="慈幼社区第001网格", name_en="Ciyou Cell 001")
    next_cell = make.DistrictFactory(parent=community, name="慈幼社区第002网格", name_en="Ciyou Cell 002")

    load_categories()
    general = make.MatterFactory(code="general", name="综合安全", name_en="General safety")
    fire = make.MatterFactory(code="fire", name="消防安全", name_en="Fire safety")
    crowded = make.MatterFactory(
        parent=fire, code="fire-crowded", name="人员密集场所消防", name_en="Fire safety of crowded places"
    )
    gas = make.MatterFactory(code="gas", name="燃气安全", name_en="Gas safety")
    catering = make.IndustryFactory(code="62", name="餐饮业", name_en="Catering", matters=[general, fire])

    def unit(name: str, name_en: str, kind: str, district: District, governs: list[Matter]) -> Unit:
        return make.UnitFactory(name=name, name_en=name_en, kind=kind, district=district, governs=governs)

    enterprise = make.EnterpriseFactory(name="青海恒盛商贸有限公司", name_en="Qinghai Hengsheng Trading")
    other = make.EnterpriseFactory(name="西宁宏达燃气具经营部", name_en="Xining Hongda Gas Appliances")
    west = make.EnterpriseFactory(name="西宁晨曦培训学校", name_en="Xining Chenxi School")
    return City(
        city=city,
        chengdong=chengdong,
        chengxi=chengxi,
        township=township,
        community=community,
        cell=cell,
        next_cell=next_cell,
        west_township=west_township,
        general=general,
        fire=fire,
        crowded=crowded,
        gas=gas,
        catering=catering,
        government=unit("城东区人民政府", "Chengdong Government", UnitKind.GOVERNMENT, chengdong, [general]),
        office=unit("西宁市安委办", "Xining Safety Office", UnitKind.OFFICE, city, []),
        emergency=unit(
            "城东区应急管理局", "Chengdong Emergency Bureau", UnitKind.MEMBER, chengdong, [general]
        ),
        brigade=unit("西宁市消防救援支队", "Xining Fire and Rescue", UnitKind.MEMBER, city, [fire]),
        west_government=unit("城西区人民政府", "Chengxi Government", UnitKind.GOVERNMENT, chengxi, [general]),
        enterprise=enterprise,
        hotel=make.SiteFactory(
            enterprise=enterprise, name="恒盛宾馆", at=cell, industry=catering, matters=[general, crowded]
        ),
        warehouse=make.SiteFactory(enterprise=enterprise, name="恒盛仓库", at=next_cell, matters=[general]),
        other=other,
        shop=make.SiteFactory(enterprise=other, at=cell, matters=[general, gas]),
        west=west,
        school=make.SiteFactory(enterprise=west, at=west_township, matters=[general, fire]),
    )


def build_cast(city: City) -> Cast:
    """Write the people, their posts and what these reach."""
    people: dict[str, User] = {}
    posts: dict[str, Post] = {}

    def person(username: str, name: str, kind: str, *, scope: dict[str, Any] | None, **body: Any) -> None:
        user = people[username] = make.UserFactory(username=username, name=name, name_en=username.title())
        posts[username] = make.PostFactory(
            title=f"{name}岗", title_en=f"{username.title()}'s post", kind=kind, holder=user, **body
        )
        if scope is not None:
            make.PostScopeFactory(post=posts[username], **scope)

    east = {"district": city.chengdong, "acting": True}
    own = {"enterprise": city.enterprise, "acting": True}
    person(
        "bureau",
        "安委办",
        PostKind.OFFICE,
        unit=city.office,
        scope={"district": city.city, "acting": True},
    )
    person("chengdong", "区长", PostKind.HEAD, unit=city.government, scope=east)
    person(
        "fire",
        "消防",
        PostKind.SUPERVISOR,
        unit=city.brigade,
        scope={"district": city.city, "matter": city.fire, "acting": True},
    )
    person("inspector", "执法一", PostKind.OFFICER, unit=city.emergency, scope=east)
    person("inspector2", "执法二", PostKind.OFFICER, unit=city.emergency, scope=east)
    person(
        "gridofficer",
        "网格员",
        PostKind.GRID_OFFICER,
        unit=city.government,
        scope={"district": city.cell, "acting": True},
    )
    person("enterprise", "安全员", PostKind.SAFETY_OFFICER, enterprise=city.enterprise, scope=own)
    person("principal", "负责人", PostKind.PRINCIPAL, enterprise=city.enterprise, scope=own)
    person("auditor", "审计", PostKind.AUDITOR, unit=city.office, scope={"district": city.city})
    person("admin", "管理员", PostKind.ADMIN, unit=city.office, scope=None)
    person(
        "rival",
        "同行",
        PostKind.SAFETY_OFFICER,
        enterprise=city.other,
        scope={"enterprise": city.other, "acting": True},
    )
    person(
        "chengxi",
        "西区",
        PostKind.HEAD,
        unit=city.west_government,
        scope={"district": city.chengxi, "acting": True},
    )
    person(
        "gas",
        "燃气",
        PostKind.SUPERVISOR,
        unit=city.emergency,
        scope={"district": city.city, "matter": city.gas, "acting": True},
    )
    people["nobody"] = make.UserFactory(username="nobody", name="无岗", name_en="Nobody")
    people["admin"].is_staff = people["admin"].is_superuser = True
    people["admin"].save(update_fields=["is_staff", "is_superuser"])
    for username in ("inspector", "inspector2"):
        make.CertificateFactory(user=people[username])
    return Cast(**people, posts=posts, city=city)
