"""The knowledge files of one directory, whole and checked, and the ruleset data made from them.

What it is: the one door through which the pathway's knowledge enters. What it refuses to do: load a part of it; any
fault anywhere stops the load before anything was made of it. Who calls it: the load command, the data dictionary's
users, the tests.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pathways.engine import DataDictionary
from pathways.knowledge import shapes
from pathways.knowledge.checks import Names, cross_checks, engine_checks
from pathways.knowledge.problems import FileProblem, KnowledgeError
from pathways.knowledge.reading import GROUPS_OF_FEATURES, Reader

STARTER = Path(__file__).parent / "starter"

OPTION_CODES = "option codes of options.yaml"


DRAFT = "limits-draft.yaml"


@dataclass(frozen=True, slots=True)
class LimitsDraft:
    """Limits on the age of facts that are proposed and not in force; the ruleset data do not hold them."""

    title: str
    note: str
    limits: dict[str, shapes.LimitEntry]


@dataclass(frozen=True, slots=True)
class KnowledgeFiles:
    """Everything that one directory says, in its order."""

    head: shapes.Head
    options: dict[str, dict[str, shapes.OptionEntry]]
    features: dict[str, Any]
    definitions: tuple[shapes.DefinitionEntry, ...]
    rules: tuple[shapes.RuleEntry, ...]
    limits: dict[str, shapes.LimitEntry]
    cases: dict[str, shapes.CasesEntry]
    sources: tuple[shapes.SourceEntry, ...]
    facts: tuple[shapes.FactEntry, ...]
    invariants: tuple[shapes.InvariantEntry, ...]
    texts: dict[str, dict[str, list[shapes.SentenceEntry]]]
    readings: tuple[shapes.ReadingEntry, ...]
    limits_draft: LimitsDraft | None = None

    def as_ruleset_data(self) -> dict[str, Any]:
        """The plain form that `Ruleset.from_data` takes, made anew at every call."""
        data: dict[str, Any] = {
            "ruleset": shapes.data_of(self.head),
            "dictionary": self.dictionary_data(),
            "options": self._options_data(),
            "definitions": [shapes.data_of(entry) for entry in self.definitions],
            "rules": [shapes.data_of(entry) for entry in self.rules],
            "sources": [*(shapes.data_of(entry) for entry in self.sources), *self._fact_sources()],
            "facts": [shapes.data_of(entry) for entry in self.facts],
            "invariants": [shapes.data_of(entry) for entry in self.invariants],
            "cases": {code: shapes.data_of(entry) for code, entry in self.cases.items()},
        }
        if self.limits:
            data["limits"] = {feature: shapes.data_of(entry) for feature, entry in self.limits.items()}
        return data

    def under_the_draft(self, data: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ruleset data, by default these, with the drafted limits in place of its own."""
        drafted = self.limits_draft.limits if self.limits_draft else {}
        limits = {feature: shapes.data_of(entry) for feature, entry in drafted.items()}
        return {**(self.as_ruleset_data() if data is None else data), "limits": limits}

    def dictionary_data(self) -> dict[str, Any]:
        """The data dictionary's plain form; features over treatments take the catalogue's codes, in its order."""
        data = copy.deepcopy(self.features)
        codes = list(self.option_titles())
        for group in GROUPS_OF_FEATURES:
            for entry in data.get(group, {}).values():
                if entry.get("values") == OPTION_CODES:
                    entry["values"] = list(codes)
        return data

    def option_titles(self) -> dict[str, str]:
        """Code → title, in catalogue order."""
        return {code: option.title for options in self.options.values() for code, option in options.items()}

    def dictionary(self) -> DataDictionary:
        """The engine's data dictionary. Raises RulesetError."""
        return DataDictionary.from_data(self.dictionary_data(), self.option_titles())

    def _options_data(self) -> list[dict[str, Any]]:
        return [
            {
                "code": code,
                "group": group,
                "title": option.title,
                "note": option.note or "",
                "beyond": option.beyond,
                "about": {
                    section: [shapes.data_of(sentence) for sentence in sentences]
                    for section, sentences in self.texts.get(code, {}).items()
                },
            }
            for group, options in self.options.items()
            for code, option in options.items()
        ]

    def _fact_sources(self) -> list[dict[str, Any]]:
        """Each fact as a source that rules cite: which documents say it, and in which section."""
        verified = {source.id: source.verified for source in self.sources}
        return [
            {
                "id": fact.id,
                "kind": "seed",
                "of": list(fact.seeds),
                "section": fact.section,
                "citation": fact.fact,
                "year": None,
                "identifier": None,
                "address": None,
                "verified": "; ".join(dict.fromkeys(verified[seed] for seed in fact.seeds if seed in verified)),
            }
            for fact in self.facts
        ]


