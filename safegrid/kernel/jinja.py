"""The Jinja2 environment: what stands on every page and every list, at a tenth of the time."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import engines
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as translated
from django_htmx.jinja import htmx_script
from jinja2 import Environment, Undefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from safegrid.kernel.addresses import address, asset
from safegrid.kernel.deadlines import days_over_text, late_text
from safegrid.kernel.icons import icon
from safegrid.kernel.punctuation import colon


class _Settled(NodeTransformer):
    """Settles what is the same every time: words of one language, and the parts that a template includes."""

    def __init__(self, environment: Worded) -> None:
        self.environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (Jinja2 finds it by this name)
        """Return the text instead of `_("text")`; what depends on a value is asked for every time."""
        self.generic_visit(node)
        text = node.args[0] if len(node.args) == 1 and not node.kwargs else None
        is_asked = isinstance(node.node, nodes.Name) and node.node.name == "_"
        if is_asked and isinstance(text, nodes.Const):
            return nodes.Const(in_words(text.value), lineno=node.lineno)
        return node

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802 (as above)
        """Return the part itself, in a scope of its own: to look it up anew takes longer than to write it."""
        if self.environment.auto_reload or not isinstance(node.template, nodes.Const):
            return node
        return nodes.Scope(self.environment.parsed(node.template.value).body, lineno=node.lineno)


class Worded(Environment):
    """An environment whose templates are compiled once for each language, with its words in them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._of: dict[str | None, Environment] = {}

    def of(self, language: str | None) -> Environment:
        """Return the environment of `language`, in which its templates are kept compiled."""
        found = self._of.get(language)
        if found is None:
            found = self._of[language] = self.overlay()
        return found

    def parsed(self, name: str) -> nodes.Template:
        """Return the template `name` as it is compiled."""
        source, filename, _is_fresh = self.loader.get_source(self, name)  # type: ignore[union-attr]
        return self._parse(source, name, filename)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return _Settled(self).visit(super()._parse(source, name, filename))


def environment(**options: Any) -> Environment:
    """Return the environment: translations, addresses, icons; everything else is data."""
    options["undefined"] = Undefined  # in the local mode too, where Django would print the name instead
    env = Worded(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options)
    env.install_gettext_callables(translated, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    env.globals.update(
        _=in_words,
        fixed=fixed,
        language=get_language,
        other_languages=other_languages,
        htmx_script=htmx_script,
        days_over_text=days_over_text,
        late_text=late_text,
        colon=colon,
    )
    # What a filter makes of a constant is made once, when a template is compiled.
    env.filters.update(icon=icon, static=asset, url=address, localize=localize, date=date)
    return env


def in_words(text: str, **values: Any) -> Markup:
    """Return `text` in the reader's language, with `values` in it, escaped."""
    words = Markup(translated(text))  # noqa: S704 (the catalogue is ours)
    return words % values if values else words


def date(value: dt.date, form: str = "DATE_FORMAT") -> str:
    """Return a day, or an instant in local time, in one of the reader's formats."""
    return date_format(timezone.localtime(value) if isinstance(value, dt.datetime) else value, form)


def other_languages() -> list[tuple[str, str]]:
    """Return code and own name of each language but the reader's."""
    here = get_language()
    return [(code, OWN_NAMES[code]) for code, _name in settings.LANGUAGES if code != here]


OWN_NAMES = {"en": "English", "zh-hans": "中文"}


@lru_cache(maxsize=2000)
def _fixed(name: str, language: str | None, values: tuple[tuple[str, Any], ...]) -> SafeString:
    return part(name, dict(values))


def fixed(name: str, **values: Any) -> SafeString:
    """Return the template `name`, made once for the same values and language: hashable and of few kinds.

    For what stands on every page and is the same for all who have the same menu; nothing personal.
    """
    return _fixed(name, get_language(), tuple(values.items()))


def part(name: str, context: dict[str, Any]) -> SafeString:
    """Return the template `name` of this environment, for a place in a page."""
    engine: Any = engines["jinja2"]
    template = engine.env.of(get_language()).get_template(name)
    return mark_safe(template.render(context))  # noqa: S308 (it escapes)
