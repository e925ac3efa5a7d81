"""A post changes hands, its holder is on leave, a person leaves: what belongs to the post goes with it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from responsibility.alerts.models import Alert
from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.posts.models import Handover
from responsibility.posts.queries import people, posts_seen
from responsibility.posts.services import hand_over, leave, name_substitute
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding, Substitution, User
from safegrid.audit.models import Entry
from safegrid.grid.choices import UnitKind
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests import factories as make

TODAY = dt.date(2026, 11, 23)
TOMORROW = TODAY + dt.timedelta(days=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def busy(cast, policies, now):
    """The inspector owes something, was told of it, and answers for a street."""
    c, post = cast.city, cast.posts["inspector"]
    owed = make.ObligationFactory(
        site=c.hotel, subject=make.HazardFactory(site=c.hotel), debtor_post=post, debtor_enterprise=None
    )
    Alert.objects.create(
        obligation=owed,
        due_on=owed.due_on,
        rung=1,
        post=post,
        holder=cast.inspector,
        raised_at=now,
        days_over=0,
    )
    Assignment.objects.create(
        post=post,
        line=Line.COMPREHENSIVE,
        tier=Tier.SUPERVISOR,
        matter=c.fire,
        district=c.township,
        span=(dt.date(2020, 1, 1), None),
    )
    return cast


def person(user):
    """Somebody as the next request would find them."""
    return User.objects.get(pk=user.pk)


def give(cast, to, *, by="chengdong", post="inspector", on=TODAY, **more):
    return hand_over(
        post=cast.posts[post],
        to=to,
        on=on,
        actor=getattr(cast, by),
        acting_post=cast.posts[by],
        now=dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC),
        **more,
    )


def test_what_the_post_owes_answers_for_and_was_told_goes_with_it(busy):
    post = busy.posts["inspector"]
    sheet = give(busy, busy.nobody, note="钥匙在值班室")
    assert person(busy.nobody).reach.post_ids == {post.pk}
    assert person(busy.inspector).reach.post_ids == frozenset()
    assert (sheet.giver, sheet.receiver, sheet.note) == (busy.inspector, busy.nobody, "钥匙在值班室")
    assert len(sheet.obligations) == len(sheet.assignments) == sheet.unread == 1
    spans = [
        (row.user, row.span.lower, row.span.upper)
        for row in Holding.objects.filter(post=post).order_by("span")
    ]
    assert spans == [(busy.inspector, make.LONG_AGO, TODAY), (busy.nobody, TODAY, None)]
    entries = Entry.objects.filter(subject=f"accounts.post:{post.pk}").order_by("sequence")
    actions = entries.values_list("action", flat=True)
    assert list(actions) == ["appointed", "handed_over"]


def test_until_the_day_the_one_before_holds_it(busy):
    give(busy, busy.nobody, on=TOMORROW)
    assert person(busy.inspector).reach.post_ids == {busy.posts["inspector"].pk}
    assert person(busy.nobody).reach.post_ids == frozenset()


def test_given_twice_it_is_given_once(busy):
    assert give(busy, busy.nobody) == give(busy, busy.nobody)
    assert Handover.objects.count() == 1


def test_whoever_stood_in_for_the_one_before_no_longer_does(busy):
    post = busy.posts["inspector"]
    for since, until in ((TODAY - 5 * DAY, TODAY + 5 * DAY), (TODAY + 9 * DAY, TODAY + 12 * DAY)):
        Substitution.objects.create(post=post, user=busy.gas, span=(since, until))
    give(busy, busy.nobody)
    rows = Substitution.objects.filter(post=post)
    assert [(row.span.lower, row.span.upper) for row in rows] == [(TODAY - 5 * DAY, TODAY)]


@pytest.mark.parametrize(
    ("to", "on", "field"),
    [
        ("nobody", TODAY - DAY, "on"),
        ("inspector", TODAY, "person"),  # holds it
        ("disabled", TODAY, "person"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_changes_nothing(busy, to, on, field):
    people = {
        "nobody": busy.nobody,
        "inspector": busy.inspector,
        "disabled": make.UserFactory(is_active=False),
    }
    with pytest.raises(Invalid) as refusal:
        give(busy, people[to], on=on)
    assert set(refusal.value.message_dict) == {field}
    assert not Handover.objects.exists()
    assert Holding.objects.get(post=busy.posts["inspector"]).span.upper is None


def test_what_is_arranged_for_later_is_not_overtaken_in_silence(busy):
    give(busy, busy.nobody, on=TODAY + 9 * DAY)
    with pytest.raises(Invalid) as refusal:
        give(busy, busy.gas, on=TOMORROW)
    assert str(busy.nobody) in refusal.value.message_dict["on"][0]


@pytest.mark.parametrize(
    "by", ["inspector", "gridofficer", "chengxi", "auditor", "fire", "enterprise", "rival"]
)
def test_only_heads_and_the_office_of_the_place_fill_a_post(busy, by):
    with pytest.raises(NotAllowed):
        give(busy, busy.nobody, by=by)
    assert not Handover.objects.exists()


@pytest.mark.parametrize("name", ["bureau", "auditor", "inspector", "chengdong"])
def test_whoever_acts_for_one_matter_staffs_no_other_body_however_wide(busy, fire_chief, client, name):
    user, post = fire_chief.holdings.get().user, busy.posts[name]
    with pytest.raises(NotAllowed):
        hand_over(
            post=post,
            to=busy.nobody,
            on=TODAY,
            actor=user,
            acting_post=fire_chief,
            now=dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC),
        )
    client.force_login(user)
    assert client.get(reverse("responsibility:handover", args=[post.pk])).status_code == 403
    assert not Handover.objects.exists()


@pytest.fixture
def unit_head(cast):
    """The head of the inspector's unit, who acts in no place at all."""
    user = make.UserFactory(username="unit_head")
    return make.PostFactory(kind=PostKind.HEAD, unit=cast.city.emergency, holder=user)


