"""What a person was told: the list, the bell, and in the local mode the mails."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from responsibility.alerts import wording
from responsibility.alerts.models import UNREAD, Alert
from responsibility.alerts.outbox import KeptMail, find, kept
from responsibility.obligations.choices import Outcome
from safegrid.accounts.choices import PostKind
from safegrid.accounts.middleware import my_posts
from safegrid.kernel import clock
from safegrid.kernel.jinja import part
from safegrid.kernel.shell import context

PAGE = 50  # alerts
MAILS = 200  # shown in the outbox

#: Who sees every mail of the local demo; everybody else sees what was sent to them.
READS_ALL_MAIL = {PostKind.OFFICE, PostKind.ADMIN, PostKind.AUDITOR}


#: How the end of something is coloured; an end that is neither good nor bad has no colour.
TONES: dict[str, str] = {Outcome.MET: "good", Outcome.LAPSED: "bad"}


@dataclass(frozen=True)
class Line:
    """An alert in the reader's words."""

    alert: Alert
    title: str
    when: str

    @property
    def is_late(self) -> bool:
        """Whether it was late when it was raised, and still is."""
        return wording.was_late(self.alert) and self.alert.obligation.closed_at is None

    @property
    def outcome_tone(self) -> str:
        """How its end is coloured."""
        return TONES.get(self.alert.obligation.outcome, "neutral")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the person's alerts, those not read first, then the latest."""
    given = request.GET.get("page", "")
    page = max(int(given), 1) if given.isdecimal() and len(given) < 6 else 1
    rows = (
        Alert.objects.visible_to(request.user)
        .annotate(is_new=UNREAD)
        .select_related("post", "obligation__site", "obligation__enterprise")
        .order_by("-is_new", "-raised_at", "-pk")
    )
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    return render(
        request,
        "alerts/list.html",
        {
            "lines": [Line(a, wording.title(a), wording.when(a)) for a in found[:PAGE]],
            "previous": page - 1 if page > 1 else None,
            "next": page + 1 if len(found) > PAGE else None,
            "has_outbox": _has_outbox(),
        },
    )


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """Show the bell again: every open page asks for it now and then."""
    return HttpResponse(part("_shell/bell.html", context(request)))


@require_GET
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to where the alert leads; it counts as read, with the earlier ones about the same."""
    mine = Alert.objects.visible_to(request.user)
    alert = get_object_or_404(mine.select_related("obligation", "post"), pk=pk)
    mine.filter(obligation=alert.obligation_id, read_at=None).update(read_at=clock.now())
    return redirect(wording.url(alert))


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one alert as read."""
    get_object_or_404(Alert.objects.visible_to(request.user), pk=pk)
    Alert.objects.visible_to(request.user).filter(pk=pk, read_at=None).update(read_at=clock.now())
    return redirect("alerts:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    count = Alert.objects.visible_to(request.user).filter(read_at=None).update(read_at=clock.now())
    said = ngettext("%(n)s alert marked as read.", "%(n)s alerts marked as read.", count)
    messages.success(request, said % {"n": count})
    return redirect("alerts:list")


def _has_outbox() -> bool:
    """Whether mails are kept here instead of being sent."""
    return settings.DEBUG and settings.EMAIL_BACKEND == "responsibility.alerts.outbox.OutboxBackend"


def _addressee(request: HttpRequest) -> str | None:
    """Return whose mails the person sees; None for everybody's. Raise Http404 where none are kept."""
    if not _has_outbox():
        raise Http404
    reads_all = any(post.kind in READS_ALL_MAIL for post in my_posts(request))
    return None if reads_all else request.user.email  # type: ignore[union-attr]


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the mails that this computer has kept."""
    mails = kept(to=_addressee(request), limit=MAILS)
    return render(request, "alerts/outbox.html", {"mails": mails})


@require_GET
def kept_mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail as its reader gets it."""
    mail: KeptMail | None = find(name)
    addressee = _addressee(request)
    if mail is None or addressee not in (None, mail.to):
        raise Http404
    return render(request, "alerts/mail.html", {"mail": mail})
