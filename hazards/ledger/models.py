"""Where an imported hazard comes from: the file, the row, and what it said that has no place of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from safegrid.grid.models import ImportJob

NUMBER_LENGTH = 60  # characters


class LedgerRow(models.Model):
    """The row of an office's ledger that became a hazard. It is reached through its hazard.

    `key` says which row it was, so that no import takes it over twice: the office's own number at the
    enterprise, else its content. The hazard's further way is its own; what the sheet said stays here.
    """

    hazard = models.OneToOneField("hazards.Hazard", models.CASCADE, related_name="ledger_row")
    job = models.ForeignKey(ImportJob, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # as the spreadsheet counts
    key = models.CharField(max_length=64)
    content = models.CharField(max_length=64)  # a digest of what was found, where and when
    legacy_number = models.CharField(_("the office's own number"), max_length=NUMBER_LENGTH, blank=True)
    told = models.JSONField(default=dict)  # field → what the sheet said

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="hazard_ledger_row_once")]
        indexes = [models.Index(fields=["content"], name="hazard_ledger_row_content")]

    def __str__(self) -> str:
        return self.legacy_number or f"{self.job_id}:{self.number}"
