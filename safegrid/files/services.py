"""Taking files in and tying them to what they show."""

import datetime as dt
import hashlib
import warnings
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from safegrid.files.choices import Origin
from safegrid.files.models import Evidence, StoredFile
from safegrid.kernel.refusals import Invalid

FORMATS = ("JPEG", "PNG", "WEBP", "MPO")  # MPO: the JPEG of some phones
MAX_PIXELS = 64_000_000
CHUNK = 1 << 20  # bytes


def store(*, upload: UploadedFile, actor: Any, now: dt.datetime, origin: str = Origin.ALBUM) -> StoredFile:
    """Keep an uploaded photo and return its row; the same photo sent again gives the same row.

    Size, header and dimensions are checked at once; what people see is made in the background.
    Raise Invalid with a clear sentence for what is no photo, too large, cut off or empty.
    """
    size = upload.size or 0
    limit = settings.UPLOAD_MAX_BYTES
    if size > limit:
        raise Invalid(
            {
                "photos": _("%(name)s has %(size)s MB; up to %(limit)s MB are accepted.")
                % {"name": upload.name, "size": round(size / 1e6), "limit": round(limit / 1e6)}
            }
        )
    if size == 0:
        raise Invalid({"photos": _("%(name)s is empty: the upload was cut off.") % {"name": upload.name}})
    width, height = _dimensions(upload)
    sha256 = _hash(upload)
    known = StoredFile.objects.filter(uploaded_by=actor, sha256=sha256).first()
    if known is not None:
        return known
    with transaction.atomic():
        row, created = StoredFile.objects.get_or_create(
            uploaded_by=actor,
            sha256=sha256,
            defaults={
                "size": size,
                "width": width,
                "height": height,
                "origin": origin if origin in Origin.values else Origin.ALBUM,
                "uploaded_at": now,
            },
        )
        if created:
            row.original.save(f"{row.pk}.bin", upload, save=True)
            transaction.on_commit(lambda: _prepare_later(row))
    return row


def _prepare_later(row: StoredFile) -> None:
    """Wake the worker; without a broker the periodic task finds the file by itself."""
    from kombu.exceptions import OperationalError

    from safegrid.files.tasks import prepare

    try:
        prepare.delay(str(row.pk))
    except OperationalError:
        return


def _dimensions(upload: UploadedFile) -> tuple[int, int]:
    """Return width and height in pixels from the header; raise Invalid for what is no photo."""
    no_photo = Invalid({"photos": _("%(name)s is not a photo (JPEG, PNG, WebP).") % {"name": upload.name}})
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=FORMATS) as image:
                width, height = image.size
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
    ) as error:
        raise no_photo from error
    finally:
        upload.seek(0)
    if width * height > MAX_PIXELS:
        raise no_photo
    return width, height


def _hash(upload: UploadedFile) -> str:
    found = hashlib.sha256()
    for chunk in upload.chunks(CHUNK):
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()


def attach(
    *,
    files: Sequence[StoredFile],
    subject: models.Model,
    role: str,
    actor: Any,
    now: dt.datetime,
    round: int = 1,
) -> None:
    """Tie files to what they show. Only one's own uploads can be given; doing it twice changes nothing."""
    if any(row.uploaded_by_id != actor.pk for row in files):
        raise Invalid({"photos": _("This photo is not yours.")})
    kind = ContentType.objects.get_for_model(subject)
    Evidence.objects.bulk_create(
        (
            Evidence(file=row, subject_type=kind, subject_id=subject.pk, role=role, round=round, added_at=now)
            for row in files
        ),
        ignore_conflicts=True,
    )
