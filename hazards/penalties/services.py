"""The verbs: enter a penalty, correct one."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hazards.models import Hazard
from hazards.penalties.choices import PenaltyKind
from hazards.penalties.closing.services import check
from hazards.penalties.models import Penalty
from hazards.penalties.queries import is_ground, matters_at, may_correct, may_penalise, may_penalise_at
from safegrid.accounts.models import Post
from safegrid.accounts.services import involve
from safegrid.audit.services import record
from safegrid.grid.models import Matter, Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

LONG_AGO = dt.timedelta(days=5 * 366)  # a decision before that is a slip in the year


@dataclass(frozen=True)
class Decided:
    """What a decision says of one penalty; `amount` in yuan, of a fine only."""

    kind: str
    law: str
    article: str
    document: str
    decided_on: dt.date
    amount: Decimal | None = None
    is_of_law: bool = True
    visit_number: str = ""

    def clean(self, *, now: dt.datetime) -> Decided:
        """Return it without needless blanks. Raise Invalid naming each field that cannot be so."""
        texts = ("law", "article", "document", "visit_number")
        tidied: dict[str, Any] = {name: " ".join(getattr(self, name).split()) for name in texts}
        tidy = replace(self, **tidied)
        wrong = {}
        if tidy.kind not in PenaltyKind.values:
            wrong["kind"] = _("Choose a kind.")
        if tidy.kind == PenaltyKind.FINE and (tidy.amount is None or tidy.amount <= 0):
            wrong["amount"] = _("A fine has an amount above zero.")
        if tidy.kind != PenaltyKind.FINE and tidy.amount is not None:
            wrong["amount"] = _("Only a fine has an amount.")
        if not tidy.law:
            wrong["law"] = _("Name the law.")
        if not tidy.article:
            wrong["article"] = _("Name the article.")
        if not tidy.document:
            wrong["document"] = _("Give the number of the decision.")
        today = clock.local_date(now)
        if tidy.decided_on > today:
            wrong["decided_on"] = _("This day is still to come.")
        elif tidy.decided_on < today - LONG_AGO:
            wrong["decided_on"] = _("This is more than five years ago. Look at the year.")
        if wrong:
            raise Invalid(wrong)
        return tidy


def said(penalty: Penalty) -> Decided:
    """Return what the decision says, as it was entered."""
    return Decided(**{field.name: getattr(penalty, field.name) for field in fields(Decided)})


def penalise(
    *,
    token: uuid.UUID,
    decided: Decided,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
    hazard: Hazard | None = None,
    site: Site | None = None,
    matter: Matter | None = None,
) -> Penalty:
    """Enter a penalty for `hazard`, or for a `matter` of a `site`, and return it.

    `token` is the form's: sent twice, it is entered once. Raise NotAllowed outside the post's scope and
    powers, Refused where the enterprise corrects itself, Invalid by field.
    """
    if acting_post is None or acting_post.unit_id is None:
        raise NotAllowed
    if hazard is not None:
        if not may_penalise(hazard, actor, acting_post):
            raise NotAllowed
        site, matter = hazard.site, hazard.matter
    elif site is None or not may_penalise_at(site, actor, acting_post):
        raise NotAllowed
    elif matter is None or matter not in matters_at(site, actor, acting_post):
        raise Invalid({"matter": _("This is not one of your matters at this site.")})
    if (known := _known(token, actor)) is not None:
        return known
    if hazard is not None and not is_ground(hazard, now):
        raise Refused(
            _("The enterprise found this itself and is in time: that is no ground for a penalty.")
            if hazard.is_open
            else _("This hazard is no ground for a penalty.")
        )
    row = Penalty(
        token=token,
        hazard=hazard,
        enterprise_id=site.enterprise_id,
        site=site,
        matter=matter,
        unit_id=acting_post.unit_id,
        entered_at=now,
        entered_by=actor,
        entered_post=acting_post,
        **asdict(decided.clean(now=now)),
        **site.place_ids,
    )
    with transaction.atomic():
        row = _enter(row, "penalty.enter")
        check(row.enterprise_id, now=now, actor=actor, acting_post=acting_post)
    return row


def correct(
    *,
    penalty: Penalty,
    token: uuid.UUID,
    decided: Decided,
    is_void: bool,
    reason: str,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Penalty:
    """Let a new row stand for `penalty`, and return it: as `decided`, or annulled (`is_void`).

    What was entered stays to be read. Raise NotAllowed for other bodies, Stale when it was corrected
    meanwhile, Invalid by field.
    """
    if not may_correct(penalty, actor, acting_post):
        raise NotAllowed
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": _("Say why it is corrected.")})
    with transaction.atomic():
        old = Penalty.objects.select_for_update(of=("self",)).get(pk=penalty.pk)
        if (known := _known(token, actor)) is not None:  # the doubled form, in the same moment
            return known
        if old.replaced_at is not None:
            raise Stale(_("Meanwhile this penalty was corrected; look at it again."))
        what = said(old) if is_void else decided.clean(now=now)
        if (what, is_void) == (said(old), old.is_void):
            raise Invalid({"reason": _("Nothing is different from what stands there.")})
        Penalty.objects.filter(pk=old.pk).update(replaced_at=now)
        kept = ("hazard_id", "enterprise_id", "site_id", "matter_id", "unit_id")
        row = Penalty(
            token=token,
            replaces=old,
            origin_id=old.first_id,
            reason=reason,
            is_void=is_void,
            entered_at=now,
            entered_by=actor,
            entered_post=acting_post,
            **{name: getattr(old, name) for name in kept},
            **asdict(what),
            **old.place_ids,
        )
        row = _enter(row, "penalty.correct")
        check(row.enterprise_id, now=now, actor=actor, acting_post=acting_post)
    return row


def _known(token: uuid.UUID, actor: Any) -> Penalty | None:
    return Penalty.objects.filter(token=token, entered_by=actor).first()


def _enter(row: Penalty, action: str) -> Penalty:
    """Write `row` with its entry in the ledger; the same form in the same moment gives the first one's."""
    twin = Penalty.objects.standing().filter(unit=row.unit_id, document=row.document, kind=row.kind)
    if not row.is_void and twin.exists():
        raise Invalid({"document": _("This penalty of the decision is entered already.")})
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            who: dict[str, Any] = {"actor": row.entered_by, "acting_post": row.entered_post}
            involve(subject=row, post=row.entered_post, role="entered", now=row.entered_at)
            record(row, action, **who, now=row.entered_at, data=_data(row))
            if row.hazard is not None:
                data = {"penalty": row.pk, "document": row.document}
                record(row.hazard, f"hazard.{action}", **who, now=row.entered_at, data=data)
    except IntegrityError as error:
        if (known := _known(row.token, row.entered_by)) is not None:
            return known
        raise Invalid({"document": _("This penalty of the decision is entered already.")}) from error
    return row


def _data(row: Penalty) -> dict[str, Any]:
    data: dict[str, Any] = asdict(said(row)) | {"enterprise": row.enterprise_id, "site": row.site_id}
    if row.replaces_id is not None:
        data |= {"replaces": row.replaces_id, "reason": row.reason, "is_void": row.is_void}
    return data
