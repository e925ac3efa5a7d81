"""A form field that takes photos: sent ahead one by one, or with the form when there is no script.

    class RectifyForm(forms.Form):
        photos = PhotosField(label=_("Photos after"), required=False)

        def __init__(self, *args, intake, **kwargs):
            super().__init__(*args, **kwargs)
            intake.serve(self)

    RectifyForm(request.POST, request.FILES, intake=Intake(request.user, now))

Its value is a list of `StoredFile`. A photo that arrived stays with the form, whatever else in it is
wrong: the page shows it again as kept. A page that holds such a field includes
`files/_photos_script.html` in its `scripts`; with `data-photos-wait` on the form, photos that could not be
sent wait in the browser until they can, even when the page is closed in between.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from safegrid.files.choices import FileState, Origin
from safegrid.files.models import StoredFile
from safegrid.files.services import store
from safegrid.kernel.refusals import Invalid

MAX_PHOTOS = 6
ACCEPT = "image/jpeg,image/png,image/webp"  # so that a phone turns its own format into one of these


class Intake:
    """Takes the photos that one person gives at one moment, for all photo fields of a page.

    Where nobody signs in, the form itself is the source: its photos are known by `form_key` alone, and
    cannot be looked at again.
    """

    def __init__(self, user: Any, now: dt.datetime, *, form_key: UUID | None = None) -> None:
        self.user = user if form_key is None else None
        self.now = now
        self.form_key = form_key
        self._found: dict[UUID, StoredFile | None] = {}

    def serve(self, form: forms.BaseForm) -> None:
        """Let the photo fields of `form` store and find photos for this person."""
        for field in form.fields.values():
            if isinstance(field, PhotosField):
                field.intake = self
                assert isinstance(field.widget, PhotosInput)  # noqa: S101 (set by the class)
                field.widget.unseen = self.form_key is not None

    def find(self, ids: Iterable[str]) -> dict[str, StoredFile]:
        """Return by id the photos that are the person's own or visible to them. One query for new ids."""
        wanted = {text: pk for text in ids if (pk := _uuid(text)) is not None}
        unknown = [pk for pk in wanted.values() if pk not in self._found]
        if unknown:
            rows = StoredFile.objects.filter(self._reached(unknown), pk__in=unknown)
            self._found.update(dict.fromkeys(unknown) | {row.pk: row for row in rows})
        return {text: row for text, pk in wanted.items() if (row := self._found[pk]) is not None}

    def _reached(self, ids: list[UUID]) -> Q:
        if self.form_key is not None:
            return Q(form_key=self.form_key)
        seen = StoredFile.objects.visible_to(self.user).filter(pk__in=ids)
        return Q(uploaded_by=self.user) | Q(pk__in=seen.values("pk"))

    def store(self, upload: UploadedFile, origin: str) -> StoredFile:
        """Keep one upload; raise Invalid for what is no photo."""
        return store(upload=upload, actor=self.user, now=self.now, origin=origin, form_key=self.form_key)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class PhotosInput(forms.Widget):
    """Thumbnails of what is there, and two ways to add: camera and album."""

    template_name = "files/photos.html"
    needs_multipart_form = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.taken: list[StoredFile] | None = None  # what the field has accepted of a form sent
        self.unseen = False  # whether what was taken cannot be looked at again: nobody is signed in

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> dict[str, list[Any]]:
        ids = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return {"ids": ids} | {str(o): files.getlist(f"{name}-{o}") if files else [] for o in Origin}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False  # no photo is an answer too

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        shown = value if isinstance(value, list) else []
        context["widget"] |= {
            "photos": shown if self.taken is None else self.taken,
            "unseen": self.unseen,
            "accept": ACCEPT,
            "max": MAX_PHOTOS,
            "max_bytes": settings.UPLOAD_MAX_BYTES,
            "max_megabytes": settings.UPLOAD_MAX_BYTES >> 20,
        }
        return context

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class PhotosField(forms.Field):
    """Up to MAX_PHOTOS photos; `cleaned_data` holds a list of StoredFile."""

    widget = PhotosInput
    intake: Intake  # given by Intake.serve

    def clean(self, value: dict[str, list[Any]]) -> list[StoredFile]:
        known = self.intake.find(value["ids"])
        taken = {row.pk: row for row in known.values()}
        problems = []
        if len(known) < len(set(value["ids"])):
            problems.append(_("A photo is no longer there. Add it again."))
        for origin in Origin:
            for upload in value[origin]:
                try:
                    row = self.intake.store(upload, origin)
                except Invalid as refusal:
                    problems += refusal.messages
                else:
                    taken[row.pk] = row
        assert isinstance(self.widget, PhotosInput)  # noqa: S101 (set by the class)
        self.widget.taken = list(taken.values())
        if any(row.state == FileState.UNREADABLE for row in taken.values()):
            problems.append(_("A photo could not be read. Take it away and add another."))
        if len(taken) > MAX_PHOTOS:
            problems.append(_("Up to %(n)s photos. Take some away.") % {"n": MAX_PHOTOS})
        if self.required and not taken:
            problems.append(_("A photo is needed."))
        if problems:
            raise ValidationError(problems)
        return list(taken.values())
