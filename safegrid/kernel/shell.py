"""The shell around every page: menu, search, bell, posts. Each floor plugs in what it has."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from safegrid.kernel.scope import Reach, reach_of
from safegrid.kernel.sockets import Socket


def everybody(reach: Reach) -> bool:
    """Whoever holds a post."""
    return bool(reach.post_ids)


def nobody(reach: Reach) -> bool:
    """Nobody."""
    return False


def enterprises(reach: Reach) -> bool:
    """Whoever belongs to an enterprise and is no official."""
    return bool(reach.enterprise_ids) and not reach.is_official


def officials(reach: Reach) -> bool:
    """Whoever reaches places, not only an enterprise."""
    return reach.is_official


@dataclass(frozen=True)
class MenuItem:
    """An entry of the menu; it exists only for whom it is of use."""

    label: Any
    view: str
    icon: str
    key: str = ""  # second key after "g"
    phone: Callable[[Reach], bool] = nobody  # for whom it is among the tabs at the bottom of a phone
    tab: Any = ""  # a shorter label for the phone's tabs
    group: Any = ""
    visible: Callable[[Reach], bool] = everybody
    url: str = ""
    active: bool = False
    on_phone: bool = False


menu: Socket[MenuItem] = Socket("menu")

#: Values of the shell by name, each made from the request when a template asks for it.
values: Socket[Callable[[HttpRequest], Any]] = Socket("shell values")


def menu_for(request: HttpRequest) -> list[MenuItem]:
    """Return the entries for this person, the one whose page is open marked."""
    reach = reach_of(request.user)
    items = [
        replace(item, url=reverse(item.view), on_phone=item.phone(reach))
        for item in menu
        if item.visible(reach)
    ]
    here = [
        i for i in items if i.url == "/" == request.path or (i.url != "/" and request.path.startswith(i.url))
    ]
    best = max(here, key=lambda item: len(item.url), default=None)
    return [replace(item, active=item is best) for item in items]


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context processor: `shell`, with everything computed only when used."""
    shell: dict[str, Any] = {"local": settings.DEBUG}
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        shell["menu"] = SimpleLazyObject(lambda: menu_for(request))
        for name, make in values.items():
            shell[name] = SimpleLazyObject(partial(make, request))
    return {"shell": shell}
