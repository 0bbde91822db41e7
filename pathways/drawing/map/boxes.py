"""The boxes of a map: gates with their lines, ends with what is said of them, cautions. Each gives its shapes and height.

Text is wrapped and shortened here to the room that a box has; whole sentences stand in its title and in the list beneath the
drawing. Called by the layout.
"""

from collections.abc import Sequence

from pathways.drawing.map.values import EndBox, Gate, GateRow, Weigh
from pathways.drawing.shapes import Mark, Rect, Shape, Sign, Text
from pathways.drawing.text import fitted, width, wrapped

SIGNS = {"true": "i-met", "false": "i-not-met", "unknown": "i-unknown"}
PAD, LINE = 10.0, 15.0
_TITLE, _ROW = 12.0, 10.5
_SIGN = 12.0
# How wide the sign is that joins the parts of a rule.
JOINED = 26.0
_MOST_ROWS = 10
_VALUE_SHARE = 0.42


def gate_box(gate: Gate, x: float, y: float, wide: float, *, css: str) -> tuple[Mark, float]:
    """A box with the title of a rule, its code, and a line for each part."""
    shapes: list[Shape] = []
    code_wide = width(gate.code, 10)
    indent = _SIGN + 8 if gate.truth else 0.0
    room = wide - 2 * PAD - indent - code_wide - 10
    lines = wrapped(gate.title, _TITLE, room, most=2, bold=True)
    at = y + PAD + 9
    if gate.truth:
        shapes.append(Sign(x + PAD, at - 10, _SIGN, SIGNS[gate.truth], f"sign-{gate.truth}"))
    shapes.append(Text(x + wide - PAD, at, gate.code, "t-quiet", 10, "end"))
    for line in lines:
        shapes.append(Text(x + PAD + indent, at, line, f"gate-title gate-{gate.truth}", _TITLE, "start", True))
        at += LINE
    rows = gate.rows[:_MOST_ROWS]
    at += 1
    for row in rows:
        found, at = _row(row, x + PAD + indent, at, wide - 2 * PAD - indent)
        shapes += found
    more = len(gate.rows) - len(rows)
    if more:
        shapes.append(Text(x + PAD + indent, at, f"and {more} more: see the list below", "t-quiet", 10))
        at += LINE
    height = at - LINE + 4 + PAD - y
    frame = Rect(x, y, wide, round(height, 1), f"gate {css}", 5)
    return Mark(gate.whole, (frame, *shapes), gate.url, (gate.code,), "map-gate"), height


def _row(row: GateRow, x: float, at: float, wide: float) -> tuple[list[Shape], float]:
    """A line, or more where the words are long, with the value at the right; a long value has a line of its own."""
    left = x + row.depth * 12
    indent = 14 if row.truth and not row.is_group else 0
    shapes: list[Shape] = []
    if indent:
        shapes.append(Sign(left, at - 9, 10, SIGNS[row.truth], f"sign-{row.truth}"))
    value_wide = width(row.value, _ROW, bold=True) + 10 if row.value else 0
    is_beside = value_wide <= wide * _VALUE_SHARE
    room = wide - (left - x) - indent - (value_wide if is_beside else 0)
    css = "t-quiet" if row.is_group or row.truth == "false" else "t-unknown" if row.truth == "unknown" else ""
    if row.value and is_beside:
        shapes.append(Text(x + wide, at, row.value, css, _ROW, "end", True))
    for line in wrapped(row.text, _ROW, room, most=3 if row.truth == "unknown" else 2):
        shapes.append(Text(left + indent, at, line, css, _ROW))
        at += LINE - 1
    if row.value and not is_beside:
        value = fitted(row.value, _ROW, wide - (left - x) - indent, bold=True)
        shapes.append(Text(x + wide, at, value, css, _ROW, "end", True))
        at += LINE - 1
    return shapes, at


def joined_sign(gate: Gate, x: float, y: float) -> list[Shape]:
    """The gate that joins the parts of a rule: all of them, or any of them."""
    if not gate.joined or len(gate.rows) < 2:
        return []
    css = gate.truth or "plain"
    box = Rect(x, y - 8, JOINED, 16, f"map-joined circle-{css}", 8)
    return [box, Text(x + JOINED / 2, y + 3.5, gate.joined, f"any-{css}", 10, "middle", True)]


