"""An obligation in the reader's words: only codes and parameters are stored."""

from collections.abc import Mapping
from typing import Any

from responsibility.obligations.kinds import kinds
from safegrid.kernel.names import choose


def title(label: str, params: Mapping[str, Any]) -> str:
    """Return what is owed, such as "Rectify: blocked fire exit".

    A parameter that is there in English too (`where`, `where_en`) is given in the reader's language.
    """
    named = {
        key: choose(value, params[f"{key}_en"]) if f"{key}_en" in params else value
        for key, value in params.items()
    }
    return str(kinds[label].title) % named


def button(label: str) -> str:
    """Return the verb on the button."""
    return str(kinds[label].button)


def url(label: str, params: Mapping[str, Any], *, button: bool = False) -> str:
    """Return the address of the subject's page, or of what the debtor's `button` does."""
    kind = kinds[label]
    return ((button and kind.button_url) or kind.url)(dict(params))


def name(label: str) -> str:
    """Return what this kind is called in general, such as "Self-inspection"."""
    return str(kinds[label].name)