def by_head(unit_head, post, to):
    return hand_over(
        post=post,
        to=to,
        on=TODAY,
        actor=unit_head.holdings.get().user,
        acting_post=unit_head,
        now=dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC),
    )


def test_the_head_of_a_unit_fills_its_posts_without_any_scope(busy, unit_head, client):
    post = busy.posts["inspector"]
    client.force_login(unit_head.holdings.get().user)
    url = reverse("responsibility:handover", args=[post.pk])
    assert f'href="{url}"' in client.get(reverse("responsibility:post", args=[post.pk])).text
    given = {"person": busy.nobody.pk, "on": "2026-11-23"}
    for _twice in range(2):
        assert client.post(f"{url}?q=无岗", given).status_code == 302
    assert spans(Holding, post)[-1] == ("nobody", TODAY, None)
    assert Handover.objects.count() == 1


def test_but_neither_their_own_nor_another_heads_nor_one_that_looks_after_the_portal(busy, unit_head):
    c = busy.city
    posts = [make.PostFactory(kind=k, unit=c.emergency) for k in ("head", "admin", "auditor")]
    others = [busy.posts[name] for name in ("fire", "bureau", "chengdong", "enterprise")]
    for post in (unit_head, *posts, *others):
        with pytest.raises(NotAllowed):
            by_head(unit_head, post, busy.nobody)
    assert not Handover.objects.exists()


def test_a_principal_fills_the_posts_of_their_own_enterprise_only(busy):
    assert give(busy, busy.nobody, by="principal", post="enterprise")
    with pytest.raises(NotAllowed):
        give(busy, busy.nobody, by="principal", post="rival")


@pytest.fixture
def west_office(cast):
    """The committee's office of the other district."""
    unit = make.UnitFactory(kind=UnitKind.OFFICE, district=cast.city.chengxi)
    post = make.PostFactory(kind=PostKind.OFFICE, unit=unit, holder=make.UserFactory(username="west_office"))
    make.PostScopeFactory(post=post, district=cast.city.chengxi, acting=True)
    return post


