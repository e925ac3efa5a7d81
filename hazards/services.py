"""The verbs on hazards. Every change of state goes through `act`, the one door (lifecycle table)."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hazards.choices import Category, ExtensionState, Grade, Road, Source, State
from hazards.lifecycle import MACHINE, actor_for
from hazards.models import NO_DEADLINE, Extension, Hazard, RectificationPlan, Step
from hazards.numbers import next_number
from responsibility.calendars import services as calendar
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import about, close_obligations, move_deadline, open_obligation
from safegrid.accounts.models import Post, User
from safegrid.accounts.services import involve
from safegrid.audit.services import record
from safegrid.files.choices import Role
from safegrid.files.models import Evidence, StoredFile
from safegrid.files.services import attach
from safegrid.grid.models import Matter, Site
from safegrid.kernel import clock
from safegrid.kernel.bigrams import bigrams
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

NUMBER_PREFIX = "XN"

#: Kinds of obligation that a hazard opens.
DECIDE, PLAN, RECTIFY, ACCEPT, CONFIRM, EXTENSION = (
    "hazard_decide",
    "hazard_plan",
    "hazard_rectify",
    "hazard_accept",
    "hazard_confirm",
    "hazard_extension",
)
ALL_KINDS = (DECIDE, PLAN, RECTIFY, ACCEPT, CONFIRM, EXTENSION)


@dataclass(frozen=True)
class Given:
    """What the person gave with an act. Which of it is required, the lifecycle table says."""

    note: str = ""
    due_on: dt.date | None = None
    due_at: dt.datetime | None = None  # an exact moment instead of the end of `due_on`
    grade: str = ""
    major_basis: str = ""
    category: str = ""
    measures: str = ""
    photos: Sequence[StoredFile] = ()
    responsible: str = ""
    plan_measures: str = ""
    funds: Decimal | None = None
    plan_due_on: dt.date | None = None
    contingency: str = ""


@dataclass
class _Deed:
    """One act under way: what the effects of each action work on."""

    hazard: Hazard
    given: Given
    actor: User
    post: Post
    now: dt.datetime
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def params(self) -> dict[str, Any]:
        return {"number": self.hazard.number, "title": self.hazard.title}


def report(
    *,
    site: Site,
    matter: Matter,
    title: str,
    road: Road,
    source: Source,
    category: Category,
    actor: User,
    acting_post: Post,
    now: dt.datetime,
    description: str = "",
    spot: str = "",
    item_code: str = "",
    photos: Sequence[StoredFile] = (),
    after: Sequence[StoredFile] = (),
    fixed: bool = False,
    plan_due_on: dt.date | None = None,
    measures: str = "",
    decides: Post | None = None,
) -> Hazard:
    """Register a hazard and return it.

    On the order road it begins ungraded and the post that `decides` (by default the finder's) owes a
    decision. On the enterprise's own road
    it is either `fixed` on the spot, with photos `after`, and somebody else confirms it; or it is
    planned for `plan_due_on`, within the limit that the policy gives. No order, no penalty (自查自改).
    Raise Invalid naming the field that is not acceptable.
    """
    if not title.strip():
        raise Invalid({"title": _("Say what is wrong.")})
    if road == Road.SELF and fixed and not after:
        raise Invalid({"photos": _("A photo of what was fixed is needed.")})
    if road == Road.SELF and not fixed:
        _check_own_date(plan_due_on, now=now)
    with transaction.atomic():
        hazard = Hazard(
            number=next_number(NUMBER_PREFIX, clock.local_date(now).year),
            enterprise=site.enterprise,
            site=site,
            matter=matter,
            industry_id=site.industry_id,
            then_district_id=site.district_id,
            then_township_id=site.township_id,
            road=road,
            source=source,
            title=title.strip(),
            description=description,
            spot=spot,
            item_code=item_code,
            category=category,
            measures=measures,
            fixed_on_the_spot=fixed,
            state=State.REPORTED,
            found_at=now,
            found_by=actor,
            found_post=acting_post,
            **site.place_ids,
        )
        hazard.search = bigrams(hazard.number, hazard.title, site.enterprise.name, site.name)
        if road == Road.SELF:
            _begin_own_road(hazard, fixed=fixed, plan_due_on=plan_due_on, actor=actor)
        hazard.save()
        attach(files=photos, subject=hazard, role=Role.BEFORE, round=1, actor=actor, now=now)
        attach(files=after, subject=hazard, role=Role.AFTER, round=1, actor=actor, now=now)
        involve(subject=hazard, post=acting_post, role="found", now=now)
        _step(hazard, "report", "", actor=actor, post=acting_post, now=now, note=description)
        record(
            hazard,
            "hazard.report",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"state": hazard.state, "road": road, "site": site.pk, "title": hazard.title},
        )
        _owe_after_report(_Deed(hazard, Given(), actor, acting_post, now), decides or acting_post)
    return hazard


def _check_own_date(day: dt.date | None, *, now: dt.datetime) -> None:
    today = clock.local_date(now)
    if day is None:
        raise Invalid({"plan_due_on": _("Say by when it will be fixed.")})
    if day < today:
        raise Invalid({"plan_due_on": _("This day is over. Choose today or later.")})
    limit = calendar.due_on(calendar.policy("self_plan_limit", on=today), start=today)
    if day > limit:
        raise Invalid({"plan_due_on": _("Choose a day up to %(limit)s.") % {"limit": limit.isoformat()}})


def _begin_own_road(hazard: Hazard, *, fixed: bool, plan_due_on: dt.date | None, actor: User) -> None:
    if fixed:
        hazard.state, hazard.fixed_by = State.TO_CONFIRM, actor
    else:
        assert plan_due_on is not None  # noqa: S101 (checked by the caller)
        hazard.state = State.RECTIFYING
        hazard.due_on = hazard.original_due_on = plan_due_on
        hazard.due_at = clock.day_end(plan_due_on)


def _owe_after_report(deed: _Deed, decides: Post) -> None:
    hazard = deed.hazard
    if hazard.state == State.REPORTED:
        _owe(deed, DECIDE, "decide", debtor_post=decides)
    elif hazard.state == State.TO_CONFIRM:
        _owe(deed, CONFIRM, "confirm", debtor_enterprise=hazard.enterprise)
    else:
        _owe_rectification(deed)


def act(
    *,
    hazard: Hazard,
    action: str,
    given: Given,
    version: int,
    actor: User,
    acting_post: Post,
    now: dt.datetime,
) -> Hazard:
    """Apply one action of the lifecycle table and return the hazard as it is then.

    `version` is the one that the person saw: if the hazard has moved on since, or the same form is
    sent twice, Stale is raised and nothing changes. Raise NotAllowed when the post may not do it,
    Invalid naming the field when something required is missing or wrong.
    """
    with transaction.atomic():
        fresh = (
            Hazard.objects.select_for_update(of=("self",))
            .select_related("enterprise", "site")
            .get(pk=hazard.pk)
        )
        if fresh.version != version:
            raise Stale(
                _("%(number)s has moved on since you opened it. Look at it again; nothing was changed.")
                % {"number": fresh.number}
            )
        move = MACHINE.find(fresh, action)
        if move is None:
            raise Refused(_("This is no longer possible for %(number)s.") % {"number": fresh.number})
        if not MACHINE.may(move, fresh, actor_for(fresh, actor, acting_post)):
            raise NotAllowed(str(MACHINE.words[move.who[0]]))
        _require(move.requires, given)
        deed = _Deed(fresh, given, actor, acting_post, now)
        before, target = fresh.state, move.target or fresh.state
        EFFECTS[action](deed, target)
        fresh.state, fresh.version = target, version + 1
        fresh.save()
        _step(fresh, action, before, actor=actor, post=acting_post, now=now, note=given.note)
        record(
            fresh,
            f"hazard.{action}",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"from": before, "to": target, "version": fresh.version, **deed.data},
        )
    return fresh


MISSING = {
    "note": lambda: _("Say it in a few words."),
    "photos": lambda: _("A photo is needed."),
    "due_on": lambda: _("Choose a day."),
    "grade": lambda: _("Choose a grade."),
    "measures": lambda: _("Say what must be done."),
}


def _require(names: Sequence[str], given: Given) -> None:
    missing = {}
    for name in names:
        value = getattr(given, name)
        if name == "due_on" and given.due_at is not None:
            continue
        if value is None or not (value.strip() if isinstance(value, str) else True):
            missing[name] = MISSING.get(name, lambda: _("This is needed."))()
        elif name == "photos" and not value:
            missing[name] = MISSING[name]()
    if missing:
        raise Invalid(missing)


def _step(
    hazard: Hazard, action: str, before: str, *, actor: User, post: Post, now: dt.datetime, note: str
) -> None:
    Step.objects.create(
        hazard=hazard,
        action=action,
        from_state=before,
        to_state=hazard.state,
        at=now,
        actor=actor,
        acting_post=post,
        note=note,
        due_on=None if hazard.due_on == NO_DEADLINE else hazard.due_on,
        round=hazard.round,
    )


# -- what each action does beside the change of state -----------------------------------------------


def _grade(deed: _Deed, target: str) -> None:
    given, hazard = deed.given, deed.hazard
    if given.grade not in Grade.values:
        raise Invalid({"grade": _("Choose a grade.")})
    if given.grade == Grade.MAJOR and not given.major_basis.strip():
        raise Invalid({"major_basis": _("Name the article that makes it major.")})
    hazard.grade = given.grade
    hazard.major_basis = given.major_basis.strip() if given.grade == Grade.MAJOR else ""
    hazard.category = given.category or hazard.category
    deed.data["grade"] = given.grade


def _order(deed: _Deed, target: str) -> None:
    hazard, given = deed.hazard, deed.given
    _set_deadline(deed, first=True)
    hazard.measures = given.measures.strip()
    hazard.ordered_by, hazard.ordered_at = deed.post, deed.now
    hazard.ordering_unit_id = deed.post.unit_id
    _close(deed, DECIDE)
    involve(subject=hazard, post=deed.post, role="ordered", now=deed.now)
    _owe_rectification(deed)
    if hazard.is_major:
        _owe(deed, PLAN, "major_plan", debtor_enterprise=hazard.enterprise, creditor_post=deed.post)


def _plan(deed: _Deed, target: str) -> None:
    given = deed.given
    if given.funds is not None and given.funds < 0:
        raise Invalid({"funds": _("Funds cannot be negative.")})
    if given.plan_due_on and given.plan_due_on > deed.hazard.due_on:
        raise Invalid({"plan_due_on": _("The plan must end by the day that was ordered.")})
    RectificationPlan.objects.create(
        hazard=deed.hazard,
        responsible=given.responsible,
        measures=given.plan_measures,
        funds=given.funds,
        due_on=given.plan_due_on,
        contingency=given.contingency,
        submitted_at=deed.now,
    )
    _close(deed, PLAN)


def _submit(deed: _Deed, target: str) -> None:
    hazard = deed.hazard
    if hazard.is_major and not RectificationPlan.objects.filter(hazard=hazard).exists():
        raise Refused(_("First submit the plan with its five parts."))
    hazard.fixed_by = deed.actor
    attach(
        files=deed.given.photos,
        subject=hazard,
        role=Role.AFTER,
        round=hazard.round,
        actor=deed.actor,
        now=deed.now,
    )
    rows = _close(deed, RECTIFY)
    if rows:
        hazard.days_late = rows[0].days_late
    _drop_extension(deed)
    if target == State.TO_ACCEPT:
        _owe(
            deed,
            ACCEPT,
            "reinspect",
            debtor_post=_accepting_post(hazard, deed.post),
            creditor_post=None,
        )
    else:
        _owe(deed, CONFIRM, "confirm", debtor_enterprise=hazard.enterprise)


def _accepting_post(hazard: Hazard, fallback: Post) -> Post:
    """Who re-inspects: who gave the order; for a major one found by the enterprise, its area's officer."""
    if hazard.ordered_by is not None:
        return hazard.ordered_by
    row = about(hazard).filter(debtor_post__isnull=False).select_related("debtor_post").first()
    return row.debtor_post if row is not None and row.debtor_post is not None else fallback


def _accept(deed: _Deed, target: str) -> None:
    hazard = deed.hazard
    evidence = Evidence.objects.filter(
        subject_type__model="hazard", subject_id=hazard.pk, role=Role.AFTER, round=hazard.round
    )
    if not evidence.exists():
        raise Refused(_("There is no photo of the rectification: it cannot be accepted."))
    _end(deed)


def _end(deed: _Deed) -> None:
    hazard = deed.hazard
    hazard.closed_at = deed.now
    _close(deed, ACCEPT, CONFIRM)
    if hazard.days_late is None:
        hazard.days_late = 0
    deed.data["days_late"] = hazard.days_late


def _confirm(deed: _Deed, target: str) -> None:
    _end(deed)


def _send_back(deed: _Deed, target: str) -> None:
    hazard = deed.hazard
    _close(deed, ACCEPT, CONFIRM)
    hazard.round += 1
    hazard.days_late = None
    _set_deadline(deed, first=hazard.original_due_on is None)
    _owe_rectification(deed)


def _reopen(deed: _Deed, target: str) -> None:
    hazard = deed.hazard
    hazard.closed_at = None
    hazard.round += 1
    hazard.days_late = None
    hazard.road = Road.ORDERED
    if hazard.ordered_by_id is None:
        hazard.ordered_by, hazard.ordering_unit_id, hazard.ordered_at = deed.post, deed.post.unit_id, deed.now
    _set_deadline(deed, first=hazard.original_due_on is None)
    _owe_rectification(deed)


def _cancel(deed: _Deed, target: str) -> None:
    _drop_extension(deed)
    close_obligations(subject=deed.hazard, kinds=ALL_KINDS, outcome=Outcome.CANCELLED, now=deed.now)


def _ask_extension(deed: _Deed, target: str) -> None:
    hazard, day = deed.hazard, deed.given.due_on
    assert day is not None  # noqa: S101 (required by the table)
    if hazard.is_overdue(deed.now):
        raise Refused(_("The deadline is over: an extension must be asked for before."))
    if day <= hazard.due_on:
        raise Invalid({"due_on": _("Choose a day after %(day)s.") % {"day": hazard.due_on.isoformat()}})
    Extension.objects.create(
        hazard=hazard, asked_at=deed.now, from_due_on=hazard.due_on, to_due_on=day, reason=deed.given.note
    )
    deed.data["to"] = day
    _owe(
        deed,
        EXTENSION,
        "extension_answer",
        debtor_post=_accepting_post(hazard, deed.post),
    )


def _answer_extension(state: ExtensionState) -> Callable[[_Deed, str], None]:
    def answer(deed: _Deed, target: str) -> None:
        hazard = deed.hazard
        asked = Extension.objects.select_for_update().get(hazard=hazard, state=ExtensionState.ASKED)
        asked.state, asked.answered_at, asked.answer = state, deed.now, deed.given.note
        asked.save()
        _close(deed, EXTENSION)
        if state == ExtensionState.GRANTED:
            hazard.due_on, hazard.due_at = asked.to_due_on, clock.day_end(asked.to_due_on)
            row = about(hazard).filter(kind=RECTIFY, closed_at=None).get()
            move_deadline(obligation=row, due_at=hazard.due_at, now=deed.now)

    return answer


def _drop_extension(deed: _Deed) -> None:
    Extension.objects.filter(hazard=deed.hazard, state=ExtensionState.ASKED).update(
        state=ExtensionState.DENIED, answered_at=deed.now
    )
    close_obligations(subject=deed.hazard, kinds=[EXTENSION], outcome=Outcome.CANCELLED, now=deed.now)


EFFECTS: dict[str, Callable[[_Deed, str], None]] = {
    "grade": _grade,
    "order": _order,
    "plan": _plan,
    "submit": _submit,
    "accept": _accept,
    "confirm": _confirm,
    "send_back": _send_back,
    "reopen": _reopen,
    "cancel": _cancel,
    "ask_extension": _ask_extension,
    "grant_extension": _answer_extension(ExtensionState.GRANTED),
    "deny_extension": _answer_extension(ExtensionState.DENIED),
}


def _set_deadline(deed: _Deed, *, first: bool) -> None:
    hazard, given = deed.hazard, deed.given
    due_at = given.due_at or (clock.day_end(given.due_on) if given.due_on else None)
    assert due_at is not None  # noqa: S101 (required by the table)
    if due_at <= deed.now:
        raise Invalid({"due_on": _("This day is over. Choose today or later.")})
    hazard.due_at, hazard.due_on = due_at, clock.last_day(due_at)
    if first:
        hazard.original_due_on = hazard.due_on
    deed.data["due_on"] = hazard.due_on


def _owe_rectification(deed: _Deed) -> None:
    hazard = deed.hazard
    assert hazard.due_at is not None  # noqa: S101 (a rectifying hazard has a deadline: constraint)
    open_obligation(
        kind=RECTIFY,
        subject=hazard,
        site=hazard.site,
        matter=hazard.matter,
        debtor_enterprise=hazard.enterprise,
        creditor_post=hazard.ordered_by,
        due_at=hazard.due_at,
        original_due_on=hazard.original_due_on,
        is_major=hazard.is_major,
        params=deed.params,
        now=deed.now,
    )


def _owe(deed: _Deed, kind: str, policy: str, **parties: Any) -> None:
    """Open an obligation whose deadline is laid down by a policy row."""
    rule, due_at = calendar.deadline(policy, now=deed.now)
    open_obligation(
        kind=kind,
        subject=deed.hazard,
        site=deed.hazard.site,
        matter=deed.hazard.matter,
        due_at=due_at,
        policy=rule,
        is_major=deed.hazard.is_major,
        params=deed.params,
        now=deed.now,
        **parties,
    )


def _close(deed: _Deed, *kinds: str) -> list[Any]:
    return close_obligations(subject=deed.hazard, kinds=kinds, outcome=Outcome.MET, now=deed.now)
