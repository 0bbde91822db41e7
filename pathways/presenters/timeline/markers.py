"""Markers as measurements of lines, and those of a single day as marks beside the reports. Called by the page."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from pathways.drawing.timeline import Event, Point
from pathways.presenters.timeline.entries import Entry, day_entry
from pathways.presenters.timeline.findings import LANE_OF, ends
from pathways.presenters.timeline.serial import Measured
from pathways.presenters.words import capital
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
    low, high = row.reference_low, row.reference_high
    if low and high:
        return f"reference {low}–{high}"
    return f"reference up to {high}" if high else f"reference from {low}" if low else ""


def marker_points(found: Sequence[tuple[Marker, Entry]]) -> list[Measured]:
    """Every measurement, marker by marker in the order of the record's list of them."""
    last_of_day = {(row.title, row.unit, row.observed_on): row.id for row, _ in found}
    order = list(MarkerName)
    ordered = sorted(found, key=lambda pair: (order.index(MarkerName(pair[0].marker)), pair[0].title))
    return [
        (capital(row.title), row.unit, _point(row, entry, last_of_day[row.title, row.unit, row.observed_on] == row.id))
        for row, entry in ordered
    ]


def _point(row: Marker, entry: Entry, leads: bool) -> Point:
    low, high = ends(from_text(row.value))
    method = " · ".join(part for part in (row.laboratory, row.method) if part)
    reference = (_number(row.reference_low), _number(row.reference_high))
    return Point(entry.key, row.observed_on, low, high, _shown(row), entry.whole, entry.url, method, reference, leads)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


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
