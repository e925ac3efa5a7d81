from django.db import migrations

#: A row that moves may leave the scope of a post that took part in it.
FORWARD = """
CREATE TRIGGER inspections_visit_moved AFTER UPDATE ON inspections_visit FOR EACH ROW WHEN (
    (OLD.district_id, OLD.township_id, OLD.community_id, OLD.cell_id, OLD.matter_id, OLD.enterprise_id)
    IS DISTINCT FROM
    (NEW.district_id, NEW.township_id, NEW.community_id, NEW.cell_id, NEW.matter_id, NEW.enterprise_id)
    OR OLD.unit_id <> NEW.unit_id
) EXECUTE FUNCTION accounts_subject_moved('inspections', 'visit');
"""
BACKWARD = "DROP TRIGGER inspections_visit_moved ON inspections_visit;"


class Migration(migrations.Migration):
    """Let the portal know when a visit moves."""

    dependencies = [("inspections", "0001_tables"), ("accounts", "0003_outside")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
