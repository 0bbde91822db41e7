"""`assess`: one ruleset, one record, and for every option its status with every reason.

What it is: a pure function from a ruleset and recorded features to a frozen assessment.
What it refuses to do: rank, recommend, hide an option, know the clock or the database, or let a fault in one rule
look like a complete list. Who calls it: the patient page, the machine doors, jobs (through `statuses`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any as Anything

from pathways.engine.assumptions import assumptions
from pathways.engine.logic import Truth
from pathways.engine.missing import MissingFeature, Trial, changed_features, missing_for, new_statuses, settles, trials
from pathways.engine.network import FAULT, Values, network_of
from pathways.engine.overlay import Overlay, Stop, effective
from pathways.engine.record import Contradiction, Implied, Record, reader_for
from pathways.engine.ruleset import Citation, Effect, Rule, Ruleset
from pathways.engine.statuses import OPEN, Status
from pathways.engine.trace import TraceNode, Tracer, distance
from pathways.engine.values import Value

# The number of this engine's semantics. It changes when the same ruleset and features would give other bytes.
ENGINE = 1


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule's value for this record, with its trace."""

    rule: Rule
    value: Truth
    trace: TraceNode

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    @property
    def effect(self) -> Effect:
        """Indication, exclusion or caution."""
        return self.rule.effect

    @property
    def rationale(self) -> str:
        """Why the rule holds."""
        return self.rule.rationale

    @property
    def sources(self) -> tuple[Citation, ...]:
        """What the rule rests on."""
        return self.rule.sources

    @property
    def distance(self) -> int:
        """How many comparisons would have to change for the rule to be TRUE."""
        return distance(self.trace)


@dataclass(frozen=True, slots=True)
class OptionAssessment:
    """What the assessment says of one option. `rules` are those the contract names; `explain` gives all of them.

    `stop`: the emergency stop under which it is suspended. `without_stop` is then what the rules alone come to; it is for
    pages that explain the stop, and no door lists by it.
    """

    code: str
    status: Status
    rules: tuple[RuleResult, ...] = ()
    cautions: tuple[str, ...] = ()
    cautions_unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    error: str = ""
    stop: Stop | None = None
    without_stop: Status | None = None


