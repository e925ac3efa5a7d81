"""Certificates: entered once, due in time, renewed or re-examined, and owed until then."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from responsibility.alerts.sweep import sweep
from responsibility.coverage.audit import audit
from responsibility.enterprise_line import owing
from responsibility.enterprise_line.models import Credential, CredentialPolicy
from responsibility.enterprise_line.periods import years_later
from responsibility.enterprise_line.services.credentials import enter_credential, put_aside, reexamine
from responsibility.enterprise_line.services.staff import change_staff, enter_staff, let_go
from responsibility.models import Alert, Finding, Obligation
from responsibility.obligations.words import title_and_button, url
from safegrid.audit.models import Entry
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests import factories as make
from tests.responsibility.enterprise_line.conftest import TODAY, who

DAY = dt.timedelta(days=1)


def enter(books, **changes):
    fields = {
        "enterprise": books.enterprise,
        "kind": "safety_manager",
        "holder": books.manager,
        "number": "青安000001",
        "valid_from": dt.date(2024, 1, 10),
        **books.me,
    } | changes
    return enter_credential(**fields)


def owed():
    """What is open about certificates: (subject, label, due)."""
    rows = Obligation.objects.open().filter(kind=owing.CREDENTIAL).order_by("pk")
    return [(row.subject_id, row.label, row.due_on) for row in rows]


def outcomes(row):
    return list(
        Obligation.objects.filter(kind=owing.CREDENTIAL, subject_id=row.pk)
        .order_by("pk")
        .values_list("outcome", flat=True)
    )


def test_days_that_are_left_out_follow_from_the_rule(books):
    row = enter(books)
    assert (row.valid_until, row.reexamine_by, row.due_on) == (dt.date(2027, 1, 9), None, dt.date(2027, 1, 9))
    special = enter(
        books, kind="special_operation", field="welding", number="T1", valid_from=dt.date(2025, 3, 1)
    )
    assert (special.valid_until, special.reexamine_by) == (dt.date(2031, 2, 28), dt.date(2028, 2, 29))
    assert special.due_on == dt.date(2028, 2, 29)


def test_it_is_asked_for_when_the_lead_time_is_reached_and_once(books):
    row = enter(books, valid_until=TODAY + 91 * DAY)
    assert owed() == []
    later = books.now + DAY
    assert owing.open_expiries(now=later) == 1
    assert owing.open_expiries(now=later) == 0
    assert owed() == [(row.pk, "renew_safety_manager", TODAY + 91 * DAY)]
    obligation = Obligation.objects.get()
    assert (obligation.debtor_enterprise, obligation.site) == (books.enterprise, books.city.hotel)
    words = "Renew the safety manager's qualification of 王海燕"
    assert title_and_button(obligation.label, obligation.params) == (words, "Renew")
    assert url(obligation.label, obligation.params) == f"/responsibility/own/certificates/{row.pk}/"


def test_the_sweep_command_looks_as_well(books):
    make.CredentialFactory(holder=books.manager, valid_until=TODAY + 5 * DAY, due_on=TODAY + 5 * DAY)
    call_command("sweep", verbosity=0)
    assert len(owed()) == 1


def test_the_lead_time_is_the_policys(books):
    CredentialPolicy.objects.filter(kind="safety_manager").update(lead_days=10)
    enter(books, valid_until=TODAY + 11 * DAY)
    assert owed() == []
    assert owing.open_expiries(now=books.now + DAY) == 1


def test_a_renewal_meets_what_is_owed_and_sent_twice_is_once(books):
    old = enter(books, valid_until=TODAY + 20 * DAY)
    assert len(owed()) == 1
    new = enter(books, valid_from=TODAY, renews=old)
    assert owed() == []
    assert outcomes(old) == ["met"]
    assert enter(books, valid_from=TODAY, renews=old) == new
    old.refresh_from_db()
    assert (old.state, new.state, new.renews) == ("renewed", "current", old)
    assert Entry.objects.filter(action="credential.renew").count() == 1
    with pytest.raises(Stale):
        enter(books, number="青安000002", valid_from=TODAY, renews=old)


def test_a_renewal_that_is_not_valid_longer_is_none(books):
    old = enter(books, valid_until=TODAY + 20 * DAY)
    with pytest.raises(Invalid, match="not valid longer"):
        enter(books, valid_from=TODAY, valid_until=TODAY + 20 * DAY, renews=old)
    old.refresh_from_db()
    assert old.state == "current"
    assert len(owed()) == 1


def test_a_renewal_is_of_the_same_kind_and_person(books):
    old = enter(books)
    other = make.StaffFactory(enterprise=books.enterprise)
    with pytest.raises(Invalid, match="same kind and person"):
        enter(books, holder=other, number="青安000009", renews=old)


def test_an_expired_one_is_owed_today_stays_open_and_climbs(books):
    row = enter(books, valid_until=TODAY - 5 * DAY)
    assert owed() == [(row.pk, "renew_safety_manager", TODAY)]
    assert Obligation.objects.get().original_due_on == TODAY - 5 * DAY
    for days in (1, 3, 7):
        sweep(now=clock.day_end(TODAY) + days * DAY)
    told = set(Alert.objects.values_list("rung", "holder__username"))
    assert {(5, "enterprise"), (5, "principal"), (5, "bureau")} <= told
    assert len(owed()) == 1


def test_a_re_examination_closes_one_thing_and_the_end_opens_another(books):
    row = enter(
        books,
        kind="special_operation",
        field="height",
        number="T1",
        valid_from=dt.date(2023, 12, 20),
    )
    assert owed() == [(row.pk, "reexamine_special_operation", dt.date(2026, 12, 19))]
    row = reexamine(credential=row, on=TODAY, **books.me)
    assert (row.reexamined_on, row.reexamine_by, row.due_on) == (TODAY, None, dt.date(2029, 12, 19))
    assert reexamine(credential=row, on=TODAY, **books.me) == row
    assert (owed(), outcomes(row)) == ([], ["met"])
    with pytest.raises(Refused):
        reexamine(credential=row, on=TODAY - DAY, **books.me)
    owing.look(now=clock.day_start(dt.date(2029, 11, 1)))
    assert owed() == [(row.pk, "renew_special_operation", dt.date(2029, 12, 19))]


def test_a_re_examination_lies_within_the_validity(books):
    row = enter(
        books, kind="special_operation", field="height", number="T1", valid_from=dt.date(2023, 12, 20)
    )
    with pytest.raises(Invalid):
        reexamine(credential=row, on=dt.date(2023, 12, 1), **books.me)
    with pytest.raises(Invalid, match="to come"):
        reexamine(credential=row, on=TODAY + DAY, **books.me)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "  "}, "number"),
        ({"valid_until": dt.date(2024, 1, 9)}, "valid_until"),
        ({"valid_from": TODAY + DAY}, "valid_from"),
        ({"reexamine_by": dt.date(2023, 1, 1)}, "reexamine_by"),
        ({"reexamine_by": dt.date(2030, 1, 1)}, "reexamine_by"),
        ({"holder": None}, "holder"),
        ({"kind": "driving"}, "kind"),
        ({"kind": "special_operation"}, "field"),
        ({"kind": "standardization", "holder": None}, "level"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(books, changes, field):
    with pytest.raises(Invalid) as refusal:
        enter(books, **changes)
    assert list(refusal.value.message_dict) == [field]
    assert not Credential.objects.exists()


def test_a_number_is_there_once_in_an_enterprise(books):
    row = enter(books)
    assert enter(books) == row  # the same form sent twice
    with pytest.raises(Invalid, match="number is there already"):
        enter(books, valid_from=dt.date(2025, 1, 10))
    theirs = make.StaffFactory(enterprise=books.city.other)
    other = enter(books, enterprise=books.city.other, holder=theirs, **books.rival)
    assert other.number == row.number


def test_an_enterprise_has_one_standardization(books):
    enter(books, kind="standardization", holder=None, level=3, number="B1")
    with pytest.raises(Invalid, match="renew that one"):
        enter(books, kind="standardization", holder=None, level=2, number="B2")


def test_somebody_of_another_enterprise_or_who_has_left_holds_none(books):
    for holder in (
        make.StaffFactory(enterprise=books.city.other),
        make.StaffFactory(enterprise=books.enterprise, left_on=TODAY),
    ):
        with pytest.raises(Invalid, match="person of the enterprise"):
            enter(books, holder=holder)


@pytest.mark.parametrize("username", ["rival", "inspector", "bureau", "auditor", "chengdong"])
def test_only_the_enterprises_own_posts_write(books, username):
    stranger = who(books.cast, username, books.now)
    row = enter(books)
    with pytest.raises(NotAllowed):
        enter(books, number="B2", **stranger)
    with pytest.raises(NotAllowed):
        reexamine(credential=row, on=TODAY, **stranger)
    with pytest.raises(NotAllowed):
        put_aside(credential=row, reason="错", **stranger)
    with pytest.raises(NotAllowed):
        let_go(staff=books.manager, on=TODAY, **stranger)
    assert Credential.objects.get().state == "current"


def test_whoever_no_longer_holds_the_post_writes_nothing(books):
    former = make.UserFactory()
    with pytest.raises(NotAllowed):
        enter(books, actor=former)


def test_what_is_put_aside_is_owed_no_longer_and_stays(books):
    row = enter(books, valid_until=TODAY + 20 * DAY)
    put_aside(credential=row, reason="录入有误", **books.me)
    put_aside(credential=row, reason="录入有误", **books.me)
    assert (owed(), outcomes(row)) == ([], ["cancelled"])
    assert Credential.objects.get().state == "ended"


def test_who_leaves_takes_their_certificates_along(books):
    row = enter(books, valid_until=TODAY + 20 * DAY)
    let_go(staff=books.manager, on=TODAY, **books.me)
    assert let_go(staff=books.manager, on=TODAY, **books.me).left_on == TODAY
    assert (owed(), outcomes(row)) == ([], ["cancelled"])
    with pytest.raises(Stale):
        let_go(staff=books.manager, on=TODAY - DAY, **books.me)
    assert owing.look(now=books.now) == 0


def test_a_name_and_a_number_are_in_the_ledger_as_digests_only(books):
    person = enter_staff(
        enterprise=books.enterprise, name="才让卓玛", role="worker", joined_on=TODAY, **books.me
    )
    change_staff(staff=person, name="才让措", role="worker", joined_on=TODAY, **books.me)
    enter(books, number="青安SECRET")
    text = "\n".join(Entry.objects.values_list("body", flat=True))
    assert '"staff.enter"' in text
    for secret in ("才让卓玛", "才让措", "青安SECRET"):
        assert secret not in text
    assert text.count('"personal"') >= 3


def test_entering_somebody_twice_by_one_form_is_once(books):
    given = {"enterprise": books.enterprise, "name": "周海峰", "role": "worker", "joined_on": TODAY}
    token = "8f14e45f-ceea-4672-a9f3-0d1d6f4c8d11"
    assert enter_staff(**given, token=token, **books.me) == enter_staff(**given, token=token, **books.me)
    assert enter_staff(**given, **books.me).pk  # two people of one name are two


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": " "}, "name"), ({"joined_on": TODAY + DAY}, "joined_on"), ({"role": "king"}, "role")],
)
def test_a_person_who_cannot_be_is_not_entered(books, changes, field):
    given = {"enterprise": books.enterprise, "name": "周", "role": "worker", "joined_on": TODAY} | changes
    with pytest.raises(Invalid) as refusal:
        enter_staff(**given, **books.me)
    assert list(refusal.value.message_dict) == [field]


def test_an_account_belongs_to_one_person_and_holds_a_post_here(books):
    given = {"enterprise": books.enterprise, "role": "principal", "joined_on": TODAY, **books.me}
    enter_staff(name="张恒盛", user=books.cast.principal, **given)
    with pytest.raises(Invalid, match="another person's"):
        enter_staff(name="张二", user=books.cast.principal, **given)
    with pytest.raises(Invalid, match="holds no post"):
        enter_staff(name="同行", user=books.cast.rival, **given)


def test_the_night_costs_the_same_for_one_and_for_many(books):
    def cost(number):
        make.CredentialFactory.create_batch(
            number, holder=books.manager, valid_until=TODAY + DAY, due_on=TODAY + DAY
        )
        with CaptureQueriesContext(connection) as queries:
            assert owing.open_expiries(now=books.now) == number
        return len(queries)

    cost(1)
    assert cost(1) == cost(60)


def test_a_closed_enterprise_owes_nothing(books):
    books.enterprise.status = "closed"
    books.enterprise.save()
    make.CredentialFactory(holder=books.manager, valid_until=TODAY, due_on=TODAY)
    assert owing.look(now=books.now) == 0


def test_the_audit_finds_an_expired_certificate_and_its_renewal_mends_it(books):
    row = make.CredentialFactory(holder=books.manager, valid_until=TODAY - DAY, due_on=TODAY - DAY)
    make.CredentialFactory(holder__enterprise=books.city.other)
    audit(now=books.now)
    found = Finding.objects.open().filter(rule="staff_certificate")
    assert {site for each in found for site in each.touched.values_list("site__name", flat=True)} == {
        books.city.hotel.name,
        books.city.warehouse.name,
    }
    enter(books, number=row.number, valid_from=TODAY, renews=row)
    audit(now=books.now)
    assert not Finding.objects.open().filter(rule="staff_certificate").exists()


@given(st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31)), st.integers(1, 12))
def test_years_later_is_the_same_day_or_the_end_of_february(day, years):
    later = years_later(day, years)
    assert (later.year, later.month) == (day.year + years, day.month)
    assert later.day == day.day or (day.month, day.day, later.day) == (2, 29, 28)
