from django.db import migrations

#: Which edition of places, matters and industries the database holds. The value comes from a sequence, so
#: that one of a transaction that was undone never comes again; the row is seen when the change itself is.
FORWARD = """
CREATE SEQUENCE grid_edition_values;
CREATE TABLE grid_edition (edition bigint NOT NULL);
INSERT INTO grid_edition VALUES (nextval('grid_edition_values'));

CREATE FUNCTION grid_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE grid_edition SET edition = nextval('grid_edition_values');
    RETURN NULL;
END $$;
"""
BACKWARD = """
DROP FUNCTION grid_new_edition() CASCADE;
DROP TABLE grid_edition;
DROP SEQUENCE grid_edition_values;
"""
TRIGGER = """
CREATE TRIGGER new_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {0}
FOR EACH STATEMENT EXECUTE FUNCTION grid_new_edition();
"""
TABLES = ("grid_district", "grid_matter", "grid_industry")


class Migration(migrations.Migration):
    """Let the portal know when places, matters or industries change."""

    replaces = [("grid", "0004_edition")]
    dependencies = [("grid", "0001_tables")]

    operations = [migrations.RunSQL(FORWARD + "".join(map(TRIGGER.format, TABLES)), BACKWARD)]
