"""Verbs on enterprises and sites. Each writes the ledger in its transaction and looks the row up again.

Whoever acts must reach what they wrote: `actor=None` is the portal itself (a seed, a command), which is
not asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from safegrid.audit.services import record
from safegrid.grid.choices import Datum, EnterpriseStatus, NoUscc, RiskGrade, Size
from safegrid.grid.keys import clean_uscc, import_key, let_be_found, uscc_problem
from safegrid.grid.matters import set_matters
from safegrid.grid.models import District, Enterprise, Feature, Industry, Matter, Site
from safegrid.grid.places.columns import columns
from safegrid.grid.places.following import follow, tell
from safegrid.grid.places.past import move_on
from safegrid.grid.places.placing import Clue, Surveyor
from safegrid.grid.places.positions import is_on_earth, to_wgs84
from safegrid.kernel import clock
from safegrid.kernel.punctuation import comma
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale


class SiteFacts(TypedDict, total=False):
    """What people say of a site. Positions are degrees, in `datum` (WGS-84 when nothing is said)."""

    name: str  # the enterprise's own, when nothing is said
    address: str
    longitude: float | None
    latitude: float | None
    datum: str
    industry: Industry | None
    features: Collection[str]  # codes
    risk: str
    landlord: Site | None
    matters: Collection[Matter]  # set by hand, beside what industry and features bring


class By(TypedDict):
    """Who does it, as which post, when."""

    actor: Any
    acting_post: Any
    now: dt.datetime


#: What is wrong with a USCC, for people.
USCC_PROBLEMS = {
    "length": _("A USCC has 18 characters."),
    "form": _("A USCC has digits and capital letters other than I, O, S, V, Z."),
    "check": _("The last character does not agree with the others: one of them is mistyped."),
}


@transaction.atomic
def register_enterprise(
    *,
    name: str,
    uscc: str | None = None,
    no_uscc_reason: str = "",
    name_en: str = "",
    status: str = EnterpriseStatus.OPERATING,
    size: str = Size.SMALL,
    principal: str = "",
    phone: str = "",
    site: SiteFacts | Mapping[str, Any],
    node: District | None = None,
    **by: Unpack[By],
) -> Enterprise:
    """Register an enterprise with its first site and return it.

    `node` is where a person says that the site stands; without it the address and the position decide.
    Raises Invalid by field, NotAllowed when the acting post does not reach the place.
    """
    code = clean_uscc(uscc or "") or None
    problems = _enterprise_problems(name, code, no_uscc_reason)
    if problems:
        raise Invalid(problems)
    enterprise = Enterprise(
        name=name.strip(),
        name_en=name_en.strip(),
        uscc=code,
        no_uscc_reason="" if code else no_uscc_reason,
        status=status,
        size=size,
        principal=principal.strip(),
        phone=phone.strip(),
        created_at=by["now"],
        import_key=import_key(code=code, name=name, address=site.get("address", "")),
    )
    let_be_found(enterprise)
    try:
        with transaction.atomic():
            enterprise.save()
    except IntegrityError as error:  # the same code, or without one the same name and address
        raise Invalid({"uscc" if code else "name": _("This enterprise is registered already.")}) from error
    record(
        enterprise,
        "registered",
        **by,
        data={"name": enterprise.name, "uscc": code, "no_uscc_reason": enterprise.no_uscc_reason},
        personal={"principal": enterprise.principal, "phone": enterprise.phone},
    )
    add_site(enterprise=enterprise, site=site, node=node, **by)
    return enterprise


@transaction.atomic
def add_site(
    *,
    enterprise: Enterprise,
    site: SiteFacts | Mapping[str, Any],
    node: District | None = None,
    **by: Unpack[By],
) -> Site:
    """Add a site to `enterprise` and return it. Raises Invalid by field, NotAllowed outside of reach."""
    row = Site(
        enterprise=enterprise,
        name=(site.get("name") or enterprise.name).strip(),
        address=site.get("address", "").strip(),
        industry=site.get("industry"),
        features=sorted(set(site.get("features", ()))),
        risk=site.get("risk", RiskGrade.BLUE),
        landlord=site.get("landlord"),
        created_at=by["now"],
    )
    problems = _position_problems(site) | _feature_problems(row.features)
    if Site.objects.filter(enterprise=enterprise, name=row.name, address=row.address).exists():
        problems["address"] = _("The enterprise has this site already.")
    if problems:
        raise Invalid(problems)
    _set_position(row, site)
    _set_place(row, node)
    let_be_found(row)
    row.save()
    set_matters(row, now=by["now"], by_hand=site.get("matters", ()))
    record(row, "registered", **by, data=_site_data(row))
    _must_reach(row, by)
    return row


@transaction.atomic
def change_site(*, site: Site, facts: SiteFacts | Mapping[str, Any], **by: Unpack[By]) -> Site:
    """Change what `facts` names, and what follows from it: place, matters, search. Return the site.

    A place that a person has chosen stays. Raises Invalid by field, NotAllowed outside of reach.
    """
    row = Site.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=site.pk)
    _must_reach(row, by)
    before, was_in = _site_data(row), row.place_ids
    for name in ("name", "address", "industry", "risk", "landlord"):
        if name in facts:
            value = facts[name]  # type: ignore[literal-required]
            setattr(row, name, value.strip() if isinstance(value, str) else value)
    if "features" in facts:
        row.features = sorted(set(facts["features"]))
    problems = _position_problems(facts) | _feature_problems(row.features)
    if not row.name:
        problems["name"] = _("Enter a name.")
    if problems:
        raise Invalid(problems)
    if "longitude" in facts:
        _set_position(row, facts)
    move_on(clock.local_date(by["now"]))
    if not row.place_fixed and {"address", "longitude"} & facts.keys():
        _set_place(row, None)
    let_be_found(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Invalid({"address": _("The enterprise has this site already.")}) from error
    set_matters(row, now=by["now"], by_hand=facts.get("matters"))
    follow([row.pk])
    tell({row: was_in}, **by)
    after = _site_data(row)
    differences = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if differences:
        record(row, "changed", **by, data=differences)
    _must_reach(row, by)
    return row


@transaction.atomic
def place_site(*, site: Site, node: District | None, **by: Unpack[By]) -> Site:
    """Put a site where a person says that it stands; None lets address and position decide again.

    The acting post must reach the site where it is and where it goes. What a person chose stays until a
    person changes it. Sent twice, it is placed once. Raises Invalid, NotAllowed.
    """
    row = Site.objects.select_for_update().get(pk=site.pk)
    _must_reach(row, by)
    if node is not None and node.closed_on is not None:
        raise Invalid({"node": _("This place no longer exists.")})
    before, was_by_hand = row.place_ids, row.place_fixed
    move_on(clock.local_date(by["now"]))
    _set_place(row, node)
    if (row.place_ids, row.place_fixed) == (before, was_by_hand):
        return row
    row.save(update_fields=[*columns(None), "place_fixed", "place_doubt"])
    follow([row.pk])
    tell({row: before}, **by)
    record(row, "placed", **by, data={"from": before, "to": row.place_ids, "by_hand": row.place_fixed})
    _must_reach(row, by)
    return row


@transaction.atomic
def give_code(*, enterprise: Enterprise, uscc: str, **by: Unpack[By]) -> Enterprise:
    """Give an enterprise that has no USCC its code, and return it. Sent twice, it is given once.

    Raise Invalid where the code is wrong, taken, or another one is there; NotAllowed outside of reach.
    """
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    sites = list(Site.objects.filter(enterprise=row).order_by("pk"))
    if not sites and by["actor"] is not None:
        raise NotAllowed
    for site in sites:
        _must_reach(site, by)
    code = clean_uscc(uscc)
    if row.uscc == code:
        return row
    if row.uscc:
        raise Invalid({"uscc": _("It has another code already.")})
    if problems := _enterprise_problems(row.name, code, ""):
        raise Invalid(problems)
    row.uscc, row.no_uscc_reason, row.import_key = code, "", code
    let_be_found(row)
    row.save()
    for site in sites:
        site.enterprise = row
        let_be_found(site)
        site.save(update_fields=["search", "search_text"])
    record(row, "coded", **by, data={"uscc": code})
    return row


@transaction.atomic
def name_principal(
    *,
    enterprise: Enterprise,
    principal: str,
    phone: str,
    seen: tuple[str, str] | None = None,
    **by: Unpack[By],
) -> Enterprise:
    """Say who the principal of an enterprise is, with their telephone, and return it. Sent twice, once.

    `seen` is the name and telephone that the person saw. Raise Invalid without a name, NotAllowed outside of
    reach, Stale where another one has been named meanwhile. Names stay out of the ledger.
    """
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    reached = Enterprise.objects.editable_by(by["actor"], by["acting_post"])
    if row.merged_into_id or (by["actor"] is not None and not reached.filter(pk=row.pk).exists()):
        raise NotAllowed
    principal, phone = principal.strip(), phone.strip()
    if not principal:
        raise Invalid({"principal": _("Enter a name.")})
    if (row.principal, row.phone) == (principal, phone):
        return row
    if seen is not None and seen != (row.principal, row.phone):
        raise Stale(gettext("Meanwhile another principal has been entered; look again. Nothing was changed."))
    had = {"name": bool(row.principal), "phone": bool(row.phone)}
    row.principal, row.phone = principal, phone
    row.save(update_fields=["principal", "phone"])
    record(row, "named", **by, data={"had": had}, personal={"principal": principal, "phone": phone})
    return row


def _enterprise_problems(name: str, code: str | None, reason: str) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    if not name.strip():
        problems["name"] = _("Enter a name.")
    if code is None:
        if reason not in NoUscc.values:
            problems["no_uscc_reason"] = _("Say why there is no code.")
    elif problem := uscc_problem(code):
        problems["uscc"] = USCC_PROBLEMS[problem]
    elif other := Enterprise.objects.filter(uscc=code).first():
        problems["uscc"] = _("This code is registered already, for %(name)s.") % {"name": other.name}
    return problems


def _position_problems(site: SiteFacts | Mapping[str, Any]) -> dict[str, Any]:
    longitude, latitude = site.get("longitude"), site.get("latitude")
    if (longitude is None) != (latitude is None):
        missing = "latitude" if latitude is None else "longitude"
        return {missing: _("Enter both coordinates, or none.")}
    if longitude is not None and latitude is not None and not is_on_earth(longitude, latitude):
        wrong = "latitude" if is_on_earth(longitude, 0) else "longitude"
        return {wrong: _("This is no place on earth.")}
    return {}


def _feature_problems(features: Iterable[str]) -> dict[str, Any]:
    unknown = set(features) - set(Feature.objects.values_list("code", flat=True))
    return (
        {"features": _("Not known: %(codes)s") % {"codes": comma().join(sorted(unknown))}} if unknown else {}
    )


def _set_position(row: Site, site: SiteFacts | Mapping[str, Any]) -> None:
    """Store the position in WGS-84, with the datum that it came in."""
    longitude, latitude = site.get("longitude"), site.get("latitude")
    row.datum = site.get("datum") or Datum.WGS84
    row.longitude = row.latitude = None
    if longitude is not None and latitude is not None:
        row.longitude, row.latitude = to_wgs84((longitude, latitude), row.datum)


def _set_place(row: Site, node: District | None) -> None:
    """Set the place columns: to `node`, or to where address and position lead."""
    row.place_fixed = node is not None
    row.place_doubt = False
    found = columns(node)
    if node is None and (row.address or row.longitude is not None):
        position = (row.longitude, row.latitude) if row.longitude is not None else None
        surveyor = Surveyor()
        placement = surveyor.settle(Clue(row.address, position))  # type: ignore[arg-type]
        found = surveyor.atlas.columns(placement.place)
        row.place_doubt = placement.doubt
    for column, pk in found.items():
        setattr(row, column, pk)


def _site_data(row: Site) -> dict[str, Any]:
    return {
        "enterprise": row.enterprise_id,
        "name": row.name,
        "address": row.address,
        "position": [row.longitude, row.latitude],
        "datum": str(row.datum),
        **row.place_ids,
        "by_hand": row.place_fixed,
        "industry": row.industry_id,
        "features": list(row.features),
        "risk": str(row.risk),
        "landlord": row.landlord_id,
        "matters": list(row.matter_ids),
    }


def _must_reach(row: Site, by: By) -> None:
    actor = by["actor"]
    if actor is None:
        return
    if not Site.objects.editable_by(actor, by["acting_post"]).filter(pk=row.pk).exists():
        raise NotAllowed
