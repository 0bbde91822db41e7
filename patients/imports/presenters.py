"""An import as its pages show it: what it is, the counts, and the rows patient by patient, cell by cell.

Decides nothing: verdicts and sentences come from the staged rows. Called by ``patients.imports.views``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from pathways.knowledge import dictionary
from patients.entry.dates import show_day
from patients.imports.columns import FINDINGS, MARKERS, PATIENTS, TREATMENTS, column_titles
from patients.imports.selectors import STANDING_TITLES, standing_counts, verdict_counts
from patients.models import ImportedFile, ImportedRow, ImportState, RowOutcome, Verdict

KIND_TITLES = {PATIENTS: "patients", FINDINGS: "findings", TREATMENTS: "treatments", MARKERS: "markers"}
# The column that names what a row is about.
ABOUT = {FINDINGS: "feature", TREATMENTS: "treatment", MARKERS: "marker"}
ONE = {PATIENTS: "patient", FINDINGS: "finding", TREATMENTS: "treatment", MARKERS: "marker"}


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of one kind of verdict or outcome, as a filter."""

    code: str
    title: str
    number: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """An import in a list and at the head of its page."""

    id: UUID
    url: str
    name: str
    what: str
    sent: str
    state: str
    state_word: str
    not_read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellLine:
    """One cell: what was written, understood, and is on record."""

    title: str
    written: str
    understood: str
    on_record: str
    verdict: str
    verdict_word: str


@dataclass(frozen=True, slots=True)
class RowBlock:
    """One row of the file."""

    place: str
    kind: str
    what: str
    verdict: str
    verdict_word: str
    reason: str
    cells: tuple[CellLine, ...]


@dataclass(frozen=True, slots=True)
class PatientBlock:
    """The rows of one patient."""

    title: str
    url: str
    rows: tuple[RowBlock, ...]


def file_line(file: ImportedFile) -> FileLine:
    zone = file.institution.time_zone
    page = "import_preview" if file.state in (ImportState.STAGED, ImportState.DISCARDED) else "import_report"
    rows = f"{file.row_count:,} row{'' if file.row_count == 1 else 's'}"
    return FileLine(
        id=file.id,
        url=reverse(f"patients:{page}", kwargs={"import_id": file.id}),
        name=file.file_name,
        what=f"{file.format}, {rows}",
        sent=f"{moment(file.sent_at, zone)}, by {file.sent_by.display_name}",
        state=file.state,
        state_word=ImportState(file.state).label,
        not_read=tuple(file.not_read),
    )


def moment(at: datetime, zone: str) -> str:
    """12 Nov 2026, 14:05, by the clock of the institution."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{show_day(local.date())}, {local:%H:%M}"


def verdict_filter(file: ImportedFile, chosen: str) -> list[Count]:
    counts = verdict_counts(file)
    return [Count(code, Verdict(code).label, number, code == chosen) for code, number in counts.items()]


def standing_filter(file: ImportedFile, chosen: str) -> list[Count]:
    counts = standing_counts(file)
    return [Count(code, STANDING_TITLES[code], number, code == chosen) for code, number in counts.items()]


def patient_blocks(rows: Iterable[ImportedRow]) -> list[PatientBlock]:
    """The rows of one page, patient by patient in the order of the file."""
    groups: Mapping[int, list[ImportedRow]] = defaultdict(list)
    for row in rows:
        groups[row.patient_place].append(row)
    return [_patient(groups[place]) for place in sorted(groups)]


def _patient(rows: Sequence[ImportedRow]) -> PatientBlock:
    first = rows[0]
    named = next((row for row in rows if row.kind == PATIENTS), first)
    name = ", ".join(part for part in (named.cells.get("family_name", ""), named.cells.get("given_name", "")) if part)
    known = next((row.patient_id for row in rows if row.patient_id), None)
    url = reverse("patients:data", kwargs={"patient_id": known}) if known else ""
    mrn = f"MRN {first.mrn}" if first.mrn else "No MRN"
    order = {PATIENTS: 0, FINDINGS: 1, TREATMENTS: 2, MARKERS: 3}
    ordered = sorted(rows, key=lambda row: (order.get(row.kind, 3), row.number, row.id))
    born = next((entry["understood"] for row in rows for entry in row.fields if entry["column"] == "birth_date"), "")
    title = " · ".join(part for part in (mrn, name, f"born {born}" if born else "") if part)
    return PatientBlock(title, url, tuple(map(_row, ordered)))


def _row(row: ImportedRow) -> RowBlock:
    verdict, word, reason = _verdict(row)
    titles = column_titles(row.kind) if row.kind else {}
    column = titles.get(row.column, row.column)
    if column and verdict in (Verdict.REFUSED, Verdict.CONFLICTING, RowOutcome.NOT_APPLIED):
        reason = f"{reason} (Column {column}.)"
    return RowBlock(
        place=f"{row.sheet} row {row.number}" if row.sheet else f"row {row.number}",
        kind=ONE.get(row.kind, "sheet"),
        what=_what(row),
        verdict=verdict,
        verdict_word=word,
        reason=reason,
        cells=tuple(_cell(entry, titles) for entry in _cells(row)),
    )


def _verdict(row: ImportedRow) -> tuple[str, str, str]:
    """Before applying, what the row would do; afterwards, what became of it."""
    if row.outcome:
        return row.outcome, RowOutcome(row.outcome).label, row.outcome_reason
    return row.verdict, Verdict(row.verdict).label, row.reason


def _what(row: ImportedRow) -> str:
    """The feature or treatment that the row is about, as understood; as written where it was not."""
    if row.kind not in ABOUT:
        return "Identity" if row.kind == PATIENTS else ""
    column = ABOUT[row.kind]
    named = next((entry["understood"] for entry in row.fields if entry["column"] == column), "")
    written = row.cells.get(column, "")
    feature = dictionary().features.get(written)
    return named or (feature.title if feature and row.kind == FINDINGS else written)


def _cells(row: ImportedRow) -> list[Mapping[str, str]]:
    """The cells to show: what the head of the patient and of the row says already is shown where it is wrong."""
    said = {"mrn", "birth_date", ABOUT.get(row.kind, "")} if row.kind in ABOUT else set()
    wrong = (Verdict.REFUSED, Verdict.CONFLICTING)
    shown = [entry for entry in row.fields if entry["column"] not in said or entry["verdict"] in wrong]
    return sorted(shown, key=lambda entry: entry["column"] != "value")


def _cell(entry: Mapping[str, str], titles: Mapping[str, str]) -> CellLine:
    verdict = entry["verdict"]
    word = Verdict(verdict).label if verdict in Verdict.values else verdict
    return CellLine(
        title=titles.get(entry["column"], entry["column"]),
        written=entry["written"],
        understood=entry["understood"],
        on_record=entry["on_record"],
        verdict=verdict if verdict in Verdict.values else "",
        verdict_word=word,
    )
