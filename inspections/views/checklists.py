"""The published checklists."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from inspections.models import Checklist, ChecklistItem
from safegrid.grid.models import Feature


@require_GET
def checklists(request: HttpRequest) -> HttpResponse:
    """Show every item that may be asked, why, and on which article it rests. They are public rules."""
    items = ChecklistItem.objects.select_related("matter").order_by("order")
    names = {feature.code: feature.label for feature in Feature.objects.all()}
    shown = []
    for checklist in Checklist.objects.prefetch_related(Prefetch("items", queryset=items)):
        lines = [(item, [names.get(code, code) for code in item.features]) for item in checklist.items.all()]
        shown.append((checklist, lines))
    return render(request, "inspections/checklists.html", {"checklists": shown})
