"""How a to-do list words what a listing asks of somebody, and where its button leads."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.listed.choices import Owed
from responsibility.obligations.kinds import Kind, kinds
from safegrid.kernel.addresses import addresses


def _page(params: dict[str, Any]) -> str:
    return addresses("hazards:detail", [params["number"]])[0]


def _form(action: str) -> Callable[[dict[str, Any]], str]:
    return lambda params: addresses("hazards:listed_act", [params["number"]], action)[0]


for code, title, button, action in [
    (Owed.REPORT, _("Report the progress of a listed hazard: %(title)s"), _("Report the progress"), "report"),
    (Owed.DELIST, _("Ask for delisting: %(title)s"), _("Ask for delisting"), "ask"),
    (
        Owed.CHECK,
        _("Check a listed hazard on site: %(title)s"),
        pgettext_lazy("listing", "Record the check"),
        "check",
    ),
    (
        Owed.ACCEPT,
        _("Accept a listed hazard for delisting: %(title)s"),
        pgettext_lazy("listing", "Accept or send back"),
        "accept",
    ),
    (Owed.APPROVE, _("Decide on delisting: %(title)s"), pgettext_lazy("verb", "Decide"), "approve"),
    (
        Owed.SPOT,
        _("Spot-check what was delisted: %(title)s"),
        pgettext_lazy("listing", "Record the check"),
        "confirm",
    ),
]:
    # By the days of the rule that the listing keeps: no change of a deadline policy moves them.
    kinds.plug(
        code, Kind(code, title, button, _page, name=code.label, button_url=_form(action), day_is_given=True)
    )
