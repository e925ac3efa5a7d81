"""Setting a slip right, and tying a paper order to what it orders."""

from dataclasses import replace

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
    changed = {name: new for name, new in wanted.items() if new != getattr(hazard, name)}
    if not changed:
        raise Invalid({"title": _("Nothing is different from what stands there.")})
    first = hazard.steps.order_by("pk").first()
    is_slip = first is not None and deed.now - first.at <= correction_window(clock.local_date(deed.now))
    if not is_slip and not given.note.strip():
        raise Invalid({"note": _("Say why it is corrected.")})
    names = categories.names() if "category_id" in changed else {}

    def worded(name: str, value: str) -> str:
        return _quoted(names[value] if name == "category_id" else value)

    both = [f"{worded(name, getattr(hazard, name))} → {worded(name, new)}" for name, new in changed.items()]
    deed.data["fields"] = {name: [getattr(hazard, name), new] for name, new in changed.items()}
    for name, new in changed.items():
        setattr(hazard, name, new)
    hazard.be_found_by(hazard.number, hazard.title, hazard.enterprise.name, hazard.site.name)
    deed.given = replace(given, note="" if is_slip else "\n".join([given.note.strip(), *both]))


def _quoted(value: str) -> str:
    return f"“{value}”" if value else _("(nothing)")


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
