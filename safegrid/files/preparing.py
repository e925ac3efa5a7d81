"""Making what people see: re-encoded, upright, without hidden data. The original stays sealed."""

import io

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageOps

from safegrid.files.choices import FileState
from safegrid.files.images import BROKEN, FORMATS
from safegrid.files.models import StoredFile

VIEW_PIXELS = 1600  # longest side of what a page shows
THUMB_PIXELS = 320
QUALITY = 82


def prepare(pk: str) -> bool:
    """Make the derivative and the thumbnail of one file; return whether it is ready. Safe to repeat."""
    with transaction.atomic():
        row = StoredFile.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        if row is None or row.state != FileState.WAITING:
            return row is not None and row.state == FileState.READY
        try:
            with row.original.open("rb") as source, Image.open(source, formats=FORMATS) as image:
                upright = ImageOps.exif_transpose(image).convert("RGB")
        except (*BROKEN, Image.DecompressionBombError):
            row.state = FileState.UNREADABLE
            row.save(update_fields=["state"])
            return False
        row.derivative.save(f"{row.pk}.jpg", _encoded(upright, VIEW_PIXELS), save=False)
        row.thumbnail.save(f"{row.pk}-t.jpg", _encoded(upright, THUMB_PIXELS), save=False)
        row.state = FileState.READY
        row.save(update_fields=["derivative", "thumbnail", "state"])
    return True


def _encoded(image: Image.Image, longest: int) -> ContentFile:
    small = image.copy()
    small.thumbnail((longest, longest))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, optimize=True)
    return ContentFile(out.getvalue())
