"""The page of docs that holds the rule: each of its examples is true."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from responsibility.assignments.choices import Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.resolution import who_answers
from responsibility.coverage.rules import rules
from tests import factories as make

PAGE = (Path(settings.BASE_DIR) / "docs/responsibility.md").read_text(encoding="utf-8")


def table(first):
    """The rows of the table whose first heading is `first`."""
    lines = PAGE[PAGE.index(f"| {first} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


EXAMPLES = table("line")


def test_there_are_examples_for_every_line():
    assert {row[0] for row in EXAMPLES} == {"territorial", "industry", "comprehensive"}
    assert len(EXAMPLES) >= 10


@pytest.mark.parametrize("example", EXAMPLES, ids=" / ".join)
def test_an_example_of_the_page_is_true(cast, example):
    line, *given, answers = example
    c = cast.city
    over = {
        "city": c.city,
        "district": c.chengdong,
        "township": c.township,
        "community": c.community,
        "cell": c.cell,
        "next cell": c.next_cell,
        "other district": c.chengxi,
    }
    posts = {}
    for name, words in zip(("first", "second"), given, strict=True):
        matter, place = words.split(", ")
        posts[name] = make.PostFactory(holder=make.UserFactory())
        Assignment.objects.create(
            post=posts[name],
            line=line,
            tier=Tier.LEAD,
            matter=getattr(c, matter),
            span=(dt.date(2020, 1, 1), None),
            **({"site": c.hotel} if place == "site" else {"district": over[place]}),
        )
    found = [
        answer.post
        for answer in who_answers(c.hotel, on=dt.date(2026, 11, 23))
        if (answer.line, answer.matter) == (line, c.crowded)
    ]
    assert found == ([] if answers == "nobody" else [posts[answers]])


def test_the_page_names_every_rule_of_the_audit():
    assert {row[0].strip("`") for row in table("rule")} == {rule.code for rule in rules}
