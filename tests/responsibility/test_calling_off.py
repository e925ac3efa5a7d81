"""What has not begun, or begins today, can be called off: nothing stays in force, the ledger keeps it all."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.html import escape

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import assign, call_off
from responsibility.coverage.models import Touch
from responsibility.transfers.models import Transfer
from responsibility.transfers.services import accept, propose
from safegrid.audit.models import Entry
from safegrid.kernel.refusals import NotAllowed, Refused, Stale

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


@pytest.fixture
def given(cast, policies, now):
    """Let the inspector lead on fire safety, over the township or over the hotel alone."""

    def give(days, over="township"):
        place = {"site": cast.city.hotel} if over == "hotel" else {"district": cast.city.township}
        return Assignment.objects.create(
            post=cast.posts["inspector"],
            line=Line.TERRITORIAL,
            tier=Tier.LEAD,
            matter=cast.city.fire,
            span=(TODAY + days * DAY, None),
            basis="安全生产法第九条",
            document="安委办〔2026〕3号",
            assigned_by=cast.posts["chengdong"],
            **place,
        )

    return give


def by(cast, name, now):
    return {"actor": getattr(cast, name), "acting_post": cast.posts[name], "now": now}


@pytest.mark.parametrize("days", [0, 1, 27])
def test_what_has_not_been_in_force_before_today_is_called_off_and_the_ledger_keeps_it(
    cast, given, now, days
):
    row = given(days)
    key = f"responsibility.assignment:{row.pk}"
    Touch.objects.all().delete()
    call_off(assignment=row, **by(cast, "chengdong", now))
    assert not Assignment.objects.exists()
    entry = Entry.objects.get(subject=key)
    assert (entry.action, entry.actor) == ("assignment.undo", cast.chengdong)
    for said in ("安全生产法第九条", "安委办〔2026〕3号", cast.city.township.code, str(TODAY + days * DAY)):
        assert said in entry.body
    assert set(Touch.objects.values_list("district", "matter")) == {
        (cast.city.township.pk, cast.city.fire.pk)
    }
    with pytest.raises(Stale):
        call_off(assignment=row, **by(cast, "chengdong", now))
    assert Entry.objects.filter(subject=key).count() == 1


def test_a_wrong_lead_that_was_called_off_makes_room_for_the_right_one(cast, given, now):
    call_off(assignment=given(0), **by(cast, "chengdong", now))
    right = assign(
        post=cast.posts["gridofficer"],
        line=Line.TERRITORIAL,
        tier=Tier.LEAD,
        matter=cast.city.fire,
        district=cast.city.township,
        since=TODAY,
        basis="安全生产法第九条",
        **by(cast, "chengdong", now),
    )
    assert list(Assignment.objects.as_of(TODAY)) == [right.row]


def test_what_was_in_force_yesterday_can_only_end(cast, given, now):
    row = given(-1)
    with pytest.raises(Refused):
        call_off(assignment=row, **by(cast, "chengdong", now))
    assert list(Assignment.objects.as_of(TODAY)) == [row]


@pytest.mark.parametrize("name", ["chengxi", "gridofficer", "auditor", "gas", "enterprise"])
def test_nobody_calls_off_outside_of_their_scope(cast, given, now, name):
    row = given(1)
    with pytest.raises(NotAllowed):
        call_off(assignment=row, **by(cast, name, now))
    assert list(Assignment.objects.all()) == [row]


def test_what_is_being_transferred_is_not_called_off_and_what_is_gone_not_accepted(cast, given, now):
    row = given(0)
    transfer = propose(
        kind="assignment",
        subject=row,
        unit=cast.city.brigade,
        reason="属于消防职责",
        **by(cast, "inspector", now),
    )
    with pytest.raises(Refused):
        call_off(assignment=row, **by(cast, "chengdong", now))
    Assignment.objects.all().delete()
    with pytest.raises(Refused):
        accept(transfer=transfer, **by(cast, "fire", now))
    assert Transfer.objects.open().get() == transfer


def listed(cast, over):
    """The page that lists it."""
    if over == "hotel":
        return reverse("responsibility:site", args=[cast.city.hotel.pk])
    return f"{reverse('responsibility:assignments')}?place={cast.city.township.code}"


@pytest.mark.parametrize("over", ["township", "hotel"])
@pytest.mark.parametrize("days", [0, 27])
def test_the_page_that_lists_it_and_the_page_that_ends_it_have_a_button_that_asks(
    cast, given, client, over, days
):
    row = given(days, over)
    client.force_login(cast.chengdong)
    url = reverse("responsibility:call_off", args=[row.pk])
    for address in (listed(cast, over), reverse("responsibility:end", args=[row.pk])):
        text = client.get(address).text
        assert escape(row.post.label) in text
        assert f'action="{url}"' in text
        assert "Call this duty off?" in text
    assert client.get(url).status_code == 405
    sent = client.post(url, follow=True)
    assert sent.redirect_chain[0][0] == listed(cast, over)
    assert "Called off." in sent.text
    assert not Assignment.objects.exists()
    again = client.post(url, follow=True)
    assert "It has been called off already." in again.text


@pytest.mark.parametrize("over", ["township", "hotel"])
def test_of_what_was_in_force_yesterday_the_button_is_not_offered(cast, given, client, over):
    row = given(-1, over)
    client.force_login(cast.chengdong)
    url = reverse("responsibility:call_off", args=[row.pk])
    for address in (listed(cast, over), reverse("responsibility:end", args=[row.pk])):
        assert url not in client.get(address).text
    assert "let it end instead" in client.post(url, follow=True).text
    assert list(Assignment.objects.all()) == [row]


@pytest.mark.parametrize("name", ["auditor", "enterprise", "nobody", "chengxi"])
def test_whoever_may_not_is_refused_and_sees_no_button(cast, given, client, name):
    row = given(27)
    client.force_login(getattr(cast, name))
    url = reverse("responsibility:call_off", args=[row.pk])
    assert client.post(url).status_code == 403
    assert list(Assignment.objects.all()) == [row]
    assert url not in client.get(listed(cast, "township")).text
