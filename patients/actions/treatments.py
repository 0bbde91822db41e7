"""Recording treatments and correcting them. The history sets that rules read follow from these rows."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from netcare.access import Actor, Capability
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
from patients.catalogue import catalogue
from patients.entry.dates import PartialDate, show_day
from patients.models import (
    Course,
    DatePrecision,
    Intent,
    Outcome,
    Patient,
    Source,
    Treatment,
    TreatmentCorrection,
)


@dataclass(frozen=True, slots=True)
class NewTreatment:
    """One course to record. ``option`` is a code of the catalogue; a date that is not known is None.

    ``outcomes`` are independent of the course: a treatment still given may have been progressed on.
    """

    option: str
    course: str
    started: PartialDate | None = None
    stopped: PartialDate | None = None
    intent: str = Intent.UNKNOWN
    doses: str = ""
    outcomes: tuple[str, ...] = ()
    outcome_text: str = ""
    source: str = Source.CLINIC
    source_text: str = ""
    observed_on: date | None = None


@transaction.atomic
def record_treatment(
    *,
    actor: Actor,
    patient: Patient,
    treatment: NewTreatment,
    submission: UUID | None = None,
    now: datetime | None = None,
    refresh_statuses: bool = True,
) -> Treatment:
    """Record one treatment. It counts at once; that there were no others is confirmed apart."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    batch = submission or uuid.uuid4()
    if first_result(submission, action="record treatment", user=by.user, now=by.now, result=str(batch)):
        return Treatment.objects.get(patient=patient, batch=batch)
    _check(treatment, patient, by.today, replaces=None)
    row = _row(treatment, patient, by, batch)
    row.save(force_insert=True)
    changed(by, patient, "treatment.record", subject=row.option, refresh=refresh_statuses, readings=False)
    return row


@transaction.atomic
def correct_treatment(
    *,
    actor: Actor,
    patient: Patient,
    treatment: Treatment,
    replacement: NewTreatment,
    reason: str = "",
    submission: UUID | None = None,
    now: datetime | None = None,
) -> Treatment:
    """Correct a treatment, or record how it went on (stopped, progressed); what it said before is kept."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    batch = submission or uuid.uuid4()
    if first_result(submission, action="correct treatment", user=by.user, now=by.now, result=str(batch)):
        return Treatment.objects.get(patient=patient, batch=batch)
    _stands(treatment, patient)
    _check(replacement, patient, by.today, replaces=treatment)
    reason = one_line("reason", "The reason", reason, longest=300)
    row = _row(replacement, patient, by, batch)
    row.chain = treatment.chain
    row.save(force_insert=True)
    _correct(treatment, by, kind=TreatmentCorrection.REPLACED, replaced_by=row, reason=reason)
    changed(by, patient, "treatment.correct", subject=row.option, readings=False, treatment=str(treatment.id))
    return row


@transaction.atomic
def mark_treatment_in_error(
    *, actor: Actor, patient: Patient, treatment: Treatment, reason: str, now: datetime | None = None
) -> None:
    """Take out a treatment that was never given to this patient. It stays readable, with the reason."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    _stands(treatment, patient)
    reason = one_line("reason", "The reason", reason, longest=300, needed=True)
    _correct(treatment, by, kind=TreatmentCorrection.IN_ERROR, reason=reason)
    changed(by, patient, "treatment.in_error", subject=treatment.option, readings=False, treatment=str(treatment.id))


def _check(new: NewTreatment, patient: Patient, today: date, *, replaces: Treatment | None) -> None:
    faults: list[Fault] = []
    for check in (_option_faults, _outcome_faults, _word_faults):
        faults += check(new)
    faults += _date_faults(new, patient, today)
    if new.observed_on is not None:
        faults += provenance_faults(new.observed_on, new.source, patient, today)
    if not faults and _is_on_record(new, patient, replaces):
        faults.append(Fault("started", f"{catalogue().label(new.option)} with this start is on record already."))
    if faults:
        raise Refused(faults)


