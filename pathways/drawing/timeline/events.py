"""Lanes of events: signs on a line with short labels in rows beneath. Signs that would cover each other become one.

Called by the layout, for biopsies, imaging, laboratory reports, visits, the course, meetings and reviews alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pathways.drawing.shapes import Circle, Item, Line, Mark, Shape, Text
from pathways.drawing.text import fitted, width, wrapped
from pathways.drawing.timeline.glyphs import glyph_shapes
from pathways.drawing.timeline.labels import Rows
from pathways.drawing.timeline.scale import PLOT_LEFT, PLOT_RIGHT, WIDTH, TimeScale
from pathways.drawing.timeline.values import Event, Glyph, Lane

TITLE_ROOM = 128.0
_NEAREST = 13.0
_SIZE = 10.5
_LINE = 13.0
_ROWS = {"course": 4}
_MOST_ROWS = 2
_ROOMS = (210.0, 150.0, 104.0)


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Events that stand at one place."""

    x: float
    events: tuple[Event, ...]

    @property
    def leading(self) -> Event:
        """The one whose sign and label is shown: growth before all others, else the last of them."""
        grown = [event for event in self.events if event.glyph is Glyph.SQUARE_GROWTH]
        return (grown or list(self.events))[-1]

    @property
    def label(self) -> str:
        more = len(self.events) - 1
        if more == 1 and self.events[0].on == self.events[1].on:
            return " · ".join(event.label for event in self.events if event.label)
        return f"{self.leading.label} +{more}" if more and self.leading.label else self.leading.label


def lane_title(title: str, hint: str, top: float, *, more: Sequence[str] = ()) -> list[Text]:
    """The name of a lane in the left column, and beneath it what its labels or numbers are."""
    lines = wrapped(title, 12, TITLE_ROOM, most=2, bold=True)
    texts = [Text(12, top + 13 + 14 * number, line, "", 12, "start", True) for number, line in enumerate(lines)]
    y = top + 13 + 14 * len(lines)
    for line in (hint, *more):
        if line:
            texts.append(Text(12, y, fitted(line, _SIZE, TITLE_ROOM), "t-quiet", _SIZE))
            y += _LINE
    return texts


def events_lane(lane: Lane, scale: TimeScale, top: float) -> tuple[list[Item], float, int]:
    """The lane from this height on, the height below it, and how many labels found no room."""
    y = top + 13
    clusters = _clusters(lane.events, scale)
    rows = Rows(PLOT_LEFT, WIDTH - 6, _ROWS.get(lane.code, _MOST_ROWS))
    labels: dict[int, Text] = {}
    leaders: dict[int, Line] = {}
    left_out = 0
    for number in _order(clusters):
        cluster = clusters[number]
        if not cluster.label:
            continue
        placed = rows.place(cluster.x, _wordings(cluster.label), _SIZE)
        if placed is None:
            left_out += 1
            continue
        row, middle, text = placed
        baseline = y + 21 + row * _LINE
        css = "t-halo t-growth" if cluster.leading.glyph is Glyph.SQUARE_GROWTH else "t-halo"
        labels[number] = Text(middle, baseline, text, css, _SIZE, "middle")
        if row:
            leaders[number] = Line(cluster.x, y + 8, cluster.x, baseline - 8, "tl-leader")
    items: list[Item] = [Line(PLOT_LEFT, y, PLOT_RIGHT, y, "tl-lane"), *leaders.values()]
    items += lane_title(lane.title, lane.hint, top + 1)
    for number, cluster in enumerate(clusters):
        items.append(_mark(cluster, y, labels.get(number)))
    return items, top + max(46.0, 26 + rows.used * _LINE + 8), left_out


def _wordings(label: str) -> list[str]:
    """The label whole if it is not long, then shorter: what stands before the first comma, then its beginning."""
    first = label.partition(", ")[0]
    texts = [fitted(label, _SIZE, _ROOMS[0]), *([first] if width(first, _SIZE) <= _ROOMS[0] else [])]
    if " " in first and len(first) > 24:
        texts += [fitted(label, _SIZE, room) for room in _ROOMS[1:]]
    return list(dict.fromkeys(texts))


def _order(clusters: Sequence[_Cluster]) -> list[int]:
    """Growth asks for room first, then the latest; so a crowded lane loses the oldest labels."""
    return sorted(range(len(clusters)), key=lambda n: (clusters[n].leading.glyph is not Glyph.SQUARE_GROWTH, -n))


def _clusters(events: Sequence[Event], scale: TimeScale) -> list[_Cluster]:
    groups: list[list[Event]] = []
    for event in events:
        if groups and scale.x(event.on) - scale.x(groups[-1][0].on) < _NEAREST:
            groups[-1].append(event)
        else:
            groups.append([event])
    return [_Cluster(scale.x(group[0].on), tuple(group)) for group in groups]


def _mark(cluster: _Cluster, y: float, label: Text | None) -> Mark:
    leading = cluster.leading
    shapes: list[Shape] = list(glyph_shapes(leading.glyph, cluster.x, y, planned=leading.planned))
    if len(cluster.events) > 1:
        shapes.append(Circle(cluster.x + 7, y - 7, 2.2, "g-more"))
    if label:
        shapes.append(label)
    title = "; ".join(event.whole for event in cluster.events)
    keys = tuple(key for event in cluster.events for key in event.keys)
    return Mark(title, tuple(shapes), leading.url, keys, "tl-event")
