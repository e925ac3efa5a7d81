from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: What was signed, used or locked stays as it was, whoever writes.
FORWARD = """
CREATE FUNCTION responsibility_statement_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'statement: the hash is not that of its text' USING ERRCODE = 'check_violation';
    ELSIF TG_OP = 'UPDATE' AND (
        OLD.template_id, OLD.year, OLD.level, OLD.promiser_id, OLD.enterprise_id, OLD.receiver_id, OLD.body,
        OLD.body_en, OLD.title, OLD.text, OLD.sha256, OLD.issued_at
    ) IS DISTINCT FROM (
        NEW.template_id, NEW.year, NEW.level, NEW.promiser_id, NEW.enterprise_id, NEW.receiver_id, NEW.body,
        NEW.body_en, NEW.title, NEW.text, NEW.sha256, NEW.issued_at
    ) THEN
        RAISE EXCEPTION 'statement %: what was issued does not change', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_statement_fixed BEFORE INSERT OR UPDATE ON responsibility_statement
    FOR EACH ROW EXECUTE FUNCTION responsibility_statement_fixed();

CREATE FUNCTION responsibility_signature_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'signature %: a signature stays', OLD.id USING ERRCODE = 'check_violation';
    ELSIF NEW.sha256 IS DISTINCT FROM (
        SELECT sha256 FROM responsibility_statement WHERE id = NEW.statement_id
    ) THEN
        RAISE EXCEPTION 'signature: not of this text' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_signature_fixed BEFORE INSERT OR UPDATE OR DELETE ON responsibility_signature
    FOR EACH ROW EXECUTE FUNCTION responsibility_signature_fixed();

CREATE FUNCTION responsibility_template_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_at IS NOT NULL THEN
        RAISE EXCEPTION 'template %: what is in use does not change', OLD.id USING ERRCODE = 'check_violation';
    ELSIF NEW.used_at IS NOT NULL AND 100 IS DISTINCT FROM (
        SELECT sum(points) FROM responsibility_statementitem WHERE template_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'template %: its points are not 100', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_template_fixed BEFORE UPDATE ON responsibility_statementtemplate
    FOR EACH ROW EXECUTE FUNCTION responsibility_template_fixed();

CREATE FUNCTION responsibility_item_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM responsibility_statementtemplate
        WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.template_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.template_id END) AND used_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'item: what is in use does not change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER responsibility_item_fixed BEFORE INSERT OR UPDATE OR DELETE ON responsibility_statementitem
    FOR EACH ROW EXECUTE FUNCTION responsibility_item_fixed();

CREATE FUNCTION responsibility_score_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.locked_at IS NOT NULL THEN
        RAISE EXCEPTION 'score %: what is locked does not change', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER responsibility_score_fixed BEFORE UPDATE OR DELETE ON responsibility_statementscore
    FOR EACH ROW EXECUTE FUNCTION responsibility_score_fixed();

CREATE FUNCTION responsibility_line_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM responsibility_statementscore
        WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.score_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.score_id END) AND locked_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'line: what is locked does not change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER responsibility_line_fixed BEFORE INSERT OR UPDATE OR DELETE ON responsibility_scoreline
    FOR EACH ROW EXECUTE FUNCTION responsibility_line_fixed();
"""

