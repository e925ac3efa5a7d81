"""Risk points: entered, changed, removed, and coloured anew when the bands have changed."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from responsibility.enterprise_line import policies, rounds
from responsibility.enterprise_line.choices import CONSEQUENCES, EXPOSURES, LIKELIHOODS, MEASURES, PointKind
from responsibility.enterprise_line.models import RiskPoint, Staff
from responsibility.enterprise_line.models.risks import CHECKED
from responsibility.enterprise_line.services.writing import check, not_later, words
from safegrid.accounts.models import Post
from safegrid.audit.services import Deed, record, record_many
from safegrid.grid.models import Site
from safegrid.kernel.refusals import Invalid, Refused

POINT_ONCE = "risk_point_once"
#: What a person gives of a risk point; score and colour follow.
FACTS = (
    "name", "kind", "spot", "dangers", "likelihood", "exposure", "consequence", *MEASURES, "owner", "rhythm",
)  # fmt: skip


def enter_point(
    *,
    site: Site,
    facts: Mapping[str, Any],
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
    token: UUID | None = None,
) -> RiskPoint:
    """Enter a risk point of `site` and return it; the same form sent twice enters it once.

    Raise Invalid for values that L×E×C does not know, no measure at all, a person of others, or a point that
    is there already.
    """
    check(actor, acting_post, site.enterprise_id)
    given = _checked(site.enterprise_id, facts)
    with transaction.atomic():
        if token is not None:
            known = RiskPoint.objects.filter(token=token, site=site).first()
            if known is not None:
                return known
        row = RiskPoint(site=site, enterprise_id=site.enterprise_id, **given)
        if token is not None:
            row.token = token
        _save(row)
        record(
            row,
            "risk_point.enter",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"site": site.pk, "name": row.name, "score": str(row.score), "grade": row.grade},
        )
        rounds.follow(site, now=now)
    return row


def change_point(
    *, point: RiskPoint, facts: Mapping[str, Any], actor: Any, acting_post: Post | None, now: dt.datetime
) -> RiskPoint:
    """Change what is known of a risk point; what is the same already changes nothing."""
    check(actor, acting_post, point.enterprise_id)
    given = _checked(point.enterprise_id, facts)
    with transaction.atomic():
        row = RiskPoint.objects.select_for_update(of=("self",)).select_related("site").get(pk=point.pk)
        if row.removed_on is not None:
            raise Refused(_("This risk point has been removed."))
        changed = {name: value for name, value in given.items() if getattr(row, name) != value}
        if not changed:
            return row
        before = {name: _plain(getattr(row, name)) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        _save(row)
        record(
            row,
            "risk_point.change",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"from": before, "to": {name: _plain(value) for name, value in changed.items()}},
        )
        rounds.follow(row.site, now=now)
    return row


def remove_point(
    *, point: RiskPoint, on: dt.date, reason: str, actor: Any, acting_post: Post | None, now: dt.datetime
) -> RiskPoint:
    """Say that a risk point is gone, from which day and why. It stays on record; sent twice it is once."""
    check(actor, acting_post, point.enterprise_id)
    not_later(on, "on", now=now)
    reason = words(reason, "reason", _("Say why."))
    with transaction.atomic():
        row = RiskPoint.objects.select_for_update(of=("self",)).select_related("site").get(pk=point.pk)
        if row.removed_on is not None:
            return row
        row.removed_on = on
        row.save(update_fields=["removed_on"])
        data = {"on": on, "reason": reason}
        record(row, "risk_point.remove", actor=actor, acting_post=acting_post, now=now, data=data)
        rounds.follow(row.site, now=now)
    return row


def recolour(*, actor: Any, acting_post: Any, now: dt.datetime, write: bool = True) -> int:
    """Give every risk point the colour that the bands give its score today; return how many change.

    Nothing changes its colour by itself when a band is edited. Each that changes gets a ledger entry.
    """
    known = policies.bands()
    moved: list[tuple[RiskPoint, str]] = []
    with transaction.atomic():
        rows = RiskPoint.objects.present().order_by("pk")
        for row in rows.select_for_update() if write else rows:
            grade = policies.grade_of(row.score, known)
            if grade != row.grade:
                moved.append((row, row.grade))
                row.grade = grade
        if write:
            RiskPoint.objects.bulk_update([row for row, _was in moved], ["grade"], batch_size=1000)
            deeds = [Deed(row, "risk_point.recolour", {"from": was, "to": row.grade}) for row, was in moved]
            for start in range(0, len(deeds), 1000):
                record_many(deeds[start : start + 1000], actor=actor, acting_post=acting_post, now=now)
    return len(moved)


def _checked(enterprise_id: int, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be saved, with score and colour."""
    given = {name: facts[name] for name in FACTS}
    given["name"] = words(given["name"], "name", _("Say what the risk point is."))
    values = (("likelihood", LIKELIHOODS), ("exposure", EXPOSURES), ("consequence", CONSEQUENCES))
    wrong = {name: _("The method knows no such value.") for name, known in values if given[name] not in known}
    if given["kind"] not in PointKind.values:
        wrong["kind"] = _("There is no such choice for you.")
    if given["rhythm"] not in dict(CHECKED):
        wrong["rhythm"] = _("There is no such choice for you.")
    if not any(given[name].strip() for name in MEASURES):
        wrong["engineering"] = _("Say what is done about it: at least one measure.")
    owner = given["owner"]
    if not isinstance(owner, Staff) or owner.enterprise_id != enterprise_id or owner.left_on is not None:
        wrong["owner"] = _("Choose a person of the enterprise.")
    if wrong:
        raise Invalid(wrong)
    score = Decimal(given["likelihood"]) * Decimal(given["exposure"]) * Decimal(given["consequence"])
    return given | {"score": score, "grade": policies.grade_of(score, policies.bands())}


def _plain(value: Any) -> Any:
    if isinstance(value, Staff):
        return value.pk
    return str(value) if isinstance(value, Decimal) else value


def _save(row: RiskPoint) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if POINT_ONCE not in str(error):
            raise
        raise Invalid({"name": _("This risk point is there already.")}) from error
