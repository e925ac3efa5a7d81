"""The rules: by the status of a site and the kind of what is owed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from responsibility.standing.choices import Effect
from safegrid.grid.choices import EnterpriseStatus


class StatusRule(models.Model):
    """What becomes of one kind, or without one of all others, while a site has a status."""

    status = models.CharField(_("status"), max_length=12, choices=EnterpriseStatus)
    kind = models.CharField(_("kind"), max_length=40, blank=True)  # of an obligation
    effect = models.CharField(_("what becomes of it"), max_length=10, choices=Effect)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("rule of a status")
        verbose_name_plural = _("rules of a status")
        ordering = ["status", "-kind"]
        constraints = [models.UniqueConstraint(fields=["status", "kind"], name="statusrule_once")]