def load(directory: Path | str) -> KnowledgeFiles:
    """The knowledge files of a directory. Raises KnowledgeError naming file, entry and reason of every fault."""
    reader = Reader(Path(directory))
    files, head = _read(reader)
    reader.problems += cross_checks(files, Names(reader.known, frozenset(reader.unread)))
    # The engine sees only what has its shape; a catalogue or dictionary with holes would make it blame sound rules.
    if head and _may_be_built(reader):
        reader.problems += engine_checks(files)
    if reader.problems or not head:
        raise KnowledgeError(dict.fromkeys(reader.problems))
    return files


def _read(reader: Reader) -> tuple[KnowledgeFiles, bool]:
    options = reader.options()
    rules = reader.content("rules.yaml", ("ruleset", "definitions", "rules"), ("limits",))
    head = reader.one("rules.yaml", "ruleset", shapes.Head, rules["ruleset"]) if "ruleset" in rules else None
    files = KnowledgeFiles(
        head=head or shapes.Head(code="unknown", version=1, title="unknown"),
        options=options,
        features=reader.dictionary(),
        definitions=tuple(reader.several("rules.yaml", "definition", shapes.DefinitionEntry, rules.get("definitions"))),
        rules=tuple(reader.several("rules.yaml", "rule", shapes.RuleEntry, rules.get("rules"))),
        limits=_limits(reader, "rules.yaml", rules.get("limits")),
        cases=reader.cases(),
        sources=tuple(_listed(reader, "sources.yaml", "source", shapes.SourceEntry, "id")),
        facts=tuple(_listed(reader, "facts.yaml", "fact", shapes.FactEntry, "id")),
        invariants=tuple(_listed(reader, "invariants.yaml", "invariant", shapes.InvariantEntry, "code")),
        texts=reader.texts(options),
        readings=tuple(_listed(reader, "readings.yaml", "reading", shapes.ReadingEntry, "topic")),
        limits_draft=_limits_draft(reader),
    )
    return files, head is not None


def _limits(reader: Reader, file: str, data: Any) -> dict[str, shapes.LimitEntry]:
    if not isinstance(data, dict | None):
        reader.refuse(file, "limits", f"An object of features is expected, here is {shapes.brief(data)}.")
    entries = data if isinstance(data, dict) else {}
    read = {name: reader.one(file, f"limit {name}", shapes.LimitEntry, raw) for name, raw in entries.items()}
    return {name: entry for name, entry in read.items() if entry}


def _limits_draft(reader: Reader) -> LimitsDraft | None:
    """The draft, where the directory has one."""
    if not (reader.directory / DRAFT).exists():
        return None
    data = reader.content(DRAFT, ("draft", "limits"))
    head = reader.one(DRAFT, "draft", shapes.DraftEntry, data["draft"]) if "draft" in data else None
    limits = _limits(reader, DRAFT, data.get("limits"))
    return LimitsDraft(head.title, head.note, limits) if head else None


def _listed(reader: Reader, file: str, name: str, model: type[Any], code: str) -> list[Any]:
    part = f"{name}s"
    return reader.several(file, name, model, reader.content(file, (part,)).get(part), code)


def _may_be_built(reader: Reader) -> bool:
    if not reader.sound("options.yaml", "features.yaml", "sources.yaml", "facts.yaml"):
        return False
    return all(p.place.startswith("rule ") for p in reader.problems if p.file == "rules.yaml")


@cache
def starter_files() -> KnowledgeFiles:
    """The starter pathway's files, read once per process. Raises KnowledgeError."""
    return load(STARTER)


def starter() -> dict[str, Any]:
    """The starter pathway as ruleset data: version 1, made anew at every call, so that a caller may change it."""
    return starter_files().as_ruleset_data()


def limits_draft() -> LimitsDraft | None:
    """The starter pathway's proposed limits on the age of facts; nothing is assessed under them unless asked for."""
    return starter_files().limits_draft


@cache
def dictionary() -> DataDictionary:
    """The data dictionary of the starter pathway, built once per process."""
    return starter_files().dictionary()


__all__ = [
    "FileProblem",
    "KnowledgeError",
    "KnowledgeFiles",
    "LimitsDraft",
    "dictionary",
    "limits_draft",
    "load",
    "starter",
    "starter_files",
]
