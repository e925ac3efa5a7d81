"""An obligation in the reader's words: only codes and parameters are stored."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import get_language

from responsibility.obligations.kinds import kinds
from safegrid.kernel.names import choose

IN_ENGLISH = "_en"


@cache
def _words(label: str, language: str | None) -> tuple[str, str]:
    """Return the title and the button of a kind in `language`, the reader's."""
    return str(kinds[label].title), str(kinds[label].button)


def title(label: str, params: Mapping[str, Any]) -> str:
    """Return what is owed, such as "Rectify: blocked fire exit".

    A parameter that is there in English too (`where`, `where_en`) is given in the reader's language.
    """
    return title_and_button(label, params)[0]


def title_and_button(label: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Return the title and the verb on the button: a list of tasks asks for both, for each of its rows."""
    words, button = _words(label, get_language())
    doubled = [key.removesuffix(IN_ENGLISH) for key in params if key.endswith(IN_ENGLISH)]
    chosen = {key: choose(params[key], params[key + IN_ENGLISH]) for key in doubled if key in params}
    return words % {**params, **chosen}, button


def url(label: str, params: Mapping[str, Any], *, button: bool = False) -> str:
    """Return the address of the subject's page, or of what the debtor's `button` does."""
    kind = kinds[label]
    return ((button and kind.button_url) or kind.url)(dict(params))


def name(label: str) -> str:
    """Return what this kind is called in general, such as "Self-inspection"."""
    return str(kinds[label].name)
