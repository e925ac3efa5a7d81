"""The list of certificates: what has expired, what is due soon?"""

import datetime as dt

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.enterprise_line.choices import CredentialKind, CredentialState, OperationField, StaffRole
from responsibility.enterprise_line.filters import CredentialFilters
from responsibility.enterprise_line.models import Credential
from safegrid.kernel import clock
from safegrid.kernel.addresses import addresses
from safegrid.kernel.listing import (
    Action,
    ChoiceColumn,
    Column,
    DateColumn,
    DueColumn,
    Listing,
    NameColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.listing.batch import Batch

SOON = dt.timedelta(days=90)


def _overs(rows: Batch, now: dt.datetime) -> list[int | None]:
    """Return the days since a certificate ended; none for one that no longer counts."""
    today = clock.local_date(now)
    return [
        (today - day).days if state == CredentialState.CURRENT else None
        for day, state in zip(rows["due_on"], rows["state"], strict=True)
    ]


def _table(request: HttpRequest) -> list[Action]:
    """Return the way to the office's table."""
    return [
        Action(
            _("Table 11: certificates and training"), reverse("responsibility:own_table"), "file-spreadsheet"
        )
    ]


credentials = listings.plug(
    "certificates",
    Listing(
        name="certificates",
        model=Credential,
        title=_("Certificates"),
        view="responsibility:own_credentials",
        filterset=CredentialFilters,
        search=_("Enterprise or USCC"),
        empty=_("Certificates stand here once the enterprises have entered them."),
        actions=_table,
        columns=(
            NameColumn(
                key="enterprise",
                label=_("Enterprise"),
                field="enterprise__name",
                main=True,
                urls=lambda rows: addresses("responsibility:own_credential", rows["id"]),
                second=Column(key="name", label=_("Name"), field="holder__name"),
            ),
            ChoiceColumn(
                key="kind",
                label=_("Kind"),
                field="kind",
                choices=CredentialKind,
                look="",
                second=ChoiceColumn(
                    key="field", label=_("Field of work"), field="field", choices=OperationField, look=""
                ),
            ),
            ChoiceColumn(key="role", label=_("Role"), field="holder__role", choices=StaffRole, look=""),
            Column(key="number", label=_("Number"), field="number"),
            DueColumn(
                key="due", label=_("Due"), field="due_on", sort="due", overs=_overs, over_fields=("state",)
            ),
            DateColumn(
                key="valid_until",
                label=_("Valid until"),
                field="valid_until",
                instant=False,
                second=DateColumn(
                    key="reexamine_by", label=_("Re-examination by"), field="reexamine_by", instant=False
                ),
            ),
            ChoiceColumn(
                key="state",
                label=_("State"),
                field="state",
                choices=CredentialState,
                tones={CredentialState.CURRENT: "good"},
            ),
        ),
        sorts=(Sort("due", "due_on", _("Due first on top"), _("Due last on top")),),
        tabs=(
            Tab(
                "expired",
                _("Expired"),
                lambda rows, user, now: rows.current().filter(due_on__lt=clock.local_date(now)),
            ),
            Tab(
                "soon",
                _("Due in 90 days"),
                lambda rows, user, now: rows.current().filter(
                    due_on__range=(clock.local_date(now), clock.local_date(now) + SOON)
                ),
            ),
            Tab("current", _("In use"), lambda rows, user, now: rows.current()),
            Tab("all", _("All")),
        ),
    ),
)
