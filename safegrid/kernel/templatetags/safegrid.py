"""Filters and tags that every template has."""

import datetime as dt
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from safegrid.kernel.names import choose, choose_from

register = template.Library()


@register.filter
def label(thing: Any) -> str:
    """Return the name of a thing or of a `values()` row in the reader's language."""
    if thing is None:
        return ""
    if isinstance(thing, dict):
        return choose_from(thing)
    return str(
        getattr(thing, "label", None) or choose(getattr(thing, "name", ""), getattr(thing, "name_en", ""))
    )


SPRITE = "vendor/tabler-icons/sprite.svg"


@register.simple_tag(name="icon")
def icon(name: str, **attributes: str) -> SafeString:
    """Return an icon of the sprite, for the eyes only; `class` adds classes.

    A tag and no template: a page has dozens of them.
    """
    more = f" {attributes['class']}" if attributes.get("class") else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        more,
        static(SPRITE),
        name,
    )


@register.filter
def days_over_text(days: int | None) -> str:
    """Return "3 days over", "due today" or "due in 2 days" for a number of days over."""
    from django.utils.translation import gettext

    if days is None:
        return ""
    if days > 0:
        return ngettext("%(n)s day over", "%(n)s days over", days) % {"n": days}
    if days == 0:
        return gettext("due today")
    return ngettext("due in %(n)s day", "due in %(n)s days", -days) % {"n": -days}


@register.filter
def late_text(days: int) -> str:
    """Return how late something is whose deadline has passed: "3 days over", "overdue since today"."""
    from django.utils.translation import gettext

    return days_over_text(days) if days > 0 else gettext("overdue since today")


@register.filter
def until(day: dt.date | None) -> bool:
    """Return whether a date is a real deadline and not the sentinel for none."""
    return day is not None and day.year < 9000


CURVE_WIDTH, CURVE_HEIGHT, CURVE_MARGIN = 100, 24, 2


@register.filter
def curve_points(values: list[int]) -> str:
    """Return the points of a small curve through `values`, in a box of 100 × 24."""
    top = max(values, default=0) or 1
    step = CURVE_WIDTH / max(len(values) - 1, 1)
    drawn = CURVE_HEIGHT - 2 * CURVE_MARGIN
    return " ".join(
        f"{i * step:.1f},{CURVE_HEIGHT - CURVE_MARGIN - drawn * value / top:.1f}"
        for i, value in enumerate(values)
    )
