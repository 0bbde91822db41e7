"""Files for the tests of imports, made row by row, and the way from a file to the record."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook

from netcare.access import Actor
from netcare.jobs import runner
from netcare.jobs.models import Job
from patients.imports.actions import apply_import, stage_import
from patients.imports.columns import names_of
from patients.models import ImportedFile, ImportedRow

# 26 Nov 2026 in Berlin, where Northside is.
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def patient(mrn: str = "IMP-1", **more: str) -> dict[str, str]:
    given = "Ada" if mrn == "IMP-1" else f"Ada of {mrn}"
    row = {"mrn": mrn, "family_name": "Sent", "given_name": given, "birth_date": "1964-03-14", "sex": "female"}
    return row | {"care_team": "Abdomen"} | more


def finding(mrn: str = "IMP-1", feature: str = "ki67_percent", value: str = "8 %", **more: str) -> dict[str, str]:
    row = {"mrn": mrn, "birth_date": "1964-03-14", "feature": feature, "value": value, "observed_on": "2026-11-02"}
    return row | {"source": "pathology"} | more


def treatment(mrn: str = "IMP-1", option: str = "lanreotide", **more: str) -> dict[str, str]:
    row = {"mrn": mrn, "birth_date": "1964-03-14", "treatment": option, "started": "Mar 2025", "course": "still given"}
    return row | more


def marker(mrn: str = "IMP-1", code: str = "chromogranin_a", value: str = "61", **more: str) -> dict[str, str]:
    row = {"mrn": mrn, "birth_date": "1964-03-14", "marker": code, "value": value, "unit": "ng/mL"}
    return row | {"observed_on": "2026-11-02"} | more


def csv_file(kind: str, rows: Sequence[dict[str, str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV file with the columns of the template."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names_of(kind), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(**sheets: Sequence[dict[str, Any]]) -> bytes:
    """A workbook with a sheet for each kind; values keep their types."""
    book = Workbook()
    del book["Sheet"]
    for kind, rows in sheets.items():
        sheet = book.create_sheet(kind)
        sheet.append(list(names_of(kind)))
        for row in rows:
            sheet.append([row.get(name) for name in names_of(kind)])
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def staged(actor: Actor, content: bytes, *, name: str = "table.csv", now: datetime = NOW) -> ImportedFile:
    return stage_import(actor=actor, file_name=name, stream=io.BytesIO(content), now=now)


def applied(actor: Actor, file: ImportedFile) -> ImportedFile:
    """Apply a staged import, with its job run to the end here."""
    apply_import(actor=actor, file=file)
    file.refresh_from_db()
    runner.run(file.job_id)
    job = Job.objects.get(pk=file.job_id)
    assert job.state == "done", job.failure
    file.refresh_from_db()
    return file


def rows_of(file: ImportedFile) -> list[ImportedRow]:
    return list(ImportedRow.objects.filter(file=file).order_by("sheet", "number", "id"))


def verdicts(file: ImportedFile) -> list[str]:
    return [row.verdict for row in rows_of(file)]


def outcomes(file: ImportedFile) -> list[str]:
    return [row.outcome or row.verdict for row in rows_of(file)]
