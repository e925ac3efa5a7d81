"""A report that is another body's: passed on as a transfer, open until somebody accepts it."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hazards.reports import owing
from hazards.reports.choices import ReportState
from hazards.reports.lifecycle import TRANSFER
from hazards.reports.models import Report
from responsibility.transfers.subjects import By, Transferable, What, transferables
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.kernel.refusals import Refused

PASSABLE = (ReportState.RECEIVED, ReportState.ACCEPTED)


def may_pass_on(report: Report, post: Post) -> bool:
    """Whether `post` may say that it is not theirs: it deals with it, or is the committee's office."""
    return report.state in PASSABLE and (post.unit_id == report.unit_id or post.kind == PostKind.OFFICE)


def _may_send(report: Report, what: What, post: Post, on: dt.date) -> bool:
    return may_pass_on(report, post)


def _accepted(transfer: Any, report: Report, by: By) -> None:
    """Let the receiver deal with it: what was owed is theirs, by a deadline that begins anew."""
    if report.state not in PASSABLE:
        raise Refused(_("This report is no longer open; there is nothing left to accept."))
    report.unit = by.post.unit
    report.version += 1
    if report.post is None:
        report.post = by.post
        owing.owe_triage(report, now=by.now)
    else:
        owing.pass_on(report, to=by.post, now=by.now)
    report.save()
    record(
        report,
        "report.transfer",
        actor=by.actor,
        acting_post=by.acting_post,
        now=by.now,
        data={"to": by.post.pk, "transfer": transfer.pk},
    )


transferables.plug(
    TRANSFER,
    Transferable(
        name=gettext_lazy("Public report"),
        model=Report,
        asks=(),
        seen=lambda user: Report.objects.visible_to(user).select_related("matter", "site", "unit", "post"),
        words=lambda report: (f"{report.number} {report.title}", ""),
        url=lambda report: reverse("hazards:report", args=[report.number]),
        site=lambda report: None,  # or the enterprise there would see what is owed about it
        place=lambda report: report.place_ids,
        what=lambda report, what: What(report.matter),
        may_send=_may_send,
        is_over=lambda report, on: report.state not in PASSABLE,
        accepted=_accepted,
    ),
    order=50,
)
