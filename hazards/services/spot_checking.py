"""Spot checks of what enterprises found themselves: drawn at random, by a seed that is kept (双随机).

Only a drawing looks at hazards that officials do not see; what is drawn is shared from then on.
"""

import datetime as dt
import random
import secrets
import uuid
from dataclasses import replace

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hazards.choices import Owed, Road, State
from hazards.models import Hazard, SpotCheck, SpotDraw
from hazards.queries import deciding_post
from hazards.services import owing
from hazards.services.deeds import Deed, Given
from hazards.services.on_site import show
from hazards.services.steps import write_step
from hazards.sharing import share_owed
from responsibility.obligations.choices import Outcome
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, User
from safegrid.accounts.queries import scope_of
from safegrid.audit.services import record
from safegrid.kernel.refusals import Invalid, NotAllowed
from safegrid.kernel.scope import Reach

LOCK = 0xD4A3  # two who draw at once would draw the same
MOST = 20  # hazards of one drawing
RECENT = dt.timedelta(days=90)  # what was found before is not drawn any longer
MAY_DRAW = (PostKind.OFFICE, PostKind.OFFICER, PostKind.SUPERVISOR)


def may_draw(post: Post | None) -> bool:
    """Return whether `post` may draw."""
    return post is not None and post.kind in MAY_DRAW


def draw(
    *,
    number: int,
    actor: User,
    acting_post: Post,
    now: dt.datetime,
    seed: int | None = None,
    key: uuid.UUID | None = None,
) -> SpotDraw:
    """Draw `number` hazards of the enterprises' own in the post's scope; each is shared and owes a check.

    Whoever decides there on hazards makes the check. With the same `key` nothing is drawn again: what was
    drawn is returned. Raise NotAllowed for a post that may not draw, Invalid for a number that is out of
    bounds or where nothing is left to be drawn.
    """
    if not may_draw(acting_post) or acting_post.pk not in actor.reach.post_ids:
        raise NotAllowed
    if not 1 <= number <= MOST:
        raise Invalid({"number": _("Draw 1 to %(most)s.") % {"most": MOST}})
    seed = secrets.randbits(48) if seed is None else seed
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if key and (made := SpotDraw.objects.filter(key=key, drawn_by=actor).first()):
            return made
        ids = list(_drawable(acting_post, now).values_list("pk", flat=True))
        if not ids:
            raise Invalid({"number": _("Nothing is there to be drawn.")})
        chosen = random.Random(seed).sample(ids, min(number, len(ids)))  # noqa: S311 (to be repeated, not guessed)
        made = SpotDraw.objects.create(
            seed=seed, key=key, drawn_at=now, drawn_by=actor, drawn_post=acting_post, among=len(ids)
        )
        rows = Hazard.objects.filter(pk__in=chosen).select_related("enterprise", "site", "matter")
        for hazard in rows.select_for_update(of=("self",)).order_by("pk"):
            _take(hazard, made, actor=actor, acting_post=acting_post, now=now)
        data = {"seed": seed, "among": len(ids), "drawn": sorted(chosen)}
        record(made, "hazards.draw", actor=actor, acting_post=acting_post, now=now, data=data)
    return made


def _drawable(post: Post, now: dt.datetime):  # type: ignore[no-untyped-def]
    """Return what can be drawn: in the post's places and matters, shared or not, found lately."""
    reach = scope_of(post).of(acting=True)
    whole = Reach(branches=tuple(replace(branch, whole=True) for branch in reach.branches))
    own = Hazard.objects.reached_by(whole).filter(road=Road.SELF, spot_check=None, found_at__gt=now - RECENT)
    return own.exclude(state=State.CANCELLED).order_by("pk")


def _take(hazard: Hazard, made: SpotDraw, *, actor: User, acting_post: Post, now: dt.datetime) -> None:
    hazard.is_shared = True
    hazard.version += 1
    hazard.save(update_fields=["is_shared", "version"])
    share_owed(hazard)
    post = deciding_post(hazard.site, hazard.matter) or acting_post
    SpotCheck.objects.create(draw=made, hazard=hazard, post=post)
    deed = Deed(hazard, Given(), actor, acting_post, now)
    owing.owe_check(deed, post)
    write_step(deed, "draw", hazard.state)
    data = {"draw": made.pk, "version": hazard.version}
    record(hazard, "hazard.draw", actor=actor, acting_post=acting_post, now=now, data=data)


def check(deed: Deed, target: str) -> None:
    """Keep that an officer has looked at it, and what they found."""
    SpotCheck.objects.filter(hazard=deed.hazard).update(checked_at=deed.now)
    show(deed)
    owing.close(deed, Owed.CHECK)


def settle(deed: Deed) -> None:
    """Officials take it over: what they look at from now on is the order."""
    SpotCheck.objects.filter(hazard=deed.hazard, checked_at=None).update(checked_at=deed.now)
    owing.close(deed, Owed.CHECK, outcome=Outcome.SUPERSEDED)
