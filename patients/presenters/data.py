"""The Data page: every feature of one tumor and its patient, with date, origin and author, and what does not fit.

It shows what is recorded; what only follows from the record is marked as such. Called by ``patients.views.data``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pathways.engine import Contradiction, Feature, contradictions_of
from pathways.engine.record import Record, reader_for
from pathways.knowledge import dictionary
from patients.entry.dates import show_day
from patients.entry.reading import shown_short
from patients.facts import Facts
from patients.history import HISTORY_SETS
from patients.links import anchor, field_url, history_url, topic_url
from patients.models import Patient, Tumor
from patients.presenters.reading_text import (
    age_text,
    entered_on_text,
    origin_text,
    outside_text,
    reference_text,
    value_text,
    written_text,
)
from patients.topics import HISTORY, IDENTITY, TOPICS, topic_of

RECORDED, NOT_KNOWN, NOT_RECORDED, FOLLOWS, NOT_APPLICABLE = (
    "recorded",
    "not-known",
    "not-recorded",
    "follows",
    "not-applicable",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One feature as the page shows it. ``state`` is one of the words above."""

    anchor: str
    title: str
    state: str
    value: str
    written: str = ""
    reference: str = ""
    outside: str = ""
    why: str = ""
    observed: str = ""
    age: str = ""
    origin: str = ""
    entered: str = ""
    settled: bool = False
    others: int = 0
    contradictions: tuple[str, ...] = ()
    disagreement: str = ""
    history_url: str = ""
    field_url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    enter: str
    rows: tuple[Row, ...]
    not_recorded: tuple[Row, ...]
    not_applicable: tuple[str, ...]
    enter_url: str


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A contradiction, with the values to check."""

    sentence: str
    features: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class DataPage:
    sections: tuple[Section, ...]
    contradictions: tuple[Conflict, ...]
    unusable: tuple[str, ...]


def data_page(patient: Patient, tumor: Tumor, facts: Facts, *, today: date, may_write: bool) -> DataPage:
    """Everything on record for one tumor and its patient."""
    words = dictionary()
    record = reader_for(words).read(facts.features)
    contradictions = contradictions_of(words, facts.features)
    rows: dict[str, list[Row]] = {code: [] for code in TOPICS}
    for feature in words.features.values():
        if feature.topic in (IDENTITY, HISTORY) or feature.derived:
            continue
        row = _row(feature, facts, record, contradictions, patient, tumor, today)
        rows[topic_of(feature).code].append(row)
    sections = tuple(_section(code, rows[code], patient, tumor, may_write) for code in rows)
    return DataPage(sections, tuple(map(_conflict, contradictions)), tuple(facts.unusable.values()))


def contradictions_with(facts: Facts, changes: dict[str, object]) -> tuple[Contradiction, ...]:
    """What would not go together if these values were recorded as well; a value of None is not known."""
    features = {name: value for name, value in {**facts.features, **changes}.items() if value is not None}
    return contradictions_of(dictionary(), features)


def _conflict(contradiction: Contradiction) -> Conflict:
    features = dictionary().features
    links = tuple(Link(features[name].title, _row_address(name)) for name in contradiction.features)
    return Conflict(contradiction.sentence, links)


def _row_address(name: str) -> str:
    """The row of the page that shows it; age and sex stand in the banner."""
    return "#treatments" if name in HISTORY_SETS else "" if name in ("age_years", "sex") else f"#{anchor(name)}"


def _section(code: str, rows: Sequence[Row], patient: Patient, tumor: Tumor, may_write: bool) -> Section:
    shown = tuple(row for row in rows if row.state in (RECORDED, NOT_KNOWN, FOLLOWS))
    return Section(
        title=TOPICS[code].title,
        enter=TOPICS[code].enter,
        rows=shown,
        not_recorded=tuple(row for row in rows if row.state == NOT_RECORDED),
        not_applicable=tuple(row.title for row in rows if row.state == NOT_APPLICABLE),
        enter_url=topic_url(patient, tumor, code) if may_write else "",
    )


def _row(
    feature: Feature,
    facts: Facts,
    record: Record,
    contradictions: Sequence[Contradiction],
    patient: Patient,
    tumor: Tumor,
    today: date,
) -> Row:
    links = {
        "anchor": anchor(feature.name),
        "title": feature.title,
        "field_url": field_url(patient, tumor, feature.name),
    }
    reading = facts.readings.get(feature.name)
    if reading is None:
        return _unrecorded(feature, record, links)
    return Row(
        **links,
        history_url=history_url(patient, tumor, feature.name),
        state=RECORDED if reading.known else NOT_KNOWN,
        value=value_text(feature, reading),
        written=written_text(feature, reading),
        reference=reference_text(reading),
        outside=outside_text(reading),
        observed=show_day(reading.observed_on),
        age=age_text(reading.observed_on, today),
        origin=origin_text(reading),
        entered=entered_on_text(reading.entered_by, reading.entered_at, patient.institution.time_zone),
        settled=reading.settled,
        others=len(facts.others.get(feature.name, ())),
        contradictions=tuple(one.sentence for one in contradictions if feature.name in one.features),
        disagreement=_disagreement(feature, facts),
    )


def _unrecorded(feature: Feature, record: Record, links: dict[str, str]) -> Row:
    if feature.name in record.inapplicable:
        return Row(**links, state=NOT_APPLICABLE, value="not applicable")
    implied = next((one for one in record.implied if one.feature == feature.name), None)
    if implied is None:
        return Row(**links, state=NOT_RECORDED, value="not recorded")
    why = {one.code: one.why for one in dictionary().implications}
    sentences = [why[code] for code in implied.by.split(" or ") if code in why]
    return Row(**links, state=FOLLOWS, value=shown_short(feature, implied.value), why=" ".join(sentences))


def _disagreement(feature: Feature, facts: Facts) -> str:
    """The readings of one specimen or study that differ, in one sentence; empty where none do."""
    readings = facts.disagreements.get(feature.name, ())
    if not readings:
        return ""
    said = ", ".join(f"{value_text(feature, reading)} ({origin_text(reading)})" for reading in readings)
    return f"Readings of {readings[0].specimen_or_study} differ: {said}. The first is in force until one is settled on."
