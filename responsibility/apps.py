"""The responsibility app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResponsibilityConfig(AppConfig):
    """See the package's docstring."""

    name = "responsibility"
    verbose_name = _("Responsibility")

    def ready(self) -> None:
        from responsibility import panels, shell  # noqa: F401
        from responsibility.assignments import importing, succession  # noqa: F401
        from responsibility.coverage import layers, listing  # noqa: F401
        from responsibility.coverage.rules import answers, cells, register, registered  # noqa: F401
        from responsibility.models import Obligation, Transfer
        from responsibility.regulators import kinds as questions  # noqa: F401
        from responsibility.standing import following  # noqa: F401
        from responsibility.transfers import kinds, rules  # noqa: F401
        from responsibility.transfers import listing as transfers  # noqa: F401
        from safegrid.grid.sockets import placed_rows

        placed_rows.plug("obligation", Obligation)
        placed_rows.plug("transfer", Transfer)
