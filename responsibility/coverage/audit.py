"""The audit: run the rules, and bring what is written down into line with what they find.

Safe to repeat: what is there already stays, what is mended closes itself, what a person dismissed stays
dismissed as long as it lasts and no other site comes to it. A bounded number of statements, however large
the city is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from responsibility.coverage import figures, owing
from responsibility.coverage.answering import STEPS
from responsibility.coverage.choices import FindingState
from responsibility.coverage.models import Finding, RuleTouch, Touch
from responsibility.coverage.region import Region, region_of
from responsibility.coverage.rules import COLUMNS, Rule, rules
from responsibility.coverage.rules.answers import VACANT
from safegrid.audit.services import Deed, record_many
from safegrid.kernel import clock

LOCK = 0xC07E  # two audits at once would each close what the other has just found


@dataclass(frozen=True)
class Audited:
    """What an audit has changed."""

    found: int  # reopened ones too
    mended: int
    open: int


def audit(*, now: dt.datetime) -> Audited:
    """Look at the whole grid on the local day of `now`."""
    with transaction.atomic():
        _lock()
        # What is touched from here on is seen below, or left for the next time.
        Touch.objects.all().delete()
        RuleTouch.objects.all().delete()
        done = _run(Region(), list(rules), now=now)
        figures.write(day=clock.local_date(now))
    return done


def audit_touched(*, now: dt.datetime) -> Audited | None:
    """Look at what has been touched since the last audit; None when nothing has.

    What touched a place or a site is looked at by the rules that can look at one; those of the others run
    as a whole that read what was touched.
    """
    with transaction.atomic():
        _lock()
        touches = list(Touch.objects.select_related("district", "matter").order_by("pk"))
        of_rules = dict(RuleTouch.objects.values_list("pk", "rule"))
        RuleTouch.objects.filter(pk__in=of_rules).delete()
        Touch.objects.filter(pk__in=[touch.pk for touch in touches]).delete()
        parts = [
            _run(region, chosen, now=now)
            for region, chosen in (
                (region_of(touches), [rule for rule in rules if rule.local] if touches else []),
                (Region(), [rule for rule in rules if not rule.local and rule.code in of_rules.values()]),
            )
            if chosen
        ]
    if not parts:
        return None
    return Audited(sum(p.found for p in parts), sum(p.mended for p in parts), parts[-1].open)


def follow(*, now: dt.datetime) -> Audited | None:
    """Look at what has been touched, as `audit_touched` does, and bring today's figures into line with it."""
    done = audit_touched(now=now)
    if done is not None:  # a new site that is answered for is a change of the share too
        with transaction.atomic():
            _lock()
            figures.write(day=clock.local_date(now))
    return done


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _run(region: Region, chosen: Sequence[Rule], *, now: dt.datetime) -> Audited:
    params: dict[str, Any] = {
        "day": clock.local_date(now),
        "today": clock.local_date(clock.now()),
        "now": now,
    }
    params |= {**dict(region.params), "rules": [rule.code for rule in chosen]}
    for rule in chosen:
        if rule.prepare is not None:
            rule.prepare(now=now)
    with connection.cursor() as cursor:
        # Those of an earlier audit in the same transaction are still there.
        for table in ("audit_slot", "audit_stale", "audit_vacant", *reversed([name for name, _sql in STEPS])):
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        for table, sql in STEPS if any(rule.local for rule in chosen) else ():
            cursor.execute(sql.format(region=region.sql("dated.matter_id")), params)
            _look_at(cursor, table, region)
        cursor.execute(VACANT_ANSWERS if any(rule.local for rule in chosen) else VACANT_FOUND)
        cursor.execute(SLOTS)
        for rule in chosen:
            sql = rule.sql.format(region=region.sql("NULL::bigint"))
            cursor.execute(
                f"INSERT INTO audit_slot SELECT %(rule)s, slot.* FROM ({sql}) AS slot",  # noqa: S608 (ours)
                {**params, "rule": rule.code},
            )
        _look_at(cursor, "audit_slot", region)
        found, reopened = _note(cursor, params)
        mended = _mend(cursor, region, params)
    _record("finding.found", found, now=now)
    _record("finding.mended", mended, now=now)
    _record("finding.reopened", reopened, now=now)
    owing.settle(now=now)
    return Audited(len(found) + len(reopened), len(mended), Finding.objects.open().count())


def _look_at(cursor: Any, table: str, region: Region) -> None:
    """Let PostgreSQL know how large a table is and what is in it; of a small one it guesses well enough."""
    if region.is_whole:
        cursor.execute(f"ANALYZE {table}")


