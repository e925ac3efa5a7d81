"""Rows of business registers that were imported: what the audit compares the grid with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from safegrid.kernel.scope import Placed


class RegisterEntry(Placed):
    """An enterprise in a business register (市场主体登记), as of a day; it need not be one of the grid."""

    uscc = models.CharField(_("USCC"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=200, blank=True)
    principal = models.CharField(_("principal"), max_length=60, blank=True)
    as_of = models.DateField(_("as of"))

    class Meta:
        verbose_name = _("entry of a business register")
        verbose_name_plural = _("entries of a business register")

    def __str__(self) -> str:
        return self.name
