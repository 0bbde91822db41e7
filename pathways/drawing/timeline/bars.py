"""The lane of treatments: bars with how they ended in words beside them, each in the first row that has room.

A date known to the month or year only is drawn as a dashed stretch as long as it can have been; where no date is known at
all, the words stand at the left edge beside a question mark. Called by the layout.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pathways.drawing.shapes import Item, Mark, Path, Rect, Shape, Text, path_through
from pathways.drawing.text import fitted, width
from pathways.drawing.timeline.glyphs import cross, triangle
from pathways.drawing.timeline.labels import GAP, Rows
from pathways.drawing.timeline.scale import PLOT_LEFT, PLOT_RIGHT, WIDTH, TimeScale
from pathways.drawing.timeline.values import Bar, End, Growth

ROW, HEIGHT = 25.0, 18.0
_SIZE = 11.5
# What the sign of the end takes behind the bar.
_SIGN = {End.STILL_GIVEN: 11.0, End.STOPPED: 5.0, End.STOPPED_BECAUSE: 16.0, End.NOT_KNOWN: 13.0}
_TAIL = 30.0
_POINT = 7.0


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What is seen of a bar: the certain part (none where left = right), and the doubtful ends about it."""

    left: float
    certain_left: float
    certain_right: float
    right: float
    clipped_left: bool

    sign: float

    @property
    def sign_right(self) -> float:
        """How far the bar reaches with the sign of its end."""
        return self.right + self.sign


def bars_lane(
    bars: Sequence[Bar], growths: Sequence[Growth], scale: TimeScale, top: float, today: date
) -> tuple[list[Item], float]:
    """The marks of all bars from this height on, and the height below them."""
    rows = Rows(PLOT_LEFT, WIDTH, max(len(bars), 1))
    items: list[Item] = []
    for bar in bars:
        stretch = _stretch(bar, scale, today)
        texts, left, right = _label(bar, stretch)
        row = rows.take(left, right)
        assert row is not None  # there are as many rows as bars
        y = top + row * ROW
        shapes: list[Shape] = [*_bar_shapes(bar, stretch, y), *_growth_signs(bar, stretch, growths, scale, y)]
        shapes += [
            Text(text.x, y + HEIGHT / 2 + 4, text.text, text.css, text.size, text.anchor, text.bold) for text in texts
        ]
        items.append(Mark(bar.whole, tuple(shapes), bar.url, (bar.key,), "tl-bar"))
    return items, top + max(rows.used, 1) * ROW


def bar_days(bar: Bar, today: date) -> tuple[date, date]:
    """The first and last day on which it can have been given, for the question whether it falls into a period."""
    last = bar.stop.last if bar.stop else today
    first = bar.start.first if bar.start else (bar.stop.first if bar.stop else date.min)
    return min(first, last), max(first, last)


def _stretch(bar: Bar, scale: TimeScale, today: date) -> _Stretch:
    period, sign = scale.period, _SIGN[bar.end]
    if bar.is_point and bar.start is not None:
        left, right = scale.x(bar.start.first), scale.x(bar.start.last)
        if bar.start.is_exact:
            left = min(max(left - _POINT / 2, PLOT_LEFT), PLOT_RIGHT - _POINT)
            return _Stretch(left, left, left + _POINT, left + _POINT, False, 1)
        return _Stretch(left, left, left, max(right, left + _POINT), bar.start.first < period.first, 1)
    ends_known = bar.stop is not None or bar.end is End.STILL_GIVEN
    right = scale.x(bar.stop.last if bar.stop else today)
    certain_right = scale.x(bar.stop.first) if bar.stop else right
    if bar.start is None:
        if not ends_known:
            return _Stretch(PLOT_LEFT, PLOT_LEFT, PLOT_LEFT, PLOT_LEFT, False, sign)
        left = max(PLOT_LEFT, certain_right - _TAIL)
        return _Stretch(left, certain_right, certain_right, max(right, left + _POINT), False, sign)
    left, certain_left = scale.x(bar.start.first), scale.x(bar.start.last)
    if not ends_known:
        certain_right = certain_left
    certain_left = min(certain_left, certain_right)
    return _Stretch(left, certain_left, certain_right, max(right, left + _POINT), bar.start.first < period.first, sign)


