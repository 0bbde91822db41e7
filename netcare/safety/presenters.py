"""The safety file as its page and its exports show it. It adds nothing to hazards, incidents and release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from netcare.access import Actor, Capability
from netcare.safety.hazards import STATES, Hazard, hazards
from netcare.safety.models import Incident, Severity
from netcare.safety.selectors import Release, State, release_state, state_of, steps_of, visible_incidents

EVIDENCE = (
    "The tests named here run at every commit of the program. A running program does not know how their last run "
    "ended: this page names the evidence and shows no live state."
)


@dataclass(frozen=True, slots=True)
class HazardGroup:
    """The hazards of one state."""

    title: str
    hazards: tuple[Hazard, ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of an incident in words; the report itself is the first."""

    word: str
    who: str
    at: datetime
    text: str
    severity: str
    hazard: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident with its whole course."""

    id: UUID
    name: str
    state: State
    happened_on: date
    severity: str
    hazard: str
    what_happened: str
    immediate_control: str
    page: str
    ruleset: str
    steps: tuple[StepLine, ...]
    reported_by_reader: bool


@dataclass(frozen=True, slots=True)
class SafetyFile:
    """The whole file for one reader. `incidents_said` stands in place of the incidents for who may not read them."""

    institution: str
    release: Release
    gates: str
    evidence: str
    groups: tuple[HazardGroup, ...]
    open: tuple[IncidentView, ...]
    closed: tuple[IncidentView, ...]
    incidents_said: str


def safety_file(actor: Actor) -> SafetyFile:
    """Hazards, incidents that the reader may see, and the release in force."""
    may_read = actor.may(Capability.INCIDENT_READ)
    views = [incident_view(incident, actor) for incident in visible_incidents(actor)]
    release = release_state()
    return SafetyFile(
        institution=str(actor.institution or ""),
        release=release,
        gates=release.gates,
        evidence=EVIDENCE,
        groups=tuple(
            HazardGroup(title, tuple(one for one in hazards() if one.state == state)) for state, title in STATES.items()
        ),
        open=tuple(view for view in views if not view.state.is_closed),
        closed=tuple(view for view in views if view.state.is_closed),
        incidents_said="" if may_read.allowed else may_read.sentence,
    )


def incident_view(incident: Incident, actor: Actor) -> IncidentView:
    """One incident for its page, with every step."""
    state = state_of(incident)
    return IncidentView(
        id=incident.id,
        name=str(incident),
        state=state,
        happened_on=incident.happened_on,
        severity=severity_word(state.severity or incident.severity),
        hazard=_hazard(state.hazard),
        what_happened=incident.what_happened,
        immediate_control=incident.immediate_control,
        page=incident.page,
        ruleset=incident.ruleset,
        steps=(
            _reported(incident),
            *(
                StepLine(
                    step.get_kind_display(),
                    f"{step.taken_by_name}, {step.taken_role}",
                    step.taken_at,
                    step.text,
                    severity_word(step.severity),
                    _hazard(step.hazard),
                )
                for step in steps_of(incident)
            ),
        ),
        reported_by_reader=actor.id == incident.reported_by_id,
    )


def severity_word(code: str) -> str:
    """The word of the hazard log: what stands before the colon."""
    return Severity(code).label.partition(":")[0] if code else ""


def _reported(incident: Incident) -> StepLine:
    who = f"{incident.reported_by_name}, {incident.reported_role}"
    severity = severity_word(incident.severity)
    return StepLine("reported", who, incident.reported_at, incident.what_happened, severity, "")


def _hazard(code: str) -> str:
    found = next((one for one in hazards() if one.id == code), None)
    return f"{found.id}: {found.hazard}" if found else code
