"""A grade names what makes a hazard major; likelihood and consequence give it a colour; all of it policy."""

import datetime as dt

import pytest

from hazards.choices import Grade
from hazards.grading.defaults import ITEMS, load
from hazards.grading.models import MajorItem, RiskCell, items_in_force
from safegrid.kernel.refusals import Invalid


def graded(play, **given):
    return play.act(play.found(), "grade", "inspector", **given)


def test_a_major_hazard_names_an_item_of_its_list(play):
    item = MajorItem.objects.get(code="第三条第二项")
    hazard = graded(play, grade=Grade.MAJOR, major_item=item, major_basis="")
    assert hazard.major_item == item
    assert hazard.major_basis == f"工贸企业重大事故隐患判定标准 第三条第二项：{item.sentence}"


def test_where_no_list_has_it_the_basis_is_written(play):
    hazard = graded(play, grade=Grade.MAJOR, major_basis="地方判定标准第八条")
    assert (hazard.major_item, hazard.major_basis) == (None, "地方判定标准第八条")
    with pytest.raises(Invalid) as refusal:
        graded(play, grade=Grade.MAJOR, major_basis=" ")
    assert set(refusal.value.message_dict) == {"major_basis"}


def test_a_general_hazard_names_none(play):
    hazard = graded(play, grade=Grade.GENERAL, major_item=MajorItem.objects.first(), major_basis="x")
    assert (hazard.major_item, hazard.major_basis) == (None, "")


@pytest.mark.parametrize(
    ("likelihood", "consequence", "risk"), [(5, 5, "red"), (3, 4, "orange"), (2, 3, "yellow"), (1, 1, "blue")]
)
def test_likelihood_and_consequence_give_the_colour_that_the_matrix_says(play, likelihood, consequence, risk):
    assert graded(play, likelihood=likelihood, consequence=consequence).risk == risk
    RiskCell.objects.update(risk="red")
    assert graded(play, likelihood=likelihood, consequence=consequence).risk == "red"


def test_half_a_risk_is_named_at_its_field(play):
    for given, field in [({"likelihood": 3}, "consequence"), ({"consequence": 3}, "likelihood")]:
        with pytest.raises(Invalid) as refusal:
            graded(play, **given)
        assert set(refusal.value.message_dict) == {field}
    assert graded(play).risk == ""


def test_loading_again_keeps_what_the_office_has_made_of_it(policies):
    MajorItem.objects.update(sentence="改过")
    RiskCell.objects.filter(likelihood=1).delete()
    load()
    assert set(MajorItem.objects.values_list("sentence", flat=True)) == {"改过"}
    assert MajorItem.objects.count() == len(ITEMS)
    assert not RiskCell.objects.filter(likelihood=1).exists()


def test_an_item_counts_from_its_first_day_to_its_last(policies, now):
    item = MajorItem.objects.first()
    MajorItem.objects.exclude(pk=item.pk).delete()
    item.until = dt.date(2026, 11, 23)
    item.save()
    days = (dt.date(2023, 5, 14), dt.date(2023, 5, 15), dt.date(2026, 11, 23), dt.date(2026, 11, 24))
    assert [items_in_force(day).exists() for day in days] == [False, True, True, False]


def test_the_form_offers_items_in_force_and_the_list_shows_the_colour_in_words(play, client):
    hazard = play.found()
    client.force_login(play.cast.inspector)
    page = client.get(f"/hazards/{hazard.number}/grade/").text
    assert "Contractors and tenants are not coordinated" in page
    assert "How likely is harm?" in page
    answer = client.post(
        f"/hazards/{hazard.number}/grade/",
        {"version": 1, "grade": "general", "category": "fire", "likelihood": "5", "consequence": "5"},
    )
    assert answer.status_code == 302
    assert "General hazard · Red" in client.get("/hazards/?tab=all").text
    row = client.get("/api/v1/hazards/").json()["results"][0]
    assert (row["grade"], row["risk"]) == ("general", "red")
