"""Every action in every state, tried by everybody: exactly those succeed whom the tables name."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responsibility.instructions import lifecycle
from responsibility.instructions.choices import Owed, Role, State
from responsibility.instructions.models import NO_DAY, Instruction
from responsibility.models import Obligation, ReplyStep
from responsibility.obligations.choices import Outcome
from responsibility.replies.choices import ReplyState
from responsibility.replies.lifecycle import MACHINE, actor_for
from responsibility.replies.services import _EFFECTS
from responsibility.replies.wording import DONE, NOTE
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

ACTIONS = sorted({move.action for move in MACHINE})
ENDS = sorted({move.action for move in lifecycle.MACHINE})

#: How a part comes to stand so → (its role, its state, action → who may).
PARTS: dict[str, tuple[Callable, str, str, dict[str, set[str]]]] = {
    "lead, to be answered": (
        lambda play: play.give(),
        Role.LEAD,
        ReplyState.OPEN,
        {"answer": {"chengdong"}, "progress": {"chengdong"}},
    ),
    "assisting, to be answered": (
        lambda play: play.give(),
        Role.ASSIST,
        ReplyState.OPEN,
        {"answer": {"fire"}, "progress": {"fire"}, "withdraw": {"bureau"}},
    ),
    "lead, answered": (
        lambda play: play.act(play.give(), "answer", "chengdong").instruction,
        Role.LEAD,
        ReplyState.ANSWERED,
        {"accept": {"bureau"}, "send_back": {"bureau"}},
    ),
    "assisting, answered": (
        lambda play: play.act(play.give(), "answer", "fire", Role.ASSIST).instruction,
        Role.ASSIST,
        ReplyState.ANSWERED,
        {"accept": {"bureau"}, "send_back": {"bureau"}, "withdraw": {"bureau"}},
    ),
    "lead, accepted": (lambda play: play.complete(), Role.LEAD, ReplyState.ACCEPTED, {}),
    "assisting, let off": (
        lambda play: play.act(play.give(), "withdraw", "bureau", Role.ASSIST).instruction,
        Role.ASSIST,
        ReplyState.WITHDRAWN,
        {},
    ),
    "assisting, answered, all closed": (
        lambda play: play.end(play.complete(), "close", "bureau"),
        Role.ASSIST,
        ReplyState.ANSWERED,
        {},
    ),
    "lead, all withdrawn": (
        lambda play: play.end(play.give(), "withdraw", "bureau"),
        Role.LEAD,
        ReplyState.WITHDRAWN,
        {},
    ),
}

#: How the whole comes to stand so → (its state, action → who may).
WHOLES: dict[str, tuple[Callable, str, dict[str, set[str]]]] = {
    "under way": (lambda play: play.give(), State.OPEN, {"withdraw": {"bureau"}}),
    "the lead accepted, an assistant missing": (
        lambda play: _accepted_alone(play),
        State.OPEN,
        {"withdraw": {"bureau"}},
    ),
    "every answer there": (
        lambda play: play.complete(),
        State.OPEN,
        {"close": {"bureau", "chengdong"}, "withdraw": {"bureau"}},
    ),
    "closed": (lambda play: play.end(play.complete(), "close", "chengdong"), State.CLOSED, {}),
    "withdrawn": (lambda play: play.end(play.give(), "withdraw", "bureau"), State.WITHDRAWN, {}),
}


def _accepted_alone(play):
    row = play.act(play.give(), "answer", "chengdong").instruction
    return play.act(row, "accept", "bureau").instruction


def attempt(do: Callable) -> str:
    """Try it, take it back, and say what came of it."""
    try:
        with transaction.atomic():
            do()
            transaction.set_rollback(True)
    except (NotAllowed, Refused) as refusal:
        return type(refusal).__name__
    return "done"


@pytest.mark.parametrize("situation", PARTS)
def test_exactly_those_act_on_a_part_whom_the_table_names(play, situation):
    bring, role, state, may = PARTS[situation]
    row = bring(play)
    task = play.task(row, role)
    assert task.state == state
    people = sorted(play.cast.posts)
    outcome = {
        (action, by): attempt(lambda a=action, b=by: play.act(row, a, b, role))
        for action in ACTIONS
        for by in people
    }
    wanted = {(action, by) for action, names in may.items() for by in names}
    assert {pair for pair, what in outcome.items() if what == "done"} == wanted
    unseen = [by for by in people if not Instruction.objects.visible_to(play.person(by)).exists()]
    assert {outcome[action, by] for action in ACTIONS for by in unseen} == {"NotAllowed"}
    assert play.task(row, role).version == task.version


@pytest.mark.parametrize("situation", PARTS)
def test_buttons_on_a_part_are_those_that_work(play, situation):
    bring, role, _state, may = PARTS[situation]
    task = play.task(bring(play), role)
    for by in play.cast.posts:
        offers = MACHINE.offers(task, actor_for(play.person(by), play.cast.posts[by]))
        assert {o.move.action for o in offers if o.allowed} == {a for a, who in may.items() if by in who}
        assert {o.move.action for o in offers} == set(may), "what others may is shown greyed"
        assert all(o.reason for o in offers if not o.allowed)


@pytest.mark.parametrize("situation", WHOLES)
def test_exactly_those_end_the_whole_whom_the_table_names(play, situation):
    bring, state, may = WHOLES[situation]
    row = Instruction.objects.get(pk=bring(play).pk)
    assert row.state == state
    outcome = {
        (action, by): attempt(lambda a=action, b=by: play.end(row, a, b))
        for action in ENDS
        for by in play.cast.posts
    }
    wanted = {(action, by) for action, names in may.items() for by in names}
    assert {pair for pair, what in outcome.items() if what == "done"} == wanted
    assert Instruction.objects.get(pk=row.pk).version == row.version


def test_every_action_has_its_words_and_its_effect():
    assert set(ACTIONS) == set(_EFFECTS)
    assert set(ACTIONS) | set(ENDS) <= set(DONE) & set(NOTE)


def test_nobody_acts_as_a_post_that_they_do_not_hold(play):
    row = play.give()
    with pytest.raises(NotAllowed):
        play.act(row, "answer", "fire", acting_post=play.cast.posts["chengdong"])


def test_what_is_owed_follows_each_step(play):
    row = play.give(assisting=[])
    steps = [
        ("progress", "chengdong", {(Owed.REPLY, "chengdong")}),
        ("answer", "chengdong", {(Owed.ACCEPT, "bureau")}),
        ("send_back", "bureau", {(Owed.REPLY, "chengdong")}),
        ("answer", "chengdong", {(Owed.ACCEPT, "bureau")}),
        ("accept", "bureau", {(Owed.SUMMARY, "chengdong")}),
    ]
    names = {post.pk: name for name, post in play.cast.posts.items()}
    for action, by, wanted in steps:
        play.act(row, action, by)
        found = {(o.kind, names[o.debtor_post_id]) for o in Obligation.objects.open()}
        assert found == wanted, action
    closed = play.end(row, "close", "chengdong")
    assert not Obligation.objects.open().exists()
    assert (closed.state, closed.summary, closed.awaited_on) == (State.CLOSED, "汇总", NO_DAY)
    assert set(Obligation.objects.values_list("outcome", flat=True)) == {Outcome.MET}
    assert list(ReplyStep.objects.values_list("action", flat=True)) == [
        "give", *[action for action, _by, _wanted in steps], "close",
    ]  # fmt: skip
    assert verify() == []


def test_sent_back_it_is_owed_by_the_new_day_and_the_first_stays_on_record(play):
    row = play.give(assisting=[])
    play.act(row, "answer", "chengdong")
    task = play.act(row, "send_back", "bureau", due_on=play.day(30))
    owed = Obligation.objects.open().get()
    assert (task.due_on, task.original_due_on) == (play.day(30), play.day(7))
    assert (owed.due_on, owed.original_due_on) == (play.day(30), play.day(7))
    assert task.answered_at is None


@pytest.mark.parametrize(
    ("action", "by", "given", "field"),
    [
        ("answer", "chengdong", {"note": "  "}, "note"),
        ("progress", "chengdong", {"note": ""}, "note"),
        ("send_back", "bureau", {"note": ""}, "note"),
        ("send_back", "bureau", {"due_on": None}, "due_on"),
        ("send_back", "bureau", {"due_on": "yesterday"}, "due_on"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_changes_nothing(play, action, by, given, field):
    row = play.give(assisting=[])
    if action == "send_back":
        play.act(row, "answer", "chengdong")
    if given.get("due_on") == "yesterday":
        given = {"due_on": play.day(-1)}
    before = play.task(row)
    with pytest.raises(Invalid) as refusal:
        play.act(row, action, by, **given)
    assert set(refusal.value.message_dict) == {field}
    after = play.task(row)
    assert (after.state, after.version) == (before.state, before.version)


def test_an_assistant_sent_back_takes_the_summary_off_the_lead(play):
    row = play.complete()
    assert Obligation.objects.open().filter(kind=Owed.SUMMARY).exists()
    play.act(row, "send_back", "bureau", Role.ASSIST)
    assert not Obligation.objects.open().filter(kind=Owed.SUMMARY).exists()
    with pytest.raises(Refused):
        play.end(row, "close", "bureau")
    play.act(row, "withdraw", "bureau", Role.ASSIST)
    assert play.end(row, "close", "bureau").state == State.CLOSED


def test_the_same_form_sent_twice_changes_nothing(play):
    row = play.give()
    version = play.task(row).version
    play.act(row, "answer", "chengdong", version=version)
    with pytest.raises(Stale):
        play.act(row, "answer", "chengdong", version=version)
    row = play.complete()
    play.end(row, "close", "bureau", version=1)
    with pytest.raises(Stale):
        play.end(row, "close", "bureau", version=1)
    assert Entry.objects.filter(subject=f"responsibility.instruction:{row.pk}").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_once_accept_or_send_back_and_one_is_told(play):
    row = play.give(assisting=[])
    play.act(row, "answer", "chengdong")
    gate, outcomes = threading.Barrier(2), []
    version = play.task(row).version

    def run(action):
        gate.wait()
        try:
            play.act(row, action, "bureau", version=version)
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[action]) for action in ("accept", "send_back")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "stale"]
    assert Obligation.objects.open().count() == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from([*ACTIONS, "close", "end"]),
        st.sampled_from(["bureau", "chengdong", "fire"]),
        st.sampled_from([Role.LEAD, Role.ASSIST]),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_done_what_is_owed_agrees_with_what_stands_there(play, steps):
    with transaction.atomic():
        row = play.give()
        for action, by, role in steps:
            try:
                with transaction.atomic():
                    if action in ("close", "end"):
                        play.end(row, "close" if action == "close" else "withdraw", by)
                    else:
                        play.act(row, action, by, role)
            except (NotAllowed, Refused):
                pass
        row = Instruction.objects.get(pk=row.pk)
        tasks = list(row.tasks.all())
        open_tasks = [t for t in tasks if t.state == ReplyState.OPEN and row.is_open]
        answered = [t for t in tasks if t.state == ReplyState.ANSWERED and row.is_open]
        complete = row.is_open and lifecycle.is_complete(row)
        owed = Obligation.objects.open()
        assert set(owed.filter(kind=Owed.REPLY).values_list("subject_id", flat=True)) == {
            t.pk for t in open_tasks
        }
        assert set(owed.filter(kind=Owed.ACCEPT).values_list("subject_id", flat=True)) == {
            t.pk for t in answered
        }
        assert owed.filter(kind=Owed.SUMMARY).count() == complete
        assert row.awaited_on == min((t.due_on for t in open_tasks), default=NO_DAY)
        assert row.to_accept == len(answered)
        assert row.answered == sum(t.has_answered for t in tasks)
        transaction.set_rollback(True)
