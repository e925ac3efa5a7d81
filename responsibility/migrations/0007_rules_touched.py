from django.db import migrations, models

#: What a rule that looks at no single site reads has changed: the next audit runs these rules anew, as a whole.
RULES = """
CREATE FUNCTION responsibility_rules_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO responsibility_ruletouch (at, rule) SELECT now(), unnest(TG_ARGV);
    RETURN NULL;
END $$;
"""
READ_BY_RULES = [
    ("responsibility_transfer", "INSERT OR UPDATE OF state, due_on OR DELETE", ["transfer_late"]),
    ("responsibility_signature", "INSERT OR DELETE", ["statement"]),
    ("responsibility_statement", "UPDATE OF state", ["statement"]),
    ("accounts_postscope", "INSERT OR UPDATE OR DELETE", ["no_officer"]),
    ("accounts_holding", "INSERT OR UPDATE OR DELETE", ["no_officer", "certificate"]),
    ("accounts_substitution", "INSERT OR UPDATE OR DELETE", ["no_officer"]),
    ("accounts_user", "UPDATE OF is_active", ["no_officer", "certificate"]),
    ("accounts_certificate", "INSERT OR UPDATE OR DELETE", ["certificate"]),
    ("grid_district", "INSERT OR UPDATE OF closed_on", ["no_officer"]),
    ("grid_registerentry", "INSERT OR UPDATE OR DELETE", ["unknown_enterprise"]),
    ("grid_enterprise", "INSERT OR UPDATE OF uscc OR DELETE", ["unknown_enterprise"]),
]

#: What decides for the whole city: what is required, and what industries bring.
CITY = """
CREATE FUNCTION responsibility_city_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO responsibility_touch (at, district_id)
    SELECT now(), id FROM grid_district WHERE level = 'city' AND closed_on IS NULL
    AND NOT EXISTS (
        SELECT FROM responsibility_touch AS known
        WHERE known.district_id = grid_district.id AND known.matter_id IS NULL
    );
    RETURN NULL;
END $$;
"""
OF_THE_CITY = ["responsibility_coveragepolicy", "grid_industry_matters"]

#: What is known of an enterprise: its principal, the certificates of its people.
ENTERPRISES = """
CREATE FUNCTION responsibility_enterprises_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'grid_enterprise' THEN
        PERFORM responsibility_touch_sites(ARRAY(
            SELECT site.id FROM before_rows AS before JOIN after_rows AS after USING (id)
            JOIN grid_site AS site ON site.enterprise_id = after.id
            WHERE before.principal <> after.principal
        ));
    ELSE
        PERFORM responsibility_touch_sites(ARRAY(
            SELECT DISTINCT site.id FROM after_rows AS after
            JOIN grid_site AS site ON site.enterprise_id = after.enterprise_id
        ));
    END IF;
    RETURN NULL;
END $$;
"""
WITH_ROWS = [
    ("grid_enterprise", "UPDATE", "REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows"),
    ("responsibility_credential", "INSERT", "REFERENCING NEW TABLE AS after_rows"),
    ("responsibility_credential", "UPDATE", "REFERENCING NEW TABLE AS after_rows"),
]


def triggers() -> str:
    """Return the statements that let each of these tables tell."""
    rules = (
        f"CREATE TRIGGER {table}_rules_touched AFTER {events} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION responsibility_rules_touched({', '.join(map(repr, rules))});"
        for table, events, rules in READ_BY_RULES
    )
    city = (
        f"CREATE TRIGGER {table}_city_touched AFTER INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION responsibility_city_touched();"
        for table in OF_THE_CITY
    )
    rows = (
        f"CREATE TRIGGER {table}_enterprises_touched_{event.lower()} AFTER {event} ON {table} {rows} "
        "FOR EACH STATEMENT EXECUTE FUNCTION responsibility_enterprises_touched();"
        for table, event, rows in WITH_ROWS
    )
    return "\n".join((*rules, *city, *rows))


BACKWARD = """
DROP FUNCTION responsibility_rules_touched CASCADE;
DROP FUNCTION responsibility_city_touched CASCADE;
DROP FUNCTION responsibility_enterprises_touched CASCADE;
"""


class Migration(migrations.Migration):
    """Let whatever a rule reads tell that it has changed."""

    dependencies = [
        ("responsibility", "0006_unasked_indexes"),
        ("accounts", "0003_outside"),
        ("grid", "0004_merged"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleTouch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("rule", models.CharField(max_length=40)),
            ],
        ),
        migrations.RunSQL(RULES + CITY + ENTERPRISES + triggers(), BACKWARD),
    ]
