"""Kinds of obligation: how a to-do list words one and where its button leads.

An upper floor plugs its kinds in; the row itself stores only codes and parameters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from safegrid.kernel.sockets import Socket


@dataclass(frozen=True)
class Kind:
    """One kind of obligation."""

    code: str
    title: Any  # lazy text with %(name)s placeholders of the parameters, e.g. "Rectify: %(title)s"
    button: Any  # a verb
    url: Callable[[dict[str, Any]], str]  # of the subject's page, from the row's parameters
    name: Any = ""  # what it is called in general, for a rhythm that opens one
    #: Whether the duty may open the next one, and how; None for what no rhythm stands behind.
    open_period: Callable[..., Any] | None = None
    #: Where the debtor's button leads; None: to the subject's page.
    button_url: Callable[[dict[str, Any]], str] | None = None
    #: Ends subjects where a rule ends what is owed: takes their ids, and `now` by name. What has a kind
    #: without it is never ended by a rule: a hazard stays one, whoever closes.
    lapse: Callable[..., None] | None = None
    #: A person gave the day, by an order or a plan: no change of a policy moves it.
    day_is_given: bool = False
    #: The enterprise owes it, and not one of its sites: a status ends it only where no site has another one.
    is_whole: bool = False
    #: An enterprise's own affair: nobody outside of it is told, however late it is.
    is_inner: bool = False


kinds: Socket[Kind] = Socket("kinds of obligation")
