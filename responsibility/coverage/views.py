"""Coverage: who is not answered for, what is done twice, and what resolves it."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from responsibility.assignments.choices import Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import covers, may_assign
from responsibility.coverage import geometry, owing, queries
from responsibility.coverage.choices import FindingState
from responsibility.coverage.joint import RULE as OVERLAP
from responsibility.coverage.joint import make_joint, rivals
from responsibility.coverage.models import Finding, FindingSite
from responsibility.coverage.registered import (
    entries,
    is_known,
    lookalikes,
    put_aside,
    register_entry,
    set_aside,
    take_back,
)
from responsibility.coverage.rules import rules
from responsibility.coverage.rules.answers import VACANT
from responsibility.coverage.rules.twice import RULE as TWICE
from responsibility.coverage.services import ONE_BY_ONE, REASON_LENGTH, dismiss, may_decide, take_up
from responsibility.coverage.table import office_table
from responsibility.instructions.subjects import note_url
from responsibility.posts.equipping import may_certify, may_look_after
from responsibility.posts.staffing import may_staff
from responsibility.regulators.services import RULE as ASKED
from responsibility.regulators.services import may_ask
from responsibility.transfers.lifecycle import speaks
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders, scope_of
from safegrid.grid.models import Enterprise, RegisterEntry, Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed
from safegrid.kernel.scope import reach_of
from safegrid.kernel.views import UNACCEPTABLE, attempt

SITES = 50  # of a finding, on its page


class DismissForm(forms.Form):
    """Why a finding is none."""

    reason = forms.CharField(
        label=gettext_lazy("Why is this no gap or overlap?"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 3, "class": "form-control"}),
        error_messages={"required": gettext_lazy("Say why this is no gap or overlap.")},
    )


class JointForm(forms.Form):
    """Which body answers, what the other does, and on what both agreed."""

    keeps = forms.TypedChoiceField(
        label=gettext_lazy("Who answers from now on"),
        coerce=int,
        widget=forms.RadioSelect({"class": "form-check-input"}),
    )
    support = forms.ChoiceField(
        label=gettext_lazy("The other one"), required=False, widget=forms.Select({"class": "form-select"})
    )
    basis = forms.CharField(
        label=gettext_lazy("What both agreed on (minutes, document)"),
        max_length=200,
        widget=forms.TextInput({"class": "form-control"}),
    )

    def __init__(self, *given: Any, rows: list[Assignment], tier: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["keeps"].choices = [  # type: ignore[attr-defined]
            (row.pk, f"{row.post.label} · {row.post.unit.label if row.post.unit else ''}") for row in rows
        ]
        others = [(each.value, _("supports it: %(tier)s") % {"tier": each.label}) for each in Tier]
        self.fields["support"].choices = [  # type: ignore[attr-defined]
            *(each for each in others if each[0] != tier),
            ("", _("no longer answers for it")),
        ]


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Show the share of sites that are answered for, and what is missing.

    `?district=` and `?matter=` narrow it, all but the matrix.
    """
    if not reach_of(request.user).is_official:
        raise PermissionDenied
    chosen = {name: code for name in ("district", "matter") if (code := request.GET.get(name))}
    found = queries.coverage(request.user, today=clock.local_date(clock.now()), **chosen)
    if found is None:
        messages.info(request, _("There are no figures of that. These are all of yours."))
        return redirect("responsibility:coverage")
    chips = [
        (label, value, f"?{urlencode({k: v for k, v in chosen.items() if k != name})}")
        for name, label, value in (
            ("district", _("District"), found.district),
            ("matter", _("Matter"), found.matter),
        )
        if value is not None
    ]
    context = {"coverage": found, "chips": chips, "asked": urlencode(chosen)}
    return render(request, "responsibility/coverage.html", context)


@require_GET
def table(request: HttpRequest) -> FileResponse:
    """Give the table of coverage as a sheet: what the person reads, by district and industry."""
    if not reach_of(request.user).is_official:
        raise PermissionDenied
    today = clock.local_date(clock.now())
    return office_table(request.user, day=today).response(f"coverage-{today.isoformat()}.xlsx")


