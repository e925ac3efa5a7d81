"""QR codes as pictures that a page holds itself: nothing is asked of another host."""

import qrcode
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage


def qr_code(text: str) -> SafeString:
    """Return the QR code of `text` as SVG, readable with a quarter of it scratched off (level Q)."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=2)
    code.add_data(text)
    picture = code.make_image(image_factory=SvgPathImage)
    return mark_safe(picture.to_string(encoding="unicode"))  # noqa: S308 (made here, of squares)
