"""Bodies that supervise: governments, the safety committee's office and its member units."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import UnitKind
from safegrid.grid.models.districts import District
from safegrid.grid.models.matters import Matter
from safegrid.kernel.names import Named


class Unit(Named):
    """A body with people in it, and what it governs (Work Safety Law, Art. 3 and 9–10)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)
    district = models.ForeignKey(District, models.PROTECT, related_name="units", verbose_name=_("district"))
    prefix = models.CharField(_("document prefix"), max_length=20, blank=True)
    governs = models.ManyToManyField(Matter, related_name="units", verbose_name=_("governs"))
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    basis_en = models.CharField(_("legal basis in English"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["pk"]
