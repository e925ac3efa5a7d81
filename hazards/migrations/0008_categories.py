import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import F, Q, Value

#: Those that hazards and checklists have so far, where there are any: a portal that is set up has matters. A
#: new one is given its categories with the other policy rows.
ROOTS = """
INSERT INTO hazards_hazardcategory (code, name, name_en, "order", source, since)
SELECT code, name, name_en, place, '默认规则', '2021-09-01' FROM (VALUES
    ('facility', '设备设施', 'Equipment and facilities', 1),
    ('fire', '消防', 'Fire protection', 6),
    ('electrical', '用电', 'Electricity', 11),
    ('gas', '燃气', 'Gas', 16),
    ('chemical', '化学品', 'Chemicals', 20),
    ('behaviour', '不安全行为', 'Unsafe acts', 24),
    ('management', '安全管理', 'Management', 29),
    ('environment', '作业环境', 'Workplace', 38)
) AS root (code, name, name_en, place)
WHERE EXISTS (SELECT FROM grid_matter);
"""


class Migration(migrations.Migration):
    """Categories of hazards become rows, and so does which deadline an order begins with."""

    dependencies = [("hazards", "0007_listed_supervision"), ("grid", "0004_merged")]

    operations = [
        migrations.CreateModel(
            name="HazardCategory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9_]+(\\.[a-z0-9_]+)*\\Z",
                                "Small letters, digits and _, with a dot before each level.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=80, verbose_name="English name")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("since", models.DateField(verbose_name="in force from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="in force until")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="hazards.hazardcategory",
                        to_field="code",
                        verbose_name="belongs to",
                    ),
                ),
            ],
            options={
                "verbose_name": "category of hazards",
                "verbose_name_plural": "categories of hazards",
                "ordering": ["code"],
            },
        ),
        migrations.AddConstraint(
            model_name="hazardcategory",
            constraint=models.CheckConstraint(
                condition=Q(parent=None) & ~Q(code__contains=".")
                | Q(code__startswith=django.db.models.functions.text.Concat(F("parent_id"), Value("."))),
                name="hazard_category_code_begins_with_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="hazardcategory",
            constraint=models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="hazard_category_ends_after_it_begins",
            ),
        ),
        migrations.CreateModel(
            name="DefaultDeadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[("general", "General hazard"), ("major", "Major hazard")],
                        max_length=8,
                        verbose_name="grade",
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("red", "Red: major risk"),
                            ("orange", "Orange: larger risk"),
                            ("yellow", "Yellow: general risk"),
                            ("blue", "Blue: low risk"),
                        ],
                        help_text="Empty: for any other.",
                        max_length=6,
                        verbose_name="colour",
                    ),
                ),
                ("code", models.SlugField(max_length=40, verbose_name="code of the deadline")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("since", models.DateField(verbose_name="in force from")),
            ],
            options={
                "verbose_name": "deadline chosen at first",
                "verbose_name_plural": "deadlines chosen at first",
                "ordering": ["grade", "risk", "since"],
                "constraints": [
                    models.UniqueConstraint(fields=("grade", "risk", "since"), name="default_deadline_once")
                ],
            },
        ),
        migrations.RunSQL(ROOTS, migrations.RunSQL.noop),
    ]
