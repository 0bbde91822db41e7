"""One door for files: what it is, is told by its content, never by its name.

Called by the action that stages an import. Raises FileRefused; everything that is wrong with single rows comes back
with the rows.
"""

from typing import BinaryIO

from netcare.uploads import MOST_BYTES
from patients.imports.csv_text import read_csv
from patients.imports.limits import MEGABYTE
from patients.imports.problems import FileRefused
from patients.imports.tables import ReadFile
from patients.imports.workbook import read_workbook

ACCEPTED = f"Accepted are CSV and XLSX files of up to {MOST_BYTES // MEGABYTE} MB."
TOO_LARGE = f"The file is larger than {MOST_BYTES // MEGABYTE} MB, so it was not read. Divide it, and import the parts."
# Beginnings of files that people take for tables.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "an old .xls workbook, or one with a password"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a text document"),
    (b"<", "a web page or XML"),
    (b"{", "JSON"),
)


def content_of(stream: BinaryIO) -> bytes:
    """The bytes of an upload, or FileRefused as soon as there are more than accepted."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileRefused(TOO_LARGE)
    return content


def read_file(content: bytes) -> ReadFile:
    """The rows of a file."""
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise FileRefused(f"The file is empty. {ACCEPTED}")
    if content.startswith(b"PK\x03\x04"):
        found = read_workbook(content)
    else:
        beginning = content.removeprefix(b"\xef\xbb\xbf").lstrip()
        for start, what in _OTHERS:
            if beginning.startswith(start):
                raise FileRefused(f"The file is {what}. {ACCEPTED}")
        found = read_csv(content)
    if not found.rows:
        raise FileRefused(
            "The file holds a header and no rows. Fill in the template; lines that begin with # are not read."
        )
    return found
