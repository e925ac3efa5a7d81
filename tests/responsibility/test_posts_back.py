"""What was arranged for a post is taken back: a handover called off, a leave made shorter or longer."""

import datetime as dt

import pytest
from django.urls import reverse

from responsibility.posts.calling_off import call_off
from responsibility.posts.models import Handover
from responsibility.posts.services import come_back, hand_over, leave, name_substitute
from safegrid.accounts.models import Holding, Substitution
from safegrid.audit.models import Entry
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests import factories as make

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
LATER = TODAY + 9 * DAY


def who(cast, name, now):
    return {"actor": getattr(cast, name), "acting_post": cast.posts[name], "now": now}


def give(cast, now, to, *, on=TODAY, by="chengdong", post="inspector"):
    return hand_over(post=cast.posts[post], to=to, on=on, **who(cast, by, now))


def spans(model, post):
    rows = model.objects.filter(post=post).select_related("user").order_by("span")
    return [(row.user.username, row.span.lower, row.span.upper) for row in rows]


def away(cast, user, since, until, post="inspector"):
    return Substitution.objects.create(post=cast.posts[post], user=user, span=(since, until))


def actions(post):
    found = Entry.objects.filter(subject=f"accounts.post:{post.pk}").order_by("sequence")
    return list(found.values_list("action", flat=True))


@pytest.mark.parametrize("on", [TODAY, LATER])
def test_a_handover_of_today_or_to_come_is_called_off_and_what_was_before_stands_again(
    cast, policies, now, on
):
    post = cast.posts["inspector"]
    away(cast, cast.gas, TODAY - 3 * DAY, on + DAY)
    away(cast, cast.fire, on + 5 * DAY, on + 7 * DAY)
    before = spans(Holding, post), spans(Substitution, post)
    sheet = give(cast, now, cast.nobody, on=on)
    assert (spans(Holding, post), spans(Substitution, post)) != before
    for _twice in range(2):
        row = call_off(handover=sheet, **who(cast, "chengdong", now))
        assert (row.called_off_at, row.called_off_by) == (now, cast.chengdong)
    assert (spans(Holding, post), spans(Substitution, post)) == before
    assert actions(post) == ["appointed", "handed_over", "handover_called_off"]


def test_a_day_on_which_it_was_to_end_anyway_and_a_vacancy_stand_again_too(cast, policies, now):
    post, other = cast.posts["inspector"], make.PostFactory(unit=cast.city.emergency)
    Holding.objects.filter(post=post).update(span=(make.LONG_AGO, LATER))
    sheet = give(cast, now, cast.nobody)
    call_off(handover=sheet, **who(cast, "chengdong", now))
    assert spans(Holding, post) == [("inspector", make.LONG_AGO, LATER)]
    filled = hand_over(post=other, to=cast.nobody, on=TODAY, **who(cast, "chengdong", now))
    call_off(handover=filled, **who(cast, "chengdong", now))
    assert spans(Holding, other) == []
    emptied = give(cast, now, None, on=TODAY + DAY)
    call_off(handover=emptied, **who(cast, "chengdong", now))
    assert spans(Holding, post) == [("inspector", make.LONG_AGO, LATER)]


def test_after_that_it_goes_to_the_right_person_on_the_same_day(cast, policies, now):
    post = cast.posts["inspector"]
    wrong = give(cast, now, cast.nobody)
    with pytest.raises(Invalid):
        give(cast, now, cast.gas)
    call_off(handover=wrong, **who(cast, "chengdong", now))
    right = give(cast, now, cast.gas)
    assert spans(Holding, post)[1:] == [("gas", TODAY, None)]
    assert list(Handover.objects.standing()) == [right]


@pytest.mark.parametrize("days", [0, 5, 9])
def test_a_post_that_was_to_become_vacant_is_filled_up_to_that_day_and_called_off_all_is_as_before(
    cast, policies, now, days
):
    post, on = cast.posts["inspector"], TODAY + days * DAY
    away(cast, cast.gas, TODAY - 3 * DAY, LATER + 5 * DAY)
    away(cast, cast.fire, LATER + 6 * DAY, None)
    before = spans(Holding, post), spans(Substitution, post)
    emptied = give(cast, now, None, on=LATER)
    filled = [give(cast, now, cast.nobody, on=on) for _twice in range(2)]
    assert filled[0] == filled[1] == Handover.objects.standing().get()
    assert (filled[0].giver, filled[0].receiver, filled[0].on) == (cast.inspector, cast.nobody, on)
    emptied.refresh_from_db()
    assert (emptied.called_off_at, emptied.called_off_by) == (now, cast.chengdong)
    assert spans(Holding, post) == [("inspector", make.LONG_AGO, on), ("nobody", on, None)]
    assert spans(Substitution, post) == [("gas", TODAY - 3 * DAY, on)]
    call_off(handover=filled[0], **who(cast, "chengdong", now))
    assert (spans(Holding, post), spans(Substitution, post)) == before
    assert actions(post) == [
        "handed_over",
        "handover_called_off",
        "appointed",
        "handed_over",
        "handover_called_off",
    ]


