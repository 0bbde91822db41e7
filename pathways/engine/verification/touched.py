"""Which options an edit can touch at all: those of which some rule, definition or reading is another.

What it is: the meaning of rules and dictionaries as plain values that can be compared, titles and reasons left out.
What it refuses to do: guess; whatever may matter counts as touched, and the proof decides.
Who calls it: `prove_change`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any as Anything
from typing import assert_never

from pathways.engine.conditions import All, Always, Any, Comparison, Condition, Not, Use, comparisons_in
from pathways.engine.dictionary import DataDictionary
from pathways.engine.ruleset import Definition, Effect, Rule, Ruleset

Meaning = Anything


def meaning(condition: Condition, definitions: Mapping[str, Definition]) -> Meaning:
    """A condition as a plain value, definitions written out; equal for equal meaning by form."""
    match condition:
        case Comparison(feature, operator, value):
            return (feature.name, operator, value)
        case All(parts):
            return ("all", frozenset(meaning(part, definitions) for part in parts))
        case Any(parts):
            return ("any", frozenset(meaning(part, definitions) for part in parts))
        case Not(part):
            return ("not", meaning(part, definitions))
        case Use(name):
            return meaning(definitions[name].when, definitions)
        case Always():
            return ("always",)
        case _:
            assert_never(condition)


def rules_meaning(ruleset: Ruleset, option: str) -> frozenset[Meaning]:
    """What decides the status of an option: its indications and exclusions."""
    return frozenset(
        (rule.effect, meaning(rule.when, ruleset.definitions))
        for rule in ruleset.rules_of(option)
        if rule.effect is not Effect.CAUTION
    )


def dictionary_meaning(dictionary: DataDictionary) -> Meaning:
    """What decides how a record is read: features, applicability, implications in their order."""
    features = {
        name: (f.kind, f.values, f.minimum, f.maximum, f.integer, f.ordered, f.only_when and meaning(f.only_when, {}))
        for name, f in dictionary.features.items()
    }
    implied = [(meaning(entry.when, {}), entry.feature.name, entry.value) for entry in dictionary.implications]
    return features, implied


def touched_options(before: Ruleset, after: Ruleset) -> Iterator[str]:
    """The options of both rulesets, in the later catalogue's order, on which the edit may bear."""
    same_reading = dictionary_meaning(before.dictionary) == dictionary_meaning(after.dictionary)
    both = {option.code for option in before.options}
    for option in after.options:
        if option.code in both and not (
            same_reading and rules_meaning(before, option.code) == rules_meaning(after, option.code)
        ):
            yield option.code


def changed_rules(one: Ruleset, other: Ruleset, options: list[str]) -> Iterator[Rule]:
    """The rules of one ruleset, of these options, that the other has not in the same meaning."""
    for option in options:
        known = rules_meaning(other, option)
        for rule in one.rules_of(option):
            if rule.effect is not Effect.CAUTION and (rule.effect, meaning(rule.when, one.definitions)) not in known:
                yield rule


def features_read(ruleset: Ruleset, condition: Condition) -> set[str]:
    """The features that a condition reads, those of its definitions included."""
    match condition:
        case Use(name):
            return features_read(ruleset, ruleset.definitions[name].when)
        case All(parts) | Any(parts):
            return set().union(*(features_read(ruleset, part) for part in parts))
        case Not(part):
            return features_read(ruleset, part)
        case _:
            return {comparison.feature.name for comparison in comparisons_in(condition)}
