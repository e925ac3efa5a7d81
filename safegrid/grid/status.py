"""A site or an enterprise closes, is suspended, works by season, or begins again: from a local day on.

What is open there follows by rules of the floors above (`sockets.status_followers`), which `preview` tells
before anything is done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from safegrid.audit.services import record
from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models import Enterprise, Site, StatusChange
from safegrid.grid.services import By
from safegrid.grid.sockets import Consequence, Merged, merged_rows, status_followers
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale

REASON_LENGTH = 300


def deciding(status: str, months: Sequence[int], on: dt.date) -> str:
    """Return the status by which what is open follows: in its season a seasonal site is at work."""
    if status == EnterpriseStatus.SEASONAL and on.month in months:
        return str(EnterpriseStatus.OPERATING)
    return status


def preview(
    *, enterprise: Enterprise, site: Site | None, status: str, months: Sequence[int] = (), since: dt.date
) -> list[Consequence]:
    """Return what a change would do to what is open there, kind by kind. Nothing is changed."""
    ids = [row.pk for row in _sites(enterprise, site)]
    decides = deciding(status, months, since)
    return [each for plug in status_followers for each in plug.preview(ids, decides)]


@transaction.atomic
def change_status(
    *,
    enterprise: Enterprise,
    site: Site | None,
    status: str,
    since: dt.date,
    reason: str,
    months: Sequence[int] = (),
    seen: str | None = None,
    **by: Unpack[By],
) -> StatusChange:
    """Give a site, or without one every site of `enterprise`, another status from the local day `since`.

    A later day is planned, and carried out when it comes. `seen` is the status that the person saw. Sent
    twice, the change that is there comes back. Raise Invalid by field, NotAllowed outside of reach, Stale.
    """
    problems = _problems(status, since, reason, months, clock.local_date(by["now"]))
    if problems:
        raise Invalid(problems)
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    rows = list(_sites(enterprise, site).select_for_update())
    must_reach_all(rows, by)
    reason, chosen = reason.strip()[:REASON_LENGTH], sorted(set(months))
    wanted = {"status": status, "months": chosen, "reason": reason}
    same = StatusChange.objects.filter(enterprise=enterprise, site=site, since=since).first()
    if same is not None and all(getattr(same, name) == value for name, value in wanted.items()):
        return same
    if seen is not None and seen != (rows[0].status if site is not None else _now_of(enterprise)):
        raise Stale(_("Meanwhile the status is another one; look at it again. Nothing was changed."))
    change, _created = StatusChange.objects.update_or_create(
        enterprise=enterprise,
        site=site,
        since=since,
        defaults=wanted | {"made_at": by["now"], "done_at": None, "at_work": None},
    )
    record(
        site or enterprise,
        "status.planned" if since > clock.local_date(by["now"]) else "status.changed",
        **by,
        data={
            "from": [str(row.status) for row in rows],
            "to": status,
            "since": since,
            "months": chosen,
            "reason": reason,
        },
    )
    carry_out(now=by["now"], only=change)
    return change


def _now_of(enterprise: Enterprise) -> str:
    return str(Enterprise.objects.values_list("status", flat=True).get(pk=enterprise.pk))


def _sites(enterprise: Enterprise, site: Site | None) -> Any:
    rows = Site.objects.filter(enterprise=enterprise).order_by("pk")
    return rows if site is None else rows.filter(pk=site.pk)


def _problems(
    status: str, since: dt.date, reason: str, months: Sequence[int], today: dt.date
) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    if status not in EnterpriseStatus.values:
        problems["status"] = _("Choose a status.")
    if since < today:
        problems["since"] = _("The past stays as it was: choose today or later.")
    if not reason.strip():
        problems["reason"] = _("Say why, in a few words.")
    if status == EnterpriseStatus.SEASONAL and not set(months) <= set(range(1, 13)):
        problems["months"] = _("There is no such month.")
    elif status == EnterpriseStatus.SEASONAL and not 0 < len(set(months)) < 12:
        problems["months"] = _("Choose the months in which it works, and not all of them.")
    elif status != EnterpriseStatus.SEASONAL and months:
        problems["months"] = _("Only what works by season has months.")
    return problems


def must_reach_all(rows: Sequence[Site], by: By) -> None:
    """Raise NotAllowed but for an official who reaches every one of the sites, as the post they act as."""
    if by["actor"] is None:
        return
    post = by["acting_post"]
    if post is None or post.enterprise_id is not None or not rows:
        raise NotAllowed
    ids = {row.pk for row in rows}
    reached = Site.objects.editable_by(by["actor"], post).filter(pk__in=ids)
    if set(reached.values_list("pk", flat=True)) != ids:
        raise NotAllowed


def carry_out(*, now: dt.datetime, only: StatusChange | None = None) -> int:
    """Carry out what is planned up to today, and let seasons begin and end; return how many were.

    Safe to repeat and to kill: each change is a transaction, and what is done is not done again.
    """
    today = clock.local_date(now)
    due = StatusChange.objects.filter(since__lte=today)
    seasonal = Q(status=EnterpriseStatus.SEASONAL)
    due = due.filter(pk=only.pk) if only is not None else due.filter(Q(done_at=None) | seasonal)
    done = 0
    for pk in list(due.order_by("since", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            done += _carry_out(pk, today=today, now=now)
    return done


def follow_given(sites: Sequence[Site], *, reason: str, now: dt.datetime) -> None:
    """Let what is open follow the status that sites have been given by another way, such as an import.

    It is kept as a change of today, so that an earlier one no longer speaks for them; but for a season, of
    which nobody has said the months. The same again changes nothing. A bounded number of statements.
    """
    by_status: dict[str, list[Site]] = {}
    for site in sites:
        by_status.setdefault(site.status, []).append(site)
    kept = [
        StatusChange(
            enterprise_id=site.enterprise_id,
            site=site,
            status=status,
            since=clock.local_date(now),
            reason=reason[:REASON_LENGTH],
            made_at=now,
            done_at=now,
            at_work=status == EnterpriseStatus.OPERATING,
        )
        for status, rows in by_status.items()
        if status != EnterpriseStatus.SEASONAL
        for site in rows
    ]
    StatusChange.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["enterprise", "site", "since"],
        update_fields=["status", "months", "reason", "made_at", "done_at", "at_work"],
    )
    for status, rows in by_status.items():
        for plug in status_followers:
            plug.follow([site.pk for site in rows], status, now=now)


def _carry_out(pk: int, *, today: dt.date, now: dt.datetime) -> bool:
    change = (
        StatusChange.objects.select_for_update(of=("self",)).select_related("enterprise", "site").get(pk=pk)
    )
    sites = list(_in_force(change, today=today))
    decides = deciding(change.status, change.months, today)
    at_work = decides == EnterpriseStatus.OPERATING
    if change.done_at is not None and (change.at_work == at_work or not sites):
        return False  # nothing is new, or a later change speaks for all of them
    if change.done_at is None:
        Site.objects.filter(pk__in=sites).update(status=change.status)
        if change.site is None or not _others_differ(change):
            Enterprise.objects.filter(pk=change.enterprise_id).update(status=change.status)
        change.done_at = now
    else:
        record(
            change.site or change.enterprise,
            "season.began" if at_work else "season.ended",
            actor=None,
            acting_post=None,
            now=now,
        )
    change.at_work = at_work
    change.save(update_fields=["done_at", "at_work"])
    for plug in status_followers:
        plug.follow(sites, decides, now=now)
    return True


def _in_force(change: StatusChange, *, today: dt.date) -> list[int]:
    """Return the sites that `change` still speaks for: those of which no later change does."""
    found = []
    for site in _sites(change.enterprise, change.site).values_list("pk", flat=True):
        latest = (
            StatusChange.objects.filter(enterprise=change.enterprise, since__lte=today)
            .filter(Q(site=site) | Q(site=None))
            .order_by("-since", "-made_at", "-pk")
            .first()
        )
        if latest is not None and latest.pk == change.pk:
            found.append(site)
    return found


def _others_differ(change: StatusChange) -> bool:
    """Whether a site of the enterprise has another status than the change gives one of them."""
    rows = Site.objects.filter(enterprise=change.enterprise).exclude(pk=change.site_id or 0)
    return rows.exclude(status=change.status).exists()


merged_rows.plug(
    "changes of status",
    Merged(StatusChange, ("enterprise",), "site", only=Q(site__isnull=False), twins=False, is_told=False),
)
merged_rows.plug("tenants", Merged(Site, site="landlord", is_told=False))
