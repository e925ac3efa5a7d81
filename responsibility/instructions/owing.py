"""How a to-do list words what an instruction asks of somebody, and where its button leads."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.instructions.choices import Owed
from responsibility.obligations.kinds import Kind, kinds
from safegrid.kernel.addresses import addresses


def _page(params: dict[str, Any]) -> str:
    return addresses("responsibility:instruction", [params["pk"]])[0]


def _answer(params: dict[str, Any]) -> str:
    return addresses("responsibility:instruction_reply", [params["task"]], "answer")[0]


def _accept(params: dict[str, Any]) -> str:
    return addresses("responsibility:instruction_reply", [params["task"]], "accept")[0]


def _close(params: dict[str, Any]) -> str:
    return addresses("responsibility:instruction_end", [params["pk"]], "close")[0]


for code, title, button, url, is_given in (
    (Owed.REPLY, _("Answer an instruction: %(title)s"), _("Answer"), _answer, True),
    (
        Owed.ACCEPT,
        _("Accept an answer or send it back: %(title)s"),
        pgettext_lazy("reply", "Accept or send back"),
        _accept,
        False,
    ),
    (Owed.SUMMARY, _("Sum up an instruction: %(title)s"), _("Sum up"), _close, False),
):
    kinds.plug(code, Kind(code, title, button, _page, name=code.label, button_url=url, day_is_given=is_given))
