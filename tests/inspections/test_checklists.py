"""The published checklists: complete, cited, and no longer than a site needs."""

import pytest

from inspections.checklists import applicable
from inspections.models import Checklist, ChecklistItem
from inspections.reference import INSPECTION, SELF_MONTHLY, citation, load_checklists, numeral, rows
from safegrid.audit.models import Entry
from safegrid.grid.models import Matter
from safegrid.grid.reference import rows as grid_rows
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters():
    """The portal's own matters, by code."""
    found: dict[str, Matter] = {}
    for row in grid_rows("matters.csv"):
        found[row["code"]] = make.MatterFactory(
            parent=found.get(row["parent"]), code=row["code"], name=row["name"], name_en=row["name_en"]
        )
    return found


@pytest.fixture
def monthly(matters, now):
    load_checklists(now=now)
    return Checklist.objects.get(code=SELF_MONTHLY)


def site_with(matters, codes, features):
    """A site with these matters, and those that its features bring."""
    brought = {row["feature"]: row["matter"] for row in grid_rows("feature_matters.csv")}
    wanted = [matters[code] for code in dict.fromkeys([*codes, *(brought[f] for f in features)])]
    return make.SiteFactory(matters=wanted, features=features)


@pytest.mark.parametrize(("number", "written"), [(7, "七"), (10, "十"), (36, "三十六"), (106, "一百零六")])
def test_articles_are_numbered_as_laws_do(number, written):
    assert numeral(number) == written


def test_a_citation_names_article_and_paragraph():
    law = {"name": "《安全生产法》", "name_en": "Work Safety Law"}
    assert citation(law, "36.4") == ("《安全生产法》第三十六条第四款", "Work Safety Law, Art. 36(4)")
    assert citation(law, "") == ("《安全生产法》", "Work Safety Law")


def test_loading_twice_adds_nothing_and_keeps_what_people_changed(matters, now):
    assert load_checklists(now=now) == len(rows("items.csv"))
    ChecklistItem.objects.filter(code="exits-clear").update(text_en="Exits are clear")
    written = Entry.objects.count()
    assert load_checklists(now=now) == 0
    assert ChecklistItem.objects.get(code="exits-clear").text_en == "Exits are clear"
    assert Entry.objects.count() == written


def test_an_item_that_was_missing_comes_last(matters, now):
    load_checklists(now=now)
    ChecklistItem.objects.filter(code="exits-clear").delete()
    assert load_checklists(now=now) == 1
    assert Checklist.objects.get(code=SELF_MONTHLY).items.last().code == "exits-clear"


def test_every_item_says_why_and_on_what_it_rests_in_both_languages(monthly):
    blank = [
        item.code
        for item in ChecklistItem.objects.all()
        if not all([item.text, item.text_en, item.why, item.why_en, item.basis, item.basis_en])
    ]
    assert blank == []


@pytest.mark.parametrize(
    ("codes", "features", "least", "most"),
    [
        (["general", "fire", "commerce"], [], 14, 17),
        (
            ["general", "fire", "fire-crowded", "commerce", "commerce-catering"],
            ["uses_gas", "crowded_place"],
            24,
            30,
        ),
        (
            ["general", "fire", "commerce"],
            ["stores_hazchem", "sells_hazchem", "has_forklift", "hot_work"],
            32,
            37,
        ),
    ],
    ids=["shop", "restaurant with gas", "chemical store"],
)
def test_a_site_is_asked_only_what_concerns_it(monthly, matters, codes, features, least, most):
    items = applicable(monthly, site_with(matters, codes, features))
    assert least <= items.count() <= most
    assert all(set(item.features) <= set(features) for item in items)


def test_every_feature_is_asked_about(monthly, matters):
    for row in grid_rows("features.csv"):
        site = site_with(matters, [], [row["code"]])
        assert applicable(monthly, site).exists(), row["code"]


def test_officers_find_something_to_look_at_in_every_matter(monthly, matters):
    officer_items = ChecklistItem.objects.filter(checklist__code=INSPECTION)
    for matter in matters.values():
        if matter.is_leaf():
            above = [matter.path[:i] for i in range(matter.steplen, len(matter.path) + 1, matter.steplen)]
            assert officer_items.filter(matter__path__in=above).exists(), matter.code
