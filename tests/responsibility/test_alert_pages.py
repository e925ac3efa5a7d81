"""Alerts as people see them: the list, the bell, the local mails."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from responsibility.alerts.delivery import deliver
from responsibility.alerts.sweep import sweep
from responsibility.models import Alert
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import close_obligations
from safegrid.accounts.models import Holding
from safegrid.kernel import clock


@pytest.fixture
def at(cast):
    """A browser in which somebody of the cast has signed in."""

    def sign_in(name):
        client = Client()
        client.force_login(getattr(cast, name))
        return client

    return sign_in


@pytest.fixture
def late(owe):
    """A rectification a day over: the enterprise, its principal and the inspector were told."""
    row = owe()
    sweep(now=clock.day_start(row.due_on))
    sweep(now=row.due_at)
    return row


def unread(client) -> int:
    """The number in the bell."""
    found = re.search(r'aria-label="Alerts, (\d+) not read"', client.get(reverse("alerts:bell")).text)
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    ("name", "count"),
    [("enterprise", 2), ("principal", 2), ("inspector", 1), ("bureau", 0), ("rival", 0), ("auditor", 0)],
)
def test_each_sees_their_own_alerts_and_nobody_elses(late, at, name, count):
    client = at(name)
    page = client.get(reverse("alerts:list"))
    assert page.text.count("Rectify: 疏散通道被堵塞</a>") == count
    assert unread(client) == count
    for alert in Alert.objects.exclude(holder__username=name):
        assert client.get(reverse("alerts:open", args=[alert.pk])).status_code == 404
        assert client.post(reverse("alerts:read", args=[alert.pk])).status_code == 404
    assert Alert.objects.filter(read_at=None).count() == 5


def test_the_debtor_is_led_to_the_button_and_everybody_else_to_the_hazard(late, at, cast):
    number = late.params["number"]
    wanted = {
        "enterprise": reverse("hazards:act", args=[number, "submit"]),
        "inspector": reverse("hazards:detail", args=[number]),
    }
    for name, address in wanted.items():
        alert = Alert.objects.filter(holder__username=name).first()
        answer = at(name).get(reverse("alerts:open", args=[alert.pk]))
        assert answer["Location"] == address
        assert at(name).get(address).status_code == 200


def test_opening_one_reads_all_about_the_same(late, owe, at):
    other = owe()
    sweep(now=clock.day_start(other.due_on))
    client = at("enterprise")
    assert unread(client) == 3
    alert = Alert.objects.filter(holder__username="enterprise", obligation=late).first()
    client.get(reverse("alerts:open", args=[alert.pk]))
    assert unread(client) == 1
    assert unread(at("principal")) == 3


def test_one_or_all_can_be_marked_as_read(late, at):
    client = at("enterprise")
    client.post(reverse("alerts:read", args=[Alert.objects.filter(holder__username="enterprise").first().pk]))
    assert unread(client) == 1
    page = client.post(reverse("alerts:read_all"), follow=True)
    assert "1 alert marked as read." in page.text
    assert unread(client) == 0
    assert unread(at("inspector")) == 1


def test_reading_is_asked_for_by_a_form_not_by_a_link(late, at):
    assert at("enterprise").get(reverse("alerts:read_all")).status_code == 405


def test_what_is_done_meanwhile_no_longer_counts_and_stands_below(late, owe, at, now):
    close_obligations(subject=late.subject, kinds=[late.kind], outcome=Outcome.MET, now=now)
    client = at("enterprise")
    assert unread(client) == 0
    fresh = owe(params={"number": "XN-2026-000099", "title": "新的一处"})
    sweep(now=clock.day_start(fresh.due_on))
    page = client.get(reverse("alerts:list")).text
    assert page.index("新的一处") < page.index("疏散通道被堵塞")
    assert ">Done<" in page


def test_an_alert_is_red_from_the_hour_on_and_ends_in_the_colour_of_its_end(owe, at, now):
    row = owe(due_at=now + dt.timedelta(hours=2))
    sweep(now=row.due_at)
    client = at("enterprise")
    assert '<span class="due due-over">overdue since today</span>' in client.get(reverse("alerts:list")).text
    close_obligations(subject=row.subject, kinds=[row.kind], outcome=Outcome.LAPSED, now=now)
    page = client.get(reverse("alerts:list")).text
    assert '<span class="due">overdue since today</span>' in page
    assert '<span class="state state-bad">Lapsed: the next period began</span>' in page


def test_an_alert_passes_to_the_successor_in_the_post(late, cast, at):
    Holding.objects.filter(post=cast.posts["inspector"]).update(user=cast.inspector2)
    assert unread(at("inspector")) == 0
    assert unread(at("inspector2")) == 1


def test_the_bell_is_on_every_page_and_says_where_to_ask_again(late, at):
    page = at("enterprise").get(reverse("my_work")).text
    assert f'data-bell="{reverse("alerts:bell")}"' in page
    assert f'href="{reverse("alerts:list")}"' in page
    assert 'class="bell-count" aria-hidden="true">2<' in page


def test_the_list_asks_the_same_number_of_times_however_long_it_is(late, owe, at, django_assert_num_queries):
    client = at("enterprise")
    client.get(reverse("alerts:list"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("alerts:list"))
    rows = [owe() for _ in range(6)]
    sweep(now=rows[0].due_at)
    with django_assert_num_queries(len(few)):
        client.get(reverse("alerts:list"))


# -- the local mails --------------------------------------------------------------------------------


@pytest.fixture
def outbox(late, settings, tmp_path):
    """Three mails kept on this computer."""
    settings.DEBUG = True
    settings.MAIL_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "responsibility.alerts.outbox.OutboxBackend"
    Alert.objects.filter(rung=2).delete()
    assert deliver(now=late.due_at) == 3
    return reverse("alerts:outbox")


@pytest.mark.parametrize(
    ("name", "to"),
    [
        ("bureau", {"enterprise", "principal", "inspector"}),
        ("auditor", {"enterprise", "principal", "inspector"}),
        ("admin", {"enterprise", "principal", "inspector"}),
        ("enterprise", {"enterprise"}),
        ("inspector", {"inspector"}),
        ("rival", set()),
    ],
)
def test_the_outbox_shows_the_office_every_mail_and_everybody_else_their_own(outbox, at, name, to):
    client = at(name)
    page = client.get(outbox).text
    assert set(re.findall(r"(\w+)@example\.org", page)) == to
    links = set(re.findall(rf'href="({outbox}[^"]+/)"', page))
    assert len(links) == len(to)
    everything = set(re.findall(rf'href="({outbox}[^"]+/)"', at("bureau").get(outbox).text))
    assert {link for link in everything if client.get(link).status_code == 200} == links


def test_the_outbox_says_when_in_local_time(outbox, at):
    assert "2026-11-23 10:00</time>" in at("bureau").get(outbox).text


def test_a_mail_is_shown_as_its_reader_gets_it(outbox, at, late):
    client = at("inspector")
    link = re.search(rf'href="({outbox}[^"]+/)"', client.get(outbox).text)[1]
    page = client.get(link).text
    assert "疏散通道被堵塞" in page
    assert reverse("hazards:detail", args=[late.params["number"]]) in page


@pytest.mark.parametrize("name", ["..-..-etc", "none"])
def test_no_other_file_can_be_asked_for(outbox, at, name):
    assert at("bureau").get(f"{outbox}{name}/").status_code == 404


def test_in_production_there_is_no_outbox(outbox, at, settings):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False
    assert at("bureau").get(outbox).status_code == 404
