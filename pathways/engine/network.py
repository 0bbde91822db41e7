"""All conditions of a ruleset as one network of shared nodes, evaluated without short-circuits.

What it is: equal comparisons and groups exist once; a value per node answers every rule, and after one feature
changed only the nodes that read it are evaluated again. `all` is the minimum and `any` the maximum of its parts
(false 0 < unknown 1 < true 2), which the truth tables of `logic` define and a spec test compares.
What it refuses to do: let a fault in one comparison look like an answer; it marks every rule that reads it.
Who calls it: `assess`, `statuses` and the trials of what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from pathways.engine.comparing import Test, test_for
from pathways.engine.conditions import All, Always, Any, Comparison, Condition, Not, Use, comparisons_in
from pathways.engine.logic import Truth
from pathways.engine.record import Record
from pathways.engine.ruleset import Effect, Ruleset
from pathways.engine.statuses import STATUS, Status
from pathways.engine.values import Exact

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE
COMPARISON, ALL, ANY, NOT, ALWAYS = range(5)

# The value of a node that could not be evaluated; no Truth equals it.
FAULT = -1

Values = list[int]


class Network:
    """The compiled conditions of one ruleset. Nodes are numbered so that parts come before what they are part of."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.kinds: list[int] = []
        self.parts: list[tuple[int, ...]] = []
        self.comparisons: list[Comparison | None] = []
        self.tests: list[Test | None] = []
        self._numbers: dict[object, int] = {}
        self.definitions: dict[str, int] = {}
        self.roots = {rule.code: self._number(rule.when) for rule in ruleset.rules}
        self.reading = self._readers()
        self._roots_of = {option.code: self._option_roots(option.code) for option in ruleset.options}
        self.options_reading = self._options_reading()
        self._compared_with: dict[str, tuple[Exact, ...]] = {}

    def node(self, condition: Condition) -> int:
        """The number of a condition's node; it must be part of the ruleset."""
        return self._number(condition)

    def _number(self, condition: Condition) -> int:
        match condition:
            case Comparison():
                return self._add(COMPARISON, (), condition)
            case All(parts):
                return self._add(ALL, tuple(self._number(part) for part in parts))
            case Any(parts):
                return self._add(ANY, tuple(self._number(part) for part in parts))
            case Not(part):
                return self._add(NOT, (self._number(part),))
            case Use(name):
                if name not in self.definitions:
                    self.definitions[name] = self._number(self.ruleset.definitions[name].when)
                return self.definitions[name]
            case Always():
                return self._add(ALWAYS, ())
            case _:
                assert_never(condition)

    def _add(self, kind: int, parts: tuple[int, ...], comparison: Comparison | None = None) -> int:
        key: object = (kind, parts)
        if comparison is not None:
            key = (comparison.feature.name, comparison.operator, comparison.value)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.kinds)
            self.kinds.append(kind)
            self.parts.append(parts)
            self.comparisons.append(comparison)
            self.tests.append(test_for(comparison) if comparison else None)
        return number

    def _readers(self) -> dict[str, tuple[int, ...]]:
        """For each feature the nodes whose value depends on it, in the order of evaluation."""
        reads: list[frozenset[str]] = []
        for comparison, parts in zip(self.comparisons, self.parts, strict=True):
            own = frozenset((comparison.feature.name,)) if comparison else frozenset()
            reads.append(own.union(*(reads[part] for part in parts)))
        names = {name for read in reads for name in read}
        return {name: tuple(n for n, read in enumerate(reads) if name in read) for name in names}

    def _option_roots(self, option: str) -> dict[Effect, tuple[int, ...]]:
        rules = self.ruleset.rules_of(option)
        return {effect: tuple(self.roots[r.code] for r in rules if r.effect is effect) for effect in Effect}

    def _options_reading(self) -> dict[str, frozenset[str]]:
        """For each feature the options whose rules read it."""
        by_node: dict[int, set[str]] = {}
        for rule in self.ruleset.rules:
            by_node.setdefault(self.roots[rule.code], set()).add(rule.option)
        return {
            name: frozenset(option for node in nodes for option in by_node.get(node, ()))
            for name, nodes in self.reading.items()
        }

    def compared_with(self, name: str) -> tuple[Exact, ...]:
        """What ruleset and dictionary compare a feature with, without repeats."""
        if name not in self._compared_with:
            dictionary = self.ruleset.dictionary
            conditions = [entry.when for entry in dictionary.implications]
            conditions += [entry.when for entry in dictionary.contradictions]
            conditions += [feature.only_when for feature in dictionary.features.values() if feature.only_when]
            own = [c for c in self.comparisons if c] + [c for when in conditions for c in comparisons_in(when)]
            values = (c.value for c in own if c.feature.name == name and c.value is not None)
            self._compared_with[name] = tuple(dict.fromkeys(values))
        return self._compared_with[name]

    def roots_of(self, option: str, effect: Effect) -> tuple[int, ...]:
        """The nodes of an option's rules of one effect."""
        return self._roots_of[option][effect]

    def status(self, values: Values, option: str) -> Status:
        """The status of an option; not assessed where one of its rules could not be evaluated."""
        indications, exclusions, cautions = (
            [values[root] for root in roots] for roots in self._roots_of[option].values()
        )
        if FAULT in indications or FAULT in exclusions or FAULT in cautions:
            return Status.NOT_ASSESSED
        return STATUS[max(indications, default=0), max(exclusions, default=0)]

    # Evaluation

    def evaluate(self, record: Record) -> Values:
        """The value of every node for a record; FAULT for what raised an error and whatever depends on it."""
        values: Values = [U] * len(self.kinds)
        try:
            self._run(range(len(self.kinds)), values, record.known, record.inapplicable)
        except Exception:
            self._run_one_by_one(values, record)
        return values

    def evaluate_again(self, values: Values, record: Record, changed: Iterable[str]) -> Values:
        """The values after some features changed, from the values before; only what reads them is evaluated."""
        again = list(values)
        nodes: Iterable[int] = ()
        names = [name for name in changed if name in self.reading]
        if len(names) == 1:
            nodes = self.reading[names[0]]
        elif names:
            nodes = sorted(set().union(*(self.reading[name] for name in names)))
        self._run(nodes, again, record.known, record.inapplicable)
        return again

    def evaluate_as_if(self, values: Values, record: Record, answers: Mapping[Comparison, bool]) -> Values:
        """The values if some comparisons had other answers than the record gives."""
        again = list(values)
        for comparison, answer in answers.items():
            again[self._number(comparison)] = T if answer else F
        groups = (n for n, comparison in enumerate(self.comparisons) if comparison is None)
        self._run(groups, again, record.known, record.inapplicable)
        return again

    def _run(self, nodes: Iterable[int], values: Values, known: Mapping[str, object], settled: frozenset[str]) -> None:
        kinds, parts, tests, comparisons = self.kinds, self.parts, self.tests, self.comparisons
        read = values.__getitem__
        for n in nodes:
            kind = kinds[n]
            if kind == COMPARISON:
                comparison = comparisons[n]
                value = known.get(comparison.feature.name)  # type: ignore[union-attr]  # a comparison node has one
                values[n] = _without_value(comparison, settled) if value is None else tests[n](value)  # type: ignore
            elif kind == ALL:
                values[n] = min(map(read, parts[n]))
            elif kind == ANY:
                values[n] = max(map(read, parts[n]))
            elif kind == NOT:
                values[n] = 2 - read(parts[n][0])
            else:
                values[n] = 2

    def _run_one_by_one(self, values: Values, record: Record) -> None:
        for n in range(len(self.kinds)):
            if FAULT in (values[part] for part in self.parts[n]):
                values[n] = FAULT
                continue
            try:
                self._run((n,), values, record.known, record.inapplicable)
            except Exception:
                values[n] = FAULT


def _without_value(comparison: Comparison | None, settled: frozenset[str]) -> Truth:
    """A comparison with a feature that has no value: settled where it does not apply, else unknown."""
    assert comparison is not None
    if comparison.feature.name in settled:
        return T if comparison.operator == "is_known" else F
    return F if comparison.operator == "is_known" else U


def network_of(ruleset: Ruleset) -> Network:
    """The network of a ruleset, compiled once and kept on it."""
    network: Network | None = ruleset.__dict__.get("_network")
    if network is None:
        network = Network(ruleset)
        ruleset.__dict__["_network"] = network
    return network
