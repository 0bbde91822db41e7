"""The cells of one row, taken one after the other: what was written, what it was understood as, and what is wrong.

It knows how cells are read and what they may name, not which kind of row has which. Pure but for the data dictionary.
Called by ``patients.imports.understanding``.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from pathways.engine import DataDictionary, Feature, canonical_json
from patients.actions.shared import Refused, one_line
from patients.entry import EntryRefused, parse_day, show_day
from patients.entry.problems import quoted
from patients.entry.reading import can_be_entered
from patients.imports.columns import column_titles
from patients.imports.problems import CellFault
from patients.imports.tables import RawRow

Content = dict[str, str]


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
                features |= {bare(feature.name): feature, bare(feature.title): feature}
        catalogue = dictionary.features["prior_treatments"]
        options = {bare(catalogue.label(code)): code for code in catalogue.values}
        options |= {bare(code): code for code in catalogue.values}
        return cls(dictionary, features, options, {bare(name): name for name in teams}, today)


def bare(text: str) -> str:
    """A word as it is compared: without capitals, and with one space between its parts."""
    return " ".join(text.replace("_", " ").casefold().split())


class Reading:
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
            found = accepted.get(bare(text))
            if found is None:
                listed = ", ".join(dict.fromkeys(shown for _, shown in accepted.values()))
                raise EntryRefused(f"{title}: {quoted(text)} is not accepted. Accepted is {listed}.")
            return found

        self.take(name, read, empty=empty)


@cache
def labels(choices: Any) -> dict[str, tuple[str, str]]:
    """Codes and labels, both accepted, with what is kept and what is shown."""
    found: dict[str, tuple[str, str]] = {}
    for choice in choices:
        found |= {bare(choice.value): (choice.value, choice.label), bare(choice.label): (choice.value, choice.label)}
    return found
