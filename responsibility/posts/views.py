"""Pages of a post: what it holds, who held it, and how it changes hands."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from responsibility.assignments.models import Assignment
from responsibility.obligations.models import Obligation
from responsibility.posts import queries
from responsibility.posts.calling_off import call_off
from responsibility.posts.equipping import may_certify
from responsibility.posts.forms import BackForm, HandoverForm, LeaveForm, SubstituteForm
from responsibility.posts.models import Handover
from responsibility.posts.services import come_back, hand_over, leave, name_substitute, standing_in
from responsibility.posts.staffing import may_staff, stands_over
from safegrid.accounts.choices import PostKind
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.models import Holding, Post, Substitution, User
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed, Refused
from safegrid.kernel.views import UNACCEPTABLE, attempt

SHOWN = 200  # of what went with a post, on its sheet


def _post(request: HttpRequest, pk: int) -> Post:
    return get_object_or_404(queries.posts_seen(request.user), pk=pk)


@require_GET
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one post: who holds it, what it answers for, what is open."""
    row = _post(request, pk)
    acting = acting_post(request)
    staffs = may_staff(acting, row)
    is_own = row.pk in request.user.reach.post_ids  # type: ignore[union-attr]
    now = clock.now()
    today, held = clock.local_date(now), queries.held(row, now=now)
    last = next((each for each in held.handovers if each.called_off_at is None), None)
    context = {
        "post": row,
        "held": held,
        "today": today,
        "to_call_off": last if staffs and last is not None and last.on >= today else None,
        "may_staff": staffs,
        "may_take": row.kind == PostKind.GRID_OFFICER and acting is not None and stands_over(acting, row),
        "may_certify": may_certify(acting, row),
        "certificates": queries.certificates(held.holder) if row.kind == PostKind.OFFICER else None,
        "may_substitute": staffs or (acting is not None and acting.pk == row.pk),
        "sees_open": staffs or is_own,
    }
    return render(request, "responsibility/post.html", context)


def _chosen(form: Any) -> User | None:
    pk = form.cleaned_data["person"]
    return User.objects.get(pk=pk) if pk else None


@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Let another person hold the post from a day on."""
    row = _post(request, pk)
    acting = acting_post(request)
    if not may_staff(acting, row):
        raise NotAllowed
    now = clock.now()
    today = clock.local_date(now)
    is_held = Holding.objects.filter(post=row, span__contains=today).exists()
    text = request.GET.get("q", "").strip()
    people = list(queries.people(row, text, today=today))
    form = HandoverForm(
        request.POST if request.method == "POST" else None,
        people=people,
        is_held=is_held,
        initial={"on": today},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            request,
            form,
            lambda: hand_over(
                post=row,
                to=_chosen(form),
                on=given["on"],
                note=given["note"],
                actor=request.user,
                acting_post=acting,
                now=now,
            ),
        )
        if done is not None:
            messages.success(request, _("The post changes hands. This is the sheet for both sides."))
            return redirect("responsibility:handover_sheet", done.pk)
    about = {
        "title": _("Hand over"),
        "hint": _(
            "All that belongs to the post goes with it: what it owes, its alerts, what it answers for. "
            "Whoever held it keeps nothing of it."
        ),
    }
    context = {"post": row, "form": form, "q": text, "people": people, **about}
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/choose_person.html", context, status=status)


@require_http_methods(["GET", "POST"])
def substitute(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who stands in while the holder is on leave."""
    row = _post(request, pk)
    acting = acting_post(request)
    if not (may_staff(acting, row) or (acting is not None and acting.pk == row.pk)):
        raise NotAllowed
    now = clock.now()
    today = clock.local_date(now)
    text = request.GET.get("q", "").strip()
    people = list(queries.people(row, text, today=today))
    form = SubstituteForm(
        request.POST if request.method == "POST" else None,
        people=people,
        initial={"since": today},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            request,
            form,
            lambda: name_substitute(
                post=row,
                user=User.objects.get(pk=given["person"]),
                since=given["since"],
                until=given["until"],
                actor=request.user,
                acting_post=acting,
                now=now,
            ),
        )
        if done is not None:
            messages.success(
                request, _("From that day on the substitute sees and is told what the post owes.")
            )
            return redirect("responsibility:post", pk)
    about = {
        "title": _("On leave"),
        "hint": _("Whoever stands in sees, does and is told what the post owes, on these days only."),
    }
    context = {"post": row, "form": form, "q": text, "people": people, **about}
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/choose_person.html", context, status=status)


