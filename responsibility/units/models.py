"""A reorganisation of bodies as it was decided: planned for a day, and carried out when it comes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import SuccessionKind
from safegrid.grid.models import Unit


class UnitReorganisation(models.Model):
    """Bodies that end on a day, and what takes their place.

    `successors` are the new ones ({name, name_en, short_name, prefix}); `parts` says of a split which post
    goes to which of them (by the post's id, from 0); all others go to the first.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=SuccessionKind)
    on = models.DateField(_("on"))
    basis = models.CharField(_("basis"), max_length=200)
    predecessors = models.ManyToManyField(Unit, related_name="reorganisations")
    successors = models.JSONField()
    parts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)  # why it could not be carried out on its day

    class Meta:
        verbose_name = _("reorganisation of units")
        verbose_name_plural = _("reorganisations of units")
