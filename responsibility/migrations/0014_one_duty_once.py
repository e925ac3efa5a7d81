import django.contrib.postgres.constraints
from django.contrib.postgres.fields import RangeOperators
from django.db import migrations, models
from django.db.models.functions import Coalesce

from safegrid.kernel.dbfuncs import Int8Point

#: Rows that give a post one duty on some of the same days become the first of them, with the days of all and
#: what the first rests on. An open transfer goes along; where the first is being transferred too, that one.
SETTLE = """
CREATE TEMPORARY TABLE one_duty_once ON COMMIT DROP AS
WITH days AS (
    SELECT id, post_id, line, tier, matter_id, coalesce(district_id, 0) AS district, coalesce(site_id, 0) AS site,
        coalesce(lower(span), '-infinity') AS since, coalesce(upper(span), 'infinity') AS until
    FROM responsibility_assignment
), begun AS (
    SELECT *, coalesce(max(until) OVER before <= since, true) AS begins FROM days
    WINDOW before AS (
        PARTITION BY post_id, line, tier, matter_id, district, site ORDER BY since, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
), numbered AS (
    SELECT *, count(*) FILTER (WHERE begins) OVER (
        PARTITION BY post_id, line, tier, matter_id, district, site ORDER BY since, id
    ) AS number FROM begun
)
SELECT (array_agg(id ORDER BY since, id))[1] AS kept, array_agg(id) AS every,
    daterange(nullif(min(since), '-infinity'), nullif(max(until), 'infinity')) AS span
FROM numbered GROUP BY post_id, line, tier, matter_id, district, site, number HAVING count(*) > 1;

UPDATE responsibility_transfer AS transfer SET subject_id = going.kept
FROM (
    SELECT DISTINCT ON (kept) kept, id
    FROM one_duty_once JOIN responsibility_transfer ON subject_id = ANY (every)
    WHERE kind = 'assignment' AND state = 'proposed'
    ORDER BY kept, subject_id = kept DESC, id
) AS going
WHERE transfer.id = going.id AND transfer.subject_id <> going.kept;

DELETE FROM responsibility_assignment USING one_duty_once WHERE id = ANY (every) AND id <> kept;

UPDATE responsibility_assignment SET span = one_duty_once.span FROM one_duty_once WHERE id = kept;

DROP TABLE one_duty_once;

SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


def _text_point(column: str) -> models.Func:
    hashed = models.Func(column, function="hashtext")
    return models.Func(hashed, hashed, models.Value("[]"), function="int4range")


def _id_point(column: str) -> models.Func:
    value = Coalesce(column, models.Value(0, output_field=models.BigIntegerField()))
    return models.Func(value, value, models.Value("[]"), function="int8range")


class Migration(migrations.Migration):
    """Let a post have one duty once on a day."""

    dependencies = [("responsibility", "0013_duties")]

    operations = [
        migrations.RunSQL(SETTLE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="assignment_once_at_a_time",
                expressions=[
                    (Int8Point("post"), RangeOperators.OVERLAPS),
                    (_text_point("line"), RangeOperators.OVERLAPS),
                    (_text_point("tier"), RangeOperators.OVERLAPS),
                    (Int8Point("matter"), RangeOperators.OVERLAPS),
                    (_id_point("district"), RangeOperators.OVERLAPS),
                    (_id_point("site"), RangeOperators.OVERLAPS),
                    ("span", RangeOperators.OVERLAPS),
                ],
            ),
        ),
    ]
