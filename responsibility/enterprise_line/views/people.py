"""Overview, people and their certificates."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from responsibility.enterprise_line.choices import StaffRole
from responsibility.enterprise_line.forms import (
    CredentialForm,
    LeaveForm,
    OnDayForm,
    ReasonForm,
    StaffForm,
    renewal,
)
from responsibility.enterprise_line.models import Credential, Participation, Staff
from responsibility.enterprise_line.queries.hours import with_hours
from responsibility.enterprise_line.queries.overview import account_holders, offered, overview
from responsibility.enterprise_line.services.credentials import enter_credential, put_aside
from responsibility.enterprise_line.services.credentials import reexamine as note_reexamination
from responsibility.enterprise_line.services.staff import change_staff, enter_staff, let_go
from responsibility.enterprise_line.table import office_table
from responsibility.enterprise_line.views.shared import (
    around,
    bound,
    find,
    form_page,
    people_of,
    writer,
)
from responsibility.instructions.subjects import note_url
from responsibility.posts.queries import of_enterprise
from responsibility.posts.staffing import may_staff_enterprise
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.models import User
from safegrid.kernel import clock

SHOWN = 50  # of a person's trainings


@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """Lead to the own line of the enterprise whose post the person acts in; officials to the certificates."""
    post = acting_post(request)
    if post is not None and post.enterprise_id:
        return redirect("responsibility:own_line", post.enterprise_id)
    return redirect("responsibility:own_credentials")


@require_GET
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is missing, and what there is."""
    enterprise = find(request, pk)
    now = clock.now()
    context = around(request, enterprise, "line") | {"own": overview(request.user, enterprise, now=now)}
    return render(request, "responsibility/own/overview.html", context)


@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an enterprise's people with their certificates, whom the register could name, and its posts."""
    enterprise = find(request, pk)
    today = clock.local_date(clock.now())
    acting = acting_post(request)
    rows = Staff.objects.visible_to(request.user).filter(enterprise=enterprise).select_related("user")
    held: dict[int, list[Credential]] = {}
    for row in (
        Credential.objects.visible_to(request.user).current().filter(enterprise=enterprise).order_by("due_on")
    ):
        held.setdefault(row.holder_id or 0, []).append(row)
    everybody = list(rows.order_by("left_on", "name", "pk"))
    shown = around(request, enterprise, "people")
    context = shown | {
        "rows": [(each, held.get(each.pk, [])) for each in everybody if each.left_on is None],
        "gone": [each for each in everybody if each.left_on is not None][:SHOWN],
        "standardizations": held.get(0, []),
        "offered": [
            (name, StaffRole(role).label, f"?name={name}&role={role}&user={user.pk if user else ''}")
            for name, role, user in offered(enterprise, today=today)
        ]
        if shown["may_write"]
        else [],
        "posts": of_enterprise(enterprise.pk, request.user, today=today),
        "may_staff": may_staff_enterprise(acting, enterprise.pk),
        "acting_pk": acting.pk if acting is not None else None,
    }
    return render(request, "responsibility/own/people.html", context)


@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a person; `?name=&role=&user=` fill in whom the register knows."""
    enterprise = find(request, pk)
    now = clock.now()
    who = writer(request, enterprise.pk, now)
    accounts = account_holders(enterprise, today=clock.local_date(now))
    given = {name: request.GET[name] for name in ("name", "role", "user") if name in request.GET}
    form = StaffForm(bound(request), accounts=accounts, initial={"joined_on": clock.local_date(now), **given})
    return form_page(
        request,
        form,
        lambda: enter_staff(enterprise=enterprise, **_person(form), token=form.cleaned_data["token"], **who),
        enterprise=enterprise,
        tab="people",
        title=_("Enter a person"),
        hint=_("A name and a role, no more: no identity number, no telephone."),
        button=_("Enter"),
        done=_("Entered. Add the person's certificates, if any."),
        to=lambda row: reverse("responsibility:own_person", args=[row.pk]),
        back=reverse("responsibility:own_people", args=[pk]),
    )


def _person(form: StaffForm) -> dict[str, Any]:
    """Return what the services take of a person."""
    data = form.cleaned_data
    user = User.objects.filter(pk=data["user"]).first() if data.get("user") else None
    return {"name": data["name"], "role": data["role"], "joined_on": data["joined_on"], "user": user}


def _staff(request: HttpRequest, pk: int) -> Staff:
    rows = Staff.objects.visible_to(request.user).select_related("enterprise", "user")
    return get_object_or_404(rows, pk=pk)


@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person: role, certificates, hours, trainings."""
    row = _staff(request, pk)
    today = clock.local_date(clock.now())
    seen = Staff.objects.visible_to(request.user)
    hours = with_hours(seen.filter(pk=pk), year=today.year, today=today, enterprise=row.enterprise).get()
    context = around(request, row.enterprise, "people") | {
        "person": row,
        "hours": hours,
        "credentials": Credential.objects.visible_to(request.user)
        .filter(holder=row)
        .select_related("holder")
        .order_by("state", "-due_on"),
        "took_part": Participation.objects.filter(staff=row)
        .select_related("training")
        .order_by("-training__held_on", "-pk")[:SHOWN],
    }
    return render(request, "responsibility/own/person.html", context)