def test_the_office_in_whose_scope_an_enterprise_stands_sees_and_fills_its_posts_and_no_other_does(
    busy, west_office, client
):
    c, post = busy.city, busy.posts["principal"]
    make.PostScopeFactory(post=west_office, district=c.chengdong, matter=c.fire, acting=True)
    make.PostScopeFactory(post=west_office, district=c.township)  # reads only
    user, url = west_office.holdings.get().user, reverse("responsibility:post", args=[post.pk])
    west = make.PostFactory(enterprise=c.west)
    client.force_login(user)
    assert client.get(url).status_code == client.get(f"{url}handover/").status_code == 404
    assert client.get(reverse("responsibility:post", args=[west.pk])).status_code == 200
    assert set(posts_seen(user).filter(enterprise__isnull=False)) == {west}
    with pytest.raises(NotAllowed):
        hand_over(
            post=post,
            to=busy.nobody,
            on=TODAY,
            actor=user,
            acting_post=west_office,
            now=dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC),
        )
    client.force_login(busy.bureau)
    assert f'href="{url}handover/"' in client.get(url).text
    assert not Handover.objects.exists()


@pytest.mark.parametrize("by", ["inspector", "chengdong", "auditor", "fire"])
def test_other_officials_neither_see_nor_fill_an_enterprises_posts(busy, client, by):
    client.force_login(getattr(busy, by))
    url = reverse("responsibility:post", args=[busy.posts["enterprise"].pk])
    assert client.get(url).status_code == 404
    with pytest.raises(NotAllowed):
        give(busy, busy.nobody, by=by, post="enterprise")


def test_a_vacant_principals_post_is_filled_by_the_office(busy, client):
    post = busy.posts["principal"]
    give(busy, None, by="principal", post="principal")
    client.force_login(busy.bureau)
    url = reverse("responsibility:handover", args=[post.pk])
    assert "Fill the post" in client.get(reverse("responsibility:post", args=[post.pk])).text
    given = {"person": busy.nobody.pk, "on": "2026-11-24"}
    assert client.post(f"{url}?q=nobody", given).status_code == 302
    assert spans(Holding, post)[-1] == ("nobody", TOMORROW, None)


def test_an_enterprise_finds_who_was_there_by_name_and_strangers_only_by_what_they_say_of_themselves(busy):
    c, post = busy.city, busy.posts["enterprise"]
    new = make.UserFactory(username="new.one", name="王新来", phone="13900001111")
    late = make.UserFactory(username="late.one", name="王将来", phone="13900002222")
    coming = make.PostFactory(enterprise=c.other)
    Holding.objects.create(post=coming, user=late, span=(TODAY + 400 * DAY, None))
    stands = make.UserFactory(username="stands.in", phone="13900003333")
    Substitution.objects.create(post=busy.posts["rival"], user=stands, span=(TODAY, TODAY + DAY))
    make.UserFactory(username="root", phone="13900004444", is_staff=True)
    gone = make.UserFactory(username="gone.one", name="王老", phone="13900005555")
    old = make.PostFactory(enterprise=c.enterprise)
    Holding.objects.create(post=old, user=gone, span=(dt.date(2020, 1, 1), dt.date(2021, 1, 1)))
    give(busy, busy.principal, by="principal", post="enterprise")  # twice one person, found once

    def found(text):
        return list(people(post, text, today=TODAY))

    assert found("13900001111") == found("new.one") == [new]
    assert found("王老") == found("139000055") == [gone]
    assert found("负责人") == [busy.principal]
    strangers = ["王新来", "王", "1390000", "13900002222", "late.one", "13900003333", "root", "rival", ""]
    assert {person.username for text in strangers for person in found(text)} == {"gone.one", "principal"}


def test_a_principal_who_lets_themselves_go_sees_the_sheet(busy, client):
    post = busy.posts["principal"]
    client.force_login(busy.principal)
    url = reverse("responsibility:leave", args=[busy.principal.pk])
    done = client.post(url, {"on": "2026-11-23", f"post_{post.pk}": busy.enterprise.pk}, follow=True)
    assert done.status_code == 200
    assert done.redirect_chain == [
        (reverse("responsibility:handover_sheet", args=[Handover.objects.get().pk]), 302)
    ]


