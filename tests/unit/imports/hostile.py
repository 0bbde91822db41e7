"""Files that must be refused as a whole, each made here: what it is, its bytes, and what the refusal says."""

import gzip
import io
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator

from openpyxl import Workbook

from patients.imports.limits import MOST_ROWS
from tests.imports import csv_file, patient, saved, workbook

HEADER = b"mrn,family_name,given_name,birth_date,sex,care_team\n"
ROW = b"N-1,Pretend,Willow,1964-03-14,female,\n"
Changed = dict[str, bytes | None]


def plain() -> bytes:
    return workbook(patients=[patient()])


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(entries: dict[str, bytes], *, change: Callable[[zipfile.ZipInfo], None] | None = None) -> bytes:
    """An archive of these parts; ``change`` may bend the description of each."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if change:
                change(info)
            archive.writestr(info, content)
    return out.getvalue()


def with_parts(**changed: bytes) -> bytes:
    """A plain workbook with further or other parts; `__` stands for `/`, `_dot_` for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in changed.items()}
    return packed(parts(plain()) | named)


def sheet_xml(body: bytes, *, before: bytes = b"") -> bytes:
    head = b'<?xml version="1.0"?>' + before
    space = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return head + space + body + b"</sheetData></worksheet>"


def with_sheet(xml: bytes) -> bytes:
    return packed(parts(plain()) | {"xl/worksheets/sheet1.xml": xml})


def bomb() -> bytes:
    return with_sheet(sheet_xml(b"<row r='1'>" + b" " * 49 * 1024 * 1024 + b"</row>"))


def large_unpacked() -> bytes:
    return with_parts(**{f"xl__media{number}_dot_bin": b"\0" * 11 * 1024 * 1024 for number in range(5)})


def lying() -> bytes:
    """The archive says of a part that it is smaller than it is."""
    content = bytearray(packed(parts(plain()) | {"xl/worksheets/sheet1.xml": sheet_xml(b" " * 100_000)}))
    place = 0
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        assert archive.getinfo("xl/worksheets/sheet1.xml").file_size > 100
    while (place := content.find(b"PK\x01\x02", place)) != -1:
        if content[place + 46 :].startswith(b"xl/worksheets/sheet1.xml"):
            struct.pack_into("<I", content, place + 24, 100)
        place += 4
    return bytes(content)


def linked() -> bytes:
    def change(info: zipfile.ZipInfo) -> None:
        if info.filename == "xl/styles.xml":
            info.external_attr = (stat.S_IFLNK | 0o777) << 16

    return packed(parts(plain()), change=change)


def encrypted_flag() -> bytes:
    content = bytearray(plain())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def twice() -> bytes:
    entries = parts(plain())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in (*entries.items(), ("XL/Styles.xml", b"<a/>")):
            archive.writestr(name, content)
    return out.getvalue()


def many_sheets() -> bytes:
    book = Workbook()
    for number in range(10):
        book.create_sheet(f"s{number}")
    return saved(book)


def macros_by_type() -> bytes:
    entries = parts(plain())
    types = entries["[Content_Types].xml"].replace(b"sheet.main", b"macroEnabled.main")
    return packed(entries | {"[Content_Types].xml": types})


ENTITY = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
EXTERNAL = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


