"""The office's table of certificates and training due (table 11), of what its reader sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext as _

from responsibility.enterprise_line.choices import (
    CredentialKind,
    CredentialState,
    OperationField,
    StaffRole,
    StandardizationLevel,
)
from responsibility.enterprise_line.models import Credential, Staff
from responsibility.enterprise_line.queries.hours import with_hours
from safegrid.kernel.names import choose
from safegrid.kernel.office_tables import Head, OfficeTable, Value
from safegrid.kernel.punctuation import colon

CHUNK = 2000


def _people(user: Any, *, today: dt.date) -> Iterator[tuple[Value, ...]]:
    """Yield a line for each certificate of each person, and one for whoever has none. One query."""
    present = Staff.objects.visible_to(user).present()
    rows = with_hours(present, year=today.year, today=today).annotate(
        paper=FilteredRelation("credentials", condition=Q(credentials__state=CredentialState.CURRENT))
    )
    found = rows.order_by("enterprise__name", "enterprise", "name", "pk", "paper__due_on").values_list(
        "enterprise__name",
        "enterprise__name_en",
        "name",
        "role",
        "paper__kind",
        "paper__field",
        "paper__number",
        "paper__valid_until",
        "paper__reexamine_by",
        F("owed"),
        F("done"),
    )
    kinds, fields, roles = dict(CredentialKind.choices), dict(OperationField.choices), dict(StaffRole.choices)
    for name, name_en, person, role, kind, field, *rest, owed, done in found.iterator(chunk_size=CHUNK):
        what = str(kinds.get(kind, ""))
        if field:
            what += f"{colon()}{fields[field]}"
        yield choose(name, name_en), person, str(roles[role]), what, *rest, owed, done


def _standardizations(user: Any) -> Iterator[tuple[Value, ...]]:
    """Yield a line for each enterprise's certificate of standardization. One query."""
    rows = Credential.objects.visible_to(user).current().filter(kind=CredentialKind.STANDARDIZATION)
    found = rows.order_by("enterprise__name", "enterprise").values_list(
        "enterprise__name", "enterprise__name_en", "level", "number", "valid_until"
    )
    levels: dict[Any, Any] = dict(StandardizationLevel.choices)
    for name, name_en, level, number, until in found.iterator(chunk_size=CHUNK):
        what = f"{CredentialKind.STANDARDIZATION.label}{colon()}{levels[level]}"
        yield choose(name, name_en), None, None, what, number, until, None, None, None


def office_table(user: Any, *, day: dt.date) -> OfficeTable:
    """Return the table of what `user` reads, as it is handed up; hours are those of the year of `day`."""

    def lines() -> Iterator[tuple[Value, ...]]:
        yield from _standardizations(user)
        yield from _people(user, today=day)

    hours = _("Hours of training in %(year)s") % {"year": day.year}
    certificate = _("Certificate")
    return OfficeTable(
        name=_("Certificates and training"),
        title=_("Certificates and training due"),
        note=_("As of %(day)s") % {"day": day.isoformat()},
        heads=(
            Head(_("Enterprise"), 34),
            Head(_("Name"), 14),
            Head(_("Role"), 18),
            Head(_("Kind"), 30, certificate),
            Head(_("Number"), 24, certificate),
            Head(_("Valid until"), 14, certificate),
            Head(_("Re-examination by"), 16, certificate),
            Head(_("Owed"), 10, hours),
            Head(_("Done"), 10, hours),
        ),
        rows=lines(),
    )
