import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_outside"),
        ("grid", "0004_merged"),
        ("hazards", "0005_repeats"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Penalty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4)),
                (
                    "visit_number",
                    models.CharField(blank=True, max_length=20, verbose_name="number of the visit"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("warning", "Warning"),
                            ("criticism", "Public criticism"),
                            ("fine", "Fine"),
                            ("confiscation", "Confiscation of gains or goods"),
                            ("withheld", "Licence withheld"),
                            ("downgrade", "Qualification lowered"),
                            ("revoked", "Licence revoked"),
                            ("restriction", "Business restricted"),
                            ("suspension", "Business suspended"),
                            ("closure", "Ordered to close"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("law", models.CharField(max_length=60, verbose_name="law")),
                ("article", models.CharField(max_length=60, verbose_name="article")),
                ("is_of_law", models.BooleanField(default=True, verbose_name="by the Work Safety Law")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="amount, yuan"
                    ),
                ),
                ("decided_on", models.DateField(verbose_name="decided")),
                ("document", models.CharField(max_length=60, verbose_name="document")),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why it is corrected")),
                ("is_void", models.BooleanField(default=False, verbose_name="does not stand")),
                ("replaced_at", models.DateTimeField(null=True)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="penalties",
                        to="grid.enterprise",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="penalties",
                        to="hazards.hazard",
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
                    "origin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="hazards.penalty",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="hazards.penalty",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="penalties", to="grid.site"
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
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="penalties",
                        to="grid.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "penalty",
                "verbose_name_plural": "penalties",
            },
        ),
        migrations.CreateModel(
            name="ClosureProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("proposed", "Closure proposed to the government"),
                            ("not", "Closure not proposed"),
                        ],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
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
                    "community",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
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
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closure_proposals",
                        to="grid.enterprise",
                    ),
                ),
                ("hazards", models.ManyToManyField(related_name="closure_proposals", to="hazards.hazard")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.site"
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
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
                ("penalties", models.ManyToManyField(related_name="closure_proposals", to="hazards.penalty")),
            ],
            options={
                "verbose_name": "closure proposal",
                "verbose_name_plural": "closure proposals",
            },
        ),
        migrations.CreateModel(
            name="RepeatRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "penalties",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="penalties"
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="within days"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("since", models.DateField(verbose_name="in force from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="in force until")),
            ],
            options={
                "verbose_name": "rule of repeat offenders",
                "verbose_name_plural": "rules of repeat offenders",
                "ordering": ["days", "since"],
                "constraints": [
                    models.UniqueConstraint(fields=("penalties", "days", "since"), name="repeat_rule_once"),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("penalties__gte", 1)),
                        name="repeat_rule_counts_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="repeat_rule_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="penalty",
            index=models.Index(fields=["-decided_on", "-id"], name="penalty_by_day"),
        ),
        migrations.AddIndex(
            model_name="penalty",
            index=models.Index(fields=["enterprise", "-decided_on", "-id"], name="penalty_of_enterprise"),
        ),
        migrations.AddIndex(
            model_name="penalty",
            index=models.Index(fields=["district", "-decided_on", "-id"], name="penalty_in_district"),
        ),
        migrations.AddIndex(
            model_name="penalty",
            index=models.Index(fields=["unit", "-decided_on", "-id"], name="penalty_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="penalty",
            constraint=models.UniqueConstraint(fields=("token",), name="penalty_form_once"),
        ),
        migrations.AddConstraint(
            model_name="penalty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_void", False), ("replaced_at", None)),
                fields=("unit", "document", "kind"),
                name="penalty_decision_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="penalty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("amount__isnull", False), ("kind", "fine")),
                    models.Q(models.Q(("kind", "fine"), _negated=True), ("amount", None)),
                    _connector="OR",
                ),
                name="penalty_only_a_fine_has_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="penalty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document", ""), _negated=True),
                    models.Q(("article", ""), _negated=True),
                    models.Q(("law", ""), _negated=True),
                ),
                name="penalty_has_document_and_article",
            ),
        ),
        migrations.AddConstraint(
            model_name="penalty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_void", False), ("origin", None), ("replaces", None)),
                    models.Q(
                        ("origin__isnull", False),
                        ("replaces__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="penalty_corrected_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="closureproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at", None)),
                fields=("enterprise",),
                name="closure_one_open_of_an_enterprise",
            ),
        ),
        migrations.AddConstraint(
            model_name="closureproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at", None), ("decided_by", None), ("decided_post", None), ("outcome", "")
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("decided_post__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="closure_decided_by_somebody_for_a_reason",
            ),
        ),
    ]
