"""The list of hazards with its office tables, and the page from which tables are fetched."""

from __future__ import annotations

from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hazards.tables import ledger, major, monthly
from hazards.tables.forms import MonthlyForm
from safegrid.kernel import clock
from safegrid.kernel.listing.selection import Selection
from safegrid.kernel.listing.views import ListingView
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.scope import reach_of

#: The exports in the form that offices hand up, of exactly the rows that the list shows.
TABLES = {"ledger": ledger.office_table, "major": major.office_table}


class HazardsView(ListingView):
    """The list of hazards; beside the other exports it gives the office's tables 1 and 3 of what is shown."""

    def exports(self, selection: Selection) -> list[tuple[str, str]]:
        """Return the exports on offer."""
        return [
            (selection.address(format="ledger"), _("Hazard ledger (Excel)")),
            (selection.address(format="major"), _("List of major hazards (Excel)")),
            *super().exports(selection),
        ]

    def export(self, selection: Selection, form: str) -> HttpResponseBase:
        """Return a file of exactly the rows that the list shows, as they are at one moment."""
        if form in TABLES and selection.is_understood:
            day = clock.local_date(selection.now)
            with transaction.atomic():
                return TABLES[form](selection).response(f"hazards-{form}-{day.isoformat()}.xlsx")
        return super().export(selection, form)


@require_GET
def tables(request: HttpRequest) -> HttpResponseBase:
    """Offer the tables of hazards; with `?month=` give the monthly one."""
    if not reach_of(request.user).is_official:
        raise NotAllowed
    today = clock.local_date(clock.now())
    asked = request.GET if "month" in request.GET else None
    form = MonthlyForm(asked, user=request.user, today=today, initial={"month": today, "by": "district"})
    if form.is_bound and form.is_valid():
        month, by = form.cleaned_data["month"], form.cleaned_data["by"]
        with transaction.atomic():
            table = monthly.office_table(
                request.user, month=month, by=by, narrowing=form.narrowing(), today=today
            )
            return table.response(f"hazards-{month:%Y-%m}-{by}.xlsx")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "hazards/tables.html", {"form": form, "today": today}, status=status)
