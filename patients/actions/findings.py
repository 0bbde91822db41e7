"""Recording findings, correcting them, settling which reading counts, and confirming the treatment history."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from netcare.access import Actor, Capability
from pathways.engine import DataDictionary, ValueRefused
from pathways.knowledge import dictionary
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
from patients.entry import EntryRefused
from patients.entry.reading import can_be_entered
from patients.entry.reference import read_reference
from patients.history import COMPLETE
from patients.models import Finding, FindingCorrection, Patient, Settlement, Source, Treatment, Tumor
from patients.selectors import findings_of_batch, report_of
from patients.values import to_text

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class NewFinding:
    """One reading to record. ``known`` false says that the value is not known (any more); a value is then not given.

    ``value`` is checked by the data dictionary; ``as_written`` is what stood in the report, ``unit`` its unit, in which the
    laboratory's reference range is as well.
    """

    feature: str
    observed_on: date
    source: str
    value: Any = None
    known: bool = True
    tumor: Tumor | None = None
    as_written: str = ""
    unit: str = ""
    source_text: str = ""
    laboratory: str = ""
    method: str = ""
    specimen_or_study: str = ""
    note: str = ""
    reference_low: str = ""
    reference_high: str = ""


@transaction.atomic
def record_findings(
    *,
    actor: Actor,
    patient: Patient,
    findings: Sequence[NewFinding],
    submission: UUID | None = None,
    now: datetime | None = None,
    refresh_statuses: bool = True,
) -> list[Finding]:
    """Record many readings at once, all or none. Two values that contradict each other are both recorded.

    ``refresh_statuses`` is for loaders of many patients, which ask for one refresh of all at the end.
    """
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    batch = submission or uuid.uuid4()
    if first_result(submission, action="record findings", user=by.user, now=by.now, result=str(batch)):
        return findings_of_batch(patient, batch)
    _check(findings, patient, by.today)
    first = next_place(Finding, patient)
    rows = [_row(new, patient, by, batch, place) for place, new in enumerate(findings, first)]
    Finding.objects.bulk_create(rows)
    changed(by, patient, "findings.record", refresh=refresh_statuses, features=[row.feature for row in rows])
    return rows


@transaction.atomic
def correct_finding(
    *,
    actor: Actor,
    patient: Patient,
    finding: Finding,
    replacement: NewFinding,
    reason: str = "",
    submission: UUID | None = None,
    now: datetime | None = None,
) -> Finding:
    """Put a corrected reading in the place of one that was wrong; the wrong one stays readable in the history."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    batch = submission or uuid.uuid4()
    if first_result(submission, action="correct finding", user=by.user, now=by.now, result=str(batch)):
        return findings_of_batch(patient, batch)[0]
    _stands(finding, patient)
    if replacement.feature != finding.feature or replacement.tumor != finding.tumor:
        raise Refused(
            [Fault("", "A correction is of the same feature and tumor. Mark the reading as entered in error instead.")]
        )
    _check([replacement], patient, by.today)
    reason = one_line("reason", "The reason", reason, longest=300)
    row = _row(replacement, patient, by, batch, next_place(Finding, patient))
    row.chain = finding.chain
    row.save(force_insert=True)
    _correct(finding, by, kind=FindingCorrection.REPLACED, replaced_by=row, reason=reason)
    changed(by, patient, "finding.correct", subject=finding.feature, finding=str(finding.id))
    return row


