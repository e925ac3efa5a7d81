"""A reorganisation of bodies as it was decided: planned for a day, and carried out when it comes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from safegrid.grid.models import PlannedReorganisation, Unit


class UnitReorganisation(PlannedReorganisation):
    """Bodies that end on a day, and what takes their place: {name, name_en, short_name, prefix}.

    Of a split, `parts` goes by the post's id; all others go to the first.
    """

    predecessors = models.ManyToManyField(Unit, related_name="reorganisations")

    class Meta:
        verbose_name = _("reorganisation of units")
        verbose_name_plural = _("reorganisations of units")
