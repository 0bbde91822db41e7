"""Two texts laid over each other: the words that stay, go and come, so that a screen can mark them.

Pure. Called by `changes.py`; the presenters show the segments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# More words than any sentence of a pathway; beyond it the texts are shown one after the other.
MOST_WORDS = 1500


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words that both texts have, or only one of them."""

    kind: Literal["same", "removed", "added"]
    text: str


def marked(before: str, after: str) -> tuple[Segment, ...]:
    """Both texts as one run of segments; without the added ones it is `before`, without the removed ones `after`."""
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return _segments([("removed", before), ("added", after)])
    pieces: list[tuple[Literal["same", "removed", "added"], str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(old[a:b])))
        else:
            pieces += [("removed", "".join(old[a:b])), ("added", "".join(new[c:d]))]
    return _segments(pieces)


def _segments(pieces: Iterable[tuple[Literal["same", "removed", "added"], str]]) -> tuple[Segment, ...]:
    return tuple(Segment(kind, text) for kind, text in pieces if text)


def _words(text: str) -> list[str]:
    """Words with the space behind them, and each sign by itself, so that a comma does not make a word differ."""
    return re.findall(r"[^\W_]+(?:[.,'’-]?[^\W_]+)*\s*|[^\w\s]\s*|_\s*|\s+", text)


def moved(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """The fewest entries whose moving makes the one order into the other, in the new order; both hold the same."""
    position = {entry: number for number, entry in enumerate(before)}
    staying = _longest_rising([position[entry] for entry in after])
    return tuple(entry for entry in after if position[entry] not in staying)


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The members of a longest rising subsequence (patience sorting)."""
    tops: list[int] = []
    below: dict[int, int | None] = {}
    for number in numbers:
        low, high = 0, len(tops)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if tops[middle] < number else (low, middle)
        below[number] = tops[low - 1] if low else None
        tops[low : low + 1] = [number]
    found: set[int] = set()
    last = tops[-1] if tops else None
    while last is not None:
        found.add(last)
        last = below[last]
    return found
