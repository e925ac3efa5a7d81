from django.db import migrations, models


class Migration(migrations.Migration):
    """A listing may be taken over by a higher level."""

    dependencies = [
        ("hazards", "0009_hazard_category"),
    ]

    operations = [
        migrations.AlterField(
            model_name="listedsupervision",
            name="state",
            field=models.CharField(
                choices=[
                    ("listed", "Listed"),
                    ("asked", "Delisting asked for"),
                    ("checked", "Checked"),
                    ("accepted", "Accepted"),
                    ("delisted", "Delisted"),
                    ("confirmed", "Delisted and spot-checked"),
                    ("relisted", "Listed again"),
                    ("raised", "Taken over by a higher level"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="listed",
                max_length=10,
                verbose_name="state",
            ),
        ),
    ]
