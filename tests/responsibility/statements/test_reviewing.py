"""Whoever gives points is asked for them once a quarter is over, and finds exactly what waits."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from responsibility.obligations import words
from responsibility.obligations.models import Obligation
from responsibility.statements import scoring
from responsibility.statements.models import ScoreLine, Statement, StatementScore
from responsibility.statements.reviewing import REVIEW, ask, to_review
from tests import factories as make
from tests.responsibility.statements.conftest import ENTERPRISE, principal_of

URL = "/responsibility/statements/"
DUE = dt.date(2027, 1, 30)
LATE = dt.datetime(2027, 1, 31, 2, tzinfo=dt.UTC)


@pytest.fixture
def over(hotel, signed, january):
    """The year is over: the township owes the hotel's points, the committee's office the district's."""
    scoring.nightly(now=january)
    return {"hotel": hotel, "district": signed}


def asked(cast):
    """Who was asked by when, and what became of it; nothing while it is open."""
    names = {post.pk: name for name, post in cast.posts.items()}
    rows = Obligation.objects.filter(kind=REVIEW)
    return {(names[row.debtor_post_id], row.due_on, row.outcome) for row in rows}


def waits(user, now):
    return {row.body for row in to_review(Statement.objects.visible_to(user), user, now)}


def give(statement, who, points=30):
    line = ScoreLine.objects.select_related("score", "item").get(
        score__statement=statement, score__quarter=4, score__locked_at=None, item__scoring="reviewed"
    )
    points = min(Decimal(points), Decimal(line.item.points))
    scoring.review(line=line, points=points, note="履职到位", document="考核材料", **who)


def test_nobody_is_asked_before_the_quarter_is_over(hotel, signed, cast, now):
    scoring.nightly(now=now)
    assert asked(cast) == set()
    assert waits(cast.bureau, now) == set()


def test_each_reviewing_post_owes_a_quarter_once_by_the_day_it_is_locked(over, cast, town, january):
    assert asked(cast) == {("town", DUE, ""), ("bureau", DUE, "")}
    for _again in range(2):
        assert ask(now=january) == 0
    assert asked(cast) == {("town", DUE, ""), ("bureau", DUE, "")}
    row = Obligation.objects.get(kind=REVIEW, debtor_post=cast.posts["town"])
    assert (
        str(words.title(row.label, row.params)) == "Give the points that a reviewer gives: quarter 4 of 2026"
    )
    assert words.url(row.label, row.params) == f"{URL}?tab=to_review"
    assert row.township_id == cast.city.township.pk


def test_the_list_holds_exactly_what_waits_for_whoever_looks(over, cast, town, by, client, january):
    seen = {
        name: waits(town if name == "town" else getattr(cast, name), january)
        for name in ("town", "bureau", "chengdong", "inspector", "auditor", "principal", "rival", "nobody")
    }
    assert {name: rows for name, rows in seen.items() if rows} == {
        "town": {over["hotel"].body},
        "bureau": {over["district"].body},
    }
    client.force_login(town)
    page = client.get(f"{URL}?tab=to_review").text
    assert f'href="{URL}{over["hotel"].pk}/"' in page
    give(over["hotel"], by("town", at=january))
    assert f'href="{URL}{over["hotel"].pk}/"' not in client.get(f"{URL}?tab=to_review").text


def test_with_the_last_points_it_is_met_whoever_gave_them(over, cast, town, by, january):
    give(over["hotel"], by("bureau", at=january))
    assert asked(cast) == {("town", DUE, "met"), ("bureau", DUE, "")}
    give(over["district"], by("bureau", at=january), points=10)
    assert asked(cast) == {("town", DUE, "met"), ("bureau", DUE, "met")}
    scoring.nightly(now=january)
    assert Obligation.objects.filter(kind=REVIEW).count() == 2


def test_while_another_statement_waits_it_stays_open(hotel, issued, cast, town, by, january):
    principal_of(cast.city.other)
    issued(ENTERPRISE, "town")
    shop = Statement.objects.get(level=ENTERPRISE, enterprise=cast.city.other)
    Statement.objects.filter(pk=shop.pk).update(state="in_force", promised_at=january, received_at=january)
    scoring.nightly(now=january)
    give(hotel, by("town", at=january))
    assert asked(cast) == {("town", DUE, "")}
    assert waits(town, january) == {shop.body}
    give(shop, by("town", at=january))
    assert asked(cast) == {("town", DUE, "met")}


def test_locked_without_them_it_has_lapsed(over, cast, town, by, january):
    give(over["district"], by("bureau", at=january), points=10)
    scoring.nightly(now=LATE)
    assert asked(cast) == {("town", DUE, "lapsed"), ("bureau", DUE, "met")}
    assert waits(town, LATE) == set()


def test_a_lock_by_hand_ends_it_too(over, cast, by, january):
    score = StatementScore.objects.get(statement=over["hotel"], quarter=4)
    for _twice in range(2):
        scoring.lock(score=score, **by("town", at=january))
    assert asked(cast) == {("town", DUE, "lapsed"), ("bureau", DUE, "")}


def test_a_correction_asks_nobody_anew(over, cast, town, by, january):
    give(over["hotel"], by("town", at=january))
    who = by("town", at=january)
    score = scoring.lock(score=StatementScore.objects.get(statement=over["hotel"], quarter=4), **who)
    scoring.revise(score=score, reason="补交材料", **who)
    scoring.nightly(now=january)
    assert asked(cast) == {("town", DUE, "met"), ("bureau", DUE, "")}
    assert waits(town, january) == set()


def test_many_statements_ask_with_no_more_queries(issued, cast, town, january):
    def cost():
        issued(ENTERPRISE, "town")
        Statement.objects.filter(state="issued").update(
            state="in_force", promised_at=january, received_at=january
        )
        scoring.score_quarter(2026, 4, now=january)
        Obligation.objects.filter(kind=REVIEW).delete()
        with CaptureQueriesContext(connection) as queries:
            ask(now=january)
        return len(queries)

    few = cost()
    for _ in range(6):
        make.SiteFactory(at=cast.city.cell)
    assert cost() == few
