"""What a ruleset's texts say, resolved to document and section: option pages, checklist, conversation, packet.

What it is: a reader over ruleset data (the starter's or a published version's), built once and asked many times.
What it refuses to do: add a sentence of its own, or fill a section for which the sources say nothing.
Who calls it: the presenters of option pages, the missing-data checklist, patients' pages and packets; `coverage.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# The sections of an option's page, in the order in which they are shown.
SECTIONS = {
    "what_it_is": "What it is",
    "how_it_is_given": "How it is given",
    "side_effects": "Side effects",
    "what_to_watch": "What to watch",
    "follow_up": "Follow-up",
    "conversation": "For the conversation",
    "packet": "For the tumor board",
}

NOT_COVERED = "not covered by the loaded sources"

PATIENT_FACING = "patient-facing"
PACKET = "tumor-board packet"
CHECKLIST = "missing-data checklist"
FOLLOW_UP = "follow-up plan"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where something is said: a document or publication, where in it, and what of it was checked.

    `locator` is the section of a seed document or the place in a publication, "" if none is named.
    """

    source: str
    citation: str
    locator: str
    verified: str
    identifier: str
    address: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a sentence rests on: a fact or a rule, with its own words and its references."""

    code: str
    kind: str  # "fact" or "rule"
    text: str
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and everything it rests on."""

    text: str
    bases: tuple[Basis, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references of all its bases, each once."""
        return tuple(dict.fromkeys(reference for basis in self.bases for reference in basis.references))


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an option's page; without sentences the page says `NOT_COVERED`."""

    code: str
    title: str
    sentences: tuple[Sentence, ...]

    @property
    def covered(self) -> bool:
        """Whether the loaded sources say anything."""
        return bool(self.sentences)


class KnowledgeTexts:
    """The texts of one ruleset, from its plain data (`Ruleset.to_data()`, `starter()`)."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.facts: Mapping[str, Mapping[str, Any]] = {fact["id"]: fact for fact in data["facts"]}
        self._sources = {source["id"]: source for source in data["sources"]}
        self._rules = {rule["code"]: rule for rule in data["rules"]}
        self._abouts = {option["code"]: option.get("about") or {} for option in data["options"]}

    def sections(self, option: str) -> tuple[Section, ...]:
        """Every section of an option's page, in order, the empty ones too. Raises KeyError for an unknown option."""
        about = self._abouts[option]
        return tuple(
            Section(code, title, tuple(self._sentence(entry) for entry in about.get(code, ())))
            for code, title in SECTIONS.items()
        )

    def conversation_for_every_option(self) -> tuple[Sentence, ...]:
        """Patient-facing facts that belong to no option: they stand on every option's page."""
        return self._of_no_option(PATIENT_FACING)

    def packet_for_every_option(self) -> tuple[Sentence, ...]:
        """Packet facts that belong to no option: they stand on every option's page and in every packet."""
        return self._of_no_option(PACKET)

    def checklist(self, feature: str) -> tuple[Sentence, ...]:
        """Why a feature is asked for: the checklist facts that bear on it."""
        return tuple(
            self._fact_sentence(code)
            for code, fact in self.facts.items()
            if CHECKLIST in fact["shown"] and feature in fact["features"]
        )

    def checklist_beyond_the_dictionary(self) -> tuple[Sentence, ...]:
        """Checklist facts about something that no feature records; shown at the end of the checklist."""
        return tuple(
            self._fact_sentence(code)
            for code, fact in self.facts.items()
            if CHECKLIST in fact["shown"] and not fact["features"]
        )

    def background(self) -> tuple[Sentence, ...]:
        """Facts that no page shows but the sources page."""
        return tuple(self._fact_sentence(code) for code, fact in self.facts.items() if not fact["shown"])

    def rules_citing(self, source: str) -> tuple[str, ...]:
        """The codes of the rules that cite a fact or another source, in ruleset order."""
        return tuple(
            code for code, rule in self._rules.items() if any(entry["id"] == source for entry in rule["sources"])
        )

    def options_saying(self, fact: str) -> tuple[tuple[str, str], ...]:
        """(option, section) of every option-page sentence that rests on a fact."""
        return tuple(
            (option, section)
            for option, about in self._abouts.items()
            for section in SECTIONS
            if any(fact in entry["from"] for entry in about.get(section, ()))
        )

    def basis(self, code: str) -> Basis:
        """A fact or rule with its references. Raises KeyError."""
        if code in self.facts:
            fact = self.facts[code]
            return Basis(code, "fact", fact["fact"], self._of_fact(fact))
        rule = self._rules[code]
        references = [reference for entry in rule["sources"] for reference in self._cited(entry)]
        return Basis(code, "rule", rule["rationale"], tuple(dict.fromkeys(references)))

    def _of_no_option(self, place: str) -> tuple[Sentence, ...]:
        return tuple(
            self._fact_sentence(code)
            for code, fact in self.facts.items()
            if place in fact["shown"] and not fact["options"]
        )

    def _fact_sentence(self, code: str) -> Sentence:
        return Sentence(self.facts[code]["fact"], (self.basis(code),))

    def _sentence(self, entry: Mapping[str, Any]) -> Sentence:
        return Sentence(entry["text"], tuple(self.basis(code) for code in entry["from"]))

    def _of_fact(self, fact: Mapping[str, Any]) -> tuple[Reference, ...]:
        return tuple(self._reference(seed, fact["section"]) for seed in fact["seeds"])

    def _cited(self, entry: Mapping[str, Any]) -> Iterable[Reference]:
        if entry["id"] in self.facts:
            return self._of_fact(self.facts[entry["id"]])
        return [self._reference(entry["id"], entry.get("locator") or "")]

    def _reference(self, source: str, locator: str) -> Reference:
        entry = self._sources[source]
        return Reference(
            source=source,
            citation=entry["citation"],
            locator=locator,
            verified=entry.get("verified") or "",
            identifier=entry.get("identifier") or "",
            address=entry.get("address") or "",
        )
