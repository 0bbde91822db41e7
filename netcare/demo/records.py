"""The fictional patients of the demo, entered one by one through the same actions as everybody's.

Days of the file are relative to the day of loading at the institution. A patient whose MRN is there already, or was
there before somebody corrected it, is left alone. Called by the command `load_demo`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from netcare.access import Actor, Team, today_for
from pathways.knowledge import dictionary
from pathways.knowledge.demo import DemoFinding, DemoMarker, DemoPatient, DemoTreatment
from patients.actions import (
    NewFinding,
    NewMarker,
    NewNote,
    NewTreatment,
    confirm_treatment_history,
    record_findings,
    record_markers,
    record_notes,
    record_treatment,
    refer_to_board,
    register_patient,
    settle_reading,
)
from patients.entry.dates import PartialDate, show_day
from patients.models import Course, Finding, MarkerName, NoteKind, Patient, PatientChange, Source, Tumor
from patients.selectors import tumor_of

# What the board is asked, for the patients whose course ends at a board.
QUESTIONS = {
    "DEMO-003": "Diarrhea is back on lanreotide and the scan shows growth. What comes next, and when the heart valves?",
    "DEMO-005": "Which systemic treatment first, given the two readings of Ki-67?",
    "DEMO-006": "Growth after octreotide, PRRT and everolimus, with uneven receptor uptake. What is left?",
    "DEMO-013": "MIBG-avid bone metastases that grow. Which radionuclide, or chemotherapy first?",
    "DEMO-014": "Disease confined to the liver, stable for 18 months. Is a transplant to be discussed?",
}
# Upper limits as the laboratory of the demo reports them.
UPPER_LIMITS = {MarkerName.CHROMOGRANIN_A: Decimal(100), MarkerName.FIVE_HIAA: Decimal(8)}
# What the invented laboratory prints beside its values, in the dictionary's units: from, to.
REFERENCES = {
    "egfr_ml_min": ("60", ""),
    "hemoglobin_g_dl": ("12", "16"),
    "platelets_10e9_l": ("150", "400"),
    "neutrophils_10e9_l": ("1.8", "7.5"),
    "albumin_g_dl": ("3.5", "5.2"),
}
PREFIXES = {"glucose ": MarkerName.GLUCOSE}
_MONTHS_BEFORE = re.compile(r"−(\d+) months?")
DAYS_IN_A_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered for one patient."""

    patient: Patient
    findings: int
    treatments: int
    markers: int
    notes: int

    def __str__(self) -> str:
        parts = [
            f"{number} {noun}{'' if number == 1 else 's'}"
            for number, noun in (
                (self.findings, "finding"),
                (self.treatments, "treatment"),
                (self.markers, "marker"),
                (self.notes, "note"),
            )
            if number
        ]
        return f"{self.patient.mrn} {self.patient}: {', '.join(parts)}"


def mrns_ever_used(actor: Actor) -> set[str]:
    """The MRNs of the institution, those that somebody corrected meanwhile included."""
    now = Patient.objects.filter(institution=actor.home).order_by("mrn").values_list("mrn", flat=True)
    before = PatientChange.objects.filter(patient__institution=actor.home, field="mrn").order_by("id")
    return {*now, *before.values_list("before", flat=True)}


def load_patients(
    patients: Sequence[DemoPatient], *, actor: Actor, teams: Sequence[Team], now: datetime
) -> Iterator[Entered]:
    """Enter those who are not there yet, each patient whole or not at all."""
    known = mrns_ever_used(actor)
    for entry in patients:
        if entry.mrn not in known:
            yield load_patient(entry, actor=actor, teams=teams, now=now)


@transaction.atomic
def load_patient(entry: DemoPatient, *, actor: Actor, teams: Sequence[Team], now: datetime) -> Entered:
    """One patient with everything that the file says."""
    today = today_for(actor.home, at=now)
    given, _, family = entry.name.partition(" ")
    patient = register_patient(
        another_person=True,
        actor=actor,
        mrn=entry.mrn,
        family_name=family,
        given_name=given,
        birth_on=birth_date(today, entry.birth.age_years, entry.birth.days_since_birthday),
        sex=entry.sex,
        teams=teams,
        fictional=True,
        now=now,
    )
    tumor = tumor_of(patient, 1)
    assert tumor is not None  # registering made it
    findings = _record_findings(entry, patient, tumor, actor, today, now)
    for treatment in entry.treatments:
        record_treatment(actor=actor, patient=patient, treatment=_treatment(treatment, today), now=now)
    if entry.treatment_history == "recorded":
        confirm_treatment_history(
            actor=actor, patient=patient, confirmed_on=today, none_so_far=not entry.treatments, now=now
        )
    _settle(entry, patient, findings, actor, now)
    if entry.biomarkers:
        markers = [_marker(marker, today) for marker in entry.biomarkers]
        record_markers(actor=actor, patient=patient, markers=markers, now=now)
    notes = record_notes(actor=actor, patient=patient, notes=_notes(entry, today), now=now)
    if question := QUESTIONS.get(entry.mrn):
        refer_to_board(actor=actor, patient=patient, question=question, now=now)
    return Entered(patient, len(findings), len(entry.treatments), len(entry.biomarkers), len(notes))


def birth_date(today: date, age_years: int, days_since_birthday: int) -> date:
    """Born so that the birthday was so many days ago, and made the patient so old."""
    birthday = today - timedelta(days=days_since_birthday)
    if (birthday.month, birthday.day) == (2, 29):
        birthday -= timedelta(days=1)
    return birthday.replace(year=birthday.year - age_years)


