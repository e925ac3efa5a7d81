"""What leaders' duties show on a site's page: the leader in contact with its enterprise, by name and post."""

from typing import Any

from django.http import HttpRequest

from responsibility.leaders.models import Leader
from responsibility.leaders.queries import in_contact
from safegrid.grid.models import Site
from safegrid.grid.sockets import site_panels
from safegrid.kernel import clock


def contact(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]] | None:
    """Return who is in contact; what they owe and did is linked for whoever may read it."""
    leaders = in_contact(site.enterprise_id, now=clock.now())
    if not leaders:
        return None
    ids = [leader.pk for leader, _holder in leaders]
    seen = Leader.objects.visible_to(request.user).filter(pk__in=ids)
    links = set(seen.values_list("pk", flat=True))
    return "responsibility/_in_contact.html", {"leaders": leaders, "links": links}


site_panels.plug("leader_in_contact", contact, order=15)
