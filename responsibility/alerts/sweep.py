"""The sweep: find obligations that need a look, raise alerts, move the next look; open new periods.

One transaction per batch, in id order, under an advisory lock: two sweeps never meet. The alert is
exactly once by the database's own constraint; how it reaches people is `deliver`'s business.
"""

import datetime as dt
import logging
from collections.abc import Iterable

from django.db import connection, transaction

from responsibility.alerts.ladder import after, due_rung, recipients
from responsibility.alerts.models import Alert, Channel, Delivery, Recipient, Tick
from responsibility.obligations.kinds import kinds
from responsibility.obligations.models import Duty, Obligation, days_over
from safegrid.accounts.choices import ENTERPRISE_POSTS, PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders
from safegrid.kernel import clock

log = logging.getLogger("safegrid.sweep")

SWEEP_LOCK = 0x5EE9
BATCH = 500  # obligations in one transaction
POISON_PAUSE = dt.timedelta(minutes=15)  # a row that fails is left alone for so long, times its failures


def sweep(*, now: dt.datetime, mail: bool = True) -> int:
    """Raise every alert that is due `now` and return how many were raised. Safe to repeat.

    With `mail` False nothing is handed to delivery: history that is being replayed is not mailed.
    """
    open_periods(now=now)
    raised = 0
    while True:
        with transaction.atomic():
            if not _lock():
                return raised
            rows = list(
                Obligation.objects.filter(next_look_at__lte=now, closed_at=None)
                .select_related("creditor_post")
                .order_by("id")[:BATCH]
            )
            if not rows:
                break
            raised += _raise_for(rows, now=now, mail=mail)
    tick("sweep", now=now)
    return raised


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        return bool(cursor.fetchone()[0])


def _raise_for(rows: list[Obligation], *, now: dt.datetime, mail: bool) -> int:
    """Write the alerts of one batch and move each row's next look. A constant number of queries."""
    told = _Recipients(rows, today=clock.local_date(now))
    alerts: list[Alert] = []
    for row in rows:
        try:
            rung = due_rung(row.rung, row.due_at, now)
            if rung is not None:
                row.rung = rung.number
                over = days_over(row.due_on, now)
                alerts += [
                    Alert(
                        obligation=row,
                        due_on=row.due_on,
                        rung=rung.number,
                        post_id=post,
                        holder_id=holder,
                        raised_at=now,
                        days_over=over,
                    )
                    for post, holder in told.of(row, recipients(rung, is_major=row.is_major))
                ]
            row.next_look_at = after(row.rung, row.due_at)
        except Exception:  # one poisoned row must not stop the others
            log.exception("obligation %s cannot be swept", row.pk)
            row.failures += 1
            row.next_look_at = now + POISON_PAUSE * row.failures
    Obligation.objects.bulk_update(rows, ["rung", "next_look_at", "failures"])
    Alert.objects.bulk_create(alerts, ignore_conflicts=True)
    # What is already there keeps its first form; deliveries are made for what is now in the table.
    written = Alert.objects.filter(obligation__in=rows, raised_at=now)
    if mail:
        Delivery.objects.bulk_create(
            (
                Delivery(alert=alert, channel=Channel.MAIL, next_try_at=now)
                for alert in written
                if alert.holder_id
            ),
            ignore_conflicts=True,
        )
    return written.count()


class _Recipients:
    """Who is told about a batch of obligations, resolved set-wise.

    A vacant post without a substitute passes the rung up: to the head of its unit, then to the
    safety committee's office.
    """

    def __init__(self, rows: list[Obligation], *, today: dt.date) -> None:
        units = {row.creditor_post.unit_id for row in rows if row.creditor_post}
        posts = Post.objects.filter(pk__in={row.debtor_post_id for row in rows if row.debtor_post_id})
        self.unit_of = {post.pk: post.unit_id for post in posts}
        units |= set(self.unit_of.values())
        self.enterprise_posts: dict[int, list[int]] = {}
        self.heads: dict[int, list[int]] = {}
        self.office: list[int] = []
        around = Post.objects.filter(
            kind__in=ENTERPRISE_POSTS, enterprise__in={row.debtor_enterprise_id for row in rows}
        ) | Post.objects.filter(kind=PostKind.HEAD, unit__in={u for u in units if u})
        for post in (around | Post.objects.filter(kind=PostKind.OFFICE)).order_by("pk"):
            if post.kind == PostKind.OFFICE:
                self.office.append(post.pk)
            elif post.enterprise_id:
                self.enterprise_posts.setdefault(post.enterprise_id, []).append(post.pk)
            elif post.unit_id:
                self.heads.setdefault(post.unit_id, []).append(post.pk)
        everyone = {row.debtor_post_id for row in rows} | {row.creditor_post_id for row in rows}
        for group in (*self.enterprise_posts.values(), *self.heads.values(), self.office):
            everyone.update(group)
        self.holder = holders({p for p in everyone if p}, on=today)

    def of(self, row: Obligation, codes: Iterable[str]) -> list[tuple[int, int | None]]:
        """Return (post, holder of the moment) for the recipients `codes` of `row`, each post once."""
        wanted: list[int] = []
        for code in codes:
            wanted += self._posts(row, code)
        manned = {post: self.holder[post].pk for post in wanted if post in self.holder}
        return sorted(manned.items())

    def _posts(self, row: Obligation, code: str) -> list[int]:
        unit = row.creditor_post.unit_id if row.creditor_post else None
        if code == Recipient.DEBTOR:
            if row.debtor_enterprise_id:
                return self.enterprise_posts.get(row.debtor_enterprise_id, [])
            return self._or_up([row.debtor_post_id or 0], self.unit_of.get(row.debtor_post_id or 0))
        if code == Recipient.CREDITOR:
            return self._or_up([row.creditor_post_id], unit) if row.creditor_post_id else []
        if code == Recipient.UNIT_HEAD:
            unit = unit or self.unit_of.get(row.debtor_post_id or 0)
            return self._or_up(self.heads.get(unit or 0, []), None) if unit else []
        return self.office

    def _or_up(self, posts: list[int], unit: int | None) -> list[int]:
        if any(post in self.holder for post in posts):
            return posts
        heads = self.heads.get(unit or 0, [])
        return heads if any(post in self.holder for post in heads) else self.office


def open_periods(*, now: dt.datetime) -> int:
    """Let every duty whose time has come open its next obligation; return how many were opened."""
    opened = 0
    while True:
        with transaction.atomic():
            if not _lock():
                return opened
            duties = list(
                Duty.objects.filter(next_opens_at__lte=now)
                .select_related("site__enterprise", "enterprise", "post")
                .order_by("next_opens_at", "id")[:BATCH]
            )
            for duty in duties:
                try:
                    with transaction.atomic():
                        opener = kinds[duty.kind].open_period
                        if opener is None:
                            raise LookupError(f"{duty.kind} has no rhythm")
                        opener(duty=duty, now=now)
                        opened += 1
                except Exception:  # one poisoned duty must not stop the others
                    log.exception("duty %s cannot be opened", duty.pk)
                    Duty.objects.filter(pk=duty.pk).update(next_opens_at=now + POISON_PAUSE)
        if not duties:
            return opened


def tick(name: str, *, now: dt.datetime) -> None:
    """Remember that the periodic work `name` has just run to its end."""
    Tick.objects.update_or_create(name=name, defaults={"at": now})
