"""Free text about a patient: what a letter says that no feature holds, the course so far, a remark for the next reader.

No rule reads a note, and no status depends on one; the pages show notes beside the assessment so that nobody takes
them for used. Appended like every other row of the record, and taken out by a correction that gives a reason.
"""

from django.db import models
from django.db.models import Q

from patients.models.base import Correction, Observed, Source
from patients.models.people import Patient


class NoteKind(models.TextChoices):
    HISTORY = "history", "history"
    EVENT = "event", "event"
    REMARK = "remark", "remark"


class PatientNote(Observed):
    """One note. ``observed_on`` is the day that it speaks of; ``source_text`` names the letter or visit."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=8, choices=NoteKind.choices)
    text = models.TextField()
    # A note is of no laboratory and no method.
    laboratory = None
    method = None

    class Meta:
        verbose_name = "note"
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_has_text"),
            models.CheckConstraint(condition=Q(kind__in=NoteKind.values), name="note_kind_known_word"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="note_source_known_word"),
        ]
        indexes = [models.Index(fields=["patient", "observed_on"], name="note_of_patient")]


class PatientNoteCorrection(Correction):
    """A note was entered in error: it stays readable in the history, with the reason. A correction is a new note."""

    note = models.OneToOneField(PatientNote, on_delete=models.PROTECT, related_name="correction")

    class Meta:
        verbose_name = "correction of a note"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Correction.IN_ERROR) & ~Q(reason=""), name="note_correction_has_reason"
            )
        ]
