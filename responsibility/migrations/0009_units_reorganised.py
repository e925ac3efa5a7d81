from django.db import migrations, models


class Migration(migrations.Migration):
    """Let bodies be reorganised on a day."""

    dependencies = [("responsibility", "0008_findings_keep_their_sites"), ("grid", "0006_units_end")]

    operations = [
        migrations.CreateModel(
            name="UnitReorganisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("renamed", "Renamed"),
                            ("recoded", "New code"),
                            ("merged", "Merged"),
                            ("split", "Split"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
                ("basis", models.CharField(max_length=200, verbose_name="basis")),
                ("successors", models.JSONField()),
                ("parts", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("predecessors", models.ManyToManyField(related_name="reorganisations", to="grid.unit")),
            ],
            options={
                "verbose_name": "reorganisation of units",
                "verbose_name_plural": "reorganisations of units",
            },
        )
    ]
