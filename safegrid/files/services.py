"""Taking files in and tying them to what they show."""

import datetime as dt
import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext as _

from safegrid.files.choices import Origin
from safegrid.files.images import dimensions
from safegrid.files.models import Evidence, StoredFile
from safegrid.kernel.refusals import Invalid

CHUNK = MEGABYTE = 1 << 20  # bytes


def store(
    *,
    upload: UploadedFile,
    actor: Any,
    now: dt.datetime,
    origin: str = Origin.ALBUM,
    form_key: UUID | None = None,
) -> StoredFile:
    """Keep an uploaded photo and return its row; the same photo sent again gives the same row.

    Where nobody is signed in, `actor` is None and `form_key` names the form that it came with. Size, header
    and dimensions are checked at once; what people see is made in the background.
    Raise Invalid with a clear sentence for what is no photo, too large, cut off or empty.
    """
    size, name = upload.size or 0, upload.name or ""
    limit = settings.UPLOAD_MAX_BYTES
    if size > limit:
        words = {"name": name, "size": math.ceil(size / MEGABYTE), "limit": limit // MEGABYTE}
        raise Invalid({"photos": _("%(name)s has %(size)s MB; up to %(limit)s MB are accepted.") % words})
    if size == 0:
        raise Invalid({"photos": _("%(name)s is empty: it was cut off on its way.") % {"name": name}})
    width, height = dimensions(upload, name)
    sha256 = _hash(upload)
    source = {"uploaded_by": actor, "form_key": form_key}
    known = StoredFile.objects.filter(**source, sha256=sha256).first()
    if known is not None:
        return known
    with transaction.atomic():
        row, created = StoredFile.objects.get_or_create(
            **source,
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
    form_key: UUID | None = None,
) -> None:
    """Tie files to what they show; doing it twice changes nothing.

    They are one's own uploads, evidence that one sees, or came with the form `form_key`; otherwise Invalid
    is raised, since a file is shown to whoever sees its subject.
    """
    _refuse_foreign([row for row in files if form_key is None or row.form_key != form_key], actor)
    kind = ContentType.objects.get_for_model(subject)
    Evidence.objects.bulk_create(
        (
            Evidence(file=row, subject_type=kind, subject_id=subject.pk, role=role, round=round, added_at=now)
            for row in files
        ),
        ignore_conflicts=True,
    )


def arrange(
    *,
    model: type[models.Model],
    shown: Mapping[tuple[int, str], Sequence[StoredFile]],
    actor: Any,
    now: dt.datetime,
) -> None:
    """Let exactly these files show each (id, role) of `model`, as long as it is a draft. Three queries.

    What is no longer among them stays with whoever uploaded it. Raise Invalid for a file of others.
    """
    wanted = {(pk, role, row.pk): row for (pk, role), rows in shown.items() for row in rows}
    kind = ContentType.objects.get_for_model(model)
    standing = {
        (row.subject_id, row.role, row.file_id): row.pk
        for row in Evidence.objects.filter(subject_type=kind, subject_id__in={pk for pk, _role in shown})
        if (row.subject_id, row.role) in shown
    }
    _refuse_foreign([row for key, row in wanted.items() if key not in standing], actor)
    Evidence.objects.filter(pk__in=[pk for key, pk in standing.items() if key not in wanted]).delete()
    Evidence.objects.bulk_create(
        (
            Evidence(file_id=file, subject_type=kind, subject_id=pk, role=role, added_at=now)
            for pk, role, file in wanted
            if (pk, role, file) not in standing
        ),
        ignore_conflicts=True,
    )


def _refuse_foreign(files: Sequence[StoredFile], actor: Any) -> None:
    own = getattr(actor, "pk", None)
    foreign = {row.pk for row in files if own is None or row.uploaded_by_id != own}
    if foreign and own is None:
        raise Invalid({"photos": _("This photo is not yours.")})
    if foreign and StoredFile.objects.visible_to(actor).filter(pk__in=foreign).count() < len(foreign):
        raise Invalid({"photos": _("This photo is not yours.")})
