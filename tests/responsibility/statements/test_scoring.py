"""Scores of a quarter: from figures, by reviewers, locked, corrected; each deduction opens what caused it."""

import datetime as dt
import re
from decimal import Decimal
from html import escape

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hazards.choices import State
from hazards.models import Hazard
from responsibility.coverage.audit import audit
from responsibility.coverage.models import CoverageDay, Finding
from responsibility.coverage.rules import rules
from responsibility.obligations.choices import Outcome
from responsibility.obligations.models import Duty, Obligation
from responsibility.statements import scoring
from responsibility.statements.indicators import Span, find, indicators
from responsibility.statements.models import ScoreLine, Statement, StatementScore, quarter_days
from safegrid.audit.models import Entry
from safegrid.grid.models import Site
from safegrid.grid.services import place_site
from safegrid.grid.status import change_status
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests import factories as make
from tests.responsibility.statements.conftest import DISTRICT, ENTERPRISE, MEMBER, TOWNSHIP, principal_of

Q4 = (2026, 4)
WHAT = {"number": "XN-2026-000009", "title": "带队检查"}


def line_of(statement, **item):
    return ScoreLine.objects.select_related("score", "item").get(
        score__statement=statement, score__quarter=4, score__revision=0, **item
    )


def overdue_hazard(site, *, days=3, **more):
    return make.HazardFactory(site=site, due_in=-days, **more)


def late_obligation(site, now, *, days=5, **more):
    due = clock.local_date(now) - dt.timedelta(days=days)
    return make.ObligationFactory(site=site, due_at=clock.day_end(due), **more)


@pytest.fixture
def reviewed(hotel, by, now):
    """The hotel's quarter with all its points given."""
    scoring.score_quarter(*Q4, now=now)
    scoring.review(
        line=line_of(hotel, item__scoring="reviewed"), points=Decimal(30), note="履职到位", **by("town")
    )
    return StatementScore.objects.get(statement=hotel)


def test_figures_become_points_and_the_link_opens_exactly_what_was_counted(hotel, cast, client, now):
    late = overdue_hazard(cast.city.hotel, matter=cast.city.general)
    make.HazardFactory(
        site=cast.city.hotel, due_in=-4, matter=cast.city.general, state=State.CLOSED, days_late=0
    )
    overdue_hazard(cast.city.shop, matter=cast.city.general)  # another enterprise
    overdue_hazard(cast.city.hotel, matter=cast.city.general, days=200)  # another quarter
    scoring.score_quarter(*Q4, now=now)
    line = line_of(hotel, item__indicator="rectification")
    assert (line.value, line.counted, line.bad) == (50, 2, 1)
    assert line.points == 0  # 50 steps of 2 points of 40
    client.force_login(cast.principal)
    assert client.get(line.url.replace("?", "?format=csv&")).getvalue().decode().count("XN-2026-") == 1
    assert late.number in client.get(line.url).text


def test_what_was_rectified_late_counts_as_not_on_time_though_it_is_closed(hotel, cast, client, now):
    closed = {"matter": cast.city.general, "state": State.CLOSED, "closed_at": now}
    late = make.HazardFactory(site=cast.city.hotel, due_in=-9, days_late=1, **closed)
    for days_late in (0, -3):
        make.HazardFactory(site=cast.city.hotel, due_in=-9, days_late=days_late, **closed)
    make.HazardFactory(
        site=cast.city.hotel, due_in=-9, days_late=5, matter=cast.city.general, state=State.CANCELLED
    )
    scoring.score_quarter(*Q4, now=now)
    line = line_of(hotel, item__indicator="rectification")
    assert (line.counted, line.bad, line.value) == (3, 1, Decimal("66.66"))
    client.force_login(cast.principal)
    rows = client.get(line.url.replace("?", "?format=csv&")).getvalue().decode()
    assert re.findall(r"XN-[0-9-]+", rows) == [late.number]


