"""The timeline page of one tumor: the drawing, and the table and file that hold the same rows.

It reads the record and decides nothing. Everything recorded in the period is in both; a test holds that. Called by the view.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pathways.assessing import TumorAssessment
from pathways.drawing.timeline import Bar, Event, History, Lane, Period, Timeline, timeline
from pathways.drawing.timeline.bars import bar_days
from pathways.models import Review
from pathways.presenters.patient_page import history_links
from pathways.presenters.readings import age_against_limit
from pathways.presenters.timeline.entries import Entry, Noted, event_of, registered_marks
from pathways.presenters.timeline.findings import (
    all_readings,
    finding_points,
    growths,
    reading_entry,
    report_events,
)
from pathways.presenters.timeline.markers import marker_entries, marker_points, single_marks
from pathways.presenters.timeline.noted import notes_noted, referrals_noted, reviews_noted
from pathways.presenters.timeline.period import Zoom, zoom
from pathways.presenters.timeline.serial import series_of
from pathways.presenters.timeline.treatments import treatment_bars
from pathways.reviews.selectors import reviews_of
from patients.models import Marker, Patient, PatientNote, Referral, Treatment, Tumor
from patients.selectors import markers_of, notes_of, treatments_of

LANES = {
    "biopsy": ("Biopsy", "pathology reports"),
    "imaging": ("Imaging", "with what it found"),
    "laboratory": ("Laboratory", "single values"),
    "visit": ("Visits", "seen in clinic"),
    "import": ("Imported", "no report named"),
    "course": ("Course", "notes, not read by rules"),
    "board": ("Board", "meetings, decisions"),
    "review": ("Signed review", "who, ruleset"),
}
COLUMNS = ("Date", "Kind", "What", "Value or how it ended", "Details", "Where it stands")


@dataclass(frozen=True)
class Rows:
    """The rows of the record that a timeline is made from, besides the facts."""

    treatments: Sequence[Treatment]
    markers: Sequence[Marker]
    notes: Sequence[PatientNote]
    referrals: Sequence[Referral]
    reviews: Sequence[Review]
    known_at: datetime | None = None
    # Whether the marks of other packages (meetings) are drawn as well.
    others: bool = True


@dataclass(frozen=True)
class TimelinePage:
    """What the template shows."""

    zoom: Zoom
    drawing: Timeline
    entries: tuple[Entry, ...]
    is_empty: bool
    outside: int
    undrawn_said: str
    columns: tuple[str, ...] = COLUMNS


@dataclass(frozen=True)
class _Told:
    """The whole record as values to draw and rows to read."""

    history: History
    entries: tuple[Entry, ...]
    bars: Mapping[str, Bar]


def timeline_page(done: TumorAssessment, rows: Rows, query: Mapping[str, str]) -> TimelinePage:
    """The page for the period that the query asks for."""
    told = _told(done, rows)
    days = [day for entry in told.entries for day in (entry.on, entry.until) if day]
    chosen = zoom(query, min(days, default=None), max(days, default=done.as_of), done.as_of)
    here = "as of" if rows.known_at else "today,"
    drawing = timeline(told.history, chosen.period, today=done.as_of, name=str(done.tumor.patient), here=here)
    shown = entries_within(told.entries, told.bars, chosen.period, done.as_of)
    return TimelinePage(
        zoom=chosen,
        drawing=drawing,
        entries=shown,
        is_empty=not told.entries,
        outside=len(told.entries) - len(shown),
        undrawn_said=_undrawn(drawing.unlabelled),
    )


def _undrawn(number: int) -> str:
    if not number:
        return ""
    marks = "1 mark has" if number == 1 else f"{number} marks have"
    return f"{marks} no label for want of room: point at it, reach it with Tab, or read the table."


def entries_within(entries: Sequence[Entry], bars: Mapping[str, Bar], period: Period, today: date) -> tuple[Entry, ...]:
    """The rows of what is drawn in a period: a treatment as soon as one of its days may fall into it."""
    shown = []
    for entry in entries:
        bar = bars.get(entry.key)
        first, last = bar_days(bar, today) if bar else (entry.on or date.min, entry.until or date.max)
        if period.meets(first, last):
            shown.append(entry)
    return tuple(
        sorted(shown, key=lambda entry: (entry.on or entry.until or date.min, entry.kind, entry.what, entry.key))
    )


def csv_text(page: TimelinePage, patient: Patient) -> str:
    """The table as a file: who it is of, then one line per row. No cell begins like a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["MRN", *COLUMNS])
    for entry in page.entries:
        cells = (patient.mrn, entry.when, entry.kind, entry.what, entry.value, entry.details, entry.origin)
        writer.writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """Spreadsheets read a cell that begins with one of these signs as a formula; an apostrophe says that it is text."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell


def _told(done: TumorAssessment, rows: Rows) -> _Told:
    patient, tumor, ruleset = done.tumor.patient, done.tumor, done.in_force.ruleset
    words, link = ruleset.dictionary, history_links(patient, tumor)
    readings = all_readings(done.facts)
    old = {entry.feature: f"too old for the rules: {age_against_limit(entry)}" for entry in done.stale}
    found = {f"finding-{one.finding_id}": reading_entry(one, done.facts, words, link, old) for one in readings}
    markers = marker_entries(patient, rows.markers)
    bars = treatment_bars(patient, rows.treatments, ruleset)
    noted = [
        *notes_noted(patient, rows.notes),
        *referrals_noted(patient, rows.referrals, known_at=rows.known_at),
        *reviews_noted(patient, rows.reviews),
        *(_noted_elsewhere(done, rows) if rows.others else ()),
    ]
    lines = series_of([*marker_points(markers), *finding_points(readings, done.facts, found, words)])
    drawn = {point.key for series in lines for point in series.points}
    single = [(row, entry) for row, entry in markers if entry.key not in drawn]
    reported = [one for one in readings if one.source != "laboratory" or f"finding-{one.finding_id}" not in drawn]
    history = History(
        bars=tuple(bar for bar, _ in bars),
        lanes=_lanes(report_events(reported, found, words), single_marks(single), noted),
        series=tuple(lines),
        growths=tuple(growths(readings)),
    )
    entries = [*(e for _, e in bars), *found.values(), *(e for _, e in markers), *(one.entry for one in noted)]
    return _Told(history, tuple(entries), {bar.key: bar for bar, _ in bars})


def _noted_elsewhere(done: TumorAssessment, rows: Rows) -> list[Noted]:
    """The marks of other packages; of a past day only those that had happened."""
    marks = registered_marks(done.tumor.patient, done.tumor)
    return [one for one in marks if rows.known_at is None or (one.entry.on and one.entry.on <= done.as_of)]


def _lanes(
    reports: Mapping[str, Sequence[Event]], single: Mapping[str, Sequence[Event]], noted: Sequence[Noted]
) -> tuple[Lane, ...]:
    """The lanes that have something, in their fixed order."""
    events: dict[str, list[Event]] = defaultdict(list)
    for source in (reports, single):
        for code, found in source.items():
            events[code] += found
    for one in noted:
        events[one.lane].append(event_of(one))
    return tuple(
        Lane(code, title, hint, tuple(sorted(events[code], key=lambda event: event.on)))
        for code, (title, hint) in LANES.items()
        if events[code]
    )


def rows_of(tumor: Tumor, *, as_of: date | None = None, known_at: datetime | None = None) -> Rows:
    """The rows of the record, in five queries however many there are; as they stood at an instant where one is given."""
    patient, until, last = tumor.patient, known_at or datetime.max.replace(tzinfo=UTC), as_of or date.max
    referrals = Referral.objects.filter(patient=patient).select_related("referred_by").order_by("referred_at", "id")
    return Rows(
        treatments=treatments_of(patient, known_at=known_at),
        markers=[row for row in markers_of(patient, known_at=known_at) if row.observed_on <= last],
        notes=[row for row in notes_of(patient, known_at=known_at) if row.observed_on <= last],
        referrals=[row for row in referrals if row.referred_at <= until],
        reviews=[row for row in reviews_of(tumor)[::-1] if row.signed_at <= until],
        known_at=known_at,
    )
