"""Files to download: the templates, the list of accepted values, and the rows of an import that were not taken.

Everything is made from the columns and the data dictionary, so a template never promises what the reader refuses. No
cell of any file begins a formula. Called by the views.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from pathways.engine import Feature
from pathways.knowledge import dictionary
from patients.catalogue import catalogue
from patients.entry.marker_units import units_of_marker
from patients.entry.reading import can_be_entered
from patients.entry.units import units_of
from patients.imports.columns import COLUMNS, KINDS, NOTES_OF_EXPORT, Column, names_of
from patients.imports.csv_text import guarded
from patients.imports.workbook import VALUES_SHEET
from patients.models import Course, ImportedRow, Intent, MarkerName, Outcome, Sex, Source

ACCEPTED_VALUES = "accepted-values"
WORKBOOK = "workbook"
TEMPLATES: dict[str, str] = {
    WORKBOOK: "Workbook with four sheets and the accepted values (XLSX)",
    "patients": "Patients (CSV)",
    "findings": "Findings (CSV)",
    "treatments": "Treatments (CSV)",
    "markers": "Markers (CSV)",
    ACCEPTED_VALUES: "Accepted values (CSV)",
}
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """CSV that spreadsheets open as UTF-8, and in which no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([guarded(" ".join(cell.split())) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def template(name: str) -> tuple[str, str, bytes]:
    """File name, content type and content of a template."""
    if name == WORKBOOK:
        return "netcare-import.xlsx", XLSX_TYPE, _workbook()
    rows = accepted_values() if name == ACCEPTED_VALUES else _table(name)
    return f"netcare-{name}.csv", CSV_TYPE, csv_bytes(rows)


def _table(kind: str) -> list[list[str]]:
    """Header and one example, which is not read because it begins with #."""
    return [list(names_of(kind)), example(COLUMNS[kind])]


def example(columns: Sequence[Column]) -> list[str]:
    first, *rest = (column.example for column in columns)
    return [f"# {first}", *rest]


def accepted_values() -> list[list[str]]:
    """What each column accepts; then every feature and every treatment with its code."""
    rows = [["table", "column", "code", "name", "accepted", "units"]]
    for kind in KINDS:
        for column in COLUMNS[kind]:
            needed = "needed" if column.needed else ""
            rows.append([kind, column.name, needed, column.title, column.accepts, ""])
    for kind, column, choices in (
        ("patients", "sex", Sex),
        ("findings", "source", Source),
        ("treatments", "course", Course),
        ("treatments", "intent", Intent),
        ("treatments", "outcomes", Outcome),
        ("markers", "source", Source),
    ):
        rows += [[kind, column, choice.value, choice.label, "", ""] for choice in choices]
    for feature in dictionary().features.values():
        if can_be_entered(feature):
            units = ", ".join(unit.text for unit in units_of(feature.name)) or feature.unit_text
            rows.append(["findings", "feature", feature.name, feature.title, _accepts(feature), units])
    rows += [["treatments", "treatment", code, catalogue().label(code), "", ""] for code in catalogue().values]
    for marker in MarkerName:
        units = ", ".join(unit.text for unit in units_of_marker(marker.value)) or "as on the report"
        rows.append(["markers", "marker", marker.value, marker.label, "a number or a limit", units])
    return rows


def _accepts(feature: Feature) -> str:
    match feature.kind:
        case "number":
            whole = "a whole number" if feature.integer else "a number or range"
            return f"{whole} from {feature.minimum} to {feature.maximum}; not known"
        case "bool":
            return "yes; no; not known"
        case _:
            listed = "; ".join(_word(feature, code) for code in feature.values)
            if feature.kind == "set":
                return f"one or several of: {listed}; or none of these; or not known"
            return f"{listed}; not known"


def _word(feature: Feature, code: str) -> str:
    label = feature.label(code)
    return code if label == code else f"{code} ({label})"


def _workbook() -> bytes:
    book = Workbook(write_only=True)
    for kind in KINDS:
        _sheet(book, kind, _table(kind))
    _sheet(book, VALUES_SHEET, accepted_values())
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, title: str, rows: Sequence[Sequence[str]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, name in enumerate(rows[0], 1):
        letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place - 1]
        sheet.column_dimensions[letter].width = max(14, min(60, len(name) + 4))
    for number, row in enumerate(rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=guarded(text) or None)
            cell.number_format = "@"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)


def left_out_rows(rows: Iterable[ImportedRow], kind: str) -> bytes:
    """The rows of one kind that were not taken, as they were written, with row, column and reason beside them."""
    names = names_of(kind)
    table: list[list[str]] = [[*names, *NOTES_OF_EXPORT]]
    for row in rows:
        place = f"{row.sheet} {row.number}".strip()
        reason = row.outcome_reason or row.reason
        table.append([*(row.cells.get(name, "") for name in names), place, row.column, reason])
    return csv_bytes(table)
