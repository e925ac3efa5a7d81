"""The sweep: many deadlines pass in one night, and every one of them must be told."""

import datetime as dt

from django.db import connection

from bench.copies import copied, vacuum
from bench.goals import Bench, Result, measures
from bench.rounds import alternate
from responsibility.alerts.models import Alert
from responsibility.alerts.sweep import sweep
from safegrid.kernel import clock

OPEN, DUE = 1_000_000, 50_000  # at scale 1
FILLER = 2_000_000_000  # ids of subjects from here on are nobody's
RUNG = 3  # one day over: debtor and creditor are told

#: More self-inspections than there are, up to the number of open obligations that is wanted; none is due.
FILL = """
    INSERT INTO responsibility_obligation (
        kind, subject_type_id, subject_id, site_id, enterprise_id, debtor_enterprise_id, opened_at, due_at,
        due_on, original_due_on, outcome, next_look_at, rung, announce, failures, is_major, is_shared, label,
        params,
        district_id, township_id, community_id, cell_id
    )
    SELECT kind, subject_type_id, %s + number, site_id, enterprise_id, debtor_enterprise_id, opened_at,
        due_at, due_on, original_due_on, '', %s, 0, '{}', 0, false, true, label, params,
        district_id, township_id, community_id, cell_id
    FROM (SELECT *, row_number() OVER () AS turn FROM responsibility_obligation
          WHERE kind = 'self_inspection' AND closed_at IS NULL) one
    JOIN (SELECT number, 1 + number %% (SELECT count(*) FROM responsibility_obligation
                                       WHERE kind = 'self_inspection' AND closed_at IS NULL) AS turn
          FROM generate_series(
              1, %s - (SELECT count(*) FROM responsibility_obligation WHERE closed_at IS NULL)
          ) AS number) more USING (turn)
"""
CHOOSE = """
    CREATE TABLE bench_due AS SELECT id FROM responsibility_obligation
    WHERE closed_at IS NULL AND creditor_post_id IS NOT NULL ORDER BY id LIMIT %s
"""
MISS = """
    UPDATE responsibility_obligation SET
        due_at = %(due)s, due_on = %(day)s, rung = 2, next_look_at = %(due)s,
        opened_at = least(opened_at, %(due)s - interval '10 days')
    WHERE id IN (SELECT id FROM bench_due)
"""
#: What a sweep has written, to be written again by one statement.
KEEP = (
    "CREATE TABLE bench_told AS SELECT obligation_id, due_on, rung, post_id, holder_id, days_over "
    "FROM responsibility_alert WHERE raised_at = %s",
    "CREATE TABLE bench_moved AS SELECT id, rung, next_look_at FROM responsibility_obligation "
    "WHERE id IN (SELECT id FROM bench_due) AND %s IS NOT NULL",
)
FLOOR = """
    WITH moved AS (
        UPDATE responsibility_obligation it SET rung = to_be.rung, next_look_at = to_be.next_look_at
        FROM bench_moved to_be WHERE it.id = to_be.id
    ), told AS (
        INSERT INTO responsibility_alert (
            obligation_id, due_on, rung, post_id, holder_id, raised_at, days_over
        )
        SELECT obligation_id, due_on, rung, post_id, holder_id, %(now)s, days_over FROM bench_told
        ORDER BY obligation_id, post_id
        ON CONFLICT DO NOTHING RETURNING id
    )
    INSERT INTO responsibility_delivery (alert_id, channel, state, attempts, next_try_at, error)
    SELECT id, 'mail', 'waiting', 0, %(now)s, '' FROM told ON CONFLICT DO NOTHING
"""
#: Alerts of earlier rungs, as many as there are open obligations.
OLD_ALERTS = """
    INSERT INTO responsibility_alert (obligation_id, due_on, rung, post_id, raised_at, days_over)
    SELECT id, due_on, 1, (SELECT min(id) FROM accounts_post), %s, -3
    FROM responsibility_obligation WHERE closed_at IS NULL ORDER BY id
"""


class Night:
    """A copy of the city in which many deadlines have just passed."""

    def __init__(self, bench: Bench) -> None:
        self.now = clock.now()
        self.due = round(DUE * bench.scale)
        yesterday = bench.today - dt.timedelta(days=1)
        self.values = {"due": clock.day_end(yesterday), "day": yesterday}
        later = self.now + dt.timedelta(days=5)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM responsibility_delivery")
            cursor.execute("DELETE FROM responsibility_alert")
            cursor.execute(
                "UPDATE responsibility_obligation SET next_look_at = %s WHERE next_look_at < %s",
                [later, later],
            )
            cursor.execute(FILL, [FILLER, later, round(OPEN * bench.scale)])
            cursor.execute(CHOOSE, [self.due])
        self.pass_deadlines()
        self.sweep()
        with connection.cursor() as cursor:
            for statement in KEEP:
                cursor.execute(statement, [self.now])

    def pass_deadlines(self) -> None:
        """Let the same deadlines have passed and nobody told."""
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE responsibility_delivery")
            cursor.execute("DELETE FROM responsibility_alert WHERE rung = %s", [RUNG])
            cursor.execute(MISS, self.values)
        vacuum("responsibility_obligation", "responsibility_alert", "responsibility_delivery")

    def sweep(self) -> None:
        """Tell everybody; what was not told is no measurement."""
        raised = sweep(now=self.now)
        if raised < self.due:
            raise LookupError(f"{raised} alerts for {self.due} deadlines")

    def floor(self) -> None:
        """Write the same rows by one statement, knowing beforehand whom to tell."""
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, {"now": self.now})
        if (written := Alert.objects.filter(rung=RUNG).count()) < self.due:
            raise LookupError(f"{written} alerts for {self.due} deadlines")


@measures("sweep")
def many(bench: Bench) -> list[Result]:
    """Into an empty table of alerts, and into one that holds those of years."""
    with copied():
        night = Night(bench)
        empty = alternate(
            "no alerts before", night.sweep, night.floor, bench.rounds, before=night.pass_deadlines
        )
        with connection.cursor() as cursor:
            cursor.execute(OLD_ALERTS, [night.now - dt.timedelta(days=4)])
        full = alternate(
            "many alerts before", night.sweep, night.floor, bench.rounds, before=night.pass_deadlines
        )
    return [empty, full]


@measures("sweep_idle")
def idle(bench: Bench) -> list[Result]:
    """Nothing due, which is how nearly every sweep finds it."""
    with copied():
        night = Night(bench)
        turns = {"idle": False}

        def before() -> None:
            # The first of each pair finds everything told; the second has to tell it.
            turns["idle"] = not turns["idle"]
            if not turns["idle"]:
                night.pass_deadlines()

        return [alternate("", lambda: sweep(now=night.now), night.floor, bench.rounds, before=before)]