def test_a_post_may_stay_vacant_and_be_filled_later(busy):
    give(busy, None)
    assert not Holding.objects.filter(post=busy.posts["inspector"], span__contains=TODAY).exists()
    assert give(busy, busy.nobody, on=TOMORROW).giver is None


def stand_in(cast, user, *, by="inspector", since=TODAY, until=TODAY + 7 * DAY):
    return name_substitute(
        post=cast.posts["inspector"],
        user=user,
        since=since,
        until=until,
        actor=getattr(cast, by),
        acting_post=cast.posts[by],
        now=dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC),
    )


def test_a_holder_names_their_own_substitute_and_comes_back(busy):
    assert stand_in(busy, busy.inspector2) == stand_in(busy, busy.inspector2)
    assert busy.posts["inspector"].pk in person(busy.inspector2).reach.post_ids
    row = Substitution.objects.get()
    assert (row.span.lower, row.span.upper) == (TODAY, TODAY + 7 * DAY)


@pytest.mark.parametrize(
    ("user", "since", "until", "field"),
    [
        ("inspector2", TODAY, TODAY, "until"),
        ("inspector2", TODAY - DAY, TOMORROW, "since"),
        ("inspector", TODAY, TOMORROW, "person"),
        ("gas", TOMORROW, TODAY + 3 * DAY, "since"),  # inspector2 stands in already
    ],
)
def test_a_substitute_that_cannot_be_is_refused_at_the_field(busy, user, since, until, field):
    if user == "gas":
        stand_in(busy, busy.inspector2)
    with pytest.raises(Invalid) as refusal:
        stand_in(busy, getattr(busy, user), since=since, until=until)
    assert set(refusal.value.message_dict) == {field}


def test_nobody_names_a_substitute_for_another(busy):
    with pytest.raises(NotAllowed):
        stand_in(busy, busy.gas, by="inspector2")


def test_a_person_leaves_and_everything_they_held_is_given_on_or_nothing_is(busy):
    second = make.PostFactory(unit=busy.city.emergency, holder=busy.inspector)
    who = {
        "person": busy.inspector,
        "actor": busy.chengdong,
        "acting_post": busy.posts["chengdong"],
        "now": dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC),
    }
    first = busy.posts["inspector"]
    with pytest.raises(Invalid):
        leave(successors={first: busy.nobody, second: busy.inspector}, on=TODAY, **who)
    assert person(busy.inspector).reach.post_ids == {first.pk, second.pk}
    assert not Handover.objects.exists()
    leave(successors={first: busy.nobody, second: None}, on=TODAY, **who)
    assert person(busy.inspector).reach.post_ids == frozenset()
    assert person(busy.nobody).reach.post_ids == {first.pk}


def let_go(cast, successors, *, by="chengdong", on=TODAY + 2 * DAY):
    return leave(
        person=cast.inspector,
        successors=successors,
        on=on,
        actor=getattr(cast, by),
        acting_post=cast.posts[by],
        now=dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC),
    )


def spans(model, post):
    """Who, from when until when, in the order of days."""
    rows = model.objects.filter(post=post).select_related("user").order_by("span")
    return [(row.user.username, row.span.lower, row.span.upper) for row in rows]


@pytest.fixture
def entangled(busy):
    """The inspector stands in for the colleague now and later, and is to hold the grid officer's post."""
    post = busy.posts["inspector2"]
    for since, until in ((TODAY - 5 * DAY, TODAY + 5 * DAY), (TODAY + 9 * DAY, TODAY + 12 * DAY)):
        Substitution.objects.create(post=post, user=busy.inspector, span=(since, until))
    give(busy, busy.inspector, post="gridofficer", on=TODAY + 7 * DAY)
    return busy


def test_where_somebody_who_leaves_stands_in_they_no_longer_do(entangled):
    gone = TODAY + 2 * DAY
    for _twice in range(2):
        let_go(entangled, {entangled.posts["inspector"]: None}, on=gone)
    post = entangled.posts["inspector2"]
    assert spans(Substitution, post) == [("inspector", TODAY - 5 * DAY, gone)]
    entries = Entry.objects.filter(subject=f"accounts.post:{post.pk}", action="substitution_ended")
    assert entries.count() == 2


