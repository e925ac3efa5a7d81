"""How a to-do list words a transfer that waits for an answer."""

from django.utils.translation import gettext_lazy as _

from responsibility.obligations.kinds import Kind, kinds
from safegrid.kernel.addresses import addresses

kinds.plug(
    "transfer",
    Kind(
        "transfer",
        title=_("Accept a transfer: %(what)s"),
        button=_("Accept or name another"),
        url=lambda params: addresses("responsibility:transfer", [params["pk"]])[0],
        name=_("Answer to a transfer"),
    ),
)
