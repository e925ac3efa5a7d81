"""What is supervised: matters, the industries they are mapped from, and features of a site."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from safegrid.kernel.names import Named


class Matter(Named, MP_Node):  # type: ignore[django-manager-missing]
    """A supervision matter (监管事项): general safety, fire, gas, special equipment, …"""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    node_order_by: list[str] = []

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")


class Industry(Named):
    """A section or division of GB/T 4754-2017, and the matters that come with it."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="divisions")
    matters = models.ManyToManyField(Matter, related_name="industries")

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["code"]


class Feature(Named):
    """A feature of a site that brings a matter with it: it uses gas, it has a lift."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="features", null=True)

    class Meta:
        verbose_name = _("feature")
        ordering = ["pk"]
