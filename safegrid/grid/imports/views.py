"""The import's pages: one address for an import from upload to result, so that coming back loses nothing."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from safegrid.grid.choices import ImportState, Outcome
from safegrid.grid.imports import rejects, services
from safegrid.grid.imports.forms import EXTENSIONS, MatchForm, UploadForm
from safegrid.grid.imports.kinds import Kind, Plan, Row, kinds
from safegrid.grid.imports.problems import FILE_PROBLEMS, Unreadable, wording
from safegrid.grid.imports.running import AT_WORK, terms
from safegrid.grid.models import ImportJob
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused
from safegrid.kernel.views import UNACCEPTABLE, attempt

PAGE = 30  # imports on a page
BAD_ROWS = 50  # shown on the page; the file has all
TONES = {
    ImportState.UPLOADED: "info",
    ImportState.CHECKING: "info",
    ImportState.CHECKED: "info",
    ImportState.RUNNING: "info",
    ImportState.DONE: "good",
    ImportState.FAILED: "bad",
}


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Show earlier imports, and take a new file."""
    post = request.acting_post  # type: ignore[attr-defined]
    here = _kinds(request)
    mine = [kind for kind in here if services.may_import(post, kind)]
    seen = ImportJob.objects.visible_to(request.user).filter(kind__in=[kind.code for kind in here])
    if not mine and not seen.exists() and not request.user.reach.is_citywide:  # type: ignore[union-attr]
        raise NotAllowed
    if request.method != "POST":
        return _list(request, seen, mine, UploadForm(kinds=mine) if mine else None)
    if not mine:
        raise NotAllowed
    form = UploadForm(request.POST, request.FILES, kinds=mine)
    job = _received(request, form) if form.is_valid() else None
    if job is None:
        return _list(request, seen, mine, form, status=UNACCEPTABLE)
    return _to(request, "import_job", job.pk)


def _desk(request: HttpRequest) -> str:
    """Return the namespace of the pages that are asked for; each kind of file has its desk."""
    return request.resolver_match.namespace  # type: ignore[union-attr]


def _kinds(request: HttpRequest) -> list[Kind]:
    return [kind for kind in kinds if kind.desk == _desk(request)]


def _to(request: HttpRequest, name: str, *args: object) -> HttpResponse:
    return redirect(f"{_desk(request)}:{name}", *args)


def _received(request: HttpRequest, form: UploadForm) -> ImportJob | None:
    file = form.cleaned_data["file"]
    try:
        return services.receive(
            data=file.read(),
            name=file.name,
            kind=kinds[form.cleaned_data["kind"]],
            actor=request.user,
            acting_post=request.acting_post,  # type: ignore[attr-defined]
            now=clock.now(),
        )
    except Unreadable as problem:
        form.add_error("file", problem.message)
    return None


def _list(
    request: HttpRequest, seen: Any, mine: list[Kind], form: UploadForm | None, status: int = 200
) -> HttpResponse:
    before = request.GET.get("before", "")
    rows = seen.filter(pk__lt=int(before)) if before.isascii() and before.isdecimal() else seen
    jobs = list(rows.select_related("created_by")[: PAGE + 1])
    context = {
        "form": form,
        "extensions": EXTENSIONS,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "too_big": wording(FILE_PROBLEMS, "too_big", {"limit": filesizeformat(settings.UPLOAD_MAX_BYTES)}),
        "desk": _desk(request),
        "kinds": mine,
        "jobs": [(job, TONES[ImportState(job.state)], kinds[job.kind].label) for job in jobs[:PAGE]],
        "older": f"?before={jobs[PAGE - 1].pk}" if len(jobs) > PAGE else "",
    }
    return render(request, "grid/imports/list.html", context, status=status)


