"""Whether an uploaded file may be attached: what it is by its content, how large, how many pages, whether it opens.

The name is looked at last and believed in nothing. Images are not decoded: their structure is walked with bounds, and their
size in pixels read from it. Nothing is executed and nothing stored here. Every refusal is one sentence that names the file,
what was found, and what is accepted. Pure. Called by the action that attaches.
"""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath, PureWindowsPath

from boards.attachments.pdf_check import pdf_pages
from boards.attachments.problems import AttachmentRefused
from netcare.uploads import MOST_BYTES

ACCEPTED = "PDF, PNG and JPEG files up to 10 MB"
MOST_SIDE = 30_000
MOST_PIXELS = 120_000_000
LONGEST_NAME = 120
_ENDINGS = {"pdf": ("pdf",), "png": ("png",), "jpeg": ("jpg", "jpeg", "jpe", "jfif")}
_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
_WORDS = {"pdf": "a PDF", "png": "a PNG image", "jpeg": "a JPEG image"}
_PNG = b"\x89PNG\r\n\x1a\n"
# Frames of JPEG that carry a size; C4, C8 and CC are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept. `pages` is 0 for an image, `width` and `height` 0 for a PDF."""

    name: str
    kind: str
    content_type: str
    size: int
    digest: str
    pages: int = 0
    width: int = 0
    height: int = 0


def check(name: str, data: bytes) -> Checked:
    """The file as it may be kept. Raises AttachmentRefused."""
    shown = shown_name(name)
    if not data:
        raise AttachmentRefused(f"The file {shown} is empty. Accepted are {ACCEPTED}.")
    if len(data) > MOST_BYTES:
        size = f"{len(data) / 1024 / 1024:.1f} MB"
        raise AttachmentRefused(f"The file {shown} has {size}. Accepted are {ACCEPTED}.")
    kind = _kind(shown, data)
    _ending_fits(shown, kind)
    common = (shown, kind, _TYPES[kind], len(data), sha256(data).hexdigest())
    if kind == "pdf":
        return Checked(*common, pages=pdf_pages(shown, data))
    width, height = _IMAGES[kind](shown, data)
    _bounded(shown, width, height)
    return Checked(*common, width=width, height=height)


def shown_name(name: str) -> str:
    """The last part of a name, without control characters and path signs, short enough to show."""
    last = PurePosixPath(PureWindowsPath(name.replace("\x00", "")).name).name
    clean = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*/\\').strip(" .")
    if len(clean) > LONGEST_NAME:
        stem, dot, ending = clean.rpartition(".")
        clean = f"{stem[: LONGEST_NAME - 10]}…{dot}{ending[:8]}" if dot else f"{clean[:LONGEST_NAME]}…"
    return clean or "without a name"


def _kind(shown: str, data: bytes) -> str:
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(_PNG):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data[128:132] == b"DICM":
        raise AttachmentRefused(
            f"The file {shown} is a DICOM file. Attach its report as PDF, or a picture as PNG or JPEG."
        )
    raise AttachmentRefused(f"The file {shown} is neither a PDF nor a PNG nor a JPEG, whatever its name says.")


def _ending_fits(shown: str, kind: str) -> None:
    ending = shown.rpartition(".")[2].lower() if "." in shown else ""
    if ending and ending not in _ENDINGS[kind]:
        raise AttachmentRefused(
            f"The file {shown} is {_WORDS[kind]} by its content, but its name ends with .{ending}. "
            f"Rename it to end with .{_ENDINGS[kind][0]} if that is the file you mean."
        )


def _bounded(shown: str, width: int, height: int) -> None:
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and width * height <= MOST_PIXELS):
        raise AttachmentRefused(
            f"The image {shown} has {width} × {height} pixels. Accepted are images of 1 to {MOST_SIDE} pixels a side "
            f"and {MOST_PIXELS // 1_000_000} million pixels in all."
        )


def _damaged(shown: str, what: str) -> AttachmentRefused:
    return AttachmentRefused(f"The image {shown} is damaged: {what}. Save it again, and attach the new file.")


def _png_size(shown: str, data: bytes) -> tuple[int, int]:
    """Width and height; every part of the file is where it says, whole, and nothing follows its end."""
    place, size, pixels = len(_PNG), (0, 0), False
    while place + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        end = place + 12 + length
        if end > len(data):
            raise _damaged(shown, "a part of it is longer than the file")
        if zlib.crc32(data[place + 4 : end - 4]) != struct.unpack(">I", data[end - 4 : end])[0]:
            raise _damaged(shown, "a check sum in it does not fit")
        if (kind == b"IHDR") != (place == len(_PNG)) or (kind == b"IHDR" and length != 13):
            raise _damaged(shown, "it does not begin with its size")
        if kind == b"IHDR":
            size = struct.unpack(">II", data[place + 8 : place + 16])
        pixels = pixels or kind == b"IDAT"
        place = end
        if kind == b"IEND":
            break
    else:
        raise _damaged(shown, "its end is missing")
    if not pixels:
        raise _damaged(shown, "it has no picture in it")
    if place != len(data):
        raise _damaged(shown, "something else follows the picture")
    return size


def _jpeg_size(shown: str, data: bytes) -> tuple[int, int]:
    """Width and height from the frame; the picture itself and its end must be there."""
    stream = io.BytesIO(data)
    stream.seek(2)
    size: tuple[int, int] | None = None
    while True:
        marker = _next_marker(shown, stream)
        if marker in (0x01, *range(0xD0, 0xD9)):
            continue
        if marker == 0xD9:
            raise _damaged(shown, "it has no picture in it")
        head = stream.read(2)
        length = struct.unpack(">H", head)[0] if len(head) == 2 else 0
        body = stream.read(max(length - 2, 0))
        if length < 2 or len(body) != length - 2:
            raise _damaged(shown, "a part of it is longer than the file")
        if marker in _FRAMES and len(body) >= 5:
            height, width = struct.unpack(">HH", body[1:5])
            size = (width, height)
        if marker == 0xDA:
            break
    if size is None:
        raise _damaged(shown, "its size is missing")
    if data.rfind(b"\xff\xd9") < stream.tell():
        raise _damaged(shown, "its end is missing")
    return size


def _next_marker(shown: str, stream: io.BytesIO) -> int:
    sign = stream.read(1)
    if sign != b"\xff":
        raise _damaged(shown, "its parts do not follow each other")
    while sign == b"\xff":
        sign = stream.read(1)
    if not sign or sign == b"\x00":
        raise _damaged(shown, "its parts do not follow each other")
    return sign[0]


_IMAGES: dict[str, Callable[[str, bytes], tuple[int, int]]] = {"png": _png_size, "jpeg": _jpeg_size}
