"""The form of a public report: what, where, photos, and who, if they like. One screen of a phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hazards.reports.models import WHAT_LENGTH, WHERE_LENGTH
from hazards.reports.reporter import NAME_LENGTH, PHONE_LENGTH
from hazards.reports.services import Told
from responsibility.assignments.resolution import matters_of
from safegrid.files.forms import Intake, PhotosField
from safegrid.grid.choices import Level
from safegrid.grid.models import District, Matter, Site
from safegrid.grid.places.placing import Clue, Surveyor
from safegrid.grid.queries import open_districts
from safegrid.kernel import clock

GENERAL = "general"  # the code of the matter for what nobody could name
TRAP = "remark_2"  # a field that no person sees


def general_matter() -> Matter:
    """Return the matter of what nobody could name."""
    return Matter.objects.filter(code=GENERAL).first() or Matter.objects.filter(depth=1).order_by("path")[0]


class ReportForm(forms.Form):
    """What somebody tells. With a `site`, the QR at its gate has told where."""

    what = forms.CharField(
        label=gettext_lazy("What is dangerous?"),
        max_length=WHAT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Say in a few words what is dangerous.")},
    )
    matter = forms.TypedChoiceField(
        label=gettext_lazy("What is it about?"), coerce=int, empty_value=None, required=False
    )
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)
    district = forms.TypedChoiceField(
        label=gettext_lazy("District"), coerce=int, empty_value=None, required=False
    )
    where = forms.CharField(
        label=gettext_lazy("Where is it?"),
        max_length=WHERE_LENGTH,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=gettext_lazy("Street and number, building, floor, or what is next to it."),
        error_messages={"required": gettext_lazy("Say where it is, as you would tell a friend.")},
    )
    longitude = forms.FloatField(
        min_value=-180, max_value=180, required=False, widget=forms.HiddenInput, localize=False
    )
    latitude = forms.FloatField(
        min_value=-90, max_value=90, required=False, widget=forms.HiddenInput, localize=False
    )
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=NAME_LENGTH, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Your telephone"),
        max_length=PHONE_LENGTH,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *given: Any, site: Site | None, intake: Intake, now: dt.datetime, **more: Any) -> None:
        super().__init__(*given, **more)
        self.site, self.now = site, now
        matters = (
            matters_of(site, on=clock.local_date(now))
            if site is not None
            else list(Matter.objects.filter(depth=1).order_by("path"))
        )
        self.matters = {matter.pk: matter for matter in matters}
        self.fields["matter"].choices = [  # type: ignore[attr-defined]
            ("", _("I do not know")),
            *((matter.pk, matter.label) for matter in matters if matter.code != GENERAL),
        ]
        self.districts: dict[int, District] = {}
        if site is not None:
            del self.fields["district"]
            self.fields["where"].required = False
            self.fields["where"].label = _("Where exactly?")
        else:
            self.districts = {row.pk: row for row in open_districts().filter(level=Level.DISTRICT)}
            self.fields["district"].choices = [  # type: ignore[attr-defined]
                ("", _("Choose a district")),
                *((pk, row.label) for pk, row in self.districts.items()),
            ]
        intake.serve(self)

    @property
    def position(self) -> tuple[float, float] | None:
        """The point that was set, longitude and latitude in degrees; half a point is none."""
        longitude, latitude = self.cleaned_data.get("longitude"), self.cleaned_data.get("latitude")
        return (longitude, latitude) if longitude is not None and latitude is not None else None

    def clean(self) -> dict[str, Any]:
        """Find the place: by the district, the words of the address, and the point."""
        given = super().clean() or self.cleaned_data
        self.place: District | None = None
        if self.site is None and "district" not in self.errors:
            self.place = self._placed(given)
            if self.place is None:
                self.add_error("district", _("Choose the district in which it is."))
        return given

    def _placed(self, given: dict[str, Any]) -> District | None:
        surveyor = Surveyor()
        chosen = self.districts.get(given.get("district") or 0)
        stated = surveyor.atlas.places[chosen.pk] if chosen is not None else None
        found = surveyor.settle(Clue(given.get("where", ""), self.position, stated)).place or stated
        if found is None or found.level == Level.CITY:
            return None
        return District.objects.defer("boundary").get(pk=found.pk)

    def told(self) -> Told:
        """Return what was told, for the service."""
        given = self.cleaned_data
        return Told(
            what=given["what"],
            matter=self.matters.get(given["matter"] or 0) or general_matter(),
            site=self.site,
            district=self.place,
            where=given["where"],
            position=self.position,
            name=given["name"],
            phone=given["phone"],
            photos=given["photos"],
        )


class StatusForm(forms.Form):
    """The tracking number of a receipt."""

    number = forms.CharField(
        label=gettext_lazy("Tracking number"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Type the number that stands on your receipt.")},
    )
