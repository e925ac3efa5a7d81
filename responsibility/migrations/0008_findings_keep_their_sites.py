from django.db import migrations, models

SINCE = """
UPDATE responsibility_findingsite AS known SET found_at = finding.found_at
FROM responsibility_finding AS finding WHERE finding.id = known.finding_id;
"""


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0007_rules_touched")]

    operations = [
        migrations.AddField("findingsite", "found_at", models.DateTimeField(null=True)),
        migrations.AddField("findingsite", "gone_at", models.DateTimeField(null=True)),
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("findingsite", "found_at", models.DateTimeField()),
        migrations.RemoveConstraint("findingsite", "findingsite_once"),
        migrations.AddConstraint(
            "findingsite",
            models.UniqueConstraint(
                condition=models.Q(("gone_at", None)),
                fields=("finding", "site", "matter", "line", "tier"),
                name="findingsite_once_at_a_time",
                nulls_distinct=False,
            ),
        ),
    ]
