"""Imports: a file that somebody sent, and its rows, staged beside the record until they are applied.

A staged row is in the record for nobody: no list, page or assessment reads these tables. ``patients.imports`` is the
only writer. What was applied is in the record through the same actions as everything else, and stays when the staged
rows are discarded.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Verdict(models.TextChoices):
    """What a row would do to the record. Only new and changed rows are ever applied."""

    NEW = "new", "new"
    CHANGED = "changed", "changed"
    SAME = "same", "same"
    CONFLICTING = "conflicting", "conflicting"
    REFUSED = "refused", "refused"


class RowOutcome(models.TextChoices):
    """What became of a row when the import was applied."""

    WAITING = "", "not applied yet"
    APPLIED = "applied", "applied"
    SAME = "same", "on record already"
    NOT_APPLIED = "not_applied", "not applied"


class ImportState(models.TextChoices):
    STAGED = "staged", "to be looked at"
    APPLYING = "applying", "being applied"
    APPLIED = "applied", "applied"
    DISCARDED = "discarded", "discarded"


class ImportedFile(models.Model):
    """One file that was sent: who, when, what it was. Its bytes are not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("access.Institution", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    format = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    row_count = models.PositiveIntegerField()
    # Sentences about what in the file is no data: examples, the sheet of accepted values.
    not_read = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.STAGED)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    # The row of the job; no foreign key, because jobs are forgotten after a month and imports are not.
    job_id = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "imported file"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_known_word"),
            models.CheckConstraint(
                condition=Q(state__in=[ImportState.STAGED, ImportState.DISCARDED])
                | Q(applied_by__isnull=False, job_id__isnull=False),
                name="import_applied_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["institution", "-sent_at", "id"], name="import_by_institution")]

    def __str__(self) -> str:
        return self.file_name


class ImportedRow(models.Model):
    """One row of the file: what was written, what it was understood as, what it would do, what became of it."""

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, related_name="rows")
    sheet = models.CharField(max_length=100, blank=True)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, blank=True)
    # The rows of one patient are applied in one transaction; their place among the patients of the file.
    patient_place = models.PositiveIntegerField()
    mrn = models.CharField(max_length=40, blank=True)
    cells = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    # For each cell: column, written, understood, on record, verdict.
    fields = models.JSONField(default=list)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    column = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    # The reading or treatment that a changed row would correct.
    target_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=12, choices=RowOutcome.choices, blank=True, default="")
    outcome_reason = models.CharField(max_length=1000, blank=True)
    patient_id = models.UUIDField(null=True)
    # The row of the record that this row led to.
    entry_id = models.UUIDField(null=True, db_index=True)

    class Meta:
        verbose_name = "imported row"
        constraints = [
            models.UniqueConstraint(fields=["file", "sheet", "number"], name="imported_row_place_unique"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="imported_row_verdict_known_word"),
            models.CheckConstraint(condition=Q(outcome__in=RowOutcome.values), name="imported_row_outcome_known_word"),
            models.CheckConstraint(
                condition=~Q(verdict__in=[Verdict.CONFLICTING, Verdict.REFUSED]) | ~Q(reason=""),
                name="imported_row_says_why_not",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=RowOutcome.NOT_APPLIED) | ~Q(outcome_reason=""),
                name="imported_row_not_applied_says_why",
            ),
        ]
        indexes = [models.Index(fields=["file", "patient_place", "number"], name="imported_row_by_patient")]
