from django.db import migrations

#: A row that moves may leave the scope of a post that took part in it.
MOVED = """
CREATE TRIGGER {table}_moved AFTER UPDATE ON {table} FOR EACH ROW WHEN (
    (OLD.district_id, OLD.township_id, OLD.community_id, OLD.cell_id, {matter}) IS DISTINCT FROM
    (NEW.district_id, NEW.township_id, NEW.community_id, NEW.cell_id, {new_matter})
) EXECUTE FUNCTION accounts_subject_moved('{app}', '{model}');
"""
MOVING = [
    ("grid", "site", "matter_ids"),
    ("responsibility", "transfer", "matter_id"),
    ("responsibility", "finding", "matter_id"),
]
FORWARD = "".join(
    MOVED.format(
        table=f"{app}_{model}", app=app, model=model, matter=f"OLD.{column}", new_matter=f"NEW.{column}"
    )
    for app, model, column in MOVING
)
BACKWARD = "".join(f"DROP TRIGGER {app}_{model}_moved ON {app}_{model};" for app, model, _column in MOVING)


class Migration(migrations.Migration):
    """Let the portal know when a site, a transfer or a finding moves."""

    replaces = [("responsibility", "0010_transfers")]
    dependencies = [
        ("responsibility", "0004_statements_stay"),
        ("accounts", "0003_outside"),
        ("grid", "0001_tables"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
