import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: Who holds a post of an enterprise is its principal: what the audit says of its sites.
POSTS = """
CREATE OR REPLACE FUNCTION responsibility_touch_posts(posts bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO responsibility_touch (at, district_id, site_id, matter_id)
    SELECT DISTINCT now(), district_id, site_id, matter_id FROM responsibility_assignment
    WHERE post_id = ANY(posts) AND (upper(span) IS NULL OR upper(span) > current_date);
    SELECT responsibility_touch_sites(ARRAY(
        SELECT site.id FROM accounts_post AS post JOIN grid_site AS site USING (enterprise_id)
        WHERE post.id = ANY(posts)
    ));
$$;
CREATE FUNCTION responsibility_unit_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM responsibility_touch_posts(ARRAY(
        SELECT id FROM before_rows AS before JOIN after_rows AS after USING (id)
        WHERE before.unit_id IS DISTINCT FROM after.unit_id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_post_unit_touched AFTER UPDATE ON accounts_post
REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION responsibility_unit_touched();
"""
POSTS_BEFORE = """
DROP FUNCTION responsibility_unit_touched CASCADE;
CREATE OR REPLACE FUNCTION responsibility_touch_posts(posts bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO responsibility_touch (at, district_id, site_id, matter_id)
    SELECT DISTINCT now(), district_id, site_id, matter_id FROM responsibility_assignment
    WHERE post_id = ANY(posts) AND (upper(span) IS NULL OR upper(span) > current_date);
$$;
"""

#: Whether a community has cells decides for all of its sites.
CELLS = """
CREATE FUNCTION responsibility_cells_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO responsibility_touch (at, district_id)
    SELECT DISTINCT now(), community.id FROM after_rows AS cell
    JOIN grid_district AS community ON community.path = left(cell.path, -4)
    WHERE cell.level = 'cell';
    RETURN NULL;
END $$;
CREATE FUNCTION responsibility_closed_cells_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO responsibility_touch (at, district_id)
    SELECT DISTINCT now(), community.id FROM before_rows AS before JOIN after_rows AS cell USING (id)
    JOIN grid_district AS community ON community.path = left(cell.path, -4)
    WHERE cell.level = 'cell' AND before.closed_on IS DISTINCT FROM cell.closed_on;
    RETURN NULL;
END $$;
CREATE TRIGGER grid_district_cells_touched AFTER INSERT ON grid_district
REFERENCING NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION responsibility_cells_touched();
CREATE TRIGGER grid_district_closed_cells_touched AFTER UPDATE ON grid_district
REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION responsibility_closed_cells_touched();
"""
CELLS_BEFORE = """
DROP FUNCTION responsibility_cells_touched CASCADE;
DROP FUNCTION responsibility_closed_cells_touched CASCADE;
"""

READ_BY_RULES = [
    ("responsibility_setaside", "INSERT OR UPDATE OR DELETE", ["unknown_enterprise"]),
    ("grid_enterprise", "UPDATE OF merged_into_id", ["entered_twice"]),
    ("grid_district", "UPDATE OF boundary", ["cell_hole", "cell_overlap"]),
    ("responsibility_assignment", "INSERT OR UPDATE OR DELETE", ["vacant_idle"]),
    ("accounts_holding", "INSERT OR UPDATE OR DELETE", ["vacant_idle"]),
    ("accounts_substitution", "INSERT OR UPDATE OR DELETE", ["vacant_idle"]),
    ("accounts_user", "UPDATE OF is_active", ["vacant_idle"]),
    ("grid_reorganisation", "UPDATE OF problem, done_at, called_off_at", ["reorganisation"]),
    ("responsibility_unitreorganisation", "UPDATE OF problem, done_at, called_off_at", ["reorganisation"]),
]


def triggers() -> str:
    """Return the statements that let these tables tell which rules read them."""
    return "\n".join(
        f"CREATE TRIGGER {table}_further_rules_touched AFTER {events} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION responsibility_rules_touched({', '.join(map(repr, rules))});"
        for table, events, rules in READ_BY_RULES
    )


def without() -> str:
    """Return the statements that let them be silent again."""
    return "\n".join(
        f"DROP TRIGGER {table}_further_rules_touched ON {table};" for table, _e, _r in READ_BY_RULES
    )


#: What was dismissed as a whole of a business register would hide what comes to it later.
ONE_BY_ONE = """
INSERT INTO responsibility_pastdismissal (finding_id, at, until, by_id, reason)
SELECT id, dismissed_at, now(), dismissed_by_id, reason FROM responsibility_finding
WHERE rule = 'unknown_enterprise' AND state = 'dismissed';
UPDATE responsibility_finding SET state = 'open', reason = '', dismissed_at = NULL, dismissed_by_id = NULL
WHERE rule = 'unknown_enterprise' AND state = 'dismissed';
"""

STATES = [
    ("proposed", "To be accepted"),
    ("accepted", "Accepted"),
    ("withdrawn", "Withdrawn"),
    ("lapsed", "Nothing left to hand over"),
]
ANSWERS = [
    ("accepted", "Accepted"),
    ("passed_on", "Not ours"),
    ("decided", "Decided by the committee's office"),
    ("withdrawn", "Withdrawn"),
    ("lapsed", "Nothing left to hand over"),
]


class Migration(migrations.Migration):
    """Let a dismissed finding be open again when it grows, and more of what rules read tell that it changed."""

    dependencies = [
        ("responsibility", "0011_staffing"),
        ("grid", "0007_called_off"),
        ("accounts", "0004_past_units"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PastDismissal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="dismissed")),
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="past_dismissals",
                        to="responsibility.finding",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("at"))), name="pastdismissal_forward"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="set_aside",
                        to="grid.registerentry",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="setaside_for_a_reason"
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="coverageday",
            name="district",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="grid.district",
            ),
        ),
        migrations.AddField(
            model_name="unitreorganisation",
            name="called_off_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="unitreorganisation",
            name="called_off_for",
            field=models.CharField(blank=True, max_length=200, verbose_name="reason"),
        ),
        migrations.AddField(
            model_name="leg",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.post",
            ),
        ),
        migrations.AlterField(
            model_name="leg",
            name="answer",
            field=models.CharField(blank=True, choices=ANSWERS, max_length=10),
        ),
        migrations.AlterField(
            model_name="transfer",
            name="state",
            field=models.CharField(choices=STATES, default="proposed", max_length=10, verbose_name="state"),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["due_at", "id"], name="obligation_by_day"),
        ),
        migrations.RunSQL(POSTS, POSTS_BEFORE),
        migrations.RunSQL(CELLS, CELLS_BEFORE),
        migrations.RunSQL(triggers(), without()),
        migrations.RunSQL(ONE_BY_ONE, migrations.RunSQL.noop),
    ]
