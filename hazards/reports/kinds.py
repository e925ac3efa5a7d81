"""How a to-do list words what a report asks of somebody, and where its button leads."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.reports.choices import Owed
from responsibility.obligations.kinds import Kind, kinds
from safegrid.kernel.addresses import addresses


def _page(params: dict[str, Any]) -> str:
    return addresses("hazards:report", [params["number"]])[0]


def _form(action: str) -> Callable[[dict[str, Any]], str]:
    return lambda params: addresses("hazards:report_act", [params["number"]], action)[0]


for code, title, button, action in [
    (Owed.TRIAGE, _("Take up a public report: %(title)s"), pgettext_lazy("report", "Take it up"), ""),
    (Owed.VERIFY, _("Verify a public report: %(title)s"), pgettext_lazy("report", "Verify"), ""),
    (Owed.FEEDBACK, _("Answer who reported: %(title)s"), _("Answer"), "feedback"),
]:
    kinds.plug(
        code,
        Kind(
            code,
            title=title,
            button=button,
            url=_page,
            name=code.label,
            button_url=_form(action) if action else None,
        ),
    )
