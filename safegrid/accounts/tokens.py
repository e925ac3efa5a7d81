"""Tokens with which a person's programs read the API: shown once, kept as a digest, revoked here."""

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from knox.models import AuthToken

from safegrid.accounts.models import User
from safegrid.audit.services import record
from safegrid.kernel import clock

LIFETIME = dt.timedelta(days=365)
MOST = 10  # tokens of one person at a time


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List the person's tokens; a POST makes one and shows it, this once."""
    now = clock.now()
    fresh = ""
    living = AuthToken.objects.filter(user=request.user, expiry__gt=now).order_by("-created")
    if request.method == "POST":
        if living.count() >= MOST:
            messages.error(request, _("You have as many tokens as one may have. Revoke one first."))
        else:
            row, fresh = AuthToken.objects.create(user=request.user, expiry=LIFETIME)
            _record(request, "token_made", now, {"token": row.token_key, "expires": row.expiry})
    return render(request, "account/tokens.html", {"tokens": living.all(), "fresh": fresh})


@require_POST
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Revoke one of the person's own tokens at once."""
    row = get_object_or_404(AuthToken, user=request.user, token_key=key)
    row.delete()
    _record(request, "token_revoked", clock.now(), {"token": key})
    messages.success(request, _("The token is revoked."))
    return redirect("tokens")


def _record(request: HttpRequest, action: str, now: dt.datetime, data: dict[str, Any]) -> None:
    person = cast(User, request.user)
    post = request.acting_post  # type: ignore[attr-defined]
    record(person, action, actor=person, acting_post=post, now=now, data=data)
