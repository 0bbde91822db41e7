"""One row of text understood as values, through the same parsers as data entry; or refused, with row and column.

What is understood is kept as text (``Content``): it is what the preview shows, what is compared with the record, and
what is applied later, so that nobody applies another value than the one that was shown. Pure but for the data
dictionary; today and the names of the care teams are arguments. Called by the action that stages an import.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from pathways.engine import DataDictionary, Feature, canonical_json
from patients.actions.shared import Refused, one_line
from patients.entry import EntryRefused, PartialDate, RawEntry, parse_day, parse_partial, show_day, understand
from patients.entry.problems import quoted
from patients.entry.reading import NONE_OF_THESE, NOT_KNOWN, can_be_entered
from patients.entry.units import unit_named, units_of
from patients.imports.columns import COLUMNS, column_titles
from patients.imports.problems import CellFault
from patients.imports.tables import RawRow
from patients.models import Course, Intent, Outcome, Sex, Source
from patients.values import to_text

Content = dict[str, str]
_NOT_KNOWN = {"not known", "not_known", "unknown"}
_NONE = {"none of these", "none_of_these"}
_YES_NO = {"yes": "yes", "no": "no", "true": "yes", "false": "no"}


@dataclass(frozen=True, slots=True)
class Field:
    """One cell: what was written, and what it was understood as."""

    column: str
    written: str
    understood: str


@dataclass(slots=True)
class UnderstoodRow:
    """A row with its values; ``content`` is whole only where there are no faults."""

    raw: RawRow
    content: Content = field(default_factory=dict)
    fields: list[Field] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)

    @property
    def mrn(self) -> str:
        return " ".join(self.raw.cells.get("mrn", "").split())

    @property
    def digest(self) -> str:
        return digest_of(self.raw.kind, self.content)


def digest_of(kind: str, content: Content) -> str:
    """The same for the same values, however they were written and wherever the row stands."""
    return hashlib.sha256(f"{kind} {canonical_json(dict(sorted(content.items())))}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Words:
    """What cells may name: features by code and title, options by code and title, the care teams, and the day."""

    dictionary: DataDictionary
    features: Mapping[str, Feature]
    options: Mapping[str, str]
    teams: Mapping[str, str]
    today: date

    @classmethod
    def of(cls, dictionary: DataDictionary, teams: Iterable[str], today: date) -> "Words":
        features = {}
        for feature in dictionary.features.values():
            if can_be_entered(feature):
                features |= {_bare(feature.name): feature, _bare(feature.title): feature}
        catalogue = dictionary.features["prior_treatments"]
        options = {_bare(catalogue.label(code)): code for code in catalogue.values}
        options |= {_bare(code): code for code in catalogue.values}
        return cls(dictionary, features, options, {_bare(name): name for name in teams}, today)


def _bare(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


def understood(raw: RawRow, words: Words) -> UnderstoodRow:
    """The row with its values, or with everything that is wrong with it."""
    row = UnderstoodRow(raw, faults=list(raw.faults))
    if row.faults or not raw.kind:
        row.fields = [Field(name, text, "") for name, text in raw.cells.items() if text]
        return row
    for column in COLUMNS[raw.kind]:
        if column.needed and not raw.cells.get(column.name):
            row.faults.append(CellFault(column.name, f"{column.title} is missing. Accepted is {column.accepts}."))
    reading = _Reading(row, words)
    match raw.kind:
        case "patients":
            _patient(reading)
        case "findings":
            _finding(reading)
        case "treatments":
            _treatment(reading)
    return row


class _Reading:
    """The cells of one row being understood one after the other; a fault in one does not hide those of others."""

    def __init__(self, row: UnderstoodRow, words: Words) -> None:
        self.row, self.words = row, words
        self.titles = column_titles(row.raw.kind)
        self.born: date | None = None

    def text(self, name: str) -> str:
        return self.row.raw.cells.get(name, "")

    def take(self, name: str, read: Callable[[str, str], tuple[str, str]], *, key: str = "", empty: str = "") -> None:
        """Understand one cell: ``read`` gives the value as kept and as shown."""
        text, title = self.text(name), self.titles[name]
        if not text:
            self.row.content[key or name] = empty
            return
        try:
            kept, shown = read(title, text)
        except EntryRefused as problem:
            self.fault(name, problem.sentence)
        except Refused as problem:
            self.fault(name, problem.faults[0].sentence)
        else:
            self.row.content[key or name] = kept
            self.row.fields.append(Field(name, text, shown))

    def fault(self, column: str, sentence: str) -> None:
        self.row.faults.append(CellFault(column, sentence))
        self.row.fields.append(Field(column, self.text(column), ""))

    def line(self, name: str, longest: int, key: str = "") -> None:
        """A cell of free text."""

        def read(title: str, text: str) -> tuple[str, str]:
            plain = one_line(name, title, text, longest=longest)
            return plain, plain

        self.take(name, read, key=key)

    def day(self, name: str, key: str) -> None:
        def read(title: str, text: str) -> tuple[str, str]:
            found = parse_day(title, text, today=self.words.today, born=self.born)
            return found.isoformat(), show_day(found)

        self.take(name, read, key=key)

    def identity(self) -> None:
        """The MRN and the birth date, without which no row belongs to anybody."""
        self.line("mrn", 40)
        self.day("birth_date", "birth_on")
        if born := self.row.content.get("birth_on"):
            self.born = date.fromisoformat(born)

    def word(self, name: str, accepted: Mapping[str, tuple[str, str]], *, empty: str = "") -> None:
        """A cell that holds one of some words."""

        def read(title: str, text: str) -> tuple[str, str]:
            found = accepted.get(_bare(text))
            if found is None:
                listed = ", ".join(dict.fromkeys(shown for _, shown in accepted.values()))
                raise EntryRefused(f"{title}: {quoted(text)} is not accepted. Accepted is {listed}.")
            return found

        self.take(name, read, empty=empty)


@cache
def _labels(choices: Any) -> dict[str, tuple[str, str]]:
    """Codes and labels, both accepted, with what is kept and what is shown."""
    found: dict[str, tuple[str, str]] = {}
    for choice in choices:
        found |= {_bare(choice.value): (choice.value, choice.label), _bare(choice.label): (choice.value, choice.label)}
    return found


def _patient(reading: _Reading) -> None:
    reading.identity()
    reading.line("family_name", 100)
    reading.line("given_name", 100)
    reading.word("sex", _labels(Sex))
    reading.take("care_team", lambda title, text: _teams(title, text, reading.words))


def _teams(title: str, text: str, words: Words) -> tuple[str, str]:
    names = [part for part in (part.strip() for part in text.split(";")) if part]
    for name in names:
        if _bare(name) not in words.teams:
            listed = ", ".join(sorted(words.teams.values()))
            raise EntryRefused(f"{title}: {quoted(name)} is not a care team. Accepted is {listed}.")
    chosen = sorted({words.teams[_bare(name)] for name in names})
    return ";".join(chosen), ", ".join(chosen)


def _finding(reading: _Reading) -> None:
    reading.identity()
    reading.take("tumor", _tumor_number)
    reading.take("feature", lambda title, text: _feature(title, text, reading.words))
    reading.day("observed_on", "observed_on")
    reading.word("source", _labels(Source))
    for name, longest in (("laboratory", 120), ("method", 120), ("specimen_or_study", 120), ("note", 300)):
        reading.line(name, longest)
    reading.line("report", 200, key="source_text")
    code = reading.row.content.get("feature")
    if code and reading.text("value"):
        _value(reading, reading.words.dictionary.features[code])
    if code and reading.words.dictionary.features[code].group != "tumor" and reading.text("tumor"):
        reading.fault("tumor", "The feature belongs to the patient, not to one tumor. Leave the cell empty.")


def _tumor_number(title: str, text: str) -> tuple[str, str]:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= 20 or len(text) > 2:
        raise EntryRefused(f"{title}: {quoted(text)} is not the number of a tumor. Accepted is a whole number from 1.")
    return str(int(text)), str(int(text))


def _feature(title: str, text: str, words: Words) -> tuple[str, str]:
    feature = words.features.get(_bare(text))
    if feature is None:
        raise EntryRefused(
            f"{title}: {quoted(text)} is not a feature that is entered. Accepted are those of the accepted values."
        )
    return feature.name, feature.title


# The parts of an entry and the columns that they come from, so that a sentence stands beside its cell.
_PARTS = {
    "text": "value",
    "unit": "unit",
    "upper_limit": "upper_limit",
    "area": "area_mm2",
    "fields": "fields",
    "field_area": "field_area_mm2",
}


def _value(reading: _Reading, feature: Feature) -> None:
    """The value of the feature, through the parser of data entry."""
    try:
        found = understand(feature, _entry(reading, feature))
    except EntryRefused as problem:
        part = _PARTS.get(problem.part, "value")
        reading.fault(part, problem.sentence)
        if part != "value":
            reading.row.fields.append(Field("value", reading.text("value"), ""))
        return
    if found is None:  # every cell of the value is blank: said already
        return
    reading.row.content |= {
        "value": to_text(found.value) if found.value is not None else "",
        "as_written": found.as_written,
        "unit": found.unit,
    }
    shown = found.sentence.removeprefix(f"{feature.title}: ")
    reading.row.fields.append(Field("value", _written(reading), shown))


def _written(reading: _Reading) -> str:
    """The cells that the value came from, as they stand in the row."""
    parts = [reading.text("value"), reading.text("unit")]
    for name in ("upper_limit", "area_mm2", "fields", "field_area_mm2"):
        if text := reading.text(name):
            parts.append(f"({reading.titles[name].lower()} {text})")
    return " ".join(part for part in parts if part)


def _entry(reading: _Reading, feature: Feature) -> RawEntry:
    text = reading.text("value")
    if _bare(text) in {_bare(one) for one in _NOT_KNOWN}:
        return RawEntry(chosen=(NOT_KNOWN,))
    if feature.kind == "number":
        return _number_entry(reading, feature, text)
    for name in ("unit", "upper_limit", "area_mm2", "fields", "field_area_mm2"):
        if reading.text(name):
            raise EntryRefused(f"{feature.title} has no {reading.titles[name].lower()}. Leave the cell empty.", name)
    match feature.kind:
        case "bool":
            return RawEntry(chosen=(_YES_NO.get(_bare(text), text),))
        case "set" if _bare(text) in {_bare(one) for one in _NONE}:
            return RawEntry(chosen=(NONE_OF_THESE,))
        case "set":
            return RawEntry(chosen=tuple(_code(feature, part) for part in text.split(";") if part.strip()))
        case _:
            return RawEntry(chosen=(_code(feature, text),))


def _number_entry(reading: _Reading, feature: Feature, text: str) -> RawEntry:
    unit = reading.text("unit")
    # A feature with one unit alone has no choice of units: what stands in the column is read behind the number.
    if unit and not unit_named(feature.name, unit) and not units_of(feature.name):
        text, unit = f"{text} {unit}" if unit not in text else text, ""
    helpers = {
        "upper_limit": reading.text("upper_limit"),
        "area": reading.text("area_mm2"),
        "fields": reading.text("fields"),
        "field_area": reading.text("field_area_mm2"),
    }
    if feature.name != "bilirubin_x_uln" and helpers["upper_limit"]:
        raise EntryRefused(f"{feature.title} needs no upper limit. Leave the cell empty.", "upper_limit")
    if feature.name != "mitoses_per_2mm2":
        for part in ("area", "fields", "field_area"):
            if helpers[part]:
                raise EntryRefused(f"{feature.title} is not counted in an area. Leave the cell empty.", part)
    return RawEntry(text=text, unit=unit, **helpers)


def _code(feature: Feature, text: str) -> str:
    """The code that a word names, by code or label; the word itself where it names none."""
    wanted = _bare(text)
    found = [code for code in feature.values if wanted in (_bare(code), _bare(feature.label(code)))]
    return found[0] if len(found) == 1 else text.strip()


def _treatment(reading: _Reading) -> None:
    reading.identity()
    reading.take("treatment", lambda title, text: _option(title, text, reading.words), key="option")
    for name in ("started", "stopped"):
        reading.take(name, lambda title, text: _partial(title, text, reading))
    reading.word("course", _labels(Course))
    reading.word("intent", _labels(Intent), empty=Intent.UNKNOWN)
    reading.take("outcomes", _outcomes)
    reading.line("doses", 200)
    reading.line("outcome_text", 300)
    reading.day("recorded_on", "observed_on")
    reading.line("report", 200, key="source_text")
    content = reading.row.content
    if content.get("stopped") and content.get("course") not in (None, Course.STOPPED):
        reading.fault("stopped", "A date of stopping goes with “stopped or done” alone.")
    started, stopped = (partial_date(content.get(name, "")) for name in ("started", "stopped"))
    if started and stopped and stopped.last < started.first:
        reading.fault("stopped", f"It was stopped ({stopped.show()}) before it started ({started.show()}).")


def _option(title: str, text: str, words: Words) -> tuple[str, str]:
    code = words.options.get(_bare(text))
    if code is None:
        raise EntryRefused(
            f"{title}: {quoted(text)} is not a treatment of the catalogue. Accepted are those of the accepted values."
        )
    return code, words.dictionary.features["prior_treatments"].label(code)


def _partial(title: str, text: str, reading: _Reading) -> tuple[str, str]:
    if _bare(text) in {_bare(one) for one in _NOT_KNOWN}:
        return "", "not known"
    found = parse_partial(title, text, today=reading.words.today, born=reading.born)
    return f"{found.precision} {found.first.isoformat()}", found.show()


def partial_date(kept: str) -> PartialDate | None:
    """The date that ``_partial`` kept; None where it is not known."""
    precision, _, first = kept.partition(" ")
    return PartialDate(date.fromisoformat(first), precision) if first else None


def _outcomes(title: str, text: str) -> tuple[str, str]:
    accepted = _labels(Outcome)
    chosen = []
    for part in (part.strip() for part in text.split(";")):
        if not part:
            continue
        if _bare(part) not in accepted:
            listed = ", ".join(dict.fromkeys(shown for _, shown in accepted.values()))
            raise EntryRefused(
                f"{title}: {quoted(part)} is not accepted. Accepted is {listed}; several with ; between."
            )
        chosen.append(accepted[_bare(part)][0])
    if Outcome.NOT_KNOWN in chosen and len(set(chosen)) > 1:
        raise EntryRefused(f"{title}: “not known” was given together with an outcome. Leave one of the two.")
    ordered = [outcome for outcome in Outcome if outcome.value in chosen]
    return ",".join(one.value for one in ordered), ", ".join(one.label for one in ordered)
