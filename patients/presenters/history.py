"""The history of one feature: every reading ever entered, what became of it, and the decisions on which one counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pathways.engine import Feature
from patients.entry.dates import show_day
from patients.facts import Facts, reading_of
from patients.models import Finding, FindingCorrection, Patient, Settlement
from patients.presenters.reading_text import (
    age_text,
    entered_text,
    origin_text,
    outside_text,
    reference_text,
    value_text,
    written_text,
)
from patients.values import from_text


@dataclass(frozen=True, slots=True)
class HistoryRow:
    id: UUID
    value: str
    written: str
    reference: str
    outside: str
    observed: str
    age: str
    origin: str
    specimen: str
    note: str
    entered: str
    state: str
    state_text: str

    @property
    def is_live(self) -> bool:
        return self.state in ("in-force", "other")


@dataclass(frozen=True, slots=True)
class Decision:
    value: str
    observed: str
    reason: str
    settled: str


def history_rows(
    feature: Feature, findings: Sequence[Finding], facts: Facts, *, patient: Patient, today: date
) -> list[HistoryRow]:
    in_force = facts.readings.get(feature.name)
    return [
        _row(
            feature,
            finding,
            in_force.finding_id if in_force else None,
            patient,
            today,
            settled=bool(in_force and in_force.settled),
        )
        for finding in findings
    ]


def decisions(feature: Feature, settlements: Sequence[Settlement], patient: Patient) -> list[Decision]:
    zone = patient.institution.time_zone
    return [
        Decision(
            value=feature.show(from_text(one.finding.value)) if one.finding.known else "not known",
            observed=show_day(one.finding.observed_on),
            reason=one.reason,
            settled=entered_text(one.settled_by.display_name, one.settled_at, zone),
        )
        for one in settlements
    ]


def _row(
    feature: Feature, finding: Finding, in_force: UUID | None, patient: Patient, today: date, *, settled: bool
) -> HistoryRow:
    reading = reading_of(finding)
    state, text = _state(finding, in_force, patient.institution.time_zone, settled=settled)
    return HistoryRow(
        id=finding.id,
        value=value_text(feature, reading),
        written=written_text(feature, reading),
        reference=reference_text(reading),
        outside=outside_text(reading),
        observed=show_day(finding.observed_on),
        age=age_text(finding.observed_on, today),
        origin=origin_text(reading),
        specimen=finding.specimen_or_study,
        note=finding.note,
        entered=entered_text(reading.entered_by, finding.entered_at, patient.institution.time_zone),
        state=state,
        state_text=text,
    )


def _state(finding: Finding, in_force: UUID | None, zone: str, *, settled: bool) -> tuple[str, str]:
    correction: FindingCorrection | None = getattr(finding, "correction", None)
    if correction is None:
        if finding.id == in_force:
            return "in-force", "in force, settled on" if settled else "in force"
        return "other", "on record, not in force"
    who = entered_text(correction.by.display_name, correction.at, zone)
    reason = f": {correction.reason}" if correction.reason else ""
    words = "corrected" if correction.kind == FindingCorrection.REPLACED else "entered in error"
    return "corrected" if correction.kind == FindingCorrection.REPLACED else "in-error", f"{words} by {who}{reason}"