def test_whoever_was_to_give_it_is_kept_by_calling_off_that_it_becomes_vacant(cast, policies, now):
    emptied = give(cast, now, None)
    with pytest.raises(Invalid) as refusal:
        give(cast, now, cast.inspector)
    assert set(refusal.value.message_dict) == {"person"}
    assert Handover.objects.standing().get() == emptied
    assert spans(Holding, cast.posts["inspector"]) == [("inspector", make.LONG_AGO, TODAY)]


def test_a_vacant_post_is_filled_on_its_page_on_the_same_day(cast, policies, now, client):
    client.force_login(cast.chengdong)
    give(cast, now, None)
    url = reverse("responsibility:handover", args=[cast.posts["inspector"].pk])
    for _twice in range(2):
        assert client.post(url, {"person": cast.inspector2.pk, "on": TODAY}).status_code == 302
    assert Handover.objects.standing().get().receiver == cast.inspector2


def test_who_leaves_before_the_day_on_which_their_post_becomes_vacant_leaves_it_so_earlier(
    cast, policies, now
):
    post = cast.posts["inspector"]
    give(cast, now, None, on=LATER)
    gone = TODAY + 2 * DAY
    for _twice in range(2):
        leave(person=cast.inspector, successors={post: None}, on=gone, **who(cast, "chengdong", now))
    sheet = Handover.objects.standing().get()
    assert (sheet.giver, sheet.receiver, sheet.on) == (cast.inspector, None, gone)
    assert spans(Holding, post) == [("inspector", make.LONG_AGO, gone)]
    call_off(handover=sheet, **who(cast, "chengdong", now))
    assert spans(Holding, post) == [("inspector", make.LONG_AGO, None)]


def leave_before(cast, now, to, on=TODAY + 2 * DAY):
    post = cast.posts["inspector"]
    return leave(person=cast.nobody, successors={post: to}, on=on, **who(cast, "chengdong", now))


def test_when_whom_it_was_to_come_to_leaves_the_one_before_keeps_their_days_and_substitutes(
    cast, policies, now
):
    post = cast.posts["inspector"]
    Holding.objects.filter(post=post).update(span=(make.LONG_AGO, LATER + 90 * DAY))
    away(cast, cast.gas, LATER - DAY, LATER + 5 * DAY)
    away(cast, cast.fire, LATER + 6 * DAY, LATER + 9 * DAY)
    before = spans(Holding, post), spans(Substitution, post)
    give(cast, now, cast.nobody, on=LATER)
    away(cast, cast.gas, LATER + 10 * DAY, LATER + 12 * DAY)  # of who does not come
    for _twice in range(2):
        leave_before(cast, now, cast.inspector)
    assert (spans(Holding, post), spans(Substitution, post)) == before
    assert not Handover.objects.standing().exists()


def test_what_changes_hands_again_later_stays_with_whom_it_comes_to_then(cast, policies, now):
    post, again = cast.posts["inspector"], LATER + 20 * DAY
    away(cast, cast.fire, LATER + DAY, again + 5 * DAY)
    give(cast, now, cast.nobody, on=LATER)
    give(cast, now, cast.inspector2, on=again)
    away(cast, cast.gas, again + DAY, again + 2 * DAY)
    leave_before(cast, now, cast.inspector)
    assert spans(Holding, post) == [("inspector", make.LONG_AGO, again), ("inspector2", again, None)]
    assert spans(Substitution, post) == [
        ("fire", LATER + DAY, again),
        ("gas", again + DAY, again + 2 * DAY),
    ]


def test_given_to_another_instead_it_is_called_off_to_what_was_before(cast, policies, now):
    post = cast.posts["inspector"]
    away(cast, cast.gas, LATER + DAY, LATER + 5 * DAY)
    before = spans(Holding, post), spans(Substitution, post)
    give(cast, now, cast.nobody, on=LATER)
    (instead,) = leave_before(cast, now, cast.inspector2)
    assert (instead.giver, instead.receiver, instead.on) == (cast.inspector, cast.inspector2, LATER)
    assert spans(Substitution, post) == []
    call_off(handover=instead, **who(cast, "chengdong", now))
    assert (spans(Holding, post), spans(Substitution, post)) == before