def test_what_was_not_done_by_its_day_takes_points_and_can_be_opened(hotel, cast, client, now):
    owed = late_obligation(cast.city.hotel, now, params={"number": "XN-1", "title": "堵塞"})
    done = late_obligation(cast.city.hotel, now, days=7)
    Obligation.objects.filter(pk=done.pk).update(closed_at=now, outcome=Outcome.MET, days_late=0)
    gone = late_obligation(cast.city.hotel, now, days=8)
    Obligation.objects.filter(pk=gone.pk).update(closed_at=now, outcome=Outcome.CANCELLED, days_late=0)
    scoring.score_quarter(*Q4, now=now)
    line = line_of(hotel, item__indicator="on_time")
    # The signature that the principal gave is not due yet.
    assert (line.counted, line.bad, line.value) == (2, 1, 50)
    client.force_login(cast.principal)
    page = client.get(line.url).text
    assert "堵塞" in page
    assert page.count('class="cell-main"') == 1
    assert owed.debtor_enterprise.name_en in page


def planned(post, now, **over):
    """Return a round that a rhythm laid down for `post`, due four days ago and not done unless said."""
    due = now - dt.timedelta(days=4)
    duty = Duty.objects.get_or_create(kind="leader_check", post=post, rhythm="monthly")[0]
    given = {"due_at": due, "due_on": clock.local_date(due), "duty": duty}
    return make.ObligationFactory(
        site=None, enterprise=None, subject=post, debtor_post=post, params=WHAT, **(given | over)
    )


def test_planned_rounds_count_for_the_government_whose_posts_owe_them(signed, cast, client, now):
    gone = planned(cast.posts["chengdong"], now)
    planned(cast.posts["chengdong"], now, closed_at=now, outcome=Outcome.MET, days_late=3)  # late, but done
    planned(cast.posts["fire"], now)  # of the city's fire brigade
    late_obligation(cast.city.hotel, now)  # in the district, and in no plan
    scoring.score_quarter(*Q4, now=now)
    line = line_of(signed, item__indicator="plan_done")
    assert (line.counted, line.bad, line.value) == (2, 1, 50)
    client.force_login(cast.bureau)
    page = client.get(line.url).text
    assert page.count('class="cell-main"') == 1
    assert "Planned and not done" in page
    assert escape(gone.debtor_post.label) in page
    assert client.get(line.url.replace("of=plan_done", "of=else")).status_code == 404


def test_an_item_whose_indicator_is_not_there_is_openly_not_scored(signed, client, cast, now, monkeypatch):
    monkeypatch.delitem(indicators._plugs, "plan_done")
    assert find("plan_done") is None
    scoring.score_quarter(*Q4, now=now)
    line = line_of(signed, item__indicator="plan_done")
    assert (line.points, line.value, line.url) == (None, None, "")
    client.force_login(cast.bureau)
    page = client.get(f"/responsibility/statements/{signed.pk}/").text
    assert "nothing in this portal counts it so far" in page
    score = StatementScore.objects.get(statement=signed)
    assert (score.points, score.possible) == (50, 50)  # neither coverage nor the plan nor a review yet


def looked(cast, *matters, day=dt.date(2026, 11, 20)):
    """The audit has looked at the district, as a whole and by matter."""
    for matter in (None, *matters):
        CoverageDay.objects.create(
            day=day, district=cast.city.chengdong, matter=matter, sites=3, answered=3, repeated=0
        )


def gap(*sites, days=9, line="industry", matter=None, **more):
    """A gap over `sites`, found `days` ago."""
    found_at = clock.now() - dt.timedelta(days=days)
    row = make.FindingFactory(found_at=found_at, sites=len(sites), line=line, **more)
    for site in sites:
        row.touched.create(
            found_at=row.found_at, site=site, line=line, tier="lead" if line else "", matter=matter
        )
    return row


def opened(line, client, now):
    """The names of the sites that the link of a line opens."""
    with time_machine.travel(now, tick=False):
        answer = client.get(f"/api/v1/sites/?limit=200&{line.url.split('?')[1]}")
        assert client.get(line.url).status_code == 200
    return sorted(row["site"] for row in answer.json()["results"])


@pytest.fixture
def old_sites(cast, now):
    """The city's sites have stood for long."""
    Site.objects.update(created_at=now - dt.timedelta(days=200))


