"""Icons: Tabler's, in one sprite."""

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from safegrid.kernel.addresses import asset

SPRITE = "vendor/tabler-icons/sprite.svg"


@cache
def icon(name: str, more: str = "") -> SafeString:
    """Return an icon of the sprite, for the eyes only, with `more` classes."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {more}" if more else "",
        asset(SPRITE),
        name,
    )