def test_who_was_named_meanwhile_keeps_standing_in_and_who_was_named_for_the_next_one_does_not(
    cast, policies, now
):
    post = cast.posts["inspector"]
    away(cast, cast.gas, LATER - DAY, LATER + 3 * DAY)
    sheet = give(cast, now, cast.nobody, on=LATER)
    away(cast, cast.fire, TODAY, TODAY + 2 * DAY)
    away(cast, cast.auditor, LATER + DAY, LATER + 2 * DAY)
    call_off(handover=sheet, **who(cast, "chengdong", now))
    assert spans(Substitution, post) == [
        ("fire", TODAY, TODAY + 2 * DAY),
        ("gas", LATER - DAY, LATER + 3 * DAY),
    ]


def test_of_two_only_the_later_is_called_off_and_none_of_a_day_that_is_over(cast, policies, now):
    post = cast.posts["inspector"]
    first, second = give(cast, now, cast.nobody, on=TODAY + DAY), give(cast, now, None, on=LATER)
    before = spans(Holding, post)
    with pytest.raises(Refused):
        call_off(handover=first, **who(cast, "chengdong", now))
    with pytest.raises(Refused):
        call_off(handover=second, **who(cast, "chengdong", now + 10 * DAY))
    assert spans(Holding, post) == before
    for each in (second, first):
        call_off(handover=each, **who(cast, "chengdong", now))
    assert spans(Holding, post) == [("inspector", make.LONG_AGO, None)]


@pytest.mark.parametrize("by", ["inspector", "fire", "chengxi", "auditor", "principal", "rival"])
def test_only_who_may_hand_it_over_calls_it_off(cast, policies, now, by):
    sheet = give(cast, now, cast.nobody, on=LATER)
    before = spans(Holding, cast.posts["inspector"])
    with pytest.raises(NotAllowed):
        call_off(handover=sheet, **who(cast, by, now))
    sheet.refresh_from_db()
    assert (sheet.called_off_at, spans(Holding, cast.posts["inspector"])) == (None, before)


def test_the_pages_ask_call_off_and_say_so(cast, policies, now, client):
    post = cast.posts["inspector"]
    sheet = give(cast, now, cast.nobody, on=LATER)
    page, read = (
        reverse("responsibility:post", args=[post.pk]),
        reverse("responsibility:handover_sheet", args=[sheet.pk]),
    )
    url = reverse("responsibility:handover_call_off", args=[sheet.pk])
    client.force_login(cast.nobody)  # to whom it goes: reads, and no more
    assert url not in client.get(read).text
    assert client.post(url).status_code == 403
    client.force_login(cast.gas)
    assert client.post(url).status_code == 404
    client.force_login(cast.chengdong)
    for shown in (page, read):
        assert f'action="{url}" data-confirm="Call off this handover?"' in client.get(shown).text
    assert client.get(url).status_code == 405
    for _twice in range(2):
        done = client.post(url, follow=True)
        assert done.status_code == 200
        assert "What was before stands again." in done.text
    for shown in (page, read):
        text = client.get(shown).text
        assert url not in text
        assert "Called off" in text
    assert spans(Holding, post) == [("inspector", make.LONG_AGO, None)]


def test_a_handover_that_cannot_be_called_off_says_why(cast, policies, now, client):
    first, _second = give(cast, now, cast.nobody, on=TODAY + DAY), give(cast, now, None, on=LATER)
    client.force_login(cast.chengdong)
    done = client.post(reverse("responsibility:handover_call_off", args=[first.pk]), follow=True)
    assert "call that off first" in done.text


def back(cast, now, row, on, *, by="inspector"):
    return come_back(substitution=row, on=on, **who(cast, by, now))


@pytest.mark.parametrize("by", ["inspector", "chengdong"])
def test_a_leave_ends_sooner_or_later_than_arranged(cast, policies, now, by):
    post = cast.posts["inspector"]
    row = away(cast, cast.inspector2, TODAY - DAY, TODAY + 7 * DAY)
    for on in (TODAY + 2 * DAY, TODAY + 20 * DAY, TODAY):
        for _twice in range(2):
            back(cast, now, row, on, by=by)
        assert spans(Substitution, post) == [("inspector2", TODAY - DAY, on)]
    assert actions(post) == ["substitution_ended", "substitution_prolonged", "substitution_ended"]


