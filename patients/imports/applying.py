"""Putting the staged rows of one patient into the record, through the same actions as data entry.

Each patient is one transaction: before anything is written, the rows are held against the record again, and what is no
longer what the preview said is left out with a sentence. The keys of the actions follow from institution, patient and
content, so that no delivery of a job and no second sending of a file enters anything twice. Called by the job alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from netcare.access import Actor, Institution, NotAllowed
from pathways.engine import NumberRange
from patients.actions import (
    NewFinding,
    NewMarker,
    NewTreatment,
    Refused,
    correct_finding,
    correct_marker,
    correct_patient,
    correct_treatment,
    record_findings,
    record_marker,
    record_treatment,
    register_patient,
)
from patients.actions.findings import MOST_AT_ONCE
from patients.imports.actions import label_of
from patients.imports.cells import Content
from patients.imports.columns import FINDINGS, MARKERS, PATIENTS, TREATMENTS
from patients.imports.judging import Candidate, Judgement, judge
from patients.imports.judging_entries import PROVENANCE, origin_of, overlaid, said_reference, tumor_number
from patients.imports.judging_markers import marker_origin
from patients.imports.record import content_of_treatment, record_of
from patients.imports.understanding import partial_date
from patients.models import (
    Finding,
    ImportedFile,
    ImportedRow,
    Marker,
    Patient,
    RowOutcome,
    Source,
    Treatment,
    Tumor,
    Verdict,
)
from patients.selectors import teams_for_registration, tumors_of
from patients.values import from_text

_NAMESPACE = UUID("5b0b1f53-5a0a-4c55-9d0e-6f1f1c9b8f10")
TO_APPLY = (Verdict.NEW, Verdict.CHANGED)


@dataclass(slots=True)
class _Work:
    """One patient of one import, being applied."""

    actor: Actor
    file: ImportedFile
    now: datetime
    rows: list[ImportedRow]
    patient: Patient | None = None
    applied: list[ImportedRow] = field(default_factory=list)

    def of(self, kind: str, verdict: str) -> list[ImportedRow]:
        """The rows of a kind that are still to be applied, in an order that does not depend on the file's."""
        chosen = [row for row in self.rows if row.kind == kind and row.verdict == verdict and not row.outcome]
        return sorted(chosen, key=lambda row: (row.content.get("observed_on", ""), sorted(row.content.items())))

    def key(self, action: str, rows: Sequence[ImportedRow], *more: object) -> UUID:
        """The key of an action: the same for the same content, whatever file it comes from."""
        content = sorted(repr(sorted(row.content.items())) for row in rows)
        return uuid5(_NAMESPACE, "\n".join([str(self.file.institution_id), action, *map(str, more), *content]))

    def done(self, row: ImportedRow, entry: UUID) -> None:
        row.outcome, row.entry_id = RowOutcome.APPLIED, entry
        self.applied.append(row)

    def left_out(self, rows: Sequence[ImportedRow], reason: str) -> None:
        for row in rows:
            row.outcome, row.outcome_reason = RowOutcome.NOT_APPLIED, reason[:1000]

    def reason(self, row: ImportedRow) -> str:
        """Why a correction was made, for the history."""
        return f"Import of {self.file.file_name}, {label_of(row.sheet, row.number, bool(row.sheet))}"[:300]


@transaction.atomic
def apply_patient(*, actor: Actor, file: ImportedFile, place: int, now: datetime | None = None) -> int:
    """Apply the rows of one patient, all in one transaction. Returns how many were applied."""
    # Two imports of one institution take turns, patient by patient: neither sees the other half-way.
    Institution.objects.select_for_update(no_key=True).get(id=file.institution_id)
    rows = list(ImportedRow.objects.filter(file=file, patient_place=place, outcome="").order_by("number", "id"))
    staged = [row for row in rows if row.verdict != Verdict.REFUSED and row.content]
    work = _Work(actor, file, now or datetime.now(UTC), staged)
    _weigh_again(work)
    try:
        _apply(work)
    except NotAllowed as refusal:
        work.left_out([row for row in staged if row.verdict in TO_APPLY and not row.outcome], refusal.decision.sentence)
    for row in work.applied:
        row.patient_id = work.patient.id if work.patient else None
    ImportedRow.objects.bulk_update(staged, ["outcome", "outcome_reason", "entry_id", "patient_id"], batch_size=200)
    return len(work.applied)


def _weigh_again(work: _Work) -> None:
    """Leave out what would no longer do what the preview said."""
    many = bool({row.sheet for row in work.rows} - {""})
    candidates = [Candidate(row.id, row.kind, label_of(row.sheet, row.number, many), row.content) for row in work.rows]
    record = record_of(work.actor, (row.content for row in work.rows))
    verdicts = judge(candidates, record, team_count=len(teams_for_registration(work.actor)))
    for row in work.rows:
        verdict = verdicts[row.id]
        if verdict.verdict == Verdict.SAME:
            row.outcome = RowOutcome.SAME
        elif row.verdict in TO_APPLY and not _is_as_shown(row, verdict):
            why = verdict.reason or f"It would now be {Verdict(verdict.verdict).label}."
            work.left_out([row], f"The record changed since the preview. {why}")


