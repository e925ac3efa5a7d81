"""What the demo city writes down fits what was looked at."""

from analysis.demo import words
from inspections.reference import rows


def test_every_item_of_every_checklist_has_findings_of_its_own_with_measures():
    assert set(words.FINDINGS) == {item["code"] for item in rows("items.csv")}
    assert all(found and measures for each in words.FINDINGS.values() for found, measures in each)
    assert set(words.MAJOR_BASES) <= set(words.FINDINGS)