@require_http_methods(["GET", "POST"])
def person_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct or change what is known of a person."""
    row = _staff(request, pk)
    now = clock.now()
    who = writer(request, row.enterprise_id, now)
    here = {"name": row.name, "role": row.role, "joined_on": row.joined_on, "user": row.user_id}
    accounts = account_holders(row.enterprise, today=clock.local_date(now))
    form = StaffForm(bound(request), accounts=accounts, initial=here)
    back = reverse("responsibility:own_person", args=[pk])
    return form_page(
        request,
        form,
        lambda: change_staff(staff=row, **_person(form), **who),
        enterprise=row.enterprise,
        tab="people",
        title=row.name,
        button=_("Save"),
        done=_("Saved."),
        to=lambda _row: back,
        back=back,
    )


@require_http_methods(["GET", "POST"])
def person_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a person has left."""
    row = _staff(request, pk)
    now = clock.now()
    who = writer(request, row.enterprise_id, now)
    form = LeaveForm(bound(request), initial={"on": clock.local_date(now)})
    return form_page(
        request,
        form,
        lambda: let_go(staff=row, on=form.cleaned_data["on"], **who),
        enterprise=row.enterprise,
        tab="people",
        title=_("%(name)s leaves") % {"name": row.name},
        hint=_("Certificates of the person no longer count here. What they were trained in stays on record."),
        button=_("The person has left"),
        done=_("Noted."),
        to=lambda _row: reverse("responsibility:own_people", args=[row.enterprise_id]),
        back=reverse("responsibility:own_person", args=[pk]),
        is_danger=True,
    )


@require_http_methods(["GET", "POST"])
def credential_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a certificate; `?person=` and `?kind=` fill in whose and which."""
    enterprise = find(request, pk)
    now = clock.now()
    who = writer(request, enterprise.pk, now)
    given = {"kind": request.GET.get("kind", ""), "holder": request.GET.get("person", "")}
    form = CredentialForm(bound(request), people=people_of(enterprise.pk), initial=given)
    return form_page(
        request,
        form,
        lambda: enter_credential(enterprise=enterprise, **form.given(), **who),
        enterprise=enterprise,
        tab="people",
        title=_("Enter a certificate"),
        hint=_("As it is printed. You are told in time before it is due."),
        button=_("Enter"),
        done=_("Entered. You are told in time before it is due."),
        to=lambda row: reverse("responsibility:own_credential", args=[row.pk]),
        back=reverse("responsibility:own_people", args=[pk]),
    )


def _credential(request: HttpRequest, pk: int) -> Credential:
    rows = Credential.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("enterprise", "holder", "renews", "renewed_by"), pk=pk)


@require_GET
def credential(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one certificate: what it is, what is due, and the button that does it."""
    row = _credential(request, pk)
    context = around(request, row.enterprise, "people") | {
        "row": row,
        "over": (over := (clock.local_date(clock.now()) - row.due_on).days),
        "is_overdue": over > 0,
        "instruct_url": note_url(row, acting_post(request)),
    }
    return render(request, "responsibility/own/credential.html", context)


@require_http_methods(["GET", "POST"])
def credential_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the certificate that takes the place of this one; what stays the same is filled in."""
    row = _credential(request, pk)
    who = writer(request, row.enterprise_id, clock.now())
    form = CredentialForm(bound(request), people=(), renews=row, initial=renewal(row))
    return form_page(
        request,
        form,
        lambda: enter_credential(enterprise=row.enterprise, **form.given(), **who),
        enterprise=row.enterprise,
        tab="people",
        title=_("Renew: %(what)s") % {"what": row.get_kind_display()},
        hint=_("Enter the new certificate. The old one stays on record."),
        button=_("Renew"),
        done=_("Renewed. It is no longer owed."),
        to=lambda new: reverse("responsibility:own_credential", args=[new.pk]),
        back=reverse("responsibility:own_credential", args=[pk]),
        person=row.holder,
    )


@require_http_methods(["GET", "POST"])
def credential_reexamined(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a re-examination."""
    row = _credential(request, pk)
    now = clock.now()
    who = writer(request, row.enterprise_id, now)
    form = OnDayForm(bound(request), initial={"on": clock.local_date(now)})
    back = reverse("responsibility:own_credential", args=[pk])
    return form_page(
        request,
        form,
        lambda: note_reexamination(credential=row, on=form.cleaned_data["on"], **who),
        enterprise=row.enterprise,
        tab="people",
        title=_("Re-examination passed"),
        button=_("Enter"),
        done=_("Noted. What is due next follows from it."),
        to=lambda _row: back,
        back=back,
        person=row.holder,
    )


@require_http_methods(["GET", "POST"])
def credential_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a certificate aside, saying why."""
    row = _credential(request, pk)
    who = writer(request, row.enterprise_id, clock.now())
    form = ReasonForm(bound(request))
    return form_page(
        request,
        form,
        lambda: put_aside(credential=row, reason=form.cleaned_data["reason"], **who),
        enterprise=row.enterprise,
        tab="people",
        title=_("Put a certificate aside"),
        hint=_(
            "For a certificate that was entered wrongly, or that nobody needs any more. It stays on record."
        ),
        button=_("Put aside"),
        done=_("Put aside."),
        to=lambda _row: reverse("responsibility:own_people", args=[row.enterprise_id]),
        back=reverse("responsibility:own_credential", args=[pk]),
        is_danger=True,
        person=row.holder,
    )


@require_GET
def table(request: HttpRequest) -> FileResponse:
    """Give table 11 as a sheet: certificates and training of what the person reads."""
    today = clock.local_date(clock.now())
    return office_table(request.user, day=today).response(f"certificates-{today.isoformat()}.xlsx")