def _record(action: str, ids: list[int], *, now: dt.datetime) -> None:
    deeds = [Deed(Finding(pk=pk), action) for pk in ids]
    for start in range(0, len(deeds), 5000):
        record_many(deeds[start : start + 5000], actor=None, acting_post=None, now=now)


#: Vacant posts for which sites wait: of the answers that are looked at, or as it was found before.
VACANT_ANSWERS = """
    CREATE TEMPORARY TABLE audit_vacant ON COMMIT DROP AS
    SELECT DISTINCT post_id FROM audit_answer WHERE NOT is_manned
"""
VACANT_FOUND = f"""
    CREATE TEMPORARY TABLE audit_vacant ON COMMIT DROP AS
    SELECT DISTINCT post_id FROM responsibility_finding
    WHERE rule = '{VACANT}' AND state <> '{FindingState.MENDED}' AND post_id IS NOT NULL
"""  # noqa: S608 (words of our own)

#: What the rules found, a row for each site.
SLOTS = """
    CREATE TEMPORARY TABLE audit_slot (
        rule text, key text, line text, tier text, matter_id bigint, industry_id bigint, post_id bigint,
        district_id bigint, township_id bigint, community_id bigint, cell_id bigint, site_id bigint
    ) ON COMMIT DROP
"""


def _common(column: str, otherwise: str = "NULL") -> str:
    """Return the value that all rows of a finding have in common."""
    same = f"count({column}) = count(*) AND min({column}) = max({column})"
    return f"CASE WHEN {same} THEN min({column}) ELSE {otherwise} END"


#: What a finding has in common with all of its rows; `key` and `site_id` are no columns of it.
SHARED = {
    name: _common(name, "''" if name in ("line", "tier") else "NULL")
    for name in COLUMNS
    if name not in ("key", "site_id")
}


def _note(cursor: Any, params: dict[str, Any]) -> tuple[list[int], list[int]]:
    """Write down findings that are new, and their sites; return their ids, and those of reopened ones.

    Whoever dismissed a finding spoke of the sites that it had: with another one it is open again.
    """
    chosen = [rule for rule in rules if rule.code in params["rules"]]
    words = {
        "codes": [rule.code for rule in chosen],
        "kinds": [rule.kind.value for rule in chosen],
        "severities": [rule.severity.value for rule in chosen],
        "counted": [rule.counts_rows for rule in chosen],
    }
    cursor.execute(
        f"""
        INSERT INTO responsibility_finding (
            rule, key, kind, severity, state, sites, found_at, reason, {", ".join(SHARED)}
        )
        SELECT slot.rule, slot.key, min(word.kind), min(word.severity), '{FindingState.OPEN}',
            count(DISTINCT slot.site_id) + count(*) FILTER (WHERE word.counted), %(now)s, '',
            {", ".join(SHARED.values())}
        FROM audit_slot AS slot
        JOIN unnest(%(codes)s, %(kinds)s, %(severities)s, %(counted)s::boolean[])
            AS word (rule, kind, severity, counted) USING (rule)
        GROUP BY slot.rule, slot.key
        ON CONFLICT (rule, key) WHERE state <> '{FindingState.MENDED}' DO NOTHING
        RETURNING id
        """,  # noqa: S608 (words of our own)
        {**params, **words},
    )
    found = [row[0] for row in cursor.fetchall()]
    cursor.execute(
        f"""
        WITH came AS (
        INSERT INTO responsibility_findingsite (finding_id, site_id, matter_id, line, tier, found_at)
        SELECT DISTINCT finding.id, slot.site_id, slot.matter_id, slot.line, slot.tier, %(now)s
        FROM audit_slot AS slot
        JOIN responsibility_finding AS finding
        ON finding.rule = slot.rule AND finding.key = slot.key AND finding.state <> '{FindingState.MENDED}'
        WHERE slot.site_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM responsibility_findingsite AS known WHERE known.finding_id = finding.id
            AND known.site_id = slot.site_id AND coalesce(known.matter_id, 0) = coalesce(slot.matter_id, 0)
            AND known.line = slot.line AND known.tier = slot.tier AND known.gone_at IS NULL
        ) RETURNING finding_id, site_id, matter_id, line, tier
        ), again AS (
            SELECT * FROM responsibility_finding AS finding
            WHERE state = '{FindingState.DISMISSED}' AND EXISTS (
                SELECT FROM came WHERE came.finding_id = finding.id AND NOT EXISTS (
                    SELECT FROM responsibility_findingsite AS spoken WHERE spoken.finding_id = finding.id
                    AND spoken.site_id = came.site_id AND spoken.found_at <= finding.dismissed_at
                    AND coalesce(spoken.matter_id, 0) = coalesce(came.matter_id, 0)
                    AND spoken.line = came.line AND spoken.tier = came.tier
                )
            )
        ), kept AS (
            INSERT INTO responsibility_pastdismissal (finding_id, at, until, by_id, reason)
            SELECT id, dismissed_at, %(now)s, dismissed_by_id, reason FROM again
        )
        UPDATE responsibility_finding AS finding
        SET state = '{FindingState.OPEN}', reason = '', dismissed_at = NULL, dismissed_by_id = NULL
        FROM again WHERE finding.id = again.id RETURNING finding.id
        """,  # noqa: S608 (words of our own)
        params,
    )
    return found, [row[0] for row in cursor.fetchall()]


