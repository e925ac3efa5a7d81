"""What each action does beside the change of state: deadlines, evidence, what is owed next."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from hazards import deadlines
from hazards.choices import ORDER_LABEL, REOPENED_LABEL, ExtensionState, Grade, Owed, Road, State
from hazards.models import Extension, Hazard, RectificationPlan
from hazards.services import owing
from hazards.services.deeds import Deed
from responsibility.alerts.models import Recipient
from responsibility.calendars.models import DeadlinePolicy
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import about, move_deadline
from safegrid.accounts.services import involve
from safegrid.files.choices import Role
from safegrid.files.services import attach
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, Refused


def _grade(deed: Deed, target: str) -> None:
    given, hazard = deed.given, deed.hazard
    if given.grade not in Grade.values:
        raise Invalid({"grade": _("Choose a grade.")})
    if given.grade == Grade.MAJOR and not given.major_basis.strip():
        raise Invalid({"major_basis": _("Name the article that makes it major.")})
    hazard.grade = given.grade
    hazard.major_basis = given.major_basis.strip() if given.grade == Grade.MAJOR else ""
    hazard.category = given.category or hazard.category
    about(hazard).open().update(is_major=hazard.is_major, label=ORDER_LABEL)
    deed.data["grade"] = given.grade


def _order(deed: Deed, target: str) -> None:
    hazard = deed.hazard
    policy = _set_deadline(deed)
    hazard.measures = deed.given.measures.strip()
    _order_as(deed)
    owing.close(deed, Owed.DECIDE)
    owing.owe_rectification(deed, policy=policy)
    if hazard.is_major and not RectificationPlan.objects.filter(hazard=hazard).exists():
        owing.owe_plan(deed)


def _order_as(deed: Deed) -> None:
    """Make the acting post the one that ordered it, and its unit the one that accepts."""
    hazard = deed.hazard
    hazard.ordered_by, hazard.ordering_unit_id, hazard.ordered_at = deed.post, deed.post.unit_id, deed.now
    involve(subject=hazard, post=deed.post, role="ordered", now=deed.now)


def _plan(deed: Deed, target: str) -> None:
    given, today = deed.given, clock.local_date(deed.now)
    assert given.funds is not None  # noqa: S101 (required by the table)
    assert given.plan_due_on is not None  # noqa: S101 (likewise)
    if given.funds < 0:
        raise Invalid({"funds": _("Funds cannot be negative.")})
    if given.plan_due_on < today:
        raise Invalid({"plan_due_on": _("This day is over. Choose today or later.")})
    if given.plan_due_on > deed.hazard.due_on:
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
    owing.close(deed, Owed.PLAN)


def _submit(deed: Deed, target: str) -> None:
    hazard = deed.hazard
    hazard.fixed_by = deed.actor
    _show(deed, Role.AFTER)
    for row in owing.close(deed, Owed.RECTIFY):
        hazard.days_late = row.days_late
    _drop_extension(deed)
    if target == State.TO_ACCEPT:
        owing.owe_acceptance(deed)
    else:
        owing.owe_confirmation(deed)


def _show(deed: Deed, role: Role) -> None:
    attach(
        files=deed.given.photos,
        subject=deed.hazard,
        role=role,
        round=deed.hazard.round,
        actor=deed.actor,
        now=deed.now,
    )


def _end(deed: Deed, target: str) -> None:
    hazard = deed.hazard
    hazard.closed_at = deed.now
    if hazard.days_late is None:  # fixed on the spot: it never had a deadline
        hazard.days_late = 0
    owing.close(deed, Owed.ACCEPT, Owed.CONFIRM)
    deed.data["days_late"] = hazard.days_late


def _send_back(deed: Deed, target: str) -> None:
    owing.close(deed, Owed.ACCEPT, Owed.CONFIRM)
    _again(deed)


def _reopen(deed: Deed, target: str) -> None:
    """Whoever ordered it is told at once that it was not over, unless it is they who open it again."""
    hazard = deed.hazard
    told = [Recipient.DEBTOR]
    if hazard.ordered_by not in (None, deed.post):
        told.append(Recipient.CREDITOR)
    hazard.closed_at, hazard.road = None, Road.ORDERED
    if hazard.ordered_by is None:
        _order_as(deed)
    _again(deed, label=REOPENED_LABEL, announce=told)


def _again(deed: Deed, **more: object) -> None:
    """Let it be rectified once more; the first deadline stays beside the new one."""
    _begin_round(deed.hazard)
    owing.owe_rectification(deed, policy=_set_deadline(deed), **more)


def _begin_round(hazard: Hazard) -> None:
    """What was submitted so far belongs to an earlier round."""
    hazard.round += 1
    hazard.days_late = None


def _step_in(deed: Deed, target: str) -> None:
    """Take a hazard that the enterprise found over to the order road: major, or overdue."""
    hazard = deed.hazard
    if deed.given.grade != Grade.MAJOR and not hazard.is_overdue(deed.now):
        raise Refused(_("Officials step in only when it is major or overdue."))
    hazard.road = Road.ORDERED
    if hazard.state == State.TO_CONFIRM:
        _begin_round(hazard)
    owing.close(deed, Owed.RECTIFY, Owed.CONFIRM, outcome=Outcome.SUPERSEDED)
    owing.owe_decision(deed, deed.post)
    _grade(deed, target)


def _cancel(deed: Deed, target: str) -> None:
    _drop_extension(deed)
    owing.close(deed, *Owed.values, outcome=Outcome.CANCELLED)


def _ask_extension(deed: Deed, target: str) -> None:
    hazard, day = deed.hazard, deed.given.due_on
    if day is None:
        raise Invalid({"due_on": _("Choose a day.")})
    if day <= hazard.due_on:
        raise Invalid({"due_on": _("Choose a day after %(day)s.") % {"day": hazard.due_on.isoformat()}})
    Extension.objects.create(
        hazard=hazard, asked_at=deed.now, from_due_on=hazard.due_on, to_due_on=day, reason=deed.given.note
    )
    deed.data["to"] = day
    owing.owe_answer(deed)


def _answer_extension(state: ExtensionState) -> Callable[[Deed, str], None]:
    def answer(deed: Deed, target: str) -> None:
        hazard = deed.hazard
        asked = Extension.objects.select_for_update().get(hazard=hazard, state=ExtensionState.ASKED)
        if state == ExtensionState.GRANTED:
            due_at = clock.day_end(asked.to_due_on)
            if due_at <= deed.now:
                raise Refused(_("The day that was asked for is over too: it can only be refused."))
            hazard.due_on, hazard.due_at = asked.to_due_on, due_at
            for row in about(hazard).open().filter(kind=Owed.RECTIFY):
                move_deadline(obligation=row, due_at=due_at, now=deed.now)
            deed.data["due_on"] = hazard.due_on
        asked.state, asked.answered_at, asked.answer = state, deed.now, deed.given.note
        asked.save()
        owing.close(deed, Owed.EXTENSION)

    return answer


def _drop_extension(deed: Deed) -> None:
    """End a request for more time that nobody needs any longer."""
    Extension.objects.filter(hazard=deed.hazard, state=ExtensionState.ASKED).update(
        state=ExtensionState.DROPPED, answered_at=deed.now
    )
    owing.close(deed, Owed.EXTENSION, outcome=Outcome.CANCELLED)


def _set_deadline(deed: Deed) -> DeadlinePolicy | None:
    """Give the hazard the deadline that was given; return the policy it came from, if from one."""
    hazard = deed.hazard
    given = deed.given
    due_at, policy = deadlines.choose(
        hazard, due_on=given.due_on, code=given.policy, due_at=given.due_at, now=deed.now
    )
    hazard.due_at, hazard.due_on = due_at, clock.last_day(due_at)
    if hazard.original_due_on is None:
        hazard.original_due_on = hazard.due_on
    deed.data["due_on"] = hazard.due_on
    return policy


EFFECTS: dict[str, Callable[[Deed, str], None]] = {
    "grade": _grade,
    "order": _order,
    "plan": _plan,
    "submit": _submit,
    "accept": _end,
    "confirm": _end,
    "send_back": _send_back,
    "step_in": _step_in,
    "cancel": _cancel,
    "reopen": _reopen,
    "ask_extension": _ask_extension,
    "grant_extension": _answer_extension(ExtensionState.GRANTED),
    "deny_extension": _answer_extension(ExtensionState.DENIED),
}
