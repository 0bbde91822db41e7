"""The lines inside a gate of the pathway map: what decides it, said short, with this patient's value.

A definition stands by its name with the value that decides it; of a group of which any part is enough, only the parts that
decide are shown. The list beneath the drawing has every part. Called by the presenter of the map.
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

from pathways.drawing.map import GateRow
from pathways.engine import Truth
from pathways.engine.logic import NOT
from pathways.engine.sentences import comparison_sentence
from pathways.engine.trace import TraceAlways, TraceComparison, TraceGroup, TraceNode, TraceUse
from pathways.presenters.trace_rows import Readings, ReadingWords
from pathways.presenters.words import one_of_each

_MOST_VALUES = 2


def gate_rows(node: TraceNode, readings: Readings) -> tuple[GateRow, ...]:
    """The lines of one rule with this patient's values."""
    return tuple(_rows(node, 0, readings, negated=False))


def plain_rows(node: TraceNode) -> tuple[GateRow, ...]:
    """The lines of one rule without a patient: what is asked, definitions by their names."""
    return tuple(_plain(node, 0, negated=False))


def value_of(node: TraceComparison, readings: Readings) -> str:
    """This patient's value at a comparison; one that is too old for the rules is named with its age and its limit."""
    if node.origin == "unknown" and node.actual is None:
        return readings.get(node.feature, ReadingWords()).too_old or "not recorded"
    return node.comparison.feature.show(node.actual) if node.actual is not None else node.actual_text


def _truth(node: TraceNode, *, negated: bool) -> Truth:
    return NOT[node.value] if negated else node.value


def _needs_all(node: TraceGroup, *, negated: bool) -> bool:
    """Whether every part is needed: of `all`, and of the denial of `any`."""
    return (node.kind == "all") is not negated


def _rows(node: TraceNode, depth: int, readings: Readings, *, negated: bool) -> Iterator[GateRow]:
    truth = _truth(node, negated=negated)
    match node:
        case TraceComparison():
            yield GateRow(
                comparison_sentence(node.comparison, negated=negated), value_of(node, readings), truth.word, depth
            )
        case TraceGroup("not", (part,), _):
            yield from _rows(part, depth, readings, negated=not negated)
        case TraceGroup():
            yield from _group_rows(node, depth, readings, negated=negated)
        case TraceUse():
            name = f"Not: {node.title}" if negated else node.title
            if truth is Truth.UNKNOWN:
                yield GateRow(name, "", "unknown", depth)
                yield from _deciding_rows(node.node, depth + 1, readings, negated=negated)
            else:
                values = one_of_each(value_of(one, readings) for one in deciding(node.node, negated=negated))
                yield GateRow(name, ", ".join(values[:_MOST_VALUES]), truth.word, depth)
        case TraceAlways():
            yield GateRow("For everyone", "", truth.word, depth)
        case _:
            assert_never(node)


def _group_rows(node: TraceGroup, depth: int, readings: Readings, *, negated: bool) -> Iterator[GateRow]:
    if _needs_all(node, negated=negated):
        for part in node.nodes:
            yield from _rows(part, depth, readings, negated=negated)
        return
    parts = _deciding_parts(node, negated=negated)
    if len(parts) > 1 and depth:
        yield GateRow("any of these", depth=depth, is_group=True)
    for part in parts:
        yield from _rows(part, depth, readings, negated=negated)


def _deciding_rows(node: TraceNode, depth: int, readings: Readings, *, negated: bool) -> Iterator[GateRow]:
    """Of an unknown definition only what is unknown in it."""
    for one in deciding(node, negated=negated):
        sentence = comparison_sentence(one.comparison)
        yield GateRow(sentence, value_of(one, readings), one.value.word, depth)


def _deciding_parts(node: TraceGroup, *, negated: bool) -> Sequence[TraceNode]:
    """The parts that make the group what it is."""
    truth = _truth(node, negated=negated)
    return [part for part in node.nodes if _truth(part, negated=negated) is truth]


def deciding(node: TraceNode, *, negated: bool = False) -> list[TraceComparison]:
    """The comparisons that make a condition true, false or unknown, in reading order."""
    match node:
        case TraceComparison():
            return [node]
        case TraceAlways():
            return []
        case TraceUse():
            return deciding(node.node, negated=negated)
        case TraceGroup("not", (part,), _):
            return deciding(part, negated=not negated)
        case TraceGroup():
            return [one for part in _deciding_parts(node, negated=negated) for one in deciding(part, negated=negated)]
        case _:
            assert_never(node)


def _plain(node: TraceNode, depth: int, *, negated: bool) -> Iterator[GateRow]:
    match node:
        case TraceComparison():
            yield GateRow(comparison_sentence(node.comparison, negated=negated), depth=depth)
        case TraceGroup("not", (part,), _):
            yield from _plain(part, depth, negated=not negated)
        case TraceGroup():
            words = "all of these" if _needs_all(node, negated=negated) else "any of these"
            if depth:
                yield GateRow(words, depth=depth, is_group=True)
            for part in node.nodes:
                yield from _plain(part, depth + 1, negated=negated)
        case TraceUse():
            yield GateRow(f"Not: {node.title}" if negated else node.title, depth=depth)
        case TraceAlways():
            yield GateRow("For everyone", depth=depth)
        case _:
            assert_never(node)
