"""Which options an edit can touch at all: those of which some rule, definition or reading is another.

What it is: the meaning of rules and dictionaries as plain values that can be compared, titles and reasons left out.
What it refuses to do: guess; whatever may matter counts as touched, and the proof decides.
Who calls it: `prove_change`, and whatever has to know again what a finding rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any as Anything
from typing import assert_never

from pathways.engine.conditions import (
    All,
    Always,
    Any,
    Comparison,
    Condition,
    Not,
    Use,
    comparisons_in,
    condition_data,
    definitions_used,
)
from pathways.engine.dictionary import DataDictionary
from pathways.engine.ruleset import Definition, Effect, Rule, Ruleset
from pathways.engine.values import canonical_json, sorted_keys


class Meanings:
    """Conditions as numbers that are equal for equal meaning by form, definitions written out, each once.

    Numbers rather than trees, so that definitions that use definitions stay cheap however often they are used.
    """

    def __init__(self) -> None:
        self._numbers: dict[Anything, int] = {}

    def _number(self, key: Anything) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def of(self, condition: Condition, definitions: Mapping[str, Definition], known: dict[str, int]) -> int:
        """The number of a condition; `known` keeps those of the definitions of one ruleset."""
        match condition:
            case Comparison(feature, operator, value):
                return self._number((feature.name, operator, value))
            case All(parts):
                return self._number(("all", frozenset(self.of(part, definitions, known) for part in parts)))
            case Any(parts):
                return self._number(("any", frozenset(self.of(part, definitions, known) for part in parts)))
            case Not(part):
                return self._number(("not", self.of(part, definitions, known)))
            case Use(name):
                if name not in known:
                    known[name] = self.of(definitions[name].when, definitions, known)
                return known[name]
            case Always():
                return self._number("always")
            case _:
                assert_never(condition)

    def rules(self, ruleset: Ruleset) -> dict[str, int]:
        """The number of every rule of a ruleset."""
        known: dict[str, int] = {}
        return {rule.code: self.of(rule.when, ruleset.definitions, known) for rule in ruleset.rules}


def dictionary_meaning(dictionary: DataDictionary) -> Anything:
    """What decides how a record is read: features, applicability, implications in their order."""
    features = {
        name: (
            (f.kind, f.values, f.minimum, f.maximum, f.integer, f.ordered),
            f.only_when and condition_data(f.only_when),
        )
        for name, f in dictionary.features.items()
    }
    implied = [(condition_data(entry.when), entry.feature.name, entry.value) for entry in dictionary.implications]
    return features, implied


def _deciding(ruleset: Ruleset, option: str, numbers: Mapping[str, int]) -> frozenset[tuple[Effect, int]]:
    """What decides the status of an option: its indications and exclusions."""
    rules = ruleset.rules_of(option)
    return frozenset((rule.effect, numbers[rule.code]) for rule in rules if rule.effect is not Effect.CAUTION)


def touched_options(before: Ruleset, after: Ruleset) -> Iterator[str]:
    """The options of both rulesets, in the later catalogue's order, on which the edit may bear."""
    same_reading = dictionary_meaning(before.dictionary) == dictionary_meaning(after.dictionary)
    meanings = Meanings()
    old, new = meanings.rules(before), meanings.rules(after)
    both = {option.code for option in before.options}
    for option in (option.code for option in after.options if option.code in both):
        if not same_reading or _deciding(before, option, old) != _deciding(after, option, new):
            yield option


def changed_rules(before: Ruleset, after: Ruleset, options: list[str]) -> Iterator[tuple[Ruleset, Rule]]:
    """The rules of these options that only one of two rulesets has in this meaning, each with its ruleset."""
    meanings = Meanings()
    old, new = meanings.rules(before), meanings.rules(after)
    for one, own, other, others in ((before, old, after, new), (after, new, before, old)):
        for option in options:
            known = _deciding(other, option, others)
            for rule in one.rules_of(option):
                if rule.effect is not Effect.CAUTION and (rule.effect, own[rule.code]) not in known:
                    yield one, rule


def content_digest(ruleset: Ruleset, rules: Iterable[Rule], *more: Anything) -> str:
    """Names what a finding rests on: the conditions of these rules, the definitions in them, and whatever else is given.

    Equal wordings give equal digests. Titles, reasons and sources are not in it, nor is the dictionary, which changes
    with a release of the program alone.
    """
    named = sorted(rules, key=lambda rule: rule.code)
    used = _definitions_behind(ruleset, (rule.when for rule in named))
    content = [
        [[rule.code, rule.effect.value, condition_data(rule.when)] for rule in named],
        [[name, condition_data(ruleset.definitions[name].when)] for name in sorted(used)],
        list(more),
    ]
    return sha256(canonical_json(sorted_keys(content)).encode()).hexdigest()[:16]


def deciding_rules(ruleset: Ruleset) -> Iterator[Rule]:
    """The rules on which any status rests: cautions are not among them."""
    return (rule for rule in ruleset.rules if rule.effect is not Effect.CAUTION)


def _definitions_behind(ruleset: Ruleset, conditions: Iterable[Condition]) -> set[str]:
    """The definitions that conditions use, and those that these use."""
    waiting, seen = list(conditions), set[str]()
    while waiting:
        for name in definitions_used(waiting.pop()):
            if name not in seen:
                seen.add(name)
                waiting.append(ruleset.definitions[name].when)
    return seen


def features_read(ruleset: Ruleset, conditions: Iterable[Condition]) -> set[str]:
    """The features that conditions read, those of their definitions included."""
    named = list(conditions)
    behind = (ruleset.definitions[name].when for name in _definitions_behind(ruleset, named))
    return {comparison.feature.name for one in (*named, *behind) for comparison in comparisons_in(one)}
