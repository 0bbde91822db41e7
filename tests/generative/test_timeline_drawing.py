"""Whatever is recorded, the timeline draws all of it, no two texts overlap, and the same record gives the same drawing."""

from __future__ import annotations

from itertools import combinations

import pytest

from pathways.drawing.shapes import Box, Panel
from pathways.drawing.timeline import History, Period, timeline
from pathways.drawing.timeline.bars import bar_days
from tests.generative import starter
from tests.generative.histories import TODAY, history

SEEDS = range(400 if starter.LONG else 80)


def keys_within(told: History, period: Period) -> set[str]:
    """What the period holds, said without the drawing."""
    keys = {bar.key for bar in told.bars if period.meets(*bar_days(bar, TODAY))}
    keys |= {key for lane in told.lanes for event in lane.events if period.holds(event.on) for key in event.keys}
    return keys | {point.key for series in told.series for point in series.points if period.holds(point.on)}


def overlapping(panel: Panel) -> list[tuple[str, str]]:
    texts = [(text.text, text.box) for text in panel.texts if text.text]
    return [(one, other) for (one, a), (other, b) in combinations(texts, 2) if a.overlaps(b)]


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_recorded_in_the_period_is_drawn_and_nothing_else(seed: int) -> None:
    invented, period = history(seed)
    drawn = timeline(invented, period, today=TODAY, name="Somebody")
    assert drawn.keys == keys_within(invented, period)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_texts_overlap_and_none_leaves_its_panel(seed: int) -> None:
    invented, period = history(seed)
    for panel in timeline(invented, period, today=TODAY, name="Somebody").panels:
        assert overlapping(panel) == []
        whole = Box(0, 0, panel.width + 0.5, panel.height + 0.5)
        assert [text.text for text in panel.texts if not text.box.within(whole)] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_history_gives_the_same_drawing(seed: int) -> None:
    invented, period = history(seed)
    one = timeline(invented, period, today=TODAY, name="Somebody")
    assert one == timeline(invented, period, today=TODAY, name="Somebody")
    assert one.panels


@pytest.mark.parametrize("seed", SEEDS)
def test_every_mark_says_in_words_what_it_is_and_every_treatment_is_named(seed: int) -> None:
    invented, period = history(seed)
    for panel in timeline(invented, period, today=TODAY, name="Somebody").panels:
        for mark in panel.marks:
            assert mark.title
            if mark.css == "tl-bar":
                assert any(shape.kind == "text" and shape.text not in ("", "?") for shape in mark.shapes)