def _is_as_shown(row: ImportedRow, verdict: Judgement) -> bool:
    return row.verdict == verdict.verdict and row.target_id == verdict.target


def _apply(work: _Work) -> None:
    _apply_identity(work)
    if work.patient is None:
        return
    tumors = tumors_of(work.patient)
    new = work.of(FINDINGS, Verdict.NEW)
    changed = work.of(FINDINGS, Verdict.CHANGED)
    _record_findings(work, [row for row in (*new, *changed) if row.target_id is None], tumors)
    for row in (row for row in changed if row.target_id is not None):
        _attempt(work, [row], lambda row=row: [_correct_finding(work, row, tumors)])
    for row in work.of(TREATMENTS, Verdict.NEW):
        _attempt(work, [row], lambda row=row: [_record_treatment(work, row)])
    for row in work.of(TREATMENTS, Verdict.CHANGED):
        _attempt(work, [row], lambda row=row: [_correct_treatment(work, row)])
    for row in work.of(MARKERS, Verdict.NEW):
        _attempt(work, [row], lambda row=row: [_record_marker(work, row)])
    for row in work.of(MARKERS, Verdict.CHANGED):
        _attempt(work, [row], lambda row=row: [_correct_marker(work, row)])


def _attempt(work: _Work, rows: Sequence[ImportedRow], act: Callable[[], Sequence[Any]]) -> bool:
    """Do one action for some rows; where it is refused, nothing of it stays, and the rows say why."""
    try:
        with transaction.atomic():
            entries = act()
    except Refused as refusal:
        work.left_out(rows, " ".join(fault.sentence for fault in refusal.faults))
        return False
    for row, entry in zip(rows, entries, strict=True):
        work.done(row, entry.id)
    return True


def _apply_identity(work: _Work) -> None:
    """Register or correct the patient; without one, nothing else can be entered."""
    mrn = work.rows[0].mrn if work.rows else ""
    existing = Patient.objects.filter(institution_id=work.file.institution_id, mrn=mrn).select_related("institution")
    work.patient = existing.order_by("id").first()
    for row in work.of(PATIENTS, Verdict.NEW):
        if _attempt(work, [row], lambda row=row: [_register(work, row)]):
            work.patient = existing.order_by("id").first()
    for row in work.of(PATIENTS, Verdict.CHANGED):
        _attempt(work, [row], lambda row=row: [_correct_identity(work, row)])
    if work.patient is None:
        waiting = [row for row in work.rows if not row.outcome and row.verdict in TO_APPLY]
        work.left_out(waiting, "The patient was not registered, so nothing of the patient was entered.")


def _register(work: _Work, row: ImportedRow) -> Patient:
    names = row.content["care_team"].split(";") if row.content["care_team"] else []
    teams = [team for team in teams_for_registration(work.actor) if team.name in names or not names]
    return register_patient(
        actor=work.actor,
        teams=teams,
        birth_on=date.fromisoformat(row.content["birth_on"]),
        **{name: row.content[name] for name in ("mrn", "family_name", "given_name", "sex")},
        another_person=True,  # judged a moment ago, in this transaction
        submission=work.key("register", [row]),
        now=work.now,
        refresh_statuses=False,
    )


def _correct_identity(work: _Work, row: ImportedRow) -> Patient:
    assert work.patient is not None  # a changed row is of somebody on record
    now = {name: getattr(work.patient, name) for name in ("mrn", "family_name", "given_name", "birth_on", "sex")}
    said = {name: row.content[name] for name in ("family_name", "given_name", "sex") if row.content[name]}
    return correct_patient(
        actor=work.actor,
        patient=work.patient,
        **(now | said),
        reason=work.reason(row),
        version=work.patient.version,
        now=work.now,
    )


def _record_findings(work: _Work, rows: Sequence[ImportedRow], tumors: list[Tumor]) -> None:
    """New readings together; where one of them is refused, each for itself, so that it does not stop the others."""
    patient = work.patient
    assert patient is not None  # checked by the caller
    for start in range(0, len(rows), MOST_AT_ONCE):
        some = rows[start : start + MOST_AT_ONCE]

        def record(some: Sequence[ImportedRow]) -> Sequence[Finding]:
            return record_findings(
                actor=work.actor,
                patient=patient,
                findings=[new_finding(row.content, tumors) for row in some],
                submission=work.key("findings", some, patient.id),
                now=work.now,
                refresh_statuses=False,
            )

        if not _attempt(work, some, lambda some=some: record(some)) and len(some) > 1:
            for row in some:
                row.outcome, row.outcome_reason = RowOutcome.WAITING, ""
                _attempt(work, [row], lambda row=row: record([row]))


