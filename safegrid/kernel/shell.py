"""The shell around every page: menu, search, bell, posts. Each floor plugs in what it has."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from safegrid.kernel.addresses import address
from safegrid.kernel.jinja import part
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


class Menu(Socket[MenuItem]):
    """The entries of the menu, each with a key of its own if it has one."""

    def plug(self, name: str, plug: MenuItem, *, order: int = 50) -> MenuItem:
        """Register an entry. Raise ValueError for a name or a key that is taken."""
        if plug.key and any(item.key == plug.key for other, item in self.items() if other != name):
            raise ValueError(f"{self.what}: the key {plug.key!r} is taken")
        return super().plug(name, plug, order=order)


menu = Menu("menu")

#: Values of the shell by name, each made from the request when a template asks for it.
values: Socket[Callable[[HttpRequest], Any]] = Socket("shell values")


class Entry(NamedTuple):
    """An entry of the menu as one person sees it on one page."""

    label: str
    url: str
    icon: str
    key: str
    tab: str
    group: str
    on_phone: bool
    active: bool  # its page is open


def menu_for(request: HttpRequest) -> tuple[Entry, ...]:
    """Return the entries for this person, the one whose page is open marked."""
    reach = reach_of(request.user)
    shown = [(name, item) for name, item in menu.items() if item.visible(reach)]
    on_phone = tuple(name for name, item in shown if item.phone(reach))
    path = getattr(request, "shown_at", request.path)
    here = [url for _name, item in shown if path.startswith(url := address(item.view))]
    best = max(here, key=len, default="")
    return _entries(tuple(name for name, _item in shown), on_phone, best, get_language())


@lru_cache(maxsize=1000)
def _entries(
    names: tuple[str, ...], on_phone: tuple[str, ...], here: str, language: str | None
) -> tuple[Entry, ...]:
    """Return the entries in words; there are as many different menus as kinds of posts and pages."""
    return tuple(
        Entry(
            str(item.label),
            address(item.view),
            item.icon,
            item.key,
            str(item.tab),
            str(item.group),
            name in on_phone,
            address(item.view) == here,
        )
        for name in names
        for item in (menu[name],)
    )


values.plug("menu", menu_for)


class Shell:
    """What stands around a page: each value is made when a template first asks for it, and only then."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.is_local: bool = settings.DEBUG

    @cached_property
    def csrf_token(self) -> str:
        """The mark by which a form proves to be ours; one for all forms of a page."""
        return get_token(self.request)

    @cached_property
    def csrf_input(self) -> SafeString:
        """The field that carries it."""
        return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', self.csrf_token)

    def __getattr__(self, name: str) -> Any:
        user = getattr(self.request, "user", None)  # none on a page that failed before it was looked up
        if name not in values or user is None or not user.is_authenticated:
            raise AttributeError(name)
        value = self.__dict__[name] = values[name](self.request)
        return value


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context processor: `shell`."""
    return {"shell": Shell(request)}


def page(request: HttpRequest, name: str, values: dict[str, Any], *, at: str = "") -> HttpResponse:
    """Return the page `name` of the Jinja2 templates, in the shell.

    `at` is the address under which the menu knows it, where that is not the one that was asked for.
    """
    if at:
        request.shown_at = at  # type: ignore[attr-defined]
    around = {"request": request, "user": request.user, "messages": get_messages(request)}
    return HttpResponse(part(name, {**around, **context(request), **values}))
