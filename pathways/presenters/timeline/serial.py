"""Which measurements make a line: those of one thing in one unit on two days or more, from findings and markers together.

Ki-67 is a finding of a report and may be a marker too; on the timeline it is one course. Called by the page's presenter.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from pathways.drawing.timeline import Point, Series

# Title and unit as they are shown, with one measurement.
Measured = tuple[str, str, Point]


def series_of(measured: Iterable[Measured]) -> list[Series]:
    """The lines, in the order in which their first measurement comes. Units are never mixed."""
    groups: dict[tuple[str, str], list[Point]] = defaultdict(list)
    titles: dict[tuple[str, str], tuple[str, str]] = {}
    for title, unit, point in measured:
        key = (title.casefold(), "".join(unit.split()).casefold())
        titles.setdefault(key, (title, unit))
        groups[key].append(point)
    found = []
    for key, points in groups.items():
        if len({point.on for point in points}) > 1:
            title, unit = titles[key]
            found.append(Series(f"{title} {unit}", title, unit, tuple(_one_lead_a_day(points))))
    return found


def _one_lead_a_day(points: Sequence[Point]) -> list[Point]:
    """In order of the days; the line runs through one measurement of each."""
    ordered = sorted(points, key=lambda point: point.on)
    last: dict[date, str] = {point.on: point.key for point in ordered if point.leads}
    return [replace(point, leads=last.get(point.on) == point.key) for point in ordered]
