"""When an enterprise or a site stopped work, works by season, or began again: dated, and kept."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models.enterprises import Enterprise, Site


class StatusChange(models.Model):
    """From a local day on a site, or the whole enterprise, has another status.

    A planned change waits until its day. `at_work` is what its followers were told last: of a seasonal one it
    changes with the months.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="status_changes")
    site = models.ForeignKey(Site, models.CASCADE, null=True, related_name="status_changes")
    status = models.CharField(_("status"), max_length=12, choices=EnterpriseStatus)
    since = models.DateField(_("from"))
    months = ArrayField(models.SmallIntegerField(), default=list, blank=True)  # of the season, 1–12
    reason = models.CharField(_("reason"), max_length=300)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    at_work = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "site", "since"], nulls_distinct=False, name="grid_status_once_a_day"
            ),
            models.CheckConstraint(
                condition=(Q(status="seasonal") & ~Q(months=[])) | (~Q(status="seasonal") & Q(months=[])),
                name="grid_status_season_has_months",
            ),
        ]
        indexes = [models.Index(fields=["since"], condition=Q(done_at=None), name="grid_status_to_be_done")]
