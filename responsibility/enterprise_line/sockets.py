"""What upper floors do with what is found at a risk point."""

import datetime as dt
from typing import Protocol

from responsibility.enterprise_line.models import RiskPoint
from safegrid.accounts.models import Post, User
from safegrid.kernel.sockets import Socket


class Found(Protocol):
    """Registers what a check has found, as the enterprise's own, to be fixed by a day of its own."""

    def __call__(
        self,
        *,
        point: RiskPoint,
        what: str,
        fix_by: dt.date | None,
        actor: User,
        acting_post: Post,
        now: dt.datetime,
    ) -> str:
        """Return the number under which it is registered; raise Invalid for a day that is not acceptable."""


#: The first one plugged in is called, in the transaction of the check.
risk_check_found: Socket[Found] = Socket("what is found at risk points")
