import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0003_succession"),
        ("hazards", "0003_search_statistics"),
    ]

    operations = [
        migrations.AlterField(
            model_name="hazard",
            name="then_district",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grid.district",
            ),
        ),
        migrations.AlterField(
            model_name="hazard",
            name="then_township",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grid.district",
            ),
        ),
    ]
