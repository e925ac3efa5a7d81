"""Colours that carry meaning can be read: 4.5:1 (WCAG 2.2, 1.4.3) in both modes."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "static" / "css" / "app.css").read_text()
SURFACE = {"light": "#ffffff", "dark": "#262626"}


def colours(selector: str) -> dict[str, str]:
    """The custom properties of one rule that are plain colours."""
    body = re.search(re.escape(selector) + r" \{(.*?)\n\}", CSS, re.DOTALL).group(1)
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", body))


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("meaning", ["good", "warn", "bad", "info", "neutral"])
def test_a_meaning_can_be_read_on_its_ground_and_on_a_card(mode, meaning):
    found = colours(":root" if mode == "light" else '[data-bs-theme="dark"]')
    text = found[f"{meaning}-text"]
    assert contrast(text, found[f"{meaning}-ground"]) >= 4.5
    assert contrast(text, SURFACE[mode]) >= 4.5


@pytest.mark.parametrize("button", ["success", "danger", "warning"])
def test_white_text_can_be_read_on_a_filled_button(button):
    body = re.search(rf"\n\.btn-{button} \{{(.*?)\n\}}", CSS, re.DOTALL).group(1)
    fills = re.findall(r"variant(?:-darken)?: (#[0-9a-f]{6})", body)
    assert len(fills) == 2
    assert min(contrast("#ffffff", fill) for fill in fills) >= 4.5
