from django.db import migrations

#: How often a pair of characters occurs decides by which way a search goes: of the rare ones too. With what is
#: gathered by default, a rare pair is taken for one row in four hundred.
FORWARD = "ALTER TABLE hazards_hazard ALTER COLUMN search SET STATISTICS 1000"
BACKWARD = "ALTER TABLE hazards_hazard ALTER COLUMN search SET STATISTICS -1"


class Migration(migrations.Migration):
    """Let the planner know rare pairs of characters from frequent ones."""

    replaces = [("hazards", "0005_search_statistics")]
    dependencies = [("hazards", "0002_moved")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
