"""Goals and what judges them."""

import pytest

from bench import goals
from bench.goals import Goal, Result


def goal(**target):
    return Goal(key="k", name="n", why="w", baseline="hello", **target)


def test_each_goal_has_code_a_reason_and_at_most_one_target():
    for each, measure in goals.plan():
        assert callable(measure)
        assert len(each.why) > 20, each.key
        assert each.at_most is None or each.at_least is None, each.key


@pytest.mark.parametrize(
    "text", ["", '[hello]\nname = ""\nwhy = ""\nbaseline = ""\n[nobody]\nname = ""\nwhy = ""\nbaseline = ""']
)
def test_a_goal_without_code_or_code_without_a_goal_is_an_error(tmp_path, monkeypatch, text):
    file = tmp_path / "goals.toml"
    file.write_text(text)
    monkeypatch.setattr(goals, "FILE", file)
    with pytest.raises(LookupError, match="hazard_list"):
        list(goals.plan())


def test_ratios_are_taken_round_by_round_and_judged_by_their_median():
    result = Result("one", [2.0, 9.0, 4.0], [1.0, 3.0, 1.0])
    assert result.ratios == [2.0, 3.0, 4.0]
    assert result.median == 3.0
    assert goal(at_most=3).is_met(result)
    assert not goal(at_most=2.9).is_met(result)
    assert not goal(at_least=3.1).is_met(result)


def test_what_has_no_baseline_is_judged_by_itself():
    assert Result("one", [5], [], "queries").median == 5


def test_the_worst_variant_is_the_one_furthest_from_the_target():
    slow, quick = Result("slow", [9.0], [1.0]), Result("quick", [2.0], [1.0])
    assert goal(at_most=3).worst([quick, slow]) is slow
    assert goal(at_least=3).worst([slow, quick]) is quick
