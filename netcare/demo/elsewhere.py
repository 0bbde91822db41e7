"""One patient of the second institution of the demo, so that anybody can see that institutions do not see each other."""

from datetime import datetime, timedelta

from django.db import transaction

from netcare.access import Actor, Team, today_for
from netcare.demo.records import birth_date, mrns_ever_used
from patients.actions import NewFinding, NewNote, record_findings, record_notes, register_patient
from patients.models import NoteKind, Source
from patients.selectors import tumor_of

MRN = "ELSE-001"
SITE = {"primary_site": "rectum", "differentiation": "well", "grade": "G1", "tumor_size_mm": 8, "extent": "localized"}


@transaction.atomic
def load_patient_elsewhere(*, actor: Actor, team: Team, now: datetime) -> str:
    """The patient, unless there already; the line that says so, or nothing."""
    if MRN in mrns_ever_used(actor):
        return ""
    today = today_for(actor.home, at=now)
    patient = register_patient(
        another_person=True,
        actor=actor,
        mrn=MRN,
        family_name="Otherplace",
        given_name="Quince",
        birth_on=birth_date(today, 51, 40),
        sex="female",
        teams=[team],
        fictional=True,
        now=now,
    )
    tumor, seen_on = tumor_of(patient, 1), today - timedelta(days=20)
    findings = [
        NewFinding(feature=name, value=value, observed_on=seen_on, source=Source.CLINIC, tumor=tumor)
        for name, value in SITE.items()
    ]
    record_findings(actor=actor, patient=patient, findings=findings, now=now)
    note = NewNote(
        text="Small rectal tumor, found at a screening colonoscopy.", observed_on=today, kind=NoteKind.HISTORY
    )
    record_notes(actor=actor, patient=patient, notes=[note], now=now)
    return f"{MRN} {patient} of {actor.home}"
