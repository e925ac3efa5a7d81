"""The responsibility app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResponsibilityConfig(AppConfig):
    """See the package's docstring."""

    name = "responsibility"
    verbose_name = _("Responsibility")

    def ready(self) -> None:
        from responsibility import panels, shell  # noqa: F401
        from responsibility.assignments import importing  # noqa: F401
        from responsibility.coverage import layers, listing  # noqa: F401
        from responsibility.coverage.rules import answers, register  # noqa: F401
        from responsibility.guidance import listing as guidance_listing  # noqa: F401
        from responsibility.guidance import panels as guidance_panels  # noqa: F401
        from responsibility.leaders import kinds as leader_kinds  # noqa: F401
        from responsibility.leaders import listing as leader_listing  # noqa: F401
        from responsibility.leaders import panels as leader_panels  # noqa: F401
        from responsibility.models import Obligation
        from safegrid.grid.sockets import placed_rows

        placed_rows.plug("obligation", Obligation)
