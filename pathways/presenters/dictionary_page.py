"""The data dictionary in words: every feature with what is accepted, what follows from what, what contradicts what.

Called by the browsing views. It shows the dictionary of the ruleset version in force, not today's code.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pathways.engine import Feature, Ruleset, sentence
from pathways.presenters.rule_words import features_read
from pathways.presenters.words import capital, count

GROUPS = (("patient", "Of the patient"), ("tumor", "Of the tumor"), ("history", "Of the treatment history"))
KINDS = {"enum": "one of", "bool": "yes or no", "number": "number", "set": "any of"}
# Longer lists (the options of the catalogue) are counted, not written out.
MOST_VALUES = 24


@dataclass(frozen=True, slots=True)
class FeatureEntry:
    """One feature as the page shows it."""

    name: str
    title: str
    short: str
    kind: str
    accepted: str
    notes: tuple[str, ...]
    only_when: str
    rules: int


@dataclass(frozen=True, slots=True)
class FeatureGroup:
    """Features under one heading."""

    code: str
    title: str
    features: tuple[FeatureEntry, ...]


@dataclass(frozen=True, slots=True)
class FollowsEntry:
    """What follows from what."""

    code: str
    when: str
    feature: str
    then: str
    why: str


@dataclass(frozen=True, slots=True)
class ContradictionEntry:
    """What contradicts what."""

    code: str
    when: str
    message: str


@dataclass(frozen=True, slots=True)
class DictionaryPage:
    """The whole page."""

    groups: tuple[FeatureGroup, ...]
    implications: tuple[FollowsEntry, ...]
    contradictions: tuple[ContradictionEntry, ...]


def dictionary_page(ruleset: Ruleset) -> DictionaryPage:
    """The page of the dictionary that a ruleset version holds."""
    dictionary = ruleset.dictionary
    read = _rules_reading(ruleset)
    groups = tuple(
        FeatureGroup(
            group, title, tuple(_entry(f, read, ruleset) for f in dictionary.features.values() if f.group == group)
        )
        for group, title in GROUPS
    )
    implications = tuple(
        FollowsEntry(
            entry.code,
            capital(sentence(entry.when, {})),
            entry.feature.name,
            f"{entry.feature.title}: {entry.feature.show(entry.value)}",
            entry.why,
        )
        for entry in dictionary.implications
    )
    seen: dict[str, ContradictionEntry] = {}
    for entry in dictionary.contradictions:
        seen.setdefault(entry.code, ContradictionEntry(entry.code, capital(sentence(entry.when, {})), entry.message))
    return DictionaryPage(groups, implications, tuple(seen.values()))


def _rules_reading(ruleset: Ruleset) -> Mapping[str, int]:
    return Counter(item.name for rule in ruleset.rules for item in features_read(rule.when, ruleset))


def _entry(feature: Feature, read: Mapping[str, int], ruleset: Ruleset) -> FeatureEntry:
    notes = [part for part in (feature.term, feature.note, feature.derived and f"derived: {feature.derived}") if part]
    notes += [f"{feature.label(value)}: {note}" for value, note in feature.notes.items()]
    if limit := ruleset.limits.get(feature.name):
        notes.append(f"counts for {count(limit.days, 'day')} after it was observed: {limit.reason}")
    return FeatureEntry(
        name=feature.name,
        title=feature.title,
        short=feature.short,
        kind=KINDS[feature.kind],
        accepted=_accepted(feature),
        notes=tuple(notes),
        only_when=sentence(feature.only_when, {}) if feature.only_when else "",
        rules=read.get(feature.name, 0),
    )


def _accepted(feature: Feature) -> str:
    if feature.kind == "bool":
        return ""
    if feature.kind == "number":
        whole = "whole numbers, " if feature.integer else ""
        return f"{whole}{feature.show(feature.low).split(' ')[0]} to {feature.show(feature.high)}"
    if len(feature.values) > MOST_VALUES:
        return f"the {count(len(feature.values), 'option')} of the catalogue"
    return ", ".join(feature.label(value) for value in feature.values)
