"""What experts expect of a ruleset, kept with it: each rule's own cases, and test patients with confirmed lists.

What it is: typed `RuleCases` and `TestPatient`, built from a ruleset's plain data, every fault with its place.
What it refuses to do: keep a case that the data dictionary does not allow; it also compares nothing (`checks`).
Who calls it: rulesets while they are built; `check_cases`, pages and exports read them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any as Anything

from pathways.engine.dictionary import DataDictionary
from pathways.engine.logic import Truth
from pathways.engine.problems import Problem, ValueRefused, did_you_mean, listed
from pathways.engine.statuses import FROM_RULES, Status
from pathways.engine.values import Value

WORDS = {truth.word: truth for truth in (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN)}
NEEDED = frozenset({"code", "title", "features", "expected"})
KEYS = NEEDED | {"confirmed_by", "confirmed_on", "note"}


@dataclass(frozen=True, slots=True)
class RuleCases:
    """The cases of one rule: the features that make it TRUE, FALSE and UNKNOWN, where it can be."""

    rule: str
    by_value: Mapping[Truth, Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class TestPatient:
    """An invented patient and the statuses an expert expects; options that are not named are not judged."""

    __test__ = False  # not a class of tests, whatever its name begins with

    code: str
    title: str
    features: Mapping[str, Value]
    expected: Mapping[str, Status]
    confirmed_by: str = ""
    confirmed_on: str = ""
    note: str = ""


@dataclass
class ExpectationBuilder:
    """Builds cases and test patients from plain data; what is wrong with one is added to `problems`."""

    dictionary: DataDictionary
    options: Collection[str]
    rules: Collection[str]
    problems: list[Problem]
    cases: dict[str, RuleCases] = field(default_factory=dict)
    patients: list[TestPatient] = field(default_factory=list)

    def add_cases(self, data: Anything) -> None:
        """The part `cases`: rule code → value of the rule → features. Cases of a rule that is gone are left out."""
        if not isinstance(data, Mapping):
            return self._refuse("cases", "cases is an object of rule codes, each with true, false and unknown.")
        for code, entry in data.items():
            place = f"cases of rule {code}"
            if code not in self.rules:
                continue
            if not isinstance(entry, Mapping) or not set(entry) <= set(WORDS):
                self._refuse(place, f"The cases of a rule are {listed(WORDS, 'and')}, each with features.")
            else:
                by_value = {
                    WORDS[word]: self._features(f"{place}, {word}", features)
                    for word, features in entry.items()
                    if features is not None
                }
                self.cases[code] = RuleCases(code, by_value)
        return None

    def add_patient(self, entry: Mapping[str, Anything]) -> None:
        """One entry of the part `test_patients`."""
        code = entry.get("code")
        place = f"test patient {code}"
        if not isinstance(code, str) or not code:
            return self._refuse(place, "A test patient has a code.")
        if any(patient.code == code for patient in self.patients):
            return self._refuse(place, "The code is used twice.")
        before = len(self.problems)
        for key in sorted(set(entry) - KEYS):
            self._refuse(place, f"{key} is not a part of it.{did_you_mean(key, KEYS)}")
        for key in ("title", "confirmed_by", "confirmed_on", "note"):
            if not isinstance(entry.get(key, ""), str):
                self._refuse(place, f"{key} is text, here is {entry[key]!r}.")
        if not entry.get("title"):
            self._refuse(place, "The title is missing.")
        features = self._features(place, entry.get("features"))
        expected = self._expected(place, entry.get("expected"))
        if len(self.problems) == before:
            texts = (str(entry.get(key, "")) for key in ("confirmed_by", "confirmed_on", "note"))
            self.patients.append(TestPatient(code, str(entry["title"]), features, expected, *texts))
        return None

    def _refuse(self, place: str, sentence: str) -> None:
        self.problems.append(Problem(place, sentence))

    def _features(self, place: str, data: Anything) -> dict[str, Value]:
        if not isinstance(data, Mapping):
            self._refuse(place, "features is an object of feature names and values, {} for nothing known.")
            return {}
        found: dict[str, Value] = {}
        for name, value in data.items():
            try:
                found[name] = self.dictionary.check(name, value)
            except ValueRefused as refusal:
                self._refuse(place, str(refusal))
        return found

    def _expected(self, place: str, data: Anything) -> dict[str, Status]:
        if not isinstance(data, Mapping) or not data:
            self._refuse(place, "expected is an object of one or more option codes, each with a status.")
            return {}
        found: dict[str, Status] = {}
        for option, status in data.items():
            if option not in self.options:
                self._refuse(place, f"There is no option {option}.{did_you_mean(str(option), self.options)}")
            elif status not in list(FROM_RULES):
                hint = did_you_mean(str(status), sorted(FROM_RULES))
                self._refuse(
                    place, f"{option}: there is no status {status}; accepted is {listed(sorted(FROM_RULES))}.{hint}"
                )
            else:
                found[option] = Status(status)
        return found


__all__ = ["ExpectationBuilder", "RuleCases", "TestPatient"]
