import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep in which body a post was before another one followed."""

    dependencies = [("accounts", "0003_outside"), ("grid", "0006_units_end")]

    operations = [
        migrations.CreateModel(
            name="PastUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateField()),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="past_units",
                        to="accounts.post",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                    ),
                ),
            ],
        )
    ]