def _bar_shapes(bar: Bar, stretch: _Stretch, y: float) -> list[Shape]:
    middle, right = y + HEIGHT / 2, stretch.right
    if stretch.left == stretch.right:  # no date at all: a question mark at the edge
        return [Text(PLOT_LEFT + 4, middle + 4, "?", "t-unknown", 12, "start", True)]
    if bar.is_point and stretch.certain_right > stretch.certain_left:
        return [Rect(stretch.left, y, _POINT, HEIGHT, "bar-point", 1.5)]
    shapes: list[Shape] = []
    if right - stretch.left > stretch.certain_right - stretch.certain_left:
        shapes.append(Rect(stretch.left, y + 1, round(right - stretch.left, 1), HEIGHT - 2, "bar-doubt", 2))
    if stretch.certain_right > stretch.certain_left:
        wide = round(stretch.certain_right - stretch.certain_left, 1)
        shapes.append(Rect(stretch.certain_left, y, wide, HEIGHT, "bar-certain", 2))
    if stretch.clipped_left:
        points = [(stretch.left + 7, middle - 5), (stretch.left + 2, middle), (stretch.left + 7, middle + 5)]
        shapes.append(Path(path_through(points), "bar-goes-on"))
    match bar.end:
        case End.STILL_GIVEN:
            arrow = [(right, y), (right + 8, middle), (right, y + HEIGHT)]
            shapes.append(Path(path_through(arrow), "bar-arrow"))
        case End.NOT_KNOWN:
            shapes.append(Text(right + 4, middle + 4, "?", "t-unknown", 12, "start", True))
        case End.STOPPED | End.STOPPED_BECAUSE if not bar.is_point:
            shapes.append(Path(path_through([(right, y - 2), (right, y + HEIGHT + 2)]), f"bar-{bar.end}"))
    if bar.end is End.STOPPED_BECAUSE and not bar.is_point:
        shapes += cross(right + 9, middle, 4)
    return shapes


def _growth_signs(bar: Bar, stretch: _Stretch, growths: Sequence[Growth], scale: TimeScale, y: float) -> list[Shape]:
    """A small sign where growth was recorded while it was given."""
    if bar.is_point:
        return []
    return [
        triangle(scale.x(growth.on), y + HEIGHT - 3, 3)
        for growth in growths
        if scale.period.holds(growth.on) and stretch.left + 3 < scale.x(growth.on) <= stretch.right
    ]


def _label(bar: Bar, stretch: _Stretch) -> tuple[list[Text], float, float]:
    """Title and words inside the bar, right or left of it, wherever they fit whole; and how far bar and words reach."""
    title, words = bar.title, f": {bar.words}" if bar.words else ""
    needed = width(title, _SIZE, bold=True) + width(words, _SIZE)
    right_x = stretch.sign_right + 5 if stretch.right > stretch.left else PLOT_LEFT + 18
    inside_left = stretch.left if stretch.clipped_left else stretch.certain_left
    if stretch.certain_right - stretch.certain_left < stretch.right - stretch.certain_right:
        inside_left = stretch.left
    inside = stretch.right - inside_left - 14 - (8 if stretch.clipped_left else 0)
    rooms = {"inside": inside, "right": WIDTH - 6 - right_x, "left": stretch.left - GAP - PLOT_LEFT - 2}
    side = next((side for side, room in rooms.items() if needed <= room), None)
    if side is None:
        side = max(rooms, key=lambda name: rooms[name])
        title = fitted(title, _SIZE, rooms[side], bold=True)
        words = fitted(words, _SIZE, rooms[side] - width(title, _SIZE, bold=True)) if title == bar.title else ""
        needed = width(title, _SIZE, bold=True) + width(words, _SIZE)
    begins = {
        "inside": inside_left + 8 + (8 if stretch.clipped_left else 0),
        "right": right_x,
        "left": stretch.left - GAP - needed,
    }[side]
    css = "" if side == "inside" else "t-halo"
    texts = [Text(round(begins, 1), 0, title, css, _SIZE, "start", True)] if title else []
    if words:
        after = begins + width(title, _SIZE, bold=True)
        texts.append(Text(round(after, 1), 0, words, css, _SIZE))
    return texts, min(begins, stretch.left), max(begins + needed, stretch.sign_right)
