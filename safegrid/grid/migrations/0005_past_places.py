import django.db.models.deletion
from django.db import migrations, models

#: Whoever changes the place of a site: a person, an import, a reorganisation.
FORWARD = """
CREATE FUNCTION grid_site_past_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO grid_pastplace (site_id, district_id, township_id, community_id, cell_id, until)
    VALUES (OLD.id, OLD.district_id, OLD.township_id, OLD.community_id, OLD.cell_id, coalesce(
        nullif(current_setting('safegrid.moved_on', TRUE), '')::date,
        (now() AT TIME ZONE 'Asia/Shanghai')::date
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER grid_site_past_place AFTER UPDATE ON grid_site FOR EACH ROW WHEN (
    (OLD.district_id, OLD.township_id, OLD.community_id, OLD.cell_id)
    IS DISTINCT FROM
    (NEW.district_id, NEW.township_id, NEW.community_id, NEW.cell_id)
) EXECUTE FUNCTION grid_site_past_place();
"""
BACKWARD = "DROP FUNCTION grid_site_past_place() CASCADE;"


class Migration(migrations.Migration):
    """Keep where a site stood before."""

    dependencies = [("grid", "0004_merged")]

    operations = [
        migrations.CreateModel(
            name="PastPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("district_id", models.BigIntegerField(null=True)),
                ("township_id", models.BigIntegerField(null=True)),
                ("community_id", models.BigIntegerField(null=True)),
                ("cell_id", models.BigIntegerField(null=True)),
                ("until", models.DateField()),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="past_places",
                        to="grid.site",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["site", "until"], name="grid_past_place_of_site")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
