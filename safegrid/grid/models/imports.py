"""Imports: a file on its way into the grid, so that leaving and coming back loses nothing."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import Datum, ImportState, Outcome


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    """Whoever brought a file sees it, and whoever reads the whole city."""

    def visible_to(self, user: Any) -> Self:
        """Return the imports that `user` may see."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.reach.is_citywide else self.filter(created_by=user)


class ImportJob(models.Model):
    """One uploaded file, how its columns are read, and how far its rows are.

    A worker holds a running import by a claim with a lease, renewed with every batch: when the worker is
    killed the lease ends and another one goes on after the last batch. The counts are of the check until
    the import starts, then of the import.
    """

    kind = models.CharField(_("kind"), max_length=20)
    original_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="imports/%Y/%m/")
    columns = models.JSONField(default=list)  # the file's own headings
    sample = models.JSONField(default=list)  # the cells of its first rows
    spellings = models.JSONField(default=dict)  # column → its words with how often each stands there
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    sheets = models.JSONField(default=list)  # names, where there are several to choose from
    mapping = models.JSONField(default=dict)  # our field → the file's column
    words = models.JSONField(default=dict)  # our field → spelling → what somebody said it means
    saved = models.ForeignKey("grid.SavedMapping", models.SET_NULL, null=True, related_name="+")
    datum = models.CharField(_("positions given in"), max_length=6, choices=Datum, default=Datum.WGS84)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    started = models.BooleanField(default=False)  # it writes, or has written; before, it was only checked
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("read"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    unplaced = models.PositiveIntegerField(_("to be placed"), default=0)
    error = models.CharField(max_length=40, blank=True)  # a code, worded in the reader's language
    claim = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Nobody: brought by the command line.
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_post = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("uploaded"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state__in=["checking", "running"]), name="grid_import_at_work"
            )
        ]

    def __str__(self) -> str:
        return self.original_name


class SavedMapping(models.Model):
    """How a unit reads the columns and the words of a sheet that it brings again and again.

    It is chosen by itself for a sheet with the same headings, whatever their order.
    """

    kind = models.CharField(_("kind"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    # Nobody's: of a post without a unit.
    unit = models.ForeignKey("grid.Unit", models.CASCADE, null=True, related_name="+")
    headings = models.CharField(max_length=64)  # a digest of the sheet's headings
    mapping = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("saved mapping")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "unit", "name"], nulls_distinct=False, name="grid_savedmapping_once"
            )
        ]
        indexes = [models.Index(fields=["kind", "headings"], name="grid_savedmapping_for")]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """What became of one row of the file. The cells are kept only of a row that was rejected."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as the spreadsheet counts: the heading is above
    outcome = models.CharField(max_length=10, choices=Outcome)
    object_id = models.BigIntegerField(null=True)  # the site or district that it became
    reason = models.CharField(max_length=40, blank=True)  # a code, worded in the reader's language
    details = models.JSONField(default=dict)  # what the wording names
    cells = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="grid_importrow_once")]
        indexes = [models.Index(fields=["job", "outcome", "number"], name="grid_importrow_by_outcome")]