@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one finding with its sites, and what resolves it; a POST dismisses it or takes it up again."""
    seen = Finding.objects.visible_to(request.user).select_related(
        "matter",
        "industry",
        "post__unit__district",
        "whose",
        "district",
        "township",
        "community",
        "cell",
        "dismissed_by",
    )
    row = get_object_or_404(seen, pk=pk)
    post = acting_post(request)
    form = DismissForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _decide(request, row, form):
        return redirect("responsibility:finding", pk)
    now = clock.now()
    owed = owing.of(row)
    touched = row.touched.still().filter(site__in=Site.objects.visible_to(request.user))
    touched = touched.select_related("site__enterprise", "matter").order_by("site__name", "pk")
    sites = list({each.site_id: each for each in touched[: SITES * 8]}.values())[:SITES]
    mend = _mend_urls(request, row, sites)
    for each in sites:
        each.mend_url = mend.get(each.site_id, "")  # type: ignore[attr-defined]
    whose = row.whose
    unknown, more_unknown = _unknown(row)
    known = lookalikes(unknown, request.user)
    for entry in unknown:
        entry.known = known.get(entry.pk)  # type: ignore[attr-defined]
    context = {
        "finding": row,
        "rule": rules[row.rule],
        "rows": about(row.key, request.user) if (about := rules[row.rule].rows) else [],
        "form": form,
        "may_decide": may_decide(row, post),
        "may_dismiss": may_decide(row, post) and row.rule not in ONE_BY_ONE,
        "instruct_url": note_url(row, post) if row.state != FindingState.MENDED else "",
        "may_transfer": row.state == FindingState.OPEN and may_decide(row, post) and speaks(post),
        "may_ask": row.rule == ASKED and (may_ask(row, post) or row.questions.exists()),
        "entries": unknown,
        "more_entries": more_unknown,
        "may_register": bool(unknown)
        and Finding.objects.editable_by(request.user, post).filter(pk=pk).exists(),
        "aside": list(set_aside(row)[:SITES]),
        "merge_url": _merge_url(row) if may_decide(row, post) else "",
        "may_join": row.state == FindingState.OPEN and row.rule == OVERLAP and may_decide(row, post),
        "help": _help(row, post),
        "assign_url": _assign_url(row, post),
        "touched": sites,
        "mend": label[0] if (label := rules[row.rule].mend) else "",
        "more": max(row.sites - len(sites), 0),
        "owed": owed,
        "over": owed.days_over(now) if owed else None,
        "whose": whose,
        "holder": holders([whose.pk], on=clock.local_date(now)).get(whose.pk) if whose else None,
    }
    status = UNACCEPTABLE if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, "responsibility/finding.html", context, status=status)


def _help(row: Finding, post: Post | None) -> tuple[str, str]:
    """Return what puts a finding about a post or a cell in order, and where; nothing for who may not."""
    if row.state != FindingState.OPEN or post is None:
        return "", ""
    if row.rule in (VACANT, "vacant_idle") and row.post is not None and may_staff(post, row.post):
        return _("Fill the post"), reverse("responsibility:handover", args=[row.post_id])
    if row.rule == "certificate" and row.post is not None and may_certify(post, row.post):
        return _("Enter a certificate"), reverse("responsibility:certificate", args=[row.post_id])
    if row.rule == "no_officer" and row.cell is not None and may_look_after(post, row.cell):
        return _("Say who looks after it"), reverse("responsibility:cell_officer", args=[row.cell.code])
    return "", ""


@require_http_methods(["GET", "POST"])
def joint(request: HttpRequest, pk: int) -> HttpResponse:
    """Let two bodies that answer with equal right agree: one does, the other supports it."""
    row = get_object_or_404(Finding.objects.visible_to(request.user).select_related("matter"), pk=pk)
    post, now = acting_post(request), clock.now()
    if not may_decide(row, post):
        raise PermissionDenied
    rows = rivals(row, on=clock.local_date(now))
    form = JointForm(request.POST if request.method == "POST" else None, rows=rows, tier=row.tier)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        keeps = next(each for each in rows if each.pk == given["keeps"])
        done = attempt(
            request,
            form,
            lambda: make_joint(
                finding=row,
                keeps=keeps,
                support=given["support"],
                basis=given["basis"],
                actor=request.user,
                acting_post=post,
                now=now,
            ),
        )
        if done is not None:
            messages.success(request, _("Agreed. The coverage follows within a minute."))
            return redirect("responsibility:finding", pk)
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    context = {"finding": row, "form": form, "rows": rows}
    return render(request, "responsibility/joint.html", context, status=status)


@require_GET
def cell_faults(request: HttpRequest) -> JsonResponse:
    """Give the holes and overlaps of cells whose findings the person reads, as GeoJSON for the map."""
    if not reach_of(request.user).is_official:
        raise PermissionDenied
    rows = geometry.visible(request.user).select_related("place", "cell", "other")
    rows = rows.defer(*(f"{name}__boundary" for name in ("place", "cell", "other")))
    features = [
        {
            "type": "Feature",
            "id": row.pk,
            "geometry": row.geometry,
            "properties": {
                "name": f"{rules[f'cell_{row.kind}'].title} · {row.place.label}",
                "kind": row.kind,
                "square_metres": row.square_metres,
            },
        }
        for row in rows
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _unknown(row: Finding) -> tuple[list[RegisterEntry], int]:
    """Return the first entries that the grid does not know, and how many more there are. Two queries."""
    if row.state != FindingState.OPEN or row.rule not in ONE_BY_ONE:
        return [], 0
    found = entries(row)
    first = list(found[:SITES])
    return first, found.count() - len(first)


@require_POST
def aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the ticked entries of a business register aside for a reason, or let one count again."""
    row = get_object_or_404(Finding.objects.visible_to(request.user), pk=pk)
    who: dict[str, Any] = {"actor": request.user, "acting_post": acting_post(request), "now": clock.now()}
    ticked = [each for each in request.POST.getlist("entry") if each.isdigit()]
    try:
        if "back" in request.POST:
            for entry in set_aside(row).filter(pk__in=ticked):
                take_back(finding=row, entry=entry, **who)
            messages.success(request, _("It counts again. The audit follows within a minute."))
        else:
            chosen = entries(row).filter(pk__in=ticked)
            done = put_aside(finding=row, chosen=chosen, reason=request.POST.get("reason", ""), **who)
            text = ngettext("%(n)s entry put aside.", "%(n)s entries put aside.", done)
            messages.success(request, text % {"n": done})
    except Invalid as refusal:
        messages.error(request, " ".join(map(str, refusal.messages)))
    except NotAllowed as refused:
        raise PermissionDenied from refused
    return redirect("responsibility:finding", pk)


