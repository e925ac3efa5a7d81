from django.db import migrations

#: What the database refuses of a succession: a circle, and a successor that is older than what it follows.
FORWARD = """
CREATE FUNCTION grid_succession_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE before AS (
            SELECT NEW.predecessor_id AS id
            UNION
            SELECT link.predecessor_id FROM grid_succession AS link JOIN before ON link.successor_id = before.id
        )
        SELECT FROM before WHERE id = NEW.successor_id
    ) THEN
        RAISE EXCEPTION 'grid_succession_in_a_circle' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM grid_district AS earlier, grid_district AS later
        WHERE earlier.id = NEW.predecessor_id AND later.id = NEW.successor_id
        AND (later.opened_on < earlier.opened_on OR later.closed_on <= NEW.on)
    ) THEN
        RAISE EXCEPTION 'grid_succession_older_than_what_it_follows' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grid_succession_goes_on BEFORE INSERT OR UPDATE ON grid_succession
FOR EACH ROW EXECUTE FUNCTION grid_succession_goes_on();
"""
BACKWARD = "DROP FUNCTION grid_succession_goes_on() CASCADE;"


class Migration(migrations.Migration):
    """Let the database refuse a succession that cannot be."""

    replaces = [("grid", "0005_comings_and_goings")]
    dependencies = [("grid", "0002_edition")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
