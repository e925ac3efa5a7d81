"""A finding is an obligation: whoever must resolve it sees it in their work, and is told when it is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.utils.translation import override

from responsibility.calendars.services import deadline
from responsibility.coverage.choices import FindingState
from responsibility.coverage.models import Finding
from responsibility.coverage.rules import rules
from responsibility.coverage.whose import Resolvers
from responsibility.obligations.choices import Outcome
from responsibility.obligations.models import Obligation
from responsibility.obligations.services import Owed, close_many, open_many, open_obligation, owed_about
from safegrid.accounts.models import Post
from safegrid.grid.models import District
from safegrid.kernel import clock
from safegrid.kernel.names import Named

KIND = "coverage"
POLICY = "coverage"
BATCH = 5000
LOCK = 0x0BE9  # whoever settles; a finding has one obligation


def settle(*, now: dt.datetime) -> None:
    """Open an obligation for each open finding that has none, and close those of all others.

    A bounded number of queries for each few thousand findings. Two at once wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    for state, outcome in ((FindingState.MENDED, Outcome.MET), (FindingState.DISMISSED, Outcome.CANCELLED)):
        ended = Finding.objects.filter(state=state, pk__in=owed_about(Finding, KIND).values("subject_id"))
        close_many(Finding, ended.values("pk"), kind=KIND, outcome=outcome, now=now)
    waiting = Finding.objects.open().exclude(pk__in=owed_about(Finding, KIND).values("subject_id"))
    rows = list(waiting.select_related("matter", "industry", "post").order_by("pk"))
    if not rows:
        return
    resolvers = Resolvers(rows, on=clock.local_date(now))
    policy, due_at = deadline(POLICY, now=now)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        where = _where(batch)
        owed: list[Owed] = []
        for finding in batch:
            finding.whose = resolvers.kept(finding) or resolvers.of(finding)
            if finding.whose is None:
                continue
            name, name_en = where[finding.pk]
            owed.append(
                Owed(
                    subject_id=finding.pk,
                    debtor_post=finding.whose,
                    creditor_post=resolvers.office if resolvers.office != finding.whose else None,
                    label=rules[finding.rule].label,
                    params={"pk": finding.pk, "where": name, "where_en": name_en},
                    matter_id=finding.matter_id,
                    place=finding.place_ids,
                )
            )
        _note_whose(batch)
        open_many(Finding, owed, kind=KIND, due_at=due_at, policy=policy, now=now)


def _note_whose(findings: Sequence[Finding]) -> None:
    """Save who must resolve each of `findings`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE responsibility_finding AS finding SET whose_id = named.whose_id "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS named (id, whose_id) WHERE finding.id = named.id",
            [[finding.pk for finding in findings], [finding.whose_id for finding in findings]],
        )


def _where(findings: Sequence[Finding]) -> dict[int, tuple[str, str]]:
    """Return for each finding what it is about, in both languages: place and matter, a post, an industry."""
    ids = {pk for finding in findings for pk in finding.place_ids.values() if pk}
    places = District.objects.defer("boundary").in_bulk(ids)
    found = {}
    for finding in findings:
        lowest = next((pk for pk in reversed(list(finding.place_ids.values())) if pk), None)
        about: list[Named | None] = [places.get(lowest or 0), finding.matter, finding.industry]
        named = [(each.name, each.name_en or each.name) for each in about if each is not None]
        if finding.post is not None:
            named = [(finding.post.title, finding.post.title_en or finding.post.title)]
        found[finding.pk] = (" · ".join(n for n, _en in named), " · ".join(en for _n, en in named))
    return found


def where(finding: Finding) -> tuple[str, str]:
    """Return what `finding` is about, in both languages, its title first."""
    name, name_en = _where([finding])[finding.pk]
    with override("zh-hans"):
        title = str(finding.title)
    with override("en"):
        title_en = str(finding.title)
    return f"{title}：{name}" if name else title, f"{title_en}: {name_en}" if name_en else title_en


def pass_on(finding: Finding, *, to: Post, now: dt.datetime) -> None:
    """Let `to` owe what resolves `finding`, by a deadline of their own, beside the original one."""
    before = of(finding)
    Finding.objects.filter(pk=finding.pk).update(whose=to)
    if before is None or before.debtor_post_id == to.pk:
        return
    close_many(Finding, [finding.pk], kind=KIND, outcome=Outcome.SUPERSEDED, now=now)
    policy, due_at = deadline(POLICY, now=now)
    made = open_obligation(
        kind=KIND,
        subject=finding,
        site=None,
        debtor_post=to,
        creditor_post=before.creditor_post,
        matter=before.matter,
        due_at=due_at,
        policy=policy,
        original_due_on=before.original_due_on,
        label=before.label,
        params=before.params,
        now=now,
    )
    Obligation.objects.filter(pk=made.pk).update(**finding.place_ids)


def of(finding: Finding) -> Obligation | None:
    """Return what is owed for `finding` now, if anything."""
    return owed_about(Finding, KIND).filter(subject_id=finding.pk).select_related("debtor_post").first()
