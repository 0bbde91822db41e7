"""One of two rulesets that are compared: its plain data in canonical order, and the words it has for things.

What it is: titles of options and features, conditions as sentences, values with labels and units. A draft that cannot
be built yet is read as far as it can be. What it refuses to do: fail over a faulty entry; it is then shown as it stands.
Pure. Called by `changes.py` and `change_words.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from pathways.engine import (
    Always,
    Condition,
    DataDictionary,
    Definition,
    Feature,
    Problem,
    RulesetError,
    ValueRefused,
    canonical_json,
    in_canonical_order,
    sentence,
)
from pathways.engine.conditions import ConditionParser

GROUPS = ("patient", "tumor", "history")
LONGEST_RAW = 300
ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "ABSENT"})()


class Side:
    """A ruleset before or after a change."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = in_canonical_order(data)

    @cached_property
    def options(self) -> dict[str, str]:
        """Code → title, in catalogue order."""
        return {str(e["code"]): str(e.get("title") or e["code"]) for e in self.entries("options") if e.get("code")}

    @cached_property
    def features(self) -> Mapping[str, Feature]:
        """The features by name; each set of options also knows `$option`, which invariants speak of."""
        try:
            found = DataDictionary.from_data(self.data.get("dictionary") or {}, self.options).features
        except RulesetError:
            return {}
        return {
            name: replace(
                feature,
                values=(*feature.values, "$option"),
                labels={**feature.labels, "$option": "the option in question"},
            )
            if feature.values
            else feature
            for name, feature in found.items()
        }

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """The definitions' titles, for sentences that name them."""
        return {
            str(e["code"]): Definition(str(e["code"]), str(e.get("title") or e["code"]), Always(), "")
            for e in self.entries("definitions")
            if e.get("code")
        }

    def entries(self, part: str) -> Iterator[Mapping[str, Any]]:
        """The sound entries of a part that is a list."""
        entries = self.data.get(part)
        yield from (e for e in entries if isinstance(e, Mapping)) if isinstance(entries, list | tuple) else ()

    def condition(self, data: Any) -> Condition | None:
        """The condition, or None where it cannot be read."""
        problems: list[Problem] = []
        return ConditionParser(self.features, frozenset(self.definitions), problems).parse(data, "")

    def condition_text(self, data: Any) -> str:
        """The condition as a sentence; one that cannot be read stands as it is written."""
        condition = self.condition(data)
        return raw(data) if condition is None else sentence(condition, self.definitions)

    def option(self, code: Any) -> str:
        """An option's title, or its code."""
        return self.options.get(code, str(code)) if isinstance(code, str) else raw(code)

    def feature(self, name: Any) -> str:
        """A feature's title, or its name."""
        return self.features[name].title if isinstance(name, str) and name in self.features else plainly(name)

    def value(self, name: str, value: Any) -> str:
        """A value of a feature in words, with its unit."""
        feature = self.features.get(name)
        try:
            return feature.show(feature.check(value)) if feature else plainly(value)
        except ValueRefused:
            return plainly(value)

    def patient(self, features: Any) -> str:
        """The values of a test patient: 'Ki-67: 8 %; Grade: G2'."""
        if not isinstance(features, Mapping):
            return plainly(features)
        said = [f"{self.feature(name)}: {self.value(name, value)}" for name, value in features.items()]
        return "; ".join(said) or "nothing recorded"


def raw(value: Any) -> str:
    """A value as it stands in the data, shortened."""
    text = canonical_json(value)
    return text if len(text) <= LONGEST_RAW else f"{text[: LONGEST_RAW - 1]}…"


def plainly(value: Any) -> str:
    """Any value in words: texts as they are, lists with commas, objects as 'key: value'."""
    if value is ABSENT:
        return ""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value or "left empty"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {plainly(part)}" for key, part in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(plainly, value)) or "none"
    return raw(value)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal in the canonical form: 2 and 2.0 are, true and 1 are not."""
    if one is ABSENT or other is ABSENT:
        return one is other
    return canonical_json(one) == canonical_json(other)
