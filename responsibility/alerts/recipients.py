"""Who is told: the posts behind debtor, creditor, head and office, with their holders of the moment."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

from responsibility.alerts.models import Recipient
from safegrid.accounts.choices import ENTERPRISE_POSTS, PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders


class Sides(Protocol):
    """Who owes something, and to whom."""

    @property
    def debtor_post_id(self) -> int | None:
        """The post that owes it."""

    @property
    def debtor_enterprise_id(self) -> int | None:
        """Or the enterprise."""

    @property
    def creditor_post_id(self) -> int | None:
        """The post that it is owed to."""


class Recipients:
    """Who is told about a batch of obligations, resolved set-wise: five queries, however many rows.

    A substitute is told instead of who is on leave. A vacant post without a substitute passes it up: to
    the head of its unit, then to the safety committee's office. Where an enterprise has nobody here,
    whoever ordered it is told, who can call them.
    """

    def __init__(self, rows: Sequence[Sides], *, today: dt.date) -> None:
        self._known: dict[tuple[Any, ...], list[tuple[int, int]]] = {}
        named = {row.debtor_post_id for row in rows} | {row.creditor_post_id for row in rows}
        self.unit_of = dict(
            Post.objects.filter(pk__in=[p for p in named if p], unit__isnull=False).values_list("pk", "unit")
        )
        self.enterprise_posts: dict[int, list[int]] = {}
        self.heads: dict[int, list[int]] = {}
        self.office: list[int] = []
        enterprises = {row.debtor_enterprise_id for row in rows}
        around = (
            Post.objects.filter(kind__in=ENTERPRISE_POSTS, enterprise__in=[e for e in enterprises if e])
            | Post.objects.filter(kind=PostKind.HEAD, unit__in=set(self.unit_of.values()))
            | Post.objects.filter(kind=PostKind.OFFICE)
        )
        for post in around.order_by("pk"):
            if post.kind == PostKind.OFFICE:
                self.office.append(post.pk)
            elif post.enterprise_id:
                self.enterprise_posts.setdefault(post.enterprise_id, []).append(post.pk)
            elif post.unit_id:
                self.heads.setdefault(post.unit_id, []).append(post.pk)
            named.add(post.pk)
        self.holder = {post: user.pk for post, user in holders([p for p in named if p], on=today).items()}

    def of(self, row: Sides, codes: tuple[str, ...]) -> list[tuple[int, int]]:
        """Return (post, person) for the recipients `codes` of `row`, each person once."""
        sides = (row.debtor_post_id, row.debtor_enterprise_id, row.creditor_post_id, codes)
        if sides not in self._known:
            self._known[sides] = self._of(row, codes)
        return self._known[sides]

    def _of(self, row: Sides, codes: tuple[str, ...]) -> list[tuple[int, int]]:
        posts = {post for code in codes for post in self._posts(row, code)}
        persons = {self.holder[post]: post for post in sorted(posts, reverse=True) if post in self.holder}
        return sorted((post, person) for person, post in persons.items())

    def _posts(self, row: Sides, code: str) -> list[int]:
        if code == Recipient.DEBTOR and row.debtor_enterprise_id:
            own = self.enterprise_posts.get(row.debtor_enterprise_id, [])
            return own if self._manned(own) else self._posts(row, Recipient.CREDITOR)
        if code == Recipient.DEBTOR:
            return self._or_up(row.debtor_post_id)
        if code == Recipient.CREDITOR:
            return self._or_up(row.creditor_post_id) if row.creditor_post_id else []
        if code == Recipient.UNIT_HEAD:
            unit = self.unit_of.get(row.creditor_post_id or 0) or self.unit_of.get(row.debtor_post_id or 0)
            return self._head(unit) if unit else []
        return self.office

    def _or_up(self, post: int | None) -> list[int]:
        return [post] if post in self.holder else self._head(self.unit_of.get(post or 0))

    def _head(self, unit: int | None) -> list[int]:
        heads = self.heads.get(unit or 0, [])
        return heads if self._manned(heads) else self.office

    def _manned(self, posts: list[int]) -> bool:
        return any(post in self.holder for post in posts)
