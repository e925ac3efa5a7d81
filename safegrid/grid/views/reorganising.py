"""The page on which the committee's office reorganises places: shown first, then done or planned."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from safegrid.grid.choices import Level, SuccessionKind
from safegrid.grid.models import PLANNED, District, Reorganisation
from safegrid.grid.succession.plan import NewPlace, check, preview
from safegrid.grid.succession.planned import Frame, may_reorganise
from safegrid.grid.succession.services import FRAME, reorganise
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, Stale
from safegrid.kernel.views import UNACCEPTABLE, attempt

INPUT = {"class": "form-control"}
SPLIT_AT_MOST = 6


class ReorganiseForm(forms.Form):
    """What becomes of a place, from which day, and by which decision; its fields follow from the kind."""

    code = forms.CharField(label=gettext_lazy("New code"), max_length=15, widget=forms.TextInput(INPUT))
    name = forms.CharField(label=gettext_lazy("New name"), max_length=120, widget=forms.TextInput(INPUT))
    name_en = forms.CharField(
        label=gettext_lazy("English name"), max_length=160, required=False, widget=forms.TextInput(INPUT)
    )
    successors = forms.CharField(
        label=gettext_lazy("The new places, one on each line: code, name, English name"),
        widget=forms.Textarea({"rows": 4, **INPUT}),
    )
    on = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput({"type": "date", **INPUT}, format="%Y-%m-%d")
    )
    basis = forms.CharField(
        label=gettext_lazy("Decision that it rests on"), max_length=200, widget=forms.TextInput(INPUT)
    )

    def __init__(self, *given: Any, place: District, kind: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.place, self.kind = place, kind
        self.parts: list[District] = []
        if kind == SuccessionKind.SPLIT:
            for name in ("code", "name", "name_en"):
                del self.fields[name]
            self._add_parts()
        else:
            del self.fields["successors"]
        if kind == SuccessionKind.RENAMED:
            del self.fields["code"]
        if kind == SuccessionKind.MERGED:
            self._add_others()
        self.order_fields(["others", "successors", "code", "name", "name_en"])

    def _add_others(self) -> None:
        """Offer what lies beside it, on the same level."""
        place = self.place
        beside = District.objects.filter(
            path__startswith=place.path[: -place.steplen], depth=place.depth, closed_on=None
        ).exclude(pk=place.pk)
        self.fields["others"] = forms.TypedMultipleChoiceField(
            label=gettext_lazy("Together with"),
            coerce=int,
            choices=[(each.pk, f"{each.label} {each.code}") for each in beside.order_by("path")],
            widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
        )

    def _add_parts(self) -> None:
        """Ask for each place directly below where it goes."""
        numbers = [(n, _("to new place no. %(n)s") % {"n": n + 1}) for n in range(SPLIT_AT_MOST)]
        self.parts = list(
            District.objects.filter(
                path__startswith=self.place.path, depth=self.place.depth + 1, closed_on=None
            ).order_by("path")
        )
        for each in self.parts:
            self.fields[f"part_{each.pk}"] = forms.TypedChoiceField(
                label=each.label,
                coerce=int,
                choices=numbers,
                widget=forms.Select({"class": "form-select"}),
            )
        self.fields["rest"] = forms.TypedChoiceField(
            label=gettext_lazy("What stands in none of these"),
            coerce=int,
            choices=numbers,
            widget=forms.Select({"class": "form-select"}),
        )

    def given(self) -> dict[str, Any]:
        """Return what was said, as `reorganise` takes it."""
        data = self.cleaned_data
        predecessors = [self.place]
        if self.kind == SuccessionKind.MERGED:
            predecessors += District.objects.filter(pk__in=data["others"]).order_by("path")
        if self.kind == SuccessionKind.SPLIT:
            successors = _lines(data["successors"])
        else:
            code = data.get("code", self.place.code).strip()
            successors = [NewPlace(code, data["name"], data["name_en"])]
        return {
            "kind": self.kind,
            "on": data["on"],
            "basis": data["basis"],
            "predecessors": sorted(predecessors, key=lambda place: place.path),
            "successors": successors,
            "parts": {each.pk: data[f"part_{each.pk}"] for each in self.parts},
            "rest": data.get("rest", 0),
        }


def _lines(text: str) -> list[NewPlace]:
    found = []
    for line in text.splitlines():
        if line.strip():
            parts = [part.strip() for part in line.replace("，", ",").replace("\t", ",").split(",")]
            found.append(NewPlace(*([*parts, "", ""])[:3]))
    return found


def _planned(place: District) -> Reorganisation | None:
    return Reorganisation.objects.filter(PLANNED, predecessors=place).order_by("on").first()


@require_POST
def calling_off(request: HttpRequest, code: str) -> HttpResponse:
    """Call off what is planned for a place."""
    place: District = get_object_or_404(District.objects.filter(closed_on=None), code=code)
    call_off(request, FRAME, _planned(place))
    return redirect("grid:reorganise", code)


def call_off(request: HttpRequest, frame: Frame[Any, Any], row: Any) -> None:
    """Call off `row`, for the reason that was typed, and say so; nothing is planned any more: that too."""
    by = {"actor": request.user, "acting_post": request.acting_post, "now": clock.now()}  # type: ignore[attr-defined]
    if row is None:
        messages.info(request, _("Nothing is planned any more."))
        return
    try:
        frame.call_off(row, reason=request.POST.get("reason", ""), by=by)  # type: ignore[arg-type]
        messages.success(request, _("Called off. It may be decided anew."))
    except Invalid as refusal:
        messages.error(request, " ".join(map(str, refusal.messages)))
    except Stale as refusal:
        messages.info(request, refusal.message)


@require_http_methods(["GET", "POST"])
def reorganising(request: HttpRequest, code: str) -> HttpResponse:
    """Reorganise a place: the first POST shows how much it moves, the second one (`sure`) does it."""
    post = request.acting_post  # type: ignore[attr-defined]
    if not may_reorganise(request.user, post):
        raise PermissionDenied
    place: District = get_object_or_404(
        District.objects.filter(closed_on=None).exclude(level=Level.CITY), code=code
    )
    kind = request.GET.get("kind", "")
    if kind not in SuccessionKind.values:
        kind = str(SuccessionKind.RENAMED)
    now = clock.now()
    today = clock.local_date(now)
    initial = {"on": today, "code": place.code, "name": place.name, "name_en": place.name_en}
    form = ReorganiseForm(
        request.POST if request.method == "POST" else None, place=place, kind=kind, initial=initial
    )
    found = None
    if request.method == "POST" and form.is_valid():
        given = form.given()
        if "sure" in request.POST:
            who = {"actor": request.user, "acting_post": post, "now": now}
            done = attempt(request, form, lambda: reorganise(**given, **who))
            if done is not None:
                messages.success(
                    request,
                    _("Done. What stands there has gone along.")
                    if done.done_at
                    else _("Planned; it is carried out on its day."),
                )
                return redirect("grid:district", done.successors[0]["code"] if done.done_at else code)
        elif "again" not in request.POST:
            found = attempt(request, form, lambda: preview(check(**given, today=today)))
    planned = _planned(place)
    context = {
        "place": place,
        "kind": kind,
        "kinds": SuccessionKind.choices,
        "form": form,
        "preview": found,
        "planned": planned,
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "grid/reorganise.html", context, status=status)
