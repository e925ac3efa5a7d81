"""How a to-do list words what a hazard asks of somebody."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards import services
from responsibility.obligations.kinds import Kind, kinds


def _url(params: dict[str, Any]) -> str:
    return reverse("hazards:detail", args=[params["number"]])


for code, title, button in [
    (services.DECIDE, _("Grade and order: %(title)s"), _("Decide")),
    (services.PLAN, _("Plan for a major hazard: %(title)s"), _("Submit the plan")),
    (services.RECTIFY, _("Rectify: %(title)s"), _("Submit rectification")),
    (services.ACCEPT, _("Re-inspect: %(title)s"), _("Accept or send back")),
    (services.CONFIRM, _("Confirm what was fixed: %(title)s"), _("Confirm")),
    (services.EXTENSION, _("Answer an extension request: %(title)s"), _("Answer")),
]:
    kinds.plug(code, Kind(code, title, button, _url))
