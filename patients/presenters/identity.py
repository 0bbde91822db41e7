"""The history of who the patient was said to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from patients.entry.dates import show_day
from patients.models import Patient, PatientChange, Sex
from patients.presenters.reading_text import entered_text

_TITLES = {
    "mrn": "MRN",
    "family_name": "Family name",
    "given_name": "Given name",
    "birth_on": "Birth date",
    "sex": "Sex",
}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    field: str
    before: str
    after: str
    reason: str
    changed: str


def change_rows(changes: Sequence[PatientChange], patient: Patient) -> list[ChangeRow]:
    zone = patient.institution.time_zone
    return [
        ChangeRow(
            field=_TITLES[one.field],
            before=_shown(one.field, one.before),
            after=_shown(one.field, one.after),
            reason=one.reason,
            changed=entered_text(one.changed_by.display_name, one.changed_at, zone),
        )
        for one in changes
    ]


def _shown(field: str, text: str) -> str:
    match field:
        case "birth_on":
            return show_day(date.fromisoformat(text))
        case "sex":
            return str(Sex(text).label)
        case _:
            return text or "empty"