def _record_findings(
    entry: DemoPatient, patient: Patient, tumor: Tumor, actor: Actor, today: date, now: datetime
) -> list[Finding]:
    """What stands in one report is entered together, report by report."""
    reports: dict[tuple[int, str], list[DemoFinding]] = defaultdict(list)
    for finding in entry.findings:
        reports[finding.day, finding.source].append(finding)
    studies = _studies(entry.findings, today)
    rows: list[Finding] = []
    for (day, source), findings in sorted(reports.items()):
        new = [_finding(one, tumor, today + timedelta(days=day), studies.get(source, "")) for one in findings]
        rows += record_findings(actor=actor, patient=patient, findings=new, now=now)
    return rows


def _finding(finding: DemoFinding, tumor: Tumor, observed_on: date, study: str) -> NewFinding:
    is_of_tumor = dictionary().features[finding.feature].group == "tumor"
    low, high = REFERENCES.get(finding.feature, ("", "")) if finding.value is not None else ("", "")
    return NewFinding(
        feature=finding.feature,
        observed_on=observed_on,
        source=source_of(finding.source),
        value=finding.value,
        tumor=tumor if is_of_tumor else None,
        unit=finding.unit or "",
        source_text=finding.source,
        specimen_or_study=study,
        reference_low=low,
        reference_high=high,
    )


def source_of(text: str) -> Source:
    """The kind of source that the words of the file name."""
    if text.startswith("pathology"):
        return Source.PATHOLOGY
    if text == "laboratory":
        return Source.LAB
    return Source.CLINIC if text == "clinic visit" else Source.IMAGING


def _studies(findings: Sequence[DemoFinding], today: date) -> dict[str, str]:
    """Source → the specimen or study that it read. Pathology reports of a patient are of one specimen, and readings of
    the receptor scan of one study, whoever read them.
    """
    labels: dict[str, str] = {}
    for word, what in (("pathology", "specimen"), ("DOTATATE", "DOTATATE PET/CT")):
        of_one = [finding for finding in findings if word in finding.source]
        if of_one:
            first = today + timedelta(days=min(finding.day for finding in of_one))
            labels |= {finding.source: f"{what} reported {show_day(first)}" for finding in of_one}
    return labels


def _treatment(entry: DemoTreatment, today: date) -> NewTreatment:
    stopped = None if entry.stop_day is None else PartialDate(today + timedelta(days=entry.stop_day), "day")
    return NewTreatment(
        option=entry.option,
        course=Course.STILL_GIVEN if stopped is None else Course.STOPPED,
        started=PartialDate(today + timedelta(days=entry.start_day), "day"),
        stopped=stopped,
        outcomes=tuple(entry.outcome_code),
        outcome_text=entry.outcome,
    )


def _settle(entry: DemoPatient, patient: Patient, findings: list[Finding], actor: Actor, now: datetime) -> None:
    """Put in force what the file says is used, where two readings of one specimen or study differ."""
    unused = {(one.feature, one.source) for one in entry.findings if one.not_used}
    for disagreement in entry.disagreements or ():
        used = next(
            row
            for row in findings
            if row.feature == disagreement.feature and (row.feature, row.source_text) not in unused
        )
        reason = f"Used: {disagreement.used}; not used: {disagreement.other}. Why it matters: {disagreement.matters}."
        settle_reading(actor=actor, patient=patient, finding=used, reason=reason, now=now)


def _marker(entry: DemoMarker, today: date) -> NewMarker:
    marker, name_text = marker_named(entry.marker)
    return NewMarker(
        marker=marker,
        name_text=name_text,
        value=Decimal(entry.value),
        unit=entry.unit,
        observed_on=today + timedelta(days=entry.day),
        reference_high=UPPER_LIMITS.get(marker),
        source=Source.PATHOLOGY if marker == MarkerName.KI67 else Source.LAB,
        note=entry.note or "",
    )


def marker_named(text: str) -> tuple[MarkerName, str]:
    """The marker, and what the name says beyond it ("at symptoms")."""
    for marker in MarkerName:
        if text == marker.label:
            return marker, ""
    for prefix, marker in PREFIXES.items():
        if text.startswith(prefix):
            return marker, text.removeprefix(prefix)
    return MarkerName.OTHER, text


def _notes(entry: DemoPatient, today: date) -> list[NewNote]:
    """The history, the remark and the course: what no feature holds."""
    notes = [NewNote(text=entry.history, observed_on=today, kind=NoteKind.HISTORY)]
    if entry.note:
        notes.append(NewNote(text=entry.note, observed_on=today, kind=NoteKind.REMARK))
    for event in entry.timeline:
        days = _days(event.when, event.day)
        text = event.what
        if " to " in event.when:
            text = f"{text} (until {show_day(today + timedelta(days=days[-1]))})"
            days = days[:1]
        notes += [
            NewNote(text=text, observed_on=today + timedelta(days=day), kind=NoteKind.EVENT, source_text="course")
            for day in days
        ]
    return notes


def _days(when: str, day: int) -> list[int]:
    """The day of the entry, and those of further months that its words name ("−18 months, −12 months")."""
    months = [int(found) for found in _MONTHS_BEFORE.findall(when)]
    return [day, *(-round(number * DAYS_IN_A_MONTH) for number in months[1:])]
