"""What the page of one hazard shows: whose move it is, its pictures, what is beside it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from hazards.ledger.fields import FIELDS
from hazards.ledger.models import LedgerRow
from hazards.ledger.telling import told_for
from hazards.listed.wording import STEPS as OF_LISTING
from hazards.models import Hazard, Step
from hazards.sources import is_hidden
from hazards.wording import DONE
from responsibility.obligations import words
from responsibility.obligations.models import Obligation
from responsibility.obligations.services import about
from safegrid.accounts.choices import ENTERPRISE_POSTS
from safegrid.accounts.models import Post, User
from safegrid.accounts.queries import holders
from safegrid.files.choices import FileState, Role
from safegrid.files.models import Evidence, StoredFile
from safegrid.kernel import clock

BESIDE = 5  # rows of each list below


@dataclass(frozen=True)
class Person:
    """Who holds a post that must move; `holder` None: the post is vacant."""

    post: Post
    holder: User | None


@dataclass(frozen=True)
class Turn:
    """Something that somebody owes about the hazard."""

    what: str
    debtor: Any  # the enterprise or the post
    people: list[Person]
    due_on: dt.date
    over: int
    is_overdue: bool


def turns(hazard: Hazard, *, now: dt.datetime) -> list[Turn]:
    """Return whose move it is and by when, what is due first on top. Four queries."""
    owed = list(
        about(hazard).open().select_related("debtor_post", "debtor_enterprise").order_by("due_at", "pk")
    )
    posts = _posts(hazard, owed)
    manned = holders([post.pk for post in posts], on=clock.local_date(now))
    return [
        Turn(
            what=words.name(row.label),
            debtor=row.debtor_post or row.debtor_enterprise,
            people=[
                Person(post, manned.get(post.pk))
                for post in posts
                if _may_meet(row, post, manned.get(post.pk))
            ],
            due_on=row.due_on,
            over=row.days_over(now),
            is_overdue=row.is_overdue(now),
        )
        for row in owed
    ]


def _posts(hazard: Hazard, owed: Sequence[Obligation]) -> list[Post]:
    named = [row.debtor_post_id for row in owed if row.debtor_post_id]
    of_enterprise = Q(enterprise=hazard.enterprise_id, kind__in=ENTERPRISE_POSTS)
    return list(Post.objects.filter(Q(pk__in=named) | of_enterprise).select_related("unit").order_by("pk"))


def _may_meet(row: Obligation, post: Post, holder: User | None) -> bool:
    if row.debtor_post_id is not None:
        return post.pk == row.debtor_post_id
    return post.enterprise_id == row.debtor_enterprise_id and (holder is None or holder.pk != row.not_by_id)


@dataclass(frozen=True)
class Round:
    """The photos of one attempt at rectification."""

    number: int
    photos: list[StoredFile]


@dataclass(frozen=True)
class Pictures:
    """How it looked before, after, and after earlier attempts that were sent back."""

    before: list[StoredFile]
    after: list[StoredFile]
    earlier: list[Round]
    is_waiting: bool  # whether something is still being prepared
    others: list[StoredFile]  # what shows neither: of measures, of paper orders

    @property
    def pair(self) -> tuple[StoredFile, StoredFile] | None:
        """Before and after to be laid over each other, when both can be seen."""
        ready = [
            next((photo for photo in photos if photo.state == FileState.READY), None)
            for photos in (self.before, self.after)
        ]
        return (ready[0], ready[1]) if ready[0] and ready[1] else None


def pictures(hazard: Hazard) -> Pictures:
    """Return the evidence of a hazard. One query."""
    rows = Evidence.objects.filter(subject_type__model="hazard", subject_id=hazard.pk)
    found: dict[tuple[str, int], list[StoredFile]] = defaultdict(list)
    for row in rows.select_related("file").order_by("pk"):
        found[row.role, row.round if row.role == Role.AFTER else 0].append(row.file)
    return Pictures(
        before=found.get((Role.BEFORE, 0), []),
        after=found.get((Role.AFTER, hazard.round), []),
        earlier=[
            Round(number, photos)
            for (role, number), photos in sorted(found.items(), reverse=True)
            if role == Role.AFTER and number < hazard.round
        ],
        others=found.get((Role.OTHER, 0), []),
        is_waiting=any(photo.state == FileState.WAITING for photos in found.values() for photo in photos),
    )


def same_before(hazard: Hazard, user: Any) -> list[Hazard]:
    """Return earlier hazards of the same checklist item at the same site that `user` sees."""
    if not hazard.item_code:
        return []
    same = Hazard.objects.visible_to(user).filter(site=hazard.site_id, item_code=hazard.item_code)
    return list(same.filter(pk__lt=hazard.pk).order_by("-pk")[:BESIDE])


def merged(hazard: Hazard, user: Any) -> tuple[Hazard | None, list[Hazard]]:
    """Return the one that the hazard was merged into, and those merged into it, as `user` sees them.

    Two queries, one where it stands alone.
    """
    seen = Hazard.objects.visible_to(user)
    into = seen.filter(pk=hazard.merged_into_id).first() if hazard.merged_into_id else None
    return into, list(seen.filter(merged_into=hazard.pk).order_by("pk"))


def others_open(hazard: Hazard, user: Any) -> list[Hazard]:
    """Return other open hazards of the enterprise that `user` sees, what is due first on top."""
    rows = Hazard.objects.visible_to(user).open().filter(enterprise=hazard.enterprise_id)
    return list(rows.exclude(pk=hazard.pk).select_related("site").order_by("due_on", "pk")[:BESIDE])


def told(hazard: Hazard, reader: Any) -> list[tuple[Any, str]]:
    """Return what the office's ledger said that has no place of its own, with its labels; often nothing.

    As `reader` may know it.
    """
    row: LedgerRow | None = getattr(hazard, "ledger_row", None)
    if row is None:
        return []
    said = told_for(reader, hazard.enterprise_id, row.told)
    return [(field.label, said[field.code]) for field in FIELDS if said.get(field.code)]


@dataclass(frozen=True)
class Event:
    """A step as the timeline shows it."""

    step: Step
    what: Any
    new_deadline: dt.date | None

    @property
    def is_told(self) -> bool:
        """Whether a ledger told of it, which names days and no hours."""
        return self.step.action.startswith("told_")


def timeline(hazard: Hazard, reader: Any) -> list[Event]:
    """Return what has happened, the first on top, as `reader` may know it. One query."""
    is_secret = is_hidden(hazard.source, hazard.enterprise_id, reader)
    found: list[Event] = []
    before: Step | None = None
    for step in hazard.steps.select_related("actor", "acting_post"):
        if is_secret and before is None:
            step.actor = step.acting_post = None
        again = step.action == "grade" and step.from_state == step.to_state
        is_new = step.due_on is not None and (before is None or step.due_on != before.due_on)
        found.append(
            Event(
                step,
                OF_LISTING.get(step.action) or DONE["grade_again" if again else step.action],
                step.due_on if is_new else None,
            )
        )
        before = step
    return found
