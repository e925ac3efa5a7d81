"""No template needs what the content security policy forbids, and none asks another host."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils.translation import override

from safegrid.kernel.jinja import part

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))

FORBIDDEN = {
    "an inline style": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an event handler": r"\son[a-z]+\s*=\s*[\"']",
    "code for htmx to evaluate": r"\shx-on|hx-vals=[\"']js:",
    "an inline script": r"<script(?![^>]*\bsrc=)(?![^>]*application/json)",
    "another host": r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what):
    assert len(TEMPLATES) > 50
    pattern = re.compile(FORBIDDEN[what])
    assert [path.name for path in TEMPLATES if pattern.search(path.read_text())] == []


@pytest.mark.parametrize(
    ("over", "words", "tone"),
    [
        (5, "5 days over", "due-over"),
        (1, "1 day over", "due-over"),
        (0, "due today", "due-today"),
        (-1, "due in 1 day", "due-soon"),
        (-2, "due in 2 days", "due-soon"),
        (-30, "due in 30 days", "due"),
    ],
)
def test_a_due_badge_says_how_many_days(over, words, tone):
    with override("en"):
        html = part("components/due.html", {"over": over})
    text = re.sub(r"<[^>]+>", "", html).strip()
    assert text == words
    assert (
        re.search(r'class="due ?([a-z-]*)"', html).group(1) == tone.removeprefix("due").strip()
        or tone in html
    )


def test_a_due_badge_says_that_the_hour_of_this_day_has_passed():
    with override("en"):
        html = part("components/due.html", {"over": 0, "is_overdue": True}).strip()
        assert html == '<span class="due due-over">overdue since today</span>'
        assert "2 days over" in part("components/due.html", {"over": 2, "is_overdue": True})


def test_nothing_due_shows_no_badge():
    assert part("components/due.html", {"over": None}).strip() == ""


@pytest.mark.parametrize(
    ("change", "better", "tone"),
    [
        (4, "down", "change-bad"),
        (-4, "down", "change-good"),
        (4, "up", "change-good"),
        (-4, "up", "change-bad"),
    ],
)
def test_a_tile_says_whether_a_change_is_good(change, better, tone):
    tile = {"label": "Open", "value": 1234, "url": "/hazards/", "change": change, "better": better}
    with override("en"):
        html = part("components/tile.html", tile)
    assert f'class="change {tone}"' in html
    assert "1,234" in html
    assert 'href="/hazards/"' in html


def test_the_500_page_needs_no_context():
    source = Template('{% extends "500.html" %}')
    with override("en"):
        html = source.render(Context())
    assert "Something broke here" in html
    assert "<form" not in html
