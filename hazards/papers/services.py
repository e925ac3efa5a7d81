"""Issuing a paper about hazards, and correcting one by another that names it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hazards.models import Hazard, SiteMeasure
from hazards.papers.choices import PaperKind
from hazards.papers.models import ITEM_LENGTH, TEXT_LENGTH, HazardPaper, PaperHazard
from hazards.papers.rules import known_of, leave
from hazards.papers.values import paper_values
from responsibility.documents import services as documents
from responsibility.units.heirs import speaks_for
from safegrid.accounts.models import Post
from safegrid.audit.services import Deed, record_many
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

MOST = 30  # hazards in one paper


def issue_paper(
    *,
    token: uuid.UUID,
    kind: PaperKind,
    hazards: Sequence[Hazard],
    texts: Mapping[int, str],
    text: str = "",
    corrects: HazardPaper | None = None,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> HazardPaper:
    """Issue a paper of `kind` about hazards of one enterprise, and return it with its document.

    `texts` says what stands beside each hazard, by its id. With `corrects` it takes the place of that paper,
    about the same hazards. Sent twice with one `token`, the first comes back. Raise NotAllowed for whoever
    may not, Refused naming the hazard for which it is not possible now, Stale when the paper was corrected
    meanwhile, Invalid for what is missing.
    """
    if acting_post is None or acting_post.pk not in actor.reach.post_ids:
        raise NotAllowed
    with transaction.atomic():
        rows = _take(hazards, actor)  # two at once issue one after the other
        done = HazardPaper.objects.filter(token=token, issued_by=actor).select_related("document").first()
        if done is not None:
            return done
        if corrects is not None:
            _check_correction(corrects, kind, rows)
        rounds = _check(kind, rows, actor, acting_post, corrects=corrects)
        _require(rows, texts)
        assert acting_post.unit is not None  # noqa: S101 (the rules ask for a body)
        paper = HazardPaper.objects.create(
            token=token,
            kind=kind,
            enterprise=rows[0].enterprise,
            unit=acting_post.unit,
            text=text.strip()[:TEXT_LENGTH],
            corrects=corrects,
            issued_at=now,
            issued_by=actor,
            issued_as=acting_post,
        )
        if corrects is not None:
            corrects.items.update(is_replaced=True)
        PaperHazard.objects.bulk_create(
            PaperHazard(paper=paper, hazard=row, kind=kind, round=rounds[row.pk], text=texts[row.pk].strip())
            for row in rows
        )
        if kind == PaperKind.MEASURES:  # what is in force now is what it decides
            in_force = SiteMeasure.objects.filter(hazard__in=rows, lifted_at=None)
            in_force.filter(paper=corrects).update(paper=paper)  # of a first one: those without any
        paper.document = documents.issue(
            kind=kind,
            unit=acting_post.unit,
            about=paper,
            values=paper_values(kind=kind, hazards=rows, texts=texts, text=paper.text, actor=actor, now=now),
            corrects=corrects.document if corrects is not None else None,
            actor=actor,
            acting_post=acting_post,
            now=now,
        )
        paper.save(update_fields=["document"])
        said = {"kind": kind, "number": paper.document.number, "sha256": paper.document.sha256}
        record_many(
            [Deed(row, "hazard.paper", said) for row in rows], actor=actor, acting_post=acting_post, now=now
        )
    return paper


def _take(hazards: Sequence[Hazard], actor: Any) -> list[Hazard]:
    """Lock the rows, within what the person reaches, in the order of their ids."""
    ids = {hazard.pk for hazard in hazards}
    reached = Hazard.objects.visible_to(actor).filter(pk__in=ids).select_for_update(of=("self",))
    rows = list(reached.select_related("enterprise", "site").order_by("pk"))
    if not rows or len(rows) < len(ids):
        raise NotAllowed
    if len({row.enterprise_id for row in rows}) > 1:
        raise Refused(_("A paper is about hazards of one enterprise."))
    if len(rows) > MOST:
        raise Refused(_("%(n)s hazards at most stand in one paper.") % {"n": MOST})
    return rows


def _check_correction(corrects: HazardPaper, kind: PaperKind, rows: Sequence[Hazard]) -> None:
    if HazardPaper.objects.filter(corrects=corrects).exists():
        raise Stale(_("%(number)s has been corrected already.") % {"number": str(corrects)})
    same = set(corrects.items.values_list("hazard", flat=True)) == {row.pk for row in rows}
    if corrects.kind != kind or not same:
        raise Refused(_("A correction is about the same hazards as what it corrects."))


def _check(
    kind: PaperKind,
    rows: Sequence[Hazard],
    actor: Any,
    post: Post,
    *,
    corrects: HazardPaper | None,
) -> dict[int, int]:
    """Return the round of each hazard that the paper is about; raise what stands against it."""
    if corrects is not None:
        if not speaks_for(post.unit_id, corrects.unit_id):
            raise NotAllowed(_("the body that issued it corrects it"))
        return dict(corrects.items.values_list("hazard", "round"))
    rounds = {}
    known = known_of(rows, actor, post)
    for row in rows:
        may = leave(kind, row, known)
        if may.whose:
            raise NotAllowed(may.whose)
        if may.obstacle:
            raise Refused(_("%(number)s: %(why)s.") % {"number": row.number, "why": may.obstacle})
        rounds[row.pk] = may.round
    return rounds


def _require(rows: Sequence[Hazard], texts: Mapping[int, str]) -> None:
    missing = {field_of(row): _("This is needed.") for row in rows if not texts.get(row.pk, "").strip()}
    too_long = _("%(n)s characters at most.") % {"n": ITEM_LENGTH}
    missing |= {field_of(row): too_long for row in rows if len(texts.get(row.pk, "")) > ITEM_LENGTH}
    if missing:
        raise Invalid(missing)


def field_of(hazard: Hazard) -> str:
    """Return the name of the field in which a form says something of one hazard."""
    return f"text_{hazard.pk}"
