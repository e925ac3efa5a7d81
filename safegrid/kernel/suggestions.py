"""A line of text with what is known already on offer, by the browser's own list; anything may be typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class SuggestingInput(forms.TextInput):
    """An input that offers the texts that `known` gives when the page is made."""

    def __init__(self, known: Callable[[], Iterable[str]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.known = known

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the input with its list."""
        texts = list(self.known())
        if not texts:
            return super().render(name, value, attrs, renderer)
        key = f"known-{name}"
        line = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        offered = format_html_join("", '<option value="{}"></option>', ((text,) for text in texts))
        return format_html('{}<datalist id="{}">{}</datalist>', line, key, offered)