@pytest.fixture
def town_statement(issued, sign, town):
    """The statement of 东关大街街道, in force."""
    row = issued(TOWNSHIP, "chengdong")["东关大街街道办事处"]
    sign(row, "town")
    return sign(row, "chengdong", "receive")


def test_without_an_audit_in_the_quarter_there_is_no_coverage(signed, old_sites, cast, now):
    looked(cast, day=dt.date(2026, 9, 30))
    scoring.score_quarter(*Q4, now=now)
    assert line_of(signed, item__indicator="coverage").value is None


def test_coverage_counts_the_sites_that_had_a_gap_at_the_quarters_end(
    signed, old_sites, cast, client, now, january
):
    c = cast.city
    looked(cast)
    gap(c.hotel)
    gap(c.hotel, c.school, line="territorial")  # the hotel once more, and a site of another district
    gap(c.warehouse, line="")  # on no line: the register lacks something
    mended = gap(c.warehouse)
    Finding.objects.filter(pk=mended.pk).update(state="mended", mended_at=now)
    said = gap(c.shop)
    Finding.objects.filter(pk=said.pk).update(state="dismissed", dismissed_at=now, reason="不归此街道")
    gap(c.warehouse, days=-60)  # in the next quarter
    gap(c.shop, kind="overlap", rule="overlap")
    scoring.score_quarter(*Q4, now=january)
    line = line_of(signed, item__indicator="coverage")
    assert (line.counted, line.bad, str(line.value)) == (3, 1, "66.66")
    client.force_login(cast.bureau)
    assert opened(line, client, january) == ["恒盛宾馆"]


def test_the_link_still_opens_what_was_counted_after_all_has_changed(
    signed, town_statement, old_sites, cast, client, now, january
):
    c = cast.city
    looked(cast)
    gap(c.hotel)
    gap(c.shop)
    scoring.score_quarter(*Q4, now=january)
    lines = [line_of(row, item__indicator="coverage") for row in (signed, town_statement)]
    assert [(line.counted, line.bad) for line in lines] == [(3, 2), (3, 2)]
    later = january + dt.timedelta(days=1)
    Finding.objects.filter(touched__site=c.hotel).update(state="mended", mended_at=later)
    Finding.objects.filter(touched__site=c.shop).update(
        state="dismissed", dismissed_at=later, reason="不归此街道"
    )
    gap(c.warehouse, days=-60)
    place_site(
        site=c.shop, node=c.west_township, actor=cast.bureau, acting_post=cast.posts["bureau"], now=later
    )
    change_status(
        enterprise=c.enterprise,
        site=c.hotel,
        status="closed",
        since=clock.local_date(later),
        reason="停业",
        actor=cast.bureau,
        acting_post=cast.posts["bureau"],
        now=later,
    )
    client.force_login(cast.bureau)
    for line in lines:
        assert opened(line, client, later) == sorted(["恒盛宾馆", c.shop.name])
    assert scoring.score_quarter(*Q4, now=later) == 0


def test_whoever_does_not_read_the_statement_opens_nothing_by_it(signed, old_sites, cast, client, now):
    looked(cast)
    gap(cast.city.hotel)
    scoring.score_quarter(*Q4, now=now)
    url = line_of(signed, item__indicator="coverage").url
    for name in ("rival", "chengxi"):
        client.force_login(getattr(cast, name))
        answer = client.get(f"/api/v1/sites/?{url.split('?')[1]}")
        assert (answer.status_code, answer.json()) == (400, {"gap_of": "There is no such choice for you."})
    client.force_login(cast.bureau)
    assert client.get(f"/api/v1/sites/?gap_of={signed.pk}&gap_on=today").status_code == 400
    for day, names in (("0001-01-01", []), ("9999-12-31", ["恒盛宾馆"])):
        answer = client.get(f"/api/v1/sites/?gap_of={signed.pk}&gap_on={day}")
        assert [row["site"] for row in answer.json()["results"]] == names


