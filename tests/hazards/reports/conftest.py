"""A person without an account, with a phone; and reports that have come in."""

import datetime as dt
import html
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hazards.reports.choices import Via
from hazards.reports.handling import Given, act
from hazards.reports.keys import new_key
from hazards.reports.models import Report
from hazards.reports.services import Told, receive

MINUTE = dt.timedelta(minutes=1)


def text_of(response: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


class Passer:
    """Somebody without an account, who takes a minute for a form."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.client = Client()

    def open(self, code: str = "") -> dict[str, Any]:
        """Open the form, of a gate when its code is given; return its hidden fields."""
        page = self.client.get(reverse("report:gate", args=[code]) if code else reverse("report:new"))
        assert page.status_code == 200
        return {"token": re.search(r'name="token" value="([^"]+)"', page.text)[1]}

    def send(
        self, fields: dict[str, Any], *, code: str = "", url: str = "", after: dt.timedelta = MINUTE
    ) -> Any:
        """Send the form and return the answer."""
        at_gate = reverse("report:gate", args=[code]) if code else reverse("report:new")
        with time_machine.travel(self.now + after, tick=False):
            return self.client.post(url or at_gate, fields)

    def tell(self, *, code: str = "", **fields: Any) -> Report:
        """Report something and return what was taken in."""
        given = self.open(code) | {"what": "消防通道被锁，打不开"} | fields
        answer = self.send(given, code=code)
        assert answer.status_code == 302, text_of(answer)
        return Report.objects.order_by("-pk")[0]

    def receipt(self) -> str:
        """The tracking number on the receipt."""
        page = self.client.get(reverse("report:receipt"))
        return re.search(r'report-number">([^<]+)<', page.text)[1]

    def look_up(self, number: str) -> Any:
        """Ask what became of a report."""
        return self.client.post(reverse("report:status"), {"number": number})


class Desk:
    """The cast at work on public reports about the hotel."""

    def __init__(self, cast: Any, now: dt.datetime) -> None:
        self.cast, self.now = cast, now

    def received(self, **told: Any) -> Report:
        """A report about the hotel that has come in by its gate."""
        city = self.cast.city
        fields = {"what": "消防通道被锁", "matter": city.crowded, "site": city.hotel} | told
        return receive(key=uuid.uuid4(), told=Told(**fields), via=Via.GATE, now=self.now)

    def act(
        self, report: Report, action: str, by: str, *, version: int | None = None, **given: Any
    ) -> Report:
        """Make one move, with everything given that any move needs."""
        fresh = Report.objects.get(pk=report.pk)
        fields = {
            "title": "疏散通道上锁",
            "category": "fire",
            "note": "现场核实",
            "feedback": "已核查，谢谢您的举报。",
        }
        return act(
            report=fresh,
            action=action,
            given=Given(**fields | given),
            version=fresh.version if version is None else version,
            actor=getattr(self.cast, by),
            acting_post=self.cast.posts[by],
            now=self.now,
        )

    def accepted(self, by: str = "inspector", **told: Any) -> Report:
        """A report that `by` has taken up."""
        return self.act(self.received(**told), "accept", by)

    def page(self, report: Report, by: str) -> Any:
        """The page of a report, as `by` sees it."""
        return self.browser(by).get(reverse("hazards:report", args=[report.number]))

    def browser(self, by: str) -> Client:
        """A browser in which `by` has signed in."""
        client = Client()
        client.force_login(getattr(self.cast, by))
        return client


@pytest.fixture
def passer(city, policies, now) -> Passer:
    """Somebody in the street."""
    return Passer(now)


@pytest.fixture
def desk(cast, policies, now) -> Desk:
    """The cast, ready to deal with reports."""
    return Desk(cast, now)


@pytest.fixture
def form_key() -> uuid.UUID:
    """The key of a form."""
    return new_key().key
