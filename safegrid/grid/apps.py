"""The grid app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    """Districts, matters, units, enterprises and sites."""

    name = "safegrid.grid"
    label = "grid"
    verbose_name = _("Grid")

    def ready(self) -> None:
        from safegrid.grid import counts, listings, search, shell, tally  # noqa: F401
        from safegrid.grid.imports import districts, enterprises, register  # noqa: F401
        from safegrid.grid.map import layers  # noqa: F401

        post_migrate.connect(counts.installing.install, sender=self)
