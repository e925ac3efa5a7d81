"""Bodies are renamed, merged, split on a day: posts and what is open go along, the past reads as it was."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from hazards.models import Hazard
from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.resolution import who_answers
from responsibility.coverage.audit import audit_touched
from responsibility.coverage.models import Finding
from responsibility.documents.services import take_number
from responsibility.instructions.models import Instruction
from responsibility.letters.models import UnitLetter
from responsibility.letters.queries import letters_to
from responsibility.models import UnitReorganisation
from responsibility.statements.models import Statement, StatementScore
from responsibility.transfers.queries import receivers
from responsibility.units.heirs import bodies_of, heirs
from responsibility.units.succession import NewUnit, carry_out, check, preview, reorganise_units
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, PostScope, User
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.grid.models import Unit, UnitSuccession
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests import factories as make
from tests.responsibility.letters.conftest import Office

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


@pytest.fixture
def bureau(cast, policies, now):
    """The emergency bureau of a district, and a second member unit of the same kind beside it."""
    unit = cast.city.emergency
    Unit.objects.filter(pk=unit.pk).update(prefix="东应急")
    unit.refresh_from_db()
    return unit


@pytest.fixture
def office(bureau, cast, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Office(cast, now)


@pytest.fixture
def second(bureau):
    return make.UnitFactory(name="城东区住建局", kind=bureau.kind, district=bureau.district)


def by(cast, who="bureau"):
    return {"actor": getattr(cast, who), "acting_post": cast.posts[who], "now": NOW}


def rename(cast, unit, *, on=TODAY, who="bureau", name="城东区应急管理和消防局", **new):
    return reorganise_units(
        kind="renamed",
        predecessors=[unit],
        successors=[NewUnit(name, **new)],
        on=on,
        basis="机构改革方案",
        **by(cast, who),
    )


def heir_of(unit):
    return Unit.objects.get(follows__predecessor=unit)


def test_posts_go_along_with_what_is_open_and_the_old_unit_stays_as_it_was(cast, bureau):
    c = cast.city
    posts = set(Post.objects.filter(unit=bureau))
    running = make.HazardFactory(
        site=c.hotel, state="rectifying", ordering_unit=bureau, ordered_by=cast.posts["inspector"]
    )
    over = make.HazardFactory(
        site=c.hotel,
        state="closed",
        ordering_unit=bureau,
        ordered_by=cast.posts["inspector"],
        closed_at=NOW - DAY,
    )
    name = bureau.name
    rename(cast, bureau)
    new = heir_of(bureau)
    bureau.refresh_from_db()
    assert (bureau.name, bureau.closed_on) == (name, TODAY)
    assert (new.name, new.kind, new.district, new.closed_on) == (
        "城东区应急管理和消防局",
        bureau.kind,
        bureau.district,
        None,
    )
    assert set(new.governs.all()) == set(bureau.governs.all())
    assert set(Post.objects.filter(unit=new)) == posts
    running.refresh_from_db()
    over.refresh_from_db()
    assert (running.ordering_unit, over.ordering_unit) == (new, bureau)
    assert verify() == []


def test_a_past_day_names_the_body_of_then_and_today_the_new_one(cast, bureau):
    c = cast.city
    Assignment.objects.create(
        post=cast.posts["inspector"],
        line=Line.INDUSTRY,
        tier=Tier.LEAD,
        matter=c.general,
        district=c.chengdong,
        span=(dt.date(2020, 1, 1), None),
    )
    rename(cast, bureau)

    def body(day):
        [answer] = [a for a in who_answers(c.hotel, on=day) if a.line == Line.INDUSTRY and a.assignments]
        return answer.assignments[0].post.unit

    assert body(TODAY - DAY) == bureau
    assert body(TODAY) == body(TODAY + DAY) == heir_of(bureau)


def test_what_the_posts_reached_of_the_old_body_they_reach_still(cast, bureau):
    PostScope.objects.create(post=cast.posts["inspector2"], unit=bureau)
    old = make.HazardFactory(site=cast.city.school, state="closed", ordering_unit=bureau, closed_at=NOW)
    rename(cast, bureau)
    reader = User.objects.get(username="inspector2")
    assert set(
        PostScope.objects.filter(post=cast.posts["inspector2"], unit__isnull=False).values_list(
            "unit", flat=True
        )
    ) == {bureau.pk, heir_of(bureau).pk}
    assert old in Hazard.objects.visible_to(reader)


def test_two_merge_and_their_open_work_is_one_body_s(cast, bureau, second):
    post = make.PostFactory(unit=second, kind="officer")
    first, other = (
        make.HazardFactory(site=cast.city.hotel, state="rectifying", ordering_unit=unit, ordered_by=who)
        for unit, who in ((bureau, cast.posts["inspector"]), (second, post))
    )
    done = reorganise_units(
        kind="merged",
        predecessors=[bureau, second],
        successors=[NewUnit("城东区应急和住建局")],
        on=TODAY,
        basis="机构改革方案",
        **by(cast),
    )
    assert done.done_at == NOW
    new = heir_of(bureau)
    assert heirs([bureau.pk, second.pk, new.pk]) == {pk: {new.pk} for pk in (bureau.pk, second.pk, new.pk)}
    for hazard in (first, other):
        hazard.refresh_from_db()
        assert hazard.ordering_unit == new
    assert not {bureau, second} & set(receivers())


def test_of_a_split_each_post_goes_where_it_is_said_and_its_rows_with_it(cast, bureau):
    hazards = {
        who: make.HazardFactory(
            site=cast.city.hotel, state="rectifying", ordering_unit=bureau, ordered_by=cast.posts[who]
        )
        for who in ("inspector", "inspector2")
    }
    reorganise_units(
        kind="split",
        predecessors=[bureau],
        successors=[NewUnit("城东区应急局"), NewUnit("城东区执法局")],
        parts={cast.posts["inspector2"].pk: 1},
        on=TODAY,
        basis="机构改革方案",
        **by(cast),
    )
    units = {unit.name: unit for unit in Unit.objects.filter(follows__predecessor=bureau)}
    for who, name in (("inspector", "城东区应急局"), ("inspector2", "城东区执法局")):
        hazards[who].refresh_from_db()
        assert Post.objects.get(pk=cast.posts[who].pk).unit == units[name]
        assert hazards[who].ordering_unit == units[name]


def test_what_a_body_promised_is_seen_by_whoever_followed_however_often(cast, bureau, second):
    ours, others = make.UserFactory(), make.UserFactory()
    head = make.PostFactory(kind=PostKind.HEAD, unit=bureau, holder=ours)
    make.PostFactory(kind=PostKind.HEAD, unit=second, holder=others)
    own, theirs = (make.StatementFactory(promiser=unit) for unit in (bureau, second))
    rename(cast, bureau)
    rename(cast, heir_of(bureau), name="城东区安全生产委员会办公室")
    rename(cast, second, name="城东区住房局")

    def seen(user):
        return set(Statement.objects.visible_to(User.objects.get(pk=user.pk)))

    assert (seen(ours), seen(others)) == ({own}, {theirs})
    between, now = heir_of(bureau), Post.objects.get(pk=head.pk).unit_id
    assert bodies_of(now) == {bureau.pk, between.pk, now}


def split(cast, unit, parts):
    """Split `unit` in two; of its posts those named in `parts` go to the second one."""
    return reorganise_units(
        kind="split",
        predecessors=[unit],
        successors=[NewUnit("城东区应急局"), NewUnit("城东区执法局")],
        parts={cast.posts[who].pk: 1 for who in parts},
        on=TODAY,
        basis="机构改革方案",
        **by(cast),
    )


@pytest.mark.parametrize(("goes", "leads"), [("gas", "城东区执法局"), ("inspector", "城东区应急局")])
def test_of_a_split_the_leading_unit_is_the_one_that_has_the_leads_part(cast, bureau, goes, leads):
    row = make.InstructionFactory(lead=cast.posts["gas"], assist=[cast.posts["chengdong"]])
    split(cast, bureau, [goes])
    row.refresh_from_db()
    assert row.lead_unit.name == leads
    assert row.tasks.get(role="lead").unit == row.lead_unit


def test_what_was_asked_and_is_over_is_seen_by_the_colleagues_who_followed(cast, bureau, office):
    open_one = make.InstructionFactory(lead=cast.posts["gas"])
    over = make.InstructionFactory(lead=cast.posts["gas"])
    Instruction.objects.filter(pk=over.pk).update(state="closed", summary="办结", closed_at=NOW)
    letter = office.send()
    office.act(letter, "withdraw", "bureau")
    rename(cast, bureau)
    rename(cast, heir_of(bureau), name="城东区安全生产委员会办公室")

    def seen(pk):
        user = User.objects.get(pk=pk)
        return (
            set(Instruction.objects.visible_to(user)),
            set(UnitLetter.objects.visible_to(user)),
        )

    assert seen(cast.inspector2.pk) == ({open_one, over}, {letter})
    assert seen(cast.fire.pk) == (set(), set())
    new = Post.objects.get(pk=cast.posts["gas"].pk).unit
    assert set(letters_to(new, User.objects.get(pk=cast.bureau.pk))) == {letter}


def test_the_page_of_the_heir_shows_how_the_one_before_it_was_scored(cast, bureau, client):
    statement = make.StatementFactory(promiser=bureau, receiver=cast.city.office)
    score = StatementScore.objects.create(
        statement=statement, quarter=3, points=80, possible=100, rate=80, band="good", scored_at=NOW
    )
    rename(cast, bureau)
    client.force_login(cast.bureau)
    for unit in (bureau, heir_of(bureau)):
        page = client.get(reverse("responsibility:unit", args=[unit.pk])).text
        assert f"#score-{score.pk}" in page
    other = client.get(reverse("responsibility:unit", args=[cast.city.brigade.pk])).text
    assert f"#score-{score.pk}" not in other


def test_documents_with_the_prefix_of_before_go_on_with_its_numbers(cast, bureau):
    with transaction.atomic():
        first = take_number(kind="rectification_order", unit=bureau, on=TODAY)
    rename(cast, bureau)
    new = heir_of(bureau)
    assert new.prefix == "东应急"
    with transaction.atomic():
        second = take_number(kind="rectification_order", unit=new, on=TODAY)
    assert (first.serial, second.serial) == (1, 2)


def test_planned_for_a_day_it_is_carried_out_then_and_once(cast, bureau):
    row = rename(cast, bureau, on=TODAY + 3 * DAY)
    assert row.done_at is None
    assert carry_out(now=NOW) == 0
    assert not UnitSuccession.objects.exists()
    assert carry_out(now=NOW + 3 * DAY) == 1
    assert carry_out(now=NOW + 4 * DAY) == 0
    bureau.refresh_from_db()
    assert bureau.closed_on == TODAY + 3 * DAY
    call_command("keep_days")


def test_one_that_cannot_be_carried_out_is_a_finding_of_the_office_until_it_is_called_off(
    cast, bureau, second, client
):
    row = rename(cast, bureau, on=TODAY + DAY, name="城东区应急局")
    Unit.objects.filter(pk=second.pk).update(name="城东区应急局")
    later = NOW + 2 * DAY
    assert carry_out(now=later) == 0
    audit_touched(now=later)
    found = Finding.objects.open().get(rule="reorganisation")
    assert found.whose == cast.posts["bureau"]
    client.force_login(cast.bureau)
    page = f"/responsibility/units/{bureau.pk}/reorganise/"
    assert f'href="{page}"' in client.get(f"/responsibility/coverage/findings/{found.pk}/").text
    assert f"{page}off/" in client.get(page).text
    client.post(f"{page}off/", {"reason": "名称已被占用"})
    row.refresh_from_db()
    assert row.called_off_for == "名称已被占用"
    audit_touched(now=later)
    found.refresh_from_db()
    assert found.state == "mended"
    assert carry_out(now=later) == 0


def test_sent_twice_it_is_done_once(cast, bureau):
    assert rename(cast, bureau) == rename(cast, bureau)
    assert UnitReorganisation.objects.count() == UnitSuccession.objects.count() == 1
    assert Entry.objects.filter(action="unit.closed").count() == 1


def test_what_contradicts_itself_is_refused_at_its_field(cast, bureau, second):
    def refused(**changes):
        given = {
            "kind": "renamed",
            "predecessors": [bureau],
            "successors": [NewUnit("新局")],
            "on": TODAY,
            "basis": "机构改革方案",
        }
        with pytest.raises(Invalid) as refusal:
            reorganise_units(**given | changes, **by(cast))
        return set(refusal.value.message_dict)

    assert refused(on=TODAY - DAY) == {"on"}
    assert refused(basis=" ") == {"basis"}
    assert refused(kind="recoded") == {"kind"}
    assert refused(successors=[NewUnit(bureau.name)]) == {"name"}
    assert refused(successors=[NewUnit(second.name)]) == {"name"}
    assert refused(successors=[NewUnit("甲"), NewUnit("乙")]) == {"name"}
    assert refused(kind="split") == {"successors"}
    assert refused(kind="split", successors=[NewUnit("甲"), NewUnit("甲")]) == {"successors"}
    assert refused(kind="merged") == {"others"}
    assert refused(kind="merged", predecessors=[bureau, cast.city.brigade]) == {"others"}
    assert refused(predecessors=[bureau, second]) == {"others"}
    assert not UnitReorganisation.objects.exists()
    rename(cast, bureau, on=TODAY + DAY)
    assert refused() == {"on"}
    carry_out(now=NOW + DAY)
    bureau.refresh_from_db()
    assert refused() == {"kind"}


def test_the_database_refuses_a_unit_that_follows_itself(cast, bureau):
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitSuccession.objects.create(
            predecessor=bureau, successor=bureau, on=TODAY, kind="renamed", basis="x"
        )


@pytest.mark.parametrize("who", ["chengdong", "inspector", "fire", "auditor", "enterprise"])
def test_only_the_committees_office_reorganises(cast, bureau, client, who):
    with pytest.raises(NotAllowed):
        rename(cast, bureau, who=who)
    client.force_login(getattr(cast, who))
    assert client.get(reverse("responsibility:unit_reorganise", args=[bureau.pk])).status_code == 403


def test_the_page_shows_what_goes_along_before_it_is_done(cast, bureau, client):
    client.force_login(cast.bureau)
    url = reverse("responsibility:unit_reorganise", args=[bureau.pk])
    page = reverse("responsibility:unit", args=[bureau.pk])
    assert f'href="{url}"' in client.get(page).text
    given = {"name": "城东区大应急局", "on": TODAY.isoformat(), "basis": "机构改革方案"}
    shown = client.post(url, given)
    assert dict(shown.context["preview"])["posts"] == Post.objects.filter(unit=bureau).count()
    assert not UnitSuccession.objects.exists()
    assert client.post(url, given | {"basis": ""}).status_code == 422
    assert client.post(url, given | {"sure": "1"}).url == page
    after = client.get(page).text
    assert "It ended on 2026-11-23." in after
    assert "城东区大应急局" in after
    assert url not in after
    assert client.get(url).status_code == 404
    new = reverse("responsibility:unit", args=[heir_of(bureau).pk])
    assert bureau.label in client.get(new).text
    for kind in ("merged", "split"):
        other = reverse("responsibility:unit_reorganise", args=[heir_of(bureau).pk])
        assert client.get(f"{other}?kind={kind}").status_code == 200


def test_a_preview_counts_what_is_open(cast, bureau):
    make.HazardFactory(site=cast.city.hotel, state="rectifying", ordering_unit=bureau)
    make.HazardFactory(site=cast.city.hotel, state="closed", ordering_unit=bureau, closed_at=NOW)
    plan = check(
        kind="renamed",
        predecessors=[bureau],
        successors=[NewUnit("新局")],
        on=TODAY,
        basis="x",
        today=TODAY,
    )
    assert dict(preview(plan))["hazards"] == 1