def test_a_member_unit_is_scored_by_what_it_governs(issued, sign, cast, now):
    head = make.UserFactory(username="firehead")
    cast.posts["firehead"] = make.PostFactory(kind="head", unit=cast.city.brigade, holder=head)
    object.__setattr__(cast, "firehead", head)
    row = issued(MEMBER)["西宁市消防救援支队"]
    sign(row, "firehead")
    sign(row, "bureau", "receive")
    fire = overdue_hazard(cast.city.hotel, matter=cast.city.crowded)  # below fire
    overdue_hazard(cast.city.shop, matter=cast.city.gas)
    scoring.score_quarter(*Q4, now=now)
    line = line_of(row, item__indicator="rectification")
    assert (line.counted, line.bad) == (1, 1)
    assert set(Hazard.objects.filter(pk=fire.pk)) == {fire}
    assert f"governed_by={cast.city.brigade.pk}" in line.url


def test_a_member_units_coverage_is_of_the_sites_it_governs(issued, sign, old_sites, cast, client, now):
    c = cast.city
    head = make.UserFactory(username="firehead")
    cast.posts["firehead"] = make.PostFactory(kind="head", unit=c.brigade, holder=head)
    object.__setattr__(cast, "firehead", head)
    row = issued(MEMBER)["西宁市消防救援支队"]
    sign(row, "firehead")
    sign(row, "bureau", "receive")
    looked(cast, c.fire)
    gap(c.hotel, matter=c.crowded)  # below fire
    gap(c.hotel, matter=c.fire, line="territorial")
    gap(c.shop, matter=c.gas)
    gap(c.warehouse)  # of no matter
    scoring.score_quarter(*Q4, now=now)
    line = line_of(row, item__indicator="coverage")
    assert (line.counted, line.bad) == (2, 1)  # the hotel and the school have a matter of fire
    client.force_login(cast.bureau)
    assert opened(line, client, now) == ["恒盛宾馆"]


def test_working_a_quarter_out_again_writes_nothing(reviewed, cast, now):
    before = Entry.objects.count()
    assert scoring.score_quarter(*Q4, now=now) == 0
    assert Entry.objects.count() == before
    reviewed.refresh_from_db()
    assert (reviewed.points, reviewed.possible, reviewed.band) == (100, 100, "excellent")
    overdue_hazard(cast.city.hotel, matter=cast.city.general)
    assert scoring.score_quarter(*Q4, now=now) == 1
    reviewed.refresh_from_db()
    assert (reviewed.points, reviewed.band) == (60, "pass")  # what was reviewed stays


def test_a_quarter_that_has_not_begun_is_not_scored(hotel, now):
    with pytest.raises(Refused):
        scoring.score_quarter(2027, 1, now=now)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"points": Decimal("30.5"), "note": "好"}, "points"),
        ({"points": Decimal(-1), "note": "好"}, "points"),
        ({"points": None, "note": "好"}, "points"),
        ({"points": Decimal(30), "note": " "}, "note"),
        ({"points": Decimal(29), "note": "差一分"}, "document"),
    ],
)
def test_a_review_needs_points_within_the_item_a_reason_and_evidence(hotel, by, now, given, field):
    scoring.score_quarter(*Q4, now=now)
    with pytest.raises(Invalid) as refusal:
        scoring.review(line=line_of(hotel, item__scoring="reviewed"), **given, **by("town"))
    assert set(refusal.value.message_dict) == {field}


def test_nobody_of_who_promises_reviews_nor_whoever_is_not_its_receiver(hotel, signed, by, now):
    scoring.score_quarter(*Q4, now=now)
    for row, names in (
        (hotel, ("principal", "enterprise", "chengdong", "inspector", "auditor", "chengxi", "rival")),
        (signed, ("chengdong", "town", "inspector", "auditor", "fire", "chengxi")),
    ):
        line = line_of(row, item__scoring="reviewed")
        for name in names:
            with pytest.raises(NotAllowed):
                scoring.review(line=line, points=Decimal(1), note="不当", document="一", **by(name))
    for name in ("town", "bureau"):  # who receives it, and the committee's office
        scoring.review(
            line=line_of(hotel, item__scoring="reviewed"), points=Decimal(30), note=name, **by(name)
        )


def test_a_figure_is_nobodys_to_review(hotel, by, now):
    scoring.score_quarter(*Q4, now=now)
    with pytest.raises(Invalid):
        scoring.review(
            line=line_of(hotel, item__indicator="on_time"), points=Decimal(30), note="好", **by("town")
        )


