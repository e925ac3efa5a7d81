"""What penalties and closure proposals plug into what lies below them."""

from django.db.models import Q

from hazards.penalties import figures, listing, panels  # noqa: F401
from hazards.penalties.closing import kinds  # noqa: F401
from hazards.penalties.closing import listing as of_closures  # noqa: F401
from hazards.penalties.closing import panels as of_closing  # noqa: F401
from hazards.penalties.closing.defaults import load
from hazards.penalties.closing.models import ClosureProposal
from hazards.penalties.models import Penalty
from responsibility.policies import more_policies
from safegrid.grid.sockets import Merged, OfUnit, merged_rows, placed_rows, unit_rows

placed_rows.plug("penalty", Penalty)
placed_rows.plug("closure proposal", ClosureProposal)
merged_rows.plug("penalties", Merged(Penalty, ("enterprise",), "site"), order=55)
merged_rows.plug("closure proposals", Merged(ClosureProposal, ("enterprise",), "site"), order=56)
unit_rows.plug("closure proposals", OfUnit(ClosureProposal, post="whose", only=Q(decided_at=None)))
more_policies.plug("repeat offenders", load)
