"""What is typed finds the rows in whose words it occurs, and no other."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from safegrid.grid.models import Enterprise
from safegrid.kernel.bigrams import normal
from safegrid.kernel.findable import found_by
from tests import factories as make

every_name = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
few_letters = st.text("甲乙0% _\\Ａa（", min_size=1, max_size=8)  # whose pairs return all the time


@given(every_name)
def test_comparing_sees_through_width_case_and_blanks(name):
    assert normal(normal(name)) == normal(name)
    assert normal(f"　{name} ") == normal(name)


@pytest.mark.django_db
@settings(max_examples=60)
@given(st.lists(st.tuples(few_letters, few_letters), max_size=6), few_letters)
@example([("0100", "10 00"), ("1001", "x")], "10001")
def test_exactly_those_are_found_in_one_of_whose_fields_it_occurs(rows, wanted):
    Enterprise.objects.all().delete()
    made = [make.EnterpriseFactory(name=name, name_en=name_en, uscc=None) for name, name_en in rows]
    expected = {
        row.pk for row in made if any(normal(wanted) in normal(field) for field in (row.name, row.name_en))
    }
    if len(normal(wanted)) > 1:
        assert set(Enterprise.objects.filter(found_by(wanted)).values_list("pk", flat=True)) == expected


@pytest.mark.django_db
@settings(max_examples=30)
@given(every_name, st.integers(0, 40), st.integers(2, 40))
def test_every_part_of_a_name_of_two_characters_or_more_is_found(name, start, length):
    part = normal(name)[start : start + length]
    if len(normal(part)) > 1 and normal(part) in normal(name):
        row = make.EnterpriseFactory(name=name)
        assert row in Enterprise.objects.filter(found_by(part))


@pytest.mark.django_db
def test_a_code_finds_its_own_enterprise_among_running_numbers():
    made = make.EnterpriseFactory.create_batch(30)
    for row in made:
        assert list(Enterprise.objects.filter(found_by(row.uscc))) == [row]
