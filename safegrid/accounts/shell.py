"""What accounts add to the shell."""

from django.http import HttpRequest

from safegrid.accounts.middleware import acting_post, my_posts
from safegrid.kernel.addresses import address
from safegrid.kernel.shell import values

values.plug("posts", my_posts)
values.plug("acting_post", acting_post)


def _act_as_url(request: HttpRequest) -> str:
    return address("act_as")


values.plug("act_as_url", _act_as_url)
