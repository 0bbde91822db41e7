"""Where labels stand: in the first of a few rows in which they touch nothing, shortened where they must, else left out.

The order in which labels ask for room decides, and it is fixed, so that the same record always gives the same drawing. What
is left out still has its title and its row in the table; the page says how many. Called by the lanes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pathways.drawing.shapes import Box, Text
from pathways.drawing.text import width

GAP = 8.0


@dataclass(slots=True)
class Rows:
    """Rows of one lane, each with the stretches that are taken."""

    left: float
    right: float
    most: int
    taken: list[list[tuple[float, float]]] = field(default_factory=list)

    def place(self, x: float, texts: Sequence[str], size: float) -> tuple[int, float, str] | None:
        """Row, middle and text of a label about a place: the first of these wordings for which a row has room, or None."""
        for text in texts:
            half = width(text, size) / 2
            middle = min(max(x, self.left + half), self.right - half)
            row = self.take(middle - half, middle + half)
            if row is not None:
                return row, round(middle, 1), text
        return None

    def take(self, left: float, right: float) -> int | None:
        """The first row in which the stretch is free; it is taken from then on."""
        for number in range(self.most):
            if number == len(self.taken):
                self.taken.append([])
            if all(right + GAP <= begins or ends + GAP <= left for begins, ends in self.taken[number]):
                self.taken[number].append((left, right))
                return number
        return None

    @property
    def used(self) -> int:
        return len([row for row in self.taken if row])


@dataclass(slots=True)
class Free:
    """Room about points on a plane: labels of a line, above or below or beside their points."""

    bounds: Box
    taken: list[Box] = field(default_factory=list)

    def place(self, candidates: Sequence[Text]) -> Text | None:
        """The first of these that touches nothing and stays within the bounds."""
        for text in candidates:
            box = text.box
            grown = Box(box.left - 2, box.top - 1, box.right + 2, box.bottom + 1)
            if box.within(self.bounds) and not any(grown.overlaps(other) for other in self.taken):
                self.taken.append(box)
                return text
        return None
