"""Photos for tests, made on the spot."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def encoded(colour="red", size=(640, 480), kind="JPEG", **options) -> bytes:
    """The bytes of an image."""
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(
        out, kind, **options
    ) if colour == "noise" else Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def upload(name="photo.jpg", content=None, **options) -> SimpleUploadedFile:
    """An upload as a form brings it."""
    return SimpleUploadedFile(
        name, encoded(**options) if content is None else content, content_type="image/jpeg"
    )
