"""What of a sentence is new, and what of the old one is gone: two sentences as pieces, each the same or changed.

What it is: a comparison by words, in bounded time. A lone “is” or “and” between two changes belongs to the change, so
that what is marked can be read. What it refuses to do: say what a change means. Called by the condition builder, and by
whatever shows two versions of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKEN = re.compile(r"[()\[\]“”]|[,;:.](?=\s|$|[)\]”])|(?:(?![,;:.](?:\s|$|[)\]”]))[^\s()\[\]“”])+")
_GLUE = frozenset(
    {"is", "are", "not", "at", "most", "least", "of", "the", "a", "an", "and", "or", "include", "below", "above"}
    | {"exactly", "lower", "higher", "than", "to", "any"}
)
_GLUE_SIGNS = frozenset("()[]“”,;:.")
# More comparisons of words than this are not made: the middle is then one change.
MOST_COMPARED = 400_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a sentence, with the white space after them."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class SentenceDiff:
    """Both sentences whole, in pieces."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        """Whether they say the same."""
        return not any(piece.changed for piece in (*self.old, *self.new))


def sentence_diff(old: str, new: str) -> SentenceDiff:
    """What differs. Capitals do not count: a part may have come to the beginning."""
    olds, news = list(_TOKEN.finditer(old)), list(_TOKEN.finditer(new))
    old_words = [token[0].casefold() for token in olds]
    new_words = [token[0].casefold() for token in news]
    old_kept, new_kept = [False] * len(olds), [False] * len(news)
    for i, j, length in _equal_runs(old_words, new_words):
        old_kept[i : i + length] = [True] * length
        new_kept[j : j + length] = [True] * length
    return SentenceDiff(_pieces(old, olds, old_kept), _pieces(new, news, new_kept))


def _equal_runs(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int]]:
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)
    yield 0, 0, head
    yield len(old) - tail, len(new) - tail, tail
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle_old) * len(middle_new) > MOST_COMPARED:
        return
    blocks = SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_matching_blocks()
    for i, j, length in blocks:
        if any(word not in _GLUE and word not in _GLUE_SIGNS for word in middle_old[i : i + length]):
            yield head + i, head + j, length


def _pieces(text: str, tokens: list[re.Match[str]], kept: list[bool]) -> tuple[Piece, ...]:
    starts = [token.start() for token in tokens[1:]] + [len(text)]
    pieces: list[Piece] = []
    begin = 0
    for number, end in enumerate(starts if tokens else []):
        last = number + 1 == len(tokens)
        if last or kept[number] != kept[number + 1]:
            pieces.append(Piece(text[begin:end], not kept[number]))
            begin = end
    return tuple(pieces)
