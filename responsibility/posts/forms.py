"""The forms by which a post changes hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.forms import INPUT, SELECT, day_input
from responsibility.posts.services import NOTE_LENGTH
from safegrid.accounts.models import Post, User


def person_field(people: Sequence[User], *, vacant: str = "") -> forms.TypedChoiceField:
    """Return the field that chooses one of `people`, or nobody in the words of `vacant`."""
    choices = [(str(person.pk), _named(person)) for person in people]
    if vacant:
        choices.append(("0", vacant))
    return forms.TypedChoiceField(
        label=_("Person"),
        coerce=int,
        choices=choices,
        widget=forms.RadioSelect({"class": "form-check-input"}),
    )


def _named(person: User) -> str:
    """Return a person in words that tell them from another of their name."""
    return f"{person} · {person.phone}" if person.phone else str(person)


class HandoverForm(forms.Form):
    """Who holds the post from which day on."""

    on = forms.DateField(label=_("From"), widget=day_input())
    note = forms.CharField(
        label=_("What the next one should know"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 3, **INPUT}),
    )
    field_order = ("person", "on", "note")

    def __init__(self, *given: Any, people: Sequence[User], is_held: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["person"] = person_field(
            people, vacant=str(_("nobody: it stays vacant")) if is_held else ""
        )
        self.order_fields(self.field_order)


class SubstituteForm(forms.Form):
    """Who stands in, from when until when."""

    since = forms.DateField(label=_("From"), widget=day_input())
    until = forms.DateField(label=_("Until (the first day back)"), widget=day_input())
    field_order = ("person", "since", "until")

    def __init__(self, *given: Any, people: Sequence[User], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["person"] = person_field(people)
        self.order_fields(self.field_order)


class BackForm(forms.Form):
    """When the holder of a post is back, sooner or later than arranged."""

    on = forms.DateField(label=_("Back on (the first day)"), widget=day_input())


class LeaveForm(forms.Form):
    """From which day on, and who takes over each post."""

    on = forms.DateField(label=_("First day on which the person is gone"), widget=day_input())

    def __init__(self, *given: Any, posts: Sequence[tuple[Post, Sequence[User]]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.posts = {f"post_{post.pk}": post for post, _people in posts}
        for post, people in posts:
            self.fields[f"post_{post.pk}"] = forms.TypedChoiceField(
                label=post.label,
                coerce=int,
                choices=[
                    ("", _("Choose who takes over")),
                    *((person.pk, _named(person)) for person in people),
                    (0, _("nobody: it stays vacant")),
                ],
                widget=forms.Select(SELECT),
            )

    def successors(self) -> dict[Post, User | None]:
        """Return who was chosen for each post."""
        chosen = {name: self.cleaned_data[name] for name in self.posts}
        people = User.objects.in_bulk([pk for pk in chosen.values() if pk])
        return {self.posts[name]: people.get(pk) for name, pk in chosen.items()}