@require_POST
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Register what a business register has and the grid does not, entry by entry, as chosen on the page."""
    row = get_object_or_404(Finding.objects.visible_to(request.user), pk=pk)
    post, now = acting_post(request), clock.now()
    ticked = [each for each in request.POST.getlist("entry") if each.isdigit()]
    chosen = list(entries(row).filter(pk__in=ticked))
    known = lookalikes(chosen, request.user)
    who: dict[str, Any] = {"actor": request.user, "acting_post": post, "now": now}
    done = 0
    for entry in chosen:
        try:
            if f"known-{entry.pk}" in request.POST and entry.pk in known:
                is_known(finding=row, entry=entry, enterprise=known[entry.pk], **who)
            else:
                register_entry(finding=row, entry=entry, **who)
            done += 1
        except Invalid as refusal:
            messages.error(request, f"{entry.name}: {' '.join(map(str, refusal.messages))}")
        except NotAllowed:
            messages.error(request, f"{entry.name}: {_('outside your scope')}")
    if done:
        text = ngettext("%(n)s enterprise registered.", "%(n)s enterprises registered.", done)
        messages.success(request, text % {"n": done})
    return redirect("responsibility:finding", pk)


def _decide(request: HttpRequest, row: Finding, form: DismissForm) -> bool:
    """Do what the form asks; whether it was done, or can be no more."""
    who: dict[str, Any] = {"actor": request.user, "acting_post": acting_post(request), "now": clock.now()}
    if row.state == FindingState.DISMISSED:
        if attempt(request, form, lambda: take_up(finding=row, **who)):
            messages.success(request, _("It is to be resolved again."))
        return True
    if not form.is_valid():
        return False
    reason = form.cleaned_data["reason"]
    if attempt(request, form, lambda: dismiss(finding=row, reason=reason, **who)):
        messages.success(request, _("Dismissed. It stays so as long as it lasts."))
    return not form.errors


def _mend_urls(request: HttpRequest, row: Finding, touched: list[FindingSite]) -> dict[int, str]:
    """Return by the ids of sites where each is put in order, of those that the person may. One query."""
    mend, post = rules[row.rule].mend, acting_post(request)
    if mend is None or row.state == FindingState.MENDED or post is None or post.enterprise_id is not None:
        return {}
    own = Site.objects.editable_by(request.user, post).filter(pk__in=[each.site_id for each in touched])
    return {
        pk: f"{reverse(mend[1], args=[enterprise])}?site={pk}"
        for pk, enterprise in own.values_list("pk", "enterprise")
    }


def _merge_url(row: Finding) -> str:
    """Return the address where two records of one enterprise become one: that with a code stays."""
    if row.rule != TWICE or row.state != FindingState.OPEN:
        return ""
    pks = [int(each) for each in row.key.split(":")]
    both = sorted(Enterprise.objects.filter(pk__in=pks), key=lambda each: (each.uscc is None, each.pk))
    if len(both) < len(pks):
        return ""
    return f"{reverse('grid:merge', args=[both[0].pk])}?with={both[1].pk}"


def _assign_url(row: Finding, post: Post | None) -> str:
    """Return the address of the form that assigns what is missing, filled in; none where that is no help.

    For whoever acts in the place and for the matter, as the form asks.
    """
    place = row.cell or row.community or row.township or row.district
    if row.rule != "nobody" or row.state != FindingState.OPEN or place is None or row.matter is None:
        return ""
    if (
        post is None
        or not may_assign(post)
        or not covers(scope_of(post).of(acting=True), row.matter, place, None)
    ):
        return ""
    given = {"place": place.code, "matter": row.matter.code, "line": row.line, "tier": row.tier}
    return f"{reverse('responsibility:assign')}?{urlencode(given)}"
