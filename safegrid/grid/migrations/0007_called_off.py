from django.db import migrations, models


class Migration(migrations.Migration):
    """Let a planned reorganisation be called off."""

    dependencies = [("grid", "0006_units_end")]

    operations = [
        migrations.AddField(
            model_name="reorganisation",
            name="called_off_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reorganisation",
            name="called_off_for",
            field=models.CharField(blank=True, max_length=200, verbose_name="reason"),
        ),
    ]
