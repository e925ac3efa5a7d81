"""How a to-do list words what a hazard asks of somebody."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.choices import Owed
from responsibility.obligations.kinds import Kind, kinds


def _url(params: dict[str, Any]) -> str:
    return reverse("hazards:detail", args=[params["number"]])


for code, title, button in [
    (Owed.DECIDE, _("Grade and order: %(title)s"), _("Decide")),
    (Owed.PLAN, _("Plan for a major hazard: %(title)s"), _("Submit the plan")),
    (Owed.RECTIFY, _("Rectify: %(title)s"), _("Submit rectification")),
    ("hazard_reopened", _("Reopened, to be rectified again: %(title)s"), _("Submit rectification")),
    (Owed.ACCEPT, _("Re-inspect: %(title)s"), _("Accept or send back")),
    (Owed.CONFIRM, _("Confirm what was fixed: %(title)s"), _("Confirm")),
    (Owed.EXTENSION, _("Answer an extension request: %(title)s"), _("Answer")),
]:
    kinds.plug(code, Kind(code, title, button, _url))
