"""Forms of the import's steps: the upload, and which column holds what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import Datum
from safegrid.grid.imports.kinds import Kind, Vocabulary, kinds
from safegrid.grid.imports.problems import FILE_PROBLEMS, wording
from safegrid.grid.models import ImportJob
from safegrid.kernel.bigrams import normal

EXTENSIONS = ".csv,.txt,.tsv,.xlsx,.xls"


class UploadForm(forms.Form):
    """Choose what is imported, and the file."""

    kind = forms.ChoiceField(label=_("What the rows are"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": EXTENSIONS}),
        error_messages={"required": _("Choose a file."), "empty": FILE_PROBLEMS["empty"]},
    )

    def __init__(self, *args: Any, kinds: Sequence[Kind], **kwargs: Any) -> None:
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


@dataclass(frozen=True)
class Spelling:
    """A word that stands in a column of choices, and what it means."""

    word: str
    count: int
    meaning: Any  # the label of what it is known to mean, or ""
    field: str  # the name of the form's field in which somebody says it, or ""


class MatchForm(forms.Form):
    """For each column of the file, the field that it holds, or nothing; for unknown words, what they mean."""

    save_as = forms.CharField(
        label=_("Keep these choices as"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("They are chosen again for the next sheet with the same headings."),
    )

    datum = forms.ChoiceField(
        label=_("Positions are given in"),
        choices=Datum.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("Chinese map applications give GCJ-02 or BD-09, some hundred metres off."),
    )

    def __init__(self, data: Any = None, *, job: ImportJob) -> None:
        held = {column: code for code, column in job.mapping.items()}
        initial = {f"column-{n}": held.get(column, "") for n, column in enumerate(job.columns)}
        saved = job.saved.name if job.saved is not None else ""
        super().__init__(data, initial={**initial, "datum": job.datum, "save_as": saved})
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

        #: Field → the words of its column.
        self.spelled: dict[str, list[Spelling]] = {}
        for code, vocabulary in self.kind.vocabularies.items():
            column = self._column_of(code)
            if column is not None:
                self.spelled[code] = [
                    self._spelling(code, vocabulary, word, count)
                    for word, count in job.spellings.get(column, [])
                ]

    def _column_of(self, code: str) -> str | None:
        """The column that holds a field, as the form is sent or as the job has it."""
        for number, column in enumerate(self.job.columns):
            sent = self.data.get(f"column-{number}") if self.is_bound else None
            if (sent if self.is_bound else self.initial[f"column-{number}"]) == code:
                return column
        return None

    def _spelling(self, code: str, vocabulary: Vocabulary, word: str, count: int) -> Spelling:
        """A word as it is known, or with a field of its own in which somebody says what it means."""
        flat = normal(word)
        known = vocabulary.find(word)
        if known is not None:
            return Spelling(word, count, dict(vocabulary.choices()).get(known, known), "")
        name = f"word-{code}-{hashlib.sha256(flat.encode()).hexdigest()[:12]}"
        self.fields[name] = forms.ChoiceField(
            label=word,
            choices=[("", _("not known: reject these rows")), *vocabulary.choices()],
            required=False,
            initial=self.job.words.get(code, {}).get(flat, ""),
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        return Spelling(word, count, "", name)

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """Field → word → what somebody said that it means; what the job knows of other words stays."""
        found = {code: dict(words) for code, words in self.job.words.items()}
        for code, spellings in self.spelled.items():
            for each in spellings:
                if each.field and each.field in self.data:
                    found.setdefault(code, {}).pop(normal(each.word), None)
                    if meaning := self.cleaned_data.get(each.field):
                        found[code][normal(each.word)] = meaning
        return {code: words for code, words in found.items() if words}

    @property
    def vocabularies(self) -> Iterator[tuple[Any, list[tuple[Spelling, forms.BoundField | None]]]]:
        """Each field of choices that a column holds: its label, and its words, the unknown ones first."""
        for code, spellings in self.spelled.items():
            if spellings:
                order = sorted(spellings, key=lambda each: not each.field)
                rows = [(each, self[each.field] if each.field else None) for each in order]
                yield self.kind.by_code[code].label, rows

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
