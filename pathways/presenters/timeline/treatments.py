"""Treatments as bars and rows: what was given, from when to when as far as that is known, and how it ended in words."""

from collections.abc import Sequence
from datetime import date

from pathways.drawing.timeline import Bar, End, Moment
from pathways.engine import Ruleset
from pathways.presenters.timeline.entries import Entry
from patients.catalogue import catalogue
from patients.entry.dates import PartialDate
from patients.links import data_url
from patients.models import Course, Outcome, Patient, Treatment

# Done on one day, so that the date of the start is the whole date.
PROCEDURES = frozenset({"surgery", "endoscopic", "ablation", "liver_directed"})
_BECAUSE = frozenset({Outcome.PROGRESSED, Outcome.NOT_TOLERATED})


def treatment_bars(patient: Patient, rows: Sequence[Treatment], ruleset: Ruleset) -> list[tuple[Bar, Entry]]:
    """A bar and an entry for each course, the earliest first, those of unknown start last."""
    groups = {option.code: option.group for option in ruleset.options}
    ordered = sorted(rows, key=lambda row: (row.started_on or date.max, row.entered_at, str(row.id)))
    return [_bar(row, groups.get(row.option, ""), f"{data_url(patient)}#treatments") for row in ordered]


def _bar(row: Treatment, group: str, url: str) -> tuple[Bar, Entry]:
    start, stop = _moment(row, "started"), _moment(row, "stopped")
    if group in PROCEDURES and row.course == Course.STOPPED and stop is None:
        stop = start
    is_point = start is not None and start == stop
    title, words = catalogue().label(row.option), " · ".join(_how_it_ended(row, is_point))
    entry = Entry(
        key=f"treatment-{row.id}",
        kind="Treatment",
        on=start.first if start else None,
        until=stop.last if stop else None,
        when=_when(row, start, is_point),
        what=title,
        value=words,
        details="; ".join(_details(row)),
        origin=row.source_text or row.get_source_display(),
        url=url,
    )
    return Bar(entry.key, title, words, start, stop, _end(row, stop), url, entry.whole), entry


def _moment(row: Treatment, field: str) -> Moment | None:
    partial = _partial(row, field)
    return Moment(partial.first, partial.last) if partial else None


def _partial(row: Treatment, field: str) -> PartialDate | None:
    first = getattr(row, f"{field}_on")
    return PartialDate(first, getattr(row, f"{field}_precision")) if first else None


def _end(row: Treatment, stop: Moment | None) -> End:
    match row.course:
        case Course.STILL_GIVEN:
            return End.STILL_GIVEN
        case Course.STOPPED if stop is not None:
            return End.STOPPED_BECAUSE if _BECAUSE & set(row.outcome_codes) else End.STOPPED
        case _:
            return End.NOT_KNOWN


def _when(row: Treatment, start: Moment | None, is_point: bool) -> str:
    begun, ended = _partial(row, "started"), _partial(row, "stopped")
    first = begun.show() if begun else "date not known"
    if is_point:
        return first
    if row.course == Course.STILL_GIVEN:
        return f"since {first}" if start else "still given, start not known"
    last = ended.show() if ended else "not known"
    return f"{first} to {last}" if start else f"start not known, until {last}"


def _how_it_ended(row: Treatment, is_point: bool) -> list[str]:
    """'not tolerated', 'until Aug 2025', 'blood pressure': the outcome, the end, and the record's own words."""
    outcomes = [str(Outcome(code).label) for code in row.outcome_codes if code != Outcome.NOT_KNOWN]
    told = row.outcome_text.casefold()
    outcomes = [words for words in outcomes if not told.startswith(words.casefold())]
    if is_point and row.outcome_text and Outcome.COMPLETED in row.outcome_codes:
        outcomes = [words for words in outcomes if words != Outcome.COMPLETED.label]
    return [
        part for part in (", ".join(outcomes), _begun(row, is_point), _course(row, is_point), row.outcome_text) if part
    ]


def _begun(row: Treatment, is_point: bool) -> str:
    """When it began, where the drawing alone does not tell to the day."""
    start = _partial(row, "started")
    if start is None:
        return "start not known"
    if start.precision == "day":
        return ""
    return start.show() if is_point else f"from {start.show()}"


def _course(row: Treatment, is_point: bool) -> str:
    ended = _partial(row, "stopped")
    match row.course:
        case Course.STILL_GIVEN:
            return "still given"
        case Course.STOPPED if is_point:
            return ""
        case Course.STOPPED:
            return f"until {ended.show()}" if ended else "stopped, date not known"
        case _:
            return "not known whether still given"


def _details(row: Treatment) -> list[str]:
    intent = f"intent {row.get_intent_display()}" if row.intent != "unknown" else ""
    return [part for part in (row.doses, intent) if part]
