"""The few shapes that both drawings are made of. Colour and stroke come from classes: themes and paper need no second one.

A `Mark` groups the shapes of one thing that somebody can reach with Tab: it has an address, a title in words, and the keys
of the records that it stands for. Called by the layouts; the template `components/drawing.html` turns each into SVG.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pathways.drawing.text import extent, width

_EDGE = 0.1


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, for what must not overlap."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether they share more than an edge; a tenth of a unit is no overlap."""
        beside = self.right <= other.left + _EDGE or other.right <= self.left + _EDGE
        above = self.bottom <= other.top + _EDGE or other.bottom <= self.top + _EDGE
        return not beside and not above

    def within(self, other: "Box") -> bool:
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text on a baseline; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    css: str = ""
    size: float = 11
    anchor: str = "start"
    bold: bool = False
    kind: str = "text"

    @property
    def box(self) -> Box:
        wide = width(self.text, self.size, bold=self.bold)
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        top, bottom = extent(self.y, self.size)
        return Box(left, top, left + wide, bottom)

    @property
    def classes(self) -> str:
        """Size and weight are classes as well, since a strict policy forbids style attributes."""
        return " ".join(
            part for part in (f"t{self.size:g}".replace(".", "-"), "t-bold" if self.bold else "", self.css) if part
        )


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    css: str = ""
    radius: float = 0
    kind: str = "rect"


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    css: str = ""
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class Path:
    """Outlines and broken lines; `d` is SVG's path data."""

    d: str
    css: str = ""
    kind: str = "path"


@dataclass(frozen=True, slots=True)
class Circle:
    x: float
    y: float
    r: float
    css: str = ""
    kind: str = "circle"


@dataclass(frozen=True, slots=True)
class Sign:
    """One of the signs of `components/icons.svg`, of a status or of what is met, by its id."""

    x: float
    y: float
    size: float
    name: str
    css: str = ""
    kind: str = "sign"


Shape = Text | Rect | Line | Path | Circle | Sign


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to point at: `title` says it whole, `url` leads to where it stands, `keys` are the records it shows."""

    title: str
    shapes: tuple[Shape, ...]
    url: str = ""
    keys: tuple[str, ...] = ()
    css: str = ""
    kind: str = "mark"


Item = Shape | Mark


@dataclass(frozen=True, slots=True)
class Panel:
    """One SVG: a piece of a drawing that a printed page does not cut through."""

    width: float
    height: float
    title: str
    said: str
    items: tuple[Item, ...] = ()
    # Unique on the page: title and description are tied to the drawing by it.
    id: str = "drawing"

    def shapes(self) -> Iterator[Shape]:
        """Every shape, those inside marks as well."""
        for item in self.items:
            if isinstance(item, Mark):
                yield from item.shapes
            else:
                yield item

    @property
    def texts(self) -> list[Text]:
        return [shape for shape in self.shapes() if isinstance(shape, Text)]

    @property
    def marks(self) -> list[Mark]:
        return [item for item in self.items if isinstance(item, Mark)]

    @property
    def keys(self) -> set[str]:
        return {key for mark in self.marks for key in mark.keys}


def path_through(points: Sequence[tuple[float, float]]) -> str:
    """Path data of a line through points, to a tenth of a unit."""
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