@pytest.mark.parametrize("to", ["nobody", None, "gridofficer"])
def test_what_was_to_come_to_them_goes_to_another_on_its_day_or_stays(entangled, to):
    post = entangled.posts["gridofficer"]
    user = getattr(entangled, to) if to else None
    day = TODAY + 7 * DAY
    for _twice in range(2):
        let_go(entangled, {entangled.posts["inspector"]: None, post: user})
    wanted = {
        "nobody": [("gridofficer", make.LONG_AGO, day), ("nobody", day, None)],
        None: [("gridofficer", make.LONG_AGO, day)],
        "gridofficer": [("gridofficer", make.LONG_AGO, None)],
    }
    assert spans(Holding, post) == wanted[to]
    standing = Handover.objects.standing().filter(post=post)
    sheets = standing.values_list("giver__username", "receiver__username", "on")
    assert list(sheets) == ([("gridofficer", to, day)] if to != "gridofficer" else [])


def test_what_comes_before_they_go_is_theirs_until_then(entangled):
    post, gone = entangled.posts["gridofficer"], TODAY + 10 * DAY
    let_go(entangled, {entangled.posts["inspector"]: None, post: entangled.nobody}, on=gone)
    assert spans(Holding, post)[1:] == [("inspector", TODAY + 7 * DAY, gone), ("nobody", gone, None)]


def test_what_was_given_on_before_they_go_is_not_taken_from_the_next_one(busy):
    post = busy.posts["inspector"]
    give(busy, busy.nobody, on=TODAY + 3 * DAY)
    assert let_go(busy, {post: None}, on=TODAY + 9 * DAY) == []
    assert spans(Holding, post)[1:] == [("nobody", TODAY + 3 * DAY, None)]
    with pytest.raises(Invalid) as refusal:
        let_go(busy, {post: None}, on=TODAY + DAY)
    assert set(refusal.value.message_dict) == {"on"}


def test_where_the_acting_post_may_not_say_who_stands_in_nothing_ends(entangled):
    abroad = Substitution.objects.create(
        post=entangled.posts["chengxi"], user=entangled.inspector, span=(TODAY, TODAY + 9 * DAY)
    )
    let_go(entangled, {entangled.posts["inspector"]: None})
    abroad.refresh_from_db()
    assert abroad.span.upper == TODAY + 9 * DAY
    with pytest.raises(NotAllowed):
        let_go(entangled, {entangled.posts["chengxi"]: None})


def test_the_page_of_leaving_shows_all_and_ends_all(entangled, client):
    client.force_login(entangled.chengdong)
    url = reverse("responsibility:leave", args=[entangled.inspector.pk])
    page = client.get(url).text
    for name in ("inspector", "gridofficer", "inspector2"):
        assert reverse("responsibility:post", args=[entangled.posts[name].pk]) in page
    assert "arranged from 2026-11-30" in page
    assert page.count("stands in") == 2
    fields = [f"post_{entangled.posts[name].pk}" for name in ("inspector", "gridofficer")]
    stranger = make.UserFactory(name="外来的", name_en="Outsider")
    given = {"on": "2026-11-25", fields[0]: stranger.pk, fields[1]: stranger.pk}
    assert client.post(url, given).status_code == 422  # nobody has looked for them
    assert f'<option value="{stranger.pk}"' in client.get(f"{url}?q=外来的").text
    assert "Nobody is found by this name." in client.get(f"{url}?q=没有人").text
    assert client.post(f"{url}?q=外来的", given).status_code == 302
    assert spans(Holding, entangled.posts["inspector"])[-1] == (stranger.username, TODAY + 2 * DAY, None)
    assert spans(Holding, entangled.posts["gridofficer"])[-1] == (stranger.username, TODAY + 7 * DAY, None)
    assert len(spans(Substitution, entangled.posts["inspector2"])) == 1


