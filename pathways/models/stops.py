"""Emergency stops: who asked, who stopped which option and why, the second look, and who lifted it. All appended.

What it refuses to do: hold a state. A stop is what its events say, each of a kind once; the overlays that assessments are
made under are rows of their own, numbered without gaps, immutable by triggers on both databases.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.models.base import AppendOnly


class StopEventKind(models.TextChoices):
    """What can happen to a stop, each once."""

    ASKED = "asked", "asked for"
    DECLINED = "declined", "declined"
    PLACED = "placed", "placed"
    CONFIRMED = "confirmed", "confirmed by a second look"
    LIFTED = "lifted", "lifted"


class EmergencyStop(AppendOnly):
    """One stop of one option, from the moment when somebody asks for it or places it. `rule`: the rule it began with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    option = models.CharField(max_length=60)
    rule = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(option=""), name="emergency_stop_names_option")]
        indexes = [models.Index(fields=["option", "opened_at"], name="emergency_stop_by_option")]


class StopEvent(AppendOnly):
    """What happened to a stop: who did it, when, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stop = models.ForeignKey(EmergencyStop, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=StopEventKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    by_role = models.CharField(max_length=200)
    at = models.DateTimeField()
    reason = models.CharField(max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stop", "kind"], name="stop_event_each_once"),
            models.CheckConstraint(condition=Q(kind__in=StopEventKind.values), name="stop_event_known_kind"),
            models.CheckConstraint(condition=~Q(by_name="") & ~Q(reason=""), name="stop_event_says_who_and_why"),
        ]
        indexes = [models.Index(fields=["kind", "at"], name="stop_event_by_kind")]


class StopOverlay(AppendOnly):
    """The stops in force from one moment to the next: number, canonical text, digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="stop_overlay_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="stop_overlay_from_one"),
            models.CheckConstraint(condition=Q(digest__startswith="sha256:"), name="stop_overlay_digest_sha256"),
        ]
