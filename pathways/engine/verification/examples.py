"""Smallest patients: from the one z3 found to one with as little recorded as possible, each shown by the real engine.

What it is: `Engine`, which answers every question about one patient without z3, and `Smallest`, which takes away from
a patient whatever is not needed and asks z3 for one with fewer features still.
What it refuses to do: return a patient of whom the engine does not say what the proof says; that is a `ProofFault`.
Who calls it: the proofs, for every finding that has an example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn

from pathways.engine.assessment import statuses
from pathways.engine.conditions import Comparison, Condition
from pathways.engine.logic import Truth
from pathways.engine.network import Network, Values
from pathways.engine.problems import ValueRefused
from pathways.engine.record import Record, reader_for
from pathways.engine.ruleset import Ruleset
from pathways.engine.statuses import Status
from pathways.engine.values import PartialSet, Value
from pathways.engine.verification.asking import Asker
from pathways.engine.verification.findings import ProofFault
from pathways.engine.verification.formulas import Formula

Features = dict[str, Value]


class Patient:
    """One record as the engine reads it under one ruleset: no z3 anywhere."""

    def __init__(self, engine: Engine, features: Features) -> None:
        self._engine = engine
        self.features = features
        self.record: Record = engine.reader.read(features)
        self._values: Values = engine.network.evaluate(self.record)

    def truth(self, condition: Condition, answers: Mapping[Comparison, bool] | None = None) -> Truth:
        """The value of a condition of the ruleset, perhaps with some comparisons answered whatever the record says."""
        network = self._engine.network
        values = network.evaluate_as_if(self._values, self.record, answers) if answers else self._values
        return Truth(values[network.node(condition)])

    def status(self, option: str) -> Status:
        """The status of an option."""
        return self._engine.network.status(self._values, option)

    @property
    def consistent(self) -> bool:
        """Whether the record does not contradict itself."""
        return not self._engine.reader.contradictions(self.record)


class Engine:
    """The real engine for one ruleset, with a network of its own that also has the invariants' conditions in it."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.reader = reader_for(ruleset.dictionary)
        self.network = Network(ruleset)
        for invariant in ruleset.invariants:
            for condition in invariant.conditions or (invariant.when,):
                self.network.node(condition)

    def patient(self, features: Features) -> Patient:
        """The patient with these features."""
        return Patient(self, features)

    def must_agree(self, features: Features) -> None:
        """Compares the network of the proof with `statuses`, as the rest of netcare asks it."""
        patient, found = self.patient(features), statuses(self.ruleset, features)
        for option, status in found.items():
            if patient.status(option) is not status:
                raise ProofFault(f"{option} is {status} for {features}, the proof says {patient.status(option)}.")


Shows = Callable[[Features], bool]


class Smallest:
    """Finds small patients for questions that z3 answered with yes."""

    def __init__(self, asker: Asker, engines: tuple[Engine, ...], preferences: tuple[Formula, ...]) -> None:
        self.asker = asker
        self.engines = engines
        self.preferences = preferences

    def patient(self, formulas: tuple[Formula, ...], shows: Shows) -> Features:
        """The smallest patient found that makes the formulas true, right after z3 said that there is one.

        Raises ProofFault where the engine does not see in it what the formulas say.
        """
        formulas, found = self._preferred(formulas)
        if not shows(found):
            self.refuse(found)
        shows = self._as_good(found, shows)
        found = self.reduced(found, shows)
        while found and self.asker.ask(*formulas, self.asker.at_most(len(found) - 1)):
            smaller = self.asker.patient()
            if not shows(smaller):
                self.refuse(smaller)
            found = self.reduced(smaller, shows)
        found = self.plainest(found, shows)
        for engine in self.engines:
            engine.must_agree(restricted(engine.ruleset, found))
        return found

    def _as_good(self, found: Features, shows: Shows) -> Shows:
        """The same, and no contradiction where the first patient has none."""
        engine = self.engines[-1]

        def consistent(features: Features) -> bool:
            return engine.patient(restricted(engine.ruleset, features)).consistent

        return (lambda features: shows(features) and consistent(features)) if consistent(found) else shows

    def plainest(self, features: Features, shows: Shows) -> Features:
        """The same features, each with the first value of the dictionary with which the engine still agrees."""
        found = dict(features)
        domains = self.asker.patients.domains
        for name, value in features.items():
            if isinstance(value, PartialSet):
                continue
            choices: tuple[Value, ...] = domains[name].values
            if isinstance(value, tuple):
                choices = (
                    tuple((code,) for code in domains[name].values if isinstance(code, str)) if len(value) == 1 else ()
                )
            for choice in choices:
                if choice == value:
                    break
                candidate = {**found, name: choice}
                if self.allowed(name, choice) and shows(candidate):
                    found = candidate
                    break
        return found

    def allowed(self, name: str, value: Value) -> bool:
        """Whether every dictionary that has the feature accepts the value."""
        try:
            for engine in self.engines:
                if name in engine.ruleset.dictionary.features:
                    engine.ruleset.dictionary.check(name, value)
        except ValueRefused:
            return False
        return True

    @staticmethod
    def refuse(features: Features) -> NoReturn:
        """Says that engine and proof disagree about a patient."""
        raise ProofFault(f"The proof found {features}, but the engine does not see in it what was looked for.")

    def _preferred(self, formulas: tuple[Formula, ...]) -> tuple[tuple[Formula, ...], Features]:
        """A first patient: one without a contradiction and with nothing known in part, where there is one."""
        first = self.asker.patient()
        for preferred in (self.preferences, *((one,) for one in self.preferences)):
            if preferred and self.asker.ask(*formulas, *preferred):
                return (*formulas, *preferred), self.asker.patient()
        return formulas, first

    @staticmethod
    def reduced(features: Features, shows: Shows) -> Features:
        """The patient without any feature or member of a set that is not needed."""
        found = dict(features)
        for name in reversed(features):
            fewer = {other: value for other, value in found.items() if other != name}
            if shows(fewer):
                found = fewer
                continue
            for simpler in _simpler(found[name]):
                candidate = {**found, name: simpler}
                if shows(candidate):
                    found = candidate
        return found


def _simpler(value: Value) -> Iterator[Value]:
    """Values with less in them, each built from the last; a set known in part is tried as a whole one first."""
    if isinstance(value, PartialSet):
        yield value.members
        for member in value.members:
            yield PartialSet((member,))
    elif isinstance(value, tuple):
        if value:
            yield ()
        if len(value) > 1:
            yield from ((member,) for member in value)


def restricted(ruleset: Ruleset, features: Features) -> Features:
    """The features of a patient that a ruleset's dictionary knows, sets without members that it does not."""
    found: Features = {}
    for name, value in features.items():
        feature = ruleset.dictionary.features.get(name)
        if feature is None:
            continue
        if isinstance(value, PartialSet):
            members = tuple(code for code in feature.values if code in value.members)
            if members:
                found[name] = PartialSet(members)
        elif isinstance(value, tuple):
            found[name] = tuple(code for code in feature.values if code in value)
        else:
            found[name] = value
    return found


def as_words(features: Features, ruleset: Ruleset) -> str:
    """A patient in words: 'Grade G3; Ki-67 60 %', or 'nothing recorded'."""
    shown = [
        f"{ruleset.dictionary.features[name].title} {ruleset.dictionary.features[name].show(value)}"
        for name, value in features.items()
        if name in ruleset.dictionary.features
    ]
    return "; ".join(shown) or "nothing recorded"


__all__ = ["Engine", "Features", "Patient", "Shows", "Smallest", "as_words", "restricted"]
