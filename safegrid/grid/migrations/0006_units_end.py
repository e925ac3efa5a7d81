import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let a unit be followed by another one."""

    dependencies = [("grid", "0005_past_places")]

    operations = [
        migrations.AddField(
            "unit", "closed_on", models.DateField(blank=True, null=True, verbose_name="until")
        ),
        migrations.CreateModel(
            name="UnitSuccession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
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
                    ),
                ),
                ("basis", models.CharField(max_length=200)),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="grid.unit",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follows", to="grid.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("predecessor", "successor"), name="grid_unitsuccession_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="grid_unitsuccession_another",
                    ),
                ]
            },
        ),
    ]
