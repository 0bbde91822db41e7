"""What somebody does with an import: send a file, apply what it would do, put it away.

Keyword-only, atomic, checked against the policy, with an audit row inside. Staging writes the staged rows alone; the
record is written by the job (``patients.imports.applying``). Called by the views.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, BinaryIO

from django.db import transaction

from netcare import audit
from netcare.access import Actor, Capability, require, today_for
from netcare.jobs.actions import enqueue
from netcare.jobs.models import Job
from patients.actions.shared import Fault, Refused, person
from patients.catalogue import treatment_words
from patients.imports.cells import UnderstoodRow, Words
from patients.imports.columns import column_titles
from patients.imports.files import content_of, read_file
from patients.imports.judging import Candidate, Judgement, judge
from patients.imports.limits import MOST_ROWS_OF_PATIENT
from patients.imports.problems import CellFault, FileRefused
from patients.imports.record import record_of
from patients.imports.tables import RawRow, ReadFile
from patients.imports.understanding import understood
from patients.models import ImportedFile, ImportedRow, ImportState, Verdict
from patients.selectors import teams_for_registration

KIND_OF_JOB = "import_apply"
LONGEST_REASON = 1000


def stage_import(*, actor: Actor, file_name: str, stream: BinaryIO, now: datetime | None = None) -> ImportedFile:
    """Read a file and stage its rows with what each would do. Raises FileRefused; then nothing was staged."""
    require(actor, Capability.PATIENT_IMPORT)
    user = person(actor, Capability.PATIENT_IMPORT)
    now = now or datetime.now(UTC)
    content = content_of(stream)
    found = read_file(content)
    rows = _staged_rows(actor, found, now)
    with transaction.atomic():
        file = ImportedFile.objects.create(
            institution=actor.home,
            file_name=shown_name(file_name),
            format=found.format,
            digest=hashlib.sha256(content).hexdigest(),
            size=len(content),
            row_count=len(rows),
            not_read=found.not_read,
            sent_by=user,
            sent_at=now,
        )
        for row in rows:
            row.file = file
        ImportedRow.objects.bulk_create(rows, batch_size=500)
        _record(actor, file, "import.stage", now, rows=len(rows), format=found.format)
    return file


def shown_name(name: str) -> str:
    """The last part of the name of an upload, in signs that can be shown."""
    last = PurePath(name.replace("\\", "/")).name or "file"
    return "".join(sign if sign.isprintable() else "_" for sign in last)[-120:]


def words_for(actor: Actor, now: datetime) -> Words:
    """What the cells of this actor's files may name."""
    names = [team.name for team in teams_for_registration(actor)]
    return Words.of(treatment_words(), names, today_for(actor.home, at=now))


def _staged_rows(actor: Actor, found: ReadFile, now: datetime) -> list[ImportedRow]:
    words = words_for(actor, now)
    many_sheets = len({row.sheet for row in found.rows}) > 1
    read = [understood(raw, words) for raw in found.rows]
    _refuse_too_many_of_one(read)
    candidates = [
        Candidate(place, row.raw.kind, label_of(row.raw.sheet, row.raw.number, many_sheets), row.content)
        for place, row in enumerate(read)
        if not row.faults
    ]
    record = record_of(actor, (row.content for row in candidates))
    verdicts = judge(candidates, record, team_count=len(words.teams))
    places: dict[str, int] = {}
    rows = []
    for place, row in enumerate(read):
        known = record.patients.get(row.mrn)
        staged = _staged(row, verdicts.get(place))
        staged.patient_place = places.setdefault(row.mrn or f"\0{place}", len(places) + 1)
        staged.patient_id = known.id if known and known.in_reach else None
        rows.append(staged)
    return rows


def _refuse_too_many_of_one(rows: Sequence[UnderstoodRow]) -> None:
    """The rows of one patient are one transaction, which must not outlast the lease of its job."""
    for mrn, number in Counter(row.mrn for row in rows if row.mrn).most_common(1):
        if number > MOST_ROWS_OF_PATIENT:
            raise FileRefused(
                f"{number:,} rows are of one patient (MRN {mrn}). Accepted are up to {MOST_ROWS_OF_PATIENT:,} in one file."
            )


def label_of(sheet: str, number: int, many_sheets: bool) -> str:
    return f"row {number} of {sheet}" if many_sheets and sheet else f"row {number}"


