"""What a dashboard looks at: a place, a matter, an industry, and a period up to now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import Level
from safegrid.grid.counts import Narrowing
from safegrid.grid.models import District, Industry, Matter
from safegrid.kernel import clock
from safegrid.kernel.scope import LEVELS, reach_of

PERIODS = [("7", _("7 days")), ("30", _("30 days")), ("90", _("90 days")), ("365", _("a year"))]
DEFAULT_PERIOD = "30"


class FocusForm(forms.Form):
    """The filters at the top; what cannot be read falls back to the whole of one's scope."""

    district: forms.ModelChoiceField[District] = forms.ModelChoiceField(
        District.objects.none(), required=False, to_field_name="code", label=_("District")
    )
    matter: forms.ModelChoiceField[Matter] = forms.ModelChoiceField(
        Matter.objects.filter(depth=1), required=False, to_field_name="code", label=_("Matter")
    )
    industry = forms.ModelChoiceField(
        Industry.objects.filter(parent=None), required=False, to_field_name="code", label=_("Industry")
    )
    days = forms.ChoiceField(choices=PERIODS, required=False, label=_("Period"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = districts_of(user)  # type: ignore[attr-defined]


def districts_of(user: Any) -> Any:
    """Return the districts among which `user` may choose: those that their scope reaches."""
    districts = (
        District.objects.filter(level=Level.DISTRICT, closed_on=None).defer("boundary").order_by("code")
    )
    reach = reach_of(user)
    if any(b.city for b in reach.branches):
        return districts
    inside = [b.place_id for b in reach.branches if b.place_id]
    paths = District.objects.filter(pk__in=inside).values_list("path", flat=True)
    steplen = District.steplen
    return districts.filter(path__in={path[: 2 * steplen] for path in paths})


@dataclass(frozen=True)
class Focus:
    """One look: what is counted, since when, and how the same is asked of a list."""

    now: dt.datetime
    days: int
    district: District | None = None
    matter: Matter | None = None
    industry: Industry | None = None

    @property
    def since(self) -> dt.date:
        """The first local day of the period; today is its last."""
        return clock.local_date(self.now) - dt.timedelta(days=self.days - 1)

    @property
    def since_before(self) -> dt.date:
        """The first day of the period before it, of the same length."""
        return self.since - dt.timedelta(days=self.days)

    @property
    def narrowing(self) -> Narrowing:
        """The place, the matter and the industry."""
        return Narrowing(self.district, self.matter, self.industry)

    @property
    def params(self) -> dict[str, str]:
        """The part of the focus that a list understands too, for its address."""
        found = {}
        for name in ("district", "matter", "industry"):
            value = getattr(self, name)
            if value is not None:
                found[name] = value.code
        return found

    def hazards_url(self, **params: Any) -> str:
        """Return the address of the list of hazards that a number counts."""
        return f"{reverse('hazards:list')}?{urlencode({**params, **self.params})}"

    def level_below(self, user: Any) -> str:
        """Return the level by which places are ranked: districts for the city, else townships."""
        if self.district is not None:
            return "township"
        levels = {b.level for b in reach_of(user).branches if not b.enterprise_id}
        return "district" if None in levels else ("township" if "district" in levels else LEVELS[-1])


def read_focus(user: Any, data: Any, *, now: dt.datetime) -> tuple[Focus, FocusForm]:
    """Return the focus that the address asks for, and the form that shows it."""
    form = FocusForm({"days": DEFAULT_PERIOD, **data.dict()}, user=user)
    form.is_valid()
    given = form.cleaned_data
    focus = Focus(
        now=now,
        days=int(given.get("days") or DEFAULT_PERIOD),
        district=given.get("district"),
        matter=given.get("matter"),
        industry=given.get("industry"),
    )
    return focus, form
