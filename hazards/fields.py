"""The fields of the forms on a hazard, by the names that the lifecycle table gives them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hazards.choices import AT_ONCE, Grade, MeasureKind
from hazards.entering.items import offered
from hazards.grading import categories
from hazards.grading.models import STEPS, items_in_force
from hazards.lifecycle_terms import measures_open
from hazards.models import Hazard, RectificationPlan, SiteMeasure
from hazards.repeats import likely_same
from hazards.wording import NOTE
from responsibility.enterprise_line.models import Staff
from safegrid.files.forms import PhotosField
from safegrid.grid.models import Site
from safegrid.kernel import clock
from safegrid.kernel.machine import Move
from safegrid.kernel.suggestions import SuggestingInput

ROWS = 4
OFFERED = 200  # people of an enterprise
NONE = [("", _("(not said)"))]

#: How likely, and how bad: what the steps of the matrix mean.
LIKELIHOODS = (_("hardly ever"), _("seldom"), _("now and then"), _("often"), _("all the time"))
CONSEQUENCES = (_("no injury"), _("slight injury"), _("serious injury"), _("a death"), _("several deaths"))


def text_field(label: Any, **attrs: Any) -> forms.CharField:
    """Return a field for some sentences."""
    return forms.CharField(label=label, widget=forms.Textarea({"rows": ROWS} | attrs), max_length=4000)


def day_field(
    label: Any, *, earliest: dt.date | None = None, latest: dt.date | None = None
) -> forms.DateField:
    """Return a field for a day; the limits are for the browser, the service has its own."""
    limits = {name: day.isoformat() for name, day in (("min", earliest), ("max", latest)) if day}
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"} | limits, format="%Y-%m-%d"))


def category_field(today: dt.date, *, present: str = "") -> forms.ChoiceField:
    """Return the field for a category in force on the local day `today`, or the one that is `present`."""
    return forms.ChoiceField(label=_("Category"), choices=categories.choices(today, present=present))


def _line(label: Any, model: type, name: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=model._meta.get_field(name).max_length, **more)  # type: ignore[attr-defined]


def _steps(label: Any, words: tuple[Any, ...]) -> forms.TypedChoiceField:
    choices = [*NONE, *((n, f"{n} · {words[n - 1]}") for n in range(1, STEPS + 1))]
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, empty_value=None)


def _measure(hazard: Hazard, move: Move, today: dt.date) -> forms.ChoiceField:
    in_force = set(measures_open(hazard).values_list("kind", flat=True)) if hazard.pk else set()
    wanted = [kind for kind in AT_ONCE if (kind in in_force) == (move.action == "lift_measure")]
    choices = [(kind.value, MeasureKind(kind).label) for kind in wanted]
    return forms.ChoiceField(label=_("Measure"), choices=choices, widget=forms.RadioSelect)


def _major_item(hazard: Hazard, move: Move, today: dt.date) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        items_in_force(today),
        label=_("Item of the list"),
        empty_label=_("(none: name the basis below)"),
        help_text=_("For a major hazard: what of its sector's list it is."),
    )


class SameField(forms.ModelChoiceField):
    """Which of the open hazards that are alike this one is."""

    def label_from_instance(self, obj: Hazard) -> str:
        return f"{obj.number} {obj.title}"


def same_field(hazard: Hazard, user: Any) -> forms.ModelChoiceField:
    """Return the field for which of those that `user` sees and that are like it the hazard is."""
    rows = Hazard.objects.filter(pk__in=[row.pk for row in likely_same(hazard, user)]).order_by("-pk")
    return SameField(rows, label=_("The same as"), widget=forms.RadioSelect, empty_label=None)


def responsible_field(hazard: Hazard, user: Any) -> forms.CharField:
    """Return the field for who sees a plan through; whom the enterprise's books name is on offer."""

    def known() -> list[str]:
        people = Staff.objects.visible_to(user).present().filter(enterprise=hazard.enterprise_id)
        names = people.order_by("name", "pk").values_list("name", flat=True)[:OFFERED]
        return list(dict.fromkeys(filter(None, (hazard.enterprise.principal, *names))))

    widget = SuggestingInput(known)
    return _line(_("Responsible person"), RectificationPlan, "responsible", widget=widget)


FIELDS: dict[str, Callable[[Hazard, Move, dt.date], forms.Field]] = {
    "note": lambda hazard, move, today: text_field(NOTE[move.action]),
    "photos": lambda hazard, move, today: PhotosField(
        label=_("Photos after") if move.action == "submit" else _("Photos")
    ),
    "grade": lambda hazard, move, today: forms.ChoiceField(
        label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect
    ),
    "category": lambda hazard, move, today: category_field(today, present=hazard.category_id),
    "major_item": _major_item,
    "major_basis": lambda hazard, move, today: _line(
        _("What makes it major"),
        Hazard,
        "major_basis",
        help_text=_("Where no list has it: the basis in your own words."),
    ),
    "likelihood": lambda hazard, move, today: _steps(_("How likely is harm?"), LIKELIHOODS),
    "consequence": lambda hazard, move, today: _steps(_("How bad would it be?"), CONSEQUENCES),
    "measures": lambda hazard, move, today: text_field(_("What must be done")),
    "measure": _measure,
    "extent": lambda hazard, move, today: _line(_("What it covers"), SiteMeasure, "extent"),
    "plan_measures": lambda hazard, move, today: text_field(_("Measures")),
    "funds": lambda hazard, move, today: forms.DecimalField(
        label=_("Funds, yuan"), min_value=0, max_digits=14, decimal_places=2
    ),
    "plan_due_on": lambda hazard, move, today: day_field(
        _("To be done by"), earliest=today, latest=hazard.due_on if hazard.due_on >= today else None
    ),
    "contingency": lambda hazard, move, today: text_field(_("What if it goes wrong meanwhile")),
    "told_regulator_on": lambda hazard, move, today: day_field(
        _("Reported to the regulator on"), latest=today
    ),
    "told_workers_on": lambda hazard, move, today: day_field(
        _("Reported to the workers' congress on"), latest=today
    ),
    "paper_number": lambda hazard, move, today: _line(_("Number of the paper order"), Hazard, "paper_number"),
    "paper_on": lambda hazard, move, today: day_field(_("Day of the paper order"), latest=today),
    "title": lambda hazard, move, today: _line(_("What is wrong"), Hazard, "title"),
    "description": lambda hazard, move, today: text_field(_("Description")),
    "spot": lambda hazard, move, today: _line(_("Where exactly"), Hazard, "spot"),
}


def item_field(site: Site | None, *, own: bool) -> forms.ChoiceField:
    """Return the field for which item of the checklists it is; `own`: of those that enterprises answer."""
    groups = offered(site, own=own) if site is not None else []
    return forms.ChoiceField(
        label=_("Item of the checklist, if it is one"),
        choices=[("", _("(none)")), *groups],
        required=False,
        help_text=_("By it is told whether the same comes again here."),
        widget=forms.Select if groups else forms.HiddenInput,
    )


def field_for(name: str, hazard: Hazard, move: Move, *, now: dt.datetime) -> forms.Field:
    """Return the field `name` of the form of one move. Raises KeyError for a name that the table lacks."""
    return FIELDS[name](hazard, move, clock.local_date(now))
