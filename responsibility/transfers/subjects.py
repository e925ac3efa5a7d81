"""What can be transferred: a site, a duty of supervision, a finding. Upper floors plug in theirs.

A plug says who may give a subject away, and how its responsible body changes when somebody accepts it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from responsibility.assignments.choices import Line
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import assign, covers, end
from responsibility.coverage import owing
from responsibility.coverage.choices import FindingState
from responsibility.coverage.models import Finding
from responsibility.coverage.services import may_decide
from safegrid.accounts.models import Post
from safegrid.accounts.queries import scope_of
from safegrid.audit.services import record
from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models import Matter, Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, Refused
from safegrid.kernel.sockets import Socket

if TYPE_CHECKING:
    from responsibility.transfers.models import Transfer


@dataclass(frozen=True)
class What:
    """What exactly of a subject is transferred: for a site, which matter on which line and tier."""

    matter: Matter | None = None
    line: str = ""
    tier: str = ""


@dataclass(frozen=True)
class By:
    """Who accepts, as which post, when; `post` is the one that answers from then on."""

    post: Post
    actor: Any
    acting_post: Post
    now: dt.datetime


@dataclass(frozen=True)
class Transferable:
    """One kind of subject."""

    name: Any  # what it is called
    model: type[Model]
    asks: tuple[str, ...]  # of ("matter", "line", "tier"), what the sender says beside
    seen: Callable[[Any], Any]  # the rows of `model` that somebody reads
    words: Callable[[Any], tuple[str, str]]  # its name, and its English name
    url: Callable[[Any], str]
    site: Callable[[Any], Site | None]
    place: Callable[[Any], dict[str, int | None]]  # its place columns
    what: Callable[[Any, What], What]  # what is transferred, of what the sender said
    #: Whether a post may give it away; raises Invalid where another body answers for it.
    may_send: Callable[[Any, What, Post, dt.date], bool]
    #: Whether nothing is left on a day that somebody could take on: an open transfer of it closes by itself.
    is_over: Callable[[Any, dt.date], bool]
    #: Makes the receiver responsible, in the transaction of the acceptance.
    accepted: Callable[[Transfer, Any, By], None]


transferables: Socket[Transferable] = Socket("what can be transferred")


def _held(site: Site, what: What, *, on: dt.date) -> list[Assignment]:
    """Return the assignments over exactly this site, on this line and tier, for exactly this matter."""
    rows = Assignment.objects.as_of(on).filter(site=site, matter=what.matter, line=what.line, tier=what.tier)
    return list(rows.select_related("post__unit", "matter").order_by("pk"))


def _may_send_site(site: Site, what: What, post: Post, on: dt.date) -> bool:
    if what.matter is None or not covers(scope_of(post).of(acting=True), what.matter, None, site):
        return False
    others = [row for row in _held(site, what, on=on) if row.post.unit_id != post.unit_id]
    if others:
        text = _("%(post)s answers for it here; only their body can transfer it.")
        raise Invalid({"matter": text % {"post": others[0].post.label}})
    return True


def _today() -> dt.date:
    return clock.local_date(clock.now())


def _giver(transfer: Transfer) -> Post:
    """Return in whose scope it changes hands: the office's post that decided it, else who sent it."""
    last = transfer.legs.select_related("decided_by").order_by("-number").first()
    return last.decided_by if last is not None and last.decided_by is not None else transfer.sender_post


def _hand_over(rows: list[Assignment], transfer: Transfer, by: By, **over: Any) -> None:
    """End what the sender's body had, and let the receiver's post have the same: on the same day."""
    today = clock.local_date(by.now)
    day = max([today, *(row.span.lower + dt.timedelta(days=1) for row in rows)])
    who = {"actor": by.actor, "acting_post": by.acting_post, "now": by.now}
    giver = _giver(transfer)
    if not covers(scope_of(giver).of(acting=True), over["matter"], over["district"], over["site"]):
        raise Refused(_("The body that sent it may no longer give it away; the committee's office decides."))
    for row in rows:
        end(assignment=row, on=day, authority=giver, **who)
    assign(
        post=by.post,
        line=transfer.line,
        tier=transfer.tier,
        since=day,
        until=rows[0].span.upper if rows else None,
        basis=(rows[0].basis if rows else "") or str(_("Transfer accepted (Art. 69)")),
        document=str(_("Transfer no. %(pk)s") % {"pk": transfer.pk}),
        authority=giver,
        **over,
        **who,
    )


