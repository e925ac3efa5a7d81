import datetime
import uuid
from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import safegrid.kernel.dbfuncs


class Migration(migrations.Migration):
    initial = True

    # Of a portal that was set up before these were put together.
    replaces = [
        ("responsibility", "0001_initial"),
        ("responsibility", "0002_obligation_industry"),
        ("responsibility", "0003_more_orders"),
        ("responsibility", "0004_coverage_and_handover"),
        ("responsibility", "0006_fewer_indexes"),
        ("responsibility", "0009_own_line"),
        ("responsibility", "0011_leaders"),
        ("responsibility", "0012_rhythms"),
        ("responsibility", "0013_document_codes"),
        ("responsibility", "0014_shared"),
    ]

    dependencies = [
        ("accounts", "0002_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contenttypes", "0002_remove_content_type_name"),
        ("grid", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentKind",
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
                ("word", models.CharField(max_length=20, verbose_name="word in the number")),
                ("template", models.FileField(blank=True, upload_to="templates/", verbose_name="template")),
                ("remedy", models.TextField(blank=True, max_length=500, verbose_name="how to object")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "kind of document",
                "verbose_name_plural": "kinds of document",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LadderRung",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                ("number", models.PositiveSmallIntegerField(unique=True, verbose_name="rung")),
                ("days", models.SmallIntegerField(unique=True, verbose_name="days over")),
                (
                    "recipients",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("debtor", "Who owes it"),
                                ("creditor", "Who ordered it"),
                                ("unit_head", "Head of the supervising unit"),
                                ("office", "Safety committee office"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="who is told",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "rung of the ladder",
                "verbose_name_plural": "rungs of the ladder",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="RiskBand",
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
                        choices=[
                            ("red", "Red: major risk"),
                            ("orange", "Orange: larger risk"),
                            ("yellow", "Yellow: general risk"),
                            ("blue", "Blue: low risk"),
                        ],
                        max_length=6,
                        unique=True,
                        verbose_name="colour",
                    ),
                ),
                (
                    "at_least",
                    models.DecimalField(
                        decimal_places=2, max_digits=7, unique=True, verbose_name="from a score of"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("since", models.DateField(verbose_name="in force from")),
            ],
            options={
                "verbose_name": "band of risk points",
                "verbose_name_plural": "bands of risk points",
                "ordering": ["-at_least"],
            },
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tolerance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("metres", models.DecimalField(decimal_places=1, max_digits=7, verbose_name="metres")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "tolerance of outlines",
                "verbose_name_plural": "tolerances of outlines",
            },
        ),
        migrations.CreateModel(
            name="CredentialPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("principal", "Principal's safety qualification"),
                            ("safety_manager", "Safety manager's qualification"),
                            ("special_operation", "Special-operations certificate"),
                            ("standardization", "Standardization"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "valid_years",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="valid for years",
                    ),
                ),
                (
                    "reexamine_years",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="re-examined every (years)",
                    ),
                ),
                ("lead_days", models.PositiveSmallIntegerField(verbose_name="asked for so many days before")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("since", models.DateField(verbose_name="in force from")),
            ],
            options={
                "verbose_name": "rule for certificates",
                "verbose_name_plural": "rules for certificates",
                "ordering": ["kind", "since"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "since"), name="credential_policy_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadlinePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("days", models.PositiveSmallIntegerField(verbose_name="days")),
                (
                    "unit",
                    models.CharField(
                        choices=[("calendar", "calendar days"), ("working", "working days")],
                        max_length=8,
                        verbose_name="counted in",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("span", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="in force")),
            ],
            options={
                "verbose_name": "deadline",
                "verbose_name_plural": "deadlines",
                "ordering": ["code"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.Func("code", function="hashtext"),
                                    models.Func("code", function="hashtext"),
                                    models.Value("[]"),
                                    function="int4range",
                                ),
                                "&&",
                            ),
                            ("span", "&&"),
                        ],
                        name="calendar_deadline_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="grid.site",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="grid.enterprise",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="accounts.post",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("monthly", "Monthly"),
                            ("quarterly", "Quarterly"),
                            ("half_year", "Half-yearly"),
                            ("yearly", "Yearly"),
                        ],
                        max_length=10,
                        verbose_name="rhythm",
                    ),
                ),
                ("params", models.JSONField(default=dict)),
                ("next_opens_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "duty",
                "verbose_name_plural": "duties",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_opens_at__isnull", False)),
                        fields=["next_opens_at"],
                        name="duty_to_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "site", "enterprise", "post"), name="duty_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("enterprise__isnull", False), ("post__isnull", True)),
                            models.Q(("enterprise__isnull", True), ("post__isnull", False)),
                            _connector="OR",
                        ),
                        name="duty_of_a_post_or_an_enterprise",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
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
                ("rule", models.CharField(max_length=40, verbose_name="what")),
                ("key", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("gap", "Gap"), ("overlap", "Overlap")], max_length=10, verbose_name="kind"
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("high", "Serious"), ("medium", "Medium"), ("low", "Slight")],
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be resolved"),
                            ("dismissed", "Dismissed"),
                            ("mended", "Mended"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "line",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("territorial", "Territorial line"),
                            ("industry", "Industry line"),
                            ("comprehensive", "Comprehensive line"),
                            ("enterprise", "Enterprise line"),
                        ],
                        max_length=14,
                        verbose_name="line",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lead", "Lead"),
                            ("supervisor", "Supervisor"),
                            ("direct", "Directly responsible"),
                        ],
                        max_length=10,
                        verbose_name="tier",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.matter",
                        verbose_name="matter",
                    ),
                ),
                (
                    "industry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.industry",
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
                (
                    "whose",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
                ("sites", models.PositiveIntegerField(default=0, verbose_name="sites")),
                ("found_at", models.DateTimeField(verbose_name="found")),
                ("mended_at", models.DateTimeField(null=True, verbose_name="mended")),
                ("dismissed_at", models.DateTimeField(null=True, verbose_name="dismissed")),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "indexes": [
                    models.Index(fields=["found_at", "id"], name="finding_by_day"),
                    models.Index(fields=["sites", "id"], name="finding_by_size"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "mended"), _negated=True),
                        fields=("rule", "key"),
                        name="finding_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mended_at__isnull", False), ("state", "mended")),
                            models.Q(
                                models.Q(("state", "mended"), _negated=True), ("mended_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="finding_mended_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dismissed"), _negated=True),
                            models.Q(
                                ("dismissed_at__isnull", False), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="finding_dismissed_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="accounts.post",
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
                (
                    "giver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "obligations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "assignments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("unread", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "handover",
                "verbose_name_plural": "handovers",
                "constraints": [
                    models.UniqueConstraint(fields=("post", "on"), name="handover_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("giver__isnull", False), ("receiver__isnull", False), _connector="OR"
                        ),
                        name="handover_of_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HighRiskMatter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.matter",
                        verbose_name="matter",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("since", models.DateField(verbose_name="in force from")),
            ],
            options={
                "verbose_name": "high-risk matter",
                "verbose_name_plural": "high-risk matters",
            },
        ),
        migrations.CreateModel(
            name="Instruction",
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
                ("number", models.CharField(max_length=80, unique=True, verbose_name="number")),
                ("token", models.UUIDField(unique=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("note", "Leader's note"), ("document", "Superior's document")],
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                (
                    "source_title",
                    models.CharField(blank=True, max_length=200, verbose_name="title of the document"),
                ),
                (
                    "source_number",
                    models.CharField(blank=True, max_length=80, verbose_name="number of the document"),
                ),
                ("title", models.CharField(max_length=160, verbose_name="what")),
                ("text", models.TextField(verbose_name="what is asked for")),
                (
                    "giver_post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                        verbose_name="given by",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="given")),
                (
                    "lead_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="leading unit",
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                ("subject_id", models.BigIntegerField(null=True)),
                ("about_name", models.CharField(blank=True, max_length=200)),
                ("about_name_en", models.CharField(blank=True, max_length=200)),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.site",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.matter",
                        verbose_name="matter",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Under way"), ("closed", "Closed"), ("withdrawn", "Withdrawn")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("asked", models.PositiveSmallIntegerField(default=0)),
                ("answered", models.PositiveSmallIntegerField(default=0)),
                ("to_accept", models.PositiveSmallIntegerField(default=0)),
                (
                    "awaited_on",
                    models.DateField(default=datetime.date(9999, 12, 31), verbose_name="reply by"),
                ),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "instruction",
                "verbose_name_plural": "instructions",
                "indexes": [
                    models.Index(fields=["given_at", "id"], name="instruction_by_day"),
                    models.Index(fields=["awaited_on", "id"], name="instruction_by_deadline"),
                    models.Index(fields=["subject_type", "subject_id"], name="instruction_about"),
                    models.Index(fields=["giver_post"], name="instruction_of_giver"),
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="instruction_search"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="instruction_ends_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("summary", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="instruction_closed_with_a_summary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", "document"), _negated=True),
                            models.Q(("source_title", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="instruction_document_has_a_title",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("subject_id", None), ("subject_type", None)),
                            models.Q(("subject_id__isnull", False), ("subject_type__isnull", False)),
                            _connector="OR",
                        ),
                        name="instruction_about_a_row_or_none",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Leader",
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
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leader", to="accounts.post"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leaders", to="grid.unit"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("secretary", "Head of a party body"),
                            ("government", "Head of a government"),
                            ("township", "Head of a township or street"),
                            ("unit", "Head of a member unit"),
                            ("office", "Head of the safety committee office"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                ("sequence", models.CharField(max_length=120)),
            ],
            options={
                "verbose_name": "leading post",
                "verbose_name_plural": "leading posts",
                "indexes": [models.Index(fields=["sequence", "id"], name="leader_in_order")],
            },
        ),
        migrations.CreateModel(
            name="LeaderDutyPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("secretary", "Head of a party body"),
                            ("government", "Head of a government"),
                            ("township", "Head of a township or street"),
                            ("unit", "Head of a member unit"),
                            ("office", "Head of the safety committee office"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("check", "Lead a check"),
                            ("meeting", "Hold a meeting"),
                            ("contact", "Visit an enterprise under one's wing"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="how many")),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("monthly", "Monthly"),
                            ("quarterly", "Quarterly"),
                            ("half_year", "Half-yearly"),
                            ("yearly", "Yearly"),
                        ],
                        max_length=10,
                        verbose_name="in each",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("span", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="in force")),
            ],
            options={
                "verbose_name": "duty of leading posts",
                "verbose_name_plural": "duties of leading posts",
                "ordering": ["role", "kind", "pk"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.Func("role", function="hashtext"),
                                    models.Func("role", function="hashtext"),
                                    models.Value("[]"),
                                    function="int4range",
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.Func("kind", function="hashtext"),
                                    models.Func("kind", function="hashtext"),
                                    models.Value("[]"),
                                    function="int4range",
                                ),
                                "&&",
                            ),
                            ("span", "&&"),
                        ],
                        name="leaderpolicy_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="document number")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="grid.unit"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="accounts.post",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sent_at", models.DateTimeField(verbose_name="sent on")),
                ("due_at", models.DateTimeField(verbose_name="to be confirmed by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("complete", "Confirmed by all"),
                            ("closed", "Closed before all confirmed"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("asked", models.PositiveIntegerField(default=0, verbose_name="units")),
                ("confirmed", models.PositiveIntegerField(default=0, verbose_name="confirmed")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
            ],
            options={
                "verbose_name": "notice to units",
                "verbose_name_plural": "notices to units",
                "indexes": [
                    models.Index(fields=["sent_at", "id"], name="guidance_by_day"),
                    models.Index(fields=["due_at", "id"], name="guidance_by_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "running")),
                            models.Q(
                                models.Q(("state", "running"), _negated=True), ("closed_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="guidance_closed_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="guidance_closed_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                        related_name="risk_rounds",
                        to="grid.site",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("monthly", "Monthly"),
                            ("quarterly", "Quarterly"),
                            ("half_year", "Half-yearly"),
                        ],
                        max_length=10,
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("lapsed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "round of checks",
                "verbose_name_plural": "rounds of checks",
                "indexes": [models.Index(fields=["site", "-first_day", "-id"], name="risk_round_at_site")],
                "constraints": [
                    models.UniqueConstraint(fields=("site", "rhythm", "first_day"), name="risk_round_once"),
                    models.CheckConstraint(
                        condition=models.Q(("done_at", None), ("lapsed_at", None), _connector="OR"),
                        name="risk_round_ends_one_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoreBand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("excellent", "Excellent"),
                            ("good", "Good"),
                            ("pass", "Pass"),
                            ("fail", "Fail"),
                        ],
                        max_length=10,
                        verbose_name="band",
                    ),
                ),
                (
                    "at_least",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="from, points"),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("span", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="in force")),
            ],
            options={
                "verbose_name": "band of scores",
                "verbose_name_plural": "bands of scores",
                "ordering": ["-at_least"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.Func("code", function="hashtext"),
                                    models.Func("code", function="hashtext"),
                                    models.Value("[]"),
                                    function="int4range",
                                ),
                                "&&",
                            ),
                            ("span", "&&"),
                        ],
                        name="scoreband_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("at_least__range", (0, 100))), name="scoreband_in_range"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="grid.enterprise",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("principal", "Principal"),
                            ("safety_manager", "Safety manager"),
                            ("special_operations", "Special-operations worker"),
                            ("worker", "Worker"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("joined_on", models.DateField(verbose_name="joined on")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "member of the staff",
                "verbose_name_plural": "staff",
                "indexes": [models.Index(fields=["enterprise", "name", "id"], name="staff_of_enterprise")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on", None), ("left_on__gte", models.F("joined_on")), _connector="OR"
                        ),
                        name="staff_joined_before_leaving",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("left_on", None)),
                        fields=("enterprise", "user"),
                        name="staff_account_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("district", "District government"),
                            ("member", "Member unit"),
                            ("township", "Township or street"),
                            ("enterprise", "Enterprise"),
                        ],
                        max_length=12,
                        verbose_name="who promises",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("text", models.TextField(verbose_name="text")),
                ("is_default", models.BooleanField(default=False, verbose_name="as delivered")),
                ("used_at", models.DateTimeField(null=True, verbose_name="in use since")),
                ("created_at", models.DateTimeField(verbose_name="made")),
            ],
            options={
                "verbose_name": "template of statements",
                "verbose_name_plural": "templates of statements",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "level", "version"), name="statementtemplate_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__range", (2010, 2100))), name="statementtemplate_of_a_year"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("operating", "Operating"),
                            ("suspended", "Suspended"),
                            ("seasonal", "Seasonal"),
                            ("closed", "Closed down"),
                        ],
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=40, verbose_name="kind")),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("stays", "stays as it is, with its deadline"),
                            ("rests", "rests, and begins anew when work does"),
                            ("ends", "ends; its rhythm opens nothing more"),
                        ],
                        max_length=10,
                        verbose_name="what becomes of it",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "rule of a status",
                "verbose_name_plural": "rules of a status",
                "ordering": ["status", "-kind"],
                "constraints": [models.UniqueConstraint(fields=("status", "kind"), name="statusrule_once")],
            },
        ),
        migrations.CreateModel(
            name="Touch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "district",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grid.site",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grid.matter",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("district__isnull", False), ("site__isnull", True)),
                            models.Q(("district__isnull", True), ("site__isnull", False)),
                            _connector="OR",
                        ),
                        name="touch_a_place_or_a_site",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trainings",
                        to="grid.enterprise",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="on")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("induction", "Three-level induction"),
                            ("annual", "Annual refresher"),
                            ("special", "Special topic"),
                            ("drill", "Emergency drill"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("topic", models.CharField(max_length=120, verbose_name="topic")),
                ("trainer", models.CharField(blank=True, max_length=60, verbose_name="trainer")),
                ("hours", models.DecimalField(decimal_places=1, max_digits=3, verbose_name="hours")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "recorded_post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "training",
                "verbose_name_plural": "trainings",
                "indexes": [
                    models.Index(fields=["enterprise", "-held_on", "-id"], name="training_of_enterprise")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hours__gt", Decimal("0")), ("hours__lte", 24)),
                        name="training_fits_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("principal", "Principal"),
                            ("safety_manager", "Safety manager"),
                            ("special_operations", "Special-operations worker"),
                            ("worker", "Worker"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("is_high_risk", models.BooleanField(default=False, verbose_name="in a high-risk industry")),
                ("first_hours", models.PositiveSmallIntegerField(verbose_name="hours at first")),
                ("yearly_hours", models.PositiveSmallIntegerField(verbose_name="hours a year")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("since", models.DateField(verbose_name="in force from")),
            ],
            options={
                "verbose_name": "hours of training",
                "verbose_name_plural": "hours of training",
                "ordering": ["role", "is_high_risk", "since"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("role", "is_high_risk", "since"), name="training_policy_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_years",
                        to="grid.enterprise",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
            ],
            options={
                "verbose_name": "year of training",
                "verbose_name_plural": "years of training",
                "constraints": [
                    models.UniqueConstraint(fields=("enterprise", "year"), name="training_year_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
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
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                (
                    "subject_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=240)),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.site",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.matter",
                        verbose_name="matter",
                    ),
                ),
                (
                    "line",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("territorial", "Territorial line"),
                            ("industry", "Industry line"),
                            ("comprehensive", "Comprehensive line"),
                            ("enterprise", "Enterprise line"),
                        ],
                        max_length=14,
                        verbose_name="line",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lead", "Lead"),
                            ("supervisor", "Supervisor"),
                            ("direct", "Directly responsible"),
                        ],
                        max_length=10,
                        verbose_name="tier",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "To be accepted"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "sender_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
                    ),
                ),
                (
                    "sender_post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                (
                    "receiver_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
                    ),
                ),
                (
                    "receiver_post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "transfer",
                "verbose_name_plural": "transfers",
                "indexes": [
                    models.Index(fields=["opened_at", "id"], name="transfer_by_day"),
                    models.Index(fields=["due_on", "id"], name="transfer_by_due_day"),
                    models.Index(fields=["subject_type", "subject_id"], name="transfer_of"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("subject_type", "subject_id", "matter", "line", "tier"),
                        name="transfer_open_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sender_unit", models.F("receiver_unit")), _negated=True),
                        name="transfer_not_to_oneself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "proposed")),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True), ("closed_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="transfer_closed_at_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be answered"),
                            ("answered", "Answered"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("due_on", models.DateField(verbose_name="reply by")),
                ("original_due_on", models.DateField(verbose_name="originally due on")),
                ("progress", models.TextField(blank=True, verbose_name="progress")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("token", models.UUIDField(unique=True)),
                (
                    "rung",
                    models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("urging", "Urging letter"),
                            ("talk", "Talk"),
                            ("circular", "Circular"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.CharField(max_length=80, unique=True, verbose_name="number")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "skip_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="why rungs are skipped"),
                ),
                (
                    "sender_post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
            ],
            options={
                "verbose_name": "letter to a unit",
                "verbose_name_plural": "letters to units",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["unit", "state"], name="unitletter_of_unit"),
                    models.Index(fields=["sender_post"], name="unitletter_of_sender"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "withdrawn"]),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="unitletter_answered_at_a_moment",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkingDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="day")),
                ("works", models.BooleanField(verbose_name="working day")),
                ("ordinal", models.IntegerField(editable=False)),
                ("published", models.BooleanField(default=False, verbose_name="published")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
            ],
            options={
                "verbose_name": "calendar day",
                "verbose_name_plural": "calendar days",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("works", True)), fields=("ordinal",), name="calendar_ordinal_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="accounts.post",
                    ),
                ),
                (
                    "line",
                    models.CharField(
                        choices=[
                            ("territorial", "Territorial line"),
                            ("industry", "Industry line"),
                            ("comprehensive", "Comprehensive line"),
                            ("enterprise", "Enterprise line"),
                        ],
                        max_length=14,
                        verbose_name="line",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("supervisor", "Supervisor"),
                            ("direct", "Directly responsible"),
                        ],
                        max_length=10,
                        verbose_name="tier",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="grid.matter",
                        verbose_name="matter",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="grid.district",
                        verbose_name="district",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="grid.site",
                        verbose_name="site",
                    ),
                ),
                ("span", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="in force")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="legal basis")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="document")),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "indexes": [models.Index(fields=["matter", "district"], name="assignment_by_matter")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("district__isnull", False), ("site__isnull", True)),
                            models.Q(("district__isnull", True), ("site__isnull", False)),
                            _connector="OR",
                        ),
                        name="assignment_over_a_place_or_a_site",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("tier", "lead")),
                        expressions=[
                            (
                                models.Func(
                                    models.Func("line", function="hashtext"),
                                    models.Func("line", function="hashtext"),
                                    models.Value("[]"),
                                    function="int4range",
                                ),
                                "&&",
                            ),
                            (safegrid.kernel.dbfuncs.Int8Point("matter"), "&&"),
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Coalesce(
                                        "district", models.Value(0, output_field=models.BigIntegerField())
                                    ),
                                    django.db.models.functions.comparison.Coalesce(
                                        "district", models.Value(0, output_field=models.BigIntegerField())
                                    ),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Coalesce(
                                        "site", models.Value(0, output_field=models.BigIntegerField())
                                    ),
                                    django.db.models.functions.comparison.Coalesce(
                                        "site", models.Value(0, output_field=models.BigIntegerField())
                                    ),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            ("span", "&&"),
                        ],
                        name="assignment_one_lead_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CellFault",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("hole", "Hole"), ("overlap", "Overlap")], max_length=10)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="grid.district"
                    ),
                ),
                (
                    "cell",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                ("geometry", models.JSONField()),
                ("square_metres", models.PositiveBigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "place", "cell", "other"), name="cellfault_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CoverageDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="grid.district"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grid.matter",
                    ),
                ),
                ("sites", models.PositiveIntegerField()),
                ("answered", models.PositiveIntegerField()),
                ("repeated", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "district", "matter"), name="coverageday_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CoveragePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.CharField(
                        choices=[
                            ("territorial", "Territorial line"),
                            ("industry", "Industry line"),
                            ("comprehensive", "Comprehensive line"),
                            ("enterprise", "Enterprise line"),
                        ],
                        max_length=14,
                        verbose_name="line",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("supervisor", "Supervisor"),
                            ("direct", "Directly responsible"),
                        ],
                        max_length=10,
                        verbose_name="tier",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.matter",
                        verbose_name="matter",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "coverage policy",
                "verbose_name_plural": "coverage policies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("line", "tier", "matter"), name="coverage_policy_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="responsibility.statementtemplate",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("promise", models.CharField(max_length=300, verbose_name="what is promised")),
                (
                    "promise_en",
                    models.CharField(blank=True, max_length=300, verbose_name="what is promised, in English"),
                ),
                (
                    "scoring",
                    models.CharField(
                        choices=[
                            ("indicator", "From live figures"),
                            ("reviewed", "By a reviewer, with evidence"),
                            ("veto", "Veto, apart from points"),
                        ],
                        max_length=10,
                        verbose_name="scored",
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(default=0, verbose_name="points")),
                ("indicator", models.CharField(blank=True, max_length=40, verbose_name="indicator")),
                (
                    "target",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="target"
                    ),
                ),
                (
                    "step",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="for each"
                    ),
                ),
                (
                    "per_step",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="points off"
                    ),
                ),
            ],
            options={
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "order"), name="statementitem_in_order"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("points", 0), ("scoring", "veto")),
                            models.Q(
                                models.Q(("scoring", "veto"), _negated=True), ("points__range", (1, 100))
                            ),
                            _connector="OR",
                        ),
                        name="statementitem_veto_has_no_points",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("per_step__gt", 0),
                                ("scoring", "indicator"),
                                ("step__gt", 0),
                                ("target__isnull", False),
                                models.Q(("indicator", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("scoring", "indicator"), _negated=True),
                                ("indicator", ""),
                                ("per_step__isnull", True),
                                ("step__isnull", True),
                                ("target__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="statementitem_figure_has_a_rule",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FindingSite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touched",
                        to="responsibility.finding",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="grid.site"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.matter",
                    ),
                ),
                (
                    "line",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("territorial", "Territorial line"),
                            ("industry", "Industry line"),
                            ("comprehensive", "Comprehensive line"),
                            ("enterprise", "Enterprise line"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lead", "Lead"),
                            ("supervisor", "Supervisor"),
                            ("direct", "Directly responsible"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("finding", "site", "matter", "line", "tier"),
                        name="findingsite_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InstructionTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be answered"),
                            ("answered", "Answered"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("due_on", models.DateField(verbose_name="reply by")),
                ("original_due_on", models.DateField(verbose_name="originally due on")),
                ("progress", models.TextField(blank=True, verbose_name="progress")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                (
                    "instruction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="responsibility.instruction",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "Leads"), ("assist", "Assists")], max_length=6, verbose_name="role"
                    ),
                ),
            ],
            options={
                "verbose_name": "part in an instruction",
                "verbose_name_plural": "parts in instructions",
                "ordering": ["-role", "pk"],
                "indexes": [
                    models.Index(fields=["unit"], name="instructiontask_of_unit"),
                    models.Index(fields=["post"], name="instructiontask_of_post"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("instruction", "unit"), name="instructiontask_unit_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "lead")),
                        fields=("instruction",),
                        name="instructiontask_one_lead",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "withdrawn"]),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="instructiontask_answered_at_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaderDeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deeds",
                        to="responsibility.leader",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("check", "Lead a check"),
                            ("meeting", "Hold a meeting"),
                            ("contact", "Visit an enterprise under one's wing"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("what", models.CharField(blank=True, max_length=300, verbose_name="in a few words")),
                ("where", models.CharField(blank=True, max_length=120, verbose_name="where")),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.site",
                    ),
                ),
                ("found", models.PositiveSmallIntegerField(default=0, verbose_name="hazards found")),
                ("fixed", models.PositiveSmallIntegerField(default=0, verbose_name="of them fixed")),
                ("evidence", models.CharField(blank=True, max_length=300, verbose_name="evidence")),
                ("source", models.CharField(blank=True, max_length=40)),
                ("source_number", models.CharField(blank=True, max_length=40)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
                ("earlier", models.JSONField(default=list)),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="cancelled")),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("cancel_reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
            ],
            options={
                "verbose_name": "what a leading post did",
                "verbose_name_plural": "what leading posts did",
                "indexes": [models.Index(fields=["leader", "-day", "-id"], name="leaderdeed_of")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("source", ""), _negated=True), ("cancelled_at", None)),
                        fields=("leader", "source"),
                        name="leaderdeed_source_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fixed__lte", models.F("found"))),
                        name="leaderdeed_fixed_were_found",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancel_reason", ""), ("cancelled_at", None)),
                            models.Q(
                                ("cancelled_at__isnull", False),
                                models.Q(("cancel_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="leaderdeed_cancelled_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaderDuty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="responsibility.leader",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("check", "Lead a check"),
                            ("meeting", "Hold a meeting"),
                            ("contact", "Visit an enterprise under one's wing"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="how many")),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("monthly", "Monthly"),
                            ("quarterly", "Quarterly"),
                            ("half_year", "Half-yearly"),
                            ("yearly", "Yearly"),
                        ],
                        max_length=10,
                        verbose_name="in each",
                    ),
                ),
                ("span", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="in force")),
                (
                    "policy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.leaderdutypolicy",
                    ),
                ),
                ("basis", models.CharField(max_length=200, verbose_name="basis")),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "duty of a leading post",
                "verbose_name_plural": "duties of a leading post",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (safegrid.kernel.dbfuncs.Int8Point("leader"), "&&"),
                            (
                                models.Func(
                                    models.Func("kind", function="hashtext"),
                                    models.Func("kind", function="hashtext"),
                                    models.Value("[]"),
                                    function="int4range",
                                ),
                                "&&",
                            ),
                            ("span", "&&"),
                        ],
                        name="leaderduty_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaderPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="responsibility.leader",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("check", "Lead a check"),
                            ("meeting", "Hold a meeting"),
                            ("contact", "Visit an enterprise under one's wing"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=10, verbose_name="period")),
                ("first_on", models.DateField(verbose_name="from")),
                ("last_on", models.DateField(verbose_name="until")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "duty",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="responsibility.duty",
                    ),
                ),
                ("owed", models.PositiveSmallIntegerField(verbose_name="owed")),
                ("done", models.PositiveSmallIntegerField(default=0, verbose_name="done")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("met", "Done"),
                            ("lapsed", "Lapsed undone"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("is_current", models.BooleanField(default=True)),
                ("after_lapse", models.BooleanField(default=False)),
                ("behind_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "period of a duty",
                "verbose_name_plural": "periods of a duty",
                "indexes": [models.Index(fields=["last_on", "leader"], name="leaderperiod_by_end")],
                "constraints": [
                    models.UniqueConstraint(fields=("leader", "kind", "name"), name="leaderperiod_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("leader", "kind"),
                        name="leaderperiod_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("is_current", True),
                            _connector="OR",
                        ),
                        name="leaderperiod_only_current_runs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owed__gte", 1)), name="leaderperiod_owes_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "met"), _negated=True),
                            ("done__gte", models.F("owed")),
                            _connector="OR",
                        ),
                        name="leaderperiod_met_when_done",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Obligation",
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
                    "community",
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
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                (
                    "subject_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="grid.site",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.enterprise",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.matter",
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
                    "duty",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="obligations",
                        to="responsibility.duty",
                    ),
                ),
                (
                    "debtor_post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owes",
                        to="accounts.post",
                    ),
                ),
                (
                    "debtor_enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owes",
                        to="grid.enterprise",
                    ),
                ),
                (
                    "creditor_post",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owed",
                        to="accounts.post",
                    ),
                ),
                (
                    "not_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("original_due_on", models.DateField(verbose_name="originally due on")),
                (
                    "policy",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.deadlinepolicy",
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("met", "Done"),
                            ("cancelled", "Cancelled"),
                            ("lapsed", "Lapsed: the next period began"),
                            ("superseded", "Replaced"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("days_late", models.IntegerField(null=True, verbose_name="days late")),
                ("next_look_at", models.DateTimeField(null=True)),
                ("rung", models.PositiveSmallIntegerField(default=0)),
                (
                    "announce",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), default=list, size=None
                    ),
                ),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("is_major", models.BooleanField(default=False, verbose_name="major")),
                ("is_shared", models.BooleanField(default=True)),
                ("label", models.CharField(max_length=60)),
                ("params", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "obligation",
                "verbose_name_plural": "obligations",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_look_at__isnull", False)),
                        fields=["next_look_at", "id"],
                        name="obligation_to_look_at",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["debtor_post", "due_at", "id"],
                        name="obligation_of_post",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["debtor_enterprise", "due_at", "id"],
                        name="obligation_of_enterprise",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["creditor_post", "due_at", "id"],
                        include=("debtor_post", "debtor_enterprise"),
                        name="obligation_owed_to",
                    ),
                    models.Index(
                        fields=["subject_type", "subject_id", "due_at", "id"], name="obligation_about"
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)), fields=["site"], name="obligation_at_site"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("kind", "subject_type", "subject_id", "debtor_post", "debtor_enterprise"),
                        name="obligation_open_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("debtor_enterprise__isnull", True), ("debtor_post__isnull", False)),
                            models.Q(("debtor_enterprise__isnull", False), ("debtor_post__isnull", True)),
                            _connector="OR",
                        ),
                        name="obligation_one_debtor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("days_late", None), ("outcome", "")),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("days_late__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="obligation_closed_with_an_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_at", None), ("next_look_at", None), _connector="OR"),
                        name="obligation_closed_is_not_looked_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("opened_at"))),
                        name="obligation_due_after_opened",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts",
                        to="responsibility.notice",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="grid.unit"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="remark")),
            ],
            options={
                "verbose_name": "receipt of a notice",
                "verbose_name_plural": "receipts of notices",
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "unit"), name="guidance_receipt_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            ("confirmed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="guidance_confirmed_at_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegulatorQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="responsibility.finding",
                    ),
                ),
                (
                    "industry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.industry",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                        verbose_name="district",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("due_on", models.DateField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "regulator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.matter",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "verbose_name": "question to a government",
                "verbose_name_plural": "questions to a government",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("finding",),
                        name="regulatorquestion_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("document", ""), ("regulator", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("regulator__isnull", False),
                                models.Q(("document", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regulatorquestion_answered_by_a_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, unique=True)),
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
                        related_name="risk_points",
                        to="grid.site",
                        verbose_name="site",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("device", "Device"), ("process", "Work process"), ("place", "Place")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("spot", models.CharField(blank=True, max_length=80, verbose_name="where")),
                ("dangers", models.CharField(blank=True, max_length=200, verbose_name="what can happen")),
                (
                    "likelihood",
                    models.DecimalField(decimal_places=1, max_digits=4, verbose_name="likelihood (L)"),
                ),
                (
                    "exposure",
                    models.DecimalField(decimal_places=1, max_digits=4, verbose_name="exposure (E)"),
                ),
                ("consequence", models.PositiveSmallIntegerField(verbose_name="consequence (C)")),
                ("score", models.DecimalField(decimal_places=2, max_digits=7, verbose_name="score")),
                (
                    "grade",
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
                ("engineering", models.CharField(blank=True, max_length=300, verbose_name="engineering")),
                ("management", models.CharField(blank=True, max_length=300, verbose_name="management")),
                ("training", models.CharField(blank=True, max_length=300, verbose_name="training")),
                (
                    "protection",
                    models.CharField(blank=True, max_length=300, verbose_name="personal protection"),
                ),
                ("emergency", models.CharField(blank=True, max_length=300, verbose_name="emergency")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.staff",
                        verbose_name="responsible person",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("monthly", "Monthly"),
                            ("quarterly", "Quarterly"),
                            ("half_year", "Half-yearly"),
                        ],
                        max_length=10,
                        verbose_name="how often checked",
                    ),
                ),
                ("removed_on", models.DateField(blank=True, null=True, verbose_name="removed on")),
            ],
            options={
                "verbose_name": "risk point",
                "verbose_name_plural": "risk points",
                "indexes": [models.Index(fields=["site", "-score", "id"], name="risk_point_at_site")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("consequence__in", (1, 3, 7, 15, 40, 100)),
                            (
                                "exposure__in",
                                (
                                    Decimal("0.5"),
                                    Decimal("1"),
                                    Decimal("2"),
                                    Decimal("3"),
                                    Decimal("6"),
                                    Decimal("10"),
                                ),
                            ),
                            (
                                "likelihood__in",
                                (
                                    Decimal("0.1"),
                                    Decimal("0.2"),
                                    Decimal("0.5"),
                                    Decimal("1"),
                                    Decimal("3"),
                                    Decimal("6"),
                                    Decimal("10"),
                                ),
                            ),
                        ),
                        name="risk_point_values_of_the_method",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "score",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("likelihood"), "*", models.F("exposure")
                                    ),
                                    "*",
                                    models.F("consequence"),
                                ),
                            )
                        ),
                        name="risk_point_score_is_the_product",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("removed_on", None)),
                        fields=("site", "name", "spot"),
                        name="risk_point_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Credential",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credentials",
                        to="grid.enterprise",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credentials",
                        to="responsibility.staff",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("principal", "Principal's safety qualification"),
                            ("safety_manager", "Safety manager's qualification"),
                            ("special_operation", "Special-operations certificate"),
                            ("standardization", "Standardization"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("electrical", "Electrical work"),
                            ("welding", "Welding and thermal cutting"),
                            ("height", "Work at height"),
                            ("refrigeration", "Refrigeration and air conditioning"),
                            ("hazchem", "Hazardous chemical processes"),
                            ("coal_gas", "Coal gas in metallurgy"),
                            ("mine", "Work in mines"),
                            ("fireworks", "Work with fireworks"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="field of work",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Level 1 (ministry)"), (2, "Level 2 (province)"), (3, "Level 3 (city)")],
                        null=True,
                        verbose_name="level",
                    ),
                ),
                ("number", models.CharField(max_length=40, verbose_name="number")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                ("reexamine_by", models.DateField(blank=True, null=True, verbose_name="re-examination by")),
                ("reexamined_on", models.DateField(blank=True, null=True, verbose_name="re-examined on")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("current", "In use"),
                            ("renewed", "Replaced by a newer one"),
                            ("ended", "Put aside: it no longer counts"),
                        ],
                        default="current",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "renews",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="responsibility.credential",
                        verbose_name="renews",
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate",
                "verbose_name_plural": "certificates",
                "indexes": [
                    models.Index(fields=["due_on", "id"], name="credential_by_due"),
                    models.Index(
                        condition=models.Q(("state", "current")),
                        fields=["kind", "due_on"],
                        name="credential_falling_due",
                    ),
                    models.Index(fields=["enterprise", "due_on"], name="credential_of_enterprise"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                        name="credential_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reexamine_by", None),
                            models.Q(
                                ("reexamine_by__gte", models.F("valid_from")),
                                ("reexamine_by__lte", models.F("valid_until")),
                            ),
                            _connector="OR",
                        ),
                        name="credential_reexamined_while_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "due_on",
                                django.db.models.functions.comparison.Least("reexamine_by", "valid_until"),
                            )
                        ),
                        name="credential_due_is_the_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("holder", None), ("kind", "standardization"), ("level__isnull", False)),
                            models.Q(
                                models.Q(("kind", "standardization"), _negated=True),
                                ("holder__isnull", False),
                                ("level", None),
                            ),
                            _connector="OR",
                        ),
                        name="credential_of_a_person_or_a_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "special_operation"), models.Q(("field", ""), _negated=True)),
                            models.Q(models.Q(("kind", "special_operation"), _negated=True), ("field", "")),
                            _connector="OR",
                        ),
                        name="credential_field_of_an_operation",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "current")),
                        fields=("enterprise", "kind", "field", "number"),
                        name="credential_number_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "standardization"), ("state", "current")),
                        fields=("enterprise",),
                        name="credential_one_standardization",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
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
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="responsibility.statementtemplate",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("district", "District government"),
                            ("member", "Member unit"),
                            ("township", "Township or street"),
                            ("enterprise", "Enterprise"),
                        ],
                        max_length=12,
                        verbose_name="who promises",
                    ),
                ),
                (
                    "promiser",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="grid.unit",
                        verbose_name="unit that promises",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="grid.enterprise",
                        verbose_name="enterprise",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.site",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promised",
                        to="grid.unit",
                        verbose_name="who receives it",
                    ),
                ),
                ("body", models.CharField(max_length=120, verbose_name="who promises")),
                ("body_en", models.CharField(blank=True, max_length=160)),
                ("title", models.CharField(max_length=160, verbose_name="Title")),
                ("text", models.TextField(verbose_name="text")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("issued", "Not signed"),
                            ("half", "Signed by one side"),
                            ("in_force", "In force"),
                            ("closed", "Year over"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="issued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("issued_at", models.DateTimeField(verbose_name="issued")),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issued_post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
                ("promised_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
            ],
            options={
                "verbose_name": "responsibility statement",
                "verbose_name_plural": "responsibility statements",
                "indexes": [
                    models.Index(fields=["issued_at", "id"], name="statement_by_day"),
                    models.Index(fields=["body", "id"], name="statement_by_body"),
                    models.Index(fields=["year", "level"], name="statement_by_year"),
                    models.Index(fields=["promiser"], name="statement_of_unit"),
                    models.Index(fields=["receiver"], name="statement_to_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("year", "level", "promiser", "enterprise", "receiver"),
                        name="statement_once_a_year",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("enterprise__isnull", True), ("promiser__isnull", False)),
                            models.Q(("enterprise__isnull", False), ("promiser__isnull", True)),
                            _connector="OR",
                        ),
                        name="statement_of_one_body",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("promiser", models.F("receiver")), _negated=True),
                        name="statement_to_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("promised_at", None), ("received_at", None), ("state", "issued")),
                            models.Q(
                                ("promised_at", None), ("received_at__isnull", False), ("state", "half")
                            ),
                            models.Q(
                                ("promised_at__isnull", False), ("received_at", None), ("state", "half")
                            ),
                            models.Q(
                                ("promised_at__isnull", False),
                                ("received_at__isnull", False),
                                ("state__in", ["in_force", "closed"]),
                            ),
                            models.Q(
                                ("state", "withdrawn"),
                                models.Q(("promised_at", None), ("received_at", None), _connector="OR"),
                            ),
                            _connector="OR",
                        ),
                        name="statement_in_force_when_both_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="statement_withdrawn_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "training",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="responsibility.training",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="responsibility.staff",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("passed", "Passed"), ("failed", "Failed"), ("absent", "Absent")],
                        max_length=6,
                        verbose_name="result",
                    ),
                ),
            ],
            options={
                "verbose_name": "participant",
                "verbose_name_plural": "participants",
                "constraints": [
                    models.UniqueConstraint(fields=("training", "staff"), name="participation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Leg",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="legs",
                        to="responsibility.transfer",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "from_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("is_decided", models.BooleanField(default=False)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "Accepted"),
                            ("passed_on", "Not ours"),
                            ("decided", "Decided by the committee's office"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "verbose_name": "leg of a transfer",
                "verbose_name_plural": "legs of a transfer",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("transfer", "number"), name="transferleg_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("answer", "")), fields=("transfer",), name="transferleg_one_waits"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_decided", False)),
                        fields=("transfer", "unit"),
                        name="transferleg_asks_nobody_twice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None)),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="transferleg_answered_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit", models.F("from_unit")), _negated=True),
                        name="transferleg_not_to_oneself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wing",
                        to="responsibility.leader",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wings",
                        to="grid.enterprise",
                    ),
                ),
                ("span", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="in force")),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "enterprise under a leader's wing",
                "verbose_name_plural": "enterprises under a leader's wing",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (safegrid.kernel.dbfuncs.Int8Point("leader"), "&&"),
                            (safegrid.kernel.dbfuncs.Int8Point("enterprise"), "&&"),
                            ("span", "&&"),
                        ],
                        name="wing_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.documentkind",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "kind", "year"), name="documentcounter_one_series"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="responsibility.documentkind",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="grid.unit"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("serial", models.PositiveIntegerField()),
                ("number", models.CharField(max_length=80, verbose_name="number")),
                (
                    "subject_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="responsibility.document",
                        verbose_name="corrects",
                    ),
                ),
                ("file", models.FileField(upload_to="documents/%Y/%m/")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=32, unique=True, verbose_name="verification code")),
                ("pdf", models.FileField(blank=True, upload_to="documents/%Y/%m/")),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
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
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "indexes": [models.Index(fields=["subject_type", "subject_id"], name="document_about")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "kind", "year", "serial"), name="document_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("serial__gte", 1)), name="document_numbered_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pdf", ""), ("pdf_sha256", "")),
                            models.Q(
                                models.Q(("pdf", ""), _negated=True),
                                models.Q(("pdf_sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="document_pdf_has_its_hash",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="responsibility.obligation",
                    ),
                ),
                ("due_on", models.DateField()),
                ("rung", models.PositiveSmallIntegerField(verbose_name="rung")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="accounts.post"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("raised_at", models.DateTimeField(verbose_name="raised")),
                ("days_over", models.SmallIntegerField()),
                ("read_at", models.DateTimeField(null=True, verbose_name="read")),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "indexes": [models.Index(fields=["post", "-raised_at", "-id"], name="alert_by_post")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("obligation", "due_on", "rung", "post"), name="alert_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="responsibility.riskround",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="responsibility.riskpoint",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("in_order", "In order"), ("found", "Something is wrong")],
                        max_length=8,
                        verbose_name="result",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what is wrong")),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("checked_at", models.DateTimeField(verbose_name="checked")),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "check",
                "verbose_name_plural": "checks",
                "constraints": [
                    models.UniqueConstraint(fields=("round", "point"), name="risk_check_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result", "in_order"), models.Q(("note", ""), _negated=True), _connector="OR"
                        ),
                        name="risk_check_says_what_is_wrong",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="responsibility.statement",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("promiser", "Who promises"), ("receiver", "Who receives it")], max_length=8
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
                ("at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "signature",
                "constraints": [
                    models.UniqueConstraint(fields=("statement", "side"), name="signature_once_a_side"),
                    models.UniqueConstraint(fields=("statement", "user"), name="signature_by_two_people"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="responsibility.statement",
                    ),
                ),
                ("quarter", models.PositiveSmallIntegerField(verbose_name="quarter")),
                ("revision", models.PositiveSmallIntegerField(default=0, verbose_name="revision")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("points", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=5)),
                ("possible", models.PositiveSmallIntegerField(default=0)),
                ("rate", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                (
                    "band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("excellent", "Excellent"),
                            ("good", "Good"),
                            ("pass", "Pass"),
                            ("fail", "Fail"),
                            ("vetoed", "Vetoed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("scored_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("locked_at", models.DateTimeField(null=True, verbose_name="locked")),
                (
                    "locked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "score of a quarter",
                "ordering": ["quarter", "revision"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "quarter", "revision"), name="statementscore_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("locked_at", None)),
                        fields=("statement", "quarter"),
                        name="statementscore_one_to_be_locked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__range", (1, 4))), name="statementscore_of_a_quarter"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revision", 0), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="statementscore_revised_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("points__gte", 0), ("points__lte", models.F("possible")), ("possible__lte", 100)
                        ),
                        name="statementscore_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplyStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="responsibility.instruction",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="responsibility.instructiontask",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="responsibility.unitletter",
                    ),
                ),
                ("action", models.CharField(max_length=20)),
                ("from_state", models.CharField(blank=True, max_length=10)),
                ("to_state", models.CharField(blank=True, max_length=10)),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "acting_post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("due_on", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "step",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("instruction__isnull", False), ("letter", None)),
                            models.Q(("instruction", None), ("letter__isnull", False), ("task", None)),
                            _connector="OR",
                        ),
                        name="replystep_of_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="responsibility.unitletter",
                    ),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.obligation",
                    ),
                ),
                ("due_on", models.DateField()),
                ("over", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("letter", "obligation"), name="letteritem_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoreLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "score",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="responsibility.statementscore",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.statementitem",
                    ),
                ),
                ("value", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("counted", models.PositiveIntegerField(null=True)),
                ("bad", models.PositiveIntegerField(null=True)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("points", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("is_vetoed", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("document", models.CharField(blank=True, max_length=200)),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
            ],
            options={
                "ordering": ["item__order"],
                "constraints": [
                    models.UniqueConstraint(fields=("score", "item"), name="scoreline_once"),
                    models.CheckConstraint(
                        condition=models.Q(("points", None), ("points__gte", 0), _connector="OR"),
                        name="scoreline_not_below_0",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_at", None), models.Q(("note", ""), _negated=True), _connector="OR"
                        ),
                        name="scoreline_reviewed_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="responsibility.alert",
                    ),
                ),
                ("channel", models.CharField(choices=[("mail", "Mail")], max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("error", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "delivery",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_try_at__isnull", False)),
                        fields=["next_try_at", "id"],
                        name="delivery_to_try",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("alert", "channel"), name="delivery_once")],
            },
        ),
    ]
