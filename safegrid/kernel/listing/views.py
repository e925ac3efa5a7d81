"""One address for a list: the page, its fragments, its exports."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic import View

from safegrid.kernel import clock
from safegrid.kernel.jinja import part
from safegrid.kernel.listing.declaration import Listing
from safegrid.kernel.listing.exports import export
from safegrid.kernel.listing.selection import Selection
from safegrid.kernel.listing.table import sort_choices, table
from safegrid.kernel.shell import page


class ListingView(View):
    """Show `listing` to whoever is signed in: exactly the rows they may read.

    `?format=` gives an export, `?part=counts` the numbers on the tabs, `?part=filters` the form.
    """

    listing: Listing = None  # type: ignore[assignment]  # given to as_view()
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with what the address asks for."""
        selection = Selection(self.listing, request, now=clock.now())
        form = request.GET.get("format")
        if form:
            return self.export(selection, form)
        wanted = request.GET.get("part")
        if wanted == "counts":
            return self.counts(request, selection)
        if wanted == "filters":
            return render(request, "listing/_filters.html", self.filters(selection))
        fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
        body = part("listing/body.html", self.context(selection) | {"request": request})
        if fragment:
            response = HttpResponse(body)
            # A form sends its empty fields along; the address has none.
            response["HX-Push-Url"] = request.path + selection.address(after=request.GET.get("after"))
        else:
            values = {"page_title": self.listing.words.title, "actions": self.listing.actions(request)}
            response = page(request, "listing/page.html", values | {"body": body})
        patch_vary_headers(response, ["HX-Request"])
        return response

    def context(self, selection: Selection) -> dict[str, Any]:
        """Return what the templates need."""
        found = selection.page()

        def beside(cursor: Any) -> str:
            return selection.address(after=cursor.encode(selection.order)) if cursor else ""

        return {
            "listing": self.listing,
            "selection": selection,
            # Each part is made whole before it goes into the next: what Jinja2 hands on piece by piece it
            # hands through every template around it.
            "table": part("listing/table.html", table(selection, found.rows)) if found.rows else "",
            "tabs": [
                (tab.key, label, selection.address(tab=tab.key, sort=None), tab is selection.tab)
                for tab, label in zip(self.listing.tabs, self.listing.words.tabs, strict=True)
            ],
            "sorts": sort_choices(selection),
            "exports": self.exports(selection),
            "counts_url": selection.address(part="counts"),
            "filters_url": selection.address(part="filters"),
            "clear_url": self.clear_url(selection),
            "kept": selection.kept("q"),
            "is_narrowed": selection.filters is not None,
            "problems": [
                selection.problems[n] for n in ("tab", "sort", "after", "q") if n in selection.problems
            ],
            "previous_url": beside(found.previous),
            "next_url": beside(found.next),
        }

    def clear_url(self, selection: Selection) -> str:
        """Return the address of the same saved view with no filter."""
        return selection.address(**dict.fromkeys(self.listing.filterset.base_filters))

    def filters(self, selection: Selection) -> dict[str, Any]:
        """Return what the form of the filters needs; the search has its own box."""
        form = selection.filterset(self.request).form
        return {
            "fields": [field for field in form if field.name != "q"],
            "kept": selection.kept(*(name for name in form.fields if name != "q")),
            "clear_url": self.clear_url(selection),
        }

    def exports(self, selection: Selection) -> list[tuple[str, str]]:
        """Return the exports on offer: address and name."""
        found = [
            (selection.address(format="xlsx"), _("Excel")),
            (selection.address(format="csv"), _("CSV")),
        ]
        if self.listing.map:
            found.append((selection.address(format="geojson"), _("Map data (GeoJSON)")))
        return found

    def export(self, selection: Selection, form: str) -> HttpResponseBase:
        """Return a file, or say in plain words what of the address is not understood."""
        if not selection.is_understood:
            return HttpResponse("\n".join(selection.problems.values()), status=400, content_type="text/plain")
        return export(selection, form) or HttpResponse(
            _("This list has no such export."), status=400, content_type="text/plain"
        )

    def counts(self, request: HttpRequest, selection: Selection) -> HttpResponse:
        """Return the fragment with the numbers on the tabs."""
        counts = selection.counts()
        total = counts[selection.tab.key]
        return HttpResponse(part("listing/counts.html", {"counts": counts.items(), "total": total}))
