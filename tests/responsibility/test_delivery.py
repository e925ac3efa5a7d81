"""An alert reaches people by mail at least once, and what fails is seen."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import translation

from responsibility.alerts import delivery
from responsibility.alerts.delivery import ATTEMPTS, BACK_OFF, LEASE, deliver
from responsibility.alerts.models import DeliveryState
from responsibility.alerts.outbox import kept
from responsibility.alerts.sweep import sweep
from responsibility.models import Alert, Delivery, Tick
from safegrid.accounts.models import User
from safegrid.kernel import clock

DAY = dt.timedelta(days=1)


@pytest.fixture
def raised(owe, cast):
    """The enterprise, its principal and the inspector were told that it is a day over."""
    User.objects.filter(username__in=["enterprise", "principal"]).update(language="en", phone="13900000001")
    User.objects.filter(username="inspector").update(language="en", phone="09718001234")
    row = owe()
    sweep(now=row.due_at)
    return row


def to(username: str) -> mail.EmailMessage:
    """The mail that a person got."""
    return next(m for m in mail.outbox if m.to == [f"{username}@example.org"])


def test_each_alert_is_mailed_once(raised):
    assert deliver(now=raised.due_at) == 3
    assert sorted(m.to[0].split("@")[0] for m in mail.outbox) == ["enterprise", "inspector", "principal"]
    assert set(Delivery.objects.values_list("state", "sent_at", "next_try_at", "attempts")) == {
        (DeliveryState.SENT, raised.due_at, None, 1)
    }
    assert deliver(now=raised.due_at + DAY) == 0


def test_the_mail_says_what_where_since_when_and_whom_to_call(raised, cast, settings):
    settings.SITE_URL = "https://safegrid.example/"
    deliver(now=raised.due_at)
    message = to("enterprise")
    number = raised.params["number"]
    assert message.subject == "Rectify: 疏散通道被堵塞 (1 day over)"
    assert message.body.splitlines() == [
        "Rectify: 疏散通道被堵塞",
        "1 day over",
        "",
        f"Where: Qinghai Hengsheng Trading, 恒盛宾馆, {cast.city.hotel.address}",
        "Due: 2026-12-03",
        "Call: Inspector, Inspector's post, 09718001234",
        "",
        f"See it and act on it: https://safegrid.example/hazards/{number}/submit/",
        "",
        "You are told as Enterprise's post.",
        "SafeGrid",
    ]
    other = to("inspector").body
    assert "Call: Enterprise, Enterprise's post, 13900000001" in other
    assert f": https://safegrid.example/hazards/{number}/\n" in other


def test_the_mail_is_in_the_readers_language_whatever_the_workers_is(raised):
    User.objects.filter(username="enterprise").update(language="zh-hans")
    with translation.override("en"):
        deliver(now=raised.due_at)
    assert "You are told as" in to("principal").body
    assert to("enterprise").body.count("安全员岗") == 1


def test_a_title_with_markup_stays_as_it_was_typed(owe, now):
    row = owe(params={"number": "XN-2026-000001", "title": "A & B <c>"})
    sweep(now=row.due_at)
    deliver(now=row.due_at)
    assert "A & B <c>" in mail.outbox[0].subject
    assert "A & B <c>" in mail.outbox[0].body


def test_an_enterprise_with_nobody_here_is_called_by_its_own_telephone(owe, cast):
    User.objects.filter(username="inspector").update(language="en")
    row = owe(site=cast.city.school)
    sweep(now=row.due_at)
    deliver(now=row.due_at)
    assert "Call: 马明, 西宁晨曦培训学校, 13800000000" in to("inspector").body


def test_what_another_has_claimed_is_not_sent(raised):
    Delivery.objects.update(attempts=1, next_try_at=raised.due_at + LEASE, state=DeliveryState.SENDING)
    assert deliver(now=raised.due_at + LEASE - dt.timedelta(seconds=1)) == 0
    assert mail.outbox == []


def test_of_two_who_read_the_same_row_one_claims_it(raised):
    row = Delivery.objects.first()
    assert delivery._claim(row.pk, row.attempts, now=raised.due_at)
    assert not delivery._claim(row.pk, row.attempts, now=raised.due_at)


def test_a_crash_between_sending_and_recording_sends_again_and_raises_no_second_alert(raised, monkeypatch):
    class Crash(BaseException):
        """The process ends here."""

    def crash(self, **kwargs):
        raise Crash

    alerts = Alert.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(Delivery, "save", crash)
        with pytest.raises(Crash):
            deliver(now=raised.due_at)
    assert len(mail.outbox) == 1
    first = Delivery.objects.get(state=DeliveryState.SENDING)
    assert deliver(now=raised.due_at) == 2  # the other two; the lease protects the first
    assert deliver(now=raised.due_at + LEASE) == 1
    first.refresh_from_db()
    assert (first.state, first.attempts) == (DeliveryState.SENT, 2)
    assert len(mail.outbox) == 4  # at least once: the one window
    assert Alert.objects.count() == alerts


def test_a_refused_mail_is_tried_again_ever_later_and_given_up_visibly(raised, monkeypatch):
    Delivery.objects.exclude(alert__holder__username="enterprise").delete()

    def refuse(self, *args, **kwargs):
        raise OSError("mailbox is full")

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    at, waits = raised.due_at, []
    for _ in range(ATTEMPTS - 1):
        assert deliver(now=at) == 0
        row = Delivery.objects.get()
        assert (row.state, row.error) == (DeliveryState.WAITING, "mailbox is full")
        waits.append(row.next_try_at - at)
        at = row.next_try_at
    assert waits == [BACK_OFF * 2**n for n in range(ATTEMPTS - 1)]
    deliver(now=at)
    row = Delivery.objects.get()
    assert (row.state, row.next_try_at, row.error) == (DeliveryState.FAILED, None, "mailbox is full")
    assert deliver(now=at + DAY) == 0


def test_a_mail_that_cannot_be_written_stops_no_other(raised):
    alert = Alert.objects.get(holder__username="enterprise")
    sick = Delivery.objects.get(alert=alert)
    obligation = alert.obligation
    obligation.pk, obligation.params = None, {}  # the wording finds no title
    obligation.kind, obligation.next_look_at = "broken", None
    obligation.save()
    Alert.objects.filter(pk=alert.pk).update(obligation=obligation)
    assert deliver(now=raised.due_at) == 2
    sick.refresh_from_db()
    assert (sick.state, sick.error) == (DeliveryState.WAITING, "'title'")


def test_one_that_kills_its_process_every_time_is_given_up(raised):
    Delivery.objects.update(attempts=ATTEMPTS, state=DeliveryState.SENDING)
    assert deliver(now=raised.due_at) == 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.FAILED}


def test_who_has_no_address_is_a_visible_failure(raised):
    User.objects.filter(username="principal").update(email="")
    assert deliver(now=raised.due_at) == 2
    failed = Delivery.objects.get(state=DeliveryState.FAILED)
    assert (failed.alert.holder.username, failed.error) == ("principal", "no mail address")


def test_while_the_server_is_away_mails_wait_and_the_work_counts_as_not_done(raised, monkeypatch):
    def closed(self):
        raise ConnectionRefusedError("no server")

    from django.core.mail.backends.locmem import EmailBackend

    monkeypatch.setattr(EmailBackend, "open", closed)
    with pytest.raises(ConnectionRefusedError):
        deliver(now=raised.due_at)
    assert set(Delivery.objects.values_list("state", "attempts")) == {(DeliveryState.WAITING, 0)}
    assert not Tick.objects.filter(name="deliver").exists()
    monkeypatch.undo()
    assert deliver(now=raised.due_at) == 3
    assert Tick.objects.get(name="deliver").at == raised.due_at


def test_with_nothing_to_send_no_server_is_asked(db, now, monkeypatch):
    monkeypatch.setattr(delivery, "get_connection", None)
    assert deliver(now=now) == 0


def test_the_local_outbox_keeps_mails_whole_and_newest_first(raised, settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "responsibility.alerts.outbox.OutboxBackend"
    deliver(now=clock.day_start(raised.due_on) + 2 * DAY)
    mails = kept(limit=10)
    assert len(mails) == 3
    assert [m.name for m in mails] == sorted((m.name for m in mails), reverse=True)
    assert {m.to.split("@")[0] for m in mails} == {"enterprise", "principal", "inspector"}
    assert all("疏散通道被堵塞" in m.subject and "疏散通道被堵塞" in m.text for m in mails)
    assert list((tmp_path / "mail").glob(".*")) == []
