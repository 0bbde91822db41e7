"""What the cells of a file are read as: encodings, delimiters, types of cells, and faults that stay in their row."""

import io
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook, load_workbook

from patients.imports.csv_text import guarded, unguarded
from patients.imports.files import read_file
from patients.imports.tables import RawRow
from tests.imports import csv_file, finding, patient, saved, workbook


def _rows(content: bytes) -> list[RawRow]:
    return read_file(content).rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_told_by_the_content(encoding: str, delimiter: str) -> None:
    rows = _rows(csv_file("patients", [patient(family_name="Müller-Łoś")], delimiter=delimiter, encoding=encoding))
    assert [(row.kind, row.number, row.cells["family_name"], row.faults) for row in rows] == [
        ("patients", 2, "Müller-Łoś", [])
    ]


def test_the_header_may_be_in_any_order_in_words_and_capitals() -> None:
    (row,) = _rows(b"Sex;Birth date;MRN;Family  name\nfemale;14.03.1964;N-1;Pretend\n")
    assert row.cells == {"sex": "female", "birth_date": "14.03.1964", "mrn": "N-1", "family_name": "Pretend"}


def test_a_quotation_mark_that_is_never_closed_spoils_its_own_row_alone() -> None:
    rows = _rows(b'mrn,family_name,birth_date,sex\nA,"Open,1964-03-14,female\nB,Fine,1964-03-14,female\n')
    assert [row.cells["mrn"] for row in rows] == ["A", "B"]
    assert rows[0].faults[0].sentence.startswith("A quotation mark is opened and not closed")
    assert rows[1].faults == []


def test_a_comma_too_many_is_a_fault_of_its_row() -> None:
    (row, good) = _rows(b"mrn,birth_date,feature,value,observed_on\nA,1964-03-14,ki67_percent,2,5,2026-11-02\n"
                        b'A,1964-03-14,ki67_percent,"2,5",2026-11-02\n')  # fmt: skip
    assert row.faults[0].sentence == (
        "Cell 6 stands beyond the 5 columns of the header. "
        "A separator inside a value needs quotation marks around the value."
    )
    assert (good.faults, good.cells["value"]) == ([], "2,5")


def test_formulas_are_refused_cell_by_cell_with_row_and_column() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["mrn", "birth_date", "feature", "value", "observed_on"])
    sheet.append(["N-1", "1964-03-14", "ki67_percent", "=4+4", "2026-11-02"])
    sheet.append(["N-1", "1964-03-14", "ki67_percent", 8, "2026-11-02"])
    first, second = _rows(saved(book))
    assert [(fault.column, fault.sentence) for fault in first.faults] == [
        ("value", "Cell D2: a formula. Type the value itself, or paste the values only.")
    ]
    assert (second.faults, second.cells["value"]) == ([], "8")
    (row,) = _rows(b"mrn,family_name,birth_date,sex\n=HYPERLINK(1),Pretend,1964-03-14,female\n")
    assert [(fault.column, fault.sentence) for fault in row.faults] == [
        ("mrn", "The cell holds a formula (=HYPERLINK(1)…). Type the value itself.")
    ]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (8, "General", "8"),
        (2.5, "General", "2.5"),
        (0.1 + 0.2, "General", "0.3"),
        (0.08, "0%", "8 %"),
        (0.025, "0.0%", "2.5 %"),
        (1234567.0, "General", "1234567"),
        (True, "General", "yes"),
        (date(2026, 11, 12), "yyyy-mm-dd", "2026-11-12"),
        (datetime(2026, 11, 12), "dd/mm/yyyy", "2026-11-12"),
        (datetime(2026, 11, 12, 14, 5), "dd/mm/yyyy hh:mm", "2026-11-12 14:05:00"),
        ("2–3 %", "@", "2–3 %"),
    ],
)
def test_cells_read_as_the_sheet_shows_them(value: object, number_format: str, text: str) -> None:
    book = load_workbook(io.BytesIO(workbook(findings=[finding()])))
    cell = book["findings"]["E2"]
    cell.value, cell.number_format = value, number_format
    (row,) = _rows(saved(book))
    assert (row.cells["value"], row.faults) == (text, [])


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (time(14, 5), "Cell E2: a time of day."),
        ("#REF!", "Cell E2: the error #REF!."),
        ("@SUM(A1)", "Cell E2: text that"),
    ],
)
def test_cells_that_are_no_values_are_refused(value: object, sentence: str) -> None:
    book = load_workbook(io.BytesIO(workbook(findings=[finding()])))
    book["findings"]["E2"].value = value
    (row,) = _rows(saved(book))
    assert row.faults[0].sentence.startswith(sentence)


def test_a_sheet_that_is_no_template_is_listed_as_refused_and_the_others_are_read() -> None:
    book = load_workbook(io.BytesIO(workbook(patients=[patient()])))
    book.create_sheet("Sheet of mine").append(["a", "b"])
    rows = _rows(saved(book))
    assert [row.kind for row in rows] == ["patients", ""]
    assert rows[1].faults[0].sentence.startswith("The sheet “Sheet of mine” has no header of a template.")


def test_a_cell_far_to_the_right_is_a_fault_of_its_row() -> None:
    book = load_workbook(io.BytesIO(workbook(patients=[patient(), patient("B")])))
    book["patients"]["XFD2"] = "far"
    first, second = _rows(saved(book))
    assert first.faults[0].sentence == "A cell stands in column 16384. Accepted are up to 60 columns."
    assert second.faults == []


def test_a_long_or_unprintable_cell_is_a_fault_of_its_row() -> None:
    rows = _rows(csv_file("patients", [patient(family_name="x" * 501), patient(given_name="a\u202eb")]))
    assert rows[0].faults[0].sentence == "The cell has 501 characters. Accepted are up to 500."
    assert rows[1].faults[0].sentence == "The cell contains signs that cannot be shown. Type it again."


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", " =1", "plain", "'t Hart", "'"])
def test_what_is_guarded_against_formulas_reads_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@"))
