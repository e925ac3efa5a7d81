import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    # Of a portal that was set up before these were put together.
    replaces = [
        ("hazards", "0001_initial"),
        ("hazards", "0002_open_by_due"),
        ("hazards", "0003_more_orders"),
        ("hazards", "0006_fewer_indexes"),
        ("hazards", "0007_ledger"),
        ("hazards", "0008_papers"),
        ("hazards", "0009_reports"),
        ("hazards", "0010_shared"),
        ("hazards", "0011_workers_reports"),
        ("hazards", "0012_the_loop"),
        ("hazards", "0013_one_draw"),
    ]

    dependencies = [
        ("accounts", "0002_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("grid", "0001_tables"),
        ("responsibility", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="CorrectionWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("since", models.DateField(unique=True, verbose_name="in force from")),
            ],
            options={
                "verbose_name": "time to correct a slip",
                "verbose_name_plural": "times to correct a slip",
                "ordering": ["since"],
            },
        ),
        migrations.CreateModel(
            name="MajorItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sector", models.CharField(max_length=60, verbose_name="sector")),
                ("code", models.CharField(max_length=40, verbose_name="article")),
                ("sentence", models.CharField(max_length=400, verbose_name="what makes it major")),
                (
                    "sentence_en",
                    models.CharField(
                        blank=True, max_length=400, verbose_name="what makes it major (English)"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("since", models.DateField(verbose_name="in force from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="in force until")),
            ],
            options={
                "verbose_name": "item of what makes a hazard major",
                "verbose_name_plural": "items of what makes a hazard major",
                "ordering": ["sector", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("sector", "code", "since"), name="major_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="major_item_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="RiskCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "likelihood",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="likelihood",
                    ),
                ),
                (
                    "consequence",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="consequence",
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        choices=[
                            ("red", "Red: major risk"),
                            ("orange", "Orange: larger risk"),
                            ("yellow", "Yellow: general risk"),
                            ("blue", "Blue: low risk"),
                        ],
                        max_length=6,
                        verbose_name="colour",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "cell of the risk matrix",
                "verbose_name_plural": "risk matrix",
                "ordering": ["-likelihood", "-consequence"],
                "constraints": [
                    models.UniqueConstraint(fields=("likelihood", "consequence"), name="risk_cell_once"),
                    models.CheckConstraint(
                        condition=models.Q(("consequence__range", (1, 5)), ("likelihood__range", (1, 5))),
                        name="risk_cell_within_the_matrix",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpotDraw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seed", models.BigIntegerField()),
                ("key", models.UUIDField(null=True, unique=True)),
                ("drawn_at", models.DateTimeField()),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drawn_post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                ("among", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="GateCode",
            fields=[
                ("code", models.CharField(max_length=16, primary_key=True, serialize=False)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gate_codes", to="grid.site"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("gate", "At the gate: to officials"),
                            ("worker", "Inside: to the enterprise's own people"),
                        ],
                        default="gate",
                        max_length=6,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("site", "kind"),
                        name="gatecode_one_in_use",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HazardPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rectification_order", "Order to rectify within a time limit"),
                            ("site_measures", "Decision on on-the-spot measures"),
                            ("reinspection_opinion", "Re-inspection opinion"),
                            ("listed_supervision", "Notice of listed supervision"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.enterprise"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "document",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.document",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="hazards.hazardpaper",
                        verbose_name="corrects",
                    ),
                ),
                ("issued_at", models.DateTimeField(verbose_name="issued")),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issued_as",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
            ],
            options={
                "verbose_name": "paper about hazards",
                "verbose_name_plural": "papers about hazards",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Hazard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "search",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, editable=False, size=None
                    ),
                ),
                ("search_text", models.TextField(default="", editable=False)),
                (
                    "community",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "cell",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="number")),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="grid.enterprise",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="grid.site",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.matter",
                        verbose_name="matter",
                    ),
                ),
                (
                    "industry",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.industry",
                    ),
                ),
                (
                    "then_district",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "then_township",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "road",
                    models.CharField(
                        choices=[("self", "Found by the enterprise"), ("ordered", "Found by an inspection")],
                        max_length=8,
                        verbose_name="road",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self_inspection", "Self-inspection"),
                            ("worker", "Worker's report"),
                            ("inspection", "Inspection"),
                            ("patrol", "Patrol"),
                            ("public", "Public report"),
                            ("campaign", "Campaign"),
                            ("accident", "Accident"),
                            ("import", "Import"),
                        ],
                        max_length=20,
                        verbose_name="source",
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="what")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("spot", models.CharField(blank=True, max_length=120, verbose_name="where exactly")),
                ("item_code", models.CharField(blank=True, max_length=40)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("facility", "Equipment and facilities"),
                            ("fire", "Fire protection"),
                            ("electrical", "Electricity"),
                            ("gas", "Gas"),
                            ("chemical", "Chemicals"),
                            ("behaviour", "Unsafe acts"),
                            ("management", "Management"),
                            ("environment", "Workplace"),
                        ],
                        max_length=12,
                        verbose_name="category",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[("general", "General hazard"), ("major", "Major hazard")],
                        default="general",
                        max_length=8,
                        verbose_name="grade",
                    ),
                ),
                (
                    "major_item",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hazards.majoritem",
                    ),
                ),
                (
                    "major_basis",
                    models.CharField(blank=True, max_length=640, verbose_name="what makes it major"),
                ),
                ("likelihood", models.PositiveSmallIntegerField(null=True, verbose_name="likelihood")),
                ("consequence", models.PositiveSmallIntegerField(null=True, verbose_name="consequence")),
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
                        max_length=6,
                        verbose_name="risk",
                    ),
                ),
                ("measures", models.TextField(blank=True, verbose_name="measures required")),
                ("fixed_on_the_spot", models.BooleanField(default=False)),
                ("is_shared", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reported", "To be graded"),
                            ("graded", "To be ordered"),
                            ("rectifying", "Rectifying"),
                            ("to_confirm", "To confirm"),
                            ("to_accept", "To accept"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("found_at", models.DateTimeField(verbose_name="found")),
                (
                    "late_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="why it is entered late"),
                ),
                (
                    "found_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "found_post",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ordered_hazards",
                        to="accounts.post",
                    ),
                ),
                (
                    "ordering_unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="grid.unit",
                    ),
                ),
                ("ordered_at", models.DateTimeField(null=True, verbose_name="ordered")),
                (
                    "paper_number",
                    models.CharField(blank=True, max_length=60, verbose_name="number of the paper order"),
                ),
                ("paper_on", models.DateField(null=True, verbose_name="day of the paper order")),
                (
                    "fixed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("due_on", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="due")),
                ("original_due_on", models.DateField(null=True, verbose_name="originally due")),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                ("days_late", models.IntegerField(null=True, verbose_name="days late")),
            ],
            options={
                "verbose_name": "hazard",
                "verbose_name_plural": "hazards",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="hazard_search"),
                    models.Index(fields=["-found_at", "-id"], name="hazard_by_found"),
                    models.Index(fields=["due_on", "id"], name="hazard_by_due"),
                    models.Index(fields=["enterprise", "-found_at", "-id"], name="hazard_enterprise_found"),
                    models.Index(
                        condition=models.Q(("is_shared", True)),
                        fields=["district", "-found_at", "-id"],
                        name="hazard_district_found",
                    ),
                    models.Index(
                        condition=models.Q(("is_shared", True)),
                        fields=["township", "-found_at", "-id"],
                        name="hazard_township_found",
                    ),
                    models.Index(
                        condition=models.Q(("is_shared", True)),
                        fields=["cell", "-found_at", "-id"],
                        name="hazard_cell_found",
                    ),
                    models.Index(
                        condition=models.Q(("is_shared", True)),
                        fields=["matter", "-found_at", "-id"],
                        name="hazard_matter_found",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ("reported", "graded", "rectifying", "to_confirm", "to_accept"))
                        ),
                        fields=["due_on", "id"],
                        name="hazard_open_due",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ("reported", "graded", "rectifying", "to_confirm", "to_accept")),
                            ("is_shared", True),
                        ),
                        fields=["district", "due_on", "id"],
                        name="hazard_district_due",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ("reported", "graded", "rectifying", "to_confirm", "to_accept")),
                            ("is_shared", True),
                        ),
                        fields=["township", "due_on", "id"],
                        name="hazard_township_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "rectifying")),
                        fields=["due_on", "id"],
                        name="hazard_late",
                    ),
                    models.Index(
                        condition=models.Q(("state", "rectifying"), ("is_shared", True)),
                        fields=["district", "due_on", "id"],
                        name="hazard_district_late",
                    ),
                    models.Index(
                        condition=models.Q(("state", "rectifying"), ("is_shared", True)),
                        fields=["township", "due_on", "id"],
                        name="hazard_township_late",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state", "rectifying"), models.Q(("is_shared", True), _negated=True)
                        ),
                        fields=["due_on"],
                        name="hazard_to_share",
                    ),
                    models.Index(fields=["township", "number"], name="hazard_township_number"),
                    models.Index(fields=["cell", "number"], name="hazard_cell_number"),
                    models.Index(fields=["cell", "due_on", "id"], name="hazard_cell_due"),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", False)),
                        fields=["township", "closed_at"],
                        name="hazard_township_closed",
                    ),
                    models.Index(fields=["site", "item_code"], name="hazard_recurring"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="hazard_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), ("closed_at__isnull", False)),
                            models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None)),
                            _connector="OR",
                        ),
                        name="hazard_closed_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "rectifying"), _negated=True),
                            ("due_at__isnull", False),
                            _connector="OR",
                        ),
                        name="hazard_rectifying_has_a_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grade", "major"), _negated=True),
                            models.Q(("major_basis", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hazard_major_has_a_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_shared", True),
                            models.Q(("road", "self"), models.Q(("grade", "major"), _negated=True)),
                            _connector="OR",
                        ),
                        name="hazard_ordered_or_major_is_shared",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_at", None), ("due_on", datetime.date(9999, 12, 31))),
                            ("due_at__isnull", False),
                            _connector="OR",
                        ),
                        name="hazard_due_on_follows_due_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ledger_row",
                        to="hazards.hazard",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.importjob"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=64)),
                ("content", models.CharField(max_length=64)),
                (
                    "legacy_number",
                    models.CharField(blank=True, max_length=60, verbose_name="the office's own number"),
                ),
                ("told", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [models.Index(fields=["content"], name="hazard_ledger_row_content")],
                "constraints": [models.UniqueConstraint(fields=("key",), name="hazard_ledger_row_once")],
            },
        ),
        migrations.CreateModel(
            name="MajorReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="major_report",
                        to="hazards.hazard",
                    ),
                ),
                ("regulator_on", models.DateField(verbose_name="reported to the regulator on")),
                ("workers_on", models.DateField(verbose_name="reported to the workers' congress on")),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PaperHazard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="hazards.hazardpaper",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="hazards.hazard",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rectification_order", "Order to rectify within a time limit"),
                            ("site_measures", "Decision on on-the-spot measures"),
                            ("reinspection_opinion", "Re-inspection opinion"),
                            ("listed_supervision", "Notice of listed supervision"),
                        ],
                        max_length=24,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("text", models.TextField(blank=True)),
                ("is_replaced", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("paper", "hazard"), name="paperhazard_once"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("is_replaced", False),
                            ("kind__in", ("rectification_order", "reinspection_opinion")),
                        ),
                        fields=("hazard", "kind", "round"),
                        name="paperhazard_one_that_holds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RectificationPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="plan", to="hazards.hazard"
                    ),
                ),
                ("responsible", models.CharField(max_length=60, verbose_name="responsible person")),
                ("measures", models.TextField(verbose_name="measures")),
                ("funds", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="funds, yuan")),
                ("due_on", models.DateField(verbose_name="to be done by")),
                ("contingency", models.TextField(verbose_name="contingency plan")),
                ("submitted_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("funds__gte", 0)), name="hazard_plan_funds_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "search",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, editable=False, size=None
                    ),
                ),
                ("search_text", models.TextField(default="", editable=False)),
                (
                    "district",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "cell",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="number")),
                ("tracking", models.CharField(max_length=12)),
                ("key", models.UUIDField()),
                (
                    "via",
                    models.CharField(
                        choices=[("web", "Public form"), ("gate", "QR at a gate"), ("phone", "Telephone")],
                        max_length=8,
                        verbose_name="came in by",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.site",
                        verbose_name="site",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.matter",
                        verbose_name="matter",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="what")),
                ("what", models.TextField(verbose_name="what was reported")),
                ("where", models.CharField(blank=True, max_length=200, verbose_name="where")),
                ("longitude", models.FloatField(null=True)),
                ("latitude", models.FloatField(null=True)),
                (
                    "contact",
                    models.CharField(
                        choices=[("none", "Not given"), ("given", "Given, sealed"), ("erased", "Erased")],
                        default="none",
                        max_length=6,
                        verbose_name="contact",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("accepted", "To be verified"),
                            ("verified", "Verified, to be answered"),
                            ("answered", "Answered"),
                            ("rejected", "Not followed up"),
                        ],
                        default="received",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="whose it is",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
                ("due_on", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="due on")),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("raised", "A hazard was registered"),
                            ("joined", "Known already as a hazard"),
                            ("unfounded", "Nothing of it was found"),
                        ],
                        max_length=9,
                        verbose_name="verification",
                    ),
                ),
                ("verified_at", models.DateTimeField(null=True, verbose_name="verified")),
                (
                    "hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="hazards.hazard",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note of the verification")),
                ("feedback", models.TextField(blank=True, verbose_name="answer")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "public report",
                "verbose_name_plural": "public reports",
                "indexes": [
                    models.Index(fields=["-received_at", "-id"], name="report_by_day"),
                    models.Index(fields=["due_on", "id"], name="report_by_due_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="report_number_once"),
                    models.UniqueConstraint(fields=("tracking",), name="report_tracking_once"),
                    models.UniqueConstraint(fields=("key",), name="report_form_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(
                                ("latitude__gte", -90),
                                ("latitude__lte", 90),
                                ("longitude__gte", -180),
                                ("longitude__lte", 180),
                            ),
                            _connector="OR",
                        ),
                        name="report_position_is_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state__in", ["answered", "rejected"]),
                                models.Q(("feedback", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state__in", ["answered", "rejected"]), _negated=True),
                                ("closed_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="report_closed_with_an_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["verified", "answered"]), _negated=True),
                            models.Q(
                                models.Q(("finding", ""), _negated=True), ("verified_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="report_verified_with_a_finding",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finding__in", ["raised", "joined"]), ("hazard__isnull", False)),
                            models.Q(
                                models.Q(("finding__in", ["raised", "joined"]), _negated=True),
                                ("hazard", None),
                            ),
                            _connector="OR",
                        ),
                        name="report_hazard_was_found",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteMeasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="site_measures",
                        to="hazards.hazard",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("stop", "Stop work at once"),
                            ("clear", "Clear people from the danger"),
                            ("seal", "Seal or take out of use"),
                            ("suspend", "Suspension of work"),
                        ],
                        max_length=8,
                        verbose_name="measure",
                    ),
                ),
                ("extent", models.CharField(max_length=200, verbose_name="what it covers")),
                ("taken_at", models.DateTimeField(verbose_name="from")),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                ("asked_at", models.DateTimeField(null=True, verbose_name="resumption asked")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted")),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("hazard", "kind"),
                        name="site_measure_one_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at", None), ("lifted_by", None), ("lifted_post", None)),
                            models.Q(
                                ("lifted_at__gte", models.F("taken_at")),
                                ("lifted_by__isnull", False),
                                ("lifted_post__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="site_measure_lifted_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_at", None), ("kind", "suspend"), _connector="OR"),
                        name="site_measure_only_work_resumes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpotCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="hazards.spotdraw",
                    ),
                ),
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spot_check",
                        to="hazards.hazard",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                ("checked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="hazards.hazard"
                    ),
                ),
                ("action", models.CharField(max_length=20)),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reported", "To be graded"),
                            ("graded", "To be ordered"),
                            ("rectifying", "Rectifying"),
                            ("to_confirm", "To confirm"),
                            ("to_accept", "To accept"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("reported", "To be graded"),
                            ("graded", "To be ordered"),
                            ("rectifying", "Rectifying"),
                            ("to_confirm", "To confirm"),
                            ("to_accept", "To accept"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "acting_post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("due_on", models.DateField(null=True)),
                ("round", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "action__in",
                                    [
                                        "cancel",
                                        "reopen",
                                        "send_back",
                                        "deny_extension",
                                        "suspend",
                                        "refuse_resume",
                                    ],
                                ),
                                _negated=True,
                            ),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hazard_step_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkerReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="number")),
                ("tracking", models.CharField(max_length=12)),
                ("key", models.UUIDField()),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.enterprise"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.site",
                        verbose_name="site",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="what")),
                ("what", models.TextField(verbose_name="what was reported")),
                ("where", models.CharField(blank=True, max_length=200, verbose_name="where")),
                ("name", models.TextField(blank=True)),
                ("received_at", models.DateTimeField(verbose_name="received")),
                (
                    "state",
                    models.CharField(
                        choices=[("received", "Received"), ("answered", "Answered")],
                        default="received",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("due_on", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="due on")),
                (
                    "hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hazards.hazard",
                    ),
                ),
                ("feedback", models.TextField(blank=True, verbose_name="answer")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "worker's report",
                "verbose_name_plural": "workers' reports",
                "indexes": [
                    models.Index(fields=["enterprise", "-received_at", "-id"], name="workerreport_by_day")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="workerreport_number_once"),
                    models.UniqueConstraint(fields=("tracking",), name="workerreport_tracking_once"),
                    models.UniqueConstraint(fields=("key",), name="workerreport_form_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "received")),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "answered"),
                                models.Q(("feedback", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="workerreport_closed_with_an_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="hazards.hazard",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("granted", "Granted"),
                            ("denied", "Not granted"),
                            ("dropped", "No longer needed"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("from_due_on", models.DateField()),
                ("to_due_on", models.DateField()),
                ("reason", models.TextField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("hazard",),
                        name="hazard_one_extension_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_due_on__gt", models.F("from_due_on"))),
                        name="hazard_extension_is_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reporter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reporter",
                        to="hazards.report",
                    ),
                ),
                ("name", models.TextField(blank=True)),
                ("phone", models.TextField(blank=True)),
                ("given_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), ("phone", ""), _negated=True),
                        name="reporter_gave_something",
                    )
                ],
            },
        ),
    ]
