"""The scale of time: where a day stands, the names of years and months above the lanes, and the scale of one series.

Called by the layout of each lane, so that all of them stand on the same days.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pathways.drawing.shapes import Item, Line, Rect, Text
from pathways.drawing.text import width
from pathways.drawing.timeline.values import Period

WIDTH = 1240.0
PLOT_LEFT, PLOT_RIGHT = 184.0, 1210.0
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_ROOM = 34.0
_LABEL_GAP = 8.0
_TICK_SIZE = 11.0


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Days to places between the left and the right edge of the plot."""

    period: Period

    def x(self, day: date) -> float:
        """Where a day stands; a day outside the period stands at the edge."""
        days = max(self.period.days, 1)
        share = (day - self.period.first).days / days
        return round(PLOT_LEFT + min(max(share, 0.0), 1.0) * (PLOT_RIGHT - PLOT_LEFT), 1)

    @property
    def has_months(self) -> bool:
        """Whether the names of months fit."""
        return (PLOT_RIGHT - PLOT_LEFT) / max(self.period.days, 1) * 30.4 >= _MONTH_ROOM


def head_height(scale: TimeScale) -> float:
    """The room that the names of years, and of months where they fit, take above the lanes."""
    return 40.0 if scale.has_months else 24.0


def head(scale: TimeScale, top: float, bottom: float) -> list[Item]:
    """Years by turns shaded, their names centred on what is seen of them, and months where they fit."""
    items: list[Item] = []
    step = _year_step(scale)
    head_bottom = top + head_height(scale)
    for year in range(scale.period.first.year, scale.period.last.year + 1):
        left, right = scale.x(date(year, 1, 1)), scale.x(date(year, 12, 31))
        if (year // step) % 2 == 0 and right > left:
            items.append(Rect(left, head_bottom, round(right - left, 1), bottom - head_bottom, "tl-shade"))
        if scale.period.holds(date(year, 1, 1)) and year % step == 0:
            items.append(Line(left, head_bottom, left, bottom, "tl-grid"))
        if year % step == 0:
            items += _year_name(year, step, scale, top + 16)
    if scale.has_months:
        items += _months(scale, top + 32, head_bottom, bottom)
    return items


def _year_name(year: int, step: int, scale: TimeScale, baseline: float) -> Iterator[Text]:
    """Every year has its name in its middle; where only some are named, the name begins where the year begins."""
    left, right = scale.x(date(year, 1, 1)), scale.x(date(year + step - 1, 12, 31))
    if step == 1:
        yield from _centred(str(year), left, right, baseline, bold=True)
    elif scale.period.holds(date(year, 1, 1)) and left + width(str(year), 12, bold=True) <= PLOT_RIGHT:
        yield Text(left, baseline, str(year), "tl-year", 12, "start", True)


def _year_step(scale: TimeScale) -> int:
    per_year = (PLOT_RIGHT - PLOT_LEFT) / max(scale.period.days, 1) * 365.25
    needed = width("2026", 12, bold=True) + _LABEL_GAP
    return next((step for step in (1, 2, 5, 10) if per_year * step >= needed), 20)


def _months(scale: TimeScale, baseline: float, top: float, bottom: float) -> Iterator[Item]:
    for year in range(scale.period.first.year, scale.period.last.year + 1):
        for month in range(1, 13):
            first = date(year, month, 1)
            last = date(year + month // 12, month % 12 + 1, 1)
            if last < scale.period.first or first > scale.period.last:
                continue
            if scale.period.holds(first) and month > 1:
                yield Line(scale.x(first), top, scale.x(first), bottom, "tl-grid-fine")
            yield from _centred(MONTHS[month - 1], scale.x(first), scale.x(last), baseline, bold=False)


def _centred(text: str, left: float, right: float, baseline: float, *, bold: bool) -> Iterator[Text]:
    size = 12 if bold else _TICK_SIZE
    if right - left >= width(text, size, bold=bold) + _LABEL_GAP / 2:
        yield Text(round((left + right) / 2, 1), baseline, text, "tl-year" if bold else "t-quiet", size, "middle", bold)


@dataclass(frozen=True, slots=True)
class ValueScale:
    """Values to heights, linear from nought or by powers of ten, with the ticks that are named."""

    low: float
    high: float
    top: float
    bottom: float
    is_log: bool
    ticks: tuple[float, ...]

    def y(self, value: Decimal | float) -> float:
        """The height of a value; what lies beyond the scale stands at its edge."""
        at = min(max(float(value), self.low), self.high)
        if self.is_log:
            share = (math.log10(at) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        else:
            share = (at - self.low) / (self.high - self.low)
        return round(self.bottom - share * (self.bottom - self.top), 1)


def value_scale(values: list[float], top: float, bottom: float) -> ValueScale:
    """A scale for these values: by powers of ten where the highest is twenty times the lowest or more, else from nought."""
    highest, lowest = max(values), min(values)
    if lowest > 0 and highest / lowest >= 20:
        low, high = _nice_below(lowest * 0.9), nice_step(highest * 1.1)
        powers = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
        ticks = [low, *(10.0**power for power in powers), high]
        return ValueScale(low, high, top, bottom, True, _apart(ticks, low, high, top, bottom))
    step = nice_step((highest or 1.0) / 3)
    high = step * math.ceil(round((highest or 1.0) * 1.02 / step, 9))
    ticks = [step * number for number in range(round(high / step) + 1)]
    return ValueScale(0.0, high, top, bottom, False, _spread(ticks, top, bottom))


def _spread(ticks: list[float], top: float, bottom: float) -> tuple[float, ...]:
    """So many ticks as have room for a line of text each."""
    most = max(2, int((bottom - top) // 18) + 1)
    every = math.ceil((len(ticks) - 1) / (most - 1)) if len(ticks) > most else 1
    return tuple(ticks[::every])


def _apart(ticks: list[float], low: float, high: float, top: float, bottom: float) -> tuple[float, ...]:
    """The powers of ten, and the ends of the scale where they stand a line of text away from the others."""
    height, span = bottom - top, math.log10(high) - math.log10(low)
    kept: list[float] = []
    for tick in [*ticks[1:-1], ticks[0], ticks[-1]]:
        if all(abs(math.log10(tick) - math.log10(other)) / span * height >= 14 for other in kept):
            kept.append(tick)
    return tuple(sorted(kept))


def _nice_below(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 … that is not above."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(power * factor for factor in (1, 2, 5) if power * factor <= value * 1.001)


def nice_step(rough: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 … that is not below."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
