"""Giving a post a duty of supervision, and taking it back. The past stays as it was."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from responsibility.assignments.choices import Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.spans import LENGTHENED, NEW, THERE, missing
from responsibility.transfers.choices import TransferState
from responsibility.transfers.models import Transfer
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import scope_of
from safegrid.audit.models import Entry
from safegrid.audit.services import Deed, record, subject_key
from safegrid.grid.models import District, Matter, Site
from safegrid.grid.queries import ids_in_line
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from safegrid.kernel.scope import NOWHERE, Branch, Reach, reach_of

#: Posts that decide who answers for what. Officers act in a place without saying who else does.
DECIDING = (PostKind.HEAD, PostKind.OFFICE, PostKind.SUPERVISOR)

ONE_LEAD = "assignment_one_lead_at_a_time"
ONCE = "assignment_once_at_a_time"


@dataclass(frozen=True)
class Given:
    """What has become of a duty that was given: its row, and whether that is NEW, LENGTHENED or THERE."""

    row: Assignment
    outcome: str


def may_assign(post: Post | None, place: District | None = None) -> bool:
    """Whether `post` decides in a scope of places, so that it can give duties: in `place`, or somewhere."""
    if post is None or post.kind not in DECIDING:
        return False
    inside = None if place is None else ids_in_line(place)
    return any(
        branch.city or (branch.level is not None and (inside is None or branch.place_id in inside))
        for branch in scope_of(post).of(acting=True).branches
    )


def acts_over(post: Post | None, place: District | None = None) -> bool:
    """Whether `post` acts for every matter in `place`, or somewhere.

    Who acts for one matter gives duties of that matter alone, fills no posts and guides no units.
    """
    if post is None:
        return False
    reach = scope_of(post).of(acting=True)
    if place is not None:
        return is_over(reach, ids_in_line(place))
    return any(branch.city or branch.level for branch in of_every_matter(reach).branches)


def of_every_matter(reach: Reach) -> Reach:
    """Return the branches of `reach` that hold for every matter, without what a post has become part of."""
    return Reach(branches=tuple(branch for branch in reach.branches if branch.matter_id is None))


def is_over(reach: Reach, places: Collection[int | None]) -> bool:
    """Whether a branch of `reach` holds, for every matter, what stands in all of `places`."""
    return any(_is_in(branch, places) for branch in of_every_matter(reach).branches)


def may_assign_over(user: Any, post: Post | None, site: Site) -> bool:
    """Whether `user` acts as `post` where `site` stands, and so can give duties over it. No query."""
    places = set(site.place_ids.values())
    return any(_is_in(branch, places) for branch in _acting(user, post).branches)


def may_end(user: Any, post: Post | None, assignment: Assignment) -> bool:
    """Whether `user`, as `post`, can let end what is assigned over one site. No query of its own."""
    return covers(_acting(user, post), assignment.matter, None, assignment.site)


def _acting(user: Any, post: Post | None) -> Reach:
    """Return where `user` decides as `post`."""
    if post is None or post.kind not in DECIDING:
        return NOWHERE
    return reach_of(user).of(acting=True, post_id=post.pk)


def _deciding(acting_post: Post | None, authority: Post | None) -> Reach:
    """Return where a duty may be given or ended: where the acting post decides, or the authority acts."""
    if authority is not None:
        return scope_of(authority).of(acting=True)
    if acting_post is None or acting_post.kind not in DECIDING:
        return NOWHERE
    return scope_of(acting_post).of(acting=True)


def assign(
    *,
    post: Post,
    line: str,
    tier: str,
    matter: Matter,
    district: District | None = None,
    site: Site | None = None,
    since: dt.date,
    until: dt.date | None = None,
    basis: str,
    document: str = "",
    actor: Any,
    acting_post: Post | None,
    authority: Post | None = None,
    now: dt.datetime,
) -> Given:
    """Let `post` answer for `matter` on a line and tier over a place or one site, and return what was done.

    From the local day `since`, today or later, up to and without `until`: afterwards the post answers on each
    of these days.
    What it has of them already stays as it was given; where it lacks some, what is there is lengthened. Sent
    twice, also by two at one moment, nothing more is changed.
    `authority` is the post in whose scope it is given, where somebody else acts on its behalf: who accepts a
    transfer does. The caller has asked it.
    Raise NotAllowed outside the acting post's own scope, Invalid for a span that begins before today or ends
    before it begins, and for a second lead: whoever leads already is named.
    """
    giver = authority or acting_post
    if giver is None or not covers(_deciding(acting_post, authority), matter, district, site):
        raise NotAllowed
    check_days(since, until, today=clock.local_date(now))
    if post.unit_id is None:
        raise Invalid({"post": _("An enterprise's post supervises nobody.")})
    basis, document = basis.strip(), document.strip()
    if not basis:
        raise Invalid({"basis": _("Name the law or the decision that it rests on.")})
    who = {"actor": actor, "acting_post": acting_post, "now": now}
    said = {"since": since, "until": until, "basis": basis, "document": document}
    wanted = {"line": line, "tier": tier, "matter": matter, "district": district, "site": site}
    own = Assignment.objects.select_for_update(of=("self",)).order_by("span", "pk")
    own = own.filter(post=post, span__overlap=(since, until), **wanted)
    with transaction.atomic():
        there = list(own)
        try:
            with transaction.atomic():
                if there:
                    return _lengthen(there, said, who)
                row = Assignment.objects.create(
                    post=post,
                    span=DateRange(since, until),
                    basis=basis,
                    document=document,
                    assigned_by=giver,
                    **wanted,
                )
        except IntegrityError as error:
            if not any(name in str(error) for name in (ONE_LEAD, ONCE)):
                raise
            leads = Assignment.objects.filter(**wanted, span__overlap=(since, until)).exclude(post=post)
            rivals = leads if tier == Tier.LEAD else leads.none()
            if there or rivals.exists() or not (there := list(own.all())):
                raise Invalid({"post": _already(rivals)}) from error
            return _lengthen(there, said, who)  # two have given this post the same at one moment
        record(row, "assignment.give", data=told(row), **who)
    return Given(row, NEW)


def check_days(since: dt.date, until: dt.date | None, *, today: dt.date) -> None:
    """Raise Invalid for days on which no duty can be given by hand: those before today, and none at all."""
    if since < today:
        raise Invalid({"since": _("This day is over: who answered then stays as it was.")})
    if until is not None and until <= since:
        raise Invalid({"until": _("It would end before it begins.")})


def _lengthen(rows: Sequence[Assignment], said: Mapping[str, Any], who: Mapping[str, Any]) -> Given:
    """Lengthen what is there of a duty by the days that are missing; what it rests on stays."""
    changed = missing(rows, said["since"], said["until"])
    for row, span in changed:
        before = row.span
        row.span = span
        row.save(update_fields=["span"])
        record(row, "assignment.lengthen", data=lengthening(before, span) | {"asked": dict(said)}, **who)
    return Given(changed[0][0], LENGTHENED) if changed else Given(rows[0], THERE)


def told(row: Assignment) -> dict[str, Any]:
    """Return what the ledger says of a duty that is given."""
    data = {
        "post": row.post_id,
        "line": row.line,
        "tier": row.tier,
        "matter": row.matter.code,
        "since": row.span.lower,
        "until": row.span.upper,
    }
    return data | ({"district": row.district.code} if row.district else {"site": row.site_id})


def all_told(row: Assignment) -> dict[str, Any]:
    """Return what the ledger keeps of a duty that is no more: all that it said."""
    return told(row) | {"basis": row.basis, "document": row.document, "by": row.assigned_by_id}


def lengthening(before: DateRange, after: DateRange) -> dict[str, Any]:
    """Return what the ledger says of a duty that is lengthened."""
    return {"was": [before.lower, before.upper], "since": after.lower, "until": after.upper}


def _already(rivals: Any) -> str:
    """Return who leads already, in words."""
    row = rivals.select_related("post").order_by("span").first()
    if row is None:
        return _("Somebody else has just been given the same; look again.")
    return _("%(post)s leads here already, since %(day)s; end that first.") % {
        "post": row.post.label,
        "day": date_format(row.span.lower),
    }


def end(
    *,
    assignment: Assignment,
    on: dt.date,
    actor: Any,
    acting_post: Post | None,
    authority: Post | None = None,
    now: dt.datetime,
) -> Assignment:
    """Let `assignment` end: the local day `on` is the first on which it is no longer in force. Return it.

    `authority` is as in `assign`.

    Raise NotAllowed outside the acting post's scope, Invalid for a day before today or before it began, Stale
    when it has ended already.
    """
    with transaction.atomic():
        row = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
        if not covers(_deciding(acting_post, authority), row.matter, row.district, row.site):
            raise NotAllowed
        if row.span.upper is not None and row.span.upper <= on:
            raise Stale(_("It has ended already."))
        if on < clock.local_date(now):
            raise Invalid({"on": _("This day is over: who answered then stays as it was.")})
        if on <= row.span.lower:
            raise Invalid({"on": _("It would end before it begins.")})
        row.span = DateRange(row.span.lower, on)
        row.save(update_fields=["span"])
        record(row, "assignment.end", actor=actor, acting_post=acting_post, now=now, data={"on": on})
    return row


def let_end(rows: Iterable[Assignment], *, on: dt.date, why: str) -> list[Deed]:
    """Let `rows` end on the local day `on`, and those that begin then or later never be in force.

    Return what the ledger has to say of it. In the caller's transaction, where nobody is asked.
    """
    deeds, undone = [], []
    for row in rows:
        if row.span.lower < on:
            row.span = DateRange(row.span.lower, on)
            row.save(update_fields=["span"])
            deeds.append(Deed(row, "assignment.end", {"on": on, "why": why}))
        else:
            deeds.append(Deed(row, "assignment.undo", all_told(row) | {"on": on, "why": why}))
            undone.append(row.pk)
    Assignment.objects.filter(pk__in=undone).delete()
    return deeds


def may_be_called_off(assignment: Assignment, *, on: dt.date) -> bool:
    """Whether it can be called off on the local day `on`: it begins that day or later. No query."""
    return bool(assignment.span.lower >= on)


def call_off(
    *, assignment: Assignment, actor: Any, acting_post: Post | None, now: dt.datetime
) -> dict[str, Any]:
    """Call off `assignment`, which has not begun or begins today, and return what it said.

    It is never in force, and the ledger keeps all that it said; of one that was lengthened what it was before
    comes back. Raise NotAllowed outside the acting post's scope, Stale when it is no longer there, Refused
    when it began before today, is being transferred or was just accepted: a refusal names another receiver.
    """
    with transaction.atomic():
        rows = Assignment.objects.select_for_update(of=("self",)).filter(pk=assignment.pk)
        row = rows.select_related("matter", "district", "site").first()
        if row is None:
            raise Stale(_("It has been called off already."))
        if not covers(_deciding(acting_post, None), row.matter, row.district, row.site):
            raise NotAllowed
        if not may_be_called_off(row, on=clock.local_date(now)):
            raise Refused(_("It has been in force already: let it end instead."))
        if Transfer.objects.open().filter(kind="assignment", subject_id=row.pk).exists():
            raise Refused(_("It is being transferred: withdraw the transfer first."))
        if _accepted(row).exists():
            raise Refused(_("It was accepted in a transfer: transfer it on, or back."))
        said, before = all_told(row), _before_lengthened(row)
        data = said | ({"back_to": [before.lower, before.upper]} if before is not None else {})
        record(row, "assignment.undo", actor=actor, acting_post=acting_post, now=now, data=data)
        if before is None:
            row.delete()
        else:
            row.span = before
            row.save(update_fields=["span"])
    return said


def _accepted(row: Assignment) -> QuerySet[Transfer]:
    """Return the transfers by whose acceptance a duty came to its post: it begins that day, or the next."""
    since = clock.day_end(row.span.lower - dt.timedelta(days=2))
    accepted = Transfer.objects.filter(state=TransferState.ACCEPTED, closed_at__gte=since)
    return accepted.filter(
        receiver_post=row.post, site=row.site, matter=row.matter, line=row.line, tier=row.tier
    )


def _before_lengthened(row: Assignment) -> DateRange | None:
    """Return the days of a duty before it was lengthened, where that was the last that was done to it."""
    last = Entry.objects.filter(subject=subject_key(row)).order_by("-sequence").first()
    if last is None or last.action != "assignment.lengthen":
        return None
    lower, upper = json.loads(last.body)["data"]["was"]
    return DateRange(dt.date.fromisoformat(lower), dt.date.fromisoformat(upper) if upper else None)


def covers(reach: Reach, matter: Matter, district: District | None, site: Site | None) -> bool:
    """Whether one branch of `reach` holds the whole of what an assignment is over."""
    if site is not None:
        return reaches(reach, matter, site.place_ids.values())
    if district is None:
        raise Refused(_("Name a place or a site."))
    return reaches(reach, matter, ids_in_line(district))


def reaches(reach: Reach, matter: Matter, places: Collection[int | None]) -> bool:
    """Whether one branch of `reach` holds `matter` in what stands in all of `places` (ids). No query."""
    return any(
        _is_in(branch, places) and (branch.matter_id is None or matter.pk in branch.matter_ids)
        for branch in reach.branches
    )


def _is_in(branch: Branch, places: Collection[int | None]) -> bool:
    """Whether a branch is over one of `places`: of what stands in all of them."""
    return branch.city or (branch.level is not None and branch.place_id in places)
