"""How a to-do list words what a letter asks of somebody, and where its button leads."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.letters.choices import Owed
from responsibility.obligations.kinds import Kind, kinds
from safegrid.kernel.addresses import addresses


def _page(params: dict[str, Any]) -> str:
    return addresses("responsibility:letter", [params["pk"]])[0]


def _answer(params: dict[str, Any]) -> str:
    return addresses("responsibility:letter_act", [params["pk"]], "answer")[0]


def _accept(params: dict[str, Any]) -> str:
    return addresses("responsibility:letter_act", [params["pk"]], "accept")[0]


for code, title, button, url, is_given in (
    (Owed.REPLY, _("Answer the letter %(number)s"), _("Answer"), _answer, True),
    (
        Owed.ACCEPT,
        _("Accept the answer to %(number)s or send it back"),
        pgettext_lazy("reply", "Accept or send back"),
        _accept,
        False,
    ),
):
    kinds.plug(code, Kind(code, title, button, _page, name=code.label, button_url=url, day_is_given=is_given))
