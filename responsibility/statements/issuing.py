"""Issuing the statements of a level in one act: previewed first, and harmless when it is repeated."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from responsibility.calendars.models import DeadlinePolicy
from responsibility.calendars.services import deadline
from responsibility.obligations.services import Owed, open_many
from responsibility.statements.bodies import Promise, can_sign, holds, promises, receivers, signing_posts
from responsibility.statements.choices import StatementState
from responsibility.statements.models import Statement, StatementTemplate, hash_of
from responsibility.statements.signing import POLICY, PROMISE
from responsibility.statements.templating import check_whole
from responsibility.statements.texts import render, targets
from safegrid.accounts.models import Post
from safegrid.audit.services import Deed, record, record_many
from safegrid.grid.models import Unit
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed

BATCH = 2000
LOCK = 0x57A7  # two who issue at once wait for each other


@dataclass(frozen=True)
class Group:
    """What would be issued to one receiving body."""

    receiver: Unit
    new: int
    there: int  # already
    left_out: int = 0  # enterprises for which nobody can sign


@dataclass(frozen=True)
class Plan:
    """What issuing would do."""

    template: StatementTemplate
    groups: list[Group]
    new: list[Promise]
    there: int
    unmanned: list[Unit]  # bodies that have no post to sign: nobody can be asked
    left_out: int  # enterprises whose principal's post nobody holds, until somebody does


def plan(*, template: StatementTemplate, acting_post: Post | None, on: dt.date) -> Plan:
    """Return what issuing by `template` would do inside the scope of `acting_post`. Bounded queries.

    Who can sign is said of the local day `on`. An enterprise for which nobody can is left out: it gets its
    statement when it is issued again after somebody holds its principal's post.

    Raise NotAllowed for whoever issues nothing at this level.
    """
    over = receivers(acting_post, template.level)
    if not over:
        raise NotAllowed
    every = promises(template.level, over)
    there = set(
        Statement.objects.of_year(template.year)
        .filter(level=template.level, receiver__in=over)
        .exclude(state=StatementState.WITHDRAWN)
        .values_list("promiser", "enterprise", "receiver")
    )
    missing = [each for each in every if each.key not in there]
    manned = can_sign((each.enterprise.pk for each in missing if each.enterprise), on=on)
    new = [each for each in missing if each.enterprise is None or each.enterprise.pk in manned]
    left = Counter(each.receiver.pk for each in missing)
    left.subtract(each.receiver.pk for each in new)
    fresh = Counter(each.receiver.pk for each in new)
    old = Counter(each.receiver.pk for each in every if each.key in there)
    signing = signing_posts(
        {each.unit.pk for each in new if each.unit} | {each.receiver.pk for each in new},
        on=on,
    )
    bodies = {unit.pk: unit for each in new for unit in (each.unit, each.receiver) if unit is not None}
    return Plan(
        template,
        [
            Group(unit, fresh[pk], old[pk], left[pk])
            for unit in over
            if fresh[pk := unit.pk] or old[pk] or left[pk]
        ],
        new,
        sum(old.values()),
        [unit for pk, unit in sorted(bodies.items()) if pk not in signing],
        left.total(),
    )


def issue(
    *, template: StatementTemplate, actor: Any, acting_post: Post | None, now: dt.datetime
) -> list[Statement]:
    """Issue the statements of the template's level and year that are not there yet, and return them.

    Inside the scope in which the post acts; a second time there is nothing left to issue. Whoever promises
    then owes a signature. Raise NotAllowed for whoever issues nothing there, Invalid for a template whose
    points are not a hundred or that has been replaced.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if not holds(actor, acting_post):
            raise NotAllowed
        row = StatementTemplate.objects.select_for_update().get(pk=template.pk)
        items = list(row.items.all())
        check_whole(row, items)
        newer = StatementTemplate.objects.filter(year=row.year, level=row.level, version__gt=row.version)
        if newer.exists():
            raise Invalid({"template": _("There is a newer version of this template.")})
        wanted = plan(template=row, acting_post=acting_post, on=clock.local_date(now)).new
        if not wanted:
            return []
        if row.used_at is None:
            row.used_at = now
            row.save(update_fields=["used_at"])
            record(row, "statementtemplate.use", actor=actor, acting_post=acting_post, now=now)
        listed = targets(items)
        policy, due_at = deadline(POLICY, now=now)
        made = []
        for start in range(0, len(wanted), BATCH):
            rows = [
                _statement(row, listed, each, actor=actor, acting_post=acting_post, now=now)
                for each in wanted[start : start + BATCH]
            ]
            made += Statement.objects.bulk_create(rows)
            data = {"template": row.pk}
            record_many(
                [Deed(each, "statement.issue", data | {"sha256": each.sha256}) for each in rows],
                actor=actor,
                acting_post=acting_post,
                now=now,
            )
        _ask(made, policy=policy, due_at=due_at, acting_post=acting_post, now=now)
    return made


def _statement(
    template: StatementTemplate,
    listed: str,
    each: Promise,
    *,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Statement:
    text = render(
        template, listed=listed, promiser=each.body.name, receiver=each.receiver.name, place=each.where
    )
    return Statement(
        template=template,
        year=template.year,
        level=template.level,
        promiser=each.unit,
        enterprise=each.enterprise,
        site=each.site,
        receiver=each.receiver,
        body=each.body.name,
        body_en=each.body.name_en,
        title=template.title,
        text=text,
        sha256=hash_of(text),
        issued_at=now,
        issued_by=actor,
        issued_post=acting_post,
        **each.place,
    )


def _ask(
    statements: Sequence[Statement],
    *,
    policy: DeadlinePolicy,
    due_at: dt.datetime,
    acting_post: Post | None,
    now: dt.datetime,
) -> None:
    """Let whoever promises owe a signature; for a body without a post to sign, whoever issued."""
    units = {row.receiver_id for row in statements} | {
        row.promiser_id for row in statements if row.promiser_id
    }
    posts = signing_posts(units, on=clock.local_date(now))
    owed = []
    for row in statements:
        creditor = posts.get(row.receiver_id, acting_post)
        debtor = None if row.enterprise_id else posts.get(row.promiser_id or 0, acting_post)
        owed.append(
            Owed(
                subject_id=row.pk,
                debtor_post=debtor,
                debtor_enterprise_id=row.enterprise_id,
                creditor_post=creditor if creditor != debtor else None,
                label=PROMISE,
                params={
                    "pk": row.pk,
                    "year": row.year,
                    "where": row.receiver.name,
                    "where_en": row.receiver.name_en or row.receiver.name,
                },
                place=row.place_ids,
                site_id=row.site_id,
            )
        )
    for start in range(0, len(owed), BATCH):
        open_many(Statement, owed[start : start + BATCH], kind=PROMISE, due_at=due_at, policy=policy, now=now)
