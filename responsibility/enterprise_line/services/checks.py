"""Looking at risk points: in order with one tap, or what is wrong, which becomes the enterprise's hazard."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from responsibility.enterprise_line import rounds
from responsibility.enterprise_line.choices import CheckResult
from responsibility.enterprise_line.models import RiskCheck, RiskPoint, RiskRound
from responsibility.enterprise_line.services.writing import check, words
from responsibility.enterprise_line.sockets import risk_check_found
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.kernel.refusals import Refused


def check_point(
    *,
    row: RiskRound,
    point: RiskPoint,
    result: str,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
    note: str = "",
    fix_by: dt.date | None = None,
) -> RiskCheck:
    """Note how a risk point was found in a round, and return it; looked at twice, the first one counts.

    What is wrong is registered by whoever is plugged in for it, to be fixed by `fix_by`. When everything has
    been looked at, the round is done. Raise Refused for a round that is over or a point that is not in it,
    Invalid for nothing said.
    """
    poster = check(actor, acting_post, row.enterprise_id)
    with transaction.atomic():
        taken = RiskRound.objects.select_for_update(of=("self",)).select_related("site").get(pk=row.pk)
        known = RiskCheck.objects.filter(round=taken, point=point).first()
        if known is not None:
            return known
        if not taken.is_open:
            raise Refused(_("This round of checks is over."))
        mine = rounds.points_of(taken).select_related("site__enterprise").filter(pk=point.pk).first()
        if mine is None:
            raise Refused(_("This risk point is not part of the round."))
        done = RiskCheck(round=taken, point=mine, result=result, checked_at=now, checked_by=actor)
        if result == CheckResult.FOUND:
            done.note = words(note, "note", _("Say what is wrong."))
            for register in risk_check_found:
                done.reference = register(
                    point=mine, what=done.note, fix_by=fix_by, actor=actor, acting_post=poster, now=now
                )
                break
        done.save()
        record(
            taken,
            "risk_round.check",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"point": mine.pk, "result": result, "reference": done.reference},
        )
        rounds.finish(taken, now=now)
    return done


def check_rest(*, row: RiskRound, actor: Any, acting_post: Post | None, now: dt.datetime) -> int:
    """Note that all risk points of a round that are left were looked at and are in order; return how many."""
    check(actor, acting_post, row.enterprise_id)
    with transaction.atomic():
        taken = RiskRound.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if not taken.is_open:
            return 0
        left = list(rounds.left_of(taken).values_list("pk", flat=True))
        RiskCheck.objects.bulk_create(
            RiskCheck(round=taken, point_id=pk, result=CheckResult.IN_ORDER, checked_at=now, checked_by=actor)
            for pk in left
        )
        if left:
            data = {"points": left, "result": CheckResult.IN_ORDER.value}
            record(taken, "risk_round.check", actor=actor, acting_post=acting_post, now=now, data=data)
        rounds.finish(taken, now=now)
    return len(left)
