"""Writing templates: free while nothing was issued by them, fixed afterwards; then a new version is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from responsibility.assignments.services import of_every_matter
from responsibility.statements.bodies import holds
from responsibility.statements.choices import Scoring
from responsibility.statements.indicators import find
from responsibility.statements.models import WHOLE, StatementItem, StatementTemplate
from responsibility.statements.texts import NEEDED, unknown_in
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import scope_of
from safegrid.audit.services import record
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale

FIELDS = ("promise", "promise_en", "scoring", "points", "indicator", "target", "step", "per_step")


def may_write(post: Post | None) -> bool:
    """Whether `post` writes templates: the committee's office that acts over the whole city.

    There is one template for a year and level, by which everybody in the city issues.
    """
    if post is None or post.kind != PostKind.OFFICE:
        return False
    return of_every_matter(scope_of(post).of(acting=True)).is_citywide


def check_whole(template: StatementTemplate, items: Sequence[StatementItem]) -> None:
    """Raise Invalid for a template whose points are not a hundred, or whose text lacks its items."""
    points = sum(item.points for item in items)
    if points != WHOLE:
        text = _("The points of the items come to %(points)s; they must come to 100.")
        raise Invalid({"template": text % {"points": points}})
    if unknown := unknown_in(template.text):
        raise Invalid({"text": _("Nothing is known by {%(name)s}.") % {"name": unknown[0]}})
    if f"{{{NEEDED}}}" not in template.text:
        raise Invalid({"text": _("The text must say where the items go: {targets}.")})


def write(
    *,
    template: StatementTemplate,
    title: str,
    text: str,
    items: Sequence[Mapping[str, Any]],
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> StatementTemplate:
    """Replace wording and items of a template that is not in use, and return it.

    Raise NotAllowed for whoever may not, Stale when statements were issued by it meanwhile, Invalid for
    points that are not a hundred, a target that its indicator cannot have, or a text that lacks the items.
    """
    with transaction.atomic():
        row = StatementTemplate.objects.select_for_update().get(pk=template.pk)
        if not (holds(actor, acting_post) and may_write(acting_post)):
            raise NotAllowed
        if row.used_at is not None:
            raise Stale(_("Statements were issued by it. Make a new version instead."))
        made = [
            StatementItem(template=row, order=order, **{name: each.get(name) for name in FIELDS})
            for order, each in enumerate(items, start=1)
        ]
        for item in made:
            _check_item(item)
        row.title, row.text, row.is_default = title.strip(), text.replace("\r\n", "\n"), False
        check_whole(row, made)
        row.items.all().delete()
        StatementItem.objects.bulk_create(made)
        row.save(update_fields=["title", "text", "is_default"])
        data = {"points": [item.points for item in made]}
        record(row, "statementtemplate.write", actor=actor, acting_post=acting_post, now=now, data=data)
    return row


def _check_item(item: StatementItem) -> None:
    """Raise Invalid for an item that cannot be scored; leave out what is not of its way of scoring."""
    name = {"name": item.promise}
    item.promise_en = item.promise_en or ""
    item.points = item.points or 0
    if item.scoring == Scoring.VETO:
        item.points = 0
    elif not 1 <= item.points <= WHOLE:
        raise Invalid({"items": _("“%(name)s” needs points from 1 to 100.") % name})
    if item.scoring != Scoring.INDICATOR:
        item.indicator, item.target, item.step, item.per_step = "", None, None, None
        return
    if item.target is None or not item.step or not item.per_step or not item.indicator:
        raise Invalid({"items": _("“%(name)s” needs an indicator, a target and what is taken off.") % name})
    if item.step <= 0 or item.per_step <= 0:
        raise Invalid({"items": _("“%(name)s”: steps and points off are more than nothing.") % name})
    known = find(item.indicator)
    if known is not None and not known.lowest <= item.target <= known.highest:
        raise Invalid(
            {
                "items": _("“%(name)s”: the target lies between %(lowest)s and %(highest)s.")
                % {**name, "lowest": known.lowest, "highest": known.highest}
            }
        )


def new_version(
    *,
    template: StatementTemplate,
    year: int,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> StatementTemplate:
    """Return a copy of a template for `year`, to be changed; the one that is not in use yet, if there is one.

    Raise NotAllowed for whoever may not.
    """
    with transaction.atomic():
        level = template.level
        if not (holds(actor, acting_post) and may_write(acting_post)):
            raise NotAllowed
        every = StatementTemplate.objects.select_for_update().filter(year=year, level=level)
        last = every.order_by("-version").first()
        if last is not None and last.used_at is None:
            return last
        row = StatementTemplate.objects.create(
            year=year,
            level=level,
            version=last.version + 1 if last else 1,
            title=template.title.replace(str(template.year), str(year)),
            text=template.text,
            created_at=now,
        )
        StatementItem.objects.bulk_create(
            StatementItem(template=row, order=item.order, **{name: getattr(item, name) for name in FIELDS})
            for item in template.items.all()
        )
        record(
            row,
            "statementtemplate.copy",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"from": template.pk, "year": year, "version": row.version},
        )
    return row
