"""One lane per series: a line through its measurements on a scale of its own, with the laboratory's reference band.

The line breaks where laboratory or method change, or a measurement in a unit that does not convert lies between; only peaks,
nadirs, the first and the last are written out. Called by the layout.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from pathways.drawing.shapes import Box, Circle, Item, Line, Mark, Path, Rect, Shape, Text, path_through
from pathways.drawing.text import fitted
from pathways.drawing.timeline.events import lane_title
from pathways.drawing.timeline.labels import Free
from pathways.drawing.timeline.scale import PLOT_LEFT, PLOT_RIGHT, TimeScale, ValueScale, value_scale
from pathways.drawing.timeline.values import Point, Reference, Series

TALL, LOW = 100.0, 72.0
# From so many measurements on, the shape of a line is worth a tall lane.
_MANY = 5
_SIZE = 11.0
# How far the line must turn, as a share of the scale, for a turn to be a peak or a nadir.
_TURN = 0.12
_TICK_ROOM = 40.0


def series_lane(series: Series, scale: TimeScale, top: float) -> tuple[list[Item], float]:
    """The lane from this height on, and the height below it."""
    shown = [point for point in series.points if scale.period.holds(point.on)]
    height = TALL if len(shown) >= _MANY else LOW
    values = value_scale(_extent(series, scale), top + 18, top + height - 12)
    breaks = "breaks: other assay" if len({point.method for point in shown}) > 1 else ""
    breaks = breaks or ("breaks: other unit" if len({point.piece for point in shown}) > 1 else "")
    items: list[Item] = [*_bands(series, scale, values), *_ticks(values)]
    items += lane_title(series.title, series.unit, top, more=("log scale" if values.is_log else "", breaks))
    items += [Path(path_through(run), "tl-series") for run in _runs(series, scale, values) if len(run) > 1]
    items += _same_day(shown, scale, values)
    free = Free(Box(PLOT_LEFT, top + 2, PLOT_RIGHT + 22, top + height), _reserved(shown, scale, values))
    labels = _labels(shown, scale, values, free)
    items += [label for label in (_band_label(series, scale, values, free),) if label]
    for number, point in enumerate(shown):
        items.append(_mark(point, scale, values, labels.get(number)))
    return items, top + height


def _extent(series: Series, scale: TimeScale) -> list[float]:
    """What the scale must hold: the measurements of the period, those that the line comes from, and their references."""
    inside = [p for p in series.points if scale.period.holds(p.on)]
    around = [p for p in (_before(series, scale), _after(series, scale)) if p]
    values = [float(end) for p in (*inside, *around) for end in (p.low, p.high) if end is not None]
    highest = max(values, default=1.0)
    limits = [float(end) for p in inside for end in p.reference if end is not None]
    return values + [limit for limit in limits if limit <= highest * 3] or [1.0]


def _before(series: Series, scale: TimeScale) -> Point | None:
    earlier = [p for p in series.points if p.on < scale.period.first and p.leads]
    return earlier[-1] if earlier else None


def _after(series: Series, scale: TimeScale) -> Point | None:
    return next((p for p in series.points if p.on > scale.period.last and p.leads), None)


def _runs(series: Series, scale: TimeScale, values: ValueScale) -> Iterator[list[tuple[float, float]]]:
    """The line in pieces: through measurements of one laboratory and method, cut at the edges of the period."""
    run: list[tuple[float, float]] = []
    last: Point | None = None
    for point in (p for p in series.points if p.leads):
        if last is not None and (point.method, point.piece) != (last.method, last.piece):
            yield run
            run, last = [], None
        inside = scale.period.holds(point.on)
        if last is not None and inside != scale.period.holds(last.on):
            run.append(_at_edge(last, point, scale, values))
        elif last is not None and not inside and last.on < scale.period.first and point.on > scale.period.last:
            run += [_at_edge(last, point, scale, values), _at_edge(last, point, scale, values, right=True)]
        if inside:
            run.append((scale.x(point.on), values.y(point.at)))
        last = point
    yield run


def _at_edge(
    one: Point, two: Point, scale: TimeScale, values: ValueScale, *, right: bool = False
) -> tuple[float, float]:
    """Where the line between two measurements, one of them outside, crosses the edge of the period."""
    right = right or two.on > scale.period.last
    edge = scale.period.last if right else scale.period.first
    share = (edge - one.on).days / max((two.on - one.on).days, 1)
    y = values.y(one.at) + (values.y(two.at) - values.y(one.at)) * share
    return scale.x(edge), round(y, 1)


def _bands(series: Series, scale: TimeScale, values: ValueScale) -> Iterator[Rect | Line]:
    """The reference as each report gave it, from its first measurement to the first of another one.

    Its ends are lines of their own: on a scale that holds high values the band is no more than a line itself.
    """
    for first, last, (low, high) in reference_stretches(series, scale):
        top, bottom = (
            values.y(high if high is not None else values.high),
            values.y(low if low is not None else values.low),
        )
        if bottom > top:
            yield Rect(first, top, round(last - first, 1), round(bottom - top, 1), "tl-band")
            for end, y in ((low, bottom), (high, top)):
                if end is not None and values.top <= y <= values.bottom:
                    yield Line(first, y, last, y, "tl-band-edge")


def reference_stretches(series: Series, scale: TimeScale) -> Iterator[tuple[float, float, Reference]]:
    """Left and right edge of each stretch with one reference; the first reaches back to the edge of the plot."""
    shown = [p for p in series.points if p.on <= scale.period.last]
    changes = [p for number, p in enumerate(shown) if number == 0 or p.reference != shown[number - 1].reference]
    for number, point in enumerate(changes):
        if point.reference == (None, None):
            continue
        left = PLOT_LEFT if number == 0 else scale.x(point.on)
        right = scale.x(changes[number + 1].on) if number + 1 < len(changes) else PLOT_RIGHT
        if right > left:
            yield left, right, point.reference


def _band_label(series: Series, scale: TimeScale, values: ValueScale, free: Free) -> Text | None:
    """'reference up to 100', once, for the latest reference, where there is room."""
    stretches = list(reference_stretches(series, scale))
    if not stretches:
        return None
    left, right, (low, high) = stretches[-1]
    words = (
        f"reference {low}–{high}"
        if low is not None and high is not None
        else f"reference up to {high}"
        if high is not None
        else f"reference from {low}"
    )
    edge = values.y(high if high is not None else values.high)
    places = (0.6, 0.5, 0.7, 0.4, 0.8, 0.3, 0.2)
    # Inside the band where it is as tall as the words, else beneath the scale or above the edge: no line runs through them.
    heights = (edge + 11,) if values.bottom - edge >= 14 else (values.bottom + 9, edge - 4)
    return free.place(
        [
            Text(round(left + (right - left) * share, 1), at, words, "t-halo t-quiet", 10, "middle")
            for at in heights
            for share in places
        ]
    )


def _ticks(values: ValueScale) -> list[Item]:
    items: list[Item] = [Line(PLOT_LEFT, values.top, PLOT_LEFT, values.bottom, "tl-axis")]
    for tick in values.ticks:
        y = values.y(tick)
        items.append(Line(PLOT_LEFT - 4, y, PLOT_LEFT, y, "tl-axis"))
        items.append(Text(PLOT_LEFT - 7, y + 3.5, fitted(f"{tick:.10g}", 10, _TICK_ROOM), "t-quiet", 10, "end"))
    return items


def _same_day(shown: Sequence[Point], scale: TimeScale, values: ValueScale) -> Iterator[Line]:
    """A thin line between several readings of one day: they are readings, not a course."""
    for day in dict.fromkeys(p.on for p in shown if not p.leads):
        heights = [values.y(p.at) for p in shown if p.on == day]
        if len(heights) > 1:
            yield Line(scale.x(day), min(heights), scale.x(day), max(heights), "tl-same-day")


def _reserved(shown: Sequence[Point], scale: TimeScale, values: ValueScale) -> list[Box]:
    """The dots themselves, which no label covers."""
    return [Box(scale.x(p.on) - 3, values.y(p.at) - 3, scale.x(p.on) + 3, values.y(p.at) + 3) for p in shown]


def _labels(shown: Sequence[Point], scale: TimeScale, values: ValueScale, free: Free) -> dict[int, Text]:
    """The number beside each turn of the line, the last one first, peaks above and nadirs below; once where two readings of
    a day say the same.
    """
    found: dict[int, Text] = {}
    said: set[tuple[date, str]] = set()
    heights = [values.y(p.at) for p in shown]
    height = values.bottom - values.top
    for number in turns([-y / height for y in heights]):
        point, x, y = shown[number], scale.x(shown[number].on), heights[number]
        if (point.on, point.shown) in said:
            continue
        above = Text(x, y - 7, point.shown, "t-halo", _SIZE, "middle", True)
        below = Text(x, y + 15, point.shown, "t-halo", _SIZE, "middle", True)
        beside = [
            Text(x - 7, y + 4, point.shown, "t-halo", _SIZE, "end", True),
            Text(x + 7, y + 4, point.shown, "t-halo", _SIZE, "start", True),
        ]
        left = Text(x + 2, y - 7, point.shown, "t-halo", _SIZE, "end", True)
        right = Text(x - 3, y - 7, point.shown, "t-halo", _SIZE, "start", True)
        is_low = 0 < number < len(shown) - 1 and y > (heights[number - 1] + heights[number + 1]) / 2
        candidates = [below, above, *beside] if is_low else [above, left, right, *beside, below]
        placed = free.place(candidates)
        if placed:
            found[number] = placed
            said.add((point.on, point.shown))
    return found


def turns(shares: Sequence[float]) -> list[int]:
    """The measurements that are written out, those that matter most first: last, highest, lowest, first, other turns."""
    if not shares:
        return []
    last = len(shares) - 1
    extremes = [
        last,
        max(range(len(shares)), key=shares.__getitem__),
        min(range(len(shares)), key=shares.__getitem__),
        0,
    ]
    others: list[int] = []
    anchor, direction = 0, 0
    candidate = 0
    for number in range(1, len(shares)):
        move = shares[number] - shares[candidate]
        if direction == 0 or move * direction > 0:
            if direction == 0 and abs(shares[number] - shares[anchor]) < _TURN:
                continue
            direction = direction or (1 if shares[number] > shares[anchor] else -1)
            candidate = number
        elif abs(move) >= _TURN:
            others.append(candidate)
            direction, candidate = -direction, number
    return list(dict.fromkeys([*extremes, *reversed(others)]))


def _mark(point: Point, scale: TimeScale, values: ValueScale, label: Text | None) -> Mark:
    x, y = scale.x(point.on), values.y(point.at)
    shapes: list[Shape] = []
    if not point.is_exact:
        ends = [
            values.y(end if end is not None else edge)
            for end, edge in ((point.low, values.low), (point.high, values.high))
        ]
        shapes.append(Line(x, min(ends), x, max(ends), "tl-range"))
    shapes.append(Circle(x, y, 3.2, "tl-dot" if point.leads else "tl-dot tl-dot-other"))
    if label:
        shapes.append(label)
    return Mark(point.whole, tuple(shapes), point.url, (point.key,), "tl-point")
