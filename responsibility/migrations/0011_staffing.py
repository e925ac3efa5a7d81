import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let handovers be called off, and know what they had ended."""

    dependencies = [
        ("accounts", "0004_past_units"),
        ("responsibility", "0010_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="handover",
            name="handover_once_a_day",
        ),
        migrations.AddField(
            model_name="handover",
            name="called_off_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="handover",
            name="called_off_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="ended",
            field=models.JSONField(default=dict),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("called_off_at", None)), fields=("post", "on"), name="handover_once_a_day"
            ),
        ),
    ]
