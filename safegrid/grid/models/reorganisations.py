"""A reorganisation of places as it was decided: planned for a day, and carried out when it comes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import SuccessionKind
from safegrid.grid.models.districts import District


class Reorganisation(models.Model):
    """Places that end on a day, and what takes their place.

    `successors` are the new ones ({code, name, name_en}); `parts` says of a split which child goes to which
    of them (by the child's id, from 0), and `rest` where what stands in none of the children goes.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=SuccessionKind)
    on = models.DateField(_("on"))
    basis = models.CharField(_("basis"), max_length=200)
    predecessors = models.ManyToManyField(District, related_name="reorganisations")
    successors = models.JSONField()
    parts = models.JSONField(default=dict)
    rest = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)  # why it could not be carried out on its day

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        indexes = [
            models.Index(fields=["on"], condition=models.Q(done_at=None), name="grid_reorganisation_due")
        ]
