"""The possible patients, and what the rules read of them, as formulas.

What it is: for every feature one fact per cell (`Patients`); what follows from a record by the dictionary's
implications and applicability, in their order (`Reading`); for every condition a formula that says it is TRUE and one
that says it is FALSE, UNKNOWN being neither; and the status of every option (`Encoding`).
A possible patient has each feature absent or with one exact value; a history set may also be known in part, with at
least one member. Numbers known only as a range are not among them (docs/adr/proofs-over-every-patient.md).
What it refuses to do: ask anything; `asking` does. Who calls it: the proofs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any as Anything
from typing import assert_never

from pathways.engine.comparing import test_for
from pathways.engine.conditions import All, Always, Any, Comparison, Condition, Not, Use
from pathways.engine.dictionary import DataDictionary
from pathways.engine.features import Feature
from pathways.engine.logic import Truth
from pathways.engine.ruleset import Effect, Rule, Ruleset
from pathways.engine.statuses import Status
from pathways.engine.values import PartialSet, Value
from pathways.engine.verification.domains import Domain
from pathways.engine.verification.formulas import Formula, Formulas


@dataclass(frozen=True, slots=True)
class Both:
    """The two formulas of a condition. UNKNOWN is neither."""

    true: Formula
    false: Formula


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one feature: a formula per value (of a set: per member), whether it is known whole, and whether
    anything at all is known."""

    values: Mapping[Anything, Formula]
    whole: Formula
    present: Formula


class Patients:
    """Every possible patient: what may be recorded of each feature, over the cells of several rulesets."""

    def __init__(self, formulas: Formulas, domains: Mapping[str, Domain]) -> None:
        self.formulas = formulas
        self.domains = domains
        self.constraints: list[Formula] = []
        self._meaning: dict[str, tuple[str, Anything]] = {}
        self.recorded = {name: self._recorded(name, domain) for name, domain in domains.items()}
        partial = (known for name, known in self.recorded.items() if domains[name].partial)
        self.nothing_partial = formulas.all(
            formulas.any((formulas.no(known.present), known.whole)) for known in partial
        )

    def _variable(self, name: str, value: Anything) -> Formula:
        label = f"{name}:{value}"
        self._meaning[label] = (name, value)
        return self.formulas.variable(label)

    def _recorded(self, name: str, domain: Domain) -> Known:
        f = self.formulas
        values = {value: self._variable(name, value) for value in domain.values}
        if not domain.is_set:
            self.constraints.append(f.at_most(values.values(), 1))
            known = f.any(values.values())
            return Known(values, known, known)
        whole = self._variable(name, "whole")
        part = self._variable(name, "in part") if domain.partial else False
        present = f.any((whole, part))
        members = f.any(values.values())
        self.constraints.append(f.any((present, f.no(members))))
        self.constraints.append(f.no(f.all((whole, part))))
        self.constraints.append(f.any((f.no(part), members)))
        return Known(values, whole, present)

    def features_of(self, model: Anything) -> dict[str, Value]:
        """The recorded features of the patient that z3 found, in the form `assess` takes."""
        found: dict[str, list[Anything]] = {}
        for declared in model:
            meaning = self._meaning.get(declared.name())
            if meaning and self.formulas.z3.is_true(model[declared]):
                found.setdefault(meaning[0], []).append(meaning[1])
        return {name: self._value(domain, found[name]) for name, domain in self.domains.items() if name in found}

    @staticmethod
    def _value(domain: Domain, found: list[Anything]) -> Value:
        if not domain.is_set:
            value: Value = found[0]
            return value
        members = tuple(code for code in domain.values if code in found)
        return members if "whole" in found else PartialSet(members)  # type: ignore[arg-type,return-value]


