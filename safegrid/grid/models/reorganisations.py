"""A reorganisation as it was decided: planned for a day, and carried out when it comes."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import SuccessionKind
from safegrid.grid.models.districts import District

#: What is still to be carried out: neither done nor called off.
PLANNED = models.Q(done_at=None, called_off_at=None)


class PlannedReorganisation(models.Model):
    """What ends on a day, and what takes its place.

    `successors` are the new ones, by the names of their fields; `parts` says of a split what goes to which
    of them (by its id, from 0).
    """

    if TYPE_CHECKING:
        predecessors: models.ManyToManyField[Any, Any]

    kind = models.CharField(_("kind"), max_length=10, choices=SuccessionKind)
    on = models.DateField(_("on"))
    basis = models.CharField(_("basis"), max_length=200)
    successors = models.JSONField()
    parts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    called_off_at = models.DateTimeField(null=True)
    called_off_for = models.CharField(_("reason"), max_length=200, blank=True)
    problem = models.CharField(max_length=300, blank=True)  # why it could not be carried out on its day

    class Meta:
        abstract = True


class Reorganisation(PlannedReorganisation):
    """Places that end on a day, and what takes their place: {code, name, name_en}.

    Of a split, `parts` goes by the child's id, and `rest` says where what stands in none of them goes.
    """

    predecessors = models.ManyToManyField(District, related_name="reorganisations")
    rest = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        indexes = [
            models.Index(fields=["on"], condition=models.Q(done_at=None), name="grid_reorganisation_due")
        ]
