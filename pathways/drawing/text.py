"""How wide text is, without a browser: advance widths of Inter, the font of every page, in thousandths of its size.

Measured once in a browser for the two weights that drawings use. Letters that are not in the tables count as wide, so that
a label never turns out longer than the room that was kept for it. Called by the layouts.
"""

# From the space to the tilde, in the order of the codes.
_REGULAR = (
    269, 288, 466, 648, 648, 982, 648, 300, 391, 391, 648, 648, 269, 648, 269, 360, 648, 648, 648, 648, 648, 648, 648, 648,
    648, 648, 269, 269, 648, 648, 648, 511, 966, 690, 654, 730, 722, 601, 590, 746, 743, 269, 571, 672, 565, 903, 753, 765,
    639, 765, 644, 642, 646, 744, 690, 985, 682, 679, 629, 391, 360, 391, 471, 456, 323, 562, 612, 571, 612, 583, 370, 613,
    591, 242, 242, 549, 242, 876, 591, 600, 612, 612, 376, 528, 327, 591, 562, 818, 546, 562, 552, 391, 333, 391, 648,
)  # fmt: skip
_SEMIBOLD = (
    269, 321, 523, 647, 650, 1004, 663, 326, 391, 391, 647, 647, 269, 647, 269, 379, 647, 647, 647, 647, 647, 647, 647, 647,
    647, 647, 269, 269, 647, 647, 647, 543, 999, 728, 659, 737, 722, 605, 588, 749, 746, 277, 580, 703, 565, 922, 759, 769,
    645, 773, 652, 650, 660, 736, 728, 1020, 720, 713, 652, 391, 379, 391, 481, 469, 351, 574, 624, 583, 624, 591, 389, 626,
    612, 262, 262, 569, 262, 900, 612, 609, 624, 624, 397, 549, 353, 612, 587, 839, 569, 588, 566, 391, 359, 391, 647,
)  # fmt: skip
_OTHERS = {
    "\u00a0": 269,
    "–": 500,
    "—": 1000,
    "·": 319,
    "…": 956,
    "²": 454,
    "³": 463,
    "⁹": 464,
    "’": 310,
    "“": 550,
    "”": 550,
    "°": 458,
    "½": 870,
}
_WIDEST = 1040
_ASCENT, _DESCENT = 0.8, 0.24


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of text."""
    table = _SEMIBOLD if bold else _REGULAR
    return sum(_advance(sign, table) for sign in text) * size / 1000


def _advance(sign: str, table: tuple[int, ...]) -> int:
    code = ord(sign) - 32
    if 0 <= code < len(table):
        return table[code]
    return _OTHERS.get(sign, 700 if sign.isalpha() and sign.islower() else _WIDEST)


def fitted(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or its beginning with an ellipsis where the room is too small; nothing where not even that fits."""
    if width(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width(kept.rstrip() + "…", size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,;:·") + "…" if kept.strip() else ""


def wrapped(text: str, size: float, room: float, *, most: int, bold: bool = False) -> list[str]:
    """The text on at most so many lines, broken between words; the last line ends with an ellipsis where it must."""
    lines: list[str] = []
    words = " ".join(text.split()).replace(" × ", "\u00a0×\u00a0").split(" ") if text.strip() else []
    while words and len(lines) < most:
        line = words.pop(0)
        if len(lines) == most - 1:
            lines.append(fitted(" ".join([line, *words]), size, room, bold=bold))
            break
        while words and width(f"{line} {words[0]}", size, bold=bold) <= room:
            line = f"{line} {words.pop(0)}"
        lines.append(fitted(line, size, room, bold=bold))
    return lines


def extent(baseline: float, size: float) -> tuple[float, float]:
    """From the top to the bottom of a line of text that stands on a baseline."""
    return baseline - _ASCENT * size, baseline + _DESCENT * size
