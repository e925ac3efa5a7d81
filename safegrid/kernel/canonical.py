"""Canonical text and its hash: what the ledger hashes is exactly what it stores."""

import datetime as dt
import hashlib
import hmac
import json
from typing import Any


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def text(value: Any) -> str:
    """Return `value` as JSON with sorted keys and no spare blanks: the same data, the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def chain(previous: str, body: str) -> str:
    """Return the hash of an entry: over the hash of the one before it and its own canonical text."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def digest(value: str, key: str) -> str:
    """Return a keyed digest of a personal value, so that it can be proven but not read or guessed."""
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()
