"""How a to-do list words what a hazard asks of somebody, and where its button leads."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.choices import ORDER_LABEL, REOPENED_LABEL, STEP_IN_LABEL, Owed
from responsibility.obligations.kinds import Kind, kinds
from safegrid.kernel.addresses import addresses


def _page(params: dict[str, Any]) -> str:
    return addresses("hazards:detail", [params["number"]])[0]


def _form(action: str) -> Callable[[dict[str, Any]], str]:
    return lambda params: addresses("hazards:act", [params["number"]], action)[0]


for code, name, title, button, action in [
    (
        Owed.DECIDE,
        Owed.DECIDE.label,
        _("Grade and order: %(title)s"),
        pgettext_lazy("verb", "Grade"),
        "grade",
    ),
    (
        ORDER_LABEL,
        Owed.DECIDE.label,
        _("Order rectification: %(title)s"),
        pgettext_lazy("verb", "Order"),
        "order",
    ),
    (
        STEP_IN_LABEL,
        Owed.DECIDE.label,
        _("An enterprise reports a major hazard: %(title)s"),
        _("Step in"),
        "step_in",
    ),
    (Owed.PLAN, Owed.PLAN.label, _("Plan for a major hazard: %(title)s"), _("Submit the plan"), "plan"),
    (Owed.RECTIFY, Owed.RECTIFY.label, _("Rectify: %(title)s"), _("Submit rectification"), "submit"),
    (
        REOPENED_LABEL,
        Owed.RECTIFY.label,
        _("Reopened, to be rectified again: %(title)s"),
        _("Submit rectification"),
        "submit",
    ),
    (Owed.ACCEPT, Owed.ACCEPT.label, _("Re-inspect: %(title)s"), _("Accept or send back"), "accept"),
    (
        Owed.CONFIRM,
        Owed.CONFIRM.label,
        _("Confirm what was fixed: %(title)s"),
        pgettext_lazy("hazard", "Confirm"),
        "confirm",
    ),
    (
        Owed.TELL,
        Owed.TELL.label,
        _("Report a major hazard to regulator and workers: %(title)s"),
        _("Record the two reports"),
        "tell_major",
    ),
    (
        Owed.CHECK,
        Owed.CHECK.label,
        _("Check what the enterprise found itself: %(title)s"),
        _("Record the check"),
        "spot_check",
    ),
    (
        Owed.RESUME,
        Owed.RESUME.label,
        _("Decide on resuming work: %(title)s"),
        pgettext_lazy("verb", "Decide"),
        "consent_resume",
    ),
    (
        Owed.EXTENSION,
        Owed.EXTENSION.label,
        _("Answer an extension request: %(title)s"),
        _("Answer"),
        "grant_extension",
    ),
]:
    given = name == Owed.RECTIFY.label
    kinds.plug(
        code, Kind(code, title, button, _page, name=name, button_url=_form(action), day_is_given=given)
    )