def test_whoever_only_stands_in_can_leave_too(busy, client):
    post = busy.posts["inspector2"]
    Substitution.objects.create(post=post, user=busy.nobody, span=(TODAY, TODAY + 5 * DAY))
    client.force_login(busy.chengdong)
    url = reverse("responsibility:leave", args=[busy.nobody.pk])
    assert client.post(url, {"on": "2026-11-24"}).url == reverse("responsibility:post", args=[post.pk])
    assert spans(Substitution, post) == [("nobody", TODAY, TOMORROW)]
    client.force_login(busy.chengxi)
    assert client.get(url).status_code == 404


def test_the_pages_lead_from_the_post_to_the_sheet(busy, client):
    post = busy.posts["inspector"]
    client.force_login(busy.chengdong)
    shown = client.get(reverse("responsibility:post", args=[post.pk])).text
    url = reverse("responsibility:handover", args=[post.pk])
    assert f'href="{url}"' in shown
    found = client.get(f"{url}?q=无岗").text
    assert f'value="{busy.nobody.pk}"' in found
    sent = client.post(
        f"{url}?q=无岗", {"person": busy.nobody.pk, "on": "2026-11-23", "note": "看值班表"}, follow=True
    )
    assert "Handover sheet" in sent.text
    assert "看值班表" in sent.text
    for name, status in (
        ("inspector", 200),
        ("nobody", 200),
        ("chengdong", 200),
        ("gas", 404),
        ("enterprise", 404),
    ):
        client.force_login(person(getattr(busy, name)))
        sheet = client.get(reverse("responsibility:handover_sheet", args=[Handover.objects.get().pk]))
        assert sheet.status_code == status, name


def test_a_refused_handover_keeps_what_was_typed(busy, client):
    client.force_login(busy.chengdong)
    url = reverse("responsibility:handover", args=[busy.posts["inspector"].pk])
    sent = client.post(f"{url}?q=无岗", {"person": busy.nobody.pk, "on": "2026-11-20", "note": "看值班表"})
    assert sent.status_code == 422
    assert "today or later" in sent.text
    assert "看值班表" in sent.text


def test_the_page_of_leaving_shows_all_and_gives_all(busy, client):
    make.PostFactory(unit=busy.city.emergency, holder=busy.nobody)  # a colleague who can take over
    client.force_login(busy.chengdong)
    url = reverse("responsibility:leave", args=[busy.inspector.pk])
    page = client.get(url).text
    assert escape(busy.posts["inspector"].label) in page
    field = f"post_{busy.posts['inspector'].pk}"
    assert client.post(url, {"on": "2026-11-23"}).status_code == 422
    assert client.post(url, {"on": "2026-11-23", field: busy.nobody.pk}).status_code == 302
    assert busy.posts["inspector"].pk in person(busy.nobody).reach.post_ids


@pytest.mark.parametrize("name", ["enterprise", "rival", "nobody"])
def test_a_supervisors_post_is_no_enterprises_business(busy, client, name):
    client.force_login(getattr(busy, name))
    assert client.get(reverse("responsibility:post", args=[busy.posts["inspector"].pk])).status_code == 404


@pytest.mark.parametrize("name", ["fire", "auditor", "inspector"])
def test_whoever_may_not_fill_it_gets_no_form(busy, client, name):
    client.force_login(getattr(busy, name))
    post = busy.posts["inspector"].pk
    assert client.get(reverse("responsibility:handover", args=[post])).status_code == 403
    shown = client.get(reverse("responsibility:post", args=[post])).text
    assert f"/posts/{post}/handover/" not in shown
    assert ('id="open-title"' in shown) is (name == "inspector")
    assert client.get(reverse("responsibility:leave", args=[busy.inspector2.pk])).status_code == 404


def test_the_page_of_a_post_costs_the_same_with_much_on_it(busy, client):
    client.force_login(busy.chengdong)
    url = reverse("responsibility:post", args=[busy.posts["inspector"].pk])

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    cost()
    few = cost()
    c = busy.city
    for _ in range(20):
        hazard = make.HazardFactory(site=c.hotel)
        make.ObligationFactory(
            site=c.hotel, subject=hazard, debtor_post=busy.posts["inspector"], debtor_enterprise=None
        )
    assert cost() == few
