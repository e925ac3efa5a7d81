"""Sockets: how a lower floor shows what an upper floor knows.

The lower floor declares a `Socket`; the upper one plugs in from its `AppConfig.ready()`.
Nothing ever imports upward.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Socket(Generic[T]):
    """An ordered registry of plugs, unique by name."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._plugs: dict[str, tuple[int, T]] = {}

    def plug(self, name: str, plug: T, *, order: int = 50) -> T:
        """Register `plug` under `name`; lower `order` comes first. Raise ValueError for a name taken."""
        if name in self._plugs and self._plugs[name][1] is not plug:
            raise ValueError(f"{self.what}: {name!r} is taken")
        self._plugs[name] = (order, plug)
        return plug

    def __iter__(self) -> Iterator[T]:
        return (plug for _, plug in sorted(self._plugs.values(), key=lambda item: item[0]))

    def __getitem__(self, name: str) -> T:
        return self._plugs[name][1]

    def __contains__(self, name: str) -> bool:
        return name in self._plugs

    def items(self) -> list[tuple[str, T]]:
        """Return (name, plug) pairs in order."""
        return [(n, p) for n, (_, p) in sorted(self._plugs.items(), key=lambda item: item[1][0])]
