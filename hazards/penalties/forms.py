"""The forms of a penalty: entered, and corrected."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hazards.fields import day_field
from hazards.penalties.choices import PenaltyKind
from hazards.penalties.models import Penalty
from hazards.penalties.services import Decided, said
from safegrid.grid.models import Matter
from safegrid.kernel import clock

LAW = "安全生产法"


def _line(name: str, label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=Penalty._meta.get_field(name).max_length, **more)  # type: ignore[union-attr]


class MatterChoice(forms.ModelChoiceField):
    """Matters by their names."""

    def label_from_instance(self, obj: Matter) -> str:
        return obj.label


class PenaltyForm(forms.Form):
    """What a decision says of one penalty."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(label=_("Kind"), choices=PenaltyKind.choices, initial=PenaltyKind.FINE)
    amount = forms.DecimalField(
        label=_("Amount, yuan"),
        max_digits=14,
        decimal_places=2,
        required=False,
        help_text=_("Of a fine only."),
        widget=forms.NumberInput({"inputmode": "decimal", "step": "0.01", "min": "0.01"}),
    )
    law = _line("law", _("Law"), initial=LAW)
    article = _line("article", _("Article"), help_text=_("As the decision names it: 第一百零二条"))
    is_of_law = forms.BooleanField(
        label=_("By the Work Safety Law"),
        initial=True,
        required=False,
        help_text=_("Only such penalties count where three or four of them lead to closing (Art. 113)."),
    )
    document = _line("document", _("Number of the decision"))
    decided_on = day_field(_("Decided on"))
    visit_number = _line("visit_number", _("Number of the visit"), required=False)

    def __init__(
        self, *given: Any, now: dt.datetime, matters: Any = None, visit_number: str = "", **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["visit_number"].initial = visit_number
        today = clock.local_date(now)
        self.fields["decided_on"].initial = today
        self.fields["decided_on"].widget.attrs["max"] = today.isoformat()
        if matters is not None:
            self.fields["matter"] = MatterChoice(matters, label=_("Matter"), empty_label=None)
            self.order_fields(["token", "matter"])

    def decided(self) -> Decided:
        """Return what was given, for the service."""
        given = self.cleaned_data
        return Decided(**{name: given[name] for name in Decided.__dataclass_fields__})


class CorrectionForm(PenaltyForm):
    """What stands from now on in the place of what was entered, and why."""

    is_void = forms.BooleanField(
        label=_("It does not stand: annulled, or entered by mistake"), required=False
    )
    reason = _line("reason", _("Why it is corrected"), widget=forms.Textarea({"rows": 3}))

    def __init__(self, *given: Any, penalty: Penalty, now: dt.datetime, **more: Any) -> None:
        stands = said(penalty)
        values = {name: getattr(stands, name) for name in Decided.__dataclass_fields__}
        super().__init__(*given, now=now, initial=values | {"is_void": penalty.is_void}, **more)