def _site_accepted(transfer: Transfer, site: Site, by: By) -> None:
    what = What(transfer.matter, transfer.line, transfer.tier)
    rows = [
        row
        for row in _held(site, what, on=clock.local_date(by.now))
        if row.post.unit_id == transfer.sender_unit_id
    ]
    _hand_over(rows, transfer, by, matter=transfer.matter, district=None, site=site)


transferables.plug(
    "site",
    Transferable(
        name=gettext_lazy("Site"),
        model=Site,
        asks=("matter", "line", "tier"),
        seen=lambda user: Site.objects.visible_to(user).select_related("enterprise"),
        words=lambda site: (site.name, ""),
        url=lambda site: f"{reverse('grid:enterprise', args=[site.enterprise_id])}?site={site.pk}",
        site=lambda site: site,
        place=lambda site: site.place_ids,
        what=lambda site, what: what,
        may_send=_may_send_site,
        is_over=lambda site, on: site.status == EnterpriseStatus.CLOSED,
        accepted=_site_accepted,
    ),
    order=10,
)


def _assignment_place(row: Assignment) -> dict[str, int | None]:
    from safegrid.grid.places.columns import columns

    return row.site.place_ids if row.site is not None else columns(row.district)


def _assignment_words(row: Assignment) -> tuple[str, str]:
    place = row.site.name if row.site is not None else (row.district.name if row.district else "")
    place_en = row.site.name if row.site is not None else (row.district.name_en if row.district else "")
    return f"{place} · {row.matter.name}", f"{place_en or place} · {row.matter.name_en or row.matter.name}"


def _may_send_assignment(row: Assignment, what: What, post: Post, on: dt.date) -> bool:
    is_ours = row.post.unit_id == post.unit_id and row.line != Line.ENTERPRISE
    return is_ours and covers(scope_of(post).of(acting=True), row.matter, row.district, row.site)


def _has_ended(row: Assignment, on: dt.date) -> bool:
    return row.span.upper is not None and row.span.upper <= on


def _assignment_accepted(transfer: Transfer, row: Assignment, by: By) -> None:
    if _has_ended(row, clock.local_date(by.now)):
        raise Refused(_("This duty has ended meanwhile; there is nothing left to accept."))
    _hand_over([row], transfer, by, matter=row.matter, district=row.district, site=row.site)


transferables.plug(
    "assignment",
    Transferable(
        name=gettext_lazy("Duty of supervision"),
        model=Assignment,
        asks=(),
        seen=lambda user: (
            Assignment.objects.visible_to(user)
            .as_of(_today())
            .select_related("post__unit", "matter", "district", "site")
        ),
        words=_assignment_words,
        url=lambda row: (
            f"{reverse('responsibility:assignments')}?place={row.district.code if row.district else ''}"
            if row.site_id is None
            else reverse("responsibility:site", args=[row.site_id])
        ),
        site=lambda row: row.site,
        place=_assignment_place,
        what=lambda row, what: What(row.matter, row.line, row.tier),
        may_send=_may_send_assignment,
        is_over=_has_ended,
        accepted=_assignment_accepted,
    ),
    order=20,
)


def _finding_words(finding: Finding) -> tuple[str, str]:
    return owing.where(finding)


def _finding_accepted(transfer: Transfer, finding: Finding, by: By) -> None:
    if finding.state != FindingState.OPEN:
        raise Refused(_("This finding is no longer open; there is nothing left to accept."))
    owing.pass_on(finding, to=by.post, now=by.now)
    record(
        finding,
        "finding.transfer",
        actor=by.actor,
        acting_post=by.acting_post,
        now=by.now,
        data={"to": by.post.pk, "transfer": transfer.pk},
    )


transferables.plug(
    "finding",
    Transferable(
        name=gettext_lazy("Coverage finding"),
        model=Finding,
        asks=(),
        seen=lambda user: Finding.objects.visible_to(user).select_related(
            "matter", "industry", "post", "whose"
        ),
        words=_finding_words,
        url=lambda finding: reverse("responsibility:finding", args=[finding.pk]),
        site=lambda finding: None,
        place=lambda finding: finding.place_ids,
        what=lambda finding, what: What(finding.matter, finding.line, finding.tier),
        may_send=lambda finding, what, post, on: finding.state == "open" and may_decide(finding, post),
        is_over=lambda finding, on: finding.state != FindingState.OPEN,
        accepted=_finding_accepted,
    ),
    order=30,
)
