from django.db import migrations

#: A row that moves may leave the scope of a post that took part in it.
FORWARD = """
CREATE TRIGGER hazards_hazard_moved AFTER UPDATE ON hazards_hazard FOR EACH ROW WHEN (
    (OLD.district_id, OLD.township_id, OLD.community_id, OLD.cell_id, OLD.matter_id, OLD.enterprise_id)
    IS DISTINCT FROM
    (NEW.district_id, NEW.township_id, NEW.community_id, NEW.cell_id, NEW.matter_id, NEW.enterprise_id)
    OR OLD.ordering_unit_id <> NEW.ordering_unit_id
) EXECUTE FUNCTION accounts_subject_moved('hazards', 'hazard');
"""
BACKWARD = "DROP TRIGGER hazards_hazard_moved ON hazards_hazard;"


class Migration(migrations.Migration):
    """Let the portal know when a hazard moves."""

    replaces = [("hazards", "0004_moved")]
    dependencies = [("hazards", "0001_tables"), ("accounts", "0003_outside")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
