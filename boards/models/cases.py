"""Cases: a tumor brought to the board with a question, from the referral to the decision, and what happened on the way.

A patient has as many cases as the years bring, one open per tumor. The assessment is frozen when the agenda is locked:
`snapshot` is the latest of them, every event keeps its own. The actions are the only writers.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.models.base import AppendOnly


class CaseState(models.TextChoices):
    """`referred`: waits for a meeting; `scheduled`: stands on an agenda; the other two are final."""

    REFERRED = "referred", "waiting for a meeting"
    SCHEDULED = "scheduled", "on an agenda"
    DECIDED = "decided", "decided"
    WITHDRAWN = "withdrawn", "withdrawn"


OPEN_STATES = (CaseState.REFERRED, CaseState.SCHEDULED)


class Priority(models.TextChoices):
    URGENT = "urgent", "urgent"
    SOON = "soon", "soon"
    ROUTINE = "routine", "routine"


class Case(models.Model):
    """One question about one tumor. `position` is its place on the agenda, from 1; `version` counts every change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("access.Institution", on_delete=models.PROTECT, related_name="+")
    tumor = models.ForeignKey("patients.Tumor", on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey("patients.Referral", on_delete=models.PROTECT, related_name="+", null=True)
    referred_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    referred_by_name = models.CharField(max_length=200)
    referred_at = models.DateTimeField()
    question = models.CharField(max_length=500, blank=True)
    presenter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    presenter_name = models.CharField(max_length=200, blank=True)
    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.ROUTINE)
    minutes = models.PositiveSmallIntegerField(default=7)
    meeting = models.ForeignKey("boards.Meeting", on_delete=models.PROTECT, related_name="cases", null=True)
    position = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.REFERRED)
    snapshot = models.ForeignKey("pathways.Snapshot", on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_known_state"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="case_known_priority"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=120), name="case_minutes_in_range"),
            models.CheckConstraint(
                condition=Q(state__in=[CaseState.SCHEDULED, CaseState.DECIDED], meeting__isnull=False)
                | Q(state__in=[CaseState.REFERRED, CaseState.WITHDRAWN], meeting__isnull=True),
                name="case_on_agenda_names_meeting",
            ),
            models.UniqueConstraint(
                fields=["tumor"], condition=Q(state__in=["referred", "scheduled"]), name="case_open_once_per_tumor"
            ),
        ]
        indexes = [models.Index(fields=["institution", "state"], name="case_by_state")]


class CaseKind(models.TextChoices):
    """What can happen to a case."""

    REFERRED = "referred", "referred"
    SCHEDULED = "scheduled", "put on a meeting"
    EDITED = "edited", "changed"
    POSTPONED = "postponed", "postponed"
    SNAPSHOT = "snapshot", "assessment kept"
    DECIDED = "decided", "decided"
    WITHDRAWN = "withdrawn", "withdrawn"


class CaseEvent(AppendOnly):
    """One thing that happened to a case. `meeting`: the one it is about; `reason`: a code of `boards.reasons`."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=CaseKind.choices)
    meeting = models.ForeignKey("boards.Meeting", on_delete=models.PROTECT, related_name="+", null=True)
    snapshot = models.ForeignKey("pathways.Snapshot", on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.CharField(max_length=30, blank=True)
    line = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="case_event_number_once"),
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="case_event_known_kind"),
        ]


class ChaseItem(models.Model):
    """Who sees to one thing that a case lacks. What lacks is derived; this row only says who owes it and until when.

    `key` names the gap (`fact:egfr`, `review`, `report:pathology`, …). `version` counts the changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="chase_items")
    key = models.CharField(max_length=80)
    owner_name = models.CharField(max_length=200, blank=True)
    department = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True)
    asked_on = models.DateField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="chase_item_once_per_gap")]
