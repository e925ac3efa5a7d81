"""The forms by which a duty of supervision is given and ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.choices import Line, Tier
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders
from safegrid.grid.models import District, Matter, Site, Unit

POSTS = 400  # offered at once

SELECT = {"class": "form-select"}
INPUT = {"class": "form-control"}


def day_input() -> forms.DateInput:
    """Return the widget of a day."""
    return forms.DateInput({"type": "date", **INPUT}, format="%Y-%m-%d")


class AssignForm(forms.Form):
    """Who answers for what over one place, or over one site for a matter that it has; since when and why."""

    line = forms.ChoiceField(
        label=_("Line"),
        choices=[(line.value, line.label) for line in Line if line != Line.ENTERPRISE],
        widget=forms.Select(SELECT),
    )
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices, widget=forms.Select(SELECT))
    matter: forms.ModelChoiceField[Matter] = forms.ModelChoiceField(
        label=_("Matter"),
        queryset=Matter.objects.order_by("path"),
        to_field_name="code",
        empty_label=_("Choose a matter"),
        widget=forms.Select(SELECT),
    )
    post = forms.TypedChoiceField(label=_("Post"), coerce=int, widget=forms.Select(SELECT))
    since = forms.DateField(label=_("From"), widget=day_input())
    until = forms.DateField(label=_("Until (the first day it is over)"), required=False, widget=day_input())
    basis = forms.CharField(label=_("Legal basis"), max_length=200, widget=forms.TextInput(INPUT))
    document = forms.CharField(
        label=_("Document"), max_length=120, required=False, widget=forms.TextInput(INPUT)
    )

    def __init__(
        self, *given: Any, place: District, today: dt.date, site: Site | None = None, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["post"].choices = [("", _("Choose a post")), *offered_posts(place, today)]  # type: ignore[attr-defined]
        if site is not None:
            matters = Matter.objects.filter(pk__in=site.matter_ids).order_by("path")
            self.fields["matter"].queryset = matters  # type: ignore[attr-defined]

    @property
    def chosen_post(self) -> Post:
        """The post that was chosen."""
        return Post.objects.select_related("unit").get(pk=self.cleaned_data["post"])


class ManyForm(AssignForm):
    """The same over many places at once: to one post, to several, or each place to one of several."""

    field_order = ("line", "tier", "matter", "posts", "one_each", "since", "until", "basis", "document")

    def __init__(self, *given: Any, place: District, today: dt.date, **more: Any) -> None:
        super().__init__(*given, place=place, today=today, **more)
        choices = self.fields.pop("post").choices[1:]  # type: ignore[attr-defined]
        self.fields["posts"] = forms.TypedMultipleChoiceField(
            label=_("Posts"),
            coerce=int,
            choices=choices,
            widget=forms.SelectMultiple({**SELECT, "size": 8}),
        )
        self.fields["one_each"] = forms.BooleanField(
            label=_("Each place goes to one of these posts: to the one whose own it is, otherwise in turn."),
            help_text=_("Before anything is done you see which, and can choose another."),
            required=False,
            widget=forms.CheckboxInput({"class": "form-check-input"}),
        )
        self.order_fields(self.field_order)

    def chosen_for(self, places: Iterable[District]) -> dict[int, Post]:
        """Return by the ids of places the posts that were chosen for them one by one."""
        posts = {str(post.pk): post for post in self.chosen_posts}
        asked = {place.pk: self.data.get(f"post-{place.code}") for place in places}
        return {pk: posts[post] for pk, post in asked.items() if post in posts}

    @cached_property
    def chosen_posts(self) -> list[Post]:
        """The posts that were chosen."""
        found = Post.objects.filter(pk__in=self.cleaned_data["posts"]).select_related("unit")
        return list(found.order_by("pk"))


class EndForm(forms.Form):
    """From which day on it is no longer in force."""

    on = forms.DateField(label=_("Ends on (the first day it is over)"), widget=day_input())


def offered_posts(place: District, today: dt.date) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the posts of bodies in, above or below `place`, by body, with who holds them. Three queries."""
    above = [place.path[: end * place.steplen] for end in range(1, place.depth + 1)]
    near = Unit.objects.filter(Q(district__path__in=above) | Q(district__path__startswith=place.path))
    posts = list(
        Post.objects.filter(unit__in=near)
        .select_related("unit")
        .order_by("-unit__district__depth", "unit", "pk")[:POSTS]
    )
    manned = holders([post.pk for post in posts], on=today)
    vacant = _("vacant")
    return [
        (
            unit.label if unit else "",
            [(post.pk, f"{post.label} · {manned.get(post.pk) or vacant}") for post in group],
        )
        for unit, group in groupby(posts, key=lambda post: post.unit)
    ]
