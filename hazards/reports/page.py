"""What the page of one report shows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hazards.reports.models import Report
from hazards.reports.wording import DONE
from safegrid.accounts.models import Post, User
from safegrid.audit.models import Entry
from safegrid.audit.services import subject_key
from safegrid.grid.models import Site
from safegrid.kernel.findable import found_by

FOUND = 20  # sites offered at once


@dataclass(frozen=True)
class Event:
    """Something that was done, as the timeline shows it."""

    what: Any
    entry: Entry


def timeline(report: Report) -> list[Event]:
    """Return what has happened to a report, looks at who reported it included. One query."""
    rows = Entry.objects.filter(subject=subject_key(report)).select_related("actor", "acting_post")
    return [
        Event(DONE[verb], row)
        for row in rows.order_by("sequence")
        if (verb := row.action.removeprefix("report.")) in DONE
    ]


def last_change(report: Report) -> tuple[Any, ...]:
    """Return what was last done to a report, who did it, as which post and when. One query."""
    done = [event for event in timeline(report) if event.entry.action != "report.look"]
    if not done:
        return ()
    entry = done[-1].entry
    return (done[-1].what, entry.actor, entry.acting_post, entry.at)


def sites_for(report: Report, user: User, post: Post, text: str) -> QuerySet[Site]:
    """Return the sites at which the report may be, those where it stands before others by their names."""
    sites = Site.objects.editable_by(user, post).select_related("enterprise")
    if text:
        return sites.filter(found_by(text)).order_by("name", "pk")[:FOUND]
    known = {column: pk for column, pk in report.place_ids.items() if pk}
    if known:
        deepest = list(known)[-1]
        sites = sites.filter(**{deepest: known[deepest]})
    return sites.order_by("name", "pk")[:FOUND]
