import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let a visit under the wing name its enterprise, and a talk its time and place."""

    dependencies = [
        ("grid", "0006_units_end"),
        ("responsibility", "0012_findings_reopen"),
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
        migrations.AddField(
            model_name="unitletter",
            name="talk_at",
            field=models.DateTimeField(null=True, verbose_name="when the talk is"),
        ),
        migrations.AddField(
            model_name="unitletter",
            name="talk_place",
            field=models.CharField(blank=True, max_length=120, verbose_name="where the talk is"),
        ),
    ]
