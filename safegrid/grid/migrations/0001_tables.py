import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import safegrid.kernel.dbfuncs


class Migration(migrations.Migration):
    initial = True

    # Of a portal that was set up before these were put together.
    replaces = [
        ("grid", "0001_initial"),
        ("grid", "0002_counts"),
        ("grid", "0003_map_index"),
        ("grid", "0006_skipped_rows"),
        ("grid", "0007_saved_mappings"),
    ]

    dependencies = [
        ("accounts", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CountDelta",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("measure", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("district", models.BigIntegerField(null=True)),
                ("township", models.BigIntegerField(null=True)),
                ("community", models.BigIntegerField(null=True)),
                ("cell", models.BigIntegerField(null=True)),
                ("matter", models.BigIntegerField(null=True)),
                ("industry", models.BigIntegerField(null=True)),
                ("n", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=255, unique=True)),
                ("depth", models.PositiveIntegerField()),
                ("numchild", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
            ],
            options={
                "verbose_name": "matter",
                "verbose_name_plural": "matters",
            },
        ),
        migrations.CreateModel(
            name="Count",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "place",
                        "matter",
                        "industry",
                        "measure",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("place", models.BigIntegerField()),
                ("matter", models.BigIntegerField()),
                ("industry", models.BigIntegerField()),
                ("measure", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("n", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("n", 0)), fields=["measure"], name="grid_count_of_nothing"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="District",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=255, unique=True)),
                ("depth", models.PositiveIntegerField()),
                ("numchild", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                ("code", models.CharField(max_length=15, verbose_name="code")),
                ("short_name", models.CharField(blank=True, max_length=60, verbose_name="short name")),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("city", "City"),
                            ("district", "District"),
                            ("township", "Township or street"),
                            ("community", "Village or community"),
                            ("cell", "Grid cell"),
                        ],
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=10, verbose_name="kind")),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("boundary", models.JSONField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "district",
                "verbose_name_plural": "districts",
                "indexes": [models.Index(fields=["level", "path"], name="grid_district_by_level")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("code",),
                        name="grid_district_code_once_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            ("opened_on", None),
                            ("closed_on__gt", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="grid_district_closes_after_it_opens",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enterprise",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                ("uscc", models.CharField(blank=True, max_length=18, null=True, verbose_name="USCC")),
                (
                    "no_uscc_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unlicensed", "Operates without a licence"),
                            ("applying", "Licence applied for"),
                            ("exempt", "Needs none (temporary stall, household)"),
                            ("unknown", "Not known yet"),
                        ],
                        max_length=12,
                        verbose_name="why no USCC",
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
                        default="operating",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "size",
                    models.CharField(
                        choices=[
                            ("large", "Large"),
                            ("medium", "Medium"),
                            ("small", "Small"),
                            ("micro", "Micro"),
                        ],
                        default="small",
                        max_length=8,
                        verbose_name="size",
                    ),
                ),
                ("principal", models.CharField(blank=True, max_length=60, verbose_name="principal")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                ("created_at", models.DateTimeField(verbose_name="registered")),
                ("import_key", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "enterprise",
                "verbose_name_plural": "enterprises",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search"], name="grid_enterprise_search"
                    ),
                    models.Index(fields=["name", "id"], name="grid_enterprise_by_name"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("uscc__isnull", False)),
                        fields=("uscc",),
                        name="grid_enterprise_uscc_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("import_key", ""), _negated=True),
                        fields=("import_key",),
                        name="grid_enterprise_imported_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("uscc__isnull", False), ("no_uscc_reason", "")),
                            models.Q(("uscc__isnull", True), models.Q(("no_uscc_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="grid_enterprise_uscc_or_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("uscc__isnull", True),
                            ("uscc__regex", "^[0-9A-HJ-NPQRTUWXY]{18}$"),
                            _connector="OR",
                        ),
                        name="grid_enterprise_uscc_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Industry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                ("code", models.CharField(max_length=4, unique=True, verbose_name="code")),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="divisions",
                        to="grid.industry",
                    ),
                ),
                ("matters", models.ManyToManyField(related_name="industries", to="grid.matter")),
            ],
            options={
                "verbose_name": "industry",
                "verbose_name_plural": "industries",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Feature",
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
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="features",
                        to="grid.matter",
                    ),
                ),
            ],
            options={
                "verbose_name": "feature",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RegisterEntry",
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
                ("uscc", models.CharField(max_length=18, unique=True, verbose_name="USCC")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("principal", models.CharField(blank=True, max_length=60, verbose_name="principal")),
                ("as_of", models.DateField(verbose_name="as of")),
            ],
            options={
                "verbose_name": "entry of a business register",
                "verbose_name_plural": "entries of a business register",
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="succeeded_by",
                        to="grid.district",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="succeeded",
                        to="grid.district",
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("renamed", "Renamed"),
                            ("recoded", "New code"),
                            ("merged", "Merged"),
                            ("split", "Split"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="basis")),
            ],
            options={
                "verbose_name": "succession",
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="grid_succession_once"),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="grid_succession_not_to_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
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
                ("short_name", models.CharField(blank=True, max_length=60, verbose_name="short name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "Government"),
                            ("committee_office", "Safety committee office"),
                            ("member_unit", "Member unit"),
                            ("party", "Party body"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="grid.district",
                        verbose_name="district",
                    ),
                ),
                ("prefix", models.CharField(blank=True, max_length=20, verbose_name="document prefix")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="legal basis")),
                (
                    "basis_en",
                    models.CharField(blank=True, max_length=200, verbose_name="legal basis in English"),
                ),
                (
                    "governs",
                    models.ManyToManyField(related_name="units", to="grid.matter", verbose_name="governs"),
                ),
            ],
            options={
                "verbose_name": "unit",
                "verbose_name_plural": "units",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Reorganisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("renamed", "Renamed"),
                            ("recoded", "New code"),
                            ("merged", "Merged"),
                            ("split", "Split"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
                ("basis", models.CharField(max_length=200, verbose_name="basis")),
                ("successors", models.JSONField()),
                ("parts", models.JSONField(default=dict)),
                ("rest", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("predecessors", models.ManyToManyField(related_name="reorganisations", to="grid.district")),
            ],
            options={
                "verbose_name": "reorganisation",
                "verbose_name_plural": "reorganisations",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["on"], name="grid_reorganisation_due"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grid.unit",
                    ),
                ),
                ("headings", models.CharField(max_length=64)),
                ("mapping", models.JSONField(default=dict)),
                ("words", models.JSONField(default=dict)),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("saved_at", models.DateTimeField(verbose_name="saved")),
            ],
            options={
                "verbose_name": "saved mapping",
                "indexes": [models.Index(fields=["kind", "headings"], name="grid_savedmapping_for")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "unit", "name"), name="grid_savedmapping_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
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
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="grid.enterprise",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="site")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="longitude")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="latitude")),
                (
                    "datum",
                    models.CharField(
                        choices=[
                            ("wgs84", "WGS-84"),
                            ("gcj02", "GCJ-02 (Amap, Tencent)"),
                            ("bd09", "BD-09 (Baidu)"),
                        ],
                        default="wgs84",
                        max_length=6,
                        verbose_name="position given in",
                    ),
                ),
                ("place_fixed", models.BooleanField(default=False)),
                ("place_doubt", models.BooleanField(default=False)),
                (
                    "industry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="grid.industry",
                        verbose_name="industry",
                    ),
                ),
                (
                    "features",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
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
                        default="blue",
                        max_length=6,
                        verbose_name="risk",
                    ),
                ),
                (
                    "landlord",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tenants",
                        to="grid.site",
                        verbose_name="landlord",
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
                        default="operating",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "matter_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="registered")),
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "sites",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["matter_ids"], name="grid_site_by_matter"
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="grid_site_search"),
                    models.Index(fields=["name", "id"], name="grid_site_by_name"),
                    models.Index(fields=["district", "name", "id"], name="grid_site_by_district"),
                    models.Index(fields=["township", "name", "id"], name="grid_site_by_township"),
                    models.Index(fields=["cell", "name", "id"], name="grid_site_by_cell"),
                    models.Index(fields=["township", "id"], name="grid_site_newest_in_township"),
                    models.Index(
                        condition=models.Q(("district__isnull", True)),
                        fields=["id"],
                        name="grid_site_to_be_placed",
                    ),
                    models.Index(
                        fields=["longitude", "latitude"],
                        include=("id", "risk", "district", "township", "cell"),
                        name="grid_site_on_the_map",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                            _connector="OR",
                        ),
                        name="grid_site_position_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("landlord", models.F("id")), _negated=True),
                        name="grid_site_not_its_own_landlord",
                    ),
                    models.UniqueConstraint(
                        fields=("enterprise", "name", "address"), name="grid_site_once_in_enterprise"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("original_name", models.CharField(max_length=200, verbose_name="file")),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.FileField(upload_to="imports/%Y/%m/")),
                ("columns", models.JSONField(default=list)),
                ("sample", models.JSONField(default=list)),
                ("spellings", models.JSONField(default=dict)),
                ("sheet", models.CharField(blank=True, max_length=100, verbose_name="sheet")),
                ("sheets", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=dict)),
                ("words", models.JSONField(default=dict)),
                (
                    "saved",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="grid.savedmapping",
                    ),
                ),
                (
                    "datum",
                    models.CharField(
                        choices=[
                            ("wgs84", "WGS-84"),
                            ("gcj02", "GCJ-02 (Amap, Tencent)"),
                            ("bd09", "BD-09 (Baidu)"),
                        ],
                        default="wgs84",
                        max_length=6,
                        verbose_name="positions given in",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Columns to be matched"),
                            ("checking", "Being checked"),
                            ("checked", "Checked"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="uploaded",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("started", models.BooleanField(default=False)),
                ("total", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="read")),
                ("created", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("rejected", models.PositiveIntegerField(default=0, verbose_name="rejected")),
                ("skipped", models.PositiveIntegerField(default=0, verbose_name="skipped")),
                ("unplaced", models.PositiveIntegerField(default=0, verbose_name="to be placed")),
                ("error", models.CharField(blank=True, max_length=40)),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
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
                ("created_at", models.DateTimeField(verbose_name="uploaded")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
            ],
            options={
                "verbose_name": "import",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["checking", "running"])),
                        fields=["id"],
                        name="grid_import_at_work",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteMatter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="matters", to="grid.site"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.matter"
                    ),
                ),
                ("span", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("industry", "From its industry"),
                            ("feature", "From its equipment"),
                            ("hand", "Set by hand"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (safegrid.kernel.dbfuncs.Int8Point("site"), "&&"),
                            (safegrid.kernel.dbfuncs.Int8Point("matter"), "&&"),
                            ("span", "&&"),
                        ],
                        name="grid_sitematter_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusChange",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="status_changes",
                        to="grid.enterprise",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="status_changes",
                        to="grid.site",
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
                ("since", models.DateField(verbose_name="from")),
                (
                    "months",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("at_work", models.BooleanField(null=True)),
            ],
            options={
                "verbose_name": "change of status",
                "verbose_name_plural": "changes of status",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["since"], name="grid_status_to_be_done"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enterprise", "site", "since"),
                        name="grid_status_once_a_day",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "seasonal"), models.Q(("months", []), _negated=True)),
                            models.Q(models.Q(("status", "seasonal"), _negated=True), ("months", [])),
                            _connector="OR",
                        ),
                        name="grid_status_season_has_months",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="grid.importjob"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("created", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("rejected", "Rejected"),
                            ("skipped", "Skipped"),
                        ],
                        max_length=10,
                    ),
                ),
                ("object_id", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("details", models.JSONField(default=dict)),
                ("cells", models.JSONField(default=list)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["job", "outcome", "number"], name="grid_importrow_by_outcome")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("job", "number"), name="grid_importrow_once")
                ],
            },
        ),
    ]
