import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_outside"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("grid", "0003_succession"),
        ("responsibility", "0005_moved"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="obligation",
            name="duty",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="obligations",
                to="responsibility.duty",
            ),
        ),
        migrations.AlterField(
            model_name="obligation",
            name="not_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(
                condition=models.Q(("closed_at", None), ("not_by__isnull", False)),
                fields=["not_by"],
                name="obligation_not_by",
            ),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(
                condition=models.Q(("duty__isnull", False)), fields=["duty"], name="obligation_of_duty"
            ),
        ),
    ]
