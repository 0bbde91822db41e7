"""The history of who the patient was said to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from patients.entry.dates import show_day
from patients.models import Patient, PatientChange, Referral, Sex
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


def referral_text(referral: Referral | None, patient: Patient) -> str:
    """Referred to the board by whom, when, with which question; empty where no referral is open."""
    if referral is None:
        return ""
    who = entered_text(referral.referred_by.display_name, referral.referred_at, patient.institution.time_zone)
    question = f": “{referral.question}”" if referral.question else ""
    return f"Referred to the board by {who}{question}."


def _shown(field: str, text: str) -> str:
    match field:
        case "birth_on":
            return show_day(date.fromisoformat(text))
        case "sex":
            return str(Sex(text).label)
        case _:
            return text or "empty"
