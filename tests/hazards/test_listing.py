"""The list of hazards: its saved views, its filters, its deadlines, whose move it is."""

import csv
import datetime as dt
import io
import re

import pytest

from hazards.choices import Grade, Road, State
from hazards.models import Hazard
from safegrid.kernel import clock
from tests import factories as make


@pytest.fixture
def numbers(client, cast):
    """Ask the API as `bureau` and return the numbers of the hazards, in its order."""
    client.force_login(cast.bureau)

    def ask(query="", user=None):
        if user is not None:
            client.force_login(user)
        answer = client.get(f"/api/v1/hazards/?{query}")
        assert answer.status_code == 200, answer.json()
        return [row["number"] for row in answer.json()["results"]]

    return ask


@pytest.fixture
def hazard(cast, now):
    """Make a hazard at the hotel."""

    def make_one(number, **facts):
        facts = {"site": cast.city.hotel, "matter": cast.city.crowded} | facts
        return make.HazardFactory(number=number, **facts)

    return make_one


def test_each_view_holds_what_it_says(hazard, numbers):
    hazard("reported", state=State.REPORTED, due_in=None)
    hazard("rectifying")
    hazard("today", due_in=0)
    hazard("over", due_in=-1)
    hazard("confirm", state=State.TO_CONFIRM, due_in=-3)
    hazard("accept", state=State.TO_ACCEPT, due_in=-3)
    hazard("major", grade=Grade.MAJOR)
    hazard("closed", state=State.CLOSED, due_in=-9)
    hazard("closed major", state=State.CLOSED, grade=Grade.MAJOR)
    hazard("cancelled", state=State.CANCELLED)
    views = {tab: set(numbers(f"tab={tab}")) for tab in ("open", "overdue", "accept", "major", "mine", "all")}
    assert views == {
        "open": {"reported", "rectifying", "today", "over", "confirm", "accept", "major"},
        "overdue": {"over"},
        "accept": {"confirm", "accept"},
        "major": {"major"},
        "mine": set(),
        "all": set(Hazard.objects.values_list("number", flat=True)),
    }


def test_overdue_is_the_models_own_definition(hazard, numbers, now):
    for number, due_in in {"a": -2, "b": -1, "c": 0, "d": 1}.items():
        hazard(number, due_in=due_in)
    listed = set(numbers("tab=overdue"))
    assert listed == {"a", "b"}
    assert listed == {row.number for row in Hazard.objects.overdue(now)}
    assert listed == {row.number for row in Hazard.objects.all() if row.is_overdue(now)}


def test_days_over_are_said_in_words_and_agree_with_the_model(hazard, cast, client, now):
    words = {-5: "due in 5 days", -1: "due in 1 day", 0: "due today", 1: "1 day over", 3: "3 days over"}
    for over in words:
        hazard(f"N{over}", due_in=-over)
    hazard("none", state=State.REPORTED, due_in=None)
    hazard("closed", state=State.CLOSED, due_in=-9)
    client.force_login(cast.bureau)
    page = client.get("/hazards/?tab=all").text
    for over, sentence in words.items():
        row = page[page.index(f">N{over}<") :].partition("</tr>")[0]
        due_on = clock.local_date(now) - dt.timedelta(days=over)
        assert due_on.isoformat() in row
        assert sentence in row
        assert ("due-over" in row) is (over > 0)
        assert Hazard.objects.get(number=f"N{over}").days_over(now) == over
    closed = page[page.index(">closed<") :].partition("</tr>")[0]
    assert "over" not in closed
    assert "9999" not in page
    answers = {row["number"]: row for row in client.get("/api/v1/hazards/").json()["results"]}
    assert answers["N3"]["days_over"] == 3
    assert answers["N3"]["due"] == "2026-11-20"
    assert answers["none"]["due"] is None
    assert answers["closed"]["days_over"] is None
    body = client.get("/hazards/?tab=all&format=csv").getvalue().decode().removeprefix("\ufeff")
    sheet = {row["Number"]: row for row in csv.DictReader(io.StringIO(body))}
    assert (sheet["N3"]["Due"], sheet["N3"]["Days over"]) == ("2026-11-20", "3")
    assert (sheet["none"]["Due"], sheet["none"]["Days over"]) == ("", "")


def test_whose_move_it_is_comes_from_the_obligation_due_first(hazard, cast, client):
    row = hazard("N1")
    make.ObligationFactory(site=row.site, subject=row, due_in=7)
    post = cast.posts["inspector"]
    make.ObligationFactory(
        site=row.site, subject=row, kind="hazard.answer_extension", debtor_post=post, due_in=2
    )
    hazard("N2")
    client.force_login(cast.bureau)
    rows = {each["number"]: each for each in client.get("/api/v1/hazards/").json()["results"]}
    assert rows["N1"]["owner"] == post.title
    assert rows["N1"]["owner_en"] == post.title_en
    assert rows["N2"]["owner"] == ""
    assert "Inspector&#39;s post" in client.get("/hazards/").text


