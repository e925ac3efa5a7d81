"""Imports: a file on its way into the grid, so that leaving and coming back loses nothing."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import Datum, ImportState


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    """Whoever brought a file sees it, and whoever reads the whole city."""

    def visible_to(self, user: Any) -> Self:
        """Return the imports that `user` may see."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.reach.is_citywide else self.filter(created_by=user)


class ImportJob(models.Model):
    """One uploaded file, how its columns are read, and what became of its rows."""

    kind = models.CharField(_("kind"), max_length=20)
    original_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="imports/%Y/%m/")
    mapping = models.JSONField(default=dict)  # our field → the file's column
    datum = models.CharField(_("positions given in"), max_length=6, choices=Datum, default=Datum.WGS84)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("read"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    unplaced = models.PositiveIntegerField(_("to be placed"), default=0)
    rejects = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_post = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("uploaded"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["id"], condition=Q(state="running"), name="grid_import_running")]

    def __str__(self) -> str:
        return self.original_name
