"""Concerns about safety that people reported, and every step that was taken with them. Written once, never changed.

What it refuses to do: know a patient. A report says what the program did; the state of an incident is its last step.
"""

from __future__ import annotations

import uuid
from typing import Any, Never

from django.conf import settings
from django.db import models
from django.db.models import Q

from netcare.access.models import Institution


class Severity(models.TextChoices):
    """How bad it could be for a patient, in the words of the hazard log."""

    CATASTROPHIC = "catastrophic", "catastrophic: death or lasting harm"
    MAJOR = "major", "major: harm that needs treatment, or a treatment wrongly given or left out"
    CONSIDERABLE = "considerable", "considerable: delay, extra visits or worry"
    NOT_KNOWN = "not_known", "cannot tell"


class StepKind(models.TextChoices):
    """What was done with an incident after it was reported."""

    ASSESSED = "assessed", "assessed"
    CLOSED = "closed", "closed"
    REOPENED = "reopened", "reopened"


class RowIsFinal(TypeError):
    """Raised when code tries to change or delete a row of the safety file through the model."""


class FinalQuerySet(models.QuerySet):
    """Reads and appends only; the database refuses the rest as well."""

    def update(self, **changes: Any) -> Never:
        raise RowIsFinal("What was reported is never changed. Add a step.")

    def delete(self) -> Never:
        raise RowIsFinal("What was reported is never deleted. Close it with a reason.")


class Final(models.Model):
    """A row that is written once."""

    objects = FinalQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise RowIsFinal("What was reported is never changed. Add a step.")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> Never:
        raise RowIsFinal("What was reported is never deleted. Close it with a reason.")


class Incident(Final):
    """A concern as it was reported. `page` is the name of the address from which, `ruleset` what was in force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    happened_on = models.DateField()
    what_happened = models.TextField()
    immediate_control = models.TextField(blank=True)
    severity = models.CharField(max_length=12, choices=Severity.choices)
    page = models.CharField(max_length=80, blank=True)
    ruleset = models.CharField(max_length=160, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_by_name = models.CharField(max_length=200)
    reported_role = models.CharField(max_length=200)
    reported_at = models.DateTimeField()
    submission = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "number"], name="incident_number_once"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="incident_known_severity"),
            models.CheckConstraint(condition=~Q(what_happened=""), name="incident_says_what_happened"),
        ]

    def __str__(self) -> str:
        return f"S-{self.number}"


class IncidentStep(Final):
    """One step: assessed (severity, hazard, control), closed or reopened (reason). Numbered from 1 per incident."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="steps")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    severity = models.CharField(max_length=12, choices=Severity.choices, blank=True)
    hazard = models.CharField(max_length=10, blank=True)
    text = models.TextField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_by_name = models.CharField(max_length=200)
    taken_role = models.CharField(max_length=200)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "sequence"], name="incident_step_number_once"),
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="incident_step_known_kind"),
            models.CheckConstraint(condition=~Q(text=""), name="incident_step_says_why"),
            models.CheckConstraint(
                condition=~Q(kind="assessed") | Q(severity__in=Severity.values), name="incident_step_assessed_severity"
            ),
        ]
