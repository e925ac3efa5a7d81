"""What goes along with a body that another one follows, of what responsibility keeps: what is open."""

from django.db.models import OuterRef, Q, Subquery

from responsibility.guidance.choices import NoticeState
from responsibility.guidance.models import Notice, Receipt
from responsibility.instructions.choices import Role, State
from responsibility.instructions.models import Instruction, InstructionTask
from responsibility.leaders.models import Leader
from responsibility.letters.models import UnitLetter
from responsibility.replies.choices import ReplyState
from responsibility.transfers.choices import TransferState
from responsibility.transfers.models import Leg, Transfer
from responsibility.units import succession  # noqa: F401 (it is carried out on its day)
from safegrid.grid.sockets import OfUnit, unit_rows

#: The body whose post has the lead's part.
LEADS = Subquery(
    InstructionTask.objects.filter(instruction=OuterRef("pk"), role=Role.LEAD).values("post__unit")[:1]
)
AWAITED = Q(state__in=(ReplyState.OPEN, ReplyState.ANSWERED))
PROPOSED = Q(state=TransferState.PROPOSED)

unit_rows.plug("transfers", OfUnit(Transfer, "receiver_unit", "receiver_post", PROPOSED))
unit_rows.plug("transfers sent", OfUnit(Transfer, "sender_unit", "sender_post", PROPOSED))
unit_rows.plug("transfers asked", OfUnit(Leg, "unit", "post", Q(answer="", transfer__state="proposed")))
unit_rows.plug("instructions", OfUnit(Instruction, "lead_unit", only=Q(state=State.OPEN), body=LEADS))
unit_rows.plug("parts", OfUnit(InstructionTask, post="post", only=AWAITED & Q(instruction__state="open")))
unit_rows.plug("letters", OfUnit(UnitLetter, post="post", only=AWAITED))
unit_rows.plug("notices", OfUnit(Notice, post="post", only=Q(state=NoticeState.RUNNING)))
unit_rows.plug("receipts", OfUnit(Receipt, post="post", only=Q(confirmed_at=None)))
unit_rows.plug("leaders", OfUnit(Leader, post="post"))