@transaction.atomic
def mark_finding_in_error(
    *, actor: Actor, patient: Patient, finding: Finding, reason: str, now: datetime | None = None
) -> None:
    """Take a reading out of use because it should not have been entered. It stays readable, with the reason."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    _stands(finding, patient)
    reason = one_line("reason", "The reason", reason, longest=300, needed=True)
    _correct(finding, by, kind=FindingCorrection.IN_ERROR, reason=reason)
    changed(by, patient, "finding.in_error", subject=finding.feature, finding=str(finding.id))


@transaction.atomic
def settle_reading(
    *, actor: Actor, patient: Patient, finding: Finding, reason: str, now: datetime | None = None
) -> Settlement:
    """Put one of several readings in force with the rest of its report, and say why; the others stay on record.

    A clinician settles. The readings of one report on a specimen are settled together.
    """
    by = writer(actor, patient, Capability.PATIENT_SETTLE, now)
    _stands(finding, patient)
    reason = one_line("reason", "The reason", reason, longest=300, needed=True)
    report = report_of(finding)
    settlement, *_ = [_settle(one, by, reason) for one in report]
    features = [one.feature for one in report]
    changed(by, patient, "reading.settle", subject=finding.feature, finding=str(finding.id), features=features)
    return settlement


def _settle(finding: Finding, by: Writer, reason: str) -> Settlement:
    readings = Finding.objects.filter(
        patient_id=finding.patient_id, tumor=finding.tumor, feature=finding.feature, correction__isnull=True
    )
    return Settlement.objects.create(
        finding=finding,
        considered_through=max(row.observed_on for row in readings.order_by("id")),
        reason=reason,
        settled_by=by.user,
        settled_at=by.now,
    )


@transaction.atomic
def confirm_treatment_history(
    *,
    actor: Actor,
    patient: Patient,
    confirmed_on: date,
    complete: bool = True,
    none_so_far: bool = False,
    source: str = Source.CLINIC,
    source_text: str = "",
    note: str = "",
    submission: UUID | None = None,
    now: datetime | None = None,
    refresh_statuses: bool = True,
) -> Finding:
    """Say on a date that the treatments on record are all there were; or, with ``complete`` false, take that back.

    Where none is on record, ``none_so_far`` must say so: an empty list is never confirmed by an oversight.
    """
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    batch = submission or uuid.uuid4()
    if first_result(submission, action="confirm history", user=by.user, now=by.now, result=str(batch)):
        return findings_of_batch(patient, batch)[0]
    faults = provenance_faults(confirmed_on, source, patient, by.today)
    faults += _completeness_faults(patient, complete=complete, none_so_far=none_so_far)
    if faults:
        raise Refused(faults)
    words = "no treatment so far" if none_so_far else "complete as recorded"
    row = Finding.objects.create(
        patient=patient,
        feature=COMPLETE,
        known=complete,
        value=to_text(True) if complete else "",
        as_written=words if complete else "not known",
        observed_on=confirmed_on,
        source=source,
        source_text=one_line("source_text", "The source", source_text, longest=200),
        note=one_line("note", "The note", note, longest=300),
        batch=batch,
        sequence=next_place(Finding, patient),
        **by.stamp(),
    )
    changed(by, patient, "treatment_history.confirm", refresh=refresh_statuses, readings=False, complete=complete)
    return row


def _completeness_faults(patient: Patient, *, complete: bool, none_so_far: bool) -> list[Fault]:
    if not complete:
        return []
    on_record = Treatment.objects.filter(patient=patient, correction__isnull=True).count()
    if none_so_far and on_record:
        return [Fault("answer", f"“No treatment so far” does not go with the {on_record} on record.")]
    if not none_so_far and not on_record:
        return [Fault("answer", "No treatment is on record. Record what was given, or say that none was given so far.")]
    return []


def _check(findings: Sequence[NewFinding], patient: Patient, today: date) -> None:
    """Refuse the whole batch with every fault in it."""
    if not findings:
        raise Refused([Fault("", "Nothing was entered: every field is empty.")])
    if len(findings) > MOST_AT_ONCE:
        raise Refused([Fault("", f"{len(findings)} findings at once are too many. Accepted are up to {MOST_AT_ONCE}.")])
    words = dictionary()
    faults: list[Fault] = []
    for new in findings:
        faults += provenance_faults(new.observed_on, new.source, patient, today)
        faults += _value_faults(new, patient, words)
    if faults:
        raise Refused(dict.fromkeys(faults))


def _value_faults(new: NewFinding, patient: Patient, words: DataDictionary) -> list[Fault]:
    feature = words.features.get(new.feature)
    if feature is None or not can_be_entered(feature):
        return [Fault(new.feature, f"{new.feature} is not a feature that is entered.")]
    if (feature.group == "tumor") != (new.tumor is not None):
        belongs = "one tumor" if feature.group == "tumor" else "the patient, not to one tumor"
        return [Fault(new.feature, f"{feature.title} belongs to {belongs}.")]
    if new.tumor is not None and new.tumor.patient_id != patient.id:
        return [Fault(new.feature, f"{feature.title}: the tumor is not one of this patient.")]
    if not new.known and (new.reference_low or new.reference_high):
        return [Fault(new.feature, f"{feature.title}: not known, yet with a reference range.")]
    if not new.known:
        return [] if new.value is None else [Fault(new.feature, f"{feature.title}: not known, yet with a value.")]
    try:
        words.check(new.feature, new.value)
        read_reference(feature, new.reference_low, new.reference_high, new.unit)
    except ValueRefused as problem:
        return [Fault(new.feature, str(problem))]
    except EntryRefused as problem:
        return [Fault(new.feature, problem.sentence)]
    return []


def _row(new: NewFinding, patient: Patient, by: Writer, batch: UUID, place: int) -> Finding:
    feature = dictionary().features[new.feature]
    value = feature.check(new.value) if new.known else None
    shown = feature.show(value) if value is not None else "not known"
    low, high = read_reference(feature, new.reference_low, new.reference_high, new.unit)
    return Finding(
        patient=patient,
        tumor=new.tumor,
        feature=new.feature,
        known=new.known,
        value=to_text(value) if value is not None else "",
        as_written=one_line(new.feature, feature.title, new.as_written, longest=200) or shown,
        unit=one_line(new.feature, "The unit", new.unit, longest=60) or (feature.unit if new.known else ""),
        observed_on=new.observed_on,
        source=new.source,
        source_text=one_line("source_text", "The source", new.source_text, longest=200),
        laboratory=one_line("laboratory", "The laboratory", new.laboratory, longest=120),
        method=one_line("method", "The method", new.method, longest=120),
        specimen_or_study=one_line("specimen_or_study", "The specimen or study", new.specimen_or_study, longest=120),
        note=one_line("note", "The note", new.note, longest=300),
        reference_low=low,
        reference_high=high,
        batch=batch,
        sequence=place,
        **by.stamp(),
    )


def _stands(finding: Finding, patient: Patient) -> None:
    """It is the patient's, and nobody corrected it or took it out before."""
    if finding.patient_id != patient.id:
        raise Refused([Fault("", "This reading belongs to another patient.")])
    if FindingCorrection.objects.filter(finding=finding).exists():
        raise already_corrected("reading")


def _correct(finding: Finding, by: Writer, **columns: Any) -> None:
    """Append what became of the reading; it can happen once, whoever comes first."""
    try:
        with transaction.atomic():
            FindingCorrection.objects.create(finding=finding, by=by.user, at=by.now, **columns)
    except IntegrityError:
        raise already_corrected("reading") from None
