"""What becomes of hours and certificates when an enterprise closes is what was shown before, by its rules."""

import datetime as dt

import pytest

from responsibility.enterprise_line import owing
from responsibility.models import Obligation, StatusRule
from responsibility.standing.choices import Effect
from safegrid.grid.models import Enterprise
from safegrid.grid.status import change_status, preview
from tests import factories as make

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
OWN = (owing.CREDENTIAL, owing.TRAINING)


@pytest.fixture
def owes(books):
    """The hotel's enterprise owes the hours of one person and the renewal of their certificate."""
    make.CredentialFactory(holder=books.manager, valid_until=TODAY, due_on=TODAY)
    owing.look(now=books.now)
    assert outcomes() == dict.fromkeys(OWN, "")
    return books


def outcomes():
    """What became of what was owed, by kind; nothing while it is open."""
    rows = Obligation.objects.filter(kind__in=OWN).order_by("pk")
    return dict(rows.values_list("kind", "outcome"))


def told(books, status, site=None):
    """What the page shows before it is done."""
    rows = preview(enterprise=books.enterprise, site=site, status=status, since=TODAY)
    return {str(each.what): (str(each.effect), each.count) for each in rows}


def change(books, status, site=None, now=None, since=TODAY, **more):
    given = books.official | ({"now": now} if now else {})
    change_status(
        enterprise=books.enterprise, site=site, status=status, since=since, reason="歇业", **given, **more
    )


def night(books, days=1):
    owing.look(now=books.now + days * DAY)


def test_of_a_closed_enterprise_they_end_as_shown_and_are_not_done(owes):
    ends = str(Effect.ENDS.label)
    assert told(owes, "closed") == {"Certificate": (ends, 1), "Training": (ends, 1)}
    for _twice in range(2):
        change(owes, "closed")
    assert outcomes() == dict.fromkeys(OWN, "cancelled")
    for days in (1, 2):
        night(owes, days)
    assert outcomes() == dict.fromkeys(OWN, "cancelled")
    assert Obligation.objects.filter(kind__in=OWN).count() == 2


def test_where_the_rule_lets_them_stay_they_are_not_done_by_closing(owes):
    StatusRule.objects.filter(status="closed", kind__in=OWN).update(effect=Effect.STAYS)
    stays = str(Effect.STAYS.label)
    assert told(owes, "closed") == {"Certificate": (stays, 1), "Training": (stays, 1)}
    change(owes, "closed")
    night(owes)
    assert outcomes() == dict.fromkeys(OWN, "")


def test_while_another_site_works_on_the_enterprise_owes_them(owes):
    home = Obligation.objects.filter(kind=owing.TRAINING).get().site
    stays = str(Effect.STAYS.label)
    assert told(owes, "closed", home) == {"Certificate": (stays, 1), "Training": (stays, 1)}
    change(owes, "closed", home)
    night(owes)
    assert outcomes() == dict.fromkeys(OWN, "")
    # With its last site the enterprise closes, wherever it was that they stood.
    last = owes.city.warehouse if home == owes.city.hotel else owes.city.hotel
    ends = str(Effect.ENDS.label)
    assert told(owes, "closed", last) == {"Certificate": (ends, 1), "Training": (ends, 1)}
    change(owes, "closed", last)
    assert Enterprise.objects.get(pk=owes.enterprise.pk).status == "closed"
    assert outcomes() == dict.fromkeys(OWN, "cancelled")


def test_what_rests_by_a_rule_is_not_asked_for_again_until_work_begins(owes):
    for kind in OWN:
        StatusRule.objects.create(status="suspended", kind=kind, effect=Effect.RESTS, source="市局")
    rests = str(Effect.RESTS.label)
    assert told(owes, "suspended") == {"Certificate": (rests, 1), "Training": (rests, 1)}
    change(owes, "suspended")
    night(owes)
    assert Obligation.objects.open().filter(kind__in=OWN).count() == 0
    change(owes, "operating", now=owes.now + 2 * DAY, since=TODAY + 2 * DAY)
    night(owes, 2)
    assert set(Obligation.objects.open().values_list("kind", flat=True)) == set(OWN)


def test_out_of_season_they_rest_and_in_season_they_are_asked_for(owes):
    for kind in OWN:
        StatusRule.objects.create(status="seasonal", kind=kind, effect=Effect.RESTS, source="市局")
    change(owes, "seasonal", months=[6])
    night(owes)
    assert outcomes() == dict.fromkeys(OWN, "cancelled")
    change(owes, "seasonal", months=[11], now=owes.now + DAY, since=TODAY + DAY)
    night(owes)
    assert set(Obligation.objects.open().values_list("kind", flat=True)) == set(OWN)


def test_what_an_earlier_closing_left_open_ends_the_next_night(owes):
    Enterprise.objects.filter(pk=owes.enterprise.pk).update(status="closed")
    night(owes)
    assert outcomes() == dict.fromkeys(OWN, "cancelled")
