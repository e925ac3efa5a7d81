import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_outside"),
        ("grid", "0004_merged"),
        ("hazards", "0006_penalties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("district", "District"), ("city", "City"), ("province", "Province")],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                (
                    "unit_level",
                    models.CharField(
                        choices=[
                            ("city", "City"),
                            ("district", "District"),
                            ("township", "Township or street"),
                            ("community", "Village or community"),
                            ("cell", "Grid cell"),
                        ],
                        max_length=10,
                        verbose_name="bodies of which places list",
                    ),
                ),
                (
                    "post_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("head", "Head"),
                                ("office", "Safety committee office"),
                                ("supervisor", "Supervisor of a member unit"),
                                ("officer", "Certified enforcement officer"),
                                ("grid_officer", "Grid officer"),
                                ("principal", "Principal"),
                                ("safety_officer", "Safety officer"),
                                ("auditor", "Auditor"),
                                ("admin", "Administrator"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="posts that list",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(verbose_name="days until delisting is asked for")),
                (
                    "report_days",
                    models.PositiveSmallIntegerField(verbose_name="days between progress reports"),
                ),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(verbose_name="days for each answer to a request"),
                ),
                ("spot_days", models.PositiveSmallIntegerField(verbose_name="days for the spot check")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("since", models.DateField(verbose_name="in force from")),
            ],
            options={
                "verbose_name": "rule of listed supervision",
                "verbose_name_plural": "rules of listed supervision",
                "ordering": ["level", "since"],
                "constraints": [
                    models.UniqueConstraint(fields=("level", "since"), name="listing_rule_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_days__gt", 0),
                            ("days__gt", 0),
                            ("report_days__gt", 0),
                            ("spot_days__gt", 0),
                        ),
                        name="listing_rule_days_are_some",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedSupervision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("district", "District"), ("city", "City"), ("province", "Province")],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("listed", "Listed"),
                            ("asked", "Delisting asked for"),
                            ("checked", "Checked"),
                            ("accepted", "Accepted"),
                            ("delisted", "Delisted"),
                            ("confirmed", "Delisted and spot-checked"),
                            ("relisted", "Listed again"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="listed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("listed_at", models.DateTimeField(verbose_name="listed")),
                ("note", models.TextField(blank=True, verbose_name="why")),
                ("due_on", models.DateField(verbose_name="delisting to be asked for by")),
                ("original_due_on", models.DateField(verbose_name="originally due")),
                (
                    "report_days",
                    models.PositiveSmallIntegerField(verbose_name="days between progress reports"),
                ),
                ("checked_at", models.DateTimeField(null=True, verbose_name="checked")),
                ("finding", models.TextField(blank=True, verbose_name="what the check found")),
                ("accepted_at", models.DateTimeField(null=True, verbose_name="accepted")),
                ("delisted_at", models.DateTimeField(null=True, verbose_name="delisted")),
                ("spot_checked_at", models.DateTimeField(null=True, verbose_name="spot-checked")),
                ("spot_finding", models.TextField(blank=True, verbose_name="what the spot check found")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "checked_post",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listings",
                        to="hazards.hazard",
                    ),
                ),
                (
                    "listed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="listing body",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hazards.listingrule",
                    ),
                ),
            ],
            options={
                "verbose_name": "listed supervision",
                "verbose_name_plural": "listed supervision",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ProgressReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                ("due_on", models.DateField(null=True, verbose_name="due")),
                ("at", models.DateTimeField(verbose_name="reported")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="hazards.listedsupervision",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "progress report",
                "verbose_name_plural": "progress reports",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="listedsupervision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("listed", "asked", "checked", "accepted"))),
                fields=("hazard",),
                name="listed_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="listedsupervision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("delisted_at__isnull", False), ("state__in", ("delisted", "confirmed", "relisted"))
                    ),
                    models.Q(
                        models.Q(("state__in", ("delisted", "confirmed", "relisted")), _negated=True),
                        ("delisted_at", None),
                    ),
                    _connector="OR",
                ),
                name="listed_delisted_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="listedsupervision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_by", None),
                    models.Q(
                        ("checked_by__isnull", False),
                        models.Q(("accepted_by", models.F("checked_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="listed_accepted_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="listedsupervision",
            constraint=models.CheckConstraint(
                condition=models.Q(("report_days__gt", 0)), name="listed_reports_have_a_rhythm"
            ),
        ),
        migrations.AddConstraint(
            model_name="progressreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="progress_report_says_something"
            ),
        ),
    ]