def test_mine_are_those_that_wait_for_one_of_my_posts(hazard, cast, numbers):
    own = hazard("to accept", state=State.TO_ACCEPT)
    make.ObligationFactory(site=own.site, subject=own, debtor_post=cast.posts["inspector"])
    theirs = hazard("to rectify")
    make.ObligationFactory(site=theirs.site, subject=theirs)
    done = hazard("done")
    make.ObligationFactory(
        site=done.site,
        subject=done,
        debtor_post=cast.posts["inspector"],
        closed_at=clock.now(),
        outcome="met",
        days_late=0,
    )
    assert numbers("tab=mine", cast.inspector) == ["to accept"]
    assert numbers("tab=mine", cast.inspector2) == []
    assert numbers("tab=mine", cast.enterprise) == ["to rectify"]
    assert numbers("tab=mine", cast.rival) == []


def test_every_filter_narrows_to_exactly_its_rows(hazard, cast, numbers):
    city = cast.city
    hazard("plain", title="灭火器过期")
    hazard("graded", state=State.GRADED)
    hazard("major", grade=Grade.MAJOR)
    hazard("self", road=Road.SELF, is_shared=True)
    hazard("gas", category__code="gas")
    hazard("general", matter=city.general)
    hazard("store", site=city.warehouse)
    hazard("west", site=city.school, matter=city.fire)
    hazard("old", found_at=dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC))  # 2 March in Xining
    hazard("late", due_in=-10)
    every = set(numbers())
    fire = every - {"general"}
    wanted = {
        "q=灭火器": {"plain"},
        "q=plain": {"plain"},
        "state=graded": {"graded"},
        "grade=major": {"major"},
        "road=self": {"self"},
        "category=gas": {"gas"},
        "matter=general": {"general"},
        "matter=fire-crowded": fire - {"west"},
        "matter=fire": fire,
        f"district={city.chengxi.code}": {"west"},
        f"township={city.township.code}": every - {"west"},
        f"community={city.community.code}": every - {"west"},
        f"cell={city.next_cell.code}": {"store"},
        "industry=62": every - {"west", "store"},
        f"enterprise={city.west.pk}": {"west"},
        "found_to=2026-03-01": set(),
        "found_to=2026-03-02": {"old"},
        "found_from=2026-03-03": every - {"old"},
        "found_from=2026-03-02&found_to=2026-03-02": {"old"},
        "due_to=2026-11-13": {"late"},
        "due_from=2026-11-14": every - {"late"},
        "due_to=2026-11-12": set(),
        f"district={city.chengdong.code}&matter=fire&grade=major": {"major"},
    }
    for query, expected in wanted.items():
        assert set(numbers(query)) == expected, query


def test_a_section_takes_in_its_divisions(hazard, cast, numbers):
    section = make.IndustryFactory(code="H")
    cast.city.catering.parent = section
    cast.city.catering.save()
    hazard("hotel")
    hazard("school", site=cast.city.school, matter=cast.city.fire)
    assert numbers("industry=H") == ["hotel"]


def test_what_has_no_deadline_sorts_last(hazard, numbers):
    hazard("none", state=State.REPORTED, due_in=None)
    hazard("soon", due_in=1)
    hazard("later", due_in=5)
    assert numbers("sort=due") == ["soon", "later", "none"]
    assert numbers("sort=-due") == ["none", "later", "soon"]


def test_a_row_links_to_the_hazard(hazard, cast, client):
    hazard("XN-2026-000123")
    client.force_login(cast.bureau)
    assert (
        '<a href="/hazards/XN-2026-000123/" hx-boost="false">XN-2026-000123</a>'
        in client.get("/hazards/").text
    )


def test_the_numbers_on_the_tabs_are_exact_where_sums_are_kept(hazard, client, cast, monkeypatch):
    monkeypatch.setattr("safegrid.kernel.listing.counting.CAP", 2)
    for number in range(5):
        hazard(str(number))
    client.force_login(cast.bureau)

    def on_tab(query):
        page = client.get(f"/hazards/?part=counts&{query}").content.decode()
        return re.search(r'id="count-open" hx-swap-oob="true">([^<]*)<', page)[1]

    assert on_tab("") == "5"
    assert on_tab(f"district={cast.city.chengdong.code}&matter=fire") == "5"
    assert on_tab("matter=gas") == "0"
    assert on_tab("found_from=2020-01-01") == "2+"  # counted, up to the cap
