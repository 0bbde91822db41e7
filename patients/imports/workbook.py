"""Reading XLSX: the cells of its sheets as the texts that a reader of the sheet would type.

A formula is refused cell by cell, because its value was computed elsewhere; a cell formatted as a percentage reads
as one (0.08 shown as 8 % is 8 %); a date cell reads as a date. openpyxl parses through defusedxml, sheet by sheet, in
read-only mode; its parser of a sheet is used without the padding of its iterator, which a single far-off cell would
turn into a billion rows.
"""

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser

from patients.imports.archive import PLAIN, check_archive
from patients.imports.columns import announced
from patients.imports.csv_text import is_formula, not_read, unguarded
from patients.imports.limits import MOST_COLUMNS, MOST_COMMENTS, MOST_ROWS, MOST_SHEETS
from patients.imports.problems import CellFault, FileRefused
from patients.imports.tables import Cells, Header, RawRow, ReadFile, refuse_too_many

VALUES_SHEET = "accepted values"


def read_workbook(content: bytes) -> ReadFile:
    """The rows of all sheets. Raises FileRefused with what is accepted."""
    check_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(content)
    except FileRefused:
        raise
    except Exception as problem:  # a third-party parser meets hostile input here; whatever it raises is a refusal
        raise FileRefused(f"The workbook cannot be read ({type(problem).__name__}). {PLAIN}") from None


def _read(content: bytes) -> ReadFile:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        if len(book.sheetnames) > MOST_SHEETS:
            raise FileRefused(f"The workbook has {len(book.sheetnames)} sheets. Accepted are up to {MOST_SHEETS}.")
        if len({name.casefold() for name in book.sheetnames}) != len(book.sheetnames):
            raise FileRefused(f"Two sheets of the workbook have the same name. {PLAIN}")
        rows: list[RawRow] = []
        sentences: list[str] = []
        for sheet in book.worksheets:
            if sheet.title.strip().lower() == VALUES_SHEET:
                sentences.append(f"The sheet “{sheet.title}”: not read.")
            else:
                _read_sheet(sheet, rows, sentences)
        return ReadFile("XLSX", rows, sentences)
    finally:
        book.close()


def _read_sheet(sheet: Any, rows: list[RawRow], sentences: list[str]) -> None:
    header: Header | None = None
    comments = 0
    for line in _lines(sheet):
        if line.is_blank:
            continue
        if line.is_comment:
            comments += 1
            if comments > MOST_COMMENTS:
                raise FileRefused(f"More than {MOST_COMMENTS} rows of “{sheet.title}” begin with #, as examples do.")
        elif header is None:
            header = Header.of(line.texts)
            if header is None:
                fault = f"The sheet “{sheet.title}” has no header of a template. {announced()}"
                rows.append(RawRow(sheet.title, line.number, "", {}, [CellFault("", fault)]))
                return
        else:
            rows.append(header.row(sheet.title, line))
            refuse_too_many(len(rows))
    sentences += [f"{sheet.title}: {sentence}" for sentence in not_read(comments)]


def _lines(sheet: Any) -> Iterator[Cells]:
    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=False,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        last = 0
        for number, cells in parser.parse():
            if number <= last:
                raise FileRefused(f"The rows of the sheet “{sheet.title}” are not in their order. {PLAIN}")
            last = number
            if number > 50 * MOST_ROWS and any(cell["value"] is not None for cell in cells):
                raise FileRefused(f"Row {number:,} of “{sheet.title}” is filled, far below the table. Delete it.")
            yield _line(sheet, number, cells)


def _line(sheet: Any, number: int, cells: list[dict[str, Any]]) -> Cells:
    line = Cells(number, [])
    for cell in cells:
        if cell["value"] is None:
            continue
        place = cell["column"] - 1
        if place >= MOST_COLUMNS:
            line.fault = f"A cell stands in column {cell['column']}. Accepted are up to {MOST_COLUMNS} columns."
            continue
        text, fault = _text(ReadOnlyCell(sheet, **cell))
        line.texts += [""] * (place + 1 - len(line.texts))
        line.texts[place] = text
        if fault:
            line.faults[place] = f"Cell {get_column_letter(place + 1)}{number}: {fault}"
    return line


def _text(cell: Any) -> tuple[str, str]:
    """The cell as text, and what is wrong with it."""
    value = cell.value
    if cell.data_type == "f":
        written = value if isinstance(value, str) else "="
        return written, "a formula. Type the value itself, or paste the values only."
    if cell.data_type == "e":
        return str(value), f"the error {value}. Type the value."
    match value:
        case bool():
            return ("yes" if value else "no"), ""
        case int() | float():
            return _number(value, str(cell.number_format)), ""
        case datetime():
            whole = value.time() == time(0)
            return (value.date().isoformat() if whole else value.isoformat(" ")), ""
        case date():
            return value.isoformat(), ""
        case time() | timedelta():
            return str(value), "a time of day. Accepted is a date, a number or text."
        case _:
            text = unguarded(str(value))
            return text, "text that begins a formula. Type the value itself." if is_formula(text) else ""


def _number(value: int | float, number_format: str) -> str:
    """The number as the sheet shows it: fifteen digits at most, and 0.08 formatted as a percentage is 8 %."""
    percent = "%" in number_format
    if percent:
        value = value * 100
    text = str(value) if isinstance(value, int) else f"{value:.15g}"
    if "e" in text or "E" in text:
        text = f"{value:f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else text
    return f"{text} %" if percent else text
