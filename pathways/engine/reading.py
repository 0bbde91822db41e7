"""Which features a rule reads: named in its condition, or behind a feature that it names.

What it is: the closure over definitions, implications (what a feature may follow from) and applicability (what decides
whether it applies at all). A feature that is not in it can change nothing about the rule, whatever its value.
What it refuses to do: say that a feature matters for one patient; that is what `missing` and `changes` are for.
Who calls it: the use of data on the pathway's pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pathways.engine.conditions import Condition, comparisons_in, definitions_used
from pathways.engine.dictionary import DataDictionary
from pathways.engine.ruleset import Rule, Ruleset


@dataclass(frozen=True, slots=True)
class Reading:
    """The features of one rule: those that its condition names, and those behind them, each in dictionary order."""

    named: tuple[str, ...]
    behind: tuple[str, ...]

    @property
    def all(self) -> frozenset[str]:
        """Both together."""
        return frozenset((*self.named, *self.behind))


def features_of_rule(rule: Rule, ruleset: Ruleset) -> Reading:
    """What a rule reads."""
    named = frozenset(_features(rule.when, ruleset))
    order = ruleset.dictionary
    return Reading(tuple(order.in_order(named)), tuple(order.in_order(_behind(named, ruleset.dictionary) - named)))


def features_of_rules(ruleset: Ruleset) -> Mapping[str, Reading]:
    """What each rule of a ruleset reads, by its code, in ruleset order."""
    return {rule.code: features_of_rule(rule, ruleset) for rule in ruleset.rules}


def _features(condition: Condition, ruleset: Ruleset) -> Iterator[str]:
    seen: set[str] = set()
    waiting = [condition]
    while waiting:
        part = waiting.pop()
        yield from (comparison.feature.name for comparison in comparisons_in(part))
        fresh = [code for code in dict.fromkeys(definitions_used(part)) if code not in seen]
        seen.update(fresh)
        waiting += [ruleset.definitions[code].when for code in fresh]


def _behind(named: frozenset[str], dictionary: DataDictionary) -> frozenset[str]:
    """Everything that can reach these features, through any number of implications and applicabilities."""
    found, waiting = set(named), list(named)
    while waiting:
        name = waiting.pop()
        conditions = [entry.when for entry in dictionary.implications if entry.feature.name == name]
        only_when = dictionary.features[name].only_when
        conditions += [only_when] if only_when else []
        fresh = {comparison.feature.name for when in conditions for comparison in comparisons_in(when)} - found
        found |= fresh
        waiting += sorted(fresh)
    return frozenset(found)


__all__ = ["Reading", "features_of_rule", "features_of_rules"]
