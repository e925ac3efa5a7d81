"""Forms of the import's steps: the upload, and which column holds what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import Datum
from safegrid.grid.imports.kinds import Kind, kinds
from safegrid.grid.imports.problems import FILE_PROBLEMS, wording
from safegrid.grid.models import ImportJob

EXTENSIONS = ".csv,.txt,.tsv,.xlsx,.xls"


class UploadForm(forms.Form):
    """Choose what is imported, and the file."""

    kind = forms.ChoiceField(label=_("What the rows are"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": EXTENSIONS}),
        error_messages={"required": _("Choose a file."), "empty": FILE_PROBLEMS["empty"]},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.code, kind.label) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        self.fields["kind"].initial = choices[0][0]

    def clean_file(self) -> Any:
        """Refuse a file that is too big before it is read."""
        file = self.cleaned_data["file"]
        limit = settings.UPLOAD_MAX_BYTES
        if file.size > limit:
            raise forms.ValidationError(
                wording(FILE_PROBLEMS, "too_big", {"limit": filesizeformat(limit)}), code="too_big"
            )
        return file


class MatchForm(forms.Form):
    """For each column of the file, the field that it holds, or nothing."""

    datum = forms.ChoiceField(
        label=_("Positions are given in"),
        choices=Datum.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("Chinese map applications give GCJ-02 or BD-09, some hundred metres off."),
    )

    def __init__(self, data: Any = None, *, job: ImportJob) -> None:
        held = {column: code for code, column in job.mapping.items()}
        initial = {f"column-{n}": held.get(column, "") for n, column in enumerate(job.columns)}
        super().__init__(data, initial={**initial, "datum": job.datum})
        self.job = job
        self.kind: Kind = kinds[job.kind]
        if not self.kind.placed:
            del self.fields["datum"]
        choices = [("", _("leave out")), *((field.code, field.label) for field in self.kind.fields)]
        for number, column in enumerate(job.columns):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=column,
                choices=choices,
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse two columns for one field."""
        cleaned = super().clean() or {}
        seen: set[str] = set()
        for number, _column in enumerate(self.job.columns):
            code = cleaned.get(f"column-{number}")
            if code and code in seen:
                label = self.kind.by_code[code].label
                self.add_error(
                    f"column-{number}", _("Another column is %(field)s already.") % {"field": label}
                )
            seen.add(code or "")
        return cleaned

    @property
    def mapping(self) -> dict[str, str]:
        """Field → column, of what was chosen and understood."""
        found: dict[str, str] = {}
        for number, column in enumerate(self.job.columns):
            if code := self.cleaned_data.get(f"column-{number}"):
                found.setdefault(code, column)
        return found

    @property
    def datum_given(self) -> str:
        """The datum that was chosen; the job's own for what has no positions."""
        return self.cleaned_data.get("datum") or self.job.datum

    @property
    def columns(self) -> Iterator[tuple[forms.BoundField, list[str]]]:
        """Each column's choice, with the first words that stand in it."""
        for number, _column in enumerate(self.job.columns):
            words = [cells[number] for _row, cells in self.job.sample if cells[number]]
            yield self[f"column-{number}"], list(dict.fromkeys(words))[:3]
