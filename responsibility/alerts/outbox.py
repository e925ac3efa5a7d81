"""Mail of the local mode: kept as files in var/mail and shown at /alerts/outbox/."""

import datetime as dt
import email
import email.policy
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class OutboxBackend(BaseEmailBackend):
    """Write each mail to a file of its own, complete or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails and return their number."""
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}.eml"
            draft = folder / f".{name}"
            draft.write_bytes(message.message().as_bytes())
            draft.rename(folder / name)
        return len(email_messages)


@dataclass(frozen=True)
class KeptMail:
    """A mail in the outbox."""

    name: str
    to: str
    subject: str
    sent: dt.datetime
    text: str


def kept(*, to: str | None = None, limit: int) -> list[KeptMail]:
    """Return the latest mails, newest first: those to one address, or everybody's."""
    found: list[KeptMail] = []
    for path in sorted(Path(settings.MAIL_DIR).glob("*.eml"), reverse=True):
        mail = _read(path)
        if to in (None, mail.to):
            found.append(mail)
        if len(found) == limit:
            break
    return found


def find(name: str) -> KeptMail | None:
    """Return the mail of that name, or None."""
    path = Path(settings.MAIL_DIR) / f"{name}.eml"
    return _read(path) if path.parent == Path(settings.MAIL_DIR) and path.is_file() else None


def _read(path: Path) -> KeptMail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    part = message.get_body(("plain",))
    sent = parsedate_to_datetime(str(message["date"]))
    return KeptMail(
        name=path.stem,
        to=str(message["to"]),
        subject=str(message["subject"]),
        sent=sent if sent.tzinfo else sent.replace(tzinfo=dt.UTC),  # "-0000" says UTC and reads as naive
        text=part.get_content() if part else "",
    )
