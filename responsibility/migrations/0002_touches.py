from django.db import migrations

#: What decides who answers for a site, and has changed, is written down for the next audit by whatever
#: changed it: a service, an import, the admin. Many sites at once are a touch of the whole city.
FORWARD = """
CREATE FUNCTION responsibility_touch_posts(posts bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO responsibility_touch (at, district_id, site_id, matter_id)
    SELECT DISTINCT now(), district_id, site_id, matter_id FROM responsibility_assignment
    WHERE post_id = ANY(posts) AND (upper(span) IS NULL OR upper(span) > current_date);
$$;

CREATE FUNCTION responsibility_touch_sites(sites bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO responsibility_touch (at, site_id)
    SELECT DISTINCT now(), site FROM unnest(sites) AS site WHERE cardinality(sites) <= 200;
    INSERT INTO responsibility_touch (at, district_id)
    SELECT now(), id FROM grid_district
    WHERE level = 'city' AND closed_on IS NULL AND cardinality(sites) > 200
    AND NOT EXISTS (
        SELECT FROM responsibility_touch AS known
        WHERE known.district_id = grid_district.id AND known.matter_id IS NULL
    );
$$;

CREATE FUNCTION responsibility_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'responsibility_assignment' THEN
        IF TG_OP <> 'INSERT' THEN
            INSERT INTO responsibility_touch (at, district_id, site_id, matter_id)
            SELECT DISTINCT now(), district_id, site_id, matter_id FROM before_rows;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO responsibility_touch (at, district_id, site_id, matter_id)
            SELECT DISTINCT now(), district_id, site_id, matter_id FROM after_rows;
        END IF;
    ELSIF TG_TABLE_NAME IN ('accounts_holding', 'accounts_substitution') THEN
        IF TG_OP <> 'INSERT' THEN
            PERFORM responsibility_touch_posts(ARRAY(SELECT post_id FROM before_rows));
        END IF;
        IF TG_OP <> 'DELETE' THEN
            PERFORM responsibility_touch_posts(ARRAY(SELECT post_id FROM after_rows));
        END IF;
    ELSIF TG_TABLE_NAME = 'accounts_user' THEN
        PERFORM responsibility_touch_posts(ARRAY(
            SELECT held.post_id FROM before_rows AS before JOIN after_rows AS after USING (id)
            JOIN (SELECT user_id, post_id FROM accounts_holding
                  UNION SELECT user_id, post_id FROM accounts_substitution) AS held ON held.user_id = id
            WHERE before.is_active <> after.is_active
        ));
    ELSIF TG_TABLE_NAME = 'grid_sitematter' THEN
        IF TG_OP <> 'INSERT' THEN
            PERFORM responsibility_touch_sites(ARRAY(
                SELECT DISTINCT before.site_id FROM before_rows AS before
                JOIN grid_site ON grid_site.id = before.site_id
            ));
        END IF;
        IF TG_OP <> 'DELETE' THEN
            PERFORM responsibility_touch_sites(ARRAY(SELECT DISTINCT site_id FROM after_rows));
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM responsibility_touch_sites(ARRAY(SELECT id FROM after_rows));
    ELSE
        PERFORM responsibility_touch_sites(ARRAY(
            SELECT after.id FROM before_rows AS before JOIN after_rows AS after USING (id)
            WHERE (before.district_id, before.township_id, before.community_id, before.cell_id,
                before.industry_id, before.status, before.enterprise_id)
            IS DISTINCT FROM (after.district_id, after.township_id, after.community_id, after.cell_id,
                after.industry_id, after.status, after.enterprise_id)
        ));
    END IF;
    RETURN NULL;
END $$;
"""
BACKWARD = """
DROP FUNCTION responsibility_touched CASCADE;
DROP FUNCTION responsibility_touch_sites;
DROP FUNCTION responsibility_touch_posts;
"""

REFERENCING = {
    "INSERT": "REFERENCING NEW TABLE AS after_rows",
    "UPDATE": "REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows",
    "DELETE": "REFERENCING OLD TABLE AS before_rows",
}
WATCHED = {
    "responsibility_assignment": ("INSERT", "UPDATE", "DELETE"),
    "accounts_holding": ("INSERT", "UPDATE", "DELETE"),
    "accounts_substitution": ("INSERT", "UPDATE", "DELETE"),
    "accounts_user": ("UPDATE",),
    "grid_sitematter": ("INSERT", "UPDATE", "DELETE"),
    "grid_site": ("INSERT", "UPDATE"),
}


def trigger(table: str, event: str) -> str:
    """Return the statement that lets `event` on `table` be written down."""
    return (
        f"CREATE TRIGGER {table}_touched_{event.lower()} AFTER {event} ON {table} {REFERENCING[event]} "
        "FOR EACH STATEMENT EXECUTE FUNCTION responsibility_touched();"
    )


class Migration(migrations.Migration):
    """Write down what the audit has to look at again."""

    replaces = [("responsibility", "0005_touches")]
    dependencies = [("responsibility", "0001_tables"), ("accounts", "0003_outside"), ("grid", "0001_tables")]

    operations = [
        migrations.RunSQL(
            FORWARD
            + "\n".join(trigger(table, event) for table, events in WATCHED.items() for event in events),
            BACKWARD,
        )
    ]
