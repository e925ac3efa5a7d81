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
        from responsibility.documents.models import subjects as documented
        from responsibility.enterprise_line import listing as certificates  # noqa: F401
        from responsibility.enterprise_line import owing, rounds, rules  # noqa: F401
        from responsibility.enterprise_line import panels as own_panels  # noqa: F401
        from responsibility.instructions import listing as instructions  # noqa: F401
        from responsibility.instructions import owing as of_instructions  # noqa: F401
        from responsibility.letters import layouts  # noqa: F401
        from responsibility.letters import owing as of_letters  # noqa: F401
        from responsibility.models import (
            Instruction,
            Obligation,
            ScoreLine,
            Statement,
            Training,
            Transfer,
            UnitLetter,
        )
        from responsibility.regulators import kinds as questions  # noqa: F401
        from responsibility.standing import following  # noqa: F401
        from responsibility.statements import coverage_rule, indicators, signing  # noqa: F401
        from responsibility.statements import listing as statements  # noqa: F401
        from responsibility.transfers import kinds as of_transfers  # noqa: F401
        from responsibility.transfers import listing as transfers  # noqa: F401
        from responsibility.transfers import rules as late_transfers  # noqa: F401
        from safegrid.files.models import carriers
        from safegrid.grid.sockets import placed_rows

        placed_rows.plug("obligation", Obligation)
        placed_rows.plug("instruction", Instruction)
        placed_rows.plug("statement", Statement)
        placed_rows.plug("transfer", Transfer)
        carriers.plug("score line", ScoreLine)
        carriers.plug("training", Training)
        documented.plug("letter", UnitLetter)