def _option_faults(new: NewTreatment) -> list[Fault]:
    if new.option in catalogue().values:
        return []
    return [Fault("option", f"“{new.option}” is not a treatment of the catalogue. Choose one of the list.")]


def _word_faults(new: NewTreatment) -> list[Fault]:
    faults = []
    words: tuple[tuple[str, str, list[str]], ...] = (
        ("course", new.course, Course.values),
        ("intent", new.intent, Intent.values),
        ("source", new.source, Source.values),
    )
    for field, word, accepted in words:
        if word not in accepted:
            faults.append(Fault(field, f"“{word}” is not accepted. Accepted is {', '.join(accepted)}."))
    return faults


def _outcome_faults(new: NewTreatment) -> list[Fault]:
    faults = []
    for code in new.outcomes:
        if code not in Outcome.values:
            faults.append(Fault("outcomes", f"The outcome “{code}” is not accepted. Choose from the list."))
    if Outcome.NOT_KNOWN in new.outcomes and len(set(new.outcomes)) > 1:
        faults.append(Fault("outcomes", "“Not known” was ticked together with an outcome. Leave one of the two."))
    return faults


def _date_faults(new: NewTreatment, patient: Patient, today: date) -> list[Fault]:
    faults = []
    for field, when in (("started", new.started), ("stopped", new.stopped)):
        if when is not None and when.first > today:
            faults.append(Fault(field, f"{when.show()} is in the future. Today is {show_day(today)}."))
        if when is not None and when.last < patient.birth_on:
            born = show_day(patient.birth_on)
            faults.append(Fault(field, f"{when.show()} is before the patient was born ({born})."))
    if new.stopped is not None and new.course != Course.STOPPED:
        faults.append(Fault("stopped", "A date of stopping goes with “stopped or done” alone."))
    if new.started is not None and new.stopped is not None and new.stopped.last < new.started.first:
        faults.append(
            Fault("stopped", f"It was stopped ({new.stopped.show()}) before it started ({new.started.show()}).")
        )
    return faults


def _is_on_record(new: NewTreatment, patient: Patient, replaces: Treatment | None) -> bool:
    """The same option with the same known start: one course entered twice."""
    if new.started is None:
        return False
    rows = Treatment.objects.filter(
        patient=patient,
        correction__isnull=True,
        option=new.option,
        started_on=new.started.first,
        started_precision=new.started.precision,
    )
    return rows.exclude(id=replaces.id if replaces else None).exists()


def _row(new: NewTreatment, patient: Patient, by: Writer, batch: UUID) -> Treatment:
    return Treatment(
        patient=patient,
        option=new.option,
        **_date_columns("started", new.started),
        **_date_columns("stopped", new.stopped),
        course=new.course,
        intent=new.intent,
        doses=one_line("doses", "Doses or cycles", new.doses, longest=200),
        outcomes=",".join(code for code in Outcome.values if code in new.outcomes),
        outcome_text=one_line("outcome_text", "The outcome in words", new.outcome_text, longest=300),
        observed_on=new.observed_on or by.today,
        source=new.source,
        source_text=one_line("source_text", "The source", new.source_text, longest=200),
        batch=batch,
        sequence=next_place(Treatment, patient),
        **by.stamp(),
    )


def _date_columns(field: str, when: PartialDate | None) -> dict[str, Any]:
    if when is None:
        return {f"{field}_on": None, f"{field}_precision": DatePrecision.UNKNOWN}
    return {f"{field}_on": when.first, f"{field}_precision": when.precision}


def _stands(treatment: Treatment, patient: Patient) -> None:
    """It is the patient's, and nobody corrected it or took it out before."""
    if treatment.patient_id != patient.id:
        raise Refused([Fault("", "This treatment belongs to another patient.")])
    if TreatmentCorrection.objects.filter(treatment=treatment).exists():
        raise already_corrected("treatment")


def _correct(treatment: Treatment, by: Writer, **columns: Any) -> None:
    try:
        with transaction.atomic():
            TreatmentCorrection.objects.create(treatment=treatment, by=by.user, at=by.now, **columns)
    except IntegrityError:
        raise already_corrected("treatment") from None
