"""The forms of a question to a government."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.forms import INPUT, SELECT, offered_posts
from responsibility.regulators.models import RegulatorQuestion
from responsibility.regulators.services import TEXT_LENGTH
from safegrid.accounts.models import Post
from safegrid.grid.models import Matter


class AskForm(forms.Form):
    """What is asked."""

    text = forms.CharField(
        label=_("What is done there, and why does no department govern it?"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 4, **INPUT}),
    )


class NamedForm(forms.Form):
    """Who governs it from now on, and by which document."""

    matter: forms.ModelChoiceField[Matter] = forms.ModelChoiceField(
        label=_("Matter"),
        queryset=Matter.objects.order_by("path"),
        empty_label=_("Choose a matter"),
        widget=forms.Select(SELECT),
    )
    regulator = forms.TypedChoiceField(label=_("Post"), coerce=int, widget=forms.Select(SELECT))
    document = forms.CharField(label=_("Document"), max_length=120, widget=forms.TextInput(INPUT))

    def __init__(self, *given: Any, question: RegulatorQuestion, today: dt.date, **more: Any) -> None:
        super().__init__(*given, **more)
        posts = offered_posts(question.district, today)
        self.fields["regulator"].choices = [("", _("Choose a post")), *posts]  # type: ignore[attr-defined]
        if question.industry is not None:
            self.fields["matter"].initial = question.industry.matters.order_by("path").first()

    def given(self) -> dict[str, Any]:
        """Return what was chosen, as `answer` takes it."""
        return self.cleaned_data | {
            "regulator": Post.objects.select_related("unit").get(pk=self.cleaned_data["regulator"])
        }