def corpus() -> Iterator[tuple[str, Callable[[], bytes], str]]:
    """Name, maker and a part of the sentence."""
    yield "empty", lambda: b"", "The file is empty"
    yield "blanks", lambda: b" \r\n\t\n", "The file is empty"
    yield "only a mark", lambda: b"\xef\xbb\xbf", "The file is empty"
    yield "zeros", lambda: b"\0" * 5000, "The file is empty"
    yield "header alone", lambda: HEADER, "The file holds a header and no rows"
    yield "examples alone", lambda: HEADER + b"# N-1,a,b,,,\n", "The file holds a header and no rows"
    yield "comments alone", lambda: b"# a\n# b\n", "no header and no rows"
    yield "latin-1", lambda: HEADER + "N-1,Müller,,1964-03-14,female,\n".encode("latin-1"), "is not UTF-8 text"
    yield "cp1252", lambda: HEADER + "N-1,D’Or,,1964-03-14,female,\n".encode("cp1252"), "is not UTF-8 text"
    yield "utf-16 without its mark", lambda: (HEADER + ROW).decode().encode("utf-16-le"), "contains NUL bytes"
    yield "utf-16 cut", lambda: (HEADER + ROW).decode().encode("utf-16")[:-1], "is not UTF-16 text"
    yield "utf-32", lambda: (HEADER + ROW).decode().encode("utf-32"), "The file is UTF-32"
    yield "utf-7", lambda: "mrn,größe".encode("utf-7"), "is not the header of a template"
    yield "a NUL byte", lambda: HEADER + b"N-1,Pre\0tend,,1964-03-14,female,\n", "contains NUL bytes"
    yield "no header", lambda: ROW * 3, "is not the header of a template"
    yield "another header", lambda: b"id,name\n1,a\n", "is not the header of a template"
    yield "bars between columns", lambda: HEADER.replace(b",", b"|") + ROW, "is not the header of a template"
    yield (
        "a strange column",
        lambda: HEADER.replace(b"care_team", b"team") + ROW,
        "No column of patients is called team",
    )
    yield "a column twice", lambda: HEADER.replace(b"care_team", b"sex") + ROW, "The column sex stands twice"
    yield "too many rows", lambda: HEADER + ROW * (MOST_ROWS + 1), "more than 20,000 rows"
    yield "ten megabytes and one", lambda: HEADER + b"x" * (10 * 1024 * 1024), "larger than 10 MB"
    yield "PDF", lambda: b"%PDF-1.7\n1 0 obj", "The file is a PDF"
    yield "picture", lambda: b"\x89PNG\r\n\x1a\n", "The file is a picture"
    yield "old workbook", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old .xls workbook"
    yield "gzip", lambda: gzip.compress(HEADER + ROW), "a compressed file"
    yield "seven zip", lambda: b"7z\xbc\xaf\x27\x1c", "a compressed file"
    yield "web page", lambda: b"<html><table><tr><td>mrn", "a web page or XML"
    yield "XML with entities", lambda: b'<?xml version="1.0"?>' + ENTITY + b"<a>&c;</a>", "a web page or XML"
    yield "JSON", lambda: b'{"mrn": "N-1"}', "The file is JSON"
    yield "database", lambda: b"SQLite format 3\0" + b"\0" * 100, "a database"
    yield "a ZIP of a table", lambda: packed({"table.csv": HEADER + ROW}), "but not an XLSX workbook"
    yield (
        "a document",
        lambda: packed({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}),
        "but not an XLSX",
    )
    yield "cut in half", lambda: plain()[: len(plain()) // 2], "damaged or cut short"
    yield "bytes turned", lambda: plain()[:300] + b"\xff" * 200 + plain()[500:], "damaged or cut short"
    yield "bomb", bomb, "unpacks to more than 100 times its size"
    yield "large unpacked", large_unpacked, "Accepted are up to 50 MB"
    yield "lying about a size", lying, "damaged or cut short"
    yield (
        "too many parts",
        lambda: with_parts(**{f"xl__p{n}_dot_xml": b"<a/>" for n in range(600)}),
        "Accepted are up to 500",
    )
    yield "path upwards", lambda: packed(parts(plain()) | {"../../etc/cron.d/x": b"x"}), "a path that leads out of it"
    yield "absolute path", lambda: packed(parts(plain()) | {"/etc/x": b"x"}), "a path that leads out of it"
    yield "backward path", lambda: packed(parts(plain()) | {"xl\\..\\..\\x": b"x"}), "a path that leads out of it"
    yield "drive", lambda: packed(parts(plain()) | {"C:/x": b"x"}), "a path that leads out of it"
    yield "a link", linked, "A part of the workbook is a link"
    yield "a password", encrypted_flag, "protected by a password"
    yield "one part twice", twice, "have the same name"
    yield "macros", lambda: with_parts(xl__vbaProject_dot_bin=b"x"), "contains macros"
    yield "macros by type", macros_by_type, "contains macros"
    yield "macro sheet", lambda: with_parts(xl__macrosheets__sheet1_dot_xml=b"<a/>"), "contains macro sheets"
    yield (
        "link outside",
        lambda: with_parts(xl__externalLinks__externalLink1_dot_xml=b"<a/>"),
        "links to other workbooks",
    )
    yield "embedded object", lambda: with_parts(xl__embeddings__o_dot_bin=b"x"), "embedded objects"
    yield "connection", lambda: with_parts(xl__connections_dot_xml=b"<a/>"), "connections to other data"
    yield "entities", lambda: with_sheet(sheet_xml(b"", before=ENTITY)), "document type or entities"
    yield "entity of a file", lambda: with_sheet(sheet_xml(b"", before=EXTERNAL)), "document type or entities"
    yield "entities in UTF-16", lambda: with_sheet(
        ('<?xml version="1.0" encoding="UTF-16"?>' + ENTITY.decode() + "<a/>").encode("utf-16")
    ), "document type or entities"  # fmt: skip
    yield "broken XML", lambda: with_sheet(sheet_xml(b"<row r='1'><c r='A1'>")), "damaged or cut short"
    yield "no numbers", lambda: with_sheet(sheet_xml(b"<row r='x'/>")), "cannot be read"
    yield "shared text that is not there", lambda: with_sheet(
        sheet_xml(b"<row r='1'><c r='A1' t='s'><v>99</v></c></row>")
    ), "cannot be read"  # fmt: skip
    yield "rows backwards", lambda: with_sheet(sheet_xml(b"<row r='5'/><row r='2'/>")), "not in their order"
    yield "a row far below", lambda: with_sheet(
        sheet_xml(b"<row r='1048576000'><c r='A1048576000'><v>1</v></c></row>")
    ), "far below the table"  # fmt: skip
    yield "a row of twenty thousand cells", lambda: with_sheet(
        sheet_xml(b"<row r='1'>" + b"<c/>" * 20_000 + b"</row>")
    ), "more than 16,384 cells"  # fmt: skip
    yield "a million cells", lambda: with_sheet(
        sheet_xml(b"".join(b"<row r='%d'>%s</row>" % (n, b"<c r='%d'/>" % n * 60) for n in range(1, 12_000)))
    ), "more than 600,000 cells"  # fmt: skip
    yield "too many sheets", many_sheets, "Accepted are up to 10"
    yield "workbook of an empty sheet", lambda: saved(Workbook()), "The file holds a header and no rows"
    yield (
        "a table as text in a ZIP's clothes",
        lambda: b"PK\x03\x04" + csv_file("patients", [patient()]),
        "damaged or cut",
    )
