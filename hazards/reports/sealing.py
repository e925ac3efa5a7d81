"""What a reporter gave of themselves, encrypted at rest; and keyed digests where only sameness counts.

The keys are `REPORTS_KEY` of the settings, the first one seals. A key is changed by putting a new one in
front of the old ones; `reseal` then writes what was sealed by an old one anew, and the old one can go.
"""

import base64
import datetime as dt
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

#: Separates this key from others that are made of the same secret.
PURPOSE = b"safegrid.reports"


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in settings.REPORTS_KEYS])


def _key(secret: str) -> bytes:
    """Return a Fernet key made of a secret of any length."""
    return base64.urlsafe_b64encode(hmac.new(secret.encode(), PURPOSE, hashlib.sha256).digest())


def seal(text: str) -> str:
    """Return `text` encrypted; nothing stays nothing."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str | None:
    """Return what was sealed; None when none of the keys opens it."""
    try:
        return _fernet().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return None


def reseal(sealed: str) -> str:
    """Return the same sealed by the first key. Raise InvalidToken when none of the keys opens it."""
    return _fernet().rotate(sealed.encode()).decode() if sealed else ""


def reseal_all() -> tuple[int, int]:
    """Write every reporter's data anew by the first key; return how many, and how many no key opens."""
    from hazards.reports.models import Reporter
    from hazards.reports.workers.models import WorkerReport

    done = closed = 0
    sealed = [(Reporter, ["name", "phone"]), (WorkerReport, ["name"])]
    for model, columns in sealed:
        for row in model._default_manager.order_by("pk").iterator(chunk_size=500):
            try:
                for column in columns:
                    setattr(row, column, reseal(getattr(row, column)))
            except InvalidToken:
                closed += 1
                continue
            row.save(update_fields=columns)
            done += 1
    return done, closed


def daily_digest(text: str, *, on: dt.date) -> str:
    """Return a digest of `text` that is the same throughout one local day, and tells nothing after it."""
    key = hmac.new(settings.REPORTS_KEYS[0].encode(), on.isoformat().encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
