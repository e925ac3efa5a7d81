"""What accounts add to the shell."""

from django.http import HttpRequest
from django.urls import reverse

from safegrid.accounts.middleware import acting_post, my_posts
from safegrid.kernel.shell import values

values.plug("posts", my_posts)
values.plug("acting_post", acting_post)


def _act_as_url(request: HttpRequest) -> str:
    return reverse("act_as")


values.plug("act_as_url", _act_as_url)
