"""How the to-do list of an enterprise words a worker's report."""

from django.utils.translation import gettext_lazy as _

from hazards.reports.choices import Owed
from responsibility.obligations.kinds import Kind, kinds
from safegrid.kernel.addresses import addresses

kinds.plug(
    Owed.WORKER,
    Kind(
        Owed.WORKER,
        title=_("A worker has reported a danger: %(number)s"),
        button=_("Answer"),
        url=lambda params: addresses("hazards:worker_report", [params["number"]])[0],
        name=Owed.WORKER.label,
        is_inner=True,
    ),
)