def new_finding(content: Content, tumors: Sequence[Tumor]) -> NewFinding:
    """The reading that the content of a row stands for."""
    number = tumor_number(content, [tumor.number for tumor in tumors])
    known = bool(content["value"])
    return NewFinding(
        feature=content["feature"],
        observed_on=date.fromisoformat(content["observed_on"]),
        value=from_text(content["value"]) if known else None,
        known=known,
        tumor=next((tumor for tumor in tumors if tumor.number == number), None),
        as_written=content["as_written"],
        unit=content["unit"],
        note=content["note"],
        # A row that an earlier release staged has no word on it.
        reference_low=content.get("reference_low", ""),
        reference_high=content.get("reference_high", ""),
        **origin_of(content),
    )


def _correct_finding(work: _Work, row: ImportedRow, tumors: list[Tumor]) -> Finding:
    assert work.patient is not None  # checked by the caller
    old = Finding.objects.select_related("tumor").get(id=row.target_id, patient=work.patient)
    kept = {name: row.content[name] or getattr(old, name) for name in (*PROVENANCE, "note")}
    if row.content["unit"] == old.unit and not said_reference(row.content):
        kept |= {"reference_low": old.reference_low, "reference_high": old.reference_high}
    content = row.content | kept | {"tumor": str(old.tumor.number) if old.tumor else ""}
    return correct_finding(
        actor=work.actor,
        patient=work.patient,
        finding=old,
        replacement=new_finding(content, tumors),
        reason=work.reason(row),
        submission=work.key("correct finding", [row], old.id),
        now=work.now,
    )


def new_treatment(content: Content) -> NewTreatment:
    """The course that the content of a row stands for."""
    observed_on = content.get("observed_on", "")
    return NewTreatment(
        option=content["option"],
        course=content["course"],
        started=partial_date(content["started"]),
        stopped=partial_date(content["stopped"]),
        intent=content["intent"],
        doses=content["doses"],
        outcomes=tuple(code for code in content["outcomes"].split(",") if code),
        outcome_text=content["outcome_text"],
        source=Source.IMPORT,
        source_text=content["source_text"],
        observed_on=date.fromisoformat(observed_on) if observed_on else None,
    )


def _record_treatment(work: _Work, row: ImportedRow) -> Treatment:
    assert work.patient is not None  # checked by the caller
    return record_treatment(
        actor=work.actor,
        patient=work.patient,
        treatment=new_treatment(row.content),
        submission=work.key("treatment", [row], work.patient.id),
        now=work.now,
        refresh_statuses=False,
    )


def _correct_treatment(work: _Work, row: ImportedRow) -> Treatment:
    assert work.patient is not None  # checked by the caller
    old = Treatment.objects.get(id=row.target_id, patient=work.patient)
    content = overlaid(content_of_treatment(old), row.content) | {"observed_on": row.content["observed_on"]}
    return correct_treatment(
        actor=work.actor,
        patient=work.patient,
        treatment=old,
        replacement=new_treatment(content),
        reason=work.reason(row),
        submission=work.key("correct treatment", [row], old.id),
        now=work.now,
    )


def new_marker(content: Content) -> NewMarker:
    """The measurement that the content of a row stands for."""
    value = from_text(content["value"])
    assert isinstance(value, Decimal | NumberRange)  # measurements are numbers
    low, high = (Decimal(content[name]) if content[name] else None for name in ("reference_low", "reference_high"))
    return NewMarker(
        value=value,
        observed_on=date.fromisoformat(content["observed_on"]),
        reference_low=low,
        reference_high=high,
        **{name: content[name] for name in ("marker", "name_text", "unit", "as_written", "note")},
        **marker_origin(content),
    )


def _record_marker(work: _Work, row: ImportedRow) -> Marker:
    assert work.patient is not None  # checked by the caller
    return record_marker(
        actor=work.actor,
        patient=work.patient,
        marker=new_marker(row.content),
        submission=work.key("marker", [row], work.patient.id),
        now=work.now,
    )


def _correct_marker(work: _Work, row: ImportedRow) -> Marker:
    assert work.patient is not None  # checked by the caller
    old = Marker.objects.get(id=row.target_id, patient=work.patient)
    return correct_marker(
        actor=work.actor,
        patient=work.patient,
        marker=old,
        replacement=new_marker(row.content),
        reason=work.reason(row),
        submission=work.key("correct marker", [row], old.id),
        now=work.now,
    )


def leave_out_rest(file: ImportedFile) -> None:
    """The rows that were to be applied and were not, because their patient failed as a whole, say so."""
    rest = ImportedRow.objects.filter(file=file, verdict__in=TO_APPLY, outcome="")
    reason = "The rows of this patient failed together, so that nothing of them was entered. Send them again."
    rest.update(outcome=RowOutcome.NOT_APPLIED, outcome_reason=reason)
