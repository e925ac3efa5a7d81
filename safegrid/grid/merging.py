"""Two records of one enterprise become one.

The record that stays takes over the sites, people and open work of the other one. Where both have the same
site, what stands open at the second is moved to the first. What is over stays where it was filed: the other
record is closed, points to the one that stays, and goes on to be read. Floors declare what goes along
(`sockets.merged_rows`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from safegrid.audit.services import record
from safegrid.grid.choices import EnterpriseStatus, NoUscc
from safegrid.grid.keys import let_be_found
from safegrid.grid.models import Enterprise, Site, StatusChange
from safegrid.grid.places.following import follow
from safegrid.grid.services import By
from safegrid.grid.sockets import Merged, merged_rows
from safegrid.grid.status import REASON_LENGTH, follow_given, must_reach_all
from safegrid.kernel.bigrams import normal
from safegrid.kernel.refusals import Invalid

TAKEN_OVER = ("name_en", "principal", "phone")  # where the record that stays says nothing


@dataclass(frozen=True)
class Pair:
    """Two records of one enterprise, and which of their sites are the same place."""

    stays: Enterprise
    goes: Enterprise
    twins: Mapping[int, Site]  # by the ids of sites of `goes`; the others go along as they are

    @property
    def places(self) -> dict[int, int]:
        """Where each site's rows go: to its twin, or with the site itself."""
        own = Site.objects.filter(enterprise=self.goes).order_by("pk").values_list("pk", flat=True)
        return {pk: self.twins[pk].pk if pk in self.twins else pk for pk in own}


def likely_twins(stays: Enterprise, goes: Enterprise) -> dict[int, Site]:
    """Return which site of `stays` each site of `goes` seems to be: the one at the same address.

    Of enterprises with one site each, of which one has no address, they are the same.
    """
    theirs, ours = list(goes.sites.order_by("pk")), list(stays.sites.order_by("pk"))
    by_address = {normal(site.address): site for site in reversed(ours) if site.address}
    found = {site.pk: by_address[key] for site in theirs if (key := normal(site.address)) in by_address}
    if len(theirs) == len(ours) == 1 and not (theirs[0].address and ours[0].address):
        found = {theirs[0].pk: ours[0]}
    return found


def preview(pair: Pair) -> list[tuple[Any, int]]:
    """Return what would go along, in words, and how much of it. Nothing is changed."""
    found: dict[Any, int] = {}
    for rows in merged_rows:
        n = _going(rows, pair).count() if rows.is_told else 0
        if n:
            name = rows.model._meta.verbose_name_plural
            found[name] = found.get(name, 0) + n
    return list(found.items())


