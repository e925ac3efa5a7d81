"""Who reported: sealed, shown only to those who must know, every look on record, erasable.

`may_see` is the one predicate. No list, page, export, search or API reads the table; only `look` does.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hazards.reports import sealing
from hazards.reports.choices import Contact
from hazards.reports.models import Report, Reporter
from responsibility.transfers.lifecycle import speaks
from safegrid.accounts.choices import PostKind
from safegrid.audit.services import record
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused

NAME_LENGTH = 60
PHONE_LENGTH = 30


@dataclass(frozen=True)
class Person:
    """Who reported, in plain words; None for what no key opens any more."""

    name: str | None
    phone: str | None


def may_see(report: Report, user: Any, post: Any) -> bool:
    """Whether somebody acting as `post` must know who reported: the body dealing with it, or the office."""
    if post is None or post.pk not in user.reach.post_ids or not speaks(post):
        return False
    deals = post.unit_id == report.unit_id or post.kind == PostKind.OFFICE
    return deals and Report.objects.editable_by(user, post).filter(pk=report.pk).exists()


def keep(report: Report, *, name: str, phone: str, now: dt.datetime) -> dict[str, str]:
    """Seal what the reporter gave, and return it for the ledger, which keeps keyed digests of it only."""
    given = {key: text.strip() for key, text in (("name", name), ("phone", phone)) if text.strip()}
    if given:
        sealed = {key: sealing.seal(text) for key, text in given.items()}
        Reporter.objects.create(report=report, given_at=now, **sealed)
    return given


def look(*, report: Report, actor: Any, acting_post: Any, now: dt.datetime) -> Person:
    """Return who reported; the ledger keeps who looked. Raise NotAllowed, or Refused for nothing."""
    if not may_see(report, actor, acting_post):
        raise NotAllowed
    with transaction.atomic():
        row = Reporter.objects.filter(report=report).first()
        if row is None:
            raise Refused(_("Nothing is kept about who reported this."))
        record(report, "report.look", actor=actor, acting_post=acting_post, now=now)
    return Person(sealing.unseal(row.name), sealing.unseal(row.phone))


def erase(*, report: Report, reason: str, actor: Any, acting_post: Any, now: dt.datetime) -> Report:
    """Erase who reported, for a reason, and return the report; it cannot be brought back.

    Raise NotAllowed, Invalid beside `reason`, Refused where nothing is kept.
    """
    if not may_see(report, actor, acting_post):
        raise NotAllowed
    if not (reason := reason.strip()):
        raise Invalid({"reason": _("Say why, in a few words.")})
    with transaction.atomic():
        gone, _each = Reporter.objects.filter(report=report).delete()
        if not gone:
            raise Refused(_("Nothing is kept about who reported this."))
        Report.objects.filter(pk=report.pk).update(contact=Contact.ERASED)
        record(
            report,
            "report.erase",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"reason": reason},
        )
    return report
