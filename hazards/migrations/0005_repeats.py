import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_outside"),
        ("grid", "0004_merged"),
        ("hazards", "0004_unasked_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EnteredHazard",
            fields=[
                ("token", models.UUIDField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="RecurrenceWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(verbose_name="days")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("since", models.DateField(unique=True, verbose_name="in force from")),
            ],
            options={
                "verbose_name": "time within which a hazard recurs",
                "verbose_name_plural": "times within which a hazard recurs",
                "ordering": ["since"],
            },
        ),
        migrations.AddField(
            model_name="hazard",
            name="merged_into",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="hazards.hazard",
            ),
        ),
        migrations.AddField(
            model_name="hazard",
            name="recurs",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recurrences",
                to="hazards.hazard",
            ),
        ),
        migrations.AddIndex(
            model_name="hazard",
            index=models.Index(
                condition=models.Q(("recurs__isnull", False)), fields=["recurs"], name="hazard_recurs"
            ),
        ),
        migrations.AddIndex(
            model_name="hazard",
            index=models.Index(
                condition=models.Q(("recurs__isnull", False)),
                fields=["-found_at", "-id"],
                name="hazard_recurs_found",
            ),
        ),
        migrations.AddIndex(
            model_name="hazard",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="hazard_merged",
            ),
        ),
        migrations.AddConstraint(
            model_name="hazard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None),
                    models.Q(
                        ("state", "cancelled"), models.Q(("merged_into", models.F("id")), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="hazard_merged_is_over",
            ),
        ),
        migrations.AddField(
            model_name="enteredhazard",
            name="hazard",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hazards.hazard"
            ),
        ),
    ]
