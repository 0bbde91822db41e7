"""The whole timeline: lanes one below the other in panels that a printed page does not cut, growth and today through all.

Everything recorded in the period is drawn; what lies outside is counted. Two calls with the same values give the same
drawing. Called by the presenter of the timeline page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from pathways.drawing.shapes import Item, Line, Panel, Path, Rect, Shape, Text, path_through
from pathways.drawing.text import width
from pathways.drawing.timeline.bars import bar_days, bars_lane
from pathways.drawing.timeline.events import events_lane, lane_title
from pathways.drawing.timeline.glyphs import cross, glyph_shapes, triangle
from pathways.drawing.timeline.labels import Rows
from pathways.drawing.timeline.scale import MONTHS, PLOT_LEFT, PLOT_RIGHT, WIDTH, TimeScale, head, head_height
from pathways.drawing.timeline.series import series_lane
from pathways.drawing.timeline.values import Bar, Glyph, Growth, History, Lane, Period

# A4 across, less margins and the banner: what stays legible on one sheet.
MOST_HEIGHT = 710.0
_GAP = 10.0
_FLAG = 17.0


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A sign and what it means."""

    sign: Panel
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the page shows: the panels, the signs in use, what was left out and why."""

    panels: tuple[Panel, ...]
    legend: tuple[LegendEntry, ...]
    unlabelled: int
    outside: int

    @property
    def keys(self) -> set[str]:
        """The records that are drawn."""
        return {key for panel in self.panels for key in panel.keys}


@dataclass(slots=True)
class _Sheet:
    """Panels as they fill up: a lane that does not fit any more begins the next one."""

    scale: TimeScale
    growths: Sequence[Growth]
    today: date
    here: str = "today,"
    panels: list[tuple[list[Item], float, list[str]]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    y: float = 0.0

    def begin(self) -> None:
        self.y = head_height(self.scale) + 4
        if not self.panels and self.shown_growths:
            flags, rows = _flags(self.shown_growths, self.scale, self.y)
            self.items += flags
            self.y += rows * _FLAG + 4

    @property
    def shown_growths(self) -> list[Growth]:
        return [growth for growth in self.growths if self.scale.period.holds(growth.on)]

    def add(self, draw: Callable[[float], tuple[list[Item], float]], title: str) -> None:
        """One lane, on this panel or at the top of the next."""
        items, bottom = draw(self.y)
        if bottom > MOST_HEIGHT and self.titles:
            self.close(last=False)
            self.begin()
            items, bottom = draw(self.y)
        if self.titles:
            self.items.append(Line(12, self.y - _GAP / 2, PLOT_RIGHT, self.y - _GAP / 2, "tl-divide"))
        self.items += items
        self.titles.append(title)
        self.y = bottom + _GAP

    def close(self, *, last: bool) -> None:
        bottom = self.y
        behind = head(self.scale, 0, bottom)
        top = head_height(self.scale)
        begins = top if self.panels else top + _FLAG
        behind += [
            Line(self.scale.x(g.on), begins, self.scale.x(g.on), bottom, "tl-growth") for g in self.shown_growths
        ]
        if self.scale.period.holds(self.today):
            x = self.scale.x(self.today)
            behind.append(Line(x, top, x, bottom, "tl-today"))
            if last:
                behind.append(Text(x, bottom + 13, f"{self.here} {_day(self.today)}", "", 11, "end", True))
        self.panels.append(([*behind, *self.items], bottom + (20 if last else 0), self.titles))
        self.items, self.titles = [], []


def timeline(history: History, period: Period, *, today: date, name: str, here: str = "today,") -> Timeline:
    """The drawing of what was recorded, within a period. `name` stands in the titles for those who hear the page.

    `here` stands before the day up to which it goes: today, or the past day that the page was asked for.
    """
    scale = TimeScale(period)
    sheet = _Sheet(scale, history.growths, today, here)
    sheet.begin()
    bars = [bar for bar in history.bars if period.meets(*bar_days(bar, today))]
    if bars:
        sheet.add(lambda top: _treatments(bars, history.growths, scale, top, today), "treatments")
    unlabelled = 0
    for lane in (_within(lane, period) for lane in history.lanes):
        if lane.events:
            unlabelled += events_lane(lane, scale, 0)[2]
            sheet.add(lambda top, lane=lane: events_lane(lane, scale, top)[:2], lane.title.lower())  # type: ignore[misc]
    for series in history.series:
        if any(period.holds(point.on) for point in series.points):
            sheet.add(lambda top, series=series: series_lane(series, scale, top), f"{series.title} in {series.unit}")  # type: ignore[misc]
    sheet.close(last=True)
    said = f"{name}, {_day(period.first)} to {_day(period.last)}"
    panels = tuple(
        Panel(
            WIDTH,
            round(height, 1),
            f"Timeline, {', '.join(titles) or 'nothing recorded'}",
            said,
            tuple(items),
            f"timeline-{number}",
        )
        for number, (items, height, titles) in enumerate(sheet.panels, start=1)
    )
    drawn = {key for panel in panels for key in panel.keys}
    return Timeline(panels, _legend(history, period, today), unlabelled, len(all_keys(history) - drawn))


def all_keys(history: History) -> set[str]:
    """Every record that a history holds."""
    keys = {bar.key for bar in history.bars}
    keys |= {key for lane in history.lanes for event in lane.events for key in event.keys}
    return keys | {point.key for series in history.series for point in series.points}


def _treatments(
    bars: Sequence[Bar], growths: Sequence[Growth], scale: TimeScale, top: float, today: date
) -> tuple[list[Item], float]:
    items, bottom = bars_lane(bars, growths, scale, top + 2, today)
    return [*lane_title("Treatments", "how each one ended", top), *items], max(bottom + 2, top + 34)


def _within(lane: Lane, period: Period) -> Lane:
    events = sorted((event for event in lane.events if period.holds(event.on)), key=lambda event: event.on)
    return Lane(lane.code, lane.title, lane.hint, tuple(events))


def _flags(growths: Sequence[Growth], scale: TimeScale, top: float) -> tuple[list[Item], int]:
    """What the dashed lines mean, above them; a flag that finds no room leaves its line and sign."""
    rows = Rows(PLOT_LEFT - 40, WIDTH - 2, 2)
    items: list[Item] = []
    for growth in reversed(growths):
        wide = width(growth.words, 10.5, bold=True) + 24
        x = scale.x(growth.on)
        middle = min(max(x, PLOT_LEFT - 40 + wide / 2), WIDTH - 4 - wide / 2)
        row = rows.take(middle - wide / 2, middle + wide / 2)
        if row is None:
            items.append(triangle(x, top + 8, 4))
            continue
        y = top + row * (_FLAG + 1)
        items.append(Rect(round(middle - wide / 2, 1), y, round(wide, 1), _FLAG - 1, "tl-flag", 3))
        items.append(triangle(round(middle - wide / 2 + 9, 1), y + 8, 3.4))
        items.append(Text(round(middle - wide / 2 + 17, 1), y + 12, growth.words, "t-growth", 10.5, "start", True))
    return items, max(rows.used, 1)


_EVENT_WORDS = {
    Glyph.DIAMOND: "biopsy or specimen",
    Glyph.SQUARE: "imaging",
    Glyph.SQUARE_DOT: "receptor imaging",
    Glyph.SQUARE_GROWTH: "imaging with growth",
    Glyph.DROP: "laboratory",
    Glyph.CIRCLE: "visit",
    Glyph.NOTE: "note on the course",
    Glyph.BOARD: "tumor board",
    Glyph.REVIEW: "signed review",
}


def _legend(history: History, period: Period, today: date) -> tuple[LegendEntry, ...]:
    """The signs that this drawing uses, in a fixed order."""
    entries: list[tuple[Sequence[Shape], str]] = []
    ends = {str(bar.end) for bar in history.bars if not bar.is_point and period.meets(*bar_days(bar, today))}
    if "still_given" in ends:
        entries.append(
            (
                (Rect(0, 3, 11, 10, "bar-certain", 2), Path(path_through([(11, 3), (16, 8), (11, 13)]), "bar-arrow")),
                "still given",
            )
        )
    if ends & {"stopped", "stopped_because"}:
        entries.append(
            ((Rect(0, 3, 11, 10, "bar-certain", 2), Path(path_through([(12, 1), (12, 15)]), "bar-stopped")), "stopped")
        )
    if "stopped_because" in ends:
        because = Path(path_through([(3, 1), (3, 15)]), "bar-stopped_because")
        entries.append(((because, *cross(11.5, 8, 4)), "stopped for growth or intolerance"))
    if any(bar.is_doubtful and period.meets(*bar_days(bar, today)) for bar in history.bars):
        entries.append(((Rect(0, 3, 16, 10, "bar-doubt", 2),), "date not known to the day"))
    used = {event.glyph for lane in history.lanes for event in lane.events if period.holds(event.on)}
    entries += [(glyph_shapes(glyph, 8, 8), words) for glyph, words in _EVENT_WORDS.items() if glyph in used]
    return tuple(LegendEntry(Panel(17, 16, words, "", tuple(shapes)), words) for shapes, words in entries)


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
