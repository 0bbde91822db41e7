"""Which days the timeline shows: all of them, the last years, or from–to as somebody typed it.

What was typed and cannot be read is shown again with the sentence that says what is accepted; until then all is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pathways.drawing.timeline import Period
from patients.entry.dates import PartialDate, parse_partial
from patients.entry.problems import EntryRefused

_YEARS = {"5y": ("5 years", 5), "2y": ("2 years", 2), "12m": ("12 months", 1)}
_SHORTEST_DAYS = 27


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the links: its code, its words, and whether it is the one in use."""

    code: str
    words: str
    current: bool


@dataclass(frozen=True, slots=True)
class Zoom:
    """The period with what the controls show."""

    period: Period
    choices: tuple[Choice, ...]
    from_text: str
    to_text: str
    problem: str


def zoom(query: Mapping[str, str], earliest: date | None, latest: date, today: date) -> Zoom:
    """The period that an address asks for; `earliest` is the first day of anything recorded, `latest` the last."""
    whole = _whole(earliest, max(latest, today))
    from_text, to_text = query.get("from", "").strip(), query.get("to", "").strip()
    code, problem, period = query.get("period", ""), "", whole
    if from_text or to_text:
        code = "typed"
        try:
            period = _typed(from_text, to_text, whole, today)
        except EntryRefused as refused:
            problem = refused.sentence
    elif code in _YEARS:
        first = _years_before(today, _YEARS[code][1])
        period = Period(first, max(latest, today) if latest > today else today)
    else:
        code = "all"
    named = f"All, since {earliest.year}" if earliest else "All"
    choices = [Choice("", named, code == "all")]
    choices += [Choice(name, words, code == name) for name, (words, _years) in _YEARS.items()]
    return Zoom(period, tuple(choices), from_text, to_text, problem)


def _whole(earliest: date | None, latest: date) -> Period:
    """From a little before the first record to the last day, a month at least."""
    first = min(earliest or latest, latest - timedelta(days=_SHORTEST_DAYS))
    return Period(first - timedelta(days=max(7, (latest - first).days // 40)), latest)


def _years_before(today: date, years: int) -> date:
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February
        return today.replace(year=today.year - years, day=28)


def _typed(from_text: str, to_text: str, whole: Period, today: date) -> Period:
    first = _read("From", from_text, today).first if from_text else whole.first
    last = min(_read("To", to_text, today).last, whole.last) if to_text else whole.last
    if last < first:
        raise EntryRefused(f"To: {to_text or last.isoformat()} is before {from_text}. Write the earlier date first.")
    if (last - first).days < _SHORTEST_DAYS:
        first = max(last - timedelta(days=_SHORTEST_DAYS), date(1880, 1, 1))
    return Period(first, last)


def _read(title: str, text: str, today: date) -> PartialDate:
    return parse_partial(title, text, today=today)
