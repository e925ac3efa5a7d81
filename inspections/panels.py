"""What inspections show on the page of a site: last visits and self-inspections."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from inspections.models import SelfInspection, Visit
from inspections.queries import kinds_of, visitable
from responsibility.instructions.subjects import Subject, subjects
from safegrid.accounts.middleware import acting_post
from safegrid.grid.models import Site
from safegrid.grid.sockets import site_panels

SHOWN = 5  # of each sort


def inspected(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]]:
    """Return the last visits and self-inspections of the site that the person reaches."""
    visits = Visit.objects.visible_to(request.user).filter(site=site).select_related("unit", "matter")
    own = SelfInspection.objects.visible_to(request.user).filter(site=site).select_related("checklist")
    post = acting_post(request)
    return "inspections/_at_site.html", {
        "visits": visits.order_by("-visited_at", "-pk")[:SHOWN],
        "self_inspections": own.order_by("-due_at", "-pk")[:SHOWN],
        "may_record": bool(
            post and kinds_of(post) and visitable(request.user, post).filter(pk=site.pk).exists()
        ),
        "site": site,
    }


subjects.plug(
    "visit",
    Subject(
        Visit,
        name=lambda visit: (
            f"{visit.number} {visit.enterprise.name}",
            f"{visit.number} {visit.enterprise.name_en or visit.enterprise.name}",
        ),
        url=lambda visit: reverse("inspections:visit_detail", args=[visit.number]),
        site=lambda visit: visit.site,
        matter=lambda visit: visit.matter,
        related=("enterprise", "site__enterprise", "matter"),
    ),
)
subjects.plug(
    "self-inspection",
    Subject(
        SelfInspection,
        name=lambda row: (
            f"{row.checklist.name} {row.period} {row.enterprise.name}",
            f"{row.checklist.name_en or row.checklist.name} {row.period} "
            f"{row.enterprise.name_en or row.enterprise.name}",
        ),
        url=lambda row: reverse("inspections:self_fill", args=[row.pk]),
        site=lambda row: row.site,
        related=("checklist", "enterprise", "site__enterprise"),
    ),
)
site_panels.plug("inspected", inspected, order=30)
