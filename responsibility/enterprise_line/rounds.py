"""Checks of risk points fall due by rhythm: one duty, and one obligation a period, for a site and a rhythm.

All daily points of a site are one line of a to-do list. A new period lapses what was left of the old one,
visibly; a daily round that was missed is told by its record, not by an alert each day. Where nobody works by
the rule of the site's status, no round is opened, and none counts as missed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from responsibility.enterprise_line.models import RiskCheck, RiskPoint, RiskRound
from responsibility.enterprise_line.models.risks import CHECKED
from responsibility.obligations.choices import Outcome, Rhythm
from responsibility.obligations.kinds import Kind, kinds
from responsibility.obligations.models import Duty
from responsibility.obligations.periods import period_of
from responsibility.obligations.services import close_obligations, open_obligation
from responsibility.standing.resting import is_at_rest
from safegrid.audit.services import record
from safegrid.grid.models import Site
from safegrid.kernel import clock
from safegrid.kernel.addresses import addresses


def kind_of(rhythm: str) -> str:
    """Return the code of the obligation to check what has this rhythm."""
    return f"risk_check_{rhythm}"


KINDS = [kind_of(rhythm) for rhythm, _label in CHECKED]


def points_of(row: RiskRound) -> QuerySet[RiskPoint]:
    """Return the risk points that a round looks at, those with the worst score first."""
    points = RiskPoint.objects.present().filter(site=row.site_id, rhythm=row.rhythm)
    return points.order_by("-score", "pk")


def left_of(row: RiskRound) -> QuerySet[RiskPoint]:
    """Return those of them that nobody has looked at yet."""
    return points_of(row).filter(~Exists(RiskCheck.objects.filter(round=row, point=OuterRef("pk"))))


def follow(site: Site, *, now: dt.datetime) -> None:
    """Let the duties of a site follow its risk points: one for each rhythm that is in use."""
    used = set(RiskPoint.objects.present().filter(site=site).values_list("rhythm", flat=True))
    for rhythm, _label in CHECKED:
        kind = kind_of(rhythm)
        duty = Duty.objects.filter(kind=kind, site=site, enterprise=site.enterprise_id).first()
        if rhythm in used and duty is None:
            duty = Duty.objects.create(kind=kind, site=site, enterprise_id=site.enterprise_id, rhythm=rhythm)
        if duty is None:
            continue
        if rhythm in used:
            if duty.next_opens_at is None:
                open_round(duty=duty, now=now)
            for row in _open_rounds(duty):
                finish(row, now=now)  # what it still lacked may be gone
            continue
        _rest(duty, now=now)


def _rest(duty: Duty, *, now: dt.datetime) -> None:
    """Let a duty open nothing until it is woken, and end what is open without counting it as missed."""
    if duty.next_opens_at is not None:
        duty.next_opens_at = None
        duty.save(update_fields=["next_opens_at"])
    for row in _open_rounds(duty):
        close_obligations(subject=row, kinds=KINDS, outcome=Outcome.CANCELLED, now=now)
        _lapse(row, now=now)


def _lapse(row: RiskRound, *, now: dt.datetime) -> None:
    row.lapsed_at = now
    row.save(update_fields=["lapsed_at"])
    record(row, "risk_round.lapse", actor=None, acting_post=None, now=now)


def lapse_many(ids: Sequence[int], *, now: dt.datetime) -> None:
    """Lapse the rounds with these ids that are open, where a rule ends what is owed."""
    rows = RiskRound.objects.filter(pk__in=ids, done_at=None, lapsed_at=None)
    for row in rows.select_for_update().order_by("pk"):
        _lapse(row, now=now)


def _open_rounds(duty: Duty) -> QuerySet[RiskRound]:
    rows = RiskRound.objects.filter(site=duty.site_id, rhythm=duty.rhythm, done_at=None, lapsed_at=None)
    return rows.select_for_update().order_by("pk")


def open_round(*, duty: Duty, now: dt.datetime) -> None:
    """Open the round of the period that `now` lies in, and lapse what was left of the last.

    Called by the sweep for a duty whose time has come; repeating it changes nothing. A duty about nothing,
    or at a site that is at rest by its status, rests instead.
    """
    site = duty.site
    assert site is not None  # noqa: S101 (made by `follow`)
    used = RiskPoint.objects.present().filter(site=site, rhythm=duty.rhythm)
    if is_at_rest(site, duty.kind) or not used.exists():
        with transaction.atomic():
            _rest(duty, now=now)
        return
    _name, first, following = period_of(clock.local_date(now), duty.rhythm)
    last = following - dt.timedelta(days=1)
    with transaction.atomic():
        for left in _open_rounds(duty).exclude(first_day=first):
            close_obligations(subject=left, kinds=KINDS, outcome=Outcome.LAPSED, now=now)
            _lapse(left, now=now)
        row, created = RiskRound.objects.get_or_create(
            site=site,
            rhythm=duty.rhythm,
            first_day=first,
            defaults={"enterprise_id": site.enterprise_id, "last_day": last, "opened_at": now},
        )
        if not created and row.lapsed_at is not None:  # it rested in this very period, and is done again
            row.lapsed_at = None
            row.save(update_fields=["lapsed_at"])
            created = True
        if created:
            open_obligation(
                kind=kind_of(duty.rhythm),
                subject=row,
                site=site,
                debtor_enterprise=site.enterprise,
                due_at=row.due_at,
                duty=duty,
                params={"pk": row.pk, "site": site.name},
                now=now,
            )
            finish(row, now=now)  # what it still lacked when it rested may be gone
        duty.next_opens_at = row.due_at
        duty.save(update_fields=["next_opens_at"])


def finish(row: RiskRound, *, now: dt.datetime) -> bool:
    """Close a round in which everything has been looked at; whether it was."""
    if not row.is_open or left_of(row).exists():
        return False
    row.done_at = now
    row.save(update_fields=["done_at"])
    close_obligations(subject=row, kinds=KINDS, outcome=Outcome.MET, now=now)
    return True


def _url(params: dict[str, Any]) -> str:
    return addresses("responsibility:own_round", [params["pk"]])[0]


TITLES = {
    Rhythm.DAILY: _("Daily check of risk points: %(site)s"),
    Rhythm.WEEKLY: _("Weekly check of risk points: %(site)s"),
    Rhythm.MONTHLY: _("Monthly check of risk points: %(site)s"),
    Rhythm.QUARTERLY: _("Quarterly check of risk points: %(site)s"),
}
for _rhythm, _title in TITLES.items():
    kinds.plug(
        kind_of(_rhythm),
        Kind(
            kind_of(_rhythm),
            _title,
            _("Begin the check"),
            _url,
            _("Check of risk points"),
            open_period=open_round,
            lapse=lapse_many,
        ),
    )
