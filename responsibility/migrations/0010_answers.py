from django.db import migrations, models
from django.db.models import Q

OWN = Q(line="enterprise")
KNOWN = Q(tier="lead", matter=None)


def settle(apps, schema_editor):
    """Leave of what was required of enterprises what the audit has asked for: that each has a principal."""
    rows = apps.get_model("responsibility", "CoveragePolicy").objects.filter(OWN)
    lead = rows.filter(tier="lead").order_by("pk").first()
    if lead is not None and not rows.filter(KNOWN).exists():
        lead.matter = None
        lead.save(update_fields=["matter"])
    rows.exclude(KNOWN).delete()


class Migration(migrations.Migration):
    """Of the enterprise line, require nothing that the audit does not know."""

    dependencies = [("responsibility", "0009_units_reorganised")]

    operations = [
        migrations.RunPython(settle, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="coveragepolicy",
            constraint=models.CheckConstraint(condition=~OWN | KNOWN, name="coverage_policy_is_audited"),
        ),
    ]
