import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    # Of a portal that was set up before these were put together.
    replaces = [
        ("files", "0001_initial"),
        ("files", "0002_reports"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("original", models.FileField(upload_to="originals/%Y/%m/")),
                ("derivative", models.FileField(blank=True, upload_to="derivatives/%Y/%m/")),
                ("thumbnail", models.FileField(blank=True, upload_to="derivatives/%Y/%m/")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                (
                    "origin",
                    models.CharField(
                        choices=[("camera", "Camera"), ("album", "Album")],
                        default="album",
                        max_length=8,
                        verbose_name="from",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Being prepared"),
                            ("ready", "Ready"),
                            ("unreadable", "Could not be read"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("form_key", models.UUIDField(null=True)),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded")),
            ],
            options={
                "verbose_name": "file",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["uploaded_at"], name="files_waiting"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("uploaded_by", "sha256"), name="files_same_upload_once"),
                    models.UniqueConstraint(fields=("form_key", "sha256"), name="files_same_in_form_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("form_key", None), ("uploaded_by__isnull", False)),
                            models.Q(("form_key__isnull", False), ("uploaded_by", None)),
                            _connector="OR",
                        ),
                        name="files_come_from_somebody_or_a_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="files.storedfile",
                    ),
                ),
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
                    "role",
                    models.CharField(
                        choices=[("before", "Before"), ("after", "After"), ("other", "Other evidence")],
                        default="other",
                        max_length=8,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "evidence",
                "indexes": [models.Index(fields=["subject_type", "subject_id"], name="files_evidence_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "subject_type", "subject_id", "role", "round"),
                        name="files_evidence_once",
                    )
                ],
            },
        ),
    ]
