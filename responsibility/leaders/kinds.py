"""What leading posts owe, as kinds of obligation: a rhythm opens the next period in the sweep."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.leaders.choices import DeedKind
from responsibility.leaders.periods import kind_of, open_period
from responsibility.obligations.kinds import Kind, kinds


def _page(params: dict[str, Any]) -> str:
    return reverse("responsibility:leader", args=[params["post"]])


def _form(params: dict[str, Any]) -> str:
    return f"{_page(params)}?kind={params['deed']}#record"


WORDS = {
    DeedKind.CHECK: (_("Lead checks, %(period)s: %(done)s of %(owed)s done"), _("Checks to lead")),
    DeedKind.MEETING: (_("Hold meetings, %(period)s: %(done)s of %(owed)s done"), _("Meetings to hold")),
    DeedKind.CONTACT: (
        _("Visit enterprises under your wing, %(period)s: %(done)s of %(owed)s done"),
        _("Visits to enterprises under one's wing"),
    ),
}

for deed, (title, name) in WORDS.items():
    code = kind_of(deed)
    # The end of a period is the end of a period: no change of a deadline's policy moves it.
    kinds.plug(
        code,
        Kind(
            code,
            title,
            _("Record what was done"),
            _page,
            name=name,
            open_period=open_period,
            button_url=_form,
            day_is_given=True,
        ),
    )
