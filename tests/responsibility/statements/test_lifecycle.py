"""The whole table of a statement, every state by every action by every person, and the two signatures."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from responsibility.obligations.models import Obligation
from responsibility.statements.choices import StatementState
from responsibility.statements.lifecycle import MACHINE, Actor
from responsibility.statements.models import Signature, Statement, StatementItem, hash_of
from responsibility.statements.signing import PROMISE, RECEIVE, act
from safegrid.audit.models import Entry
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests.responsibility.statements.conftest import DISTRICT, ENTERPRISE

ACTIONS = ("promise", "receive", "withdraw", "close")


def reach(issued, sign, state):
    """Bring the statement of 城东区 into a state."""
    row = issued(DISTRICT)["城东区人民政府"]
    if state in ("half", "in_force"):
        row = sign(row, "chengdong")
    return sign(row, "bureau", "receive") if state == "in_force" else row


#: Who may do what in which state, and the state it leads to. Everything else is refused.
ALLOWED = {
    ("issued", "promise", "chengdong"): "half",
    ("issued", "receive", "bureau"): "half",
    ("issued", "withdraw", "bureau"): "withdrawn",
    ("half", "receive", "bureau"): "in_force",
    ("half", "withdraw", "bureau"): "withdrawn",
    ("half", "promise", "chengdong"): "half",  # again: harmless
}
PEOPLE = (
    "bureau",
    "chengdong",
    "town",
    "fire",
    "inspector",
    "gridofficer",
    "auditor",
    "principal",
    "chengxi",
)


@pytest.mark.parametrize("state", ["issued", "half", "in_force"])
def test_exactly_these_may_do_exactly_this(issued, sign, by, state):
    row = reach(issued, sign, state)
    found = {}
    for action in ACTIONS:
        for name in PEOPLE:
            with transaction.atomic():
                try:
                    done = act(statement=row, action=action, seen=row.sha256, reason="重新签订", **by(name))
                    found[state, action, name] = done.state
                except (NotAllowed, Refused):
                    pass
                transaction.set_rollback(True)
    wanted = {key: after for key, after in ALLOWED.items() if key[0] == state}
    if state == "in_force":  # signing again changes nothing
        wanted = {
            (state, "promise", "chengdong"): "in_force",
            (state, "receive", "bureau"): "in_force",
        }
    assert found == wanted


def test_every_state_has_the_ways_out_that_the_table_says(now):
    ways = {(source, move.action, move.target) for move in MACHINE for source in move.sources}
    assert ways == {
        ("issued", "promise", "half"),
        ("issued", "receive", "half"),
        ("half", "promise", "in_force"),
        ("half", "receive", "in_force"),
        ("issued", "withdraw", "withdrawn"),
        ("half", "withdraw", "withdrawn"),
        ("in_force", "close", "closed"),
    }
    for state in (StatementState.CLOSED, StatementState.WITHDRAWN):
        assert MACHINE.offers(Statement(state=state, text="", sha256=""), Actor(None, None, now)) == []


def test_a_signature_holds_who_as_which_post_when_and_the_hash(signed, cast, now):
    found = list(signed.signatures.order_by("side").values_list("side", "user", "post", "at", "sha256"))
    assert found == [
        ("promiser", cast.chengdong.pk, cast.posts["chengdong"].pk, now, hash_of(signed.text)),
        ("receiver", cast.bureau.pk, cast.posts["bureau"].pk, now, hash_of(signed.text)),
    ]
    assert signed.state == "in_force"
    actions = Entry.objects.filter(subject=f"responsibility.statement:{signed.pk}").order_by("sequence")
    assert [e.action for e in actions] == ["statement.issue", "statement.promise", "statement.receive"]


def test_signing_again_is_harmless_and_writes_nothing(signed, sign):
    entries = Entry.objects.count()
    assert sign(signed, "chengdong").state == "in_force"
    assert (signed.signatures.count(), Entry.objects.count()) == (2, entries)


def test_the_same_person_signs_one_side_only(issued, sign, cast):
    row = issued(DISTRICT)["城东区人民政府"]
    sign(row, "chengdong")
    cast.posts["bureau"].holdings.update(user=cast.chengdong)  # now heads both
    with pytest.raises((Refused, NotAllowed)):
        act(
            statement=row,
            action="receive",
            seen=row.sha256,
            actor=type(cast.chengdong).objects.get(pk=cast.chengdong.pk),
            acting_post=cast.posts["bureau"],
            now=row.issued_at,
        )
    with pytest.raises(IntegrityError, match="signature_by_two_people"), transaction.atomic():
        Signature.objects.create(
            statement=row,
            side="receiver",
            user=cast.chengdong,
            post=cast.posts["bureau"],
            at=row.issued_at,
            sha256=row.sha256,
        )


def test_nobody_signs_a_text_they_have_not_seen_or_as_a_post_they_do_not_hold(issued, by, cast):
    row = issued(DISTRICT)["城东区人民政府"]
    with pytest.raises(Stale):
        act(statement=row, action="promise", seen="0" * 64, **by("chengdong"))
    with pytest.raises(NotAllowed):
        act(
            statement=row,
            action="promise",
            seen=row.sha256,
            **by("bureau") | {"acting_post": cast.posts["chengdong"]},
        )
    assert not Signature.objects.exists()


def test_the_database_keeps_text_signature_and_template(signed, cast):
    def refused(act_):
        with pytest.raises(IntegrityError), transaction.atomic():
            act_()

    refused(lambda: Statement.objects.filter(pk=signed.pk).update(text="别的"))
    refused(lambda: Statement.objects.filter(pk=signed.pk).update(sha256="0" * 64))
    refused(lambda: signed.signatures.update(user=cast.fire))
    refused(lambda: signed.signatures.all().delete())
    refused(lambda: signed.template.items.update(points=1))
    refused(lambda: type(signed.template).objects.filter(pk=signed.template_id).update(title="别的"))
    refused(lambda: StatementItem.objects.create(template=signed.template, order=99, scoring="veto"))
    refused(lambda: Statement.objects.filter(pk=signed.pk).update(promised_at=None))
    signed.refresh_from_db()
    assert signed.is_genuine


def test_who_must_sign_owes_it_first_who_promises_then_who_receives(issued, sign, cast):
    row = issued(DISTRICT)["城东区人民政府"]

    def owed():
        return set(Obligation.objects.open().filter(subject_id=row.pk).values_list("kind", "debtor_post"))

    assert owed() == {(PROMISE, cast.posts["chengdong"].pk)}
    sign(row, "chengdong")
    assert owed() == {(RECEIVE, cast.posts["bureau"].pk)}
    sign(row, "bureau", "receive")
    assert owed() == set()
    closed = Obligation.objects.filter(subject_id=row.pk, kind__in=(PROMISE, RECEIVE))
    assert set(closed.values_list("outcome", flat=True)) == {"met"}
    assert set(closed.values_list("district", flat=True)) == {cast.city.chengdong.pk}


def test_an_enterprise_owes_its_own_signature_and_only_its_principal_gives_it(issued, by, cast):
    row = issued(ENTERPRISE, "town")["青海恒盛商贸有限公司"]
    owed = Obligation.objects.open().get(kind=PROMISE, subject_id=row.pk)
    assert (owed.debtor_enterprise, owed.site, owed.creditor_post) == (
        cast.city.enterprise,
        cast.city.hotel,
        cast.posts["town"],
    )
    for name in ("enterprise", "rival", "town", "chengdong"):
        with pytest.raises(NotAllowed):
            act(statement=row, action="promise", seen=row.sha256, **by(name))
    assert act(statement=row, action="promise", seen=row.sha256, **by("principal")).state == "half"


def test_withdrawing_needs_a_reason_and_ends_what_was_owed(issued, by):
    row = issued(DISTRICT)["城东区人民政府"]
    with pytest.raises(Invalid) as refusal:
        act(statement=row, action="withdraw", reason=" ", **by("bureau"))
    assert set(refusal.value.message_dict) == {"reason"}
    done = act(statement=row, action="withdraw", reason="机构改革", **by("bureau"))
    assert (done.state, done.reason) == ("withdrawn", "机构改革")
    assert list(Obligation.objects.filter(subject_id=row.pk).values_list("outcome", flat=True)) == [
        "cancelled"
    ]
    assert issued(DISTRICT)["城东区人民政府"].pk != row.pk  # it can be issued anew


def test_a_year_is_closed_when_it_is_over(signed, by, january):
    assert act(statement=signed, action="close", **by("bureau", at=january)).state == "closed"


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_both_count(issued, by):
    row = issued(DISTRICT)["城东区人民政府"]
    barrier, problems = threading.Barrier(4), []

    def go(name, action):
        who = by(name)
        barrier.wait()
        try:
            act(statement=row, action=action, seen=row.sha256, **who)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    sides = [("chengdong", "promise"), ("bureau", "receive")] * 2
    threads = [threading.Thread(target=go, args=side) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row.refresh_from_db()
    assert (problems, row.state, row.signatures.count()) == ([], "in_force", 2)
    assert not Obligation.objects.open().filter(subject_id=row.pk).exists()
