"""The timeline of one tumor: what was given, decided and measured, one lane above the other on one scale of time."""

from pathways.drawing.timeline.layout import Timeline, timeline
from pathways.drawing.timeline.values import (
    Bar,
    End,
    Event,
    Glyph,
    Growth,
    History,
    Lane,
    Moment,
    Period,
    Point,
    Series,
)

__all__ = [
    "Bar", "End", "Event", "Glyph", "Growth", "History", "Lane", "Moment", "Period", "Point", "Series", "Timeline",
    "timeline",
]  # fmt: skip
