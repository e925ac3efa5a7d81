"""The audit app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The ledger."""

    name = "safegrid.audit"
    label = "audit"
    verbose_name = _("Audit ledger")
