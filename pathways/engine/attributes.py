"""What a ruleset says about itself, its sources and its rules beside the medicine: who made it, when, until when.

What it is: the keys, and the faults in their values. Dates are text, because the engine knows no calendar of its own: a
day is YYYY-MM-DD; a release or revision may be known to the year or month.
What it refuses to do: know what day it is; whether a review is overdue is asked with the institution's day.
Who calls it: the ruleset's builder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

TEXTS = ("developer", "funding", "intended_use", "users", "population")
LISTS = ("not_considered", "out_of_scope")
DATES = ("released", "revised")
DAY = "review_by"

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def attribute_faults(entry: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each attribute whose value is not accepted; attributes that are not there are fine."""
    for key in TEXTS:
        value = entry.get(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            yield f"{key} is text, here is {_brief(value)}. Leave it out where it is not recorded."
    for key in LISTS:
        value = entry.get(key)
        if value is not None and not _is_list_of_texts(value):
            yield f"{key} is a list of sentences, here is {_brief(value)}."
    for key in DATES:
        value = entry.get(key)
        if value is not None and not is_date(value):
            yield f"{key} is {_brief(value)}; accepted is a year, a month or a day such as 2026, 2026-11 or 2026-11-30."
    value = entry.get(DAY)
    if value is not None and not is_day(value):
        yield f"{DAY} is {_brief(value)}; accepted is a day such as 2027-11-30."


def is_date(value: Any) -> bool:
    """Whether the text is a year, a month or a day that there is."""
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if found is None or not 1900 <= int(found[1]) <= 2200:
        return False
    year, month, day = (int(part) if part else 1 for part in found.groups())
    return 1 <= month <= 12 and 1 <= day <= _length(year, month)


def is_day(value: Any) -> bool:
    """Whether the text is one day that there is."""
    return is_date(value) and len(value) == len("2026-11-30")


def _length(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _DAYS[month - 1] - (month == 2 and not leap)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(text, str) and text.strip() for text in value)


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
