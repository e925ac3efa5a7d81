import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    # Of a portal that was set up before these were put together.
    replaces = [
        ("inspections", "0001_initial"),
    ]

    dependencies = [
        ("accounts", "0002_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("grid", "0001_tables"),
        ("hazards", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checklist",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("version", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "verbose_name": "checklist",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("token", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("inspection", "Inspection"), ("patrol", "Patrol")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="grid.site"
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="grid.enterprise",
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
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="grid.unit",
                    ),
                ),
                ("visited_at", models.DateTimeField(verbose_name="visited")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="remarks")),
                (
                    "refused_to_sign",
                    models.BooleanField(default=False, verbose_name="the site refused to sign"),
                ),
                ("item_count", models.PositiveSmallIntegerField(default=0, verbose_name="items")),
                ("found_count", models.PositiveSmallIntegerField(default=0, verbose_name="found")),
            ],
            options={
                "verbose_name": "visit",
                "verbose_name_plural": "visits",
                "indexes": [
                    models.Index(fields=["-visited_at", "-id"], name="inspections_visit_when"),
                    models.Index(fields=["enterprise", "-visited_at", "-id"], name="inspections_visit_of"),
                    models.Index(fields=["district", "-visited_at", "-id"], name="inspections_visit_in"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("visited_at__lte", models.F("recorded_at"))),
                        name="inspections_visit_not_ahead",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="inspections.checklist",
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("order", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=160)),
                ("text_en", models.CharField(max_length=200)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("why_en", models.CharField(blank=True, max_length=300)),
                ("basis", models.CharField(max_length=120, verbose_name="basis")),
                ("basis_en", models.CharField(blank=True, max_length=120)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.matter"
                    ),
                ),
                (
                    "features",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
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
                    ),
                ),
            ],
            options={
                "ordering": ["checklist", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("checklist", "order"), name="inspections_item_order_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfInspection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_inspections",
                        to="grid.site",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_inspections",
                        to="grid.enterprise",
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.checklist",
                    ),
                ),
                ("period", models.CharField(max_length=10, verbose_name="period")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "To be filled in"),
                            ("draft", "Draft"),
                            ("filed", "Filed"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="due",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("saved_at", models.DateTimeField(null=True, verbose_name="saved")),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("filed_at", models.DateTimeField(null=True, verbose_name="filed")),
                (
                    "filed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "filed_post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
                ("receipt", models.CharField(blank=True, max_length=20, verbose_name="receipt")),
                ("answer_count", models.PositiveSmallIntegerField(default=0, verbose_name="answers")),
                ("photo_count", models.PositiveSmallIntegerField(default=0, verbose_name="photos")),
                ("found_count", models.PositiveSmallIntegerField(default=0, verbose_name="found")),
            ],
            options={
                "verbose_name": "self-inspection",
                "verbose_name_plural": "self-inspections",
                "indexes": [
                    models.Index(fields=["enterprise", "-due_at", "-id"], name="inspections_self_of"),
                    models.Index(fields=["district", "-due_at", "-id"], name="inspections_self_in"),
                    models.Index(fields=["-due_at", "-id"], name="inspections_self_by_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "checklist", "period"), name="inspections_self_once_a_period"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("receipt", ""), _negated=True),
                        fields=("receipt",),
                        name="inspections_receipt_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("filed_at__isnull", False), ("state", "filed")),
                            models.Q(models.Q(("state", "filed"), _negated=True), ("filed_at", None)),
                            _connector="OR",
                        ),
                        name="inspections_filed_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitOfficer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="officers",
                        to="inspections.visit",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                ("certificate", models.CharField(blank=True, max_length=40, verbose_name="certificate")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "user"), name="inspections_officer_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="inspections.selfinspection",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.checklistitem",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("ok", "OK"), ("not_ok", "Not OK"), ("na", "n/a")], max_length=6
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what is wrong")),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[("spot", "Fixed on the spot"), ("plan", "Fixed by a date of our own")],
                        max_length=4,
                    ),
                ),
                ("plan", models.CharField(blank=True, max_length=300, verbose_name="what we will do")),
                ("plan_due_on", models.DateField(blank=True, null=True, verbose_name="by")),
                (
                    "hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="hazards.hazard",
                    ),
                ),
            ],
            options={
                "ordering": ["item__order"],
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "item"), name="inspections_answer_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="inspections.visit",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.checklistitem",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("ok", "OK"), ("not_ok", "Not OK"), ("na", "n/a")], max_length=6
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what was found")),
                (
                    "hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visit_items",
                        to="hazards.hazard",
                    ),
                ),
            ],
            options={
                "ordering": ["item__order"],
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "item"), name="inspections_visititem_once")
                ],
            },
        ),
    ]
