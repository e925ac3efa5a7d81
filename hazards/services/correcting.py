"""Setting a slip right, and tying a paper order to what it orders."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from hazards.grading import categories
from hazards.grading.models import correction_window
from hazards.services.deeds import Deed
from hazards.services.on_site import show
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid


def correct(deed: Deed, target: str) -> None:
    """Put other words in the place of those that were entered.

    Within the minutes that are laid down a slip is just set right; afterwards a reason is needed, and the
    timeline shows what stood there and what stands there now. The ledger keeps both, the old words before the
    new ones, in any case.
    """
    hazard, given = deed.hazard, deed.given
    wanted = {name: " ".join(getattr(given, name).split()) for name in ("title", "spot")}
    wanted |= {
        "description": given.description.strip(),
        "category_id": given.category or hazard.category_id,
    }
    if not wanted["title"]:
        raise Invalid({"title": _("Say what is wrong.")})
    if wanted["category_id"] != hazard.category_id:
        categories.check(wanted["category_id"], clock.local_date(deed.now))
    first = hazard.steps.order_by("pk").first()
    since = first.at if first is not None else hazard.found_at
    names = categories.names() if wanted["category_id"] != hazard.category_id else {}
    _tell(deed, hazard, wanted, since=since, field="title", names=names)
    for name, new in wanted.items():
        setattr(hazard, name, new)
    hazard.be_found_by(hazard.number, hazard.title, hazard.enterprise.name, hazard.site.name)


def change(deed: Deed, row: Model, wanted: Mapping[str, Any], *, since: dt.datetime, field: str) -> None:
    """Put other values in the place of those of `row`, which was written at `since`; as `correct` does.

    `field` is where it is said that nothing is different.
    """
    _tell(deed, row, wanted, since=since, field=field)
    for name, new in wanted.items():
        setattr(row, name, new)
    row.save(update_fields=list(wanted))


def _tell(
    deed: Deed,
    row: Model,
    wanted: Mapping[str, Any],
    *,
    since: dt.datetime,
    field: str,
    names: Mapping[str, str] | None = None,
) -> None:
    """Let timeline and ledger tell what `row` has and what is wanted; a slip is told by the ledger alone."""
    changed = {name: (old, new) for name, new in wanted.items() if (old := getattr(row, name)) != new}
    if not changed:
        raise Invalid({field: _("Nothing is different from what stands there.")})
    is_slip = deed.now - since <= correction_window(clock.local_date(deed.now))
    if not is_slip and not deed.given.note.strip():
        raise Invalid({"note": _("Say why it is corrected.")})

    def worded(name: str, value: Any) -> str:
        said = names[value] if names and name == "category_id" else value
        return f"“{said}”" if said not in ("", None) else _("(nothing)")

    both = [f"{worded(name, old)} → {worded(name, new)}" for name, (old, new) in changed.items()]
    deed.data["fields"] = {name: [_plain(old), _plain(new)] for name, (old, new) in changed.items()}
    note = "" if is_slip else "\n".join([deed.given.note.strip(), *both])
    deed.given = replace(deed.given, note=note)


def _plain(value: Any) -> Any:
    """Return a value as the ledger keeps it."""
    return value if isinstance(value, str) else str(value)


def attach_paper(deed: Deed, target: str) -> None:
    """Tie an order that was written on paper to the hazard: its number, its day, photos of it."""
    name_paper(deed)
    show(deed)


def name_paper(deed: Deed) -> None:
    """Note number and day of a paper order; both, and no day that is still to come."""
    hazard, given = deed.hazard, deed.given
    if not given.paper_number.strip():
        raise Invalid({"paper_number": _("Give its number.")})
    if given.paper_on is None:
        raise Invalid({"paper_on": _("Choose a day.")})
    if given.paper_on > clock.local_date(deed.now):
        raise Invalid({"paper_on": _("This day is still to come.")})
    hazard.paper_number, hazard.paper_on = given.paper_number.strip(), given.paper_on
    deed.data["paper"] = hazard.paper_number
