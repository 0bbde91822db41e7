"""Whether a ruleset meets what experts expect of it, and how much of it those expectations touch.

What it is: `check_cases`, which compares every rule's cases and every test patient with what the engine says, and
`coverage`, which names the rules and the parts of rules that no such patient makes true, false or unknown.
What it refuses to do: prove anything; `pathways.engine.verification` does, over all patients.
Who calls it: the pages of a draft, submitting and publishing, exports, tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pathways.engine.conditions import All, Always, Any, Comparison, Condition, Not, Use
from pathways.engine.logic import Truth
from pathways.engine.network import FAULT, Network, Values, network_of
from pathways.engine.record import reader_for
from pathways.engine.ruleset import Ruleset
from pathways.engine.sentences import sentence
from pathways.engine.values import Value

ALL_VALUES = (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """One expectation that is not met: of a rule (its value) or of an option (its status), by code."""

    code: str
    wanted: str
    got: str

    @property
    def sentence(self) -> str:
        """Such as 'PRRT-E4: true is expected, it is unknown.'"""
        return f"{self.code}: {self.wanted.replace('_', ' ')} is expected, it is {self.got.replace('_', ' ')}."


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case of a rule ("PRRT-E4", value "true"), or one test patient, with every expectation that is not met."""

    kind: Literal["rule case", "test patient"]
    code: str
    title: str
    features: Mapping[str, Value]
    failures: tuple[CaseFailure, ...]

    @property
    def passed(self) -> bool:
        """Whether everything expected is so."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class Uncovered:
    """One rule, or one part of a rule, with the values that no case and no test patient gives it.

    `place` is where the part stands ("all 2, not"), empty for the whole rule; `sentence` is the part in words.
    """

    rule: str
    place: str
    sentence: str
    missing: tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What no case and no test patient has made true, false or unknown: whole rules, and parts of rules."""

    rules: tuple[Uncovered, ...]
    parts: tuple[Uncovered, ...]
    patients: int


def check_cases(ruleset: Ruleset) -> tuple[CaseResult, ...]:
    """Every rule's cases in ruleset order, then every test patient, each with the expectations that are not met."""
    return (*_rule_cases(ruleset), *_test_patients(ruleset))


def _rule_cases(ruleset: Ruleset) -> Iterator[CaseResult]:
    network = network_of(ruleset)
    for rule in ruleset.rules:
        cases = ruleset.cases.get(rule.code)
        for wanted, features in cases.by_value.items() if cases else ():
            got = _values(ruleset, network, features)[network.roots[rule.code]]
            failures = () if got == wanted else (CaseFailure(rule.code, wanted.word, _word(got)),)
            yield CaseResult("rule case", rule.code, f"{rule.code} {wanted.word}", features, failures)


def _test_patients(ruleset: Ruleset) -> Iterator[CaseResult]:
    network = network_of(ruleset)
    for patient in ruleset.test_patients:
        values = _values(ruleset, network, patient.features)
        found = {option: network.status(values, option) for option in patient.expected}
        failures = tuple(
            CaseFailure(option, str(wanted), str(found[option]))
            for option, wanted in patient.expected.items()
            if found[option] is not wanted
        )
        yield CaseResult("test patient", patient.code, patient.title, patient.features, failures)


def _values(ruleset: Ruleset, network: Network, features: Mapping[str, Value]) -> Values:
    return network.evaluate(reader_for(ruleset.dictionary).read(features))


def _word(value: int) -> str:
    return "not assessed" if value == FAULT else Truth(value).word


def coverage(ruleset: Ruleset) -> Coverage:
    """Which rules, and which comparisons and groups in them, no case and no test patient makes true, false, unknown.

    A value that a part cannot take at all is named as well; only a proof knows that it cannot. Parts of a used
    definition are judged within each rule that uses it.
    """
    network = network_of(ruleset)
    places = {rule.code: tuple(_parts(rule.when, "", ruleset, set())) for rule in ruleset.rules}
    nodes = {id(part): network.node(part) for parts in places.values() for _, part in parts}
    seen: dict[int, set[int]] = {node: set() for node in nodes.values()}
    patients = [*_all_features(ruleset)]
    for features in patients:
        values = _values(ruleset, network, features)
        for node, found in seen.items():
            found.add(values[node])
    rules: list[Uncovered] = []
    parts_found: list[Uncovered] = []
    for rule in ruleset.rules:
        for place, part in places[rule.code]:
            missing = tuple(value for value in _possible(part) if value not in seen[nodes[id(part)]])
            if missing:
                words = sentence(part, ruleset.definitions)
                (parts_found if place else rules).append(Uncovered(rule.code, place, words, missing))
    return Coverage(tuple(rules), tuple(parts_found), len(patients))


def _all_features(ruleset: Ruleset) -> Iterator[Mapping[str, Value]]:
    for cases in ruleset.cases.values():
        yield from cases.by_value.values()
    for patient in ruleset.test_patients:
        yield patient.features


def _possible(part: Condition) -> tuple[Truth, ...]:
    """The values a condition can take by its form alone."""
    if isinstance(part, Always):
        return (Truth.TRUE,)
    if isinstance(part, Comparison) and part.operator == "is_known":
        return (Truth.TRUE, Truth.FALSE)
    return ALL_VALUES


def _parts(condition: Condition, place: str, ruleset: Ruleset, seen: set[str]) -> Iterator[tuple[str, Condition]]:
    """The condition and everything in it, each with its place as the parser names places; a definition once."""
    yield place, condition
    match condition:
        case All(parts) | Any(parts):
            kind = "all" if isinstance(condition, All) else "any"
            for number, part in enumerate(parts, 1):
                yield from _parts(part, _inside(place, f"{kind} {number}"), ruleset, seen)
        case Not(part):
            yield from _parts(part, _inside(place, "not"), ruleset, seen)
        case Use(name):
            if name not in seen:
                seen.add(name)
                yield from _parts(ruleset.definitions[name].when, _inside(place, f"use {name}"), ruleset, seen)
        case Comparison() | Always():
            return


def _inside(place: str, step: str) -> str:
    return f"{place}, {step}" if place else step


__all__ = ["CaseFailure", "CaseResult", "Coverage", "Uncovered", "check_cases", "coverage"]
