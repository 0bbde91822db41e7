"""Writing one audit row.

Refuses to be silent: if the row cannot be written, `AuditUnavailable` is raised, and the caller's page answers 503 and
its transaction rolls back. Called inside the transaction of a write, and before anything is rendered for a read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.apps import apps
from django.db import DatabaseError
from django.http import HttpRequest

if TYPE_CHECKING:
    from netcare.audit.models import AuditEvent


# The request being answered in this thread, if any; set by `netcare.audit.middleware`.
current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)


class AuditUnavailable(Exception):
    """The audit row could not be written, so nothing was shown and nothing was saved."""


class RecordedActor(Protocol):
    """What the record needs to know about who acts. `netcare.access.Actor` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def role_names(self) -> list[str]: ...
    @property
    def institution_id(self) -> UUID | None: ...


def record(
    *,
    actor: RecordedActor,
    action: str,
    outcome: str = "allowed",
    patient_id: UUID | str | None = None,
    patient_ids: Iterable[UUID | str] = (),
    institution_id: UUID | None = None,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    request: HttpRequest | None = None,
    at: datetime | None = None,
) -> AuditEvent:
    """Write one row: `actor` did `action` (`noun.verb`, such as `patient.read`).

    `patient_ids` is for lists: every patient whose data the page shows. `institution_id` defaults to the actor's own.
    `request` defaults to the one being answered. `detail` holds identifiers, field names and sentences; patient data
    does not belong in it. Raises `AuditUnavailable`.
    """
    event_model = apps.get_model("audit", "AuditEvent")
    try:
        event = event_model(
            at=at or datetime.now(UTC),
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name[:200],
            actor_roles=actor.role_names,
            institution_id=institution_id or actor.institution_id,
            action=action,
            outcome=outcome,
            patient_id=patient_id,
            patient_ids=[str(one) for one in patient_ids],
            subject=subject[:300],
            detail=dict(detail or {}),
            **_about(request or current_request.get()),
        )
        event.save(force_insert=True)
    except (DatabaseError, OSError, ValueError, TypeError) as error:
        raise AuditUnavailable(f"The audit row for {action} could not be written: {error}") from error
    return event


def _about(request: HttpRequest | None) -> dict[str, str]:
    if request is None:
        return {}
    match = request.resolver_match
    return {
        "url_name": (match.view_name if match else "")[:120],
        "method": (request.method or "")[:10],
        "address": str(request.META.get("REMOTE_ADDR") or "")[:45],
        "request_id": str(getattr(request, "netcare_request_id", ""))[:40],
    }
