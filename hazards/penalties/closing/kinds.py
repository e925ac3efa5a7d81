"""How a to-do list words the decision on a closure."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.obligations.kinds import Kind, kinds
from safegrid.kernel.addresses import addresses

kinds.plug(
    "closure_decide",
    Kind(
        "closure_decide",
        title=_("Decide whether closure is proposed: %(name)s"),
        button=pgettext_lazy("closure", "Decide"),
        url=lambda params: addresses("hazards:closure", [params["pk"]])[0],
        name=_("Decision on proposing closure"),
    ),
)
