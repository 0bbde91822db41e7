"""Markers as measurements of lines, and those of a single day as marks beside the reports. Called by the page.

One marker is drawn in one unit, that of its latest measurement: others are converted where that is exact. Where it is not
they stand in a lane of their own, and the line breaks where they lie between. Record and table keep what was reported.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from pathways.drawing.timeline import Event, Point
from pathways.engine import NumberRange, Value, number_text
from pathways.presenters.timeline.entries import Entry, day_entry
from pathways.presenters.timeline.findings import LANE_OF, ends
from pathways.presenters.timeline.serial import Measured
from pathways.presenters.words import capital
from patients.entry.marker_units import factor_between
from patients.entry.reference import range_text
from patients.links import data_url
from patients.models import Marker, MarkerName, Patient
from patients.values import from_text


def marker_entries(patient: Patient, rows: Sequence[Marker]) -> list[tuple[Marker, Entry]]:
    """Each measurement with its row, the earliest first."""
    url = f"{data_url(patient)}#markers"
    ordered = sorted(rows, key=lambda row: (row.observed_on, row.entered_at, row.sequence, str(row.id)))
    return [(row, _entry(row, url)) for row in ordered]


def _entry(row: Marker, url: str) -> Entry:
    reference = _reference_words(row)
    return day_entry(
        f"marker-{row.id}",
        "Marker",
        row.observed_on,
        capital(row.title),
        value=f"{_shown(row)} {row.unit}",
        details="; ".join(part for part in (reference, row.note) if part),
        origin=" · ".join(
            part for part in (row.source_text or row.get_source_display(), row.laboratory, row.method) if part
        ),
        url=url,
    )


def _shown(row: Marker) -> str:
    return row.as_written.removesuffix(row.unit).strip()


def _reference_words(row: Marker) -> str:
    text = range_text(row.reference_low, row.reference_high)
    return f"reference {text}" if text else ""


def marker_points(found: Sequence[tuple[Marker, Entry]]) -> list[Measured]:
    """Every measurement, marker by marker in the order of the record's list of them."""
    drawn = drawn_units([row for row, _ in found])
    last_of_day = {(row.title, drawn[row.id], row.observed_on): row.id for row, _ in found}
    pieces = _pieces([row for row, _ in found], drawn)
    order = list(MarkerName)
    ordered = sorted(found, key=lambda pair: (order.index(MarkerName(pair[0].marker)), pair[0].title))
    return [
        (
            capital(row.title),
            unit,
            replace(
                _point(row, entry, unit),
                leads=last_of_day[row.title, unit, row.observed_on] == row.id,
                piece=pieces[row.id],
            ),
        )
        for row, entry in ordered
        for unit in (drawn[row.id],)
    ]


def drawn_units(rows: Sequence[Marker]) -> dict[UUID, str]:
    """In which unit each measurement is drawn: that of the latest one of its marker into which it converts exactly."""
    units: dict[UUID, str] = {}
    latest: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.observed_on, row.entered_at, row.sequence, str(row.id)), reverse=True):
        known = (unit for unit in latest[row.title] if factor_between(row.marker, row.unit, unit) is not None)
        units[row.id] = next(known, row.unit)
        latest[row.title] += [] if units[row.id] in latest[row.title] else [row.unit]
    return units


def _pieces(rows: Sequence[Marker], drawn: Mapping[UUID, str]) -> dict[UUID, int]:
    """Which piece of its line each measurement is of: a new one begins behind a measurement that could not be converted."""
    pieces: dict[UUID, int] = {}
    before: dict[str, tuple[str, int]] = {}
    for row in sorted(rows, key=lambda row: (row.observed_on, row.entered_at, row.sequence, str(row.id))):
        unit, number = before.get(row.title, (drawn[row.id], 0))
        before[row.title] = (drawn[row.id], number + (unit != drawn[row.id]))
        pieces[row.id] = before[row.title][1]
    return pieces


def _point(row: Marker, entry: Entry, unit: str) -> Point:
    factor = factor_between(row.marker, row.unit, unit)
    assert factor is not None  # by `drawn_units`
    low, high = (None if end is None else end * factor for end in ends(from_text(row.value)))
    method = " · ".join(part for part in (row.laboratory, row.method) if part)
    reference = (_number(row.reference_low, factor), _number(row.reference_high, factor))
    shown, whole = _shown(row), entry.whole
    if factor != 1:
        shown = _converted_words(from_text(row.value), factor)
        whole = f"{whole}; drawn as {shown} {unit}"
    return Point(entry.key, row.observed_on, low, high, shown, whole, entry.url, method, reference)


def _converted_words(value: Value, factor: Decimal) -> str:
    """A converted value as it is written beside its dot: three figures, as no laboratory gives more."""
    if isinstance(value, NumberRange):
        low, high = _three_figures(value.low * factor), _three_figures(value.high * factor)
        return f"<{high}" if value.low == 0 else f">{low}" if ends(value)[1] is None else f"{low}–{high}"
    assert isinstance(value, Decimal)
    return _three_figures(value * factor)


def _three_figures(number: Decimal) -> str:
    return number_text(Decimal(f"{number:.3g}"))


def _number(text: str, factor: Decimal) -> Decimal | None:
    if not text:
        return None
    return Decimal(text) if factor == 1 else Decimal(_three_figures(Decimal(text) * factor))


def single_marks(single: Sequence[tuple[Marker, Entry]]) -> dict[str, list[Event]]:
    """The measurements of one day and kind of source as one mark."""
    groups: dict[tuple[str, object], list[tuple[Marker, Entry]]] = defaultdict(list)
    for row, entry in single:
        groups[LANE_OF[row.get_source_display()][0], row.observed_on].append((row, entry))
    lanes: dict[str, list[Event]] = defaultdict(list)
    for (lane, _day), members in groups.items():
        first, entry = members[0]
        glyph = next(glyph for code, _kind, glyph in LANE_OF.values() if code == lane)
        label = f"{first.title} {_shown(first)} {first.unit}" + (f" +{len(members) - 1}" if len(members) > 1 else "")
        whole = "; ".join([entry.whole, *(f"{other.what}: {other.value}" for _, other in members[1:])])
        lanes[lane].append(Event(tuple(e.key for _, e in members), first.observed_on, glyph, label, whole, entry.url))
    return lanes
