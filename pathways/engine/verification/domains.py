"""What a feature can be, cut into as many cells as the rules can tell apart, each with one plain value to show.

What it is: a number is compared with constants only, so every number between two neighbouring thresholds is read alike:
one of them stands for all, and a question over all numbers becomes one over finitely many cells, with nothing lost.
What it refuses to do: merge values that any comparison, implication or contradiction could tell apart.
Who calls it: the encoding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from pathways.engine.conditions import Comparison, Condition, comparisons_in
from pathways.engine.dictionary import DataDictionary, thresholds_of
from pathways.engine.features import Feature
from pathways.engine.ruleset import Ruleset
from pathways.engine.values import Exact

# Steps in which a plain number between two thresholds is looked for, the roundest first.
STEPS = tuple(Decimal(step) for step in ("10", "5", "1", "0.5", "0.1", "0.05", "0.01"))


@dataclass(frozen=True, slots=True)
class Domain:
    """The cells of one feature. `values`: one value for each cell; of a set, the members. `partial`: the set may be
    known in part."""

    feature: Feature
    values: tuple[Exact, ...]
    partial: bool = False

    @property
    def is_set(self) -> bool:
        """Whether the feature is a set."""
        return self.feature.kind == "set"


def conditions_of(ruleset: Ruleset) -> Iterator[Condition]:
    """Every condition that a proof about the ruleset reads, definitions by themselves."""
    yield from (rule.when for rule in ruleset.rules)
    yield from (definition.when for definition in ruleset.definitions.values())
    for invariant in ruleset.invariants:
        yield from invariant.conditions or (invariant.when,)
    yield from conditions_of_dictionary(ruleset.dictionary)


def conditions_of_dictionary(dictionary: DataDictionary) -> Iterator[Condition]:
    """The conditions of implications, contradictions and applicability."""
    yield from (entry.when for entry in dictionary.implications)
    yield from (entry.when for entry in dictionary.contradictions)
    yield from (feature.only_when for feature in dictionary.features.values() if feature.only_when)


def thresholds(rulesets: Iterable[Ruleset]) -> dict[str, tuple[Decimal, ...]]:
    """For each number, everything that any of the rulesets compares it with or implies for it, ascending."""
    by_feature: dict[str, list[Comparison]] = {}
    implied: dict[str, set[Decimal]] = {}
    for ruleset in rulesets:
        for condition in conditions_of(ruleset):
            for comparison in comparisons_in(condition):
                if isinstance(comparison.value, Decimal):
                    by_feature.setdefault(comparison.feature.name, []).append(comparison)
        for entry in ruleset.dictionary.implications:
            if isinstance(entry.value, Decimal):
                implied.setdefault(entry.feature.name, set()).add(entry.value)
    names = by_feature.keys() | implied.keys()
    return {name: tuple(sorted({*thresholds_of(by_feature.get(name, [])), *implied.get(name, ())})) for name in names}


def domains(rulesets: Sequence[Ruleset]) -> dict[str, Domain]:
    """The cells of every feature that any of the rulesets has, fine enough for all of them; the last one's order."""
    edges = thresholds(rulesets)
    features: dict[str, list[Feature]] = {}
    for ruleset in reversed(rulesets):
        for name, feature in ruleset.dictionary.features.items():
            features.setdefault(name, []).append(feature)
    return {name: _domain(several, edges.get(name, ())) for name, several in features.items()}


def _domain(several: Sequence[Feature], edges: Sequence[Decimal]) -> Domain:
    feature = several[0]
    match feature.kind:
        case "bool":
            return Domain(feature, (True, False))
        case "number":
            ends = [end for other in several if other.kind == "number" for end in (other.low, other.high)]
            inner = {end for end in ends if min(ends) < end < max(ends)}
            integer = all(other.integer for other in several)
            return Domain(feature, tuple(cells(min(ends), max(ends), sorted({*edges, *inner}), integer=integer)))
        case _:
            codes = dict.fromkeys(code for other in several for code in other.values)
            return Domain(feature, tuple(codes), partial=feature.kind == "set" and feature.group == "history")


def cells(low: Decimal, high: Decimal, edges: Sequence[Decimal], *, integer: bool) -> Iterator[Decimal]:
    """One number for every stretch from `low` to `high` that the thresholds tell apart, and every threshold, ascending."""
    inside = [edge for edge in edges if low <= edge <= high]
    if integer:
        inside = [edge for edge in inside if edge == edge.to_integral_value()]
    bounds = [None, *inside, None]
    for below, above in pairwise(bounds):
        between = plain_number(low if below is None else below, high if above is None else above,
                               ends=(below is None, above is None), integer=integer)  # fmt: skip
        if between is not None:
            yield between
        if above is not None:
            yield above


def plain_number(low: Decimal, high: Decimal, *, ends: tuple[bool, bool], integer: bool) -> Decimal | None:
    """A number between two others as a person would choose it, or None where there is none.

    `ends`: whether `low` and `high` are ends of what is allowed, and so may be the number itself, or thresholds.
    """
    for step in STEPS:
        if integer and step < 1:
            break
        found = _multiples(low, high, step, ends)
        if found:
            return found
    if low < high and not integer:
        return (low + high) / 2
    return next((edge for edge, allowed in ((low, ends[0]), (high, ends[1])) if allowed and low <= high and
                 (low < high or all(ends))), None)  # fmt: skip


def _multiples(low: Decimal, high: Decimal, step: Decimal, ends: tuple[bool, bool]) -> Decimal | None:
    first = (low / step).to_integral_value(ROUND_CEILING) * step
    last = (high / step).to_integral_value(ROUND_FLOOR) * step
    if first == low and (not ends[0] or first == 0):
        first += step
    if last == high and not ends[1]:
        last -= step
    if first > last:
        return None
    if ends[1] and not ends[0]:
        return first
    if ends[0] and not ends[1]:
        return last
    middle = ((low + high) / 2 / step).to_integral_value() * step
    return min(max(middle, first), last)
