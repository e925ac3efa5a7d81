"""This month's self-inspection of every site, with its obligation: one of each, made by the database."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from bench.data.size import Size
from inspections.models import Checklist, SelfInspection
from inspections.services.periods import KIND
from responsibility.obligations.choices import Rhythm
from responsibility.obligations.periods import period_of
from safegrid.kernel import clock

PLACE = "district_id, township_id, community_id, cell_id"
INSPECTIONS = f"""
    INSERT INTO inspections_selfinspection (
        site_id, enterprise_id, checklist_id, period, state, version, opened_at, due_at, receipt,
        answer_count, photo_count, found_count, {PLACE}
    )
    SELECT id, enterprise_id, %(checklist)s, %(period)s, 'due', 1, %(opened)s, %(due)s, '', 0, 0, 0, {PLACE}
    FROM grid_site ORDER BY id
"""  # noqa: S608 (columns)
GO_ON = """
    SELECT setval(pg_get_serial_sequence('responsibility_obligation', 'id'), max(id))
    FROM responsibility_obligation
"""
OBLIGATIONS = f"""
    INSERT INTO responsibility_obligation (
        kind, subject_type_id, subject_id, site_id, enterprise_id, debtor_enterprise_id, opened_at, due_at,
        due_on, original_due_on, outcome, next_look_at, rung, announce, failures, is_major, is_shared, label,
        params,
        {PLACE}
    )
    SELECT %(kind)s, %(type)s, it.id, site_id, it.enterprise_id, it.enterprise_id, opened_at, due_at,
        %(due_on)s, %(due_on)s, '', due_at - interval '3 days', 0, '{{}}', 0, false, true, %(kind)s,
        jsonb_build_object('pk', it.id, 'period', period, 'site', site.name),
        it.district_id, it.township_id, it.community_id, it.cell_id
    FROM inspections_selfinspection it JOIN grid_site site ON site.id = site_id ORDER BY it.id
"""  # noqa: S608 (columns)


def open_all(size: Size) -> None:
    """Open the self-inspection of the current month at each site."""
    period, first, following = period_of(size.today, Rhythm.MONTHLY)
    due = clock.day_start(following)
    values = {
        "checklist": Checklist.objects.order_by("pk").first().pk,  # type: ignore[union-attr]
        "period": period,
        "opened": clock.day_start(first),
        "due": due,
        "due_on": clock.last_day(due),
        "kind": KIND,
        "type": ContentType.objects.get_for_model(SelfInspection).pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(INSPECTIONS, values)
        cursor.execute(GO_ON)
        cursor.execute(OBLIGATIONS, values)
