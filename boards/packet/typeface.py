"""Which characters the packet's typeface has, and how a text is written with those alone.

An accessible PDF may hold no character without a glyph, and no packet may fail because of one name: what is lacking is
written as its number, [U+60A3], which can be looked up, and never as something else. Pure but for reading the font file.
Called by `pdf`.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FONT = "Inter[opsz,wght].ttf"


class NoTypeface(LookupError):
    """The locked package with the typeface is not installed."""


def font_folder() -> Path:
    """Where the locked package keeps its typeface. Raises NoTypeface."""
    spec = find_spec("fontpkg_inter")
    if spec is None or not spec.submodule_search_locations:
        raise NoTypeface("The package fontpkg-inter is not installed. Install requirements/base.txt.")
    return Path(spec.submodule_search_locations[0]) / "files"


@lru_cache(maxsize=1)
def characters() -> frozenset[int]:
    """The code points that the typeface has, from its table of characters."""
    font = (font_folder() / FONT).read_bytes()
    tables = struct.unpack(">H", font[4:6])[0]
    start = next(
        struct.unpack(">I", font[at + 8 : at + 12])[0]
        for at in range(12, 12 + 16 * tables, 16)
        if font[at : at + 4] == b"cmap"
    )
    found: set[int] = set()
    for number in range(struct.unpack(">H", font[start + 2 : start + 4])[0]):
        offset = struct.unpack(">I", font[start + 8 + 8 * number : start + 12 + 8 * number])[0]
        found.update(_code_points(font[start + offset :]))
    return frozenset(found)


def _code_points(table: bytes) -> Iterator[int]:
    """The code points of one table of characters, in one of the two forms that modern fonts have."""
    form = struct.unpack(">H", table[:2])[0]
    if form == 12:
        groups = struct.unpack(">I", table[12:16])[0]
        for number in range(groups):
            first, last, _ = struct.unpack(">III", table[16 + 12 * number : 28 + 12 * number])
            yield from range(first, last + 1)
    elif form == 4:
        double = struct.unpack(">H", table[6:8])[0]
        ends = struct.unpack(f">{double // 2}H", table[14 : 14 + double])
        starts = struct.unpack(f">{double // 2}H", table[16 + double : 16 + 2 * double])
        for first, last in zip(starts, ends, strict=True):
            yield from range(first, min(last, 0xFFFE) + 1)


def written(text: str) -> str:
    """The text with the typeface's characters alone: white space as spaces, invisible signs left out, others by number."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_written(sign) for sign in unicodedata.normalize("NFC", text))


def _written(sign: str) -> str:
    if sign.isspace():
        return sign if sign == "\u00a0" else " "
    if unicodedata.category(sign) in ("Cc", "Cf", "Cs"):
        return ""
    return sign if ord(sign) in characters() else f"[U+{ord(sign):04X}]"


def all_written(content: Any) -> Any:
    """Plain values with every text in them written so."""
    if isinstance(content, str):
        return written(content)
    if isinstance(content, dict):
        return {key: all_written(value) for key, value in content.items()}
    return [all_written(one) for one in content] if isinstance(content, list) else content
