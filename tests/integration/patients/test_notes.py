"""Free text beside the record: kept as written, taken out with a reason, and read by no rule."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from netcare.access import Actor, NotAllowed
from netcare.audit.models import AuditEvent
from netcare.jobs.models import Job
from patients.actions import NewNote, Refused, mark_note_in_error, record_notes
from patients.actions.notes import LONGEST
from patients.facts import facts_of
from patients.models import AppendOnlyError, NoteKind, Patient, PatientNote, Tumor
from patients.selectors import notes_of
from tests.cast import Cast, acting
from tests.integration.patients.conftest import NOW, TODAY


def write(actor: Actor, patient: Patient, text: str, **more: object) -> PatientNote:
    note = NewNote(text=text, **{"observed_on": TODAY} | more)  # type: ignore[arg-type]
    return record_notes(actor=actor, patient=patient, notes=[note], now=NOW)[0]


def test_a_note_keeps_its_lines_and_says_who_wrote_it(clara: Actor, willow: Patient) -> None:
    row = write(clara, willow, "  First line.  \nSecond line.\n", kind=NoteKind.HISTORY, source_text="letter")
    assert row.text == "First line.\nSecond line."
    assert notes_of(willow) == [row]
    assert (row.entered_by, row.source_text) == (clara.user, "letter")
    assert AuditEvent.objects.filter(patient_id=willow.id, action="notes.record").count() == 1


def test_no_fact_follows_from_a_note_and_nothing_is_refreshed(clara: Actor, willow: Patient, tumor: Tumor) -> None:
    before, jobs = facts_of(tumor, as_of=TODAY).features, Job.objects.count()
    write(clara, willow, "Severe carcinoid heart disease.")
    assert facts_of(tumor, as_of=TODAY).features == before
    assert Job.objects.count() == jobs


@pytest.mark.parametrize(
    ("text", "more", "sentence"),
    [
        (" \n ", {}, "The note is empty. Write at least one word."),
        ("a" * (LONGEST + 1), {}, "The note has 2001 characters. Accepted are up to 2000."),
        ("hidden \u202e text", {}, "The note contains signs that cannot be shown. Type it again."),
        ("x", {"observed_on": TODAY + timedelta(days=1)}, "27 Nov 2026 is in the future. Today is 26 Nov 2026."),
        ("x", {"kind": "poem"}, "“poem” is not a kind of note. Accepted is history, event, remark."),
    ],
)
def test_what_cannot_stand_is_refused_and_nothing_is_saved(
    clara: Actor, willow: Patient, text: str, more: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        write(clara, willow, text, **more)
    assert [fault.sentence for fault in refusal.value.faults] == [sentence]
    assert notes_of(willow) == []


def test_a_note_in_error_is_no_longer_shown_and_stays_on_record_with_the_reason(clara: Actor, willow: Patient) -> None:
    row = write(clara, willow, "Of another patient.")
    mark_note_in_error(actor=clara, patient=willow, note=row, reason="Wrong patient.", now=NOW)
    assert notes_of(willow) == []
    assert PatientNote.objects.get(id=row.id).correction.reason == "Wrong patient."
    with pytest.raises(Refused, match="This note was corrected or marked as an error meanwhile"):
        mark_note_in_error(actor=clara, patient=willow, note=row, reason="Again.", now=NOW)


def test_a_second_click_writes_nothing_twice(clara: Actor, willow: Patient) -> None:
    key, note = uuid4(), NewNote(text="Once.", observed_on=TODAY)
    first = record_notes(actor=clara, patient=willow, notes=[note], submission=key, now=NOW)
    assert record_notes(actor=clara, patient=willow, notes=[note], submission=key, now=NOW) == first
    assert len(notes_of(willow)) == 1


def test_whoever_reads_does_not_write_notes(cast: Cast, willow: Patient) -> None:
    with pytest.raises(NotAllowed):
        write(acting(cast.vera), willow, "Not by a viewer.")


def test_nothing_alters_a_note_not_even_sql(clara: Actor, willow: Patient) -> None:
    row = write(clara, willow, "As written.")
    row.text = "Changed."
    with pytest.raises(AppendOnlyError):
        row.save()
    for statement in ("UPDATE patients_patientnote SET text = 'x'", "DELETE FROM patients_patientnote"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert notes_of(willow)[0].text == "As written."
