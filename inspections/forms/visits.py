"""The record of a visit as a form: who, when, what was looked at, what was found."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.choices import Result, VisitKind
from inspections.models import ChecklistItem, VisitItem
from inspections.queries import companions, items_at, kinds_of
from inspections.services.visits import Looked, certificates
from safegrid.accounts.models import Post, User
from safegrid.accounts.queries import holders
from safegrid.files.forms import Intake, PhotosField
from safegrid.grid.fields import MatterChoice
from safegrid.grid.models import Matter, Site
from safegrid.grid.queries import matters_at
from safegrid.kernel import clock
from safegrid.kernel.moments import MomentField

NOTE_LENGTH = VisitItem._meta.get_field("note").max_length
REMARKS_LENGTH = 2000


class VisitForm(forms.Form):
    """The visit itself. Whom it offers stands at the site or belongs to the acting post's unit."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    matter = MatterChoice(
        label=gettext_lazy("Matter"),
        queryset=Matter.objects.none(),
        empty_label=None,
        widget=forms.Select({"class": "form-select"}),
    )
    visited_at = MomentField(label=gettext_lazy("When"))
    officers = forms.MultipleChoiceField(
        label=gettext_lazy("Who was there beside you"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Remarks"),
        required=False,
        max_length=REMARKS_LENGTH,
        widget=forms.Textarea({"rows": 3, "class": "form-control"}),
    )
    refused_to_sign = forms.BooleanField(
        label=gettext_lazy("The site refused to sign"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, site: Site, user: User, post: Post, now: dt.datetime
    ) -> None:
        super().__init__(data, files, initial={"visited_at": localtime(now)})
        self.items_errors: list[str] = []  # about the items as a whole
        labels = dict(VisitKind.choices)
        kinds = [(kind.value, labels[kind.value]) for kind in kinds_of(post)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["kind"].initial = kinds[0][0]
        self.fields["matter"].queryset = matters_at(site, user, post)  # type: ignore[attr-defined]
        self.fields["visited_at"].end_at(now)  # type: ignore[attr-defined]
        self._posts = {str(row.pk): row for row in companions(site, post)}
        self.own_certificate, choices = self._people(user, post, clock.local_date(now))
        self.fields["officers"].choices = choices  # type: ignore[attr-defined]

    def _people(self, user: User, own: Post, today: dt.date) -> tuple[str, list[tuple[str, str]]]:
        """Return the own certificate's number, and who may have come along, with theirs.

        Who holds a certificate comes first, then who is of the same unit.
        """
        manned = holders([post.pk for post in self._posts.values()], on=today)
        numbers = certificates([user, *manned.values()], on=today)
        others = [
            (post, person, numbers.get(person.pk, ""))
            for post in self._posts.values()
            if (person := manned.get(post.pk)) is not None and person.pk != user.pk
        ]
        others.sort(key=lambda each: (not each[2], each[0].unit_id != own.unit_id))
        choices = []
        for post, person, number in others:
            words = {
                "name": person.label,
                "post": post.label,
                "unit": post.unit.label if post.unit is not None else "",
                "number": number,
            }
            if number:
                text = _("%(name)s, %(post)s, %(unit)s · certificate %(number)s") % words
            else:
                text = _("%(name)s, %(post)s, %(unit)s · no certificate in date") % words
            choices.append((str(post.pk), text))
        return numbers.get(user.pk, ""), choices

    @property
    def companions(self) -> list[Post]:
        """The posts that were chosen."""
        return [self._posts[pk] for pk in self.cleaned_data["officers"]]

    @property
    def chosen_matter(self) -> str:
        """The id of the matter that is chosen, or of the first one that can be."""
        value = self["matter"].value()
        first = self.fields["matter"].queryset.first()  # type: ignore[attr-defined]
        return str(value or (first.pk if first is not None else ""))


class LookedForm(forms.Form):
    """One item: not looked at, or what was seen."""

    result = forms.ChoiceField(choices=Result, required=False)
    note = forms.CharField(required=False, max_length=NOTE_LENGTH)
    photos = PhotosField(required=False)

    def __init__(self, data: Any = None, files: Any = None, *, item: ChecklistItem, intake: Intake) -> None:
        super().__init__(data, files, prefix=f"v{item.pk}")
        self.item = item
        intake.serve(self)

    @property
    def shown(self) -> dict[str, str]:
        """What the fields hold, as text."""
        return {name: self[name].value() or "" for name in ("result", "note")}

    @property
    def looked(self) -> Looked:
        """What was seen; words and photos count only where something is wrong."""
        result = self.cleaned_data["result"]
        if result != Result.NOT_OK:
            return Looked(result)
        return Looked(result, self.cleaned_data["note"], self.cleaned_data["photos"])


class LookedSheet:
    """The items that apply to the site in the acting post's matters, grouped by matter."""

    def __init__(
        self,
        site: Site,
        user: User,
        post: Post,
        *,
        intake: Intake,
        data: MultiValueDict[str, str] | None = None,
        files: MultiValueDict[str, Any] | None = None,
    ) -> None:
        if data is not None:
            intake.find([text for key in data if key.endswith("-photos") for text in data.getlist(key)])
        self.forms = [
            LookedForm(data, files, item=item, intake=intake)
            for item in items_at(site, matters_at(site, user, post))
        ]

    def groups(self, chosen: str) -> list[tuple[Matter, list[LookedForm], bool]]:
        """Return each matter with its forms, in the order of the tree, and whether it stands open.

        The chosen one does (by its id, as text), and those in which something was answered.
        """
        found: dict[int, list[LookedForm]] = {}
        for form in self.forms:
            found.setdefault(form.item.matter_id, []).append(form)
        return [
            (
                forms[0].item.matter,
                forms,
                str(pk) == chosen or any(form["result"].value() or form.errors for form in forms),
            )
            for pk, forms in found.items()
        ]

    def is_valid(self) -> bool:
        """Return whether every item is acceptable; all of them are cleaned, so that no photo is lost."""
        accepted = [form.is_valid() for form in self.forms]
        return all(accepted)

    def looked(self) -> dict[ChecklistItem, Looked]:
        """Return what was looked at."""
        return {form.item: form.looked for form in self.forms if form.cleaned_data["result"]}

    def refuse(self, messages: Mapping[str, Iterable[str]]) -> dict[str, Iterable[str]]:
        """Put what a service says about an item beside it, and return the rest."""
        places = {f"item_{form.item.pk}": form for form in self.forms}
        rest = {}
        for name, sentences in messages.items():
            if name in places:
                for sentence in sentences:
                    places[name].add_error("note", sentence)
            else:
                rest[name] = sentences
        return rest
