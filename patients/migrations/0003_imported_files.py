import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_excluded_pairs"),
        ("patients", "0002_patient_notes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("file_name", models.CharField(max_length=120)),
                ("format", models.CharField(max_length=8)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("row_count", models.PositiveIntegerField()),
                ("not_read", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("staged", "to be looked at"),
                            ("applying", "being applied"),
                            ("applied", "applied"),
                            ("discarded", "discarded"),
                        ],
                        default="staged",
                        max_length=10,
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("job_id", models.UUIDField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "applied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.institution"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "imported file",
            },
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sheet", models.CharField(blank=True, max_length=100)),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(blank=True, max_length=12)),
                ("patient_place", models.PositiveIntegerField()),
                ("mrn", models.CharField(blank=True, max_length=40)),
                ("cells", models.JSONField(default=dict)),
                ("content", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=list)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("changed", "changed"),
                            ("same", "same"),
                            ("conflicting", "conflicting"),
                            ("refused", "refused"),
                        ],
                        max_length=12,
                    ),
                ),
                ("column", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("target_id", models.UUIDField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not applied yet"),
                            ("applied", "applied"),
                            ("same", "on record already"),
                            ("not_applied", "not applied"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("outcome_reason", models.CharField(blank=True, max_length=1000)),
                ("patient_id", models.UUIDField(null=True)),
                ("entry_id", models.UUIDField(db_index=True, null=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="patients.importedfile"
                    ),
                ),
            ],
            options={
                "verbose_name": "imported row",
            },
        ),
        migrations.AddIndex(
            model_name="importedfile",
            index=models.Index(fields=["institution", "-sent_at", "id"], name="import_by_institution"),
        ),
        migrations.AddConstraint(
            model_name="importedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["staged", "applying", "applied", "discarded"])),
                name="import_state_known_word",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["staged", "discarded"]),
                    models.Q(("applied_by__isnull", False), ("job_id__isnull", False)),
                    _connector="OR",
                ),
                name="import_applied_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="importedrow",
            index=models.Index(fields=["file", "patient_place", "number"], name="imported_row_by_patient"),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.UniqueConstraint(fields=("file", "sheet", "number"), name="imported_row_place_unique"),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["new", "changed", "same", "conflicting", "refused"])),
                name="imported_row_verdict_known_word",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "applied", "same", "not_applied"])),
                name="imported_row_outcome_known_word",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict__in", ["conflicting", "refused"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="imported_row_says_why_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "not_applied"), _negated=True),
                    models.Q(("outcome_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="imported_row_not_applied_says_why",
            ),
        ),
    ]
