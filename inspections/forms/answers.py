"""The self-inspection as a form: a small form for each item, filled in a bit at a time."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from inspections.choices import Result, Way
from inspections.models import ChecklistItem
from inspections.services.answers import WORDS, Given
from safegrid.files.forms import Intake, PhotosField
from safegrid.files.models import StoredFile

ISO = "%Y-%m-%d"


class AnswerForm(forms.Form):
    """The answer to one item. Nothing is required here: what a filing lacks, the review says."""

    result = forms.ChoiceField(choices=Result, required=False)
    note = forms.CharField(max_length=WORDS, required=False)
    way = forms.ChoiceField(choices=Way, required=False)
    plan = forms.CharField(max_length=WORDS, required=False)
    plan_due_on = forms.DateField(
        required=False,
        input_formats=[ISO],
        error_messages={"invalid": _("Write the day as 2026-11-23.")},
    )
    before = PhotosField(required=False)
    after = PhotosField(required=False)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        item: ChecklistItem,
        intake: Intake,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, prefix=prefix_of(item), initial=initial)
        self.item = item
        intake.serve(self)

    @property
    def shown(self) -> dict[str, Any]:
        """What the fields hold, as text, for the page."""
        values = {name: self[name].value() for name in ("result", "note", "way", "plan", "plan_due_on")}
        day = values["plan_due_on"]
        values["plan_due_on"] = day.isoformat() if isinstance(day, dt.date) else day
        return {name: value or "" for name, value in values.items()}

    @property
    def given(self) -> Given | None:
        """What is acceptable of the answer; None without a result. Wrong parts stay in the page alone."""
        self.is_valid()  # cleans, once
        clean = self.cleaned_data
        if not clean.get("result"):
            return None
        return Given(
            clean["result"],
            clean.get("note", ""),
            clean.get("way", ""),
            clean.get("plan", ""),
            clean.get("plan_due_on"),
            self._photos("before"),
            self._photos("after"),
        )

    def _photos(self, name: str) -> list[StoredFile]:
        """The photos that arrived, even when another one beside them was no good."""
        taken: list[StoredFile] | None = self.fields[name].widget.taken  # type: ignore[attr-defined]
        return taken or []


def prefix_of(item: ChecklistItem) -> str:
    """Return what the names of an item's fields begin with: i12-result, i12-note, …"""
    return f"i{item.pk}"


class AnswerSheet:
    """All items that apply to the site, each with its form.

    Given `data`, only the items named in it are bound: a draft may send one answer or all of them.
    """

    def __init__(
        self,
        items: Iterable[ChecklistItem],
        stored: Mapping[int, Given],
        *,
        intake: Intake,
        data: MultiValueDict[str, str] | None = None,
        files: MultiValueDict[str, Any] | None = None,
    ) -> None:
        sent = {key.partition("-")[0] for key in [*(data or ()), *(files or ())]}
        if data is not None:
            intake.find(_photo_ids(data))  # all at once: one query, however many items
        self.forms = []
        for item in items:
            answer = stored.get(item.pk)
            form = AnswerForm(
                data if prefix_of(item) in sent else None,
                files if prefix_of(item) in sent else None,
                item=item,
                intake=intake,
                initial=_initial(answer) if answer is not None else None,
            )
            self.forms.append(form)

    def __iter__(self) -> Iterator[AnswerForm]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    @property
    def bound(self) -> list[AnswerForm]:
        """The forms of the items that were sent."""
        return [form for form in self.forms if form.is_bound]

    @property
    def errors(self) -> dict[int, list[str]]:
        """What is wrong with what was sent, by item."""
        return {
            form.item.pk: [str(sentence) for field in form.errors.values() for sentence in field]
            for form in self.bound
            if form.errors
        }

    def given(self) -> dict[int, Given]:
        """Return what was answered to the items that were sent."""
        return {form.item.pk: answer for form in self.bound if (answer := form.given) is not None}

    @property
    def answered(self) -> int:
        """How many items have an answer, complete or not."""
        return sum(bool(form["result"].value()) for form in self.forms)


def _initial(answer: Given) -> dict[str, Any]:
    return {
        "result": answer.result,
        "note": answer.note,
        "way": answer.way,
        "plan": answer.plan,
        "plan_due_on": answer.plan_due_on,
        "before": list(answer.before),
        "after": list(answer.after),
    }


def _photo_ids(data: MultiValueDict[str, str]) -> list[str]:
    endings = ("-before", "-after")
    return [text for key in data if key.endswith(endings) for text in data.getlist(key)]
