"""Looking at an upload before it is kept: is it a photo, how large, and all there?"""

import warnings
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image

from safegrid.kernel.refusals import Invalid

FORMATS = ("JPEG", "PNG", "WEBP")  # the JPEG of some phones is an MPO: the same reader takes it
MAX_PIXELS = 64_000_000
BROKEN = (OSError, ValueError, SyntaxError, EOFError)  # what the decoders raise for bad data


def dimensions(upload: IO[bytes], name: str) -> tuple[int, int]:
    """Return width and height in pixels; raise Invalid for what is no photo, or is only part of one."""
    no_photo = _("%(name)s is not a photo (JPEG, PNG, WebP).") % {"name": name}
    cut_off = _("%(name)s is incomplete: it was cut off on its way. Choose it again.") % {"name": name}
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
    except (*BROKEN, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Invalid({"photos": no_photo}) from error
    width, height = image.size
    try:
        if width * height > MAX_PIXELS:
            raise Invalid({"photos": no_photo})
        _read_through(image)
    except BROKEN as error:
        raise Invalid({"photos": cut_off}) from error
    finally:
        upload.seek(0)
    return width, height


def _read_through(image: Image.Image) -> None:
    """Read an image to its end, as cheaply as its format allows; raise one of BROKEN when it ends early."""
    if image.format == "PNG":
        image.verify()  # checksums only: nothing is unpacked
    else:
        image.draft("L", (1, 1))  # a JPEG at an eighth of its size
        image.load()
