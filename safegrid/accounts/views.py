"""Choosing the post to act as."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from safegrid.accounts.middleware import SESSION_KEY, my_posts
from safegrid.kernel.refusals import NotAllowed


@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """Act from now on as one of one's own posts, and stay on the page."""
    chosen = request.POST.get("post", "")
    if chosen not in {str(post.pk) for post in my_posts(request)}:
        raise NotAllowed
    request.session[SESSION_KEY] = int(chosen)
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "/")
