"""Dates as people write them: 2026-11-12, 12 Nov 2026; and partial ones: Nov 2026, 2026-11, 2026.

11/12/2026 is refused, because it is two different days in two parts of the world; 25/11/2026 can only be one. Today
is an argument. Called by the forms.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from patients.entry.problems import EntryRefused, quoted

ACCEPTED = "a date such as 12 Nov 2026 or 2026-11-12"
ACCEPTED_PARTIAL = "a date such as 12 Nov 2026 or 2026-11-12, a month such as Nov 2026, or a year such as 2026"
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_YEAR = re.compile(r"[0-9]{4}")
_WORDS = re.compile(r"([0-9]{1,2})\.? ([a-z]+)\.? ([0-9]{4})")
_WORDS_MONTH = re.compile(r"([a-z]+)\.? ([0-9]{4})")
_NUMERIC = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, the month or the year. ``first`` is the earliest day it can be."""

    first: date
    precision: str

    @property
    def last(self) -> date:
        """The latest day it can be."""
        if self.precision == "day":
            return self.first
        if self.precision == "month":
            return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])
        return date(self.first.year, 12, 31)

    def show(self) -> str:
        match self.precision:
            case "day":
                return show_day(self.first)
            case "month":
                return f"{calendar.month_abbr[self.first.month]} {self.first.year}"
            case _:
                return str(self.first.year)


def show_day(day: date) -> str:
    """12 Nov 2026."""
    return f"{day.day} {calendar.month_abbr[day.month]} {day.year}"


def parse_day(title: str, text: str, *, today: date, born: date | None = None) -> date:
    """One day, not after today, and not before the birth where that is given."""
    partial = parse_partial(title, text, today=today, born=born, accepted=ACCEPTED)
    if partial.precision != "day":
        raise EntryRefused(f"{title}: {quoted(text)} is not a day. Accepted is {ACCEPTED}.")
    return partial.first


def parse_partial(
    title: str, text: str, *, today: date, born: date | None = None, accepted: str = ACCEPTED_PARTIAL
) -> PartialDate:
    """A day, month or year that is not wholly in the future, and not wholly before the birth."""
    try:
        partial = _read(title, " ".join(text.lower().replace(",", " ").split()), text, accepted)
    except ValueError as problem:
        if isinstance(problem, EntryRefused):
            raise
        raise EntryRefused(f"{title}: {quoted(text)} is not a day of the calendar. Accepted is {accepted}.") from None
    if partial.first > today:
        raise EntryRefused(f"{title}: {partial.show()} is in the future. Today is {show_day(today)}.")
    if born is not None and partial.last < born:
        raise EntryRefused(f"{title}: {partial.show()} is before the patient was born ({show_day(born)}).")
    if partial.last < today - timedelta(days=366 * 130):
        raise EntryRefused(f"{title}: {partial.show()} is more than 130 years ago.")
    return partial


def _read(title: str, plain: str, text: str, accepted: str) -> PartialDate:
    if len(plain) <= 30:
        if match := _ISO.fullmatch(plain):
            return PartialDate(date(int(match[1]), int(match[2]), int(match[3])), "day")
        if (match := _WORDS.fullmatch(plain)) and match[2] in _MONTHS:
            return PartialDate(date(int(match[3]), _MONTHS[match[2]], int(match[1])), "day")
        if match := _ISO_MONTH.fullmatch(plain):
            return PartialDate(date(int(match[1]), int(match[2]), 1), "month")
        if (match := _WORDS_MONTH.fullmatch(plain)) and match[1] in _MONTHS:
            return PartialDate(date(int(match[2]), _MONTHS[match[1]], 1), "month")
        if _YEAR.fullmatch(plain):
            return PartialDate(date(int(plain), 1, 1), "year")
        if match := _NUMERIC.fullmatch(plain):
            return PartialDate(_numeric(title, text, int(match[1]), int(match[2]), int(match[3])), "day")
    raise EntryRefused(f"{title}: {quoted(text)} is not a date. Accepted is {accepted}.")


def _numeric(title: str, text: str, one: int, two: int, year: int) -> date:
    """Day/month or month/day, where only one of the two exists."""
    if one <= 12 and two <= 12 and one != two:
        either = f"{show_day(date(year, two, one))} or {show_day(date(year, one, two))}"
        raise EntryRefused(
            f"{title}: {quoted(text)} could be {either}. Write {ACCEPTED.removeprefix('a date such as ')}."
        )
    return date(year, two, one) if two <= 12 else date(year, one, two)
