"""The changelog of the starter knowledge as blocks of a page, and the published versions.

It reads the small part of Markdown that the file uses (headings, lists, paragraphs) and shows anything else as text.
Called by the versions view.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from pathways.knowledge import STARTER


@dataclass(slots=True)
class Block:
    """A heading with the paragraphs and list entries below it."""

    heading: str
    level: int
    paragraphs: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def changelog() -> tuple[Block, ...]:
    """The changelog that came with this release."""
    return tuple(blocks((STARTER / "CHANGELOG.md").read_text(encoding="utf-8")))


def blocks(text: str) -> list[Block]:
    """The text as blocks, in its order."""
    found = [Block("", 1)]
    blank = True
    for line in text.splitlines():
        words = line.strip().replace("**", "").replace("`", "")
        if line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            found.append(Block(words.lstrip("# "), level))
        elif line.startswith("- "):
            found[-1].items.append(words[2:])
        elif words and line.startswith(" ") and found[-1].items:
            found[-1].items[-1] += f" {words}"
        elif words and not blank and found[-1].paragraphs:
            found[-1].paragraphs[-1] += f" {words}"
        elif words:
            found[-1].paragraphs.append(words)
        blank = not words or line.startswith(("#", "- "))
    return [block for block in found if block.heading or block.paragraphs or block.items]
