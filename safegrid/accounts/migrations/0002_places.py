import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import safegrid.kernel.dbfuncs


class Migration(migrations.Migration):
    initial = True

    # Of a portal that was set up before these were put together.
    replaces = [
        ("accounts", "0002_initial"),
    ]

    dependencies = [
        ("accounts", "0001_tables"),
        ("grid", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="post",
            name="enterprise",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="grid.enterprise",
                verbose_name="enterprise",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="grid.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="involvement",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="involvements", to="accounts.post"
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holdings",
                to="accounts.post",
                verbose_name="post",
            ),
        ),
        migrations.AddField(
            model_name="postscope",
            name="district",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grid.district",
                verbose_name="district",
            ),
        ),
        migrations.AddField(
            model_name="postscope",
            name="enterprise",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grid.enterprise",
                verbose_name="enterprise",
            ),
        ),
        migrations.AddField(
            model_name="postscope",
            name="matter",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grid.matter",
                verbose_name="matter",
            ),
        ),
        migrations.AddField(
            model_name="postscope",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="scopes",
                to="accounts.post",
                verbose_name="post",
            ),
        ),
        migrations.AddField(
            model_name="postscope",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grid.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="substitution",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="substitutions",
                to="accounts.post",
                verbose_name="post",
            ),
        ),
        migrations.AddField(
            model_name="substitution",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="substitutions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("kind", "number"), name="accounts_certificate_once"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["kind", "unit"], name="accounts_post_by_kind"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enterprise__isnull", True), ("unit__isnull", False)),
                    models.Q(("enterprise__isnull", False), ("unit__isnull", True)),
                    _connector="OR",
                ),
                name="accounts_post_in_one_body",
            ),
        ),
        migrations.AddIndex(
            model_name="involvement",
            index=models.Index(
                condition=models.Q(("is_outside", True), ("until", None)),
                fields=["post", "subject_type", "subject_id"],
                name="accounts_involvement_outside",
            ),
        ),
        migrations.AddConstraint(
            model_name="involvement",
            constraint=models.UniqueConstraint(
                fields=("subject_type", "subject_id", "post", "role"), name="accounts_involvement_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(safegrid.kernel.dbfuncs.Int8Point("post"), "&&"), ("span", "&&")],
                name="accounts_holding_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="postscope",
            constraint=models.UniqueConstraint(
                fields=("post", "district", "matter", "unit", "enterprise"),
                name="accounts_postscope_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="postscope",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("district__isnull", False), ("enterprise__isnull", True), ("unit__isnull", True)
                    ),
                    models.Q(
                        ("district__isnull", True),
                        ("enterprise__isnull", True),
                        ("matter__isnull", True),
                        ("unit__isnull", False),
                    ),
                    models.Q(
                        ("district__isnull", True),
                        ("enterprise__isnull", False),
                        ("matter__isnull", True),
                        ("unit__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="accounts_postscope_of_one_sort",
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(safegrid.kernel.dbfuncs.Int8Point("post"), "&&"), ("span", "&&")],
                name="accounts_substitution_one_at_a_time",
            ),
        ),
    ]
