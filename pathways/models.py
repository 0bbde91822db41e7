"""Published versions of rulesets, and the statuses in force that lists and filters use.

What it is: two kinds of rows. A version is immutable from birth (triggers refuse any change); the statuses in force are
derived by a job, can be thrown away at any time, and are never shown as an assessment.
What it refuses to do: hold rules as rows or code; a version keeps its canonical text, and its digest proves it.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from pathways.engine import Status

STATUS_CHOICES = [(status.value, status.value.replace("_", " ")) for status in Status]


class RulesetVersion(models.Model):
    """One published version of a pathway: number, content, digest, who published it and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=80)
    content = models.TextField()
    note = models.TextField(blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    published_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="ruleset_version_number_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="ruleset_version_from_one"),
            models.CheckConstraint(condition=Q(digest__startswith="sha256:"), name="ruleset_version_digest_sha256"),
            models.CheckConstraint(condition=~Q(published_by_name=""), name="ruleset_version_named_publisher"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class StatusesInForce(models.Model):
    """When and under what the statuses of one tumor were last computed, with how many options have which status."""

    tumor = models.OneToOneField(
        "patients.Tumor", on_delete=models.PROTECT, primary_key=True, related_name="statuses_in_force"
    )
    ruleset_version = models.ForeignKey(RulesetVersion, on_delete=models.PROTECT, related_name="+")
    facts_digest = models.CharField(max_length=80)
    assessed_on = models.DateField()
    refreshed_at = models.DateTimeField()
    complete = models.BooleanField()
    candidates = models.PositiveSmallIntegerField()
    conditionals = models.PositiveSmallIntegerField()
    possibles = models.PositiveSmallIntegerField()
    excluded = models.PositiveSmallIntegerField()
    not_indicated = models.PositiveSmallIntegerField()


class CurrentStatus(models.Model):
    """The status in force of one option for one tumor."""

    tumor = models.ForeignKey("patients.Tumor", on_delete=models.PROTECT, related_name="current_statuses")
    option = models.CharField(max_length=60)
    status = models.CharField(max_length=20, choices=STATUS_CHOICES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tumor", "option"], name="current_status_once_per_option"),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in Status]), name="current_status_known_word"
            ),
        ]
        indexes = [models.Index(fields=["option", "status"], name="current_status_by_option")]
