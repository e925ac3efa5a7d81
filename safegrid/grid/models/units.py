"""Bodies that supervise: governments, the safety committee's office and its member units."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import SuccessionKind, UnitKind
from safegrid.grid.models.districts import District
from safegrid.grid.models.matters import Matter
from safegrid.kernel.names import Named


class UnitQuerySet(models.QuerySet["Unit"]):
    """Units by whether they still exist."""

    def existing(self) -> UnitQuerySet:
        """Return those that no other has followed."""
        return self.filter(closed_on=None)


class Unit(Named):
    """A body with people in it, and what it governs (Work Safety Law, Art. 3 and 9–10).

    It is never rewritten: a reorganisation closes it and opens what follows it.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)
    district = models.ForeignKey(District, models.PROTECT, related_name="units", verbose_name=_("district"))
    prefix = models.CharField(_("document prefix"), max_length=20, blank=True)
    governs = models.ManyToManyField(Matter, related_name="units", verbose_name=_("governs"))
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    basis_en = models.CharField(_("legal basis in English"), max_length=200, blank=True)
    closed_on = models.DateField(_("until"), null=True, blank=True)  # the first day it no longer exists

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["pk"]


class UnitSuccession(models.Model):
    """`successor` took the place of `predecessor` on a date."""

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="followed_by")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="follows")
    on = models.DateField()
    kind = models.CharField(max_length=10, choices=SuccessionKind)
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="grid_unitsuccession_once"),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")), name="grid_unitsuccession_another"
            ),
        ]
