"""Reads of the safety file: which incidents somebody may see, what state they are in, and the release in force.

What it refuses to do: widen. Incidents are of the institution of whoever asks; somebody without the right to read them
gets none. Called by actions, presenters and views of this package.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from netcare.access import Actor, Capability, Scope
from netcare.safety.models import Incident, IncidentStep, StepKind
from pathways.selectors import NoRulesetInForce, version_in_force


@dataclass(frozen=True, slots=True)
class State:
    """Where an incident stands: the word, the last assessment, and the number of its last step."""

    word: str
    is_closed: bool
    severity: str
    hazard: str
    sequence: int


# A version that was loaded from files went through no draft.
NO_GATES = "none recorded: it was loaded from files, not drafted"


@dataclass(frozen=True, slots=True)
class Release:
    """What is in force and by whose doing; "" where nothing is recorded."""

    ruleset: str
    digest: str
    published_by: str
    published_at: datetime | None
    note: str
    program: str
    gates: str = ""


def visible_incidents(actor: Actor) -> QuerySet[Incident]:
    """The incidents that this actor may read, the latest first."""
    if Scope.INSTITUTION not in actor.scopes(Capability.INCIDENT_READ) or actor.institution_id is None:
        return Incident.objects.none()
    found = Incident.objects.filter(institution_id=actor.institution_id)
    return found.prefetch_related("steps").order_by("-number", "id")


def visible_incident(actor: Actor, incident_id: UUID) -> Incident | None:
    """One of them, or None where it does not exist or may not be seen: the two answer the same."""
    return visible_incidents(actor).filter(pk=incident_id).first()


def steps_of(incident: Incident) -> list[IncidentStep]:
    """The steps in their order."""
    return sorted(incident.steps.all(), key=lambda step: step.sequence)


def state_of(incident: Incident) -> State:
    """Derived from the steps; nothing stores it."""
    steps = steps_of(incident)
    assessed = next((step for step in reversed(steps) if step.kind == StepKind.ASSESSED), None)
    last = steps[-1] if steps else None
    closed = last is not None and last.kind == StepKind.CLOSED
    return State(
        word=last.get_kind_display() if last else "reported",
        is_closed=closed,
        severity=assessed.severity if assessed else "",
        hazard=assessed.hazard if assessed else "",
        sequence=last.sequence if last else 0,
    )


def release_state() -> Release:
    """The version in force and the program's own number."""
    try:
        version = version_in_force()
    except NoRulesetInForce:
        return Release("", "", "", None, "", program_version())
    return Release(
        ruleset=f"{version.title} v{version.version}",
        digest=version.digest,
        published_by=version.published_by_name,
        published_at=version.published_at,
        note=version.note,
        program=program_version(),
        gates=version.gates or NO_GATES,
    )


def ruleset_line() -> str:
    """The version in force with the beginning of its digest, as an incident keeps it."""
    release = release_state()
    return f"{release.ruleset}, {release.digest[:23]}" if release.ruleset else "none in force"


@cache
def program_version() -> str:
    """The number in pyproject.toml, which stands beside the code."""
    try:
        with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return "not recorded"
