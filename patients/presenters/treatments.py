"""Treatments and markers as lists: what holds now, and beneath it every earlier version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from patients.catalogue import catalogue
from patients.entry.dates import PartialDate, show_day
from patients.entry.reference import range_text, side_of
from patients.facts import Facts
from patients.models import Course, Marker, Outcome, Patient, Treatment
from patients.models.base import Correction
from patients.presenters.reading_text import entered_on_text, entered_text
from patients.values import from_text


@dataclass(frozen=True, slots=True)
class TreatmentRow:
    id: UUID
    title: str
    started: str
    ended: str
    outcomes: str
    outcome_text: str
    intent: str
    doses: str
    origin: str
    entered: str
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TreatmentList:
    rows: tuple[TreatmentRow, ...]
    withdrawn: tuple[str, ...]
    completeness: str
    is_complete: bool


@dataclass(frozen=True, slots=True)
class MarkerRow:
    id: UUID
    value: str
    observed: str
    reference: str
    outside: str
    origin: str
    note: str
    entered: str
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkerGroup:
    title: str
    rows: tuple[MarkerRow, ...]


def treatment_list(
    patient: Patient, live: Sequence[Treatment], chains: Mapping[UUID, Sequence[Treatment]], facts: Facts
) -> TreatmentList:
    zone = patient.institution.time_zone
    shown = {row.chain for row in live}
    withdrawn = [_version(chain[-1], zone) for key, chain in chains.items() if key not in shown]
    return TreatmentList(
        rows=tuple(_treatment(row, chains.get(row.chain, ()), zone) for row in live),
        withdrawn=tuple(withdrawn),
        completeness=completeness(facts),
        is_complete=facts.history_is_complete,
    )


def completeness(facts: Facts) -> str:
    """Whether the treatment history is complete, who said so and when; until then what it means."""
    confirmed = facts.history_confirmed
    if confirmed is None:
        return (
            "Nobody has confirmed that this is the whole treatment history. What is recorded counts; "
            "everything else about earlier treatment counts as not known."
        )
    when = f"{show_day(confirmed.observed_on)}, by {confirmed.entered_by}"
    if not confirmed.known:
        return f"Recorded as not known to be complete ({when})."
    return f"Confirmed: {confirmed.as_written} ({when})."


def _treatment(row: Treatment, chain: Sequence[Treatment], zone: str) -> TreatmentRow:
    return TreatmentRow(
        id=row.id,
        title=catalogue().label(row.option),
        started=_when(row, "started"),
        ended=_ended(row),
        outcomes=", ".join(Outcome(code).label for code in row.outcome_codes) or "no entry",
        outcome_text=row.outcome_text,
        intent=row.get_intent_display() if row.intent != "unknown" else "",
        doses=row.doses,
        origin=row.source_text or row.get_source_display(),
        entered=entered_on_text(row.entered_by.display_name, row.entered_at, zone),
        versions=tuple(_version(earlier, zone) for earlier in chain if earlier.id != row.id),
    )


def treatment_text(row: Treatment) -> str:
    """One course in one line, for its history and for questions about it."""
    outcomes = ", ".join(Outcome(code).label for code in row.outcome_codes)
    parts = [catalogue().label(row.option), f"started {_when(row, 'started')}", _ended(row), outcomes, row.outcome_text]
    return ", ".join(part for part in parts if part)


def _version(row: Treatment, zone: str) -> str:
    entered = entered_text(row.entered_by.display_name, row.entered_at, zone)
    return f"{treatment_text(row)} (entered by {entered}; {_fate(row, zone)})"


def _fate(row: Treatment | Marker, zone: str) -> str:
    correction: Correction | None = getattr(row, "correction", None)
    if correction is None:
        return "on record"
    words = "corrected" if correction.kind == Correction.REPLACED else "entered in error"
    reason = f": {correction.reason}" if correction.reason else ""
    return f"{words} by {entered_text(correction.by.display_name, correction.at, zone)}{reason}"


def _when(row: Treatment, field: str) -> str:
    first = getattr(row, f"{field}_on")
    return PartialDate(first, getattr(row, f"{field}_precision")).show() if first else "not known"


def _ended(row: Treatment) -> str:
    match row.course:
        case Course.STILL_GIVEN:
            return "still given"
        case Course.STOPPED:
            when = _when(row, "stopped")
            return f"until {when}" if when != "not known" else "stopped, date not known"
        case _:
            return "not known whether still given"


def marker_groups(
    patient: Patient, live: Iterable[Marker], chains: Mapping[UUID, Sequence[Marker]]
) -> list[MarkerGroup]:
    """By marker, the latest measurement first."""
    zone = patient.institution.time_zone
    groups: dict[str, list[MarkerRow]] = {}
    for row in live:
        groups.setdefault(row.title, []).append(_marker(row, chains.get(row.chain, ()), zone))
    return [MarkerGroup(title, tuple(rows)) for title, rows in groups.items()]


def marker_text(row: Marker) -> str:
    return f"{row.title} {_marker_value(row)}, {show_day(row.observed_on)}"


def _marker(row: Marker, chain: Sequence[Marker], zone: str) -> MarkerRow:
    return MarkerRow(
        id=row.id,
        value=_marker_value(row),
        observed=show_day(row.observed_on),
        reference=_reference(row),
        outside=_outside(row),
        origin=" · ".join(
            part for part in (row.source_text or row.get_source_display(), row.laboratory, row.method) if part
        ),
        note=row.note,
        entered=entered_on_text(row.entered_by.display_name, row.entered_at, zone),
        versions=tuple(f"{marker_text(earlier)} ({_fate(earlier, zone)})" for earlier in chain if earlier.id != row.id),
    )


def _marker_value(row: Marker) -> str:
    return row.as_written if row.as_written.endswith(row.unit) else f"{row.as_written} {row.unit}"


def _reference(row: Marker) -> str:
    return range_text(row.reference_low, row.reference_high)


def _outside(row: Marker) -> str:
    """Above or below the laboratory's own range, where that is certain."""
    low, high = (Decimal(end) if end else None for end in (row.reference_low, row.reference_high))
    return side_of(from_text(row.value), low, high)
