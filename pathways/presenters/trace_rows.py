"""A rule's trace as rows of a table: each comparison with this patient's value, its date and where it comes from.

Pure. The tree is flattened here, so that a template only loops over rows with a depth; nothing of it is left out.
Called by the explanation of an option, on screen and on paper.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from pathways.engine import Truth
from pathways.engine.logic import NOT
from pathways.engine.sentences import comparison_sentence
from pathways.engine.trace import TraceAlways, TraceComparison, TraceGroup, TraceNode, TraceUse, distance

# The style sheet knows these depths; what is nested deeper stands at the last one.
DEEPEST = 4
GROUP_WORDS = {"all": "all of these", "any": "any of these"}


@dataclass(frozen=True, slots=True)
class ReadingWords:
    """Where a value comes from, in words: '28 Oct 2026', 'imaging', and what is to be said about its age.

    `unused` is a value on record that is too old for the rules: they do not see it, the row shows it all the same.
    `too_old` says the same in short, with its age and its limit: 'too old: 64, 171 days, limit 90'.
    """

    when: str = ""
    source: str = ""
    written: str = ""
    old: str = ""
    unused: str = ""
    too_old: str = ""


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One line of a rule: what is asked, whether it is met (true, false, unknown), and this patient's value."""

    depth: int
    truth: str
    text: str
    is_group: bool = False
    feature: str = ""
    value: str = ""
    when: str = ""
    source: str = ""
    follows: str = ""
    old: str = ""

    @property
    def style(self) -> str:
        """The classes of the row: how deep it is nested and whether it is met."""
        return f"d{self.depth} is-{self.truth}{' is-group' if self.is_group else ''}"


@dataclass(frozen=True, slots=True)
class TraceTable:
    """The rows of one rule; `heading` says how they belong together ('all of these', 'any of these' or nothing)."""

    heading: str
    rows: tuple[TraceRow, ...]


Readings = Mapping[str, ReadingWords]


def trace_table(node: TraceNode, readings: Readings) -> TraceTable:
    """The whole trace of one rule as rows, the outermost group as a heading."""
    match node:
        case TraceGroup(("all" | "any") as kind, parts, _) if len(parts) > 1:
            rows = [row for part in parts for row in _rows(part, 0, readings, negated=False)]
            return TraceTable(GROUP_WORDS[kind], tuple(rows))
        case _:
            return TraceTable("", tuple(_rows(node, 0, readings, negated=False)))


def _rows(node: TraceNode, depth: int, readings: Readings, *, negated: bool) -> Iterator[TraceRow]:
    match node:
        case TraceComparison():
            yield _comparison_row(node, depth, readings, negated=negated)
        case TraceGroup("not", (part,), _):
            yield from _rows(part, depth, readings, negated=not negated)
        case TraceGroup(kind, parts, value):
            words = GROUP_WORDS[kind]
            if negated:
                words = "none of these" if kind == "any" else "not all of these together"
            yield _group_row(words[0].upper() + words[1:], depth, value, negated=negated)
            for part in parts:
                yield from _rows(part, depth + 1, readings, negated=False)
        case TraceUse(_, title, inner, value):
            yield from _use_rows(title, inner, value, depth, readings, negated=negated)
        case TraceAlways(value):
            yield TraceRow(min(depth, DEEPEST), _word(value, negated=negated), "For everyone")
        case _:
            assert_never(node)


def _use_rows(
    title: str, inner: TraceNode, value: Truth, depth: int, readings: Readings, *, negated: bool
) -> Iterator[TraceRow]:
    name = f"Not: {title}" if negated else title
    if isinstance(inner, TraceGroup) and inner.kind in GROUP_WORDS:
        yield _group_row(f"{name}, that is {GROUP_WORDS[inner.kind]}", depth, value, negated=negated)
        for part in inner.nodes:
            yield from _rows(part, depth + 1, readings, negated=False)
    else:
        yield _group_row(f"{name}, that is", depth, value, negated=negated)
        yield from _rows(inner, depth + 1, readings, negated=False)


def _group_row(text: str, depth: int, value: Truth, *, negated: bool) -> TraceRow:
    return TraceRow(min(depth, DEEPEST), _word(value, negated=negated), text, is_group=True)


def _comparison_row(node: TraceComparison, depth: int, readings: Readings, *, negated: bool) -> TraceRow:
    feature = node.comparison.feature
    reading = readings.get(node.feature, ReadingWords()) if node.origin in ("recorded", "unknown") else ReadingWords()
    value = node.actual_text
    if node.actual is not None:
        value = feature.show(node.actual)
    elif node.origin == "unknown" and reading.unused:
        value = f"{reading.unused}, not used"
    return TraceRow(
        depth=min(depth, DEEPEST),
        truth=_word(node.value, negated=negated),
        text=comparison_sentence(node.comparison, negated=negated),
        feature=node.feature,
        value=value,
        when=reading.when,
        source=reading.source,
        follows=node.because if node.origin == "implied" else "",
        old=reading.old,
    )


def _word(value: Truth, *, negated: bool) -> str:
    return (NOT[value] if negated else value).word


def in_the_way(node: TraceNode) -> list[TraceComparison]:
    """The comparisons that keep a condition from being TRUE, along the way with the fewest of them."""
    return [comparison for comparison, _ in obstacles(node, wanted=True)]


def obstacles(node: TraceNode, *, wanted: bool) -> list[tuple[TraceComparison, bool]]:
    """The comparisons that keep a condition from being as wanted, along the way with the fewest of them.

    With each whether it is in the way by being TRUE; else it is by not being TRUE.
    """
    return [(comparison, not should) for comparison, should in _in_the_way(node, wanted=wanted)]


def _in_the_way(node: TraceNode, *, wanted: bool) -> Iterator[tuple[TraceComparison, bool]]:
    if node.value is (Truth.TRUE if wanted else Truth.FALSE):
        return
    match node:
        case TraceComparison():
            yield node, wanted
        case TraceAlways():
            return
        case TraceUse():
            yield from _in_the_way(node.node, wanted=wanted)
        case TraceGroup("not", (part,), _):
            yield from _in_the_way(part, wanted=not wanted)
        case TraceGroup(kind, parts, _):
            if (kind == "all") is wanted:
                for part in parts:
                    yield from _in_the_way(part, wanted=wanted)
            else:
                negated = (TraceGroup("not", (part,), NOT[part.value]) for part in parts)
                nearest = min(range(len(parts)), key=[distance(p) for p in (parts if wanted else negated)].__getitem__)
                yield from _in_the_way(parts[nearest], wanted=wanted)
        case _:
            assert_never(node)


def value_in_words(node: TraceComparison) -> str:
    """'Progression: stable', 'Bilirubin: not recorded': a comparison's feature with what this patient has."""
    feature = node.comparison.feature
    shown = feature.show(node.actual) if node.actual is not None else node.actual_text
    return f"{feature.short or feature.title}: {shown}"