def _staged(row: UnderstoodRow, verdict: Judgement | None) -> ImportedRow:
    raw: RawRow = row.raw
    on_record: Mapping[str, tuple[str, str]] = {}
    if verdict is None:
        titles = column_titles(raw.kind) if raw.kind else {}
        reason = _sentences(row.faults, titles)
        judged, column, target = Verdict.REFUSED, row.faults[0].column, None
    else:
        reason, judged, column, target = verdict.reason, verdict.verdict, verdict.column, verdict.target
        on_record = verdict.on_record
    wrong = {fault.column for fault in row.faults} | ({column} if judged == Verdict.REFUSED else set())
    return ImportedRow(
        sheet=raw.sheet[:100],
        number=raw.number,
        kind=raw.kind,
        mrn=row.mrn[:40],
        cells=raw.cells,
        content=row.content if verdict else {},
        fields=[_field(one, judged, on_record, wrong) for one in row.fields],
        verdict=judged,
        column=column,
        reason=reason[:LONGEST_REASON],
        target_id=target,
    )


def _sentences(faults: Sequence[CellFault], titles: Mapping[str, str]) -> str:
    """Everything that is wrong with a row; of several faults, each with its column in front."""
    if len(faults) == 1:
        return faults[0].sentence
    placed = []
    for fault in faults:
        title = titles.get(fault.column, "")
        placed.append(
            f"{title}: {fault.sentence}" if title and not fault.sentence.startswith(title) else fault.sentence
        )
    return " ".join(placed)


def _field(one: Any, judged: Verdict, on_record: Mapping[str, tuple[str, str]], wrong: set[str]) -> dict[str, str]:
    before, verdict = on_record.get(one.column, ("", ""))
    if one.column in wrong:
        verdict = Verdict.REFUSED
    elif not verdict and judged == Verdict.NEW:
        verdict = Verdict.NEW
    return {
        "column": one.column,
        "written": one.written,
        "understood": one.understood,
        "on_record": before,
        "verdict": str(verdict),
    }


def applicable(file: ImportedFile) -> Sequence[int]:
    """The places of the patients of whom something would be applied."""
    rows = ImportedRow.objects.filter(file=file, verdict__in=[Verdict.NEW, Verdict.CHANGED])
    return list(rows.order_by("patient_place").values_list("patient_place", flat=True).distinct())


@transaction.atomic
def apply_import(*, actor: Actor, file: ImportedFile, now: datetime | None = None) -> ImportedFile:
    """Ask for the staged rows to be applied in the background. Asked a second time, nothing happens."""
    _reach(actor, file)
    user, now = person(actor, Capability.PATIENT_IMPORT), now or datetime.now(UTC)
    current = ImportedFile.objects.select_for_update().get(id=file.id)
    if current.state in (ImportState.APPLYING, ImportState.APPLIED):
        return current
    if current.state == ImportState.DISCARDED:
        raise Refused([Fault("", "This import was discarded. Send the file again.")])
    places = applicable(current)
    if not places:
        raise Refused([Fault("", "Nothing in this file is new or changed, so there is nothing to apply.")])
    job = _job(current, user, len(places))
    current.state, current.applied_by, current.job_id = ImportState.APPLYING, user, job.id
    current.save(update_fields=["state", "applied_by", "job_id"])
    _record(actor, current, "import.apply", now, patients=len(places))
    return current


def _job(file: ImportedFile, user: Any, total: int) -> Job:
    payload = {"import": str(file.id)}
    return enqueue(kind=KIND_OF_JOB, payload=payload, requested_by=user, institution=file.institution, total=total)


@transaction.atomic
def discard_import(*, actor: Actor, file: ImportedFile, now: datetime | None = None) -> None:
    """Put a staged import away: its rows are forgotten, that there was one is not."""
    _reach(actor, file)
    current = ImportedFile.objects.select_for_update().get(id=file.id)
    if current.state == ImportState.DISCARDED:
        return
    if current.state != ImportState.STAGED:
        raise Refused([Fault("", "This import is applied already; its report is kept.")])
    ImportedRow.objects.filter(file=current).delete()
    current.state = ImportState.DISCARDED
    current.save(update_fields=["state"])
    _record(actor, current, "import.discard", now or datetime.now(UTC))


def _reach(actor: Actor, file: ImportedFile) -> None:
    require(actor, Capability.PATIENT_IMPORT)
    if file.institution_id != actor.institution_id:
        raise Refused([Fault("", "This import belongs to another institution.")])


def _record(actor: Actor, file: ImportedFile, action: str, now: datetime, **detail: Any) -> None:
    audit.record(
        actor=actor, action=action, institution_id=file.institution_id, subject=str(file.id), detail=detail, at=now
    )
