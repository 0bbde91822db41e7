"""The dates of a series and the instants of local times: DST-safe, since a series keeps the time on the wall.

Pure. A local time that a change of the clocks leaves out does not exist: it is refused for a single meeting, and read an
hour later within a series; one that happens twice is the first of the two. Who calls it: the actions on meetings.
"""

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from boards.models import Repeats


class NoSuchTime(ValueError):
    """A local time that does not exist on that day, or a zone that does not exist; one sentence."""


def zone(name: str) -> ZoneInfo:
    """The time zone of this name. Raises NoSuchTime."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NoSuchTime(
            f"“{name[:40]}” is not a time zone. Accepted is a name such as Europe/Vienna or America/Chicago."
        ) from None


def instant(day: date, at: time, zone_name: str, *, strict: bool = True) -> datetime:
    """The instant of a local time. Raises NoSuchTime where the clocks leave it out, unless `strict` is False."""
    local = datetime.combine(day, at, tzinfo=zone(zone_name))
    there = local.astimezone(UTC)
    if strict and there.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(f"{at:%H:%M} does not exist on {day.isoformat()} in {zone_name}: the clocks go forward then.")
    return there


def dates(repeats: str, first: date) -> Iterator[date]:
    """The days of a series, without end. Monthly is the same weekday of the month: the third Thursday, or the last."""
    if repeats in (Repeats.WEEKLY, Repeats.FORTNIGHTLY):
        step = timedelta(days=7 if repeats == Repeats.WEEKLY else 14)
        day = first
        while True:
            yield day
            day += step
    nth, year, month = (first.day - 1) // 7, first.year, first.month
    while True:
        yield _weekday_of(year, month, first.weekday(), nth)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def dates_after(repeats: str, first: date, after: date, how_many: int) -> list[date]:
    """The next days of a series that are later than a day."""
    return list(islice((day for day in dates(repeats, first) if day > after), how_many))


def working_day_before(day: date) -> date:
    """The last day from Monday to Friday before a day; holidays are not known."""
    return day - timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))


def _weekday_of(year: int, month: int, weekday: int, nth: int) -> date:
    days = [
        date(year, month, number)
        for number in range(1, calendar.monthrange(year, month)[1] + 1)
        if date(year, month, number).weekday() == weekday
    ]
    return days[min(nth, len(days) - 1)]
