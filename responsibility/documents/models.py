"""Kinds of document, the counters of their numbers, and what was issued."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from safegrid.accounts.models import Post
from safegrid.grid.models import Unit
from safegrid.kernel.names import Named
from safegrid.kernel.sockets import Socket

#: Models that documents are issued about: a document is read by whoever sees its subject, by nobody else.
subjects: Socket[type[models.Model]] = Socket("models that documents are about")


class DocumentKind(Named):
    """A kind of document: how its number is written and, where a bureau has its own, its template.

    Without a template of its own it is rendered by the one that the portal ships; see `layouts`.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    word = models.CharField(_("word in the number"), max_length=20)  # 提示函: 宁安办提示函〔2026〕12号
    template = models.FileField(_("template"), upload_to="templates/", blank=True)
    #: What the law wants to stand at its end; it names bodies and courts that differ by place.
    remedy = models.TextField(_("how to object"), blank=True, max_length=500)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("kind of document")
        verbose_name_plural = _("kinds of document")
        ordering = ["pk"]


class DocumentCounter(models.Model):
    """The last number of a unit's documents of a kind in a year. Its row is locked while one is issued."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.ForeignKey(DocumentKind, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "year"], name="documentcounter_one_series")
        ]


class DocumentQuerySet(models.QuerySet["Document"]):
    """The way to documents: through the subjects that they are about."""

    def visible_to(self, user: Any) -> DocumentQuerySet:
        """Return the documents about what `user` sees."""
        wanted = Q(pk__in=[])
        for model in subjects:
            seen = model.objects.visible_to(user).values("pk")  # type: ignore[attr-defined]
            wanted |= Q(subject_type=ContentType.objects.get_for_model(model), subject_id__in=seen)
        return self.filter(wanted)


class Document(models.Model):
    """One document as it was issued. The database refuses to change or delete it.

    Whoever has its `code` may verify it. `file` is the Word form; of some kinds there is a PDF beside it.
    A mistake is put right by another document that names this one.
    """

    kind = models.ForeignKey(DocumentKind, models.PROTECT, related_name="documents")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="documents")  # which issued it
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(_("number"), max_length=80)  # in full, as it stands on the paper
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    file = models.FileField(upload_to="documents/%Y/%m/")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    code = models.CharField(_("verification code"), max_length=32, unique=True)
    pdf = models.FileField(upload_to="documents/%Y/%m/", blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_as = models.ForeignKey(Post, models.PROTECT, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "year", "serial"], name="document_number_once"),
            models.CheckConstraint(condition=Q(serial__gte=1), name="document_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(pdf="", pdf_sha256="") | (~Q(pdf="") & ~Q(pdf_sha256="")),
                name="document_pdf_has_its_hash",
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="document_about")]

    def __str__(self) -> str:
        return self.number

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each form in which it was issued."""
        return {"PDF": self.pdf_sha256, "Word": self.sha256} if self.pdf else {"Word": self.sha256}
