"""Recording and correcting marker measurements, in the units that each marker has. No rule reads them; the timeline does."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from netcare.access import Actor, Capability
from pathways.engine import NumberRange, number_text
from patients.actions.shared import (
    Fault,
    Refused,
    Writer,
    already_corrected,
    changed,
    first_result,
    next_place,
    one_line,
    provenance_faults,
    writer,
)
from patients.entry.marker_units import accepted_unit
from patients.entry.problems import EntryRefused
from patients.models import Marker, MarkerCorrection, MarkerName, Patient, Source
from patients.values import to_text


@dataclass(frozen=True, slots=True)
class NewMarker:
    """One measurement. ``value`` is a number or, for "<5" and the like, a range; the reference is the laboratory's
    own.
    """

    marker: str
    value: Decimal | NumberRange
    unit: str
    observed_on: date
    name_text: str = ""
    as_written: str = ""
    reference_low: Decimal | None = None
    reference_high: Decimal | None = None
    source: str = Source.LAB
    source_text: str = ""
    laboratory: str = ""
    method: str = ""
    note: str = ""


@transaction.atomic
def record_marker(
    *, actor: Actor, patient: Patient, marker: NewMarker, submission: UUID | None = None, now: datetime | None = None
) -> Marker:
    """Record one measurement."""
    return record_markers(actor=actor, patient=patient, markers=[marker], submission=submission, now=now)[0]


@transaction.atomic
def record_markers(
    *,
    actor: Actor,
    patient: Patient,
    markers: Sequence[NewMarker],
    submission: UUID | None = None,
    now: datetime | None = None,
) -> list[Marker]:
    """Record several measurements, all or none. Statuses do not depend on them, so nothing is refreshed."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    batch = submission or uuid.uuid4()
    if first_result(submission, action="record markers", user=by.user, now=by.now, result=str(batch)):
        return list(Marker.objects.filter(patient=patient, batch=batch).order_by("sequence", "id"))
    for new in markers:
        _check(new, patient, by.today)
    first = next_place(Marker, patient)
    rows = [_row(new, patient, by, batch, place) for place, new in enumerate(markers, first)]
    Marker.objects.bulk_create(rows)
    changed(by, patient, "markers.record", refresh=False, readings=False, markers=[row.marker for row in rows])
    return rows


@transaction.atomic
def correct_marker(
    *,
    actor: Actor,
    patient: Patient,
    marker: Marker,
    replacement: NewMarker,
    reason: str = "",
    submission: UUID | None = None,
    now: datetime | None = None,
) -> Marker:
    """Put a corrected measurement in the place of a wrong one, which stays readable."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    batch = submission or uuid.uuid4()
    if first_result(submission, action="correct marker", user=by.user, now=by.now, result=str(batch)):
        return Marker.objects.get(patient=patient, batch=batch)
    _stands(marker, patient)
    _check(replacement, patient, by.today, kept=marker.unit)
    reason = one_line("reason", "The reason", reason, longest=300)
    row = _row(replacement, patient, by, batch, next_place(Marker, patient))
    row.chain = marker.chain
    row.save(force_insert=True)
    _correct(marker, by, kind=MarkerCorrection.REPLACED, replaced_by=row, reason=reason)
    changed(by, patient, "marker.correct", subject=row.marker, refresh=False, readings=False, marker=str(marker.id))
    return row


@transaction.atomic
def mark_marker_in_error(
    *, actor: Actor, patient: Patient, marker: Marker, reason: str, now: datetime | None = None
) -> None:
    """Take a measurement out of use. It stays readable, with the reason."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    _stands(marker, patient)
    reason = one_line("reason", "The reason", reason, longest=300, needed=True)
    _correct(marker, by, kind=MarkerCorrection.IN_ERROR, reason=reason)
    changed(by, patient, "marker.in_error", subject=marker.marker, refresh=False, readings=False, marker=str(marker.id))


def _check(new: NewMarker, patient: Patient, today: date, *, kept: str = "") -> None:
    """Refuse what cannot stand; a unit that is not the marker's only where a measurement on record has it already."""
    faults = provenance_faults(new.observed_on, new.source, patient, today)
    if new.marker not in MarkerName.values:
        faults.append(Fault("marker", f"“{new.marker}” is not a marker of the list."))
    if new.marker == MarkerName.OTHER and not new.name_text.strip():
        faults.append(Fault("name_text", "Say which marker was measured."))
    if not new.unit.strip():
        faults.append(Fault("unit", "The unit is missing."))
    elif new.unit != kept and new.marker in MarkerName.values:
        faults += _unit_faults(new)
    if new.reference_low is not None and new.reference_high is not None and new.reference_low > new.reference_high:
        low, high = number_text(new.reference_low), number_text(new.reference_high)
        faults.append(Fault("reference_high", f"The reference range from {low} to {high} runs backwards."))
    if faults:
        raise Refused(faults)


def _unit_faults(new: NewMarker) -> list[Fault]:
    try:
        accepted_unit(new.marker, MarkerName(new.marker).label, new.unit)
    except EntryRefused as problem:
        return [Fault("unit", problem.sentence)]
    return []


def _row(new: NewMarker, patient: Patient, by: Writer, batch: UUID, place: int) -> Marker:
    shown = new.value.text if isinstance(new.value, NumberRange) else number_text(new.value)
    return Marker(
        patient=patient,
        marker=new.marker,
        name_text=one_line("name_text", "The name", new.name_text, longest=80),
        value=to_text(new.value),
        as_written=one_line("value", "The value", new.as_written, longest=60) or shown,
        unit=one_line("unit", "The unit", new.unit, longest=40, needed=True),
        reference_low="" if new.reference_low is None else number_text(new.reference_low),
        reference_high="" if new.reference_high is None else number_text(new.reference_high),
        observed_on=new.observed_on,
        source=new.source,
        source_text=one_line("source_text", "The source", new.source_text, longest=200),
        laboratory=one_line("laboratory", "The laboratory", new.laboratory, longest=120),
        method=one_line("method", "The method", new.method, longest=120),
        note=one_line("note", "The note", new.note, longest=300),
        batch=batch,
        sequence=place,
        **by.stamp(),
    )


def _stands(marker: Marker, patient: Patient) -> None:
    """It is the patient's, and nobody corrected it or took it out before."""
    if marker.patient_id != patient.id:
        raise Refused([Fault("", "This measurement belongs to another patient.")])
    if MarkerCorrection.objects.filter(marker_row=marker).exists():
        raise already_corrected("measurement")


def _correct(marker: Marker, by: Writer, **columns: Any) -> None:
    try:
        with transaction.atomic():
            MarkerCorrection.objects.create(marker_row=marker, by=by.user, at=by.now, **columns)
    except IntegrityError:
        raise already_corrected("measurement") from None