def folded_box(gates: Sequence[Gate], x: float, y: float, wide: float, *, css: str) -> tuple[list[Mark], float]:
    """All exclusions that do not hold in one gate: how many, and each by name with this patient's value."""
    head = "1 that does not hold" if len(gates) == 1 else f"{len(gates)} that do not hold"
    at = y + PAD + 9
    marks: list[Mark] = []
    title = Text(x + PAD, at, head, "", _TITLE, "start", True)
    for gate in gates:
        value = fitted(gate.value, _ROW, wide * 0.4)
        room = wide - 2 * PAD - 16 - (width(value, _ROW) + 10 if value else 0)
        at += LINE
        shapes: list[Shape] = [Sign(x + PAD, at - 9, 10, SIGNS["false"], "sign-false")]
        if value:
            shapes.append(Text(x + wide - PAD, at, value, "t-quiet", _ROW, "end"))
        for number, line in enumerate(wrapped(gate.title, _ROW, room, most=2)):
            at += LINE - 1 if number else 0
            shapes.append(Text(x + PAD + 16, at, line, "", _ROW))
        marks.append(Mark(gate.whole, tuple(shapes), gate.url, (gate.code,), "map-line"))
    height = at + 4 + PAD - y
    frame = Rect(x, y, wide, round(height, 1), f"gate {css}", 5)
    return [Mark(head, (frame, title), "", (), "map-gate"), *marks], height


def end_height(end: EndBox, wide: float, *, is_here: bool) -> float:
    """How tall the box of an end is."""
    return 34 + (6 if is_here else 0) + len(_said(end, wide)) * LINE


def end_box(end: EndBox, x: float, y: float, wide: float, *, css: str, here: str = "") -> tuple[Mark, float]:
    """A status with its sign and word, and when it is reached; the one that the patient has stands out and says so."""
    is_here = bool(here)
    height = end_height(end, wide, is_here=is_here)
    size = 14.0 if is_here else 12.0
    word = f"{end.word}: {here}" if here else end.word
    at = y + (26 if is_here else 21)
    shapes: list[Shape] = [
        Rect(x, y, wide, height, f"gate {css}", 5),
        Sign(x + 12, at - 12, 15, f"s-{end.status}", f"status-sign status-{end.status}"),
        Text(x + 36, at, word, f"status-{end.status}", size, "start", True),
    ]
    for line in _said(end, wide):
        at += LINE
        shapes.append(Text(x + 36, at + 2, line, "" if is_here else "t-quiet", _ROW))
    title = ". ".join([word, *end.said])
    return Mark(title, tuple(shapes), "", (f"end:{end.status}",), "map-end"), height


def _said(end: EndBox, wide: float) -> list[str]:
    return [line for said in end.said for line in wrapped(said, _ROW, wide - 48, most=3)]


def weigh_box(cautions: Sequence[Weigh], in_all: int, x: float, y: float, wide: float) -> tuple[Mark, float]:
    """The cautions beside the way: those that arise by name, those that cannot be told together."""
    known = [caution for caution in cautions if not caution.is_unknown]
    unknown = [caution for caution in cautions if caution.is_unknown]
    counted = f"{in_all} caution{'' if in_all == 1 else 's'}: none {'removes the option' if cautions else 'arises'}"
    at = y + PAD + 9
    shapes: list[Shape] = [
        Text(x + PAD, at, "To weigh on the way", "", _TITLE, "start", True),
        Text(x + PAD, at + LINE, counted, "t-quiet", 10),
    ]
    at += LINE
    for caution in known:
        at += LINE
        room = wide - 2 * PAD - 16 - width(caution.code, 10) - 10
        shapes.append(Sign(x + PAD, at - 9.5, 11, "i-caution", "sign-caution"))
        shapes.append(Text(x + PAD + 16, at, fitted(caution.title, _ROW, room), "t-amber", _ROW))
        shapes.append(Text(x + wide - PAD, at, caution.code, "t-quiet", 10, "end"))
    if unknown:
        words = f"{len(unknown)} cannot be judged yet: {'; '.join(caution.title for caution in unknown)}"
        for number, line in enumerate(wrapped(words, _ROW, wide - 2 * PAD - 16, most=3)):
            at += LINE
            if number == 0:
                shapes.append(Sign(x + PAD, at - 9.5, 11, "i-unknown", "sign-unknown"))
            shapes.append(Text(x + PAD + 16, at, line, "t-unknown", _ROW))
    height = at + 4 + PAD - y
    title = "; ".join([counted, *(f"{caution.title} ({caution.code})" for caution in cautions)])
    frame = Rect(x, y, wide, round(height, 1), "map-weigh", 5)
    return Mark(title, (frame, *shapes), "", tuple(c.code for c in cautions), "map-weigh-mark"), height
