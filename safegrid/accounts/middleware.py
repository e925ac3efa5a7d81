"""The post a person acts as, for the whole request."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from safegrid.accounts.models import Post

SESSION_KEY = "acting_post"


def my_posts(request: HttpRequest) -> Sequence[Post]:
    """Return the posts of who is signed in, read once for each request."""
    return request.user.standing.posts if request.user.is_authenticated else ()


def acting_post(request: HttpRequest) -> Post | None:
    """Return the post chosen in this session if it is still held, else the first one, else None."""
    posts = my_posts(request)
    chosen = request.session.get(SESSION_KEY)
    return next((post for post in posts if post.pk == chosen), posts[0] if posts else None)


class ActingPostMiddleware:
    """Set `request.acting_post`, and let `request.user` be the person and no longer a promise of one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting_post = SimpleLazyObject(lambda: acting_post(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Unwrap a person who has been looked up already: a page asks them some fifty things."""
        found = getattr(request, "_cached_user", None)
        if found is not None:
            request.user = found
