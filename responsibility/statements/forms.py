"""The forms of statements: signing, judging, correcting, and writing templates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.forms import INPUT, SELECT
from responsibility.statements.choices import Scoring, StatementLevel
from responsibility.statements.indicators import find, indicators
from responsibility.statements.models import (
    NOTE_LENGTH,
    PROMISE_LENGTH,
    YEARS,
    ScoreLine,
    StatementItem,
    StatementTemplate,
)
from responsibility.statements.signing import REASON_LENGTH
from safegrid.files.forms import Intake, PhotosField

SPARE = 3  # empty lines below the items of a template
MOST_ITEMS = 40


class ReasonForm(forms.Form):
    """Why something is withdrawn or corrected."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 2, **INPUT}),
        error_messages={"required": _("Say it in a few words.")},
    )


class ReviewForm(forms.Form):
    """What a reviewer gives for an item, or whether a veto applies, and what that rests on."""

    points = forms.DecimalField(
        label=_("Points"), max_digits=5, decimal_places=2, min_value=0, widget=forms.NumberInput(INPUT)
    )
    is_vetoed = forms.TypedChoiceField(
        label=_("Does the veto apply?"),
        coerce=lambda value: value == "yes",
        choices=[("no", _("No")), ("yes", _("Yes: the band becomes “vetoed”"))],
        widget=forms.RadioSelect({"class": "form-check-input"}),
    )
    note = forms.CharField(
        label=_("What it rests on"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 3, **INPUT}),
        error_messages={"required": _("Say what it rests on.")},
    )
    document = forms.CharField(
        label=_("Document"),
        help_text=_("Number or name. Whatever takes points or vetoes needs a document or a photo."),
        max_length=200,
        required=False,
        widget=forms.TextInput(INPUT),
    )
    photos = PhotosField(label=_("Photos"), required=False)

    def __init__(self, *given: Any, line: ScoreLine, intake: Intake, **more: Any) -> None:
        initial = {
            "points": line.points,
            "is_vetoed": "yes" if line.is_vetoed else "no",
            "note": line.note,
            "document": line.document,
        }
        super().__init__(*given, **{**more, "initial": initial})
        intake.serve(self)
        del self.fields["points" if line.item.scoring == Scoring.VETO else "is_vetoed"]
        if "points" in self.fields:
            most = line.item.points
            self.fields["points"].widget.attrs["max"] = most
            self.fields["points"].label = _("Points, up to %(most)s") % {"most": most}


class QuarterForm(forms.Form):
    """Which bodies of which quarter. Enterprises stand in no ranking, but in the assessment sheet."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, widget=forms.Select(SELECT))
    quarter = forms.TypedChoiceField(
        label=_("Quarter"),
        coerce=int,
        choices=[(n, str(n)) for n in range(1, 5)],
        widget=forms.Select(SELECT),
    )
    level = forms.ChoiceField(
        label=_("Who promises"),
        choices=StatementLevel.choices,
        widget=forms.Select(SELECT),
    )

    def __init__(self, *given: Any, years: list[int], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class CopyForm(forms.Form):
    """For which year a template is copied."""

    year = forms.IntegerField(
        label=_("Year"), min_value=YEARS[0], max_value=YEARS[1], widget=forms.NumberInput(INPUT)
    )


class TemplateForm(forms.ModelForm):
    """The wording of a template."""

    class Meta:
        model = StatementTemplate
        fields = ("title", "text")
        widgets = {"title": forms.TextInput(INPUT), "text": forms.Textarea({"rows": 16, **INPUT})}
        help_texts = {
            "text": _(
                "What stands in braces is filled in: {year}, {promiser}, {receiver}, {place}, and {targets} "
                "for the items."
            )
        }


class ItemForm(forms.ModelForm):
    """One item of a template; a line without a promise is left out."""

    promise = forms.CharField(
        label=_("What is promised"),
        max_length=PROMISE_LENGTH,
        required=False,
        widget=forms.TextInput(INPUT),
    )
    indicator = forms.ChoiceField(label=_("Indicator"), required=False, widget=forms.Select(SELECT))

    class Meta:
        model = StatementItem
        fields = (
            "promise",
            "promise_en",
            "scoring",
            "points",
            "indicator",
            "target",
            "step",
            "per_step",
        )
        widgets = {
            "promise_en": forms.TextInput(INPUT),
            "scoring": forms.Select(SELECT),
            "points": forms.NumberInput(INPUT),
            "target": forms.NumberInput(INPUT),
            "step": forms.NumberInput(INPUT),
            "per_step": forms.NumberInput(INPUT),
        }

    def __init__(self, *given: Any, level: str, **more: Any) -> None:
        super().__init__(*given, **more)
        own = self.initial.get("indicator") or ""
        known = [(each.code, each.label) for each in indicators if level in each.levels]
        if own and find(own) is None:
            known.append((own, _("%(code)s (not counted in this portal yet)") % {"code": own}))
        self.fields["indicator"].choices = [("", "–"), *known]  # type: ignore[attr-defined]
        self.fields["scoring"].required = self.fields["points"].required = False

    def validate_constraints(self) -> None:
        """Leave it to the service, which says it in words."""

    def _post_clean(self) -> None:
        """Leave the row as it is: the service writes all items anew."""


ItemForms = forms.formset_factory(
    ItemForm, extra=SPARE, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS, validate_max=True
)


def given_items(items: Any) -> list[dict[str, Any]]:
    """Return the items of a formset that is understood, without the lines that were left empty."""
    rows = [form.cleaned_data for form in items if form.cleaned_data.get("promise")]
    return [row | {"scoring": row.get("scoring") or Scoring.REVIEWED} for row in rows]


class LevelForm(forms.Form):
    """Of which level and year statements are issued."""

    level = forms.ChoiceField(label=_("Who promises"), widget=forms.Select(SELECT))
    year = forms.TypedChoiceField(label=_("Year"), coerce=int, widget=forms.Select(SELECT))

    def __init__(self, *given: Any, levels: list[str], today: dt.date, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (each.value, each.label) for each in StatementLevel if each.value in levels
        ]
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            (year, str(year)) for year in (today.year, today.year + 1)
        ]
