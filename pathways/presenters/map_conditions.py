"""What an open gate of the pathway map waits for, in few words: 'if G3, or Ki-67 above 20 %'.

Of a condition that cannot be told only the comparisons that are unknown are left to say; those that are settled decide
nothing any more. Said whole first, then with definitions by their names, then with the first value and how many more,
so that the drawing can take the longest that fits. Called by the presenter of the map.
"""

import re
from collections.abc import Iterator
from typing import assert_never

from pathways.engine import Comparison, Feature, Truth
from pathways.engine.logic import NOT
from pathways.engine.sentences import PROPER_NAMES, comparison_sentence
from pathways.engine.trace import TraceAlways, TraceComparison, TraceGroup, TraceNode, TraceUse
from pathways.presenters.words import count

# A value that needs no name of its feature beside it: G3, MEN1, VHL; not C (of Child-Pugh).
SPEAKS_FOR_ITSELF = re.compile(r"[A-Z]{2,}|[A-Z]+[0-9]")


def waits_for(trace: TraceNode) -> tuple[str, ...]:
    """The ways of saying what an unknown condition waits for, the longest first; none for one that is known."""
    if trace.value is not Truth.UNKNOWN:
        return ()
    names = list(dict.fromkeys(node.feature for node in _open(trace)))
    whole = _words(trace, negated=False, only=len(names) == 1, spelled=True)  # the gate names it
    said = [whole, _words(trace, negated=False, only=False, spelled=False)]
    alternatives = whole.split(", or ")
    if len(alternatives) > 2:
        said.append(f"{alternatives[0]}, or by {count(len(alternatives) - 1, 'other value')}")
    return tuple(f"if {words}" for words in dict.fromkeys(said))


def inside_title(feature: Feature) -> str:
    """The short name as it stands inside a sentence: eGFR and Krenning keep their letters."""
    title = feature.short or feature.title
    first = title.split()[0]
    is_word = first.isalpha() and first[1:].islower() and first not in PROPER_NAMES
    return title[0].lower() + title[1:] if is_word else title


def _open(node: TraceNode) -> Iterator[TraceComparison]:
    """The unknown comparisons of an unknown condition."""
    if node.value is not Truth.UNKNOWN:
        return
    match node:
        case TraceComparison():
            yield node
        case TraceGroup():
            for part in node.nodes:
                yield from _open(part)
        case TraceUse():
            yield from _open(node.node)


def _words(node: TraceNode, *, negated: bool, only: bool, spelled: bool, within: str = "") -> str:
    """What is still open of a condition. `only`: all of it is of one feature, which goes without saying."""
    match node:
        case TraceComparison():
            return _comparison(node.comparison, negated=negated, named=not only)
        case TraceUse():
            if spelled:
                return _words(node.node, negated=negated, only=only, spelled=True, within=within)
            title = node.title[0].lower() + node.title[1:] if node.title[1:2].islower() else node.title
            return f"not {title}" if negated else title
        case TraceGroup("not", (part,), _):
            return _words(part, negated=not negated, only=only, spelled=spelled, within=within)
        case TraceGroup(kind, parts, _):
            joined = "and" if (kind == "all") is not negated else "or"
            return _joined([p for p in parts if p.value is Truth.UNKNOWN], joined, negated, only, spelled, within)
        case TraceAlways():
            return NOT[node.value].word if negated else node.value.word
        case _:
            assert_never(node)


def _joined(parts: list[TraceNode], joined: str, negated: bool, only: bool, spelled: bool, within: str) -> str:
    """The open parts of a group; alternatives within a condition of which every part is needed are set apart."""
    inner = within if len(parts) == 1 else joined
    said: list[str] = []
    before = ""
    for part in parts:
        feature = part.feature if isinstance(part, TraceComparison) else ""
        repeated = only or (joined == "and" and bool(feature) and feature == before)
        said.append(_words(part, negated=negated, only=repeated, spelled=spelled, within=inner))
        before = feature
    said = list(dict.fromkeys(said))
    if joined == "and":
        return " and ".join(said)
    words = ", or ".join(said)
    return f"any of ({words.replace(', or ', ', ')})" if within == "and" and len(said) > 1 else words


def _comparison(comparison: Comparison, *, negated: bool, named: bool) -> str:
    feature = comparison.feature
    if named and feature.kind == "set":
        return comparison_sentence(comparison, negated=negated, inside=True)
    words = comparison_sentence(comparison, negated=negated).removeprefix(feature.title).lstrip(": ")
    words = words.removeprefix("is ").removeprefix("include ")
    if not named or (feature.kind == "enum" and SPEAKS_FOR_ITSELF.match(words)):
        return words
    return f"{inside_title(feature)}{':' if feature.kind == 'bool' and words in ('yes', 'no') else ''} {words}"
