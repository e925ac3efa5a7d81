import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A hazard has one of the categories. Not with the rows: a table with fresh rows takes no constraint."""

    dependencies = [("hazards", "0008_categories")]

    operations = [
        migrations.AlterField(
            model_name="hazard",
            name="category",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="hazards.hazardcategory",
                to_field="code",
                verbose_name="category",
            ),
        ),
    ]
