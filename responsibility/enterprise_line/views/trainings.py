"""Training: who lacks how many hours, and the record of what was taught."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from responsibility.enterprise_line.choices import Result
from responsibility.enterprise_line.forms import TrainingForm, of_training
from responsibility.enterprise_line.models import Staff, Training
from responsibility.enterprise_line.owing import year_end
from responsibility.enterprise_line.queries.hours import by_kind, with_hours
from responsibility.enterprise_line.services.trainings import correct_training, record_training
from responsibility.enterprise_line.views.shared import around, bound, find, form_page, people_of, writer
from safegrid.files.forms import Intake
from safegrid.files.models import StoredFile
from safegrid.kernel import clock

SHOWN = 100  # trainings of a year
EARLIEST = 2000  # years that are looked at


@require_GET
def trainings(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who owes and has done how many hours in the year `?year=`, and what was taught."""
    enterprise = find(request, pk)
    today = clock.local_date(clock.now())
    text = request.GET.get("year", "")
    year = int(text) if text.isdigit() and EARLIEST <= int(text) <= today.year else today.year
    staff = Staff.objects.visible_to(request.user).present().filter(enterprise=enterprise)
    rows = list(
        with_hours(staff, year=year, today=today, enterprise=enterprise).order_by("-missing", "name", "pk")
    )
    kinds = by_kind(rows, year=year)
    given = Training.objects.visible_to(request.user).filter(enterprise=enterprise, held_on__year=year)
    passed, failed = (
        Count("participations", filter=Q(participations__result=r)) for r in (Result.PASSED, Result.FAILED)
    )
    context = around(request, enterprise, "training") | {
        "year": year,
        "previous": year - 1 if year > EARLIEST else None,
        "next": year + 1 if year < today.year else None,
        "due_on": year_end(year),
        "rows": [(each, kinds.get(each.pk, [])) for each in rows],
        "short": sum(1 for each in rows if each.missing > 0),
        "trainings": given.annotate(passed=passed, failed=failed).order_by("-held_on", "-pk")[:SHOWN],
    }
    return render(request, "responsibility/own/trainings.html", context)


@require_http_methods(["GET", "POST"])
def training_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a training; trainer and participants of the last one are filled in."""
    enterprise = find(request, pk)
    now = clock.now()
    who = writer(request, enterprise.pk, now)
    last = Training.objects.filter(enterprise=enterprise).prefetch_related("participations")
    before = last.order_by("-held_on", "-pk").first()
    given = {"held_on": clock.local_date(now), **(of_training(before, again=True) if before else {})}
    people = people_of(enterprise.pk)
    if before is None:
        given |= {f"person_{each.pk}": Result.PASSED.value for each in people}
    form = TrainingForm(
        bound(request), request.FILES or None, people=people, intake=Intake(request.user, now), initial=given
    )
    return form_page(
        request,
        form,
        lambda: record_training(
            enterprise=enterprise, **form.given(), token=form.cleaned_data["token"], **who
        ),
        enterprise=enterprise,
        tab="training",
        title=_("Record a training"),
        hint=_("Trainer and participants of the last one are filled in.") if before else "",
        button=_("Record"),
        done=_("Recorded. The hours are counted."),
        to=lambda row: reverse("responsibility:own_training", args=[row.pk]),
        back=reverse("responsibility:own_trainings", args=[pk]),
        template="responsibility/own/training_form.html",
    )


def _training(request: HttpRequest, pk: int) -> Training:
    rows = Training.objects.visible_to(request.user).select_related("enterprise", "recorded_post")
    return get_object_or_404(rows, pk=pk)


def _photos(request: HttpRequest, row: Training) -> list[StoredFile]:
    kind = ContentType.objects.get_for_model(Training)
    seen = StoredFile.objects.visible_to(request.user)
    return list(seen.filter(evidence__subject_type=kind, evidence__subject_id=row.pk).order_by("uploaded_at"))


@require_GET
def training(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one training with who took part."""
    row = _training(request, pk)
    context = around(request, row.enterprise, "training") | {
        "row": row,
        "took_part": row.participations.select_related("staff").order_by("staff__name", "pk"),
        "photos": _photos(request, row),
    }
    return render(request, "responsibility/own/training.html", context)


@require_http_methods(["GET", "POST"])
def training_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was recorded of a training; the ledger keeps both."""
    row = _training(request, pk)
    now = clock.now()
    who = writer(request, row.enterprise_id, now)
    took_part = {each.staff_id for each in row.participations.all()}
    wanted = Q(left_on=None) | Q(pk__in=took_part)
    people = list(Staff.objects.filter(wanted, enterprise=row.enterprise_id).order_by("name", "pk"))
    given = of_training(row) | {"photos": _photos(request, row)}
    form = TrainingForm(
        bound(request), request.FILES or None, people=people, intake=Intake(request.user, now), initial=given
    )
    back = reverse("responsibility:own_training", args=[pk])
    return form_page(
        request,
        form,
        lambda: correct_training(training=row, **form.given(), **who),
        enterprise=row.enterprise,
        tab="training",
        title=_("Correct a training"),
        hint=_("What was recorded before stays in the ledger."),
        button=_("Correct"),
        done=_("Corrected. The hours are counted anew."),
        to=lambda _row: back,
        back=back,
        template="responsibility/own/training_form.html",
    )
