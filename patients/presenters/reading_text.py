"""How one reading is said: its value, what was written, when, where from, by whom, how long ago. Pure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pathways.engine import Feature
from patients.entry.dates import show_day
from patients.entry.reading import shown_short
from patients.entry.reference import own_ends, range_text, side_of
from patients.facts import Reading


def value_text(feature: Feature, reading: Reading) -> str:
    """8 %, liver, bone; where it is recorded as not known, those words."""
    return "not known" if reading.value is None else shown_short(feature, reading.value)


def written_text(feature: Feature, reading: Reading) -> str:
    """What was written, where it reads otherwise than what is shown."""
    shown = value_text(feature, reading)
    same = _plain(reading.as_written) in {_plain(shown), _plain(shown.removesuffix(feature.unit_text))}
    return "" if same or reading.value is None or feature.kind != "number" else reading.as_written


def reference_text(reading: Reading) -> str:
    """12–16 g/dL, as the laboratory printed it; empty where the report gives none."""
    text = range_text(reading.reference_low, reading.reference_high)
    return f"{text} {reading.unit}".strip() if text else ""


def outside_text(reading: Reading) -> str:
    """above or below, against the laboratory's own range, where that is certain."""
    ends = own_ends(reading.feature, reading.unit, reading.reference_low, reading.reference_high)
    return side_of(reading.value, *ends)


def origin_text(reading: Reading) -> str:
    """pathology report, central review · Laboratory X · method."""
    return " · ".join(part for part in (reading.origin, reading.laboratory, reading.method) if part)


def entered_text(name: str, at: datetime, zone: str) -> str:
    """Dr. R. Sample, 12 Nov 2026 14:05, by the clock of the institution."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{name}, {show_day(local.date())} {local:%H:%M}"


def entered_on_text(name: str, at: datetime, zone: str) -> str:
    """Dr. R. Sample, 12 Nov 2026: for tables, where the time of day is in the history."""
    return f"{name}, {show_day(at.astimezone(ZoneInfo(zone)).date())}"


def age_text(observed_on: date, today: date) -> str:
    """How long ago, from three months on: younger values need no word."""
    days = (today - observed_on).days
    if days < 90:
        return ""
    months = round(days / 30.44)
    return f"{months} months ago" if months < 24 else f"{days // 365.25:.0f} years ago"


def _plain(text: str) -> str:
    return "".join(text.split()).replace(",", ".").replace("-", "–").lower()
