"""One record of the timeline in words: the row of its table, and what its mark says. Every drawn thing has one.

Other sources of marks (meetings, signed reviews) are registered here by the packages that know them, so that the timeline
imports none of those. Called by the presenters of this package; `register_source` by the `ready` of an application.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pathways.drawing.timeline import Event, Glyph
from pathways.presenters.words import show_date
from patients.models import Patient, Tumor


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table. `on` and `until` are the days that it can have fallen on, for order and period."""

    key: str
    kind: str
    on: date | None
    until: date | None
    when: str
    what: str
    value: str = ""
    details: str = ""
    origin: str = ""
    url: str = ""

    @property
    def whole(self) -> str:
        """Everything in one line, for the title of a mark."""
        said = f"{self.what}: {self.value}" if self.value else self.what
        return "; ".join(part for part in (f"{self.when}, {said}", self.details, self.origin) if part)


@dataclass(frozen=True, slots=True)
class Noted:
    """Something on one day for a lane of its own: a meeting, a review. `code` names the lane."""

    lane: str
    glyph: Glyph
    label: str
    entry: Entry
    planned: bool = False


MarkSource = Callable[[Patient, Tumor], Sequence[Noted]]
_SOURCES: dict[str, MarkSource] = {}


def register_source(name: str, source: MarkSource) -> None:
    """Adds a source of marks under a name; the same name again replaces it."""
    _SOURCES[name] = source


def registered_marks(patient: Patient, tumor: Tumor) -> list[Noted]:
    """The marks of every registered source, in the order of their names."""
    return [noted for name in sorted(_SOURCES) for noted in _SOURCES[name](patient, tumor)]


def event_of(noted: Noted) -> Event:
    """The mark of something noted; its entry has a day."""
    assert noted.entry.on is not None
    return Event(
        (noted.entry.key,), noted.entry.on, noted.glyph, noted.label, noted.entry.whole, noted.entry.url, noted.planned
    )


def day_entry(key: str, kind: str, on: date, what: str, **more: str) -> Entry:
    """An entry of one known day."""
    return Entry(key, kind, on, on, show_date(on), what, **more)
