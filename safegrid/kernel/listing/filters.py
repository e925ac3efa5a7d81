"""What every list's filters share: the search by pairs of characters, spans of days, the map's viewport.

A filter set only ever narrows rows that a scope has already given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cached_property, partial
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from safegrid.kernel import clock
from safegrid.kernel.findable import SHORTEST, found_by

#: Where a list's form marks fields that an address may carry and no person fills in.
HIDDEN = forms.HiddenInput

NO_CHOICE = _("There is no such choice for you.")


class SearchFilter(django_filters.CharFilter):
    """Rows that are found by what was typed; `path` leads to another row that is ("site__")."""

    def __init__(self, path: str = "", **extra: Any) -> None:
        self.path = path
        extra.setdefault("label", _("Search"))
        long_enough = MinLengthValidator(SHORTEST, message=_("Type two characters or more."))
        super().__init__(f"{path}search", validators=[long_enough], max_length=80, **extra)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(found_by(value, self.path)) if value else qs


class DayFilter(django_filters.DateFilter):
    """Rows on or after a local day, or on or before it.

    `holds` says what the column holds: an "instant", a "day", or a "deadline", which is an instant at
    which its day is over.
    """

    def __init__(self, field_name: str, *, until: bool = False, holds: str = "instant", **extra: Any) -> None:
        self.until, self.holds = until, holds
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(field_name, widget=widget, **extra)

    def filter(self, qs: QuerySet[Any], value: dt.date | None) -> QuerySet[Any]:
        if value is None:
            return qs
        bounds: dict[str, tuple[str, Any]] = {
            "day": ("lte" if self.until else "gte", value),
            "instant": ("lt", clock.day_end(value)) if self.until else ("gte", clock.day_start(value)),
            "deadline": ("lte", clock.day_end(value)) if self.until else ("gt", clock.day_start(value)),
        }
        operator, bound = bounds[self.holds]
        return qs.filter(**{f"{self.field_name}__{operator}": bound})


class ReachedField(forms.ChoiceField):
    """A row of another table, among those that `every` gives; `understand` makes it of its key."""

    def __init__(
        self, *, every: Callable[[], Iterable[Any]], understand: Callable[[str], Any], key: str, **extra: Any
    ) -> None:
        self.understand = understand
        super().__init__(
            choices=lambda: [("", _("Any")), *((getattr(row, key), str(row)) for row in every())], **extra
        )

    def clean(self, value: Any) -> Any:
        return self.understand(value)


class ReachedFilter(django_filters.Filter):
    """Rows that belong to a row of another table, which the reader chooses among those they reach.

    `every(user)` gives these in their order, for the form; `one(user, text)`, which is quicker, that whose
    `key` an address holds, or None.
    """

    field_class = ReachedField

    def __init__(
        self,
        field_name: str | None = None,
        *,
        every: Callable[[Any], Iterable[Any]],
        one: Callable[[Any, str], Any] | None = None,
        key: str = "pk",
        **extra: Any,
    ) -> None:
        self.every, self.key = every, key
        self.one = one or (lambda user, text: every(user).filter(**{key: text}).first())  # type: ignore[attr-defined]
        super().__init__(field_name, **extra)

    @property
    def field(self) -> forms.Field:
        """The field of one reader's form."""
        # A dictionary of its own: the one before is shared with every other reader's.
        every = partial(self.every, self.parent.request.user)
        self.extra: dict[str, Any] = self.extra | {
            "every": every,
            "understand": self.understand,
            "key": self.key,
        }
        return super().field

    def understand(self, value: Any) -> Any:
        """Return the row, None when none is asked for; raise ValidationError for one that is not offered."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            row = self.one(self.parent.request.user, text)
        except ValueError:  # of a kind that no key is
            row = None
        if row is None:
            raise ValidationError(NO_CHOICE, code="invalid_choice")
        return row


class SubtreeFilter(ReachedFilter):
    """Rows whose node of a tree lies in the chosen node's subtree: the node knows the ids `inside` it.

    Ids, and no subquery: how often each occurs is what PostgreSQL chooses its way by.
    """

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.filter(**{f"{self.field_name}__in": value.inside})


class BoxField(forms.CharField):
    """A map's viewport: west, south, east, north in degrees, WGS-84, with commas between."""

    widget = HIDDEN

    def clean(self, value: Any) -> tuple[float, float, float, float] | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError as error:
            raise ValidationError(_("Give west, south, east and north in degrees.")) from error
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValidationError(_("Give west, south, east and north in degrees."))
        return west, south, east, north


