"""The parts of the drawings one by one: text that fits, scales, rows of labels, turns of a line, dates known in part."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from pathways.drawing.shapes import Box, Text
from pathways.drawing.text import fitted, width, wrapped
from pathways.drawing.timeline import Bar, End, Event, Glyph, History, Lane, Moment, Period, Point, Series, timeline
from pathways.drawing.timeline.labels import Free, Rows
from pathways.drawing.timeline.scale import PLOT_LEFT, PLOT_RIGHT, TimeScale, value_scale
from pathways.drawing.timeline.series import turns

TODAY = date(2026, 11, 26)
YEAR = Period(date(2025, 11, 26), TODAY)


def test_a_text_that_fits_stays_whole_and_one_that_does_not_ends_with_an_ellipsis() -> None:
    assert fitted("Lanreotide", 11, 200) == "Lanreotide"
    short = fitted("Lanreotide 120 mg every 4 weeks", 11, 80)
    assert short.endswith("…")
    assert width(short, 11) <= 80
    assert fitted("Lanreotide", 11, 3) == ""


def test_lines_break_between_words_and_never_inside_a_power_of_ten() -> None:
    lines = wrapped("Platelets is below 75 × 10⁹/L today", 10.5, 110, most=3)
    assert [line.replace("\u00a0", " ") for line in lines] == ["Platelets is below", "75 × 10⁹/L today"]
    assert wrapped("", 11, 100, most=2) == []
    assert wrapped("one two three four five six", 11, 40, most=2)[-1].endswith("…")


def test_letters_that_were_not_measured_count_as_wide() -> None:
    assert width("漢", 10) > width("W", 10)
    assert width("Ki-67", 10, bold=True) > width("Ki-67", 10)


def test_days_stand_between_the_edges_of_the_plot() -> None:
    scale = TimeScale(YEAR)
    assert scale.x(YEAR.first) == PLOT_LEFT
    assert scale.x(YEAR.last) == PLOT_RIGHT
    assert scale.x(date(1990, 1, 1)) == PLOT_LEFT
    assert scale.has_months
    assert not TimeScale(Period(date(1996, 1, 1), TODAY)).has_months


@pytest.mark.parametrize(
    ("values", "is_log", "ticks"),
    [
        ([210.0, 1840.0, 640.0], False, (0.0, 1000.0, 2000.0)),
        ([82.0, 1840.0], True, (100.0, 1000.0)),
        ([0.0], False, (0.0, 1.0)),
    ],
)
def test_a_scale_is_by_powers_of_ten_from_twenty_times_on(
    values: list[float], is_log: bool, ticks: tuple[float, ...]
) -> None:
    scale = value_scale(values, 0, 60)
    assert scale.is_log is is_log
    assert set(ticks) <= set(scale.ticks)
    assert all(scale.low <= value <= scale.high for value in values)
    assert scale.y(scale.low) == 60
    assert scale.y(scale.high) == 0


def test_a_label_takes_the_first_row_in_which_it_touches_nothing() -> None:
    rows = Rows(0, 100, 2)
    assert rows.take(0, 40) == 0
    assert rows.take(30, 60) == 1
    assert rows.take(50, 90) == 0
    assert rows.take(0, 100) is None
    free = Free(Box(0, 0, 100, 100))
    first = free.place([Text(50, 50, "640", "", 11, "middle", True)])
    assert first is not None
    assert free.place([Text(52, 52, "64", "", 11, "middle", True)]) is None
    assert free.place([Text(-20, 50, "out", "", 11)]) is None


def test_only_turns_and_ends_of_a_line_are_written_out() -> None:
    assert turns([]) == []
    assert turns([0.5]) == [0]
    assert sorted(turns([0.1, 0.2, 0.9, 0.3, 0.32, 0.31, 0.6])) == [0, 2, 3, 6]
    assert turns([0.1, 0.2, 0.3, 0.4])[0] == 3


def a_bar(**given: object) -> Bar:
    known = {
        "key": "one",
        "title": "Everolimus",
        "words": "",
        "start": None,
        "stop": None,
        "end": End.NOT_KNOWN,
        "whole": "Everolimus",
    }
    return Bar(**{**known, **given})  # type: ignore[arg-type]


def shapes_of(bar: Bar, period: Period = YEAR) -> list[tuple[str, str]]:
    drawn = timeline(History(bars=(bar,)), period, today=TODAY, name="Somebody")
    (mark,) = drawn.panels[0].marks
    return [(shape.kind, getattr(shape, "css", "")) for shape in mark.shapes]


def day(text: str) -> Moment:
    return Moment(date.fromisoformat(text), date.fromisoformat(text))


def test_still_given_is_an_open_arrow_and_a_stop_a_bar_with_a_cross_where_it_was_for_growth_or_intolerance() -> None:
    assert ("path", "bar-arrow") in shapes_of(a_bar(start=day("2026-02-01"), end=End.STILL_GIVEN))
    stopped = shapes_of(a_bar(start=day("2026-02-01"), stop=day("2026-06-01"), end=End.STOPPED))
    assert ("path", "bar-stopped") in stopped
    assert ("path", "bar-cross") not in stopped
    because = shapes_of(a_bar(start=day("2026-02-01"), stop=day("2026-06-01"), end=End.STOPPED_BECAUSE))
    assert {("path", "bar-stopped_because"), ("path", "bar-cross")} <= set(because)


def test_an_operation_is_a_narrow_mark_and_one_of_an_unknown_day_a_dashed_stretch() -> None:
    assert ("rect", "bar-point") in shapes_of(a_bar(start=day("2026-02-01"), stop=day("2026-02-01"), end=End.STOPPED))
    year = Moment(date(2026, 1, 1), date(2026, 12, 31))
    assert ("rect", "bar-doubt") in shapes_of(a_bar(start=year, stop=year, end=End.STOPPED))


def test_what_began_before_the_period_shows_that_it_goes_on_to_the_left() -> None:
    assert ("path", "bar-goes-on") in shapes_of(a_bar(start=day("2020-02-01"), end=End.STILL_GIVEN))


def test_a_treatment_without_any_date_stands_at_the_edge_with_a_question_mark() -> None:
    assert ("text", "t-unknown") in shapes_of(a_bar(words="dates not known"))
    assert ("rect", "bar-certain") not in shapes_of(a_bar(words="dates not known"))


def test_signs_that_would_cover_each_other_become_one_that_says_all() -> None:
    events = tuple(
        Event((f"e{n}",), TODAY - timedelta(days=n), Glyph.SQUARE, f"scan {n}", f"scan {n} whole") for n in range(3)
    )
    lane = Lane("imaging", "Imaging", "what it found", events)
    drawn = timeline(History(lanes=(lane,)), Period(date(2016, 1, 1), TODAY), today=TODAY, name="Somebody")
    (mark,) = drawn.panels[0].marks
    assert set(mark.keys) == {"e0", "e1", "e2"}
    assert all(f"scan {n} whole" in mark.title for n in range(3))


def test_a_limit_such_as_below_five_is_drawn_as_a_range_down_to_the_foot_of_the_scale() -> None:
    points = (
        Point("a", date(2026, 1, 1), Decimal(20), Decimal(20), "20", "20"),
        Point("b", date(2026, 6, 1), None, Decimal(5), "<5", "<5"),
    )
    drawn = timeline(History(series=(Series("s", "Gastrin", "pg/mL", points),)), YEAR, today=TODAY, name="Somebody")
    marks = {mark.keys[0]: mark for mark in drawn.panels[0].marks}
    assert any(shape.kind == "line" and shape.css == "tl-range" for shape in marks["b"].shapes)
    assert not any(shape.kind == "line" for shape in marks["a"].shapes)


def test_lanes_that_do_not_fit_on_a_sheet_begin_the_next_one_under_the_same_days() -> None:
    points = tuple(Point(f"p{n}", date(2026, 1, 1 + n), Decimal(n), Decimal(n), str(n), str(n)) for n in range(8))
    series = tuple(Series(f"s{n}", f"Marker {n}", "ng/mL", tuple(points)) for n in range(12))
    drawn = timeline(History(series=series), YEAR, today=TODAY, name="Somebody")
    assert len(drawn.panels) == 2
    years = [[text.text for text in panel.texts if text.css == "tl-year"] for panel in drawn.panels]
    assert years[0] == years[1] != []
    assert len({panel.id for panel in drawn.panels}) == 2
