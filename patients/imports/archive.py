"""Looking at a workbook as the ZIP archive that it is, before anything inside is parsed.

It refuses bombs, paths that lead elsewhere, links, encryption, macros, links to other workbooks, embedded objects and
XML with entities; nothing is ever unpacked to a file. Called by ``patients.imports.workbook``.
"""

import io
import stat
import zipfile
import zlib
from pathlib import PurePosixPath
from xml.parsers import expat

from patients.imports.limits import (
    MEGABYTE,
    MOST_CELLS,
    MOST_CELLS_IN_ROW,
    MOST_PARTS,
    MOST_TIMES_PACKED,
    MOST_UNPACKED_BYTES,
    RATIO_COUNTS_FROM,
)
from patients.imports.problems import FileRefused

_CHUNK = 64 * 1024
_FORBIDDEN = (
    ("vbaproject", "macros"),
    ("/macrosheets/", "macro sheets"),
    ("/dialogsheets/", "dialog sheets"),
    ("/externallinks/", "links to other workbooks"),
    ("/embeddings/", "embedded objects"),
    ("/activex/", "active controls"),
    ("/ctrlprops/", "active controls"),
    ("xl/connections.xml", "connections to other data"),
    ("/querytables/", "connections to other data"),
)
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
PLAIN = "Save the table as a plain workbook (.xlsx), or as CSV."


def check_archive(content: bytes) -> None:
    """Raise FileRefused for an archive that is not a plain, whole, reasonably sized workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_parts(parts)
            _check_sizes(parts)
            for part in parts:
                _check_content(archive, part)
    except (*_DAMAGE, expat.ExpatError) as problem:
        raise FileRefused(f"The workbook is damaged or cut short ({type(problem).__name__}). {PLAIN}") from None


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS:
        raise FileRefused(f"The workbook has {len(parts)} parts. Accepted are up to {MOST_PARTS}. {PLAIN}")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise FileRefused("The file is a ZIP archive, but not an XLSX workbook. Accepted are CSV and XLSX.")
    if len({name.casefold() for name in names}) != len(names):
        raise FileRefused(f"Two parts of the workbook have the same name. {PLAIN}")
    for part in parts:
        path = PurePosixPath(part.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in part.filename or ":" in part.filename:
            raise FileRefused(f"A part of the workbook has a path that leads out of it. {PLAIN}")
        if stat.S_ISLNK(part.external_attr >> 16):
            raise FileRefused(f"A part of the workbook is a link. {PLAIN}")
        if part.flag_bits & 0x1:
            raise FileRefused(f"The workbook is protected by a password. {PLAIN}")
        for fragment, what in _FORBIDDEN:
            if fragment in f"/{part.filename.casefold()}":
                raise FileRefused(f"The workbook contains {what}. {PLAIN}")


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED_BYTES:
        raise FileRefused(
            f"Unpacked, the workbook would be {unpacked / MEGABYTE:,.0f} MB. "
            f"Accepted are up to {MOST_UNPACKED_BYTES // MEGABYTE} MB."
        )
    for part in parts:
        if part.file_size > RATIO_COUNTS_FROM and part.file_size > MOST_TIMES_PACKED * max(part.compress_size, 1):
            raise FileRefused(
                f"A part of the workbook unpacks to more than {MOST_TIMES_PACKED} times its size. "
                "Write the table again in a new workbook."
            )


def _check_content(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack the part piece by piece: its size and checksum are what the archive says, and it holds no entities."""
    is_xml = part.filename.casefold().endswith((".xml", ".rels", ".vml"))
    tail, size = b"", 0
    counting = _Counting() if part.filename.casefold().startswith(_COUNTED) and is_xml else None
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > part.file_size:
                raise FileRefused(f"A part of the workbook is larger than the archive says. {PLAIN}")
            # Entities in UTF-16 would pass a search for ASCII: what is searched is without its NUL bytes.
            searched = (tail + piece).replace(b"\0", b"").upper()
            if is_xml and (b"<!DOCTYPE" in searched or b"<!ENTITY" in searched):
                raise FileRefused(f"The workbook contains XML with a document type or entities. {PLAIN}")
            if is_xml and b"MACROENABLED" in searched and part.filename == "[Content_Types].xml":
                raise FileRefused(f"The workbook contains macros. {PLAIN}")
            tail = piece[-32:]
            if counting:
                counting.feed(piece)
    if counting:
        counting.feed(b"", final=True)


_COUNTED = ("xl/worksheets/", "xl/sharedstrings")


class _Counting:
    """Counts the cells of a sheet, or the texts that cells share, as they stream by; nothing of them is kept.

    A parser that builds trees holds a whole row at once: a row of a million cells is refused before it gets there.
    """

    def __init__(self) -> None:
        self.cells = self.in_row = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes, *, final: bool = False) -> None:
        self.parser.Parse(piece, final)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self.in_row = 0
            case "c" | "si":
                self.cells += 1
                self.in_row += name.endswith("c")
        if self.cells > MOST_CELLS:
            raise FileRefused(f"A sheet of the workbook has more than {MOST_CELLS:,} cells. Divide the table.")
        if self.in_row > MOST_CELLS_IN_ROW:
            raise FileRefused(f"A row of the workbook has more than {MOST_CELLS_IN_ROW:,} cells. {PLAIN}")

    def _doctype(self, *_: object) -> None:
        raise FileRefused(f"The workbook contains XML with a document type or entities. {PLAIN}")
