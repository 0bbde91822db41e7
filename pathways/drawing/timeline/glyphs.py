"""The signs of events: each kind has a shape of its own, so that nothing is told by colour alone."""

from pathways.drawing.shapes import Circle, Path, Rect, Shape, path_through
from pathways.drawing.timeline.values import Glyph

R = 5.5


def glyph_shapes(glyph: Glyph, x: float, y: float, *, planned: bool = False) -> tuple[Shape, ...]:
    """The shapes of one sign about a place."""
    dashes = " is-planned" if planned else ""
    square = Rect(x - R, y - R, 2 * R, 2 * R, f"g-line{dashes}", 1.5)
    match glyph:
        case Glyph.DIAMOND:
            return (Path(f"{path_through([(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)])} Z", "g-full"),)
        case Glyph.SQUARE:
            return (square,)
        case Glyph.SQUARE_DOT:
            return (square, Circle(x, y, 2.2, "g-full"))
        case Glyph.SQUARE_GROWTH:
            return (Rect(x - R, y - R, 2 * R, 2 * R, "g-growth-line", 1.5), triangle(x, y + 0.5, 3.4))
        case Glyph.CIRCLE:
            return (Circle(x, y, R, f"g-line{dashes}"),)
        case Glyph.DROP:
            return (
                Path(
                    f"M{x:.1f} {y - 6.5:.1f} c2.2 3.4 4.2 5.2 4.2 7.8 a4.2 4.2 0 0 1 -8.4 0 c0 -2.6 2 -4.4 4.2 -7.8 Z",
                    "g-line",
                ),
            )
        case Glyph.NOTE:
            ends = ((y - 3, x + 4.5), (y, x + 4.5), (y + 3, x + 1.5))
            return tuple(Path(path_through([(x - 4.5, at), (end, at)]), "g-stroke") for at, end in ends)
        case Glyph.BOARD:
            inner = Path(path_through([(x - 2.6, y + 1.4), (x, y - 1.8), (x + 2.6, y + 1.4)]), "g-accent-stroke")
            return (Circle(x, y, 6.2, f"g-accent-line{dashes}"), inner)
        case Glyph.REVIEW:
            return (Path(path_through([(x - 5, y), (x - 1.5, y + 4), (x + 5, y - 4.5)]), "g-check"),)


def triangle(x: float, y: float, r: float) -> Path:
    """The sign of growth, wherever it stands."""
    return Path(f"{path_through([(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)])} Z", "g-growth")


def cross(x: float, y: float, r: float) -> list[Shape]:
    """The sign of a treatment that ended for growth or intolerance."""
    strokes = ([(x - r, y - r), (x + r, y + r)], [(x + r, y - r), (x - r, y + r)])
    return [Path(path_through(stroke), "bar-cross") for stroke in strokes]
