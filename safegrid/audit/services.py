"""Writing to the ledger, in the transaction of the change itself."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from safegrid.audit.models import ChainHead, Entry, Seal, SealedEntry
from safegrid.kernel import canonical

#: Taken while a seal is made, so that two sealers never cover the same entries.
SEAL_LOCK = 0x5EA1


@dataclass(frozen=True)
class Deed:
    """One thing to be recorded: on which subject, what, with which data."""

    subject: models.Model
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)


def subject_key(subject: models.Model) -> str:
    """Return the key of a subject's chain, such as "hazards.hazard:12"."""
    return f"{subject._meta.label_lower}:{subject.pk}"


def record(
    subject: models.Model,
    action: str,
    *,
    actor: Any,
    acting_post: Any,
    now: dt.datetime,
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
) -> Entry:
    """Write one entry and return it. Values in `personal` enter as keyed digests only."""
    digests = {k: canonical.digest(v, settings.LEDGER_KEY) for k, v in (personal or {}).items()}
    merged = {**(data or {}), **({"personal": digests} if digests else {})}
    return record_many([Deed(subject, action, merged)], actor=actor, acting_post=acting_post, now=now)[0]


def record_many(deeds: Sequence[Deed], *, actor: Any, acting_post: Any, now: dt.datetime) -> list[Entry]:
    """Write an entry for each deed and return them, in one round trip per table.

    The chain heads are locked first, in key order, so that concurrent writers wait for each other
    instead of colliding. Must run in the transaction of the change.
    """
    if not deeds:
        return []
    with transaction.atomic():
        heads = _lock_heads(sorted({subject_key(d.subject) for d in deeds}))
        entries = []
        for deed in deeds:
            head = heads[subject_key(deed.subject)]
            head.sequence += 1
            body = canonical.text(
                {
                    "subject": head.subject,
                    "sequence": head.sequence,
                    "at": now,
                    "actor": getattr(actor, "pk", None),
                    "post": getattr(acting_post, "pk", None),
                    "action": deed.action,
                    "data": deed.data,
                }
            )
            head.hash = canonical.chain(head.hash, body)
            entries.append(
                Entry(
                    subject=head.subject,
                    sequence=head.sequence,
                    at=now,
                    actor_id=getattr(actor, "pk", None),
                    acting_post_id=getattr(acting_post, "pk", None),
                    action=deed.action,
                    body=body,
                    hash=head.hash,
                )
            )
        _move_heads(heads.values())
        return Entry.objects.bulk_create(entries)


def _lock_heads(keys: Sequence[str]) -> dict[str, ChainHead]:
    """Return the ends of these chains, locked in the order of `keys`; new chains begin here. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_chainhead AS head (subject, sequence, hash) "
            "SELECT key, 0, '' FROM unnest(%s::text[]) WITH ORDINALITY AS given (key, place) ORDER BY place "
            "ON CONFLICT (subject) DO UPDATE SET sequence = head.sequence "
            "RETURNING subject, sequence, hash",
            [list(keys)],
        )
        return {row[0]: ChainHead(*row) for row in cursor.fetchall()}


def _move_heads(heads: Iterable[ChainHead]) -> None:
    """Write the new ends of the chains. One query."""
    rows = list(heads)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_chainhead AS head SET sequence = moved.sequence, hash = moved.hash "
            "FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS moved (subject, sequence, hash) "
            "WHERE head.subject = moved.subject",
            [[h.subject for h in rows], [h.sequence for h in rows], [h.hash for h in rows]],
        )


def _root(previous: str, hashes: Sequence[str]) -> str:
    root = previous
    for each in hashes:
        root = canonical.chain(root, each)
    return root


def seal(*, now: dt.datetime) -> Seal | None:
    """Cover everything not yet sealed with a new seal and return it; None when there is nothing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        fresh = list(Entry.objects.filter(sealedentry=None).order_by("pk").values_list("pk", "hash"))
        if not fresh:
            return None
        last = Seal.objects.order_by("-pk").first()
        previous = last.root if last else ""
        made = Seal.objects.create(
            at=now, count=len(fresh), previous=previous, root=_root(previous, [h for _, h in fresh])
        )
        SealedEntry.objects.bulk_create((SealedEntry(entry_id=pk, seal=made) for pk, _ in fresh), 5000)
        return made


def verify() -> list[str]:
    """Recompute every chain and every seal; return what does not agree, as sentences for an operator."""
    wrong: list[str] = []
    ends: dict[str, tuple[int, str]] = {}
    for entry in Entry.objects.order_by("subject", "sequence").iterator(chunk_size=5000):
        sequence, previous = ends.get(entry.subject, (0, ""))
        if entry.sequence != sequence + 1:
            wrong.append(f"{entry.subject}: entry {sequence + 1} is missing")
        if entry.hash != canonical.chain(previous, entry.body):
            wrong.append(f"{entry.subject}: entry {entry.sequence} was altered")
        ends[entry.subject] = (entry.sequence, entry.hash)
    for subject, sequence, hash_ in ChainHead.objects.values_list("subject", "sequence", "hash").iterator():
        if sequence and ends.get(subject) != (sequence, hash_):
            wrong.append(f"{subject}: the end of the chain is missing")
    previous = ""
    for each in Seal.objects.order_by("pk"):
        hashes = list(
            SealedEntry.objects.filter(seal=each).order_by("entry_id").values_list("entry__hash", flat=True)
        )
        if each.previous != previous or len(hashes) != each.count or each.root != _root(previous, hashes):
            wrong.append(f"seal {each.pk} does not cover what it covered")
        previous = each.root
    return wrong
