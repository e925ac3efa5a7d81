"""The post a person acts as, for the whole request."""

import datetime as dt
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from safegrid.accounts.models import Post
from safegrid.accounts.queries import posts_of
from safegrid.kernel import clock

SESSION_KEY = "acting_post"


def my_posts(request: HttpRequest) -> list[Post]:
    """Return the posts of who is signed in, read once for each request."""
    if not hasattr(request, "_posts"):
        today: dt.date = clock.local_date(clock.now())
        request._posts = list(posts_of(request.user, on=today)) if request.user.is_authenticated else []  # type: ignore[attr-defined]
    return request._posts  # type: ignore[attr-defined, no-any-return]


def acting_post(request: HttpRequest) -> Post | None:
    """Return the post chosen in this session if it is still held, else the first one, else None."""
    posts = my_posts(request)
    chosen = request.session.get(SESSION_KEY)
    return next((post for post in posts if post.pk == chosen), posts[0] if posts else None)


class ActingPostMiddleware:
    """Set `request.acting_post`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting_post = SimpleLazyObject(lambda: acting_post(request))  # type: ignore[attr-defined]
        return self.get_response(request)