def test_a_veto_makes_the_band_and_leaves_the_points(reviewed, hotel, by):
    veto = hotel.template.items.filter(scoring="veto").first()
    with pytest.raises(Invalid):
        scoring.review(line=line_of(hotel, item=veto), is_vetoed=True, note="瞒报", **by("town"))
    scoring.review(
        line=line_of(hotel, item=veto), is_vetoed=True, note="瞒报", document="调查报告", **by("town")
    )
    reviewed.refresh_from_db()
    assert (reviewed.band, reviewed.points) == ("vetoed", 100)
    scoring.review(line=line_of(hotel, item=veto), is_vetoed=False, note="查无此事", **by("town"))
    reviewed.refresh_from_db()
    assert reviewed.band == "excellent"


def test_a_quarter_is_locked_when_it_is_over_and_stays(reviewed, hotel, by, cast, january):
    with pytest.raises(Refused):
        scoring.lock(score=reviewed, **by("town", at=dt.datetime(2026, 12, 31, 2, tzinfo=dt.UTC)))
    locked = scoring.lock(score=reviewed, **by("town", at=january))
    assert scoring.lock(score=reviewed, **by("town", at=january)).locked_at == locked.locked_at
    overdue_hazard(cast.city.hotel, days=20, matter=cast.city.general)
    assert scoring.score_quarter(*Q4, now=january) == 0
    line = line_of(hotel, item__scoring="reviewed")
    with pytest.raises(Stale):
        scoring.review(line=line, points=Decimal(1), note="迟了", document="一", **by("town", at=january))
    for change in (
        lambda: StatementScore.objects.filter(pk=reviewed.pk).update(points=1),
        lambda: StatementScore.objects.filter(pk=reviewed.pk).update(locked_at=None),
        lambda: reviewed.lines.update(points=1),
        lambda: reviewed.lines.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_correction_is_a_revision_beside_it(reviewed, hotel, by, january):
    who = by("town", at=january)
    with pytest.raises(Refused):
        scoring.revise(score=reviewed, reason="更正", **who)  # not locked: correct it as it is
    scoring.lock(score=reviewed, **who)
    with pytest.raises(Invalid):
        scoring.revise(score=reviewed, reason=" ", **who)
    with pytest.raises(NotAllowed):
        scoring.revise(score=reviewed, reason="更正", **by("principal", at=january))
    fresh = scoring.revise(score=reviewed, reason="补交材料", **who)
    assert scoring.revise(score=reviewed, reason="补交材料", **who) == fresh  # sent twice
    line = fresh.lines.select_related("score", "item").get(item__scoring="reviewed")
    scoring.review(line=line, points=Decimal(20), note="更正", document="材料", **who)
    scoring.lock(score=fresh, **who)
    found = StatementScore.objects.filter(statement=hotel).order_by("revision")
    assert list(found.values_list("revision", "points", "reason")) == [(0, 100, ""), (1, 90, "补交材料")]
    assert list(found.counting()) == [fresh]


def test_a_correction_counts_once_its_maker_has_locked_it_and_no_night_does(
    signed, by, cast, client, january
):
    scoring.score_quarter(*Q4, now=january)
    who = by("bureau", at=january)
    first = scoring.lock(score=StatementScore.objects.get(statement=signed), **who)
    fresh = scoring.revise(score=first, reason="补交材料", **who)
    late = dt.datetime(2027, 3, 1, 2, tzinfo=dt.UTC)
    assert scoring.nightly(now=late) == 0
    everyone = StatementScore.objects.filter(statement=signed)
    assert scoring.lock_many(everyone, **by("bureau", at=late)) == 0
    assert list(everyone.counting().values_list("revision", "is_corrected")) == [(0, True)]
    client.force_login(cast.chengxi)
    assert "Being corrected" not in client.get("/responsibility/statements/ranking/?year=2026&quarter=4").text
    client.force_login(cast.bureau)
    for url, times in (
        (f"/responsibility/statements/{signed.pk}/", 1),
        ("/responsibility/statements/ranking/?year=2026&quarter=4", 1),
        (f"/responsibility/units/{signed.promiser_id}/", 1),
    ):
        assert client.get(url).text.count("Being corrected") == times, url
    page = client.get(f"/responsibility/statements/{signed.pk}/").text
    assert "until the correction is locked, this score counts" in page
    scoring.lock(score=fresh, **by("bureau", at=late))
    assert list(everyone.counting().values_list("revision", "is_corrected")) == [(1, False)]
    page = client.get(f"/responsibility/statements/{signed.pk}/").text
    assert "A later revision has taken its place." in page
    assert "Being corrected" not in page


def test_the_night_scores_locks_after_the_policys_day_and_closes_the_year(hotel, january):
    assert scoring.nightly(now=january) == 0
    score = StatementScore.objects.get(statement=hotel)
    assert score.locked_at is None
    assert scoring.lock_day(*Q4) == dt.date(2027, 1, 30)
    late = dt.datetime(2027, 1, 31, 2, tzinfo=dt.UTC)
    assert scoring.nightly(now=late) == 1
    assert scoring.nightly(now=late) == 0
    score.refresh_from_db()
    assert (score.locked_at, score.locked_by) == (late, None)
    hotel.refresh_from_db()
    assert hotel.state == "closed"


def test_many_statements_cost_no_more_queries(issued, cast, town, by, now):
    def cost():
        Statement.objects.filter(state="issued").update(state="in_force", promised_at=now, received_at=now)
        with CaptureQueriesContext(connection) as queries:
            scoring.score_quarter(*Q4, now=now)
        return len(queries)

    issued(ENTERPRISE, "town")
    few = cost()
    for _ in range(8):
        principal_of(make.SiteFactory(at=cast.city.cell).enterprise)
    issued(ENTERPRISE, "town")
    assert cost() <= few
    assert StatementScore.objects.count() == 9


def test_an_indicator_answers_for_every_statement_it_is_asked_for(signed, hotel, now):
    first, last = quarter_days(*Q4)
    found = find("on_time").values([signed, hotel], Span(first, last, now))
    assert {pk: figure.counted for pk, figure in found.items()} == {signed.pk: 0, hotel.pk: 0}
    assert find("coverage").values([hotel], Span(first, last, now)) == {}


def test_an_unsigned_statement_is_a_finding_after_its_day(issued, sign, cast, now):
    row = issued(DISTRICT)["城东区人民政府"]
    audit(now=now)
    assert not Finding.objects.filter(rule="statement").exists()
    later = now + dt.timedelta(days=40)
    audit(now=later)
    found = Finding.objects.open().filter(rule="statement")
    assert set(found.values_list("post", "district")) == {
        (cast.posts["chengdong"].pk, cast.city.chengdong.pk),
        (cast.posts["chengxi"].pk, cast.city.chengxi.pk),
    }
    assert set(found.values_list("whose", flat=True)) == {cast.posts["bureau"].pk}
    with time_machine.travel(later, tick=False):
        about = rules["statement"].rows
        key = found.get(district=cast.city.chengdong).key
        assert [url for _text, url in about(key, cast.bureau)] == [f"/responsibility/statements/{row.pk}/"]
        assert about(key, cast.chengxi) == []
    sign(row, "chengdong", at=later)
    audit(now=later)
    assert set(found.values_list("district", flat=True)) == {cast.city.chengxi.pk}


def test_evidence_of_a_review_is_seen_by_both_sides_and_nobody_else(hotel, by, cast, town, now):
    from safegrid.files.models import StoredFile

    scoring.score_quarter(*Q4, now=now)
    photo = StoredFile.objects.create(
        sha256="0" * 64, size=1, width=1, height=1, uploaded_by=town, uploaded_at=now
    )
    line = line_of(hotel, item__scoring="reviewed")
    scoring.review(line=line, points=Decimal(10), note="照片为证", photos=[photo], **by("town"))
    assert ContentType.objects.get_for_model(ScoreLine)
    for name, sees in (("principal", True), ("bureau", True), ("rival", False), ("chengxi", False)):
        assert StoredFile.objects.visible_to(getattr(cast, name)).filter(pk=photo.pk).exists() is sees, name
