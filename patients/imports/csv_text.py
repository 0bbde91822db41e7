"""Reading CSV: bytes to text to rows.

Accepted are UTF-8 (with or without its mark) and UTF-16 with its mark; a comma, semicolon or tab, whichever makes the
header of a template. Every line of the file is one row, so that a quotation mark that is never closed spoils its own
row and hides no other. It refuses to guess: an encoding that is not one of these is named and refused.
"""

import codecs
import csv
import re

from patients.imports.columns import announced
from patients.imports.limits import MOST_COMMENTS
from patients.imports.problems import FileRefused
from patients.imports.tables import Cells, Header, RawRow, ReadFile, refuse_too_many

ENCODINGS = "UTF-8, or UTF-16 with its byte order mark (in a spreadsheet: save as “CSV UTF-8”)"
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_LINE_END = re.compile(r"\r\n|\n|\r")
FORMULA_SIGNS = ("=", "+", "-", "@")


def read_csv(content: bytes) -> ReadFile:
    """The rows of a CSV file. Raises FileRefused with what is accepted."""
    lines = _LINE_END.split(decoded(content))
    start = next(
        (place for place, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), None
    )
    if start is None:
        raise FileRefused("The file holds no header and no rows. Download a template, and fill it in.")
    delimiter, header = _header(lines[start])
    rows: list[RawRow] = []
    comments = sum(1 for line in lines[:start] if line.strip())
    for place in range(start + 1, len(lines)):
        line = split(lines[place], delimiter, place + 1)
        if line.is_comment:
            comments += 1
        elif not line.is_blank:
            rows.append(header.row("", line))
            refuse_too_many(len(rows))
    if comments > MOST_COMMENTS:
        raise FileRefused(f"{comments} lines begin with #, which marks examples. Accepted are up to {MOST_COMMENTS}.")
    return ReadFile("CSV", rows, not_read(comments))


def not_read(comments: int) -> list[str]:
    if not comments:
        return []
    return [f"{comments} line{'' if comments == 1 else 's'} beginning with # (examples): not read."]


def decoded(content: bytes) -> str:
    """The text of the file. NUL bytes and other encodings are refused."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise FileRefused(f"The file is UTF-32. Accepted is {ENCODINGS}.")
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        shown = "UTF-16" if encoding == "utf-16" else "UTF-8"
        raise FileRefused(
            f"The file is not {shown} text: byte {problem.start + 1:,} cannot be read. Accepted is {ENCODINGS}."
        ) from None
    if "\0" in text:
        raise FileRefused(f"The file contains NUL bytes, so it is not a text file. Accepted is CSV in {ENCODINGS}.")
    return text


def _header(line: str) -> tuple[str, Header]:
    """The one delimiter under which the line is the header of a template."""
    found: list[tuple[str, Header]] = []
    for delimiter in _DELIMITERS:
        header = Header.of(split(line, delimiter, 1).texts)
        if header is not None:
            found.append((delimiter, header))
    if len(found) != 1:
        listed = ", ".join(_DELIMITERS.values())
        raise FileRefused(
            f"The first line is not the header of a template with {listed} between the columns. {announced()}"
        )
    return found[0]


def split(line: str, delimiter: str, number: int) -> Cells:
    """One line as cells."""
    try:
        texts = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        fault = "A quotation mark is opened and not closed, or stands in the middle of a cell. Write it twice, or not."
        return Cells(number, _roughly(line, delimiter), fault=fault)
    texts = [unguarded(text) for text in texts]
    faults = {place: formula_fault(text) for place, text in enumerate(texts) if is_formula(text)}
    return Cells(number, texts, faults)


def _roughly(line: str, delimiter: str) -> list[str]:
    return [cell.strip(' "') for cell in line.split(delimiter)]


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute the cell."""
    return text.lstrip().startswith(("=", "@"))


def formula_fault(text: str) -> str:
    return f"The cell holds a formula ({text.strip()[:20]}…). Type the value itself."


def guarded(text: str) -> str:
    """A text that no spreadsheet computes: an apostrophe before a sign that begins formulas."""
    return f"'{text}" if text.lstrip().startswith(FORMULA_SIGNS) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given."""
    return text[1:] if text.startswith("'") and text[1:].lstrip().startswith(FORMULA_SIGNS) else text
