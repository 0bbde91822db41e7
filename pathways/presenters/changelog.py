"""The changelog of the starter knowledge as blocks of a page.

It reads the small part of Markdown that the file uses (headings, lists with points or numbers, paragraphs, *emphasis*)
and shows anything else as text. What it refuses to do: make HTML; the template does, and escapes every word.
Called by the versions view.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from pathways.knowledge import STARTER

POINT = re.compile(r"(?:-|(?P<number>\d{1,3})\.) (?P<words>.*)")
EMPHASIS = re.compile(r"(\*\*[^*]+\*\*|\*[^*\s][^*]*\*)")


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words: plain, "strong" or "em"."""

    text: str
    kind: str = ""


@dataclass(slots=True)
class Passage:
    """A paragraph (kind "p"), or a point of a list ("ul"), or of a numbered one ("ol", with its number)."""

    kind: str
    text: str
    number: int = 0

    @property
    def words(self) -> tuple[Words, ...]:
        """The text in runs; without the marks of emphasis and of code."""
        return tuple(_run(part) for part in EMPHASIS.split(self.text.replace("`", "")) if part)


@dataclass(slots=True)
class Block:
    """A heading with the passages below it, in their order."""

    heading: str
    level: int
    passages: list[Passage] = field(default_factory=list)


@lru_cache(maxsize=1)
def changelog() -> tuple[Block, ...]:
    """The changelog that came with this release."""
    return tuple(blocks((STARTER / "CHANGELOG.md").read_text(encoding="utf-8")))


def blocks(text: str) -> list[Block]:
    """The text as blocks, in its order."""
    found = [Block("", 1)]
    blank = True
    for line in text.splitlines():
        words, passages = line.strip(), found[-1].passages
        if line.startswith("#"):
            found.append(Block(words.lstrip("# "), len(line) - len(line.lstrip("#"))))
        elif point := POINT.fullmatch(line):
            number = int(point["number"] or 0)
            passages.append(Passage("ol" if number else "ul", point["words"].strip(), number))
        elif words and passages and _goes_on(line, blank, passages[-1]):
            passages[-1].text += f" {words}"
        elif words:
            passages.append(Passage("p", words))
        blank = not words or line.startswith("#")
    return [block for block in found if block.heading or block.passages]


def _goes_on(line: str, blank: bool, last: Passage) -> bool:
    """Whether the line belongs to the passage before it."""
    return not blank if last.kind == "p" else line.startswith(" ")


def _run(part: str) -> Words:
    if EMPHASIS.fullmatch(part):
        return Words(part.strip("*"), "strong" if part.startswith("**") else "em")
    return Words(part)
