"""The Jinja2 environment: what stands on every page and every list, at a tenth of the time."""

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
from jinja2 import Environment, Undefined
from markupsafe import Markup

from safegrid.kernel.addresses import address, asset
from safegrid.kernel.deadlines import days_over_text, late_text
from safegrid.kernel.icons import icon
from safegrid.kernel.punctuation import colon


def environment(**options: Any) -> Environment:
    """Return the environment: translations, addresses, icons; everything else is data."""
    options["undefined"] = Undefined  # in the local mode too, where Django would print the name instead
    env = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 (Django sets autoescape)
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
    template = engine.env.get_template(name)
    return mark_safe(template.render(context))  # noqa: S308 (it escapes)
