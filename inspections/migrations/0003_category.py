import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is looked at has one of the categories of hazards."""

    dependencies = [("hazards", "0008_categories"), ("inspections", "0002_moved")]

    operations = [
        migrations.AlterField(
            model_name="checklistitem",
            name="category",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="hazards.hazardcategory",
                to_field="code",
            ),
        ),
    ]