def test_a_leave_that_has_not_begun_is_called_off(cast, policies, now):
    row = away(cast, cast.inspector2, TODAY + DAY, TODAY + 7 * DAY)
    for _twice in range(2):
        assert back(cast, now, row, TODAY + DAY) is None
    assert spans(Substitution, cast.posts["inspector"]) == []
    assert actions(cast.posts["inspector"]) == ["substitution_ended"]


def test_what_cannot_be_of_a_leave_is_said_at_its_field_and_changes_nothing(cast, policies, now):
    post = cast.posts["inspector"]
    row = away(cast, cast.inspector2, TODAY, TODAY + 7 * DAY)
    away(cast, cast.gas, TODAY + 10 * DAY, TODAY + 12 * DAY)
    before = spans(Substitution, post)
    for on in (TODAY - DAY, TODAY + 11 * DAY):
        with pytest.raises(Invalid) as refusal:
            back(cast, now, row, on)
        assert set(refusal.value.message_dict) == {"on"}
    give(cast, now, cast.nobody, on=TODAY + 8 * DAY)
    with pytest.raises(Invalid):  # whoever stands in does so for one holder
        back(cast, now, row, TODAY + 9 * DAY)
    with pytest.raises(Stale):
        back(cast, now + 8 * DAY, row, TODAY + 20 * DAY)
    assert spans(Substitution, post) == before[:1]


def test_nobody_is_named_beyond_the_day_on_which_the_post_changes_hands(cast, policies, now):
    give(cast, now, cast.nobody, on=TODAY + 8 * DAY)
    given = {"post": cast.posts["inspector"], "user": cast.inspector2, "since": TODAY}
    with pytest.raises(Invalid) as refusal:
        name_substitute(until=TODAY + 9 * DAY, **given, **who(cast, "inspector", now))
    assert set(refusal.value.message_dict) == {"until"}
    assert name_substitute(until=TODAY + 8 * DAY, **given, **who(cast, "inspector", now))


@pytest.mark.parametrize("by", ["inspector2", "fire", "chengxi", "principal"])
def test_others_end_no_leave(cast, policies, now, by):
    row = away(cast, cast.gas, TODAY, TODAY + 7 * DAY)
    with pytest.raises(NotAllowed):
        back(cast, now, row, TODAY + DAY, by=by)
    assert spans(Substitution, cast.posts["inspector"]) == [("gas", TODAY, TODAY + 7 * DAY)]


def test_whoever_stands_in_makes_it_shorter_and_not_longer(cast, policies, now):
    row, post = away(cast, cast.inspector2, TODAY, TODAY + 7 * DAY), cast.posts["inspector"]
    mine = {"actor": cast.inspector2, "acting_post": post, "now": now}
    with pytest.raises(NotAllowed):
        come_back(substitution=row, on=TODAY + 9 * DAY, **mine)
    come_back(substitution=row, on=TODAY + DAY, **mine)
    assert spans(Substitution, post) == [("inspector2", TODAY, TODAY + DAY)]


def test_the_page_of_a_post_leads_to_being_back(cast, policies, now, client):
    post = cast.posts["inspector"]
    row, later = (
        away(cast, cast.inspector2, TODAY, TODAY + 7 * DAY),
        away(cast, cast.gas, TODAY + 9 * DAY, TODAY + 12 * DAY),
    )
    urls = [reverse("responsibility:back", args=[post.pk, each.pk]) for each in (row, later)]
    client.force_login(cast.fire)
    assert client.get(urls[0]).status_code == 403
    client.force_login(cast.inspector)
    page = client.get(reverse("responsibility:post", args=[post.pk])).text
    assert [page.count(f'href="{url}"') for url in urls] == [1, 1]
    wrong = client.post(urls[0], {"on": "2026-11-20"})
    assert wrong.status_code == 422
    assert 'value="2026-11-20"' in wrong.text
    assert client.post(urls[0], {"on": "soon"}).status_code == 422
    done = client.post(urls[0], {"on": "2026-11-25"}, follow=True)
    assert "on nobody stands in." in done.text
    for _twice in range(2):
        assert client.post(urls[1], {"on": "2026-12-01"}).status_code == 302
    assert spans(Substitution, post) == [("inspector2", TODAY, TODAY + 2 * DAY)]
    elsewhere = reverse("responsibility:back", args=[cast.posts["fire"].pk, row.pk])
    assert client.get(elsewhere).status_code == 403
