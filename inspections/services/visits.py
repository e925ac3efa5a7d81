"""Recording a visit: two officers with certificates in date, a time, items, what was found.

Administrative Penalty Law, Art. 42 (two officers, who show their certificates); Work Safety Law,
Art. 67–68 (the record and its signatures; a refusal to sign is recorded). A grid officer's patrol has
no legal effect: what it finds goes to the officer who decides there.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.choices import Road, Source
from hazards.models import Hazard
from hazards.numbers import next_number
from hazards.queries import deciding_post
from inspections.choices import Result, VisitKind
from inspections.models import ChecklistItem, Visit, VisitItem, VisitOfficer
from inspections.queries import kinds_of, visitable
from responsibility.leaders.periods import notice as count_for_leaders
from safegrid.accounts.choices import CertificateKind
from safegrid.accounts.models import Certificate, Post, User
from safegrid.accounts.queries import holders
from safegrid.accounts.services import involve
from safegrid.audit.services import record
from safegrid.files.models import StoredFile
from safegrid.grid.models import Matter, Site
from safegrid.grid.queries import matters_at
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed

NUMBER_PREFIX = "JC"
OFFICERS_NEEDED = 2
LONG_AGO = dt.timedelta(days=366)  # a visit before that is a slip in the year


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
    acting_post: Post | None,
    now: dt.datetime,
    note: str = "",
    refused_to_sign: bool = False,
) -> Visit:
    """Record a visit and register what was found; return it.

    `token` is the form's: sent twice, recorded once. `officers` are the posts that were there beside
    the acting one. Raise Invalid naming the field (`item_7` for an item), NotAllowed outside the post's
    scope.
    """
    if acting_post is None or not kinds_of(acting_post):
        raise NotAllowed
    if (known := _known(token, actor)) is not None:
        return known
    if not visitable(actor, acting_post).filter(pk=site.pk).exists():
        raise NotAllowed
    wrong = _wrong(kind, site, matter, visited_at, items, actor=actor, acting_post=acting_post, now=now)
    team = _team(kind, [acting_post, *officers], on=clock.local_date(visited_at))
    if kind == VisitKind.INSPECTION and len(team) < OFFICERS_NEEDED and "kind" not in wrong:
        wrong["officers"] = _("Two officers with a certificate in date are needed on the day of the visit.")
    if wrong:
        raise Invalid(wrong)
    try:
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
                VisitOfficer(visit=visit, post=post, user=user, certificate=number)
                for post, user, number in team
            )
            for post, _user, _number in team:
                involve(subject=visit, post=post, role="officer", now=now)
            for item, looked in items.items():
                row = VisitItem(visit=visit, item=item, result=looked.result, note=looked.note)
                if looked.result == Result.NOT_OK:
                    row.hazard = _found(visit, item, looked, actor=actor, acting_post=acting_post, now=now)
                row.save()
            count_for_leaders(
                posts=[post.pk for post, _user, _number in team], day=clock.local_date(visited_at), now=now
            )
            record(
                visit,
                "visit.record",
                actor=actor,
                acting_post=acting_post,
                now=now,
                data={"site": site.pk, "items": visit.item_count, "found": visit.found_count},
            )
    except IntegrityError:
        # The same form sent twice at the same moment: the other one was recorded.
        if (known := _known(token, actor)) is None:
            raise
        return known
    return visit


def _known(token: uuid.UUID, actor: User) -> Visit | None:
    return Visit.objects.filter(token=token, recorded_by=actor).first()


def _wrong(
    kind: VisitKind,
    site: Site,
    matter: Matter,
    visited_at: dt.datetime,
    items: Mapping[ChecklistItem, Looked],
    *,
    actor: User,
    acting_post: Post,
    now: dt.datetime,
) -> dict[str, str]:
    """Return a sentence for each field that cannot be as it is given."""
    wrong: dict[str, str] = {}
    if kind not in kinds_of(acting_post):
        wrong["kind"] = _("Only certified officers inspect; a grid officer patrols.")
    if visited_at > now:
        wrong["visited_at"] = _("This time lies ahead.")
    elif visited_at < now - LONG_AGO:
        wrong["visited_at"] = _("This is more than a year ago. Look at the year.")
    within = set(matters_at(site, actor, acting_post).values_list("pk", flat=True))
    if matter.pk not in within:
        wrong["matter"] = _("This is not one of your matters at this site.")
    if not items:
        wrong["items"] = _("Choose at least one item that was looked at.")
    for item, looked in items.items():
        if item.matter_id not in within:
            wrong[f"item_{item.pk}"] = _("This is not one of your matters at this site.")
        elif looked.result == Result.NOT_OK and not looked.note.strip():
            wrong[f"item_{item.pk}"] = _("Say what was found.")
    return wrong


def _team(kind: VisitKind, posts: Sequence[Post], *, on: dt.date) -> list[tuple[Post, User, str]]:
    """Return each person once, with a post of theirs and their certificate on the day of the visit.

    On an inspection only those who hold one count (Administrative Penalty Law, Art. 42).
    """
    manned = holders([post.pk for post in posts], on=on)
    team: dict[int, tuple[Post, User]] = {}
    for post in posts:
        if (user := manned.get(post.pk)) is not None:
            team.setdefault(user.pk, (post, user))
    numbers = certificates([user for _post, user in team.values()], on=on)
    people = [(post, user, numbers.get(user.pk, "")) for post, user in team.values()]
    return [each for each in people if each[2] or kind == VisitKind.PATROL]


def certificates(users: Sequence[User], *, on: dt.date) -> dict[int, str]:
    """Return the number of each person's enforcement certificate in date on the local day `on`."""
    rows = Certificate.objects.filter(
        user__in=users, kind=CertificateKind.ENFORCEMENT, span__contains=on
    ).values_list("user", "number")
    return dict(rows)


def _found(
    visit: Visit, item: ChecklistItem, looked: Looked, *, actor: User, acting_post: Post, now: dt.datetime
) -> Hazard:
    """Register what was wrong; what a patrol finds is decided on by the officer of that place."""
    is_patrol = visit.kind == VisitKind.PATROL
    decides = deciding_post(visit.site, item.matter) if is_patrol else acting_post
    is_later = clock.local_date(visit.visited_at) < clock.local_date(now)
    return hazards.report(
        site=visit.site,
        matter=item.matter,
        title=looked.note,
        description=item.text,
        road=Road.ORDERED,
        source=Source.PATROL if is_patrol else Source.INSPECTION,
        category=item.category_id,
        found_at=visit.visited_at,
        late_reason=_("recorded later, with visit %(number)s") % {"number": visit.number} if is_later else "",
        item_code=item.code,
        photos=looked.photos,
        decides=decides or acting_post,
        actor=actor,
        acting_post=acting_post,
        now=now,
    )
