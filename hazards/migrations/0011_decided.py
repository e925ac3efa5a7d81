import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tie a measure on the spot to the decision that was issued about it."""

    dependencies = [("hazards", "0010_raised")]

    operations = [
        migrations.AddField(
            "sitemeasure",
            "paper",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measures",
                to="hazards.hazardpaper",
            ),
        )
    ]
