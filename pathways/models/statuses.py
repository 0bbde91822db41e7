"""The statuses in force that lists and filters use: derived by a job, thrown away at any time, never an assessment."""

from django.db import models
from django.db.models import Q

from pathways.engine import Status
from pathways.models.versions import RulesetVersion

STATUS_CHOICES = [(status.value, status.value.replace("_", " ")) for status in Status]


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
    suspended = models.PositiveSmallIntegerField(default=0)
    # The number of the emergency stops they were computed under; None where none was in force.
    overlay = models.PositiveIntegerField(null=True)


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