@require_GET
def template(request: HttpRequest, code: str) -> HttpResponse:
    """Give an empty spreadsheet with the headings of a kind and one row as an example."""
    kind = next((kind for kind in _kinds(request) if kind.code == code), None)
    if kind is None:
        raise Http404
    stream = io.StringIO()
    csv.writer(stream).writerows([[f.headings[0] for f in kind.fields], [f.example for f in kind.fields]])
    return _download(HttpResponse(rejects.MARK + stream.getvalue(), content_type="text/csv"), f"{code}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an import where it stands; take how its columns are to be read."""
    found = _find(request, pk)
    allowed = services.may_import(request.acting_post, kinds[found.kind])  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, found, MatchForm(job=found), allowed)
    form = MatchForm(request.POST, job=found)
    if form.is_valid() and attempt(request, form, lambda: _matched(request, found, form)) is not None:
        return _to(request, "import_job", pk)
    found.refresh_from_db()
    if found.state != ImportState.UPLOADED:  # somebody was faster: show what it is now
        return _to(request, "import_job", pk)
    return _page(request, found, form, allowed, status=UNACCEPTABLE)


def _matched(request: HttpRequest, found: ImportJob, form: MatchForm) -> ImportJob:
    return services.match_columns(
        job=found,
        kind=form.kind,
        mapping=form.mapping,
        datum=form.datum_given,
        post=request.acting_post,  # type: ignore[attr-defined]
        words=form.words,
        save_as=form.cleaned_data["save_as"],
        actor=request.user,
        now=clock.now(),
    )


def _page(
    request: HttpRequest, found: ImportJob, form: MatchForm, allowed: bool, status: int = 200
) -> HttpResponse:
    kind = kinds[found.kind]
    context: dict[str, Any] = {
        "desk": _desk(request),
        "job": found,
        "kind": kind,
        "allowed": allowed,
        "state": found.state,
        "tone": TONES[ImportState(found.state)],
        "step": _step(found),
        "at_work": found.state in AT_WORK,
    }
    if found.state == ImportState.UPLOADED:
        context |= {"form": form, "preview": _preview(found, form)}
    elif found.state == ImportState.FAILED:
        context["problem"] = wording(FILE_PROBLEMS, found.error or "unexpected", {})
    elif found.state not in AT_WORK:
        context |= _outcome(found, kind)
    return render(request, "grid/imports/job.html", context, status=status)


def _outcome(found: ImportJob, kind: Kind) -> dict[str, Any]:
    """What a check foresees, or what an import did. Only what is written can be looked at."""
    counts = {outcome: getattr(found, outcome) for outcome in Outcome.values}
    links = {o: kind.result_url(found, o) if found.started and n else "" for o, n in counts.items()}
    if found.started and found.unplaced:
        links["unplaced"] = f"{kind.result_url(found, '')}&tab=unplaced"
    bad = found.rows.filter(outcome=Outcome.REJECTED).order_by("number")[:BAD_ROWS]
    passed = found.rows.filter(outcome=Outcome.SKIPPED).order_by("number")[:BAD_ROWS]
    written = kind.written(found) if kind.written and found.started else {}
    return {
        "bad_rows": [
            (
                row.number,
                kind.reason(row.reason, row.details),
                list(zip(found.columns, row.cells, strict=True)),
            )
            for row in bad
        ],
        "all_rows": kind.result_url(found, "") if found.started else "",
        "skipped_rows": [(row.number, kind.reason(row.reason, row.details)) for row in passed],
        "links": {
            **links,
            "rejected": "#rejected" if found.rejected else "",
            "skipped": "#skipped" if found.skipped else "",
        },
        "written": [(o, Outcome(o).label, places) for o, places in written.items() if places],
        "writes": found.created + found.changed,
        "unplaced_tone": "warn" if found.unplaced else "",
        "rejected_tone": "bad" if found.rejected else "",
    }


def _step(found: ImportJob) -> int:
    """Which of the steps an import is at: columns, check, import, result."""
    if found.started:
        return 4 if found.state == ImportState.DONE else 3
    return 1 if found.state == ImportState.UPLOADED else 2


