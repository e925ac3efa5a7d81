"""What each action does beside the change of state: deadlines, evidence, what is owed next."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from hazards import deadlines
from hazards.choices import (
    ORDER_LABEL,
    REOPENED_LABEL,
    STEP_IN_LABEL,
    ExtensionState,
    Grade,
    Owed,
    Road,
    State,
)
from hazards.grading import categories
from hazards.grading.models import RiskCell
from hazards.listed.queries import is_watched
from hazards.models import NO_DEADLINE, Extension, Hazard, MajorReport, RectificationPlan
from hazards.queries import deciding_post
from hazards.services import correcting, merging, on_site, owing, spot_checking
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
    is_major = given.grade == Grade.MAJOR
    if not is_major and is_watched(hazard):
        raise Invalid({"grade": _("It is under listed supervision; first the listing is withdrawn.")})
    basis = given.major_basis.strip() or (given.major_item.basis if given.major_item else "")
    if is_major and not basis:
        raise Invalid({"major_basis": _("Name the article that makes it major.")})
    was, hazard.grade = hazard.grade, given.grade
    hazard.major_item = given.major_item if is_major else None
    hazard.major_basis = basis if is_major else ""
    _weigh(deed)
    if given.category and given.category != hazard.category_id:
        categories.check(given.category, clock.local_date(deed.now))
        hazard.category_id = given.category
    about(hazard).open().update(is_major=hazard.is_major)
    about(hazard).open().filter(kind=Owed.DECIDE).update(label=ORDER_LABEL)
    deed.data |= {"grade": given.grade, "was": was}


def _regrade(deed: Deed, target: str) -> None:
    """Take an order back to be given anew by another grade: the first deadline stays beside the new one."""
    if deed.hazard.state == State.TO_ACCEPT:
        _begin_round(deed.hazard)
    _drop_extension(deed)
    owing.close(deed, Owed.RECTIFY, Owed.ACCEPT, Owed.PLAN, Owed.TELL, outcome=Outcome.SUPERSEDED)
    owing.owe_decision(deed, deed.post)
    _grade(deed, target)


def _call_major(deed: Deed, target: str) -> None:
    """The enterprise itself says that it is major: officials see it, and it owes two reports and a plan."""
    deed.given = replace(deed.given, grade=Grade.MAJOR)
    _grade(deed, target)
    _owe_plan_and_telling(deed)
    officer = deciding_post(deed.hazard.site, deed.hazard.matter)
    if officer is not None:
        owing.owe_decision(deed, officer, label=STEP_IN_LABEL)


def _fixed_at_once(deed: Deed, target: str) -> None:
    """The officer saw it put right: no order, and the photos show it. A deadline that it had had counts."""
    hazard = deed.hazard
    if hazard.due_on != NO_DEADLINE:
        hazard.days_late = (clock.local_date(deed.now) - hazard.due_on).days
    hazard.fixed_on_the_spot = True
    _show(deed, Role.AFTER)
    _order_as(deed)
    owing.close(deed, Owed.DECIDE)
    _end(deed, target)


def _weigh(deed: Deed) -> None:
    """Colour the hazard by likelihood and consequence, when both are given."""
    given, hazard = deed.given, deed.hazard
    if (given.likelihood is None) != (given.consequence is None):
        missing = "likelihood" if given.likelihood is None else "consequence"
        raise Invalid({missing: _("Likelihood and consequence go together.")})
    if given.likelihood is None or given.consequence is None:
        return
    cell = RiskCell.objects.filter(likelihood=given.likelihood, consequence=given.consequence).first()
    if cell is None:
        raise Invalid({"likelihood": _("The matrix has no such cell.")})
    hazard.likelihood, hazard.consequence, hazard.risk = cell.likelihood, cell.consequence, cell.risk
    deed.data["risk"] = cell.risk


def _order(deed: Deed, target: str) -> None:
    hazard, given = deed.hazard, deed.given
    if given.paper_number.strip() or given.paper_on:
        correcting.name_paper(deed)
    policy = _set_deadline(deed)
    hazard.measures = given.measures.strip()
    _order_as(deed)
    owing.close(deed, Owed.DECIDE)
    owing.owe_rectification(deed, policy=policy)
    _owe_plan_and_telling(deed)


def _owe_plan_and_telling(deed: Deed) -> None:
    if deed.hazard.is_major and not RectificationPlan.objects.filter(hazard=deed.hazard).exists():
        owing.owe_plan(deed)
    _owe_telling(deed)


def _owe_telling(deed: Deed) -> None:
    if deed.hazard.is_major and not MajorReport.objects.filter(hazard=deed.hazard).exists():
        owing.owe_telling(deed)


def _order_as(deed: Deed) -> None:
    """Make the acting post the one that ordered it, and its unit the one that accepts."""
    hazard = deed.hazard
    hazard.ordered_by, hazard.ordering_unit_id, hazard.ordered_at = deed.post, deed.post.unit_id, deed.now
    if hazard.paper_on is not None:
        hazard.ordered_at = min(deed.now, clock.day_start(hazard.paper_on))
    involve(subject=hazard, post=deed.post, role="ordered", now=deed.now)


def _plan(deed: Deed, target: str) -> None:
    RectificationPlan.objects.create(hazard=deed.hazard, submitted_at=deed.now, **_planned(deed))
    owing.close(deed, Owed.PLAN)


def _revise_plan(deed: Deed, target: str) -> None:
    plan = RectificationPlan.objects.get(hazard=deed.hazard)
    correcting.change(deed, plan, _planned(deed), since=plan.submitted_at, field="plan_measures")


def _planned(deed: Deed) -> dict[str, Any]:
    """Return the five fulfilments as they were given. Once the deadline is over, any later day is one."""
    given, today = deed.given, clock.local_date(deed.now)
    assert given.funds is not None  # noqa: S101 (required by the table)
    assert given.plan_due_on is not None  # noqa: S101 (likewise)
    if given.funds < 0:
        raise Invalid({"funds": _("Funds cannot be negative.")})
    if given.plan_due_on < today:
        raise Invalid({"plan_due_on": _("This day is over. Choose today or later.")})
    if today <= deed.hazard.due_on < given.plan_due_on:
        raise Invalid({"plan_due_on": _("The plan must end by the day that was ordered.")})
    return {
        "responsible": given.responsible,
        "measures": given.plan_measures,
        "funds": given.funds,
        "due_on": given.plan_due_on,
        "contingency": given.contingency,
    }


def _tell(deed: Deed, target: str) -> None:
    """Record when the enterprise reported to its regulator and to the workers (Art. 41)."""
    MajorReport.objects.create(hazard=deed.hazard, recorded_at=deed.now, **_told(deed))
    owing.close(deed, Owed.TELL)


def _correct_told(deed: Deed, target: str) -> None:
    row = MajorReport.objects.get(hazard=deed.hazard)
    correcting.change(deed, row, _told(deed), since=row.recorded_at, field="told_regulator_on")


def _told(deed: Deed) -> dict[str, dt.date | None]:
    given, today = deed.given, clock.local_date(deed.now)
    days = {"told_regulator_on": given.told_regulator_on, "told_workers_on": given.told_workers_on}
    if early := {name: _("This day is still to come.") for name, day in days.items() if day and day > today}:
        raise Invalid(early)
    return {"regulator_on": given.told_regulator_on, "workers_on": given.told_workers_on}


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
    owing.close(deed, Owed.DECIDE, outcome=Outcome.SUPERSEDED)  # nobody need step in any more
    owing.close(deed, Owed.TELL, outcome=Outcome.LAPSED)  # it was never reported, and that stays to be seen
    on_site.lift_all(deed)
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
    else:  # the body in which that post is today
        hazard.ordering_unit_id = hazard.ordered_by.unit_id
    _again(deed, label=REOPENED_LABEL, announce=told)


def _again(deed: Deed, **more: object) -> None:
    """Let it be rectified once more; the first deadline stays beside the new one."""
    _begin_round(deed.hazard)
    owing.owe_rectification(deed, policy=_set_deadline(deed), **more)
    _owe_plan_and_telling(deed)


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
    own = (Owed.RECTIFY, Owed.CONFIRM, Owed.DECIDE, Owed.PLAN, Owed.TELL)  # the order asks for them anew
    owing.close(deed, *own, outcome=Outcome.SUPERSEDED)
    spot_checking.settle(deed)
    owing.owe_decision(deed, deed.post)
    _grade(deed, target)


def _merge(deed: Deed, target: str) -> None:
    _drop_extension(deed)
    merging.merge(deed, target)


def _cancel(deed: Deed, target: str) -> None:
    _drop_extension(deed)
    on_site.lift_all(deed)
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
        hazard,
        due_on=given.due_on,
        code=given.policy,
        due_at=given.due_at,
        since=given.paper_on if deed.hazard.state == State.GRADED else None,
        now=deed.now,
    )
    hazard.due_at, hazard.due_on = due_at, clock.last_day(due_at)
    if hazard.original_due_on is None:
        hazard.original_due_on = hazard.due_on
    deed.data["due_on"] = hazard.due_on
    return policy


EFFECTS: dict[str, Callable[[Deed, str], None]] = {
    "grade": _grade,
    "regrade": _regrade,
    "fixed_at_once": _fixed_at_once,
    "call_major": _call_major,
    "order": _order,
    "plan": _plan,
    "revise_plan": _revise_plan,
    "submit": _submit,
    "accept": _end,
    "confirm": _end,
    "send_back": _send_back,
    "step_in": _step_in,
    "cancel": _cancel,
    "merge": _merge,
    "reopen": _reopen,
    "tell_major": _tell,
    "correct_told": _correct_told,
    "take_measure": on_site.take,
    "lift_measure": on_site.lift,
    "suspend": on_site.suspend,
    "ask_resume": on_site.ask_to_resume,
    "consent_resume": on_site.consent,
    "refuse_resume": on_site.refuse,
    "spot_check": spot_checking.check,
    "attach_paper": correcting.attach_paper,
    "correct": correcting.correct,
    "ask_extension": _ask_extension,
    "grant_extension": _answer_extension(ExtensionState.GRANTED),
    "deny_extension": _answer_extension(ExtensionState.DENIED),
}
