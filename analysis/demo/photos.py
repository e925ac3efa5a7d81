"""Drawn pictures that stand for photos in the demo: plain scenes, marked as drawings."""

import datetime as dt
import io
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from safegrid.accounts.models import User
from safegrid.files.models import StoredFile
from safegrid.files.preparing import prepare
from safegrid.files.services import store

SIZE = (640, 480)
WALLS = [(226, 221, 210), (214, 222, 226), (230, 226, 217), (219, 226, 216)]
GOODS = [(176, 122, 74), (148, 104, 66), (121, 131, 143), (189, 150, 90)]


class Album:
    """Gives each person one picture of a mess and one of the same place tidied up."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._kept: dict[tuple[int, bool], StoredFile] = {}

    def take(self, person: User, *, tidy: bool, now: dt.datetime) -> StoredFile:
        """Return the person's picture, stored through the real service and prepared at once."""
        key = (person.pk, tidy)
        if key not in self._kept:
            upload = SimpleUploadedFile("drawing.jpg", self._draw(person.pk, tidy), "image/jpeg")
            row = store(upload=upload, actor=person, now=now)
            prepare(str(row.pk))
            self._kept[key] = row
        return self._kept[key]

    def _draw(self, seed: int, tidy: bool) -> bytes:
        """Draw a corridor with a door: blocked by boxes, or clear with a sign."""
        rng = random.Random(seed)  # noqa: S311 (pictures, not secrets)
        image = Image.new("RGB", SIZE, rng.choice(WALLS))
        pen = ImageDraw.Draw(image)
        pen.polygon([(0, 480), (640, 480), (470, 330), (170, 330)], fill=(150, 150, 146))
        pen.rectangle((250, 130, 390, 330), fill=(92, 112, 98), outline=(50, 60, 54), width=4)
        pen.rectangle((285, 92, 355, 122), fill=(30, 140, 80))
        pen.ellipse((368, 225, 380, 237), fill=(220, 200, 120))
        if not tidy:
            for _ in range(7):
                x, y = rng.randint(180, 400), rng.randint(250, 400)
                width, height = rng.randint(60, 120), rng.randint(50, 90)
                pen.rectangle(
                    (x, y, x + width, y + height), fill=rng.choice(GOODS), outline=(70, 50, 30), width=3
                )
        else:
            pen.rectangle((90, 230, 120, 320), fill=(200, 40, 40))
            pen.line((170, 478, 262, 332), fill=(240, 200, 40), width=6)
            pen.line((470, 478, 378, 332), fill=(240, 200, 40), width=6)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=80)
        return out.getvalue()
