"""One row per thing done, read or refused.

Refuses to be changed: saving a row a second time and deleting one raise here, and triggers refuse both in the database.
There are no foreign keys, because a cascade or SET NULL from a parent row would be a way to alter the record; what the
row says about people and patients is copied into it and stays true when they are renamed. Written by `record` alone.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models.functions import Now


class Outcome(models.TextChoices):
    ALLOWED = "allowed", "allowed"
    DENIED = "denied", "denied"
    FAILED = "failed", "failed"


class ActorKind(models.TextChoices):
    USER = "user", "person"
    API_CLIENT = "api_client", "API client"
    SYSTEM = "system", "the system"
    ANONYMOUS = "anonymous", "nobody signed in"


class AuditRowIsFinal(TypeError):
    """Raised when code tries to change or delete an audit row through the model."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Reads only; the database refuses the rest as well, this says it in words."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AuditRowIsFinal("Audit rows are never changed.")

    def delete(self) -> NoReturn:
        raise AuditRowIsFinal("Audit rows are never deleted.")

    def newest_first(self) -> AuditEventQuerySet:
        """By sequence, not by clock: clocks jump, the sequence does not."""
        return self.order_by("-id")


class AuditEvent(models.Model):
    """`at` is the application's clock, `recorded_at` the database's; both UTC. `id` is the order of writing."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor_kind = models.CharField(max_length=20, choices=ActorKind)
    actor_id = models.UUIDField(null=True, blank=True)
    actor_name = models.CharField(max_length=200)
    actor_roles = models.JSONField(default=list, blank=True)
    institution_id = models.UUIDField(null=True, blank=True)
    action = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, choices=Outcome)
    patient_id = models.UUIDField(null=True, blank=True)
    patient_ids = models.JSONField(default=list, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    url_name = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=10, blank=True)
    address = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        db_table = "audit_event"
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="audit_event_known_outcome"),
            models.CheckConstraint(condition=models.Q(actor_kind__in=ActorKind.values), name="audit_event_known_actor"),
            models.CheckConstraint(condition=~models.Q(action=""), name="audit_event_has_action"),
        ]
        indexes = [
            models.Index(fields=["institution_id", "-id"], name="audit_by_institution"),
            models.Index(fields=["actor_id", "-id"], name="audit_by_actor"),
            models.Index(fields=["patient_id", "-id"], name="audit_by_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.action} ({self.outcome})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AuditRowIsFinal("Audit rows are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditRowIsFinal("Audit rows are never deleted.")
