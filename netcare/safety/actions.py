"""Reporting a concern, and the steps that an approver takes with it. Each is one transaction with its audit row.

What it refuses to do: change or forget a report; let somebody close their own; take a step over another that came
in between. The audit row holds number, severity and hazard, never the text. Called by the views of this package.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from netcare.access import Actor, Capability, refuse, require, today_for
from netcare.access.actions import ChangeRefused
from netcare.access.actions.common import lock, require_at
from netcare.audit import record
from netcare.safety.hazards import hazards
from netcare.safety.models import Incident, IncidentStep, Severity, StepKind
from netcare.safety.selectors import ruleset_line, state_of

LONGEST = 2000
SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class Concern:
    """What somebody reports. `page` is the name of the address from which; it names no patient."""

    what_happened: str
    happened_on: date
    severity: str
    immediate_control: str = ""
    page: str = ""


@transaction.atomic
def report_incident(*, actor: Actor, concern: Concern, submission: UUID, at: datetime | None = None) -> Incident:
    """Put a concern on file, open from now on. A second arrival of the same form is answered with the first one's row."""
    require(actor, Capability.INCIDENT_REPORT)
    at, person = at or datetime.now(UTC), actor.person
    lock(actor.home.id)
    if earlier := Incident.objects.filter(submission=submission, reported_by=person).first():
        return earlier
    _check(concern, today_for(actor.home, at=at))
    last = Incident.objects.filter(institution=actor.home).aggregate(last=Max("number"))["last"] or 0
    incident = Incident.objects.create(
        institution=actor.home,
        number=last + 1,
        happened_on=concern.happened_on,
        what_happened=_text("what_happened", "What happened", concern.what_happened, shortest=1),
        immediate_control=_text("immediate_control", "What was done at once", concern.immediate_control),
        severity=concern.severity,
        page=concern.page[:80],
        ruleset=ruleset_line(),
        reported_by=person,
        reported_by_name=actor.name,
        reported_role=actor.role_titles,
        reported_at=at,
        submission=submission,
    )
    _record(actor, incident, "report", at, severity=incident.severity)
    return incident


@transaction.atomic
def assess_incident(
    *,
    actor: Actor,
    incident: Incident,
    severity: str,
    hazard: str,
    control: str,
    seen: int,
    at: datetime | None = None,
) -> IncidentStep:
    """Say how bad it is, which hazard it belongs to, and what keeps patients safe meanwhile."""
    _may_triage(actor, incident)
    if severity not in Severity.values or severity == Severity.NOT_KNOWN:
        accepted = ", ".join(one.value for one in Severity if one != Severity.NOT_KNOWN)
        raise ChangeRefused("severity", f"Severity: an assessment says one of {accepted}.")
    if hazard and hazard not in {one.id for one in hazards()}:
        raise ChangeRefused("hazard", f"There is no hazard “{hazard[:20]}” in the log; leave it open for a new one.")
    text = _text("text", "What keeps patients safe meanwhile", control, shortest=SHORTEST_REASON)
    return _step(actor, incident, StepKind.ASSESSED, seen, at, text, severity=severity, hazard=hazard)


@transaction.atomic
def close_incident(
    *, actor: Actor, incident: Incident, reason: str, seen: int, at: datetime | None = None
) -> IncidentStep:
    """End it with a reason. Assessed first, and by somebody else than who reported it."""
    _may_triage(actor, incident)
    state = state_of(incident)
    if state.is_closed:
        raise ChangeRefused("", f"{incident} is closed already.")
    if not state.severity:
        raise ChangeRefused("", f"{incident} was not assessed yet: say first how bad it is and what is done.")
    if incident.reported_by_id == actor.person.pk:
        raise ChangeRefused("", f"You reported {incident}; another approver closes it.")
    text = _text("text", "The reason", reason, shortest=SHORTEST_REASON)
    return _step(actor, incident, StepKind.CLOSED, seen, at, text)


@transaction.atomic
def reopen_incident(
    *, actor: Actor, incident: Incident, reason: str, seen: int, at: datetime | None = None
) -> IncidentStep:
    """Open a closed one again, because it was closed too early or happened again."""
    _may_triage(actor, incident)
    if not state_of(incident).is_closed:
        raise ChangeRefused("", f"{incident} is open; there is nothing to reopen.")
    text = _text("text", "The reason", reason, shortest=SHORTEST_REASON)
    return _step(actor, incident, StepKind.REOPENED, seen, at, text)


def _may_triage(actor: Actor, incident: Incident) -> None:
    require_at(actor, Capability.INCIDENT_TRIAGE, incident.institution_id)
    if actor.user is None:
        raise refuse("The safety file is written by people: sign in with an account of your own.")


def _step(
    actor: Actor,
    incident: Incident,
    kind: StepKind,
    seen: int,
    at: datetime | None,
    text: str,
    *,
    severity: str = "",
    hazard: str = "",
) -> IncidentStep:
    """Append a step after the last one that its author saw."""
    at = at or datetime.now(UTC)
    meanwhile = ChangeRefused("", f"Somebody took a step with {incident} meanwhile. Read it above, then send again.")
    if state_of(incident).sequence != seen:
        raise meanwhile
    try:
        with transaction.atomic():
            step = IncidentStep.objects.create(
                incident=incident,
                sequence=seen + 1,
                kind=kind,
                severity=severity,
                hazard=hazard,
                text=text,
                taken_by=actor.person,
                taken_by_name=actor.name,
                taken_role=actor.role_titles,
                taken_at=at,
            )
    except IntegrityError:
        raise meanwhile from None
    _record(actor, incident, kind, at, severity=severity, hazard=hazard)
    return step


def _record(actor: Actor, incident: Incident, verb: str, at: datetime, **detail: str) -> None:
    said = {"incident": str(incident.id), **{name: value for name, value in detail.items() if value}}
    record(actor=actor, action=f"incident.{verb}", subject=str(incident), detail=said, at=at)


def _check(concern: Concern, today: date) -> None:
    if concern.happened_on > today:
        raise ChangeRefused("happened_on", f"{concern.happened_on} is in the future. Today is {today}.")
    if concern.happened_on.year < 2000:
        raise ChangeRefused("happened_on", f"{concern.happened_on} is before there was a netcare. Accepted: from 2000.")
    if concern.severity not in Severity.values:
        raise ChangeRefused("severity", f"How bad it could be is one of {', '.join(Severity.values)}.")


def _text(field: str, title: str, text: str, *, shortest: int = 0) -> str:
    """Lines stay; blanks at their ends and invisible signs do not."""
    plain = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(plain) < shortest:
        need = "missing" if shortest == 1 else f"“{plain}”; write at least {shortest} characters"
        raise ChangeRefused(field, f"{title} is {need}.")
    if len(plain) > LONGEST:
        raise ChangeRefused(field, f"{title} has {len(plain)} characters. Accepted are up to {LONGEST}.")
    if any(not line.isprintable() for line in plain.split("\n")):
        raise ChangeRefused(field, f"{title} contains signs that cannot be shown. Type it again.")
    return plain