class Assessment:
    """One ruleset version × one record. Immutable; equal input gives equal bytes."""

    def __init__(
        self, ruleset: Ruleset, record: Record, values: Values | None, fault: str = "", overlay: Overlay | None = None
    ) -> None:
        self.ruleset = ruleset
        self.record = record
        self.overlay = effective(overlay)
        self._network = network_of(ruleset)
        self._values = values
        self._trials: dict[str, tuple[Trial, ...]] = {}
        self._tracer = Tracer(self._network, values, record) if values is not None else None
        if self._tracer:
            found = tuple(self._option(option.code) for option in ruleset.options)
        else:
            found = tuple(OptionAssessment(o.code, Status.NOT_ASSESSED, error=fault) for o in ruleset.options)
        self.options = tuple(self._stopped(option) for option in found)
        self.by_code = {option.code: option for option in self.options}
        self.complete = all(option.status is not Status.NOT_ASSESSED for option in self.options)

    # Per option

    def _option(self, code: str) -> OptionAssessment:
        try:
            return self._assessed(code)
        except Exception as error:
            return OptionAssessment(code, Status.NOT_ASSESSED, error=_fault_sentence(str(error)))

    def _stopped(self, option: OptionAssessment) -> OptionAssessment:
        """The option as it is, or suspended: its rules stay to be seen, nothing is missing for it."""
        stop = self.overlay.by_option.get(option.code) if self.overlay else None
        if stop is None:
            return option
        return replace(option, status=Status.SUSPENDED, missing=(), stop=stop, without_stop=option.status)

    def _assessed(self, code: str) -> OptionAssessment:
        rules = self.ruleset.rules_of(code)
        broken = [rule.code for rule in rules if self._value(rule) == FAULT]
        if broken:
            raise RuntimeError(f"rule {', '.join(broken)} could not be evaluated")
        status = self._network.status(self._values_or_fail(), code)
        named = [rule for rule in rules if self._is_named(rule, status)]
        cautions = [rule for rule in rules if rule.effect is Effect.CAUTION]
        return OptionAssessment(
            code=code,
            status=status,
            rules=tuple(self._result(rule) for rule in named),
            cautions=tuple(rule.code for rule in cautions if self._value(rule) == Truth.TRUE),
            cautions_unknown=tuple(rule.code for rule in cautions if self._value(rule) == Truth.UNKNOWN),
            missing=missing_for(self._network, self._values_or_fail(), self.record, code) if status in OPEN else (),
        )

    def _is_named(self, rule: Rule, status: Status) -> bool:
        if status is Status.NOT_INDICATED and rule.effect is Effect.INDICATION:
            return True
        return self._value(rule) != Truth.FALSE

    def _value(self, rule: Rule) -> int:
        return self._values_or_fail()[self._network.roots[rule.code]]

    def _values_or_fail(self) -> Values:
        if self._values is None:
            raise RuntimeError("nothing was evaluated")
        return self._values

    def _result(self, rule: Rule) -> RuleResult:
        assert self._tracer
        return RuleResult(rule, Truth(self._value(rule)), self._tracer.trace(rule.when))

    def option(self, code: str) -> OptionAssessment:
        """What is said of one option. Raises KeyError for an unknown code."""
        return self.by_code[code]

    def explain(self, code: str) -> tuple[RuleResult, ...]:
        """Every rule of an option with its trace, those that are FALSE as well; () for what was not assessed."""
        option = self.by_code[code]
        if Status.NOT_ASSESSED in (option.status, option.without_stop):
            return ()
        return tuple(self._result(rule) for rule in self.ruleset.rules_of(code))

    def nearest(self, code: str) -> tuple[RuleResult, ...]:
        """The indications that are not TRUE, those with the fewest comparisons to change first."""
        results = [r for r in self.explain(code) if r.effect is Effect.INDICATION and r.value is not Truth.TRUE]
        return tuple(sorted(results, key=lambda result: result.distance))

    # For the patient

    @cached_property
    def missing(self) -> tuple[MissingFeature, ...]:
        """The missing features of all options, those that settle most first."""
        names = {name for option in self.options for name in option.missing}
        in_order = self.ruleset.dictionary.in_order(names)
        return settles(self._statuses, {name: self.trials(name) for name in in_order})

    def trials(self, feature: str) -> tuple[Trial, ...]:
        """What each value of one feature, recorded alone, would change; tried once and kept."""
        if feature not in self._trials and self._values is not None:
            found = trials(self._network, self._values, self.record, feature, self._statuses)
            self._trials[feature] = tuple(found)
        return self._trials.get(feature, ())

    def trials_of(self, feature: str, values: Iterable[Value]) -> tuple[Trial, ...]:
        """What each of these values, in place of what is on record, would change."""
        if self._values is None:
            return ()
        return tuple(trials(self._network, self._values, self.record, feature, self._statuses, values))

    def status_with(self, option: str, added: Mapping[str, Value]) -> tuple[Status, tuple[int, ...]]:
        """The status of one option with some features recorded on top of the record, and its rules' values."""
        after = reader_for(self.ruleset.dictionary).read({**self.record.recorded, **added})
        changed = changed_features(self.record, after)
        values = self._network.evaluate_again(self._values_or_fail(), after, changed)
        roots = (self._network.roots[rule.code] for rule in self.ruleset.rules_of(option))
        stopped = self._statuses[option] is Status.SUSPENDED
        status = Status.SUSPENDED if stopped else self._network.status(values, option)
        return status, tuple(values[root] for root in roots)

    def changes_with(self, added: Mapping[str, Value]) -> bool:
        """Whether some features, recorded on top of the record, change the status of any option."""
        after = reader_for(self.ruleset.dictionary).read({**self.record.recorded, **added})
        changed = changed_features(self.record, after)
        values = self._network.evaluate_again(self._values_or_fail(), after, changed)
        options = set().union(*(self._network.options_reading.get(name, frozenset()) for name in changed))
        return any(new_statuses(self._network, values, options, self._statuses))

    @cached_property
    def _statuses(self) -> Mapping[str, Status]:
        return {option.code: option.status for option in self.options}

    @property
    def implied(self) -> tuple[Implied, ...]:
        """What follows from the record, in the order in which it was implied."""
        return self.record.implied

    @cached_property
    def inapplicable(self) -> tuple[str, ...]:
        """Features that do not apply, in dictionary order."""
        return tuple(self.ruleset.dictionary.in_order(self.record.inapplicable))

    @cached_property
    def assumed(self) -> tuple[str, ...]:
        """What a missing fact was read as, by `is_known`, a sentence each."""
        return assumptions(self._network, self._values, self.record) if self._values is not None else ()

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """What in the record does not go together."""
        return reader_for(self.ruleset.dictionary).contradictions(self.record)

    def counts(self) -> Mapping[Status, int]:
        """How many options have each status; the counts add up to the catalogue."""
        return {status: sum(option.status is status for option in self.options) for status in Status}

    def features_unknown(self) -> Iterator[str]:
        """Features that are neither recorded, implied nor inapplicable, in dictionary order."""
        for name in self.ruleset.dictionary.features:
            if name not in self.record.known and name not in self.record.inapplicable:
                yield name


def read_features(ruleset: Ruleset, features: Mapping[str, Anything]) -> dict[str, Value]:
    """The features in canonical form and dictionary order. Raises ValueRefused for what is not allowed."""
    dictionary = ruleset.dictionary
    checked = {name: dictionary.check(name, value) for name, value in features.items()}
    return {name: checked[name] for name in dictionary.in_order(checked)}


def assess(ruleset: Ruleset, features: Mapping[str, Anything], *, overlay: Overlay | None = None) -> Assessment:
    """The assessment of a record: for every option of the catalogue its status and its reasons.

    `overlay`: the emergency stops in force; what they stop is `suspended`, all else is as without.

    Raises ValueRefused for a feature or value that the dictionary does not allow. A fault while the rules are
    evaluated is not raised: what depends on it is `not_assessed`, and the assessment is not complete.
    """
    recorded = read_features(ruleset, features)
    try:
        record = reader_for(ruleset.dictionary).read(recorded)
    except Exception as error:
        nothing = Record(recorded, recorded, (), frozenset())
        return Assessment(ruleset, nothing, None, _fault_sentence(str(error)), overlay)
    return Assessment(ruleset, record, network_of(ruleset).evaluate(record), overlay=overlay)


def statuses(
    ruleset: Ruleset, features: Mapping[str, Anything], *, overlay: Overlay | None = None
) -> dict[str, Status]:
    """Only the status of every option, in catalogue order: what lists and batch jobs need. Raises ValueRefused."""
    network = network_of(ruleset)
    record = reader_for(ruleset.dictionary).read(read_features(ruleset, features))
    values = network.evaluate(record)
    stopped: Collection[str] = overlay.by_option if overlay else ()
    return {
        option.code: Status.SUSPENDED if option.code in stopped else network.status(values, option.code)
        for option in ruleset.options
    }


def _fault_sentence(reason: str) -> str:
    return f"Not assessed because of a fault in the program ({reason or 'no reason given'}); tell those who run it."
