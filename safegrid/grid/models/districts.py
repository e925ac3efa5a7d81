"""The district tree: city → district → township → community → cell.

A node never moves and is never rewritten. A reorganisation closes it and opens successors.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from safegrid.grid.choices import Level, SuccessionKind
from safegrid.kernel.names import Named


class District(Named, MP_Node):  # type: ignore[django-manager-missing]
    """A place of the official division, or a grid cell below it."""

    code = models.CharField(_("code"), max_length=15)  # 12 digits; a cell adds 3
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    aliases = ArrayField(models.CharField(max_length=60), default=list, blank=True)  # other ways to write it
    level = models.CharField(_("level"), max_length=10, choices=Level)
    kind = models.CharField(_("kind"), max_length=10, blank=True)  # 区, 县, 街道, 镇, 乡, …
    opened_on = models.DateField(_("from"), null=True, blank=True)
    closed_on = models.DateField(_("until"), null=True, blank=True)  # the first day it no longer exists
    boundary = models.JSONField(null=True, blank=True)  # GeoJSON geometry, WGS-84, schematic
    node_order_by: list[str] = []

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(closed_on=None), name="grid_district_code_once_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gt=F("opened_on")),
                name="grid_district_closes_after_it_opens",
            ),
        ]
        indexes = [models.Index(fields=["level", "path"], name="grid_district_by_level")]


class Succession(models.Model):
    """`successor` took the place of `predecessor` on a date. Old codes and names live here."""

    predecessor = models.ForeignKey(District, models.PROTECT, related_name="succeeded_by")
    successor = models.ForeignKey(District, models.PROTECT, related_name="succeeded")
    on = models.DateField(_("on"))
    kind = models.CharField(_("kind"), max_length=10, choices=SuccessionKind)
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("succession")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="grid_succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="grid_succession_not_to_itself"
            ),
        ]
