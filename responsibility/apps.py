"""The responsibility app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

#: What each subject plugs into the sockets of others: lists, to-do lists, audit rules, parts of pages.
PLUGS = (
    "panels",
    "shell",
    "assignments.importing",
    "assignments.moving",
    "assignments.succession",
    "coverage.layers",
    "coverage.listing",
    "coverage.rules.answers",
    "coverage.rules.cells",
    "coverage.rules.register",
    "coverage.rules.registered",
    "coverage.rules.twice",
    "enterprise_line.listing",
    "enterprise_line.owing",
    "enterprise_line.panels",
    "enterprise_line.rounds",
    "enterprise_line.rules",
    "guidance.listing",
    "guidance.panels",
    "instructions.listing",
    "instructions.owing",
    "leaders.kinds",
    "leaders.listing",
    "leaders.panels",
    "letters.layouts",
    "letters.owing",
    "letters.panels",
    "obligations.listing",
    "regulators.kinds",
    "standing.following",
    "standing.merging",
    "statements.coverage_rule",
    "statements.indicators",
    "statements.listing",
    "statements.panels",
    "statements.reviewing",
    "statements.signing",
    "transfers.kinds",
    "transfers.listing",
    "transfers.rules",
    "units.rules",
    "units.following",
)


class ResponsibilityConfig(AppConfig):
    """See the package's docstring."""

    name = "responsibility"
    verbose_name = _("Responsibility")

    def ready(self) -> None:
        from responsibility.documents.models import subjects as documented
        from responsibility.models import (
            Instruction,
            Obligation,
            ScoreLine,
            Statement,
            Training,
            Transfer,
            UnitLetter,
        )
        from safegrid.files.models import carriers
        from safegrid.grid.sockets import placed_rows

        for plug in PLUGS:
            import_module(f"{self.name}.{plug}")
        placed_rows.plug("obligation", Obligation)
        placed_rows.plug("instruction", Instruction)
        placed_rows.plug("statement", Statement)
        placed_rows.plug("transfer", Transfer)
        carriers.plug("score line", ScoreLine)
        carriers.plug("training", Training)
        documented.plug("letter", UnitLetter)
