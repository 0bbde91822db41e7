"""Invented histories for the timeline, from one month to thirty years long, sparse and crowded, with dates known in part.

What it is: the plain values of `pathways.drawing.timeline`, by a seed. Called by the tests of the drawing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from pathways.drawing.timeline import Bar, End, Event, Glyph, Growth, History, Lane, Moment, Period, Point, Series

TODAY = date(2026, 11, 26)
WORDS = [
    "stable",
    "G2, Ki-67 8 %",
    "progressing, metastatic",
    "Hypertensive crisis, admitted for three days; two drugs afterwards and a long remark that does not fit",
    "eGFR 64 mL/min/1.73 m², Hemoglobin 13.1 g/dL +5",
    "Capecitabine + temozolomide",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "ß 漢字 Ελληνικά ñ",
    "x",
]
LANES = ("biopsy", "imaging", "laboratory", "visit", "course", "board")


def history(seed: int) -> tuple[History, Period]:
    """A history and a period of it: the whole, the last years, or a part in the middle. One seed, one history."""
    random = Random(seed)
    days = random.choice([31, 200, 400, 1500, 4000, 10957])

    def a_day() -> date:
        return TODAY - timedelta(days=random.randint(0, days))

    bars = tuple(_bar(random, f"bar-{number}", a_day) for number in range(random.randint(0, 24)))
    lanes = tuple(
        Lane(code, code.title(), "what its labels are", _events(random, code, a_day))
        for code in LANES
        if random.random() < 0.7
    )
    series = tuple(_series(random, f"series-{number}", a_day) for number in range(random.randint(0, 5)))
    growths = tuple(Growth(a_day(), "growth") for _ in range(random.randint(0, 9)))
    return History(bars, lanes, series, growths), _period(random, days)


def _period(random: Random, days: int) -> Period:
    whole = Period(TODAY - timedelta(days=days + 7), TODAY)
    parts = [whole, whole, *(Period(TODAY - timedelta(days=back), TODAY) for back in (365, 730, 1826))]
    if days > 100:
        parts.append(Period(TODAY - timedelta(days=days * 2 // 3), TODAY - timedelta(days=days // 3)))
    return random.choice(parts)


def _moment(random: Random, day: date) -> Moment:
    match random.choice(["day", "day", "month", "year"]):
        case "day":
            return Moment(day, day)
        case "month":
            return Moment(day.replace(day=1), day.replace(day=28))
        case _:
            return Moment(day.replace(month=1, day=1), day.replace(month=12, day=31))


def _bar(random: Random, key: str, a_day: Callable[[], date]) -> Bar:
    first, last = sorted((a_day(), a_day()))
    start = random.choice([None, _moment(random, first), _moment(random, first)])
    end = random.choice(list(End))
    stop = None
    if end in (End.STOPPED, End.STOPPED_BECAUSE):
        stop = start if start and random.random() < 0.5 else _moment(random, last)
    return Bar(key, random.choice(WORDS), random.choice(WORDS), start, stop, end, "", key)


def _events(random: Random, code: str, a_day: Callable[[], date]) -> tuple[Event, ...]:
    number = random.choice([1, 2, 5, 20, 60, 150])
    glyphs = list(Glyph)
    return tuple(
        Event((f"{code}-{n}",), a_day(), random.choice(glyphs), random.choice(WORDS), f"{code} {n}")
        for n in range(number)
    )


def _series(random: Random, code: str, a_day: Callable[[], date]) -> Series:
    days = sorted(a_day() for _ in range(random.choice([2, 3, 6, 20, 60])))
    points = []
    for n, day in enumerate(days):
        value = Decimal(random.choice([0, 1, 7, 20, 150, 1200, 20000])) + Decimal(random.randint(0, 99)) / 10
        low, high = random.choice([(value, value), (value, value), (None, value), (value, None), (value, value * 2)])
        reference = random.choice([(None, None), (None, Decimal(100)), (Decimal(3), Decimal(8))])
        method = random.choice(["", "", "assay B"])
        points.append(Point(f"{code}-{n}", day, low, high, f"{value}", f"{code} {n}", "", method, reference))
    title = random.choice(["Chromogranin A", "Vasoactive intestinal peptide (VIP)"])
    return Series(code, title, "ng/mL", tuple(points))