@transaction.atomic
def merge(pair: Pair, *, reason: str, **by: Unpack[By]) -> Enterprise:
    """Let `pair.goes` become one with `pair.stays`, and return the latter. Sent twice, it is done once.

    Raise Invalid by field where they cannot be one, NotAllowed unless the acting post reaches every site of
    both.
    """
    ids = (pair.stays.pk, pair.goes.pk)
    locked = {row.pk: row for row in Enterprise.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    stays, goes = locked[pair.stays.pk], locked[pair.goes.pk]
    if goes.merged_into_id == stays.pk:
        return stays
    must_fit(stays, goes, reason=reason)
    sites = list(Site.objects.select_for_update().filter(enterprise__in=ids).order_by("pk"))
    must_reach_all(sites, by)
    if not {site.pk for site in pair.twins.values()} <= {s.pk for s in sites if s.enterprise_id == stays.pk}:
        raise Invalid({"twins": _("Meanwhile the sites are others; look at them again.")})
    pair = Pair(stays, goes, pair.twins)
    places = pair.places
    _take_over(stays, goes)
    _close(goes, [site for site in sites if site.pk in pair.twins], stays, reason, by)
    moved = {rows.model._meta.label: n for rows in merged_rows if (n := _move(rows, pair, places))}
    alone = [site for site in sites if site.enterprise_id == goes.pk and site.pk not in pair.twins]
    for site in alone:
        site.enterprise = stays
        try:
            with transaction.atomic():
                site.save(update_fields=["enterprise"])
        except IntegrityError as error:
            text = _("%(site)s is there already: say that it is the same site.") % {"site": site.name}
            raise Invalid({"twins": text}) from error
    for site in Site.objects.filter(enterprise=stays).select_related("enterprise"):
        let_be_found(site)
        site.save(update_fields=["search", "search_text"])
    follow(sorted(set(places.values())))
    data = {"reason": reason, "sites": {str(old): new for old, new in places.items()}, "moved": moved}
    record(stays, "merged", **by, data={"with": goes.pk, "name": goes.name, **data})
    record(goes, "merged_into", **by, data={"enterprise": stays.pk, "name": stays.name, **data})
    return stays


def must_fit(stays: Enterprise, goes: Enterprise, *, reason: str) -> None:
    """Raise Invalid by field where the two cannot be one."""
    if stays.pk == goes.pk:
        raise Invalid({"goes": _("Choose another record.")})
    if stays.merged_into_id or goes.merged_into_id:
        raise Invalid({"goes": _("One of them has been merged already; open it anew.")})
    if stays.uscc and goes.uscc:
        raise Invalid({"goes": _("They have two different codes: these are two enterprises.")})
    if not reason.strip():
        raise Invalid({"reason": _("Say how you know that they are one.")})


def _going(rows: Merged, pair: Pair) -> QuerySet[Any]:
    """Return the rows that go along."""
    every: QuerySet[Any] = rows.model._default_manager.filter(rows.only)
    wanted = Q()
    for column in rows.enterprise:
        wanted |= Q(**{column: pair.goes.pk})
    if rows.site:
        wanted |= Q(**{f"{rows.site}__in": list(pair.places)})
        if not rows.twins:
            every = every.exclude(**{f"{rows.site}__in": list(pair.twins)})
    return every.filter(wanted)


def _move(rows: Merged, pair: Pair, places: Mapping[int, int]) -> int:
    """Let rows go along and return how many did; what the record that stays has already does not."""
    keys = list(_going(rows, pair).order_by("pk").values_list("pk", flat=True))
    every: QuerySet[Any] = rows.model._default_manager.filter(pk__in=keys)
    stayed = set()
    if rows.site:
        for old, new in places.items():
            if old != new:
                stayed |= _set(every.filter(**{rows.site: old}), rows.site, new)
    for column in rows.enterprise:
        stayed |= _set(every.filter(**{column: pair.goes.pk}).exclude(pk__in=stayed), column, pair.stays.pk)
    return len(keys) - len(stayed)


def _set(rows: QuerySet[Any], column: str, value: int) -> set[int]:
    """Set a column of rows; return the ids of those that the database refuses, which stay as they were."""
    try:
        with transaction.atomic():
            rows.update(**{column: value})
            return set()
    except IntegrityError:
        pass  # one by one then: the others may go
    refused = set()
    for row in list(rows.order_by("pk")):
        try:
            with transaction.atomic():
                type(row)._default_manager.filter(pk=row.pk).update(**{column: value})
        except IntegrityError:
            refused.add(row.pk)
    return refused


def _close(goes: Enterprise, twins: Sequence[Site], stays: Enterprise, reason: str, by: By) -> None:
    """Close the record that goes, with the sites that the other one has too: what still rests there ends."""
    closed = EnterpriseStatus.CLOSED
    StatusChange.objects.filter(site__in=twins, done_at=None).delete()
    for site in twins:
        site.status = closed
    Site.objects.bulk_update(twins, ["status"])
    follow_given(twins, reason=reason[:REASON_LENGTH], now=by["now"])
    goes.status, goes.merged_into = closed, stays
    goes.save(update_fields=["status", "merged_into"])


def _take_over(stays: Enterprise, goes: Enterprise) -> None:
    """Let the record that stays say what only the other one said; a USCC is the identity of one alone."""
    changed = [name for name in TAKEN_OVER if getattr(goes, name) and not getattr(stays, name)]
    for name in changed:
        setattr(stays, name, getattr(goes, name))
    if goes.uscc:
        code, goes.uscc = goes.uscc, None
        goes.no_uscc_reason, goes.import_key = NoUscc.UNKNOWN, ""
        let_be_found(goes)
        goes.save()
        stays.uscc, stays.no_uscc_reason, stays.import_key = code, "", code
        changed += ["uscc", "no_uscc_reason", "import_key"]
    if changed:
        let_be_found(stays)
        stays.save()