BACKWARD = """
DROP TRIGGER responsibility_line_fixed ON responsibility_scoreline;
DROP TRIGGER responsibility_score_fixed ON responsibility_statementscore;
DROP TRIGGER responsibility_item_fixed ON responsibility_statementitem;
DROP TRIGGER responsibility_template_fixed ON responsibility_statementtemplate;
DROP TRIGGER responsibility_signature_fixed ON responsibility_signature;
DROP TRIGGER responsibility_statement_fixed ON responsibility_statement;
DROP FUNCTION responsibility_line_fixed();
DROP FUNCTION responsibility_score_fixed();
DROP FUNCTION responsibility_item_fixed();
DROP FUNCTION responsibility_template_fixed();
DROP FUNCTION responsibility_signature_fixed();
DROP FUNCTION responsibility_statement_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_involvement_outside"),
        ("grid", "0004_edition"),
        ("responsibility", "0007_instructions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StatementItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            name="Statement",
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
                ("promised_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
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
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promised",
                        to="grid.unit",
                        verbose_name="who receives it",
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
                    "township",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.district",
                    ),
                ),
            ],
            options={
                "verbose_name": "responsibility statement",
                "verbose_name_plural": "responsibility statements",
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
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "verbose_name": "score of a quarter",
                "ordering": ["quarter", "revision"],
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
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.statementitem",
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
            ],
            options={
                "ordering": ["item__order"],
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
        migrations.AddField(
            model_name="statementitem",
            name="template",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="responsibility.statementtemplate",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="template",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="statements",
                to="responsibility.statementtemplate",
            ),
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
                    "side",
                    models.CharField(
                        choices=[("promiser", "Who promises"), ("receiver", "Who receives it")], max_length=8
                    ),
                ),
                ("at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
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
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="responsibility.statement",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
                "constraints": [
                    models.UniqueConstraint(fields=("statement", "side"), name="signature_once_a_side"),
                    models.UniqueConstraint(fields=("statement", "user"), name="signature_by_two_people"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="statementscore",
            constraint=models.UniqueConstraint(
                fields=("statement", "quarter", "revision"), name="statementscore_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="statementscore",
            constraint=models.UniqueConstraint(
                condition=models.Q(("locked_at", None)),
                fields=("statement", "quarter"),
                name="statementscore_one_to_be_locked",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementscore",
            constraint=models.CheckConstraint(
                condition=models.Q(("quarter__range", (1, 4))), name="statementscore_of_a_quarter"
            ),
        ),
        migrations.AddConstraint(
            model_name="statementscore",
            constraint=models.CheckConstraint(
                condition=models.Q(("revision", 0), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="statementscore_revised_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementscore",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("points__gte", 0), ("points__lte", models.F("possible")), ("possible__lte", 100)
                ),
                name="statementscore_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreline",
            constraint=models.UniqueConstraint(fields=("score", "item"), name="scoreline_once"),
        ),
        migrations.AddConstraint(
            model_name="scoreline",
            constraint=models.CheckConstraint(
                condition=models.Q(("points", None), ("points__gte", 0), _connector="OR"),
                name="scoreline_not_below_0",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewed_at", None), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="scoreline_reviewed_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementitem",
            constraint=models.UniqueConstraint(fields=("template", "order"), name="statementitem_in_order"),
        ),
        migrations.AddConstraint(
            model_name="statementitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("points", 0), ("scoring", "veto")),
                    models.Q(models.Q(("scoring", "veto"), _negated=True), ("points__range", (1, 100))),
                    _connector="OR",
                ),
                name="statementitem_veto_has_no_points",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementitem",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["issued_at", "id"], name="statement_by_day"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["body", "id"], name="statement_by_body"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["year", "level"], name="statement_by_year"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["promiser"], name="statement_of_unit"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["receiver"], name="statement_to_unit"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("year", "level", "promiser", "enterprise", "receiver"),
                name="statement_once_a_year",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enterprise__isnull", True), ("promiser__isnull", False)),
                    models.Q(("enterprise__isnull", False), ("promiser__isnull", True)),
                    _connector="OR",
                ),
                name="statement_of_one_body",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("promiser", models.F("receiver")), _negated=True),
                name="statement_to_somebody_else",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("promised_at", None), ("received_at", None), ("state", "issued")),
                    models.Q(("promised_at", None), ("received_at__isnull", False), ("state", "half")),
                    models.Q(("promised_at__isnull", False), ("received_at", None), ("state", "half")),
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
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="statement_withdrawn_for_a_reason",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
