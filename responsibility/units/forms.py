"""What becomes of a body, from which day, and by which decision; the fields follow from the kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from responsibility.units.succession import NewUnit
from safegrid.accounts.models import Post
from safegrid.grid.choices import SuccessionKind
from safegrid.grid.models import Unit

INPUT = {"class": "form-control"}
SPLIT_AT_MOST = 6


class ReorganiseForm(forms.Form):
    """The form of one kind of reorganisation of one unit."""

    name = forms.CharField(label=gettext_lazy("New name"), max_length=120, widget=forms.TextInput(INPUT))
    name_en = forms.CharField(
        label=gettext_lazy("English name"), max_length=160, required=False, widget=forms.TextInput(INPUT)
    )
    short_name = forms.CharField(
        label=gettext_lazy("Short name"), max_length=60, required=False, widget=forms.TextInput(INPUT)
    )
    document_prefix = forms.CharField(
        label=gettext_lazy("Document prefix"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Documents with the prefix of before go on with its numbers."),
        widget=forms.TextInput(INPUT),
    )
    successors = forms.CharField(
        label=gettext_lazy("The new units, one on each line: name, English name, short name, prefix"),
        widget=forms.Textarea({"rows": 4, **INPUT}),
    )
    on = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput({"type": "date", **INPUT}, format="%Y-%m-%d")
    )
    basis = forms.CharField(
        label=gettext_lazy("Decision that it rests on"), max_length=200, widget=forms.TextInput(INPUT)
    )

    def __init__(self, *given: Any, unit: Unit, kind: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.unit, self.kind = unit, kind
        self.posts: list[Post] = []
        if kind == SuccessionKind.SPLIT:
            for name in ("name", "name_en", "short_name", "document_prefix"):
                del self.fields[name]
            self._add_posts()
        else:
            del self.fields["successors"]
        if kind == SuccessionKind.MERGED:
            self._add_others()
        self.order_fields(["others", "successors", "name", "name_en", "short_name", "document_prefix"])

    def _add_others(self) -> None:
        """Offer what is of the same kind in the same place."""
        beside = Unit.objects.existing().filter(kind=self.unit.kind, district=self.unit.district_id)
        self.fields["others"] = forms.TypedMultipleChoiceField(
            label=gettext_lazy("Together with"),
            coerce=int,
            choices=[(each.pk, each.label) for each in beside.exclude(pk=self.unit.pk)],
            widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
        )

    def _add_posts(self) -> None:
        """Ask for each post where it goes."""
        numbers = [(n, _("to new unit no. %(n)s") % {"n": n + 1}) for n in range(SPLIT_AT_MOST)]
        self.posts = list(Post.objects.filter(unit=self.unit).order_by("pk"))
        for post in self.posts:
            self.fields[f"post_{post.pk}"] = forms.TypedChoiceField(
                label=post.label,
                coerce=int,
                choices=numbers,
                widget=forms.Select({"class": "form-select"}),
            )

    def given(self) -> dict[str, Any]:
        """Return what was said, as `reorganise_units` takes it."""
        data = self.cleaned_data
        predecessors = [self.unit]
        if self.kind == SuccessionKind.MERGED:
            predecessors += Unit.objects.filter(pk__in=data["others"])
        if self.kind == SuccessionKind.SPLIT:
            successors = _lines(data["successors"])
        else:
            successors = [NewUnit(data["name"], data["name_en"], data["short_name"], data["document_prefix"])]
        return {
            "kind": self.kind,
            "on": data["on"],
            "basis": data["basis"],
            "predecessors": sorted(predecessors, key=lambda unit: unit.pk),
            "successors": successors,
            "parts": {post.pk: data[f"post_{post.pk}"] for post in self.posts},
        }


def _lines(text: str) -> list[NewUnit]:
    found = []
    for line in text.splitlines():
        if line.strip():
            parts = [part.strip() for part in line.replace("，", ",").replace("\t", ",").split(",")]
            found.append(NewUnit(*([*parts, "", "", ""])[:4]))
    return found