@dataclass
class Reading:
    """A record as one dictionary's rules read it: recorded, implied, inapplicable; and whether it contradicts itself."""

    patients: Patients
    dictionary: DataDictionary
    _applies: dict[str, Callable[[], Both]] = field(default_factory=dict)
    _cache: dict[Anything, Both] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.formulas = self.patients.formulas
        # What this dictionary cannot hold is not recorded here, or the record is not possible at all (`allowed`).
        self.recorded = {name: self._own(feature) for name, feature in self.dictionary.features.items()}
        self.state = dict(self.recorded)
        self._differs: list[Formula] = []
        for entry in self.dictionary.implications:
            self._imply(entry.feature, entry.value, self.condition(entry.when).true)
            self._cache.clear()
        self.consistent = self.formulas.no(self._contradicted())

    @property
    def allowed(self) -> Formula:
        """True for records without a value that this dictionary refuses."""
        return self.formulas.all(self._allowed(feature) for feature in self.dictionary.features.values())

    def _allowed(self, feature: Feature) -> Formula:
        domain, recorded = self.patients.domains[feature.name], self.patients.recorded[feature.name]
        if domain.feature.kind != feature.kind:
            return self.formulas.no(recorded.present)
        if domain.is_set:
            return True
        refused = (formula for value, formula in recorded.values.items() if not _accepts(feature, value))
        return self.formulas.no(self.formulas.any(refused))

    def _own(self, feature: Feature) -> Known:
        """What is recorded of a feature, without members that this dictionary does not know."""
        known, kind = self.patients.recorded[feature.name], self.patients.domains[feature.name].feature.kind
        if kind != feature.kind:
            return Known({}, False, False)
        values = {value: formula for value, formula in known.values.items() if _accepts(feature, value)}
        return Known(values, known.whole, known.present)

    def _imply(self, feature: Feature, value: Anything, when: Formula) -> None:
        f, now = self.formulas, self.state[feature.name]
        fires = f.all((when, f.no(now.present), f.no(self.inapplicable(feature.name))))
        holds = set(value) if feature.kind == "set" else {value}
        values = {one: f.any((formula, fires)) if one in holds else formula for one, formula in now.values.items()}
        self.state[feature.name] = Known(values, f.any((now.whole, fires)), f.any((now.present, fires)))

    def inapplicable(self, name: str) -> Formula:
        """True where a feature does not apply and nothing is recorded for it, by what is known so far."""
        feature = self.dictionary.features[name]
        if feature.only_when is None:
            return False
        f = self.formulas
        return f.all((f.no(self.recorded[name].present), self.condition(feature.only_when).false))

    def settled(self, name: str) -> Formula:
        """True where a feature is known whole or does not apply."""
        return self.formulas.any((self.state[name].whole, self.inapplicable(name)))

    def condition(self, condition: Condition, definitions: Mapping[str, Condition] | None = None) -> Both:
        """The two formulas of a condition, by what is known so far."""
        f = self.formulas
        match condition:
            case Comparison():
                return self._comparison(condition)
            case All(parts):
                both = [self.condition(part, definitions) for part in parts]
                return Both(f.all(one.true for one in both), f.any(one.false for one in both))
            case Any(parts):
                both = [self.condition(part, definitions) for part in parts]
                return Both(f.any(one.true for one in both), f.all(one.false for one in both))
            case Not(part):
                inner = self.condition(part, definitions)
                return Both(inner.false, inner.true)
            case Use(name):
                assert definitions is not None
                key = ("definition", name)
                if key not in self._cache:
                    self._cache[key] = self.condition(definitions[name], definitions)
                return self._cache[key]
            case Always():
                return Both(True, False)
            case _:
                assert_never(condition)

    def answer(self, comparison: Comparison, true: bool) -> None:
        """Takes a comparison for answered from here on."""
        self._cache[comparison.feature.name, comparison.operator, comparison.value] = Both(true, not true)

    def _comparison(self, comparison: Comparison) -> Both:
        key = (comparison.feature.name, comparison.operator, comparison.value)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._compared(comparison)
        return found

    def _compared(self, comparison: Comparison) -> Both:
        f, name = self.formulas, comparison.feature.name
        known, settled = self.state[name], self.inapplicable(name)
        if comparison.operator == "is_known":
            true = f.any((settled, known.whole))
            return Both(true, f.no(true))
        if comparison.feature.kind == "set":
            wanted = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
            members = f.any(formula for member, formula in known.values.items() if member in wanted)
            return Both(f.all((f.no(settled), members)), f.any((settled, f.all((known.whole, f.no(members))))))
        test = test_for(comparison)
        true = f.any(formula for value, formula in known.values.items() if test(value) is Truth.TRUE)
        false = f.any(formula for value, formula in known.values.items() if test(value) is Truth.FALSE)
        return Both(f.all((f.no(settled), true)), f.any((settled, false)))

    def _contradicted(self) -> Formula:
        f, dictionary = self.formulas, self.dictionary
        found = [self.condition(entry.when).true for entry in dictionary.contradictions]
        for entry in dictionary.implications:
            if entry.code not in dictionary.covered:
                recorded = self.recorded[entry.feature.name]
                differs = f.all((recorded.present, f.no(self._equals(entry.feature, recorded, entry.value))))
                found.append(f.all((differs, self.condition(entry.when).true)))
        for feature in dictionary.features.values():
            if feature.only_when is not None:
                applies = self.condition(feature.only_when)
                found.append(f.all((self.recorded[feature.name].present, applies.false)))
        return f.any(found)

    def _equals(self, feature: Feature, recorded: Known, value: Anything) -> Formula:
        f = self.formulas
        if feature.kind != "set":
            return recorded.values[value]
        members = (formula if one in value else f.no(formula) for one, formula in recorded.values.items())
        return f.all((recorded.whole, *members))


