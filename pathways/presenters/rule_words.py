"""Rules as the pathway's own pages show them, without a patient: sentence, parts, sources, definitions, features, cases.

Called by the presenters of options, rules and definitions. It shows what the ruleset says and adds nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pathways.engine import (
    LISTED,
    Assessment,
    Condition,
    Feature,
    Invariant,
    Rule,
    Ruleset,
    Use,
    ValueRefused,
    assess,
    comparisons_in,
    definitions_used,
    sentence,
)
from pathways.presenters.citations import CitedSources, cited
from pathways.presenters.trace_rows import TraceTable, trace_table
from pathways.presenters.words import EFFECT_TITLES, STATUS_WORDS, STRENGTH_ICONS, STRENGTH_TITLES, capital, one_of_each


@dataclass(frozen=True, slots=True)
class RuleItem:
    """A rule in a list."""

    code: str
    title: str
    effect: str
    effect_title: str
    sentence: str
    rationale: str
    strength: str
    strength_icon: str
    option: str
    option_title: str


@dataclass(frozen=True, slots=True)
class DefinitionItem:
    """A named condition that rules share."""

    code: str
    title: str
    sentence: str
    note: str


@dataclass(frozen=True, slots=True)
class FeatureItem:
    """A feature that a condition reads."""

    name: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class CaseItem:
    """One test patient of a rule, and what the rule must come to for it."""

    expected: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """Everything about one rule."""

    item: RuleItem
    spelled_out: str
    table: TraceTable
    sources: CitedSources
    definitions: tuple[DefinitionItem, ...]
    features: tuple[FeatureItem, ...]
    cases: tuple[CaseItem, ...]


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """One definition, what it uses and who uses it."""

    item: DefinitionItem
    uses: tuple[DefinitionItem, ...]
    features: tuple[FeatureItem, ...]
    rules: tuple[RuleItem, ...]


def rule_item(rule: Rule, ruleset: Ruleset) -> RuleItem:
    """A rule in a list."""
    return RuleItem(
        code=rule.code,
        title=rule.title or rule.rationale,
        effect=str(rule.effect),
        effect_title=EFFECT_TITLES[str(rule.effect)],
        sentence=in_words(rule.when, ruleset),
        rationale=rule.rationale,
        strength=STRENGTH_TITLES.get(rule.strength, rule.strength),
        strength_icon=STRENGTH_ICONS.get(rule.strength, "seed"),
        option=rule.option,
        option_title=ruleset.option(rule.option).title,
    )


def in_words(condition: Condition, ruleset: Ruleset) -> str:
    """The condition as a sentence; one that is nothing but a definition is spelled out, or it would say a name alone."""
    said = sentence(condition, ruleset.definitions, spell_out=isinstance(condition, Use))
    return f"{capital(said)}."


def invariant_words(invariant: Invariant, ruleset: Ruleset) -> str:
    """An invariant in plain words: where its condition holds, which options are never, or always, what.

    The sentence kept with it is written in codes. One that is read for each of its options has a condition for each, so
    that its own sentence is told, with titles in place of the codes.
    """
    titles = {option.code: option.title for option in ruleset.options}
    if invariant.for_each:
        names = titles | {name: feature.title for name, feature in ruleset.dictionary.features.items()}
        return re.sub(r"[a-z][a-z0-9_]*", lambda word: names.get(word[0], word[0]), invariant.sentence)
    said = sentence(invariant.when, ruleset.definitions, inside=True)
    never = " or ".join(word.replace("_", " ") for word in STATUS_WORDS if word in invariant.never)
    always = " or ".join(word.replace("_", " ") for word in STATUS_WORDS if word in invariant.always)
    how = "is never listed" if invariant.never == LISTED else f"is never {never}" if never else f"is always {always}"
    options = [titles[code] for code in invariant.options]
    who = "no option is listed" if len(options) == len(titles) and invariant.never == LISTED else ""
    told = who or (f"{options[0]} {how}" if len(options) == 1 else f"each of these {how}: {'; '.join(options)}")
    return f"Where {said}, {told}." if said != "always, for everyone" else f"For everyone, {told}."


@lru_cache(maxsize=4)
def _without_patient(ruleset: Ruleset) -> Assessment:
    """The assessment of an empty record: its traces are the rules themselves, every part unknown."""
    return assess(ruleset, {})


def parts_of(rule: Rule, ruleset: Ruleset) -> TraceTable:
    """The parts of a rule as rows; there is no patient, so the rows' values mean nothing and are not shown."""
    results = _without_patient(ruleset).explain(rule.option)
    return trace_table(next(result.trace for result in results if result.code == rule.code), {})