#: How many rows a finding has whose rows count as sites.
COUNT_ROWS = f"""
    UPDATE responsibility_finding AS finding SET sites = slot.n
    FROM (SELECT rule, key, count(*) AS n FROM audit_slot GROUP BY rule, key) AS slot
    WHERE finding.rule = slot.rule AND finding.key = slot.key AND finding.rule = ANY(%(counted)s)
    AND finding.state <> '{FindingState.MENDED}' AND finding.sites <> slot.n
"""  # noqa: S608 (words of our own)


def _mend(cursor: Any, region: Region, params: dict[str, Any]) -> list[int]:
    """Close findings of which nothing is left; return their ids. Their sites stay, as history.

    In those of which a part is left it is written down when the other sites came into order.
    """
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE audit_stale ON COMMIT DROP AS
        SELECT known.id, known.finding_id
        FROM responsibility_finding AS finding
        JOIN responsibility_findingsite AS known ON known.finding_id = finding.id AND known.gone_at IS NULL
        JOIN grid_site AS site ON site.id = known.site_id
        WHERE finding.state <> '{FindingState.MENDED}' AND finding.rule = ANY(%(rules)s)
        {region.sql("known.matter_id")}
        AND NOT EXISTS (
            SELECT FROM audit_slot AS slot WHERE slot.rule = finding.rule AND slot.key = finding.key
            AND slot.site_id = known.site_id AND coalesce(slot.matter_id, 0) = coalesce(known.matter_id, 0)
            AND slot.line = known.line AND slot.tier = known.tier
        )
        """,  # noqa: S608 (words of our own)
        params,
    )
    # Without a site there is nothing that can be stale: such a finding is mended when its rule is silent.
    silent = "OR (stale.finding_id IS NULL AND known.finding_id IS NULL)" if region.is_whole else ""
    cursor.execute(
        f"""
        WITH stale AS (SELECT finding_id, count(*) AS n FROM audit_stale GROUP BY finding_id),
        known AS (
            SELECT finding_id, count(*) AS n FROM responsibility_findingsite WHERE gone_at IS NULL
            {"" if region.is_whole else "AND finding_id IN (SELECT finding_id FROM audit_stale)"}
            GROUP BY finding_id
        )
        UPDATE responsibility_finding AS finding SET state = '{FindingState.MENDED}', mended_at = %(now)s
        FROM responsibility_finding AS it
        LEFT JOIN stale ON stale.finding_id = it.id LEFT JOIN known ON known.finding_id = it.id
        WHERE finding.id = it.id AND it.state <> '{FindingState.MENDED}' AND it.rule = ANY(%(rules)s)
        AND (stale.n = known.n {silent})
        AND NOT EXISTS (SELECT FROM audit_slot AS slot WHERE slot.rule = it.rule AND slot.key = it.key)
        RETURNING finding.id
        """,  # noqa: S608 (words of our own)
        params,
    )
    mended = [row[0] for row in cursor.fetchall()]
    cursor.execute(
        "UPDATE responsibility_findingsite SET gone_at = %(now)s WHERE id IN "
        "(SELECT id FROM audit_stale WHERE finding_id <> ALL(%(mended)s))",
        {"mended": mended, "now": params["now"]},
    )
    cursor.execute(
        f"""
        UPDATE responsibility_finding AS finding SET sites = known.n
        FROM (
            SELECT finding_id, count(DISTINCT site_id) AS n FROM responsibility_findingsite
            WHERE gone_at IS NULL AND finding_id IN (
                SELECT finding_id FROM audit_stale UNION
                SELECT it.id FROM responsibility_finding AS it JOIN audit_slot AS slot USING (rule, key)
            ) GROUP BY finding_id
        ) AS known
        WHERE finding.id = known.finding_id AND finding.state <> '{FindingState.MENDED}'
        AND finding.sites <> known.n
        """  # noqa: S608 (words of our own)
    )
    if counted := [rule.code for rule in rules if rule.counts_rows and rule.code in params["rules"]]:
        cursor.execute(COUNT_ROWS, {"counted": counted})
    return mended