def _accepts(feature: Feature, value: Anything) -> bool:
    """Whether a cell's value (of a set: a member) may be recorded for the feature."""
    if feature.kind in ("enum", "set"):
        return value in feature.values
    if feature.kind == "bool":
        return isinstance(value, bool)
    return bool(feature.low <= value <= feature.high) and not (feature.integer and value != value.to_integral_value())


class Encoding:
    """The rules of one ruleset over the possible patients: each rule's two formulas, each option's statuses."""

    def __init__(self, ruleset: Ruleset, patients: Patients, reading: Reading | None = None) -> None:
        self.ruleset = ruleset
        self.formulas = patients.formulas
        self.patients = patients
        self.reading = reading or Reading(patients, ruleset.dictionary)
        self._definitions = {code: definition.when for code, definition in ruleset.definitions.items()}
        if reading is not None:  # another ruleset's definitions may have the same names
            self.reading = _sharing(reading)
        self._rules: dict[str, Both] = {}

    def condition(self, condition: Condition) -> Both:
        """The two formulas of a condition of the ruleset."""
        return self.reading.condition(condition, self._definitions)

    def assuming(self, answers: Mapping[Comparison, bool]) -> Encoding:
        """The same with some comparisons answered, whatever is known of a patient."""
        if not answers:
            return self
        other = Encoding(self.ruleset, self.patients, self.reading)
        for comparison, answer in answers.items():
            other.reading.answer(comparison, answer)
        return other

    def rule(self, rule: Rule) -> Both:
        """The two formulas of a rule."""
        if rule.code not in self._rules:
            self._rules[rule.code] = self.condition(rule.when)
        return self._rules[rule.code]

    def any_of(self, rules: Iterable[Rule]) -> Both:
        """Any of some rules."""
        both = [self.rule(rule) for rule in rules]
        return Both(self.formulas.any(one.true for one in both), self.formulas.all(one.false for one in both))

    def effect(self, option: str, effect: Effect, *, without: str = "") -> Both:
        """Any rule of an option with one effect, perhaps leaving one out."""
        rules = self.ruleset.rules_of(option)
        return self.any_of(rule for rule in rules if rule.effect is effect and rule.code != without)

    def status(self, option: str, status: Status, *, without: str = "") -> Formula:
        """True where an option has a status (the table of `statuses`), perhaps with one rule left out."""
        f = self.formulas
        indicated = self.effect(option, Effect.INDICATION, without=without)
        excluded = self.effect(option, Effect.EXCLUSION, without=without)
        unknown = f.all((f.no(indicated.true), f.no(indicated.false)))
        match status:
            case Status.CANDIDATE:
                return f.all((indicated.true, excluded.false))
            case Status.CONDITIONAL:
                return f.all((indicated.true, f.no(excluded.true), f.no(excluded.false)))
            case Status.POSSIBLE:
                return f.all((unknown, f.no(excluded.true)))
            case Status.EXCLUDED:
                return f.all((f.no(indicated.false), excluded.true))
            case Status.NOT_INDICATED:
                return indicated.false
            case _:
                return False

    def one_of(self, option: str, statuses: Collection[Status], *, without: str = "") -> Formula:
        """True where an option has one of several statuses. Always in the same order, so that proofs repeat exactly."""
        asked = (status for status in Status if status in statuses)
        return self.formulas.any(self.status(option, status, without=without) for status in asked)


def _sharing(reading: Reading) -> Reading:
    """The same reading of the same records, with definitions of its own."""
    copy = object.__new__(Reading)
    copy.__dict__.update(reading.__dict__)
    copy._cache = {key: both for key, both in reading._cache.items() if key[0] != "definition"}
    return copy
