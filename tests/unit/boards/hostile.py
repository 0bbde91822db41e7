"""Attachments that are not what they say, made here byte by byte: nothing of them is taken from elsewhere."""

import io
import struct
import zlib

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject


def chunk(kind: bytes, body: bytes, *, crc: int | None = None) -> bytes:
    """One part of a PNG."""
    return (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body) if crc is None else crc)
    )


def png(width: int = 2, height: int = 2, *, after: bytes = b"") -> bytes:
    """A small PNG that says it has this size."""
    rows = zlib.compress(b"".join(b"\x00" + b"\xff" * 2 for _ in range(2)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"") + after


def jpeg(width: int = 2, height: int = 2) -> bytes:
    """The skeleton of a JPEG: frame, scan, end."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00" + b"\x12\x34"
    return b"\xff\xd8" + app + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + scan + b"\xff\xd9"


def pdf(
    pages: int = 1, *, password: str | None = None, owner: str | None = None, script: str = "", inside: bool = False
) -> bytes:
    """A PDF of empty pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if script:
        run = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
        )
        names = ArrayObject([TextStringObject("one"), run])
        tree = DictionaryObject({NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): names})})
        writer.root_object[NameObject("/Names")] = tree
    if inside:
        writer.add_attachment("other.exe", b"MZ")
    if password is not None:
        writer.encrypt(password, owner, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_that_points_at_itself() -> bytes:
    """A tree of pages whose only child is the tree."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    tree = writer.root_object["/Pages"].get_object()
    tree[NameObject("/Kids")] = ArrayObject([writer.root_object.raw_get("/Pages")])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_that_promises(pages: int) -> bytes:
    """One page, and a count that says otherwise."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.root_object["/Pages"].get_object()[NameObject("/Count")] = NumberObject(pages)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_that_starts_a_program() -> bytes:
    """A PDF that starts another program when it is opened."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject({NameObject("/S"): NameObject("/Launch")})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