def rule_page(rule: Rule, ruleset: Ruleset, cases: Mapping[str, Any]) -> RulePage:
    """The page of one rule."""
    return RulePage(
        item=rule_item(rule, ruleset),
        spelled_out=capital(sentence(rule.when, ruleset.definitions, spell_out=True)) + ".",
        table=parts_of(rule, ruleset),
        sources=cited(rule.sources, ruleset.sources),
        definitions=tuple(definition_item(code, ruleset) for code in all_definitions_used(rule.when, ruleset)),
        features=features_read(rule.when, ruleset),
        cases=_cases(cases.get(rule.code) or {}, ruleset),
    )


def definition_item(code: str, ruleset: Ruleset) -> DefinitionItem:
    """A definition in words. Raises KeyError."""
    definition = ruleset.definitions[code]
    said = capital(sentence(definition.when, ruleset.definitions)) + "."
    return DefinitionItem(code, definition.title, said, definition.note)


def definition_page(code: str, ruleset: Ruleset) -> DefinitionPage:
    """The page of one definition. Raises KeyError."""
    definition = ruleset.definitions[code]
    rules = [rule for rule in ruleset.rules if code in all_definitions_used(rule.when, ruleset)]
    return DefinitionPage(
        item=definition_item(code, ruleset),
        uses=tuple(definition_item(name, ruleset) for name in all_definitions_used(definition.when, ruleset)),
        features=features_read(definition.when, ruleset),
        rules=tuple(rule_item(rule, ruleset) for rule in rules),
    )


def all_definitions_used(condition: Condition, ruleset: Ruleset) -> list[str]:
    """The definitions that a condition uses, and those that they use, each once."""
    found: list[str] = []
    waiting = list(definitions_used(condition))
    while waiting:
        code = waiting.pop(0)
        if code not in found:
            found.append(code)
            waiting.extend(definitions_used(ruleset.definitions[code].when))
    return found


def features_read(condition: Condition, ruleset: Ruleset) -> tuple[FeatureItem, ...]:
    """The features that a condition reads, through its definitions as well, in the order of the dictionary."""
    conditions = [condition, *(ruleset.definitions[code].when for code in all_definitions_used(condition, ruleset))]
    names = one_of_each(comparison.feature.name for part in conditions for comparison in comparisons_in(part))
    features = ruleset.dictionary.features
    return tuple(
        FeatureItem(name, features[name].title, features[name].unit_text) for name in ruleset.dictionary.in_order(names)
    )


def _cases(cases: Mapping[str, Any], ruleset: Ruleset) -> tuple[CaseItem, ...]:
    features = ruleset.dictionary.features
    return tuple(
        CaseItem(expected, tuple(said_value(features[name], value) for name, value in cases[expected].items()))
        for expected in ("true", "false", "unknown")
        if expected in cases
    )


def said_value(feature: Feature, value: Any) -> str:
    """'Ki-67: 8 %'; a value that the dictionary no longer allows is shown as it stands."""
    try:
        return f"{feature.title}: {feature.show(feature.check(value))}"
    except ValueRefused:
        return f"{feature.title}: {value}"
