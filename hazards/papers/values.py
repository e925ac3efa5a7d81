"""What stands in a paper, in Chinese whoever issues it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import override

from hazards.listed.choices import ListingLevel
from hazards.listed.models import ListedSupervision
from hazards.models import NO_DEADLINE, Hazard, SiteMeasure, Step
from hazards.papers.choices import PaperKind
from hazards.papers.layouts import FORMS
from hazards.papers.models import ITEM_LENGTH
from hazards.papers.rules import LOOKED
from responsibility.documents.blocks import BLANK
from responsibility.documents.services import in_chinese, kind_of
from safegrid.accounts.models import Certificate
from safegrid.kernel import clock

#: Kinds on which the officers sign with their certificates (Administrative Penalty Law, Art. 42).
SIGNED_BY_OFFICERS = (PaperKind.ORDER, PaperKind.MEASURES, PaperKind.OPINION)

#: How a notice names the level: papers are in Chinese.
LEVELS = {ListingLevel.DISTRICT: "区级", ListingLevel.CITY: "市级", ListingLevel.PROVINCE: "省级"}


def paper_values(
    *,
    kind: PaperKind,
    hazards: Sequence[Hazard],
    texts: Mapping[int, str],
    text: str,
    actor: Any,
    now: dt.datetime,
) -> dict[str, Any]:
    """Return the values of the paper's layout; `texts` holds what was typed by hazard."""
    enterprise, site = hazards[0].enterprise, hazards[0].site
    form = FORMS[kind]
    listings = _listings(hazards) if kind == PaperKind.LISTING else {}
    return {
        "addressee": enterprise.name,
        "uscc": enterprise.uscc or "",
        "address": site.address,
        "opening": form.opening,
        "closing": form.closing,
        "paragraphs": [*_rhythm(listings), *(line.strip() for line in text.splitlines() if line.strip())],
        "items": _items(kind, hazards, texts, listings),
        "officers": _officers(actor, now) if kind in SIGNED_BY_OFFICERS else "",
        "remedy": kind_of(kind).remedy,
    }


def proposed(kind: PaperKind, hazards: Sequence[Hazard]) -> dict[int, str]:
    """Return what a form proposes to say of each hazard. At most one query."""
    return {pk: shortened(text) for pk, text in _proposed(kind, hazards).items()}


def shortened(text: str) -> str:
    """Return `text` so that it fits into the table."""
    return text if len(text) <= ITEM_LENGTH else f"{text[: ITEM_LENGTH - 1]}…"


def _proposed(kind: PaperKind, hazards: Sequence[Hazard]) -> dict[int, str]:
    if kind == PaperKind.ORDER:
        return {hazard.pk: hazard.measures for hazard in hazards}
    if kind == PaperKind.OPINION:
        notes = _notes(hazards, LOOKED)
        return {
            pk: f"整改合格。{note}" if action == "accept" else f"整改不合格，重新整改。{note}"
            for pk, (action, note) in notes.items()
        }
    if kind == PaperKind.LISTING:
        return {hazard.pk: hazard.major_basis for hazard in hazards}
    found: dict[int, list[str]] = {}
    with override("zh-hans"):
        for row in SiteMeasure.objects.filter(hazard__in=hazards, lifted_at=None):
            found.setdefault(row.hazard_id, []).append(f"{row.get_kind_display()}：{row.extent}")
    return {pk: "；".join(each) for pk, each in found.items()}


def _listings(hazards: Sequence[Hazard]) -> dict[int, ListedSupervision]:
    """Return the latest listing of each hazard: a correction may come after its delisting. One query."""
    rows = ListedSupervision.objects.filter(hazard__in=hazards).order_by("pk")
    return {row.hazard_id: row for row in rows}


def _rhythm(listings: Mapping[int, ListedSupervision]) -> list[str]:
    """Return what is said of levels and progress reports, once for those that are alike."""
    alike = {(row.level, row.report_days) for row in listings.values()}
    return [
        f"督办级别：{LEVELS[ListingLevel(level)]}。治理期间每{days}日报告一次治理进展情况。"
        for level, days in sorted(alike)
    ]


def _items(
    kind: PaperKind,
    hazards: Sequence[Hazard],
    texts: Mapping[int, str],
    listings: Mapping[int, ListedSupervision],
) -> list[dict[str, str]]:
    done = _notes(hazards, ("submit",)) if kind == PaperKind.OPINION else {}
    several = len({hazard.site_id for hazard in hazards}) > 1  # then each says at which site
    found = []
    for hazard in hazards:
        said = texts.get(hazard.pk, "").strip()
        until = listings[hazard.pk].due_on if hazard.pk in listings else hazard.due_on
        due = in_chinese(until) if until != NO_DEADLINE else ""
        every = {
            "what": "：".join(
                text for text in (hazard.site.name if several else "", hazard.spot, hazard.title) if text
            ),
            "measures": said,
            "basis": said,
            "conclusion": said,
            "due": f"{due}前" if due else "",
            "done": shortened(done.get(hazard.pk, ("", ""))[1]),
        }
        found.append({name: every[name] for name, _heading, _width in FORMS[kind].columns})
    return found


def _notes(hazards: Sequence[Hazard], actions: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Return the last step of these actions of each hazard: the action and its note. One query."""

    steps = Step.objects.filter(hazard__in=hazards, action__in=actions).order_by("pk")
    return {pk: (action, note) for pk, action, note in steps.values_list("hazard", "action", "note")}


def _officers(actor: Any, now: dt.datetime) -> str:
    """Return the officer with the certificate, and the place where the second one signs."""
    held = Certificate.objects.filter(user=actor, span__contains=clock.local_date(now))
    valid = held.order_by("pk").first()
    name = actor.name or str(actor)
    named = f"{name}（证号 {valid.number}）" if valid else name
    return f"{named}、{BLANK}"
