"""Writing notes, and taking one out that does not belong to the patient. Nothing is refreshed: no rule reads a note."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from netcare.access import Actor, Capability
from patients.actions.shared import (
    Fault,
    Refused,
    already_corrected,
    changed,
    first_result,
    one_line,
    provenance_faults,
    writer,
)
from patients.models import NoteKind, Patient, PatientNote, PatientNoteCorrection, Source

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class NewNote:
    """One note to write. ``observed_on`` is the day that it speaks of."""

    text: str
    observed_on: date
    kind: str = NoteKind.REMARK
    source: str = Source.CLINIC
    source_text: str = ""


@transaction.atomic
def record_notes(
    *,
    actor: Actor,
    patient: Patient,
    notes: Sequence[NewNote],
    submission: UUID | None = None,
    now: datetime | None = None,
) -> list[PatientNote]:
    """Write several notes, all or none. They stand beside the assessment and change nothing in it."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    batch = submission or uuid.uuid4()
    if first_result(submission, action="record notes", user=by.user, now=by.now, result=str(batch)):
        return list(PatientNote.objects.filter(patient=patient, batch=batch).order_by("sequence", "id"))
    rows = []
    for position, new in enumerate(notes):
        _check(new, patient, by.today)
        rows.append(
            PatientNote(
                patient=patient,
                kind=new.kind,
                text=_text(new.text),
                observed_on=new.observed_on,
                source=new.source,
                source_text=one_line("source_text", "The source", new.source_text, longest=200),
                batch=batch,
                sequence=position,
                **by.stamp(),
            )
        )
    PatientNote.objects.bulk_create(rows)
    changed(by, patient, "notes.record", refresh=False, readings=False, kinds=[row.kind for row in rows])
    return rows


@transaction.atomic
def mark_note_in_error(
    *, actor: Actor, patient: Patient, note: PatientNote, reason: str, now: datetime | None = None
) -> None:
    """Take out a note that should not have been written. It stays readable, with the reason."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    if note.patient_id != patient.id:
        raise Refused([Fault("", "This note belongs to another patient.")])
    reason = one_line("reason", "The reason", reason, longest=300, needed=True)
    try:
        with transaction.atomic():
            PatientNoteCorrection.objects.create(
                note=note, by=by.user, at=by.now, kind=PatientNoteCorrection.IN_ERROR, reason=reason
            )
    except IntegrityError:
        raise already_corrected("note") from None
    changed(by, patient, "note.in_error", refresh=False, readings=False, note=str(note.id))


def _check(new: NewNote, patient: Patient, today: date) -> None:
    faults = provenance_faults(new.observed_on, new.source, patient, today)
    if new.kind not in NoteKind.values:
        accepted = ", ".join(NoteKind.values)
        faults.append(Fault("kind", f"“{new.kind}” is not a kind of note. Accepted is {accepted}."))
    if not new.text.strip():
        faults.append(Fault("text", "The note is empty. Write at least one word."))
    if faults:
        raise Refused(faults)


def _text(text: str) -> str:
    """Line breaks stay; blanks at the ends of lines and invisible signs do not."""
    plain = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(plain) > LONGEST:
        raise Refused([Fault("text", f"The note has {len(plain)} characters. Accepted are up to {LONGEST}.")])
    if any(not line.isprintable() for line in plain.split("\n")):
        raise Refused([Fault("text", "The note contains signs that cannot be shown. Type it again.")])
    return plain
