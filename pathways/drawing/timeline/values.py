"""What a timeline is made from: plain values with words already in them, and the keys of the records they stand for.

A moment is known to the day, the month or the year, and is drawn as wide as it is known. Called by the presenter, which
makes these from the record, and by the layout.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Moment:
    """From the earliest to the latest day that it can have been; the same day twice where the day is known."""

    first: date
    last: date

    @property
    def is_exact(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are drawn, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days

    def meets(self, first: date, last: date) -> bool:
        return first <= self.last and last >= self.first

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


class End(StrEnum):
    """How a treatment ended, told by shape: an open arrow, a bar, a bar with a cross, or a question mark."""

    STILL_GIVEN = "still_given"
    STOPPED = "stopped"
    STOPPED_BECAUSE = "stopped_because"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Bar:
    """One course of one treatment. `start` and `stop` are None where the record does not tell."""

    key: str
    title: str
    words: str
    start: Moment | None
    stop: Moment | None
    end: End
    url: str = ""
    whole: str = ""

    @property
    def is_point(self) -> bool:
        """Given at one time: an operation, one session."""
        return self.start is not None and self.start == self.stop

    @property
    def is_doubtful(self) -> bool:
        """Whether some date of it is not known to the day."""
        ends_now = self.end is End.STILL_GIVEN
        return any(not m.is_exact if m else True for m in (self.start, *(() if ends_now else (self.stop,))))


class Glyph(StrEnum):
    """The sign of a mark: each kind of event has a shape of its own."""

    DIAMOND = "diamond"
    SQUARE = "square"
    SQUARE_DOT = "square_dot"
    SQUARE_GROWTH = "square_growth"
    CIRCLE = "circle"
    DROP = "drop"
    NOTE = "note"
    BOARD = "board"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Event:
    """Something on one day: a report, a visit, a note, a meeting. `label` is short, `whole` says everything."""

    keys: tuple[str, ...]
    on: date
    glyph: Glyph
    label: str
    whole: str
    url: str = ""
    # Drawn as planned, in dashes: a meeting that is to come.
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """Events of one kind, under a title of at most two short lines."""

    code: str
    title: str
    hint: str
    events: tuple[Event, ...]


# The laboratory's own range; None where it gives no lower or no upper end.
Reference = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement: a number, or a range where the report gives one (`low` to `high`; an open end is None)."""

    key: str
    on: date
    low: Decimal | None
    high: Decimal | None
    shown: str
    whole: str
    url: str = ""
    # Measurements are joined only while laboratory and method stay the same.
    method: str = ""
    reference: Reference = (None, None)
    # The reading in force among several of one day; the line runs through it.
    leads: bool = True
    # Which piece of the line it is of: the line breaks where a measurement in another unit lies between.
    piece: int = 0

    @property
    def at(self) -> Decimal:
        """The number that the line runs through: the middle of a range, or its one known end."""
        if self.low is None or self.high is None:
            known = self.low if self.low is not None else self.high
            return known if known is not None else Decimal(0)
        return (self.low + self.high) / 2

    @property
    def is_exact(self) -> bool:
        return self.low is not None and self.low == self.high


@dataclass(frozen=True, slots=True)
class Series:
    """Measurements of one thing in one unit, in order of their days."""

    code: str
    title: str
    unit: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth recorded on a day: a dashed line through all lanes."""

    on: date
    words: str


@dataclass(frozen=True, slots=True)
class History:
    """Everything that is drawn of one tumor."""

    bars: tuple[Bar, ...] = ()
    lanes: tuple[Lane, ...] = ()
    series: tuple[Series, ...] = ()
    growths: tuple[Growth, ...] = ()