class BoxFilter(django_filters.Filter):
    """Rows that stand inside a map's viewport."""

    field_class = BoxField

    def __init__(self, longitude: str, latitude: str, **extra: Any) -> None:
        self.longitude, self.latitude = longitude, latitude
        super().__init__(label=_("Map section"), **extra)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value is None:
            return qs
        west, south, east, north = value
        return qs.filter(
            **{f"{self.longitude}__range": (west, east), f"{self.latitude}__range": (south, north)}
        )


class _Shared(dict[str, django_filters.Filter]):
    """Filters of a class, of which each set of filters takes shallow copies: their parts never change."""

    def __deepcopy__(self, memo: Any) -> dict[str, django_filters.Filter]:
        return {name: copy(each) for name, each in self.items()}


class Understood(NamedTuple):
    """What an address says: the values of filters by name, and what is wrong with others."""

    values: Mapping[str, Any]
    problems: Mapping[str, str]


class ListingFilterSet(django_filters.FilterSet):
    """The filters of a list, all of them in the address, or those with `names`. Their form is `form`.

    To understand an address takes no form: that is made for whoever chooses filters, and only then.
    """

    base_filters: dict[str, django_filters.Filter]

    def __init__(
        self, *given: Any, now: dt.datetime, names: Iterable[str] | None = None, **extra: Any
    ) -> None:
        self.now = now
        every = type(self).base_filters
        self.base_filters = _Shared(every if names is None else {name: every[name] for name in names})
        super().__init__(*given, **extra)

    @classmethod
    def plug(cls, name: str, each: django_filters.Filter) -> None:
        """Let the list be narrowed by what an upper floor knows too. Raise ValueError for a name taken."""
        if name in cls.base_filters:
            raise ValueError(f"{cls.__name__}: {name!r} is taken")
        cls.base_filters[name] = each

    def get_form_class(self) -> type[forms.Form]:
        """Return the form with the looks and words of the portal's other forms."""
        form = super().get_form_class()
        for field in form.base_fields.values():
            look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs.setdefault("class", look)
            if isinstance(field, forms.ChoiceField):
                field.empty_label = _("Any")  # type: ignore[attr-defined]
                field.error_messages["invalid_choice"] = NO_CHOICE
        return form

    @cached_property
    def understood(self) -> Understood:
        """What the address says of these filters, as their form would find it."""
        values, problems = {}, {}
        for name, each in self.filters.items():
            try:
                values[name] = self._value(name, each)
            except ValidationError as problem:
                problems[name] = str(problem.messages[0])
        return Understood(values, problems)

    def _value(self, name: str, each: django_filters.Filter) -> Any:
        if isinstance(each, ReachedFilter):
            return each.understand(self.data.get(name))
        field = each.field
        if isinstance(field, forms.ChoiceField):
            field.error_messages["invalid_choice"] = NO_CHOICE
        return field.clean(field.widget.value_from_datadict(self.data, {}, name))

    @property
    def errors(self) -> Mapping[str, str]:
        """What of the address is not understood: sentences by the names of filters."""
        return self.understood.problems

    def filter_queryset(self, queryset: QuerySet[Any], now: dt.datetime | None = None) -> QuerySet[Any]:
        """Return `queryset` narrowed by the filters that are understood, as they are meant at `now`."""
        self.now = now or self.now
        for name, value in self.understood.values.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    @cached_property
    def active(self) -> dict[str, Any]:
        """The filters that are set and understood, by name."""
        return {name: value for name, value in self.understood.values.items() if value not in (None, "")}

    def in_words(self, name: str, value: Any) -> str:
        """Return the value of the filter `name` as people read it."""
        each = self.filters[name]
        if isinstance(each, ReachedFilter):
            return str(value)
        field = each.field
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        if isinstance(value, tuple):
            return ", ".join(f"{part:g}" for part in value)
        return value.isoformat() if isinstance(value, dt.date) else str(value)
