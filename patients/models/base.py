"""What the rows of the record share: they are appended, they say where they come from, and they are corrected by
rows.

It refuses to update or delete an appended row, through an instance or a queryset. The actions of ``patients.actions``
are the only writers.
"""

import uuid
from typing import Any, Never

from django.conf import settings
from django.db import models
from django.db.models import Q


class AppendOnlyError(Exception):
    """Somebody tried to change or delete a row that is kept for ever."""


class AppendOnlyQuerySet(models.QuerySet):
    """A queryset that reads and appends, and refuses the rest."""

    def update(self, **changes: Any) -> Never:
        raise AppendOnlyError(
            f"{self.model._meta.verbose_name}: rows are appended, never updated. Record a correction."
        )

    def delete(self) -> Never:
        raise AppendOnlyError(f"{self.model._meta.verbose_name}: rows are kept, never deleted. Record a correction.")


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.verbose_name} {self.pk} is on record and is never changed.")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> Never:
        raise AppendOnlyError(f"{self._meta.verbose_name} {self.pk} is on record and is never deleted.")


class Source(models.TextChoices):
    """Where a value comes from, in the record's own words."""

    PATHOLOGY = "pathology", "pathology"
    IMAGING = "imaging", "imaging"
    LAB = "lab", "laboratory"
    CLINIC = "clinic", "clinic"
    IMPORT = "import", "import"


class Observed(AppendOnly):
    """Something seen on a date, and where that is written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The first row of a chain of corrections: the history of one reading is one query.
    chain = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    observed_on = models.DateField()
    source = models.CharField(max_length=12, choices=Source.choices)
    source_text = models.CharField(max_length=200, blank=True)
    laboratory = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=120, blank=True)
    # One key per form sent: what was entered together, and the guard against a second click.
    batch = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    # The order of entry among the patient's rows: of two readings of one day, the later entered counts.
    sequence = models.PositiveIntegerField(default=0)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        abstract = True


class Correction(AppendOnly):
    """What became of a row: replaced by a later one, or entered in error. At most one per row."""

    REPLACED = "replaced"
    IN_ERROR = "in_error"
    KINDS = ((REPLACED, "corrected"), (IN_ERROR, "entered in error"))

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True


def correction_rule(name: str) -> models.CheckConstraint:
    """A replaced row names its replacement; an entry in error gives a reason."""
    return models.CheckConstraint(
        name=name,
        condition=Q(kind=Correction.REPLACED, replaced_by__isnull=False)
        | (Q(kind=Correction.IN_ERROR, replaced_by__isnull=True) & ~Q(reason="")),
    )


class Submission(AppendOnly):
    """One form sent: a second arrival of the same key changes nothing and is answered with the first one's result."""

    key = models.UUIDField(primary_key=True)
    action = models.CharField(max_length=40)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    result = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "submission"
