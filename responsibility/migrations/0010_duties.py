import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let a visit under the wing name its enterprise."""

    dependencies = [
        ("grid", "0006_units_end"),
        ("responsibility", "0009_units_reorganised"),
    ]

    operations = [
        migrations.AddField(
            model_name="leaderdeed",
            name="enterprise",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grid.enterprise",
                verbose_name="enterprise",
            ),
        ),
    ]
