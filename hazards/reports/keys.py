"""The key of a form that needs no account: signed, with its time, and the same however often it is sent.

It proves that the portal made the form, tells how long ago, and lets a doubled form create nothing twice.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

LONGEST = 7 * 24 * 60 * 60  # seconds that a form may lie open in a browser

_signer = TimestampSigner(salt="hazards.reports.form")


@dataclass(frozen=True)
class FormKey:
    """The key of one form, and the token that carries it."""

    key: UUID
    token: str
    is_hasty: bool = False  # sent faster than anybody fills it in


def new_key() -> FormKey:
    """Return the key of a new form."""
    key = uuid4()
    return FormKey(key, _signer.sign(key.hex))


def read_key(token: str) -> FormKey | None:
    """Return the key that a form came back with; None for one that is not ours, or too old."""
    try:
        key = UUID(_signer.unsign(token, max_age=LONGEST))
    except (BadSignature, ValueError):
        return None
    try:
        _signer.unsign(token, max_age=settings.REPORTS_MIN_SECONDS)
    except SignatureExpired:
        return FormKey(key, token)
    return FormKey(key, token, is_hasty=True)
