"""Every change of the record, each a named action: keyword-only, atomic, checked against the policy, recorded in the
audit.

``NotAllowed`` says that the actor may not; ``Refused`` that the change cannot stand, with the field each sentence
belongs to: then nothing at all was saved. ``submission`` is the key of the form that was sent: the same key a second
time changes nothing and is answered with the first result. Called by the views, the demo, and imports.
"""

from patients.actions.findings import (
    NewFinding,
    confirm_treatment_history,
    correct_finding,
    mark_finding_in_error,
    record_findings,
    settle_reading,
)
from patients.actions.markers import NewMarker, correct_marker, mark_marker_in_error, record_marker, record_markers
from patients.actions.notes import NewNote, mark_note_in_error, record_notes
from patients.actions.people import add_tumor, correct_patient, refer_to_board, register_patient
from patients.actions.shared import Fault, Refused
from patients.actions.treatments import NewTreatment, correct_treatment, mark_treatment_in_error, record_treatment

__all__ = [
    "Fault",
    "NewFinding",
    "NewMarker",
    "NewNote",
    "NewTreatment",
    "Refused",
    "add_tumor",
    "confirm_treatment_history",
    "correct_finding",
    "correct_marker",
    "correct_patient",
    "correct_treatment",
    "mark_finding_in_error",
    "mark_marker_in_error",
    "mark_note_in_error",
    "mark_treatment_in_error",
    "record_findings",
    "record_marker",
    "record_markers",
    "record_notes",
    "record_treatment",
    "refer_to_board",
    "register_patient",
    "settle_reading",
]
