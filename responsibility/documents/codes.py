"""The code by which a document is verified: too long to be guessed, short enough to be typed."""

import io
import secrets

import qrcode
from django.conf import settings
from django.urls import reverse

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 or O, no 1 or I
LENGTH = 16  # characters of five bits each


def new_code() -> str:
    """Return a code that nobody has."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def cleaned(typed: str) -> str:
    """Return a code as it is kept, from what a person types: capitals, without blanks and dashes."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())[:32]


def address_of(code: str) -> str:
    """Return the address that the QR code of a document holds."""
    return f"{settings.SITE_URL}{reverse('verify', args=[code])}"


def picture_of(address: str) -> bytes:
    """Return the QR code of an address as a PNG, for a Word file."""
    made = io.BytesIO()
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=1)
    code.add_data(address)
    code.make_image().save(made)
    return made.getvalue()
