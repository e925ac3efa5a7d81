"""How a to-do list words a question to a government."""

from django.utils.translation import gettext_lazy as _

from responsibility.obligations.kinds import Kind, kinds
from safegrid.kernel.addresses import addresses

kinds.plug(
    "name_regulator",
    Kind(
        "name_regulator",
        title=_("Name a regulator: %(what)s"),
        button=_("Name a regulator"),
        url=lambda params: addresses("responsibility:regulator", [params["finding"]])[0],
        name=_("Name a regulator"),
    ),
)
