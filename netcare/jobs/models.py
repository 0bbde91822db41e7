"""The row that is the truth about one piece of background work.

Written by `netcare.jobs.actions` (asked for) and `netcare.jobs.leases` (taken, moved on, ended) alone. The payload
holds identifiers, never a patient's data.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class JobState(models.TextChoices):
    """Where a job stands. `failed` is the quarantine: nothing picks such a job up again by itself."""

    QUEUED = "queued", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "set aside"


class Job(models.Model):
    """One piece of background work, from being asked for to its end.

    A worker holds it by a lease: until `lease_expires_at`, and only while `lease_token` is the number it was given. The
    token grows with every lease, so that a worker that comes back from the dead cannot write over its successor.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey("access.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)

    state = models.CharField(max_length=8, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.PositiveIntegerField(default=0)
    lease_expires_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)

    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    cursor = models.CharField(max_length=200, blank=True, default="")
    skipped = models.JSONField(default=list)
    message = models.CharField(max_length=300, blank=True, default="")
    failure = models.CharField(max_length=500, blank=True, default="")

    created_at = models.DateTimeField()
    rung_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease_expires_at__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease_expires_at__isnull=True)),
                name="job_is_leased_exactly_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[JobState.DONE, JobState.FAILED], finished_at__isnull=False)
                | Q(state__in=[JobState.QUEUED, JobState.RUNNING], finished_at__isnull=True),
                name="job_has_an_end_exactly_when_over",
            ),
            models.CheckConstraint(
                condition=(Q(state=JobState.FAILED) & ~Q(failure="")) | (~Q(state=JobState.FAILED) & Q(failure="")),
                name="job_that_failed_says_why",
            ),
            models.CheckConstraint(condition=Q(total__isnull=True) | Q(done__lte=F("total")), name="job_done_in_total"),
            models.UniqueConstraint(fields=["kind", "institution", "due_on"], name="job_daily_once_per_institution"),
        ]
        indexes = [
            models.Index(fields=["state", "created_at", "id"], name="job_by_state"),
            models.Index(fields=["institution", "-created_at", "id"], name="job_by_institution"),
            models.Index(fields=["kind", "fingerprint"], condition=Q(state="queued"), name="job_waiting_by_content"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.state})"
