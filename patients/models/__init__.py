"""The tables of the record.

Findings, treatments, markers, settlements and corrections are appended and never changed; a correction is a new row
that points at the old one. ``TumorFeatures`` alone is derived: rebuilt by ``patients.derived`` in the transaction of
each change, never edited by hand.
"""

from patients.models.base import AppendOnly, AppendOnlyError, Source, Submission
from patients.models.findings import Finding, FindingCorrection, Settlement, Tumor, TumorFeatures
from patients.models.imports import ImportedFile, ImportedRow, ImportState, RowOutcome, Verdict
from patients.models.notes import NoteKind, PatientNote, PatientNoteCorrection
from patients.models.people import Patient, PatientChange, PatientTeam, Referral, Sex
from patients.models.treatments import (
    Course,
    DatePrecision,
    Intent,
    Marker,
    MarkerCorrection,
    MarkerName,
    Outcome,
    Treatment,
    TreatmentCorrection,
)

__all__ = [
    "AppendOnly",
    "AppendOnlyError",
    "Course",
    "DatePrecision",
    "Finding",
    "FindingCorrection",
    "ImportState",
    "ImportedFile",
    "ImportedRow",
    "Intent",
    "Marker",
    "MarkerCorrection",
    "MarkerName",
    "NoteKind",
    "Outcome",
    "Patient",
    "PatientChange",
    "PatientNote",
    "PatientNoteCorrection",
    "PatientTeam",
    "Referral",
    "RowOutcome",
    "Settlement",
    "Sex",
    "Source",
    "Submission",
    "Treatment",
    "TreatmentCorrection",
    "Tumor",
    "TumorFeatures",
    "Verdict",
]
