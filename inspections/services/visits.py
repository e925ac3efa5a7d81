"""Recording a visit: two officers with certificates in date, a time, items, what was found.

Administrative Penalty Law, Art. 42 (two officers, who show their certificates); Work Safety Law,
Art. 67–68 (the record and its signatures; a refusal to sign is recorded). A grid officer's patrol has
no legal effect: what it finds goes to the officer who decides there.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.choices import Road, Source
from hazards.models import Hazard
from hazards.numbers import next_number
from hazards.queries import deciding_post
from inspections.choices import Result, VisitKind
from inspections.models import ChecklistItem, Visit, VisitItem, VisitOfficer
from safegrid.accounts.choices import CertificateKind, PostKind
from safegrid.accounts.models import Certificate, Post, User
from safegrid.accounts.queries import holders
from safegrid.accounts.services import involve
from safegrid.audit.services import record
from safegrid.files.models import StoredFile
from safegrid.grid.models import Matter, Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed

NUMBER_PREFIX = "JC"
OFFICERS_NEEDED = 2


@dataclass(frozen=True)
class Looked:
    """What was seen at one item."""

    result: str
    note: str = ""
    photos: Sequence[StoredFile] = ()


def record_visit(
    *,
    token: uuid.UUID,
    kind: VisitKind,
    site: Site,
    matter: Matter,
    visited_at: dt.datetime,
    officers: Sequence[Post],
    items: Mapping[ChecklistItem, Looked],
    actor: User,
    acting_post: Post,
    now: dt.datetime,
    note: str = "",
    refused_to_sign: bool = False,
) -> Visit:
    """Record a visit and register what was found; return it.

    `token` is the form's: sent twice, recorded once. `officers` are the posts that were there beside
    the acting one. Raise Invalid naming the field, NotAllowed outside the post's scope.
    """
    known = Visit.objects.filter(token=token, recorded_by=actor).first()
    if known is not None:
        return known
    if not Site.objects.editable_by(actor, acting_post).filter(pk=site.pk).exists():
        raise NotAllowed
    if visited_at > now:
        raise Invalid({"visited_at": _("This time lies ahead.")})
    if not items:
        raise Invalid({"items": _("Choose at least one item that was looked at.")})
    for item, looked in items.items():
        if looked.result == Result.NOT_OK and not looked.note.strip():
            raise Invalid({f"item_{item.pk}": _("Say what was found.")})
    team = _team(kind, [acting_post, *officers], on=clock.local_date(visited_at))
    with transaction.atomic():
        visit = Visit.objects.create(
            token=token,
            number=next_number(NUMBER_PREFIX, clock.local_date(now).year),
            kind=kind,
            site=site,
            enterprise=site.enterprise,
            matter=matter,
            unit=acting_post.unit,
            visited_at=visited_at,
            recorded_at=now,
            recorded_by=actor,
            recorded_post=acting_post,
            note=note,
            refused_to_sign=refused_to_sign,
            item_count=len(items),
            found_count=sum(looked.result == Result.NOT_OK for looked in items.values()),
            **site.place_ids,
        )
        VisitOfficer.objects.bulk_create(
            VisitOfficer(visit=visit, post=post, user=user, certificate=number) for post, user, number in team
        )
        for post, _user, _number in team:
            involve(subject=visit, post=post, role="officer", now=now)
        for item, looked in items.items():
            row = VisitItem(visit=visit, item=item, result=looked.result, note=looked.note)
            if looked.result == Result.NOT_OK:
                row.hazard = _found(visit, item, looked, actor=actor, acting_post=acting_post, now=now)
            row.save()
        record(
            visit,
            "visit.record",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"site": site.pk, "items": visit.item_count, "found": visit.found_count},
        )
    return visit


def _team(kind: VisitKind, posts: Sequence[Post], *, on: dt.date) -> list[tuple[Post, User, str]]:
    """Return each post with its holder and certificate; raise Invalid when an inspection lacks officers."""
    distinct = list({post.pk: post for post in posts}.values())
    manned = holders([post.pk for post in distinct], on=on)
    numbers = dict(
        Certificate.objects.filter(
            user__in=manned.values(), kind=CertificateKind.ENFORCEMENT, span__contains=on
        ).values_list("user", "number")
    )
    team = [(post, manned[post.pk]) for post in distinct if post.pk in manned]
    if kind == VisitKind.PATROL:
        return [(post, user, numbers.get(user.pk, "")) for post, user in team]
    if distinct[0].kind not in (PostKind.OFFICER, PostKind.SUPERVISOR):
        raise Invalid({"kind": _("Only certified officers inspect; a grid officer patrols.")})
    certified = [(post, user, numbers[user.pk]) for post, user in team if user.pk in numbers]
    if len({user.pk for _post, user, _number in certified}) < OFFICERS_NEEDED:
        raise Invalid(
            {"officers": _("Two officers with a certificate in date are needed on the day of the visit.")}
        )
    return certified


def _found(
    visit: Visit, item: ChecklistItem, looked: Looked, *, actor: User, acting_post: Post, now: dt.datetime
) -> Hazard:
    is_patrol = visit.kind == VisitKind.PATROL
    decides = deciding_post(visit.site, item.matter) if is_patrol else acting_post
    return hazards.report(
        site=visit.site,
        matter=item.matter,
        title=looked.note,
        description=item.text,
        road=Road.ORDERED,
        source=Source.PATROL if is_patrol else Source.INSPECTION,
        category=item.category,
        item_code=item.code,
        photos=looked.photos,
        decides=decides or acting_post,
        actor=actor,
        acting_post=acting_post,
        now=now,
    )
