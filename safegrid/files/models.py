"""Files as they came, and what they are evidence of."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from safegrid.files.choices import FileState, Origin, Role
from safegrid.kernel.sockets import Socket

#: Models that may carry evidence: a file is visible to whoever sees its subject, never otherwise.
carriers: Socket[type[models.Model]] = Socket("models that carry evidence")


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """The way to files: through the subjects they are evidence of."""

    def visible_to(self, user: Any) -> Self:
        """Return the files whose subject `user` sees, and their own uploads not yet attached."""
        if not user.is_authenticated:
            return self.none()
        # A subquery, no join: a photo that is evidence of several things is still one row.
        attached = Evidence.objects.filter(file=OuterRef("pk"))
        wanted = Q(~Exists(attached), uploaded_by=user)
        for model in carriers:
            kind = ContentType.objects.get_for_model(model)
            seen = model.objects.visible_to(user).values("pk")  # type: ignore[attr-defined]
            wanted |= Q(pk__in=Evidence.objects.filter(subject_type=kind, subject_id__in=seen).values("file"))
        return self.filter(wanted)


class StoredFile(models.Model):
    """One upload. The original is kept with its hash and never served."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    original = models.FileField(upload_to="originals/%Y/%m/")
    derivative = models.FileField(upload_to="derivatives/%Y/%m/", blank=True)
    thumbnail = models.FileField(upload_to="derivatives/%Y/%m/", blank=True)
    sha256 = models.CharField(max_length=64)  # of the original
    size = models.PositiveBigIntegerField()  # bytes, of the original
    width = models.PositiveIntegerField()  # pixels, of the original
    height = models.PositiveIntegerField()
    origin = models.CharField(_("from"), max_length=8, choices=Origin, default=Origin.ALBUM)
    state = models.CharField(_("state"), max_length=12, choices=FileState, default=FileState.WAITING)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    form_key = models.UUIDField(null=True)  # of the form without an account that it came with
    uploaded_at = models.DateTimeField(_("uploaded"))

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        constraints = [
            # The same photo sent again by the same person is the same file.
            models.UniqueConstraint(fields=["uploaded_by", "sha256"], name="files_same_upload_once"),
            # Likewise from one form that needs no account.
            models.UniqueConstraint(fields=["form_key", "sha256"], name="files_same_in_form_once"),
            models.CheckConstraint(
                condition=Q(uploaded_by__isnull=False, form_key=None)
                | Q(uploaded_by=None, form_key__isnull=False),
                name="files_come_from_somebody_or_a_form",
            ),
        ]
        indexes = [models.Index(fields=["uploaded_at"], condition=Q(state="waiting"), name="files_waiting")]


class Evidence(models.Model):
    """A file shows something of a subject."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="evidence")
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    role = models.CharField(max_length=8, choices=Role, default=Role.OTHER)
    round = models.PositiveSmallIntegerField(default=1)  # which attempt at rectification it belongs to
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("evidence")
        constraints = [
            models.UniqueConstraint(
                fields=["file", "subject_type", "subject_id", "role", "round"], name="files_evidence_once"
            )
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="files_evidence_of")]