def _preview(found: ImportJob, form: MatchForm) -> dict[str, Any]:
    """How the first rows are understood with the columns that are chosen now."""
    kind = form.kind
    mapping, datum, words = found.mapping, found.datum, found.words
    if form.is_bound:
        form.is_valid()
        mapping, datum, words = form.mapping, form.datum_given, form.words
    given = terms(found, clock.now())
    importer = kind.importer(replace(given, mapping=mapping, datum=datum, words=words))
    places = {code: found.columns.index(column) for code, column in mapping.items()}
    rows = [Row(n, cells, {code: cells[at] for code, at in places.items()}) for n, cells in found.sample]
    shown = []
    for plan in importer.plan(rows):
        told = importer.describe(plan)
        shown.append((plan, [(label, told.get(key, "")) for key, label in kind.shown], _verdict(kind, plan)))
    return {"heads": [label for _key, label in kind.shown], "rows": shown}


def _verdict(kind: Kind, plan: Plan) -> tuple[str, str]:
    """What would become of a row, in words, and its tone."""
    if plan.outcome == Outcome.REJECTED:
        return kind.reason(plan.reason, plan.details), "bad"
    if plan.outcome == Outcome.SKIPPED:
        words = {"outcome": Outcome.SKIPPED.label, "why": kind.reason(plan.reason, plan.details)}
        return _("%(outcome)s: %(why)s") % words, "neutral"
    if plan.unplaced and kind.placed:
        return _("%(outcome)s, to be placed") % {"outcome": Outcome(plan.outcome).label}, "warn"
    return str(Outcome(plan.outcome).label), "good" if plan.outcome == Outcome.CREATED else "neutral"


@require_POST
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the first rows again, as the columns chosen now would have them."""
    found = _find(request, pk)
    form = MatchForm(request.POST, job=found)
    context = {"preview": _preview(found, form), "form": form, "again": True}
    return render(request, "grid/imports/_previews.html", context)


@require_POST
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Read another sheet of the workbook."""
    found = _find(request, pk)
    try:
        services.choose_sheet(
            job=found,
            sheet=request.POST.get("sheet", ""),
            post=request.acting_post,  # type: ignore[attr-defined]
        )
    except Invalid as problem:
        messages.error(request, " ".join(problem.messages))
    except (Refused, Unreadable) as problem:
        messages.error(request, problem.message)
    return _to(request, "import_job", pk)


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a check or an import is; at its end, have the whole page shown."""
    found = _find(request, pk)
    if found.state not in AT_WORK:
        return HttpResponseClientRefresh()
    return render(request, "grid/imports/_progress.html", {"job": found, "desk": _desk(request)})


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Start, go back, go on or drop."""
    found, post = _find(request, pk), request.acting_post  # type: ignore[attr-defined]
    verbs = {
        "start": services.start,
        "match-again": services.match_again,
        "go-on": services.go_on,
        "drop": services.drop,
    }
    if verb not in verbs:
        raise Http404
    try:
        verbs[verb](job=found, post=post)
    except Refused as refusal:
        messages.error(request, refusal.message)
        is_there = ImportJob.objects.filter(pk=pk).exists()
        return _to(request, "import_job", pk) if is_there else _to(request, "imports")
    if verb == "drop":
        messages.success(request, _("%(file)s is gone. Nothing of it was imported.") % {"file": found})
        return _to(request, "imports")
    return _to(request, "import_job", pk)


@require_GET
def bad_rows(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the rows that were not imported, with the reason for each."""
    found = _find(request, pk)
    stem = found.original_name.rpartition(".")[0] or found.original_name
    answer = StreamingHttpResponse(rejects.of_job(found), content_type="text/csv; charset=utf-8")
    return _download(answer, f"{stem}-{_('rejects')}.csv")


def _find(request: HttpRequest, pk: int) -> ImportJob:
    """Return an import that the person may see; for everybody else there is none."""
    jobs = ImportJob.objects.visible_to(request.user).select_related("created_by", "acting_post")
    return get_object_or_404(jobs, pk=pk, kind__in=[kind.code for kind in _kinds(request)])


def _download(answer: Any, name: str) -> Any:
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
