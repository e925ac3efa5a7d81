"""What a hazard asks of somebody by a day: opened and closed together with its steps."""

from typing import Any

from hazards.choices import Owed
from hazards.services.deeds import Deed
from responsibility.calendars import services as calendar
from responsibility.calendars.models import DeadlinePolicy
from responsibility.obligations.choices import Outcome
from responsibility.obligations.models import Obligation
from responsibility.obligations.services import close_obligations, open_obligation
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.grid.choices import Size
from safegrid.kernel import clock


def owe_decision(deed: Deed, post: Post, *, label: str = "") -> None:
    """Let `post` owe the grade and the order, from when it was found: what is entered late has less time."""
    policy, due_at = calendar.deadline("decide", now=deed.hazard.found_at)
    due_at = max(due_at, clock.day_end(clock.local_date(deed.now)))
    _open(deed, Owed.DECIDE, due_at=due_at, policy=policy, debtor_post=post, label=label)


def owe_rectification(deed: Deed, *, policy: DeadlinePolicy | None = None, **more: Any) -> None:
    """Let the enterprise owe the rectification by the hazard's deadline, to whoever ordered it."""
    hazard = deed.hazard
    _open(
        deed,
        Owed.RECTIFY,
        due_at=hazard.due_at,
        original_due_on=hazard.original_due_on,
        debtor_enterprise=hazard.enterprise,
        creditor_post=hazard.ordered_by,
        policy=policy,
        was_given=hazard.paper_on is not None,
        **more,
    )


def owe_plan(deed: Deed) -> None:
    """Let the enterprise owe the plan for a major hazard."""
    _by_policy(
        deed,
        Owed.PLAN,
        "major_plan",
        debtor_enterprise=deed.hazard.enterprise,
        creditor_post=deed.hazard.ordered_by,
    )


def owe_telling(deed: Deed) -> None:
    """Let the enterprise owe the reports of a major hazard to regulator and workers (Art. 41)."""
    _by_policy(
        deed,
        Owed.TELL,
        "major_tell",
        debtor_enterprise=deed.hazard.enterprise,
        creditor_post=deed.hazard.ordered_by,
    )


def owe_resumption(deed: Deed, post: Post) -> None:
    """Let `post`, whose body suspended work, owe a decision on resuming it (Art. 65)."""
    _by_policy(deed, Owed.RESUME, "resume_review", debtor_post=post)


def owe_check(deed: Deed, post: Post) -> None:
    """Let `post` owe a look at what was drawn."""
    _by_policy(deed, Owed.CHECK, "spot_check", debtor_post=post)


def owe_acceptance(deed: Deed) -> None:
    """Let whoever ordered it owe the re-inspection."""
    _by_policy(deed, Owed.ACCEPT, "reinspect", debtor_post=deed.hazard.ordered_by)


def owe_confirmation(deed: Deed) -> None:
    """Let the enterprise owe a second look, by another person than who fixed it."""
    hazard = deed.hazard
    owner_alone = deed.post.kind == PostKind.PRINCIPAL and hazard.enterprise.size == Size.MICRO
    _by_policy(
        deed,
        Owed.CONFIRM,
        "confirm",
        debtor_enterprise=hazard.enterprise,
        not_by=None if owner_alone else hazard.fixed_by,
    )


def owe_answer(deed: Deed) -> None:
    """Let whoever ordered it owe an answer to the request for more time."""
    _by_policy(deed, Owed.EXTENSION, "extension_answer", debtor_post=deed.hazard.ordered_by)


def close(deed: Deed, *kinds: str, outcome: Outcome = Outcome.MET) -> list[Obligation]:
    """Close what is open of these kinds and return it."""
    return close_obligations(subject=deed.hazard, kinds=kinds, outcome=outcome, now=deed.now)


def _by_policy(deed: Deed, kind: Owed, code: str, **more: Any) -> None:
    policy, due_at = calendar.deadline(code, now=deed.now)
    _open(deed, kind, due_at=due_at, policy=policy, **more)


def _open(deed: Deed, kind: Owed, **more: Any) -> None:
    hazard = deed.hazard
    open_obligation(
        kind=kind,
        subject=hazard,
        site=hazard.site,
        matter=hazard.matter,
        is_major=hazard.is_major,
        is_shared=hazard.is_shared,
        params={"number": hazard.number, "title": hazard.title},
        now=deed.now,
        **more,
    )
