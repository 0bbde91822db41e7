"""Invented patients around a rule: at each threshold it names, below it, above it, and without the value.

What it is: for every comparison of a rule one patient per value that tells something apart, all else as in a patient
for whom the rule holds. What it refuses to do: invent a value that the data dictionary does not allow.
Pure. Who calls it: the live panel beside a rule that is edited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pathways.engine import Comparison, Feature, Rule, Ruleset, comparisons_in, definitions_used
from pathways.engine.values import Exact, Value

# Beside a panel more rows help nobody.
MOST = 40


@dataclass(frozen=True, slots=True)
class Near:
    """One invented patient: what sets it apart ("Krenning score 1: at the threshold"), and all its features."""

    feature: str
    where: str
    features: Mapping[str, Value]


def patients_around(rule: Rule, ruleset: Ruleset, like: Mapping[str, Value]) -> tuple[Near, ...]:
    """Patients at, below and above each threshold of the rule and without the value; `like` is the rest of them."""
    found: dict[tuple[str, str], Near] = {}
    for comparison in _all_comparisons(rule, ruleset):
        name = comparison.feature.name
        for where, value in _values(comparison):
            features = {**like, name: value}
            found.setdefault((name, str(value)), Near(name, where, _ordered(features, ruleset)))
        without = {key: value for key, value in like.items() if key != name}
        found.setdefault((name, ""), Near(name, "not known", without))
    return tuple(found.values())[:MOST]


def _all_comparisons(rule: Rule, ruleset: Ruleset) -> Iterator[Comparison]:
    names, todo = set(), list(definitions_used(rule.when))
    yield from comparisons_in(rule.when)
    while todo:
        name = todo.pop(0)
        if name not in names:
            names.add(name)
            yield from comparisons_in(ruleset.definitions[name].when)
            todo += definitions_used(ruleset.definitions[name].when)


def _values(comparison: Comparison) -> Iterator[tuple[str, Value]]:
    feature, wanted = comparison.feature, comparison.value
    if isinstance(wanted, Decimal):
        step = Decimal(1) if feature.integer else Decimal("0.1")
        for where, value in (("below", wanted - step), ("at the threshold", wanted), ("above", wanted + step)):
            if _allowed(feature, value):
                yield where, value
    elif feature.kind == "bool":
        yield "yes", True
        yield "no", False
    elif feature.kind == "enum":
        named = _named(wanted)
        other = next((value for value in feature.values if value not in named), None)
        for value in named:
            yield "named by the rule", value
        if other is not None:
            yield "another value", other
    elif feature.kind == "set":
        for value in _named(wanted):
            yield "holds what the rule names", (value,)
        yield "holds nothing", ()


def _named(wanted: Exact | None) -> tuple[str, ...]:
    return wanted if isinstance(wanted, tuple) else (wanted,) if isinstance(wanted, str) else ()


def _allowed(feature: Feature, value: Decimal) -> bool:
    low, high = feature.minimum, feature.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _ordered(features: Mapping[str, Value], ruleset: Ruleset) -> dict[str, Value]:
    return {name: features[name] for name in ruleset.dictionary.in_order(features)}