@require_http_methods(["GET", "POST"])
def back(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Let whoever is on leave be back sooner or later than arranged, or not go at all."""
    found = _post(request, pk)
    acting = acting_post(request)
    if not (may_staff(acting, found) or (acting is not None and acting.pk == found.pk)):
        raise NotAllowed
    today = clock.local_date(clock.now())
    away = Substitution.objects.filter(post=found, pk=row).select_related("user").first()
    if away is None:  # called off, perhaps by the same form sent before
        return redirect("responsibility:post", pk)
    form = BackForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]

        def act() -> bool:
            come_back(substitution=away, on=on, actor=request.user, acting_post=acting, now=clock.now())
            return True

        if attempt(request, form, act):
            messages.success(request, _("From %(day)s on nobody stands in.") % {"day": date_format(on)})
        if not form.errors:
            return redirect("responsibility:post", pk)
    context = {"post": found, "away": away, "form": form}
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/back.html", context, status=status)


def _sheet(request: HttpRequest, pk: int) -> Handover:
    """Return a handover that the person may read: of either side, or of a post that they staff."""
    seen = Handover.objects.select_related(
        "post__unit__district", "post__enterprise", "giver", "receiver", "made_by", "called_off_by"
    )
    row = get_object_or_404(seen, pk=pk)
    if not seen.visible_to(request.user).filter(pk=pk).exists() and not may_staff(
        acting_post(request), row.post
    ):
        raise Http404
    return row


@require_POST
def calling_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Call off a handover; the page has asked."""
    row = _sheet(request, pk)
    try:
        call_off(handover=row, actor=request.user, acting_post=acting_post(request), now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Called off. What was before stands again."))
    return redirect("responsibility:handover_sheet", pk)


@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what went with a post, as it was when the handover was arranged, and what became of it."""
    row = _sheet(request, pk)
    now = clock.now()
    is_open = row.called_off_at is None and row.on >= clock.local_date(now)
    if row.called_off_at is not None:  # nothing went with it, and who did not receive it learns nothing
        row.obligations, row.assignments, row.unread, row.note = [], [], 0, ""
    open_then = Obligation.objects.filter(pk__in=row.obligations).order_by("due_at", "pk")[:SHOWN]
    given = Assignment.objects.filter(pk__in=row.assignments).select_related("matter", "district", "site")
    context = {
        "handover": row,
        "may_call_off": is_open and may_staff(acting_post(request), row.post),
        "owed": [
            (each, words) for each, words in zip(open_then, queries.worded(open_then, now=now), strict=True)
        ],
        "assignments": given.order_by("line", "tier", "pk")[:SHOWN],
        "open": len(row.obligations),
        "assigned": len(row.assignments),
    }
    return render(request, "responsibility/handover_sheet.html", context)


def _after_leaving(request: HttpRequest, person: User, post: Post, sheets: list[Handover]) -> str:
    """Return the post's page, or for somebody who has just let themselves go what they still may open."""
    user = User.objects.get(pk=person.pk) if person == request.user else request.user  # as they stand now
    if queries.posts_seen(user).filter(pk=post.pk).exists():
        return reverse("responsibility:post", args=[post.pk])
    if sheets:
        return reverse("responsibility:handover_sheet", args=[sheets[0].pk])
    return reverse("my_work")


@require_http_methods(["GET", "POST"])
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person leave: all that they hold, are to hold, and stand in for, in one view and one act.

    Colleagues are offered to take over, and whoever is found by `?q=`.
    """
    person = get_object_or_404(User, pk=pk)
    acting = acting_post(request)
    now = clock.now()
    today = clock.local_date(now)
    held = queries.to_be_given_on(person, today=today)
    stands_in = standing_in(person, on=today)
    mine = [each for each in held if may_staff(acting, each.post)]
    ended = [each for each in stands_in if may_staff(acting, each.post)]
    if not (mine or ended):
        raise Http404  # who holds nothing here is nobody's to let go
    text = request.GET.get("q", "").strip()
    found: set[User] = set()
    posts = []
    for each in mine:
        if each.until is None:
            others = set(queries.people(each.post, text, today=today)) - {person} if text else set()
            colleagues = [p for p in queries.people(each.post, "", today=today) if p != person]
            posts.append((each.post, [*colleagues, *sorted(others - set(colleagues), key=lambda p: p.pk)]))
            found |= others
    form = LeaveForm(request.POST if request.method == "POST" else None, posts=posts, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        # Given on already: nobody is asked who takes over, and the day must agree with that.
        settled: dict[Post, User | None] = {each.post: None for each in mine if each.until is not None}
        done = attempt(
            request,
            form,
            lambda: leave(
                person=person,
                successors=settled | form.successors(),
                on=form.cleaned_data["on"],
                actor=request.user,
                acting_post=acting,
                now=now,
            ),
        )
        if done is not None:
            messages.success(request, _("Arranged. Each post has its sheet."))
            return redirect(_after_leaving(request, person, (mine or ended)[0].post, done))
    context = {
        "person": person,
        "form": form,
        "q": text,
        "found": found,
        "others": [
            *(each.post for each in held if each not in mine),
            *(each.post for each in stands_in if each not in ended),
        ],
        "held": [(each, queries.held(each.post, now=now)) for each in mine],
        "stands_in": ended,
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/leave.html", context, status=status)
