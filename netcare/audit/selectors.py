"""Which audit rows somebody may read, filtered and shaped for the page.

Own rows for who works with patients, the institution's for its auditors, and the rows of the pathway and of the
administration, which name no patient, for approvers and auditors. Refuses to widen: an actor without any of the three
gets nothing. Called by the audit page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from netcare.access import Actor, Capability, Scope
from netcare.audit.models import ActorKind, AuditEvent, Outcome

# The first word of actions that concern the pathway or the administration, never a patient.
WITHOUT_PATIENTS = (
    "ruleset.",
    "stop.",
    "draft.",
    "feedback.",
    "knowledge.",
    "user.",
    "role.",
    "team.",
    "api_client.",
    "institution.",
)


@dataclass(frozen=True)
class EventRow:
    """One line of the audit page, instants in the institution's time zone."""

    id: int
    at: datetime
    who: str
    roles: str
    action: str
    outcome: str
    subject: str
    patient_id: UUID | None
    patients: int
    sentence: str
    address: str


def visible_events(actor: Actor) -> QuerySet[AuditEvent]:
    """The rows this actor may read, the newest first."""
    wanted = Q(pk__in=[])
    if Scope.OWN in actor.scopes(Capability.AUDIT_OWN) and actor.id is not None:
        wanted |= Q(actor_id=actor.id)
    if Scope.INSTITUTION in actor.scopes(Capability.AUDIT_READ) and actor.institution_id is not None:
        wanted |= Q(institution_id=actor.institution_id)
    if Scope.GLOBAL in actor.scopes(Capability.AUDIT_PATHWAY):
        named = Q()
        for prefix in WITHOUT_PATIENTS:
            named |= Q(action__startswith=prefix)
        wanted |= named & Q(patient_id__isnull=True)
    return AuditEvent.objects.filter(wanted).newest_first()


def filtered(events: QuerySet[AuditEvent], asked: Mapping[str, object], zone: ZoneInfo) -> QuerySet[AuditEvent]:
    """By person, action, outcome, patient, and days of the institution's calendar, as far as they are asked for."""
    if who := asked.get("who"):
        events = events.filter(actor_name__icontains=who)
    if action := asked.get("action"):
        events = events.filter(action__startswith=action)
    if outcome := asked.get("outcome"):
        events = events.filter(outcome=outcome)
    if patient := asked.get("patient"):
        events = events.filter(Q(patient_id=patient) | Q(patient_ids__icontains=str(patient)))
    if isinstance(first := asked.get("first_on"), date):
        events = events.filter(at__gte=_begin(first, zone))
    if isinstance(last := asked.get("last_on"), date):
        events = events.filter(at__lt=_begin(last + timedelta(days=1), zone))
    return events


def event_row(event: AuditEvent, zone: ZoneInfo) -> EventRow:
    listed = len(event.patient_ids)
    return EventRow(
        id=event.id,
        at=event.at.astimezone(zone),
        who=event.actor_name if event.actor_kind != ActorKind.ANONYMOUS else "nobody signed in",
        roles=", ".join(str(role).replace("_", " ") for role in event.actor_roles),
        action=event.action,
        outcome=Outcome(event.outcome).label,
        subject=event.subject,
        patient_id=event.patient_id,
        patients=listed or (1 if event.patient_id else 0),
        sentence=str(event.detail.get("sentence", "")),
        address=event.address,
    )


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
